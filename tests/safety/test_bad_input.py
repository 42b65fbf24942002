"""Bad input of every kind: exit code 2, a diagnostic where the mistake is, by every command, and nothing is run."""

from __future__ import annotations

import io
import os
import sys

import pytest
from cli.files import results, scenario

PRINTS = b"scenario: x\nmain:\n  - print: it ran\n"
"""A scenario whose last step would show that something was run."""

BAD = {
    "empty": (b"", "SC004", 1, 1),
    "only a comment": (b"# nothing\n", "SC004", 1, 1),
    "not YAML": (PRINTS + b"vars: a: b\n", "SC005", 4, 8),
    "never closed": (PRINTS + b"vars: {a: [1\n", "SC005", 4, 11),
    "two documents": (PRINTS + b"---\n" + PRINTS, "SC006", 4, 1),
    "something after the end": (PRINTS + b"...\nfoo: 1\n", "SC005", 5, 1),
    "a list": (b"- print: it ran\n", "SC107", 1, 1),
    "a text": (b"it ran\n", "SC107", 1, 1),
    "a number": (b"5\n", "SC107", 1, 1),
    "a duplicate key": (PRINTS + b"main: [pass]\n", "SC007", 4, 1),
    "a duplicate key below": (PRINTS + b"vars: {a: 1, b: 2, a: 3}\n", "SC007", 4, 20),
    "an anchor": (PRINTS + b"vars: {a: &x 1}\n", "SC008", 4, 11),
    "an alias": (PRINTS + b"vars: {a: *x}\n", "SC008", 4, 11),
    "a merge key": (PRINTS + b"vars: {<<: {a: 1}}\n", "SC009", 4, 8),
    "a tag": (PRINTS + b"vars: {a: !!python/object/apply:os.system ['true']}\n", "SC010", 4, 11),
    "30,000 brackets": (PRINTS + b"vars: {a: " + b"[" * 30_000, "SC011", 4, 1009),
    "30,000 closed brackets": (PRINTS + b"vars: {a: " + b"[" * 30_000 + b"]" * 30_000 + b"}\n", "SC011", 4, 1009),
    "30,000 braces": (PRINTS + b"vars: " + b"{a: " * 30_000, "SC011", 4, 203),
    "5 MiB": (PRINTS + b"# " + b"x" * (5 << 20), "SC002", 1, 1),
    "100,000 values": (PRINTS + b"vars: {a: [" + b"1," * 100_000 + b"]}\n", "SC012", 4, 99988),
    "a bomb of aliases": (b"a: &a [x, x]\nb: &b [*a, *a]\n" + PRINTS, "SC101", 1, 1),
    "binary": (bytes(range(256)), "SC003", 3, 115),
    "an executable": (b"\x7fELF\x02\x01\x01" + bytes(40), "SC003", 1, 1),
    "a NUL": (PRINTS + b"description: a\0b\n", "SC003", 4, 15),
    "UTF-16": (PRINTS.decode().encode("utf-16"), "SC003", 1, 1),
    "UTF-16 without a mark": (PRINTS.decode().encode("utf-16-le"), "SC003", 1, 2),
    "Latin-1": (PRINTS + "description: é\n".encode("latin-1"), "SC003", 4, 14),
    "a tab": (b"scenario: x\nmain:\n\t- print: it ran\n", "SC005", 3, 1),
    "an unknown key": (PRINTS + b"treads: {}\n", "SC101", 4, 1),
    "an unknown verb": (PRINTS + b"  - pirnt: it ran\n", "SC103", 4, 5),
    "two verbs": (PRINTS + b"  - {print: it ran, sleep: 1}\n", "SC104", 4, 21),
    "a number for a step": (PRINTS + b"  - 5\n", "SC108", 4, 5),
    "a mapping for a statement": (PRINTS + b"  - x = {1: 2}\n", "SC108", 4, 5),
    "a boolean for a name": (PRINTS + b"description: true\n", "SC108", 4, 14),
    "a syntax error": (PRINTS + b"  - x = 1 +* 2\n", "SC201", 4, 12),
    "an unfinished expression": (PRINTS + b"  - {sleep: 1 +}\n", "SC201", 4, 16),
    "a lambda": (PRINTS + b"  - 'x = [lambda: 1]'\n", "SC202", 4, 11),
    "a dunder": (PRINTS + b"  - x = ().__class__\n", "SC203", 4, 9),
    "a name nobody declared": (PRINTS + b"  - x = 1 + countr\n", "SC301", 4, 13),
    "a ref nobody declared": (PRINTS + b"  - acquire: lokc\n", "SC320", 4, 14),
    "a negative count": (PRINTS + b"threads: {A: {count: -1, steps: [pass]}}\n", "SC343", 4, 22),
    "a refused argument": (PRINTS + b"primitives: {s: {Semaphore: -1}}\n", "SC344", 4, 29),
    "no workers": (PRINTS + b"primitives: {s: {ThreadPoolExecutor: 0}}\n", "SC344", 4, 38),
    "a module not allowed": (PRINTS + b"python: {f: 'antigravity:f'}\n", "SC351", 4, 13),
    "daemons only": (b"scenario: x\nthreads: {A: {daemon: true, steps: [print: it ran]}}\n", "SC347", 2, 23),
}


@pytest.mark.parametrize("command", ["validate", "run", "explore"])
@pytest.mark.parametrize(("data", "code", "line", "column"), BAD.values(), ids=BAD)
def test_a_bad_file(tmp_path, command, data, code, line, column):
    (tmp_path / "bad.yaml").write_bytes(data)
    done = scenario(command, tmp_path / "bad.yaml", "--output-format", "json")
    (result,) = results(done)
    first = result["failures"][0]
    assert (done.exit_code, result["verdict"]) == (2, "invalid")
    assert (first["kind"], first["line"], first["column"]) == (code, line, column)
    assert "output" not in result


def refused(command, *arguments):
    done = scenario(command, *arguments, "--output-format", "json")
    (result,) = results(done)
    assert (done.exit_code, result["verdict"]) == (2, "invalid")
    return result["failures"][0]["message"]


@pytest.mark.parametrize("command", ["validate", "run", "explore"])
def test_a_file_that_is_not_there(tmp_path, command):
    assert "No such file" in refused(command, tmp_path / "missing.yaml")
    (tmp_path / "dangling.yaml").symlink_to("nowhere")
    assert "No such file" in refused(command, tmp_path / "dangling.yaml")
    (tmp_path / "loop.yaml").symlink_to("loop.yaml")
    assert "can not be read" in refused(command, tmp_path / "loop.yaml")


@pytest.mark.parametrize("command", ["validate", "run", "explore"])
def test_a_file_that_may_not_be_read(tmp_path, monkeypatch, command):
    (tmp_path / "secret.yaml").write_bytes(PRINTS)
    there = os.open

    def no_permission(path, *arguments, **named):
        if os.fspath(path).endswith("secret.yaml"):
            raise PermissionError(13, "Permission denied")
        return there(path, *arguments, **named)

    monkeypatch.setattr(os, "open", no_permission)  # root may read everything
    assert "Permission denied" in refused(command, tmp_path / "secret.yaml")


@pytest.mark.parametrize("command", ["validate", "run", "explore"])
@pytest.mark.parametrize("data", [b"", b"\xff\xfe\x00", b"[", PRINTS + b"foo: 1\n"])
def test_bad_standard_input(monkeypatch, command, data):
    done = scenario(command, "-", "--output-format", "json", "--stdin-filename", "mine.yaml", input=data)
    (result,) = results(done)
    assert (done.exit_code, result["file"], result["verdict"]) == (2, "mine.yaml", "invalid")


def test_no_standard_input_at_all(monkeypatch):
    from scenario.diagnostics import InvalidScenario
    from scenario.spec.yaml.reading import receive

    class Broken(io.BytesIO):
        def read(self, *_):
            raise IsADirectoryError(21, "Is a directory")

    for stream in (None, io.TextIOWrapper(Broken())):
        with pytest.raises(InvalidScenario) as caught:
            receive("<stdin>", stream)
        assert [found.code for found in caught.value.diagnostics] == ["SC001"]
    assert sys.stdin is not None


@pytest.mark.parametrize("command", ["validate", "run", "explore"])
def test_a_folder_named_like_a_file_is_a_folder(tmp_path, command):
    (tmp_path / "folder.yaml").mkdir()
    assert scenario(command, tmp_path / "folder.yaml").exit_code == 5
    (tmp_path / "folder.yaml" / "bad.scenario.yaml").write_bytes(b"5")
    assert "found the number 5" in refused(command, tmp_path / "folder.yaml")


@pytest.mark.parametrize(
    "param",
    ["n", "=1", "n=[1", "n=*a", "n=&a 1", "n=!t 1", "m=1", "n=1\n---\n2", "n=@", "n=-1", "n=x", "n=1.5", "n=", "n={a: 1}", "n=10000000000"],
)  # fmt: skip
@pytest.mark.parametrize("command", ["validate", "run", "explore"])
def test_a_bad_param(tmp_path, command, param):
    (tmp_path / "x.yaml").write_bytes(
        b"scenario: x\nparams: {n: 1}\nthreads: {A: {count: n, steps: [print: it ran]}}\n"
    )
    done = scenario(command, tmp_path / "x.yaml", "-p", param)
    assert done.exit_code == 2
    assert "| it ran" not in done.stdout
    assert "Traceback" not in done.output


TRUE_OF_YAML_1_2 = """\
scenario: norway
vars: {a: no, b: 1:30, c: 010, d: 2024-01-02, e: 1e3, f: 0o10, g: 0x10, h: 1_000, i: yes, j: on, k: off, l: .5, m: 1.,
  n: +1, o: ~, p: Null, q: .inf, r: 0b11, s: 1__0, t: TRUE, u: y, v: '<<', w: 12:30:45, x: 1e, y: -0, z: 0.0}
main: [pass]
expect:
  - a == 'no' and i == 'yes' and j == 'on' and k == 'off' and u == 'y'
  - b == '1:30' and w == '12:30:45' and d == '2024-01-02'
  - c == 10 and f == 8 and g == 16 and h == 1000 and r == '0b11' and s == '1__0' and n == 1 and y == 0
  - e == 1000.0 and type_name(e) == 'float' and l == 0.5 and m == 1.0 and q > 10 ** 300 and z == 0 and x == '1e'
  - o is None and p is None and t is True and v == '<<'
"""


def test_scalars_are_those_of_yaml_1_2(tmp_path):
    (tmp_path / "norway.yaml").write_text(TRUE_OF_YAML_1_2)
    assert scenario("run", tmp_path / "norway.yaml").exit_code == 0


def test_a_byte_order_mark_and_other_line_ends_are_fine(tmp_path):
    for number, data in enumerate(
        (b"\xef\xbb\xbf" + PRINTS, PRINTS.replace(b"\n", b"\r\n"), b"---\n" + PRINTS + b"...\n")
    ):
        (tmp_path / f"{number}.yaml").write_bytes(data)
    assert scenario("run", tmp_path).exit_code == 0


def test_python_warns_the_user_of_nothing(tmp_path, recwarn):
    text = "scenario: w\nvars: {x: 1}\nmain:\n  - y = x is 2\n  - z = 1[0] if not x else 2\nexpect: [x is not 2]\n"
    (tmp_path / "is.yaml").write_text(text)
    for command in ("validate", "run", "explore"):
        assert scenario(command, tmp_path / "is.yaml").exit_code == 0
    assert not recwarn.list


@pytest.mark.parametrize("command", ["run", "validate", "explore", "replay", "list", "show", "export"])
@pytest.mark.parametrize("name", ["a" * 5000, "a/" * 3000 + "b.yaml", "x" * 300 + "*.yaml"])
def test_a_name_that_no_file_can_have_is_told_or_matches_nothing(command, name):
    more = ["--to", "promela"] if command == "export" else []
    done = scenario(command, name, *more)
    assert done.exit_code in (2, 5) or "can not be read" in done.stdout  # `list` lists what is invalid, too
