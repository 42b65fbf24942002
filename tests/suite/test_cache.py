"""A valid file is compiled once; what is kept is used for the same text, name, settings and code, and for nothing else."""

import os
import pickle
import subprocess
import sys
import time
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from cli.files import FAILING, FINE, INVALID, PYTHON, results, scenario

from scenario.commands.loading import compiling
from scenario.commands.loading.selected import load_all
from scenario.files.options import Selection
from scenario.memory import cache
from scenario.memory.packing import packed, unpacked
from scenario.program.claims import Claims
from scenario.source import Source, Span

ROOT = Path(__file__).parents[2]
WARNED = FINE.replace("vars: {counter: 0}", "vars: {counter: 0, spare: 0}")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """The directory of the cache; scenarios stand beside it, in the working directory."""
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.setenv("SCENARIO_CACHE_DIR", str(tmp_path / "kept"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "own"))
    return tmp_path / "kept"


@pytest.fixture
def compiled(monkeypatch):
    """The names of files, each time that one is compiled."""
    names, compile_file = [], compiling.compiled

    def counting(file, *given, **settings):
        names.append(file.file)
        return compile_file(file, *given, **settings)

    monkeypatch.setattr(compiling, "compiled", counting)
    return names


def entries(folder):
    """What is kept, and what a writer has left."""
    return list(folder.rglob("*.program*"))


def write(text, name="a.yaml"):
    Path(name).write_text(text, encoding="utf-8")
    return name


def test_a_file_is_compiled_once(compiled):
    write(FINE)
    first, second = scenario("run", "a.yaml"), scenario("run", "a.yaml")
    assert (first.exit_code, compiled) == (0, ["a.yaml"])
    assert second.stdout.splitlines()[:3] == first.stdout.splitlines()[:3]
    assert second.exit_code == 0


def test_nothing_that_compiles_is_imported_for_a_kept_file():
    import subprocess

    write(FINE)
    probe = (
        "import sys\nfrom scenario.cli.main import cli\ncli(['run', 'a.yaml'], standalone_mode=False)\n"
        "print([name for name in ('yaml', 'pydantic', 'scenario.compile', 'scenario.lint') if name in sys.modules])"
    )
    said = [subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True) for _ in range(2)]
    assert said[0].stdout.endswith("['yaml', 'pydantic', 'scenario.compile', 'scenario.lint']\n")
    assert said[1].stdout.endswith("[]\n")


def test_what_a_run_that_holds_has_no_use_for_is_not_imported():
    import subprocess

    write(FINE)
    unused = ("pickle", "difflib", "scenario.results.for_all", "scenario.results.sample", "scenario.results.ways")
    probe = (
        "import sys\nfrom scenario.cli.main import cli\ncli(['run', 'a.yaml'], standalone_mode=False)\n"
        f"print([name for name in {unused} if name in sys.modules])"
    )
    said = [subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True) for _ in range(2)]
    assert [one.stdout.splitlines()[-1] for one in said] == ["[]", "[]"], "new, and known"


@pytest.mark.parametrize("exploring", [False, True])
def test_what_is_kept_is_what_compiling_gives(exploring):
    selection = Selection((str(ROOT / "scenarios"),), allow_python=frozenset({"bank", "ticket_office"}))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cache, "MOST", 10_000)
        fresh = load_all(selection, exploring=exploring)
        kept = load_all(selection, exploring=exploring)
    assert len(fresh) > 100
    assert kept == fresh
    programs = [program for file in fresh for program in file.programs]
    again = [program for file in kept for program in file.programs]
    assert all(one is not other for one, other in zip(programs, again, strict=True))
    assert [*map(asdict, again)] == [*map(asdict, programs)], "also places, which equality passes over"
    assert [program.digest for program in again] == [program.digest for program in programs]


@pytest.mark.parametrize(
    "changed",
    [
        lambda: write(FINE.replace("counter == workers", "counter == workers + 0")),
        lambda: write(FINE.replace("\n", "\r\n")),
    ],
)
def test_another_text_is_compiled(compiled, changed):
    write(FINE)
    scenario("run", "a.yaml")
    changed()
    assert scenario("run", "a.yaml").exit_code == 0
    assert compiled == ["a.yaml"] * 2


def test_a_text_that_has_become_wrong_is_refused(compiled):
    write(FINE)
    assert scenario("run", "a.yaml").exit_code == 0
    write(INVALID)
    assert scenario("run", "a.yaml").exit_code == 2
    write(FAILING)
    assert scenario("run", "a.yaml").exit_code == 1
    assert compiled == ["a.yaml"] * 3


def test_what_is_not_valid_is_not_kept(folder, compiled):
    write(INVALID)
    for _ in range(2):
        assert scenario("validate", "a.yaml").exit_code == 2
    assert compiled == ["a.yaml"] * 2
    assert not entries(folder)


def test_the_same_text_under_another_name_is_another_file(compiled):
    write(FINE)
    write(FINE, "b.yaml")
    scenario("run", "a.yaml")
    done = scenario("run", "b.yaml", "--output-format", "json")
    assert compiled == ["a.yaml", "b.yaml"]
    assert [result["file"] for result in results(done)] == ["b.yaml"]


def test_other_code_compiles_anew(compiled, monkeypatch):
    write(FINE)
    scenario("run", "a.yaml")
    monkeypatch.setattr(cache, "_code", lambda: "of tomorrow")
    scenario("run", "a.yaml")
    assert compiled == ["a.yaml"] * 2


def test_the_code_is_told_by_its_files(tmp_path, monkeypatch):
    package = tmp_path / "package"
    (package / "part").mkdir(parents=True)
    (package / "part" / "m.py").write_text("x = 1")
    monkeypatch.setattr(cache, "_PACKAGE", package)
    before = cache._code()
    os.utime(package / "part" / "m.py", (1, 1))
    touched = cache._code()
    (package / "n.py").write_text("")
    os.utime(package / "n.py", (0, 0))
    assert len({before, touched, cache._code()}) == 3


def test_the_packages_that_are_not_looked_at_read_and_compile_nothing():
    line = "import sys, scenario.commands.loading.compiling, scenario.memory.cache as cache\n"
    line += "print({name.split('.')[1] for name in sys.modules if name.startswith('scenario.')} & set(cache._ABOVE))"
    done = subprocess.run([sys.executable, "-c", line], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
    assert all((cache._PACKAGE / name).is_dir() for name in cache._ABOVE)


def test_exploring_is_another_way_to_compile(compiled):
    write(FINE + "explore: {params: {workers: 1}}\n")
    for _ in range(2):
        assert results(scenario("run", "a.yaml", "--output-format", "json"))[0]["params"] == {"workers": 2}
        assert results(scenario("explore", "a.yaml", "--output-format", "json"))[0]["params"] == {"workers": 1}
    assert compiled == ["a.yaml"] * 2


def test_a_module_has_to_be_allowed_each_time():
    write(PYTHON)
    assert scenario("validate", "a.yaml", "--allow-python", "antigravity").exit_code == 0
    assert scenario("validate", "a.yaml").exit_code == 2


def test_params_of_the_command_line_are_compiled(compiled):
    write(FINE)
    scenario("run", "a.yaml")
    for workers in (3, 4):
        done = scenario("run", "a.yaml", "-p", f"workers={workers}", "--output-format", "json")
        assert results(done)[0]["params"] == {"workers": workers}
    assert scenario("run", "a.yaml", "-p", "nobody=1").exit_code == 2
    assert scenario("run", "a.yaml").exit_code == 0
    assert compiled == ["a.yaml"] * 3


def test_what_was_compiled_with_params_is_kept_for_the_same_params(compiled, folder):
    write(FINE.replace("{workers: 2}", "{workers: 2, word: a}").replace("is done", "{word}"))
    many = [
        ("-p", "workers=2"), ("-p", "workers=2"), ("-p", "workers=3"), ("-p", "workers=2", "-p", "word=b"), ("-p", "workers=2"),
        (), ("-p", "workers=2"), (),
    ]  # fmt: skip
    counts = []
    for params in many:
        assert scenario("run", *params, "a.yaml").exit_code == 0
        counts.append(len(compiled))
    assert counts == [1, 1, 2, 3, 4, 5, 5, 5]
    assert len(entries(folder)) == 2, "one with params and one without, however many there were"
    assert scenario("run", "-p", "m=2", "a.yaml").exit_code == 2
    assert scenario("run", "-p", "workers=[", "a.yaml").exit_code == 2


def test_warnings_are_kept_whole(compiled):
    write(WARNED)
    for _ in range(2):
        assert "SC409" in scenario("validate", "a.yaml").stdout
        assert "SC409" not in scenario("validate", "a.yaml", "--ignore", "SC409").stdout
        assert scenario("validate", "a.yaml", "--strict").exit_code == 2
    assert compiled == ["a.yaml"]


def test_a_selection_by_tag_and_keyword_is_of_kept_files_too(compiled):
    write(FINE)
    for _ in range(2):
        assert scenario("run", ".", "-t", "quick", "-k", "fine").exit_code == 0
        assert scenario("run", ".", "-t", "slow").exit_code == 5
        assert scenario("run", ".", "-k", "not fine").exit_code == 5
    assert compiled == ["a.yaml"]


@pytest.mark.parametrize("content", [b"", b"\x80", b"cos\nsystem\n", pickle.dumps(1), pickle.dumps(("key", None))])
def test_a_damaged_entry_is_compiled_anew(folder, compiled, content):
    write(FINE)
    scenario("run", "a.yaml")
    (entry,) = entries(folder)
    entry.write_bytes(content)
    assert scenario("run", "a.yaml").exit_code == 0
    assert compiled == ["a.yaml"] * 2
    assert len(entry.read_bytes()) > 1000


def test_a_directory_that_others_can_write_to_is_not_used(folder, compiled):
    folder.mkdir()
    folder.chmod(0o777)
    write(FINE)
    for _ in range(2):
        assert scenario("run", "a.yaml").exit_code == 0
    assert compiled == ["a.yaml"] * 2
    assert not entries(folder)


def test_a_directory_of_someone_else_is_not_used(folder, compiled, monkeypatch):
    monkeypatch.setattr(cache.os, "geteuid", lambda: os.getuid() + 1)
    write(FINE)
    for _ in range(2):
        assert scenario("run", "a.yaml").exit_code == 0
    assert compiled == ["a.yaml"] * 2


@pytest.mark.parametrize("where", ["", "kept", "/dev/null/kept", "/proc/nowhere", "\N{SNOWMAN}", "/x\ud800"])
def test_where_nothing_can_be_kept_all_goes_on(compiled, monkeypatch, where):
    monkeypatch.setattr(cache.os, "environ", {**os.environ, "SCENARIO_CACHE_DIR": where})
    write(FINE)
    for _ in range(2):
        assert scenario("run", "a.yaml").exit_code == 0
    assert compiled == ["a.yaml"] * 2
    assert [path.name for path in Path().iterdir()] == ["a.yaml"]


def test_without_a_home_all_goes_on(compiled, monkeypatch):
    monkeypatch.delenv("SCENARIO_CACHE_DIR")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", "")
    write(FINE)
    assert scenario("run", "a.yaml").exit_code == 0
    assert [path.name for path in Path().iterdir()] == ["a.yaml"]


def test_by_default_it_is_in_the_users_cache(tmp_path, monkeypatch):
    monkeypatch.delenv("SCENARIO_CACHE_DIR")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    write(FINE)
    scenario("run", "a.yaml")
    (entry,) = entries(tmp_path / "caches")
    assert entry.parent.parent == tmp_path / "caches" / "scenario"
    assert {folder.stat().st_mode & 0o777 for folder in (entry.parent, entry.parent.parent)} == {0o700}


def test_a_command_writes_so_many_entries_and_the_next_one_more(folder, monkeypatch):
    monkeypatch.setattr(cache, "MOST", 2)
    for name in "abcde":
        write(FINE, f"{name}.yaml")
    counts = []
    for _ in range(3):
        scenario("validate", ".")
        counts.append(len(entries(folder)))
    assert counts == [2, 4, 5]


def test_what_is_old_beside_a_new_entry_is_removed_and_what_is_not_ours_stays(folder):
    write(FINE)
    scenario("run", "a.yaml")
    (entry,) = entries(folder)
    beside, elsewhere = entry.parent, folder / f"{int(entry.parent.name, 16) ^ 1:02x}"
    elsewhere.mkdir()
    entry.unlink()
    old = time.time() - cache.LASTS - 1
    for place in (beside, elsewhere):
        for name in ("000000.program", "000000.program.77", "111111.program", "letter.txt"):
            (place / name).write_text("")
            os.utime(place / name, (old, old))
    os.utime(beside / "111111.program")
    scenario("run", "a.yaml")
    assert {path.name for path in beside.iterdir()} == {entry.name, "111111.program", "letter.txt"}
    assert len(list(elsewhere.iterdir())) == 4, "one of 256 folders is looked at"


def test_entries_are_compared_with_all_that_they_depend_on(folder):
    """Two files whose places have the same checksum: the one never gets the other's programs."""
    write(FINE)
    (file,) = load_all(Selection(("a.yaml",)))
    kept = cache.Cache((), exploring=False)
    kept._path = lambda _: folder / "same"
    kept.put(file)
    assert kept.get(file.source) == file
    assert kept.get(Source("b.yaml", FINE)) is None
    assert kept.get(Source("a.yaml", FAILING)) is None
    assert kept.get(replace(file.source, text=f"{FINE}\n")) is None


@pytest.mark.parametrize("error", [RecursionError, TypeError, ValueError])
def test_what_can_not_be_packed_is_not_kept(folder, monkeypatch, error):
    def refuse(*_):
        raise error

    monkeypatch.setattr(cache, "packed", refuse)
    write(FINE)
    assert scenario("run", "a.yaml").exit_code == 0
    assert not entries(folder)


def test_an_entry_that_someone_else_has_written_is_passed_over(folder, compiled, monkeypatch, tmp_path):
    """A checkout brings a cache for its own file, which says that it holds: well formed, and written by our own code."""
    write(FAILING)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "strangers"))
    (file,) = load_all(Selection(("a.yaml",)))
    (program,) = file.programs
    forged = replace(file, programs=(replace(program, claims=Claims()),))
    cache.Cache((), exploring=False).put(forged)
    assert scenario("run", "a.yaml").exit_code == 0, "the stranger sees what was forged"
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "own"))
    for _ in range(2):
        assert scenario("run", "a.yaml").exit_code == 1
    assert compiled == ["a.yaml"] * 2


def test_an_entry_with_one_letter_changed_is_passed_over(folder, compiled):
    write(FINE)
    scenario("run", "a.yaml")
    (entry,) = entries(folder)
    entry.write_text(entry.read_text().replace("counter", "counted"))
    assert scenario("run", "a.yaml").exit_code == 0
    assert compiled == ["a.yaml"] * 2


@pytest.mark.parametrize("mode", [0o644, 0o620])
def test_a_secret_that_others_know_is_none(folder, compiled, tmp_path, mode):
    write(FINE)
    scenario("run", "a.yaml")
    (tmp_path / "own" / "scenario" / "cache.key").chmod(mode)
    assert scenario("run", "a.yaml").exit_code == 0
    assert compiled == ["a.yaml"] * 2


@pytest.mark.parametrize("content", [b"", b"short", b"x" * 100, b"y" * 32])
def test_another_secret_opens_nothing(folder, compiled, tmp_path, content):
    write(FINE)
    scenario("run", "a.yaml")
    key = tmp_path / "own" / "scenario" / "cache.key"
    key.write_bytes(content)
    assert scenario("run", "a.yaml").exit_code == 0
    assert compiled == ["a.yaml"] * 2


def test_a_secret_below_the_working_directory_is_none(compiled, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(Path.cwd() / "came-along"))
    write(FINE)
    for _ in range(2):
        assert scenario("run", "a.yaml").exit_code == 0
    assert compiled == ["a.yaml"] * 2


def test_where_an_entry_would_be_lies_a_link(folder, tmp_path):
    write(FINE)
    scenario("run", "a.yaml")
    (entry,) = entries(folder)
    (tmp_path / "precious").write_text("mine")
    entry.unlink()
    entry.symlink_to(tmp_path / "precious")
    scenario("run", "a.yaml")
    assert (tmp_path / "precious").read_text() == "mine"


@pytest.mark.parametrize(
    "value",
    [
        None, True, 0, 1.5, float("inf"), -0.0, 2**9999, "\ud800", b"\x00", range(1, 9, 2), (), [1, (True, 1, 1.0)], {1: {2}, "a": []},
        frozenset({"a"}), Span(1, 2, 3, 4), FINE,
    ],
)  # fmt: skip
def test_what_is_packed_is_the_same_again(value):
    again = unpacked(packed(value))
    assert (again, repr(again)) == (value, repr(value))


def test_what_was_one_object_is_one_again():
    row = [0]
    first, second = unpacked(packed([row, row]))
    assert first is second


@pytest.mark.parametrize("value", [object(), type, len, ValueError("x"), [iter([])]])
def test_what_is_not_of_the_set_is_not_packed(value):
    with pytest.raises(TypeError, match="is not of the set"):
        packed(value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "[[]]",
        '[["os.system",0]]',
        '[["scenario.source.Source"]]',
        '[["list",5]]',
        '[["Span",1]]',
        "[" * 9999,
        "5",
        '[["dict",0]]',
    ],
)
def test_what_is_no_packing_makes_nothing(text):
    with pytest.raises(Exception):  # noqa: B017 (whatever it is, the caller passes it over)
        unpacked(text)


def test_what_is_kept_for_one_runtime_is_not_taken_for_another(compiled):
    write(FINE)
    for runtime in ("threading", "asyncio", "threading"):
        scenario("run", "a.yaml", "--runtime", runtime)
    assert compiled == ["a.yaml", "a.yaml"]
