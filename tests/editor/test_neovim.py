"""Neovim, set up as docs/howto/editors.md says, without a window."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "howto" / "editors.md"
NEOVIM = os.environ.get("SCENARIO_NEOVIM") or shutil.which("nvim")
WRONG = """\
scenario: wrong
vars: {counter: 0}
primitives: {lock: Lock}
threads:
  one: {steps: [{with: lock, do: [countr += 1]}]}
"""
STUCK = """\
scenario: stuck
primitives: {a: Lock, b: Lock}
threads:
  one: {steps: [{with: a, do: [{with: b, do: [pass]}]}]}
  two: {steps: [{with: b, do: [{with: a, do: [pass]}]}]}
"""
SCRIPT = """
local function tell(what, text) io.stdout:write(what .. ': ' .. tostring(text) .. '\\n') end
local function ask(method, line, character, more)
  local params = { textDocument = vim.lsp.util.make_text_document_params(), position = { line = line, character = character } }
  local answers = vim.lsp.buf_request_sync(0, method, vim.tbl_extend('force', params, more or {}), 60000)
  for _, one in pairs(answers or {}) do return one.result end
end
local function lens() local one = vim.lsp.codelens.get(0)[1]; return one and one.command and one.command.title or '' end

vim.cmd.edit('wrong.scenario.yaml')
vim.wait(60000, function() return #vim.diagnostic.get(0) > 0 end, 50)
local wrong = vim.diagnostic.get(0)[1]
tell('diagnostic', vim.split(wrong.message, '\\n')[1])
local place = { line = wrong.lnum, character = wrong.col }
local fixes = ask('textDocument/codeAction', 0, 0, { range = { start = place, ['end'] = place }, context = { diagnostics = { wrong.user_data.lsp } } })
tell('fix', fixes[1].title)
tell('hover', ask('textDocument/hover', 4, 24).contents.value)
tell('definition', ask('textDocument/definition', 4, 24).range.start.line)
vim.cmd.edit('stuck.scenario.yaml')
vim.wait(60000, function() vim.lsp.codelens.refresh({ bufnr = 0 }); vim.wait(200); return lens() ~= '' end, 50)
vim.api.nvim_win_set_cursor(0, { 1, 0 })
vim.lsp.codelens.run()
vim.wait(60000, function() vim.lsp.codelens.refresh({ bufnr = 0 }); vim.wait(200); return lens():find('fails') end, 50)
tell('lens', lens())
vim.cmd('qa!')
"""


def is_new_enough():
    """Set-ups by `vim.lsp.config` are understood from 0.11 on."""
    if NEOVIM is None:
        return False
    said = subprocess.run([NEOVIM, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"NVIM v(\d+)\.(\d+)", said)
    return found is not None and (int(found[1]), int(found[2])) >= (0, 11)


@pytest.mark.skipif(not is_new_enough(), reason="there is no Neovim 0.11 here; SCENARIO_NEOVIM may name one")
def test_the_set_up_of_the_docs_works(tmp_path):
    written = re.search(r"in `init.lua`:\n\n((?:    .*\n|\n)+)", PAGE.read_text(encoding="utf-8"))
    (tmp_path / ".git").mkdir()
    (tmp_path / "init.lua").write_text(written[1])
    (tmp_path / "try.lua").write_text(SCRIPT)
    (tmp_path / "wrong.scenario.yaml").write_text(WRONG)
    (tmp_path / "stuck.scenario.yaml").write_text(STUCK)
    (tmp_path / "bin").mkdir()
    command = tmp_path / "bin" / "scenario"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m scenario "$@"\n')
    command.chmod(0o755)
    around = {
        **os.environ,
        "PATH": f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "XDG_STATE_HOME": str(tmp_path),
    }
    done = subprocess.run(
        [NEOVIM, "--headless", "-u", "init.lua", "-l", "try.lua"], cwd=tmp_path, env=around, capture_output=True, text=True,
        timeout=280, check=False,
    )  # fmt: skip
    assert done.stdout.splitlines() == [
        "diagnostic: nothing assigns `countr`",
        "fix: Write `counter`",
        "hover: `lock`: threading.Lock",
        "definition: 2",
        "lens: fails: deadlock (8 states)",
    ], done.stderr
