"""No module that lies about is executed in place of an installed one: in the working directory, beside the file, in PYTHONPATH.

Every name of the standard library is planted, and of all that is installed here; a planted module writes down that it was executed.
"""

import os
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

BIN = Path(sys.executable).parent
SCENARIO = str(BIN / "scenario")
ASKED_FOR = {"_yaml", "colorama", "org"}
"""What somebody tries to import that need not be there."""
NAMES = sorted({*sys.stdlib_module_names, *packages_distributions(), *ASKED_FOR} - {"__main__"})
POOL = """\
scenario: planted-pool
primitives: {pool: {ThreadPoolExecutor: 2}}
routines: {f: {params: [n], steps: [{return: n + 1}]}}
main:
  - {map: f, to: pool, over: [1, 2], into: r}
"""
PROCESSES = POOL.replace("planted-pool", "planted-processes").replace("ThreadPool", "ProcessPool")
RACE = """\
scenario: planted-race
vars: {x: 0}
primitives: {lock: Lock}
threads:
  A: {count: 2, steps: [{sleep: 0.01}, {with: lock, do: [x += 1]}]}
expect: [x == 2]
"""
OWN = """\
scenario: planted-own
python: {f: 'theirs:f'}
primitives: {pool: {KINDPoolExecutor: 1}}
routines: {g: {params: [n], steps: [{call: f, args: [n], into: r}, {return: r}]}}
main:
  - {map: g, to: pool, over: [1, 2], into: r}
"""
EXPLORED = """\
scenario: planted-explored
python: {f: 'theirs:f'}
threads: {A: {count: 2, steps: [{call: f, args: [1]}]}}
"""
FILES = {
    "pool": POOL,
    "explored": EXPLORED,
    "processes": PROCESSES,
    "race": RACE,
    "runtimes": RACE.replace("planted-race", "planted-runtimes\nruntimes: [threading, asyncio, multiprocessing]"),
    "own": OWN.replace("KIND", "Thread"),
    "own_processes": OWN.replace("KIND", "Process"),
}
COMMANDS = [
    "run .",
    "run -j 2 .",
    "run --stress .",
    "run --stress -j 2 .",
    "run --times 2 .",
    "validate .",
    "explore pool.scenario.yaml race.scenario.yaml explored.scenario.yaml",
    "explore -j 2 --html page.html explored.scenario.yaml runtimes.scenario.yaml",
    "run --html page.html runtimes.scenario.yaml",
    "replay explored.scenario.yaml race.scenario.yaml",
    f"compare --times 1 --python {sys.executable} race.scenario.yaml",
    "show .",
    "list .",
    "export --to promela race.scenario.yaml",
    "schema",
    "explain SC101",
]


@pytest.fixture
def checkout(tmp_path):
    """A directory of a stranger's: scenarios, and a module of each name."""
    folder = tmp_path / "checkout"
    folder.mkdir()
    log = tmp_path / "executed"
    for name in NAMES:
        text = f"with open({str(log)!r}, 'a') as log: log.write({name!r} + '\\n')\nraise SystemExit('planted')\n"
        (folder / f"{name}.py").write_text(text)
    (folder / "theirs.py").write_text("import json, decimal, wave\n\ndef f(n): return json.loads(str(n))\n")
    for name, text in FILES.items():
        (folder / f"{name}.scenario.yaml").write_text(text)
    return folder


def executed(checkout, command, where=None, **environment):
    """What was executed of the planted, and how the command ended."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        command, cwd=where or checkout, capture_output=True, text=True, timeout=120, check=False, stdin=subprocess.DEVNULL,
        env={**clean, "SCENARIO_ALLOW_PYTHON": "theirs", "SCENARIO_CACHE_DIR": "", **environment},
    )  # fmt: skip
    log = checkout.parent / "executed"
    return (log.read_text().split() if log.exists() else []), done


def before_us():
    """What Python imports on its way to our first line: it has the name of PYTHONPATH's before any program can say no."""
    lines = Path(SCENARIO).read_text().splitlines()
    head = "\n".join(line for line in lines if line.startswith("import "))
    probe = f"{head}\nimport sys; print(*{{name.partition('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-P", "-c", probe], capture_output=True, text=True, check=True)
    return [*done.stdout.split(), "scenario"]


@pytest.mark.parametrize("command", COMMANDS)
def test_in_the_working_directory_and_beside_the_file(checkout, command):
    found, done = executed(checkout, [SCENARIO, *command.split()])
    assert found == [], done.stderr
    assert done.returncode == 0, done.stdout + done.stderr


def test_beside_the_file_alone(checkout, tmp_path):
    found, done = executed(checkout, [SCENARIO, "run", "-j", "2", str(checkout)], tmp_path)
    assert (found, done.returncode) == ([], 0), done.stdout + done.stderr


@pytest.mark.parametrize(
    ("path", "command"),
    [*(("{}", command) for command in COMMANDS), *((path, COMMANDS[3]) for path in (".", ":{}", "/nowhere:{}:"))],
)
def test_in_pythonpath_no_module_of_ours_is_taken(checkout, command, path):
    """But those that Python itself takes there before our first line."""
    for name in before_us():
        (checkout / f"{name}.py").unlink(missing_ok=True)
    found, done = executed(checkout, [SCENARIO, *command.split()], PYTHONPATH=path.format(checkout))
    assert found == [], done.stderr
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("command", COMMANDS[:4])
def test_in_pythonpath_no_child_takes_any(checkout, command):
    """The command itself is started so that it does not look there: what its children inherit would still name it."""
    launch = checkout.parent / "launch.py"
    launch.write_text(_WITHOUT.format(str(checkout)))
    found, done = executed(checkout, [sys.executable, str(launch), *command.split()])
    assert found == [], done.stderr
    assert done.returncode == 0, done.stdout + done.stderr


_WITHOUT = """\
import os, sys
os.environ["PYTHONPATH"] = {0!r}
from scenario.__main__ import main
main()
"""


def test_the_pytest_plugin_starts_no_child_that_takes_any(checkout):
    for name in ("own", "own_processes", "explored"):
        (checkout / f"{name}.scenario.yaml").unlink()
    found, done = executed(checkout, [str(BIN / "pytest"), "-q", "-p", "no:cacheprovider", "--rootdir", ".", "."])
    assert found == [], done.stdout + done.stderr
    assert "6 passed" in done.stdout


def test_what_pythonpath_names_is_found_for_the_users_own_module(tmp_path):
    """As the user says: also in place of an installed module, in the run, a pool's worker and a process of their own."""
    for folder in ("theirs", "here"):
        (tmp_path / folder).mkdir()
    (tmp_path / "theirs" / "click.py").write_text(
        "import subprocess, sys\n\ndef f(n):\n    return 'mine'\n\n"
        "def g(n):\n    return subprocess.check_output([sys.executable, '-c', 'import click; print(click.f(1))'], text=True).strip()\n"
    )
    for name, kind, function in (("a", "Thread", "g"), ("b", "Process", "f")):
        text = OWN.replace("KIND", kind).replace("theirs:f", f"click:{function}")
        (tmp_path / "here" / f"{name}.scenario.yaml").write_text(f"{text}expect: [\"main.r == ['mine', 'mine']\"]\n")
    for more in ([], ["-j", "2"]):
        _, done = executed(
            tmp_path,
            [SCENARIO, "run", "here", *more],
            PYTHONPATH=str(tmp_path / "theirs"),
            SCENARIO_ALLOW_PYTHON="click",
        )
        assert done.returncode == 0, done.stdout + done.stderr
