"""What users read is compared with snapshots; they are rewritten with UPDATE_SNAPSHOTS=1."""

import os
import signal

import pytest
from hypothesis import HealthCheck, settings

from scenario.engines.threads.watch import stop

os.environ.pop("GITHUB_ACTIONS", None)  # there the default format is another one
os.environ.pop("GITHUB_STEP_SUMMARY", None)
os.environ.pop("COLUMNS", None)  # readline exports it, and what is printed would depend on it
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # a command of a test starts four times as quickly with byte code
os.environ["SCENARIO_CACHE_DIR"] = ""  # every test compiles; those of the cache say where theirs is
MORE = "SCENARIO_EXAMPLES" in os.environ  # others each time; without it the same ones, so that nothing fails by chance
settings.register_profile("busy", deadline=None, derandomize=not MORE, suppress_health_check=list(HealthCheck))
settings.load_profile("busy")  # how long an example takes is the machine's
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's `&` has it ignored, and so would our processes
if hasattr(signal, "SIGHUP"):
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # as nohup has this one


@pytest.fixture(autouse=True)
def _nothing_left_before():
    """Other tests of this process may have left threads blocked on purpose (a replayed deadlock)."""
    stop._left.clear()


@pytest.fixture
def snapshot(request):
    """Compares a text with `snapshots/NAME.txt` beside the test."""

    def compare(name, text):
        path = request.path.parent / "snapshots" / f"{name}.txt"
        old = path.read_text() if path.exists() else None
        if os.environ.get("UPDATE_SNAPSHOTS") and text != old:  # what stays is not written: others may be reading it
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        assert path.exists(), f"no snapshot {path}: look at it and run with UPDATE_SNAPSHOTS=1\n{text}"
        assert text == path.read_text()

    return compare
