"""`--dask`: the same results from the workers of a cluster, of two processes here, as from this process."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
from cli.files import CASES, CHOICE, DEADLOCK, FAILING, FINE, INVALID, results, scenario
from suite.test_parallel import timeless

pytest.importorskip("distributed", reason="dask is not installed (scenario[dask])")

pytestmark = pytest.mark.xdist_group("cluster")
SCENARIO = str(Path(sys.executable).parent / "scenario")
CLUSTER = """\
import sys
from distributed import LocalCluster
if __name__ == "__main__":
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
        print(cluster.scheduler_address, flush=True)
        sys.stdin.read()
"""
MARK = f"SCENARIO_TEST_CLUSTER={uuid.uuid4()}"
JOINED = "scenario: joined\nthreads: {A: {steps: [{sleep: 60}]}, B: {steps: [{join: A}]}}\n"


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """A cluster's, which is there until the tests of this file are done."""
    folder = tmp_path_factory.mktemp("cluster")
    (folder / "cluster.py").write_text(CLUSTER)
    with subprocess.Popen(
        [sys.executable, "cluster.py"],
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | dict([MARK.split("=")]),
    ) as process:
        yield process.stdout.readline().strip()
        process.stdin.close()
        process.wait(30)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def on(address, *arguments):
    """The command with this cluster, in a process of its own: a client of dask leaves threads behind."""
    return subprocess.run(
        [SCENARIO, *arguments, "--dask", address], capture_output=True, text=True, timeout=120, check=False
    )


@pytest.mark.parametrize(
    "command",
    [
        ["run", "--seed", "5", "--times", "23"],
        ["explore"],
        ["explore", "--keep-going"],
        ["explore", "--sample", "300", "--seed", "4"],
    ],
    ids=" ".join,
)
def test_a_cluster_finds_what_one_process_finds(folder, address, command):
    texts = {"a": CASES, "b": DEADLOCK, "c": INVALID, "d": CHOICE, "e": FAILING}
    for name, text in texts.items():
        (folder / f"{name}.yaml").write_text(text)
    here = scenario(*command, ".", "--output-format", "json")
    there = on(address, *command, ".", "--output-format", "json")
    assert (there.returncode, there.stderr) == (here.exit_code, "")
    assert timeless(results_of(there)) == timeless(results(here))


def results_of(done):
    return json.loads(done.stdout)["results"]


def workers(address):
    """The processes of the cluster's workers."""
    code = f"from distributed import Client\nwith Client({address!r}) as c: print(*c.run(__import__('os').getpid).values())"
    return [*map(int, subprocess.check_output([sys.executable, "-c", code], text=True).split())]


def test_a_worker_of_the_cluster_that_is_killed_loses_nothing(folder, address):
    for name in "abcd":
        (folder / f"{name}.yaml").write_text(FINE.replace("      - print", "      - sleep: 0.5\n      - print"))
    command = [SCENARIO, "run", ".", "--times", "4", "--seed", "3", "--output-format", "json", "--dask", address]
    before = workers(address)
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        time.sleep(3)
        os.kill(before[0], signal.SIGKILL)
        said, errors = process.communicate(timeout=60)
    assert errors == ""
    done = subprocess.CompletedProcess(command, process.returncode, said)
    counts = [(r["verdict"], sum(row["runs"] for row in r["outcomes"])) for r in results_of(done)]
    assert counts == [("holds", 4)] * 4


def test_control_c_leaves_nothing_at_work_on_the_cluster(folder, address):
    for name in "ab":
        (folder / f"{name}.yaml").write_text(JOINED)
    command = [SCENARIO, "run", ".", "--dask", address]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert until(lambda: len([*runs()]) == 2)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (130, "")
    assert until(lambda: not [*runs()])


def until(holds, seconds=30):
    """Whether it comes to hold in that time."""
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.1)
    return holds()


def runs():
    """The processes of the cluster in which a run goes on that must be in one of its own."""
    for folder in Path("/proc").iterdir():
        try:
            is_run = b"threads.child import main" in (folder / "cmdline").read_bytes()
            if is_run and MARK.encode() in (folder / "environ").read_bytes():
                yield int(folder.name)
        except OSError:
            continue


@pytest.mark.parametrize(
    ("where", "said"), [("tcp://127.0.0.1:9", "no scheduler answers there"), ("there", "this is no address")]
)
def test_where_no_cluster_is_it_is_said(folder, where, said):
    (folder / "a.yaml").write_text(FINE)
    done = on(where, "run", "a.yaml")
    assert done.returncode == 2
    assert f"--dask {where}: {said} (" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("says", "said"),
    [
        (b"", "no scheduler answers there (nothing in 10 s)"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "no scheduler answers there (MemoryError)"),
        (b"\xff" * 64, "no scheduler answers there (cannot fit"),
    ],
    ids=["mute", "of the web", "garbage"],
)
def test_whoever_takes_the_connection_and_is_no_scheduler_is_told(folder, says, said):
    (folder / "a.yaml").write_text(FINE)
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=_says, args=(server, says), daemon=True)
        thread.start()
        done = on(f"tcp://127.0.0.1:{server.getsockname()[1]}", "run", "a.yaml")
        server.shutdown(socket.SHUT_RDWR)
        thread.join()
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def _says(server, says):
    """Takes whoever comes, until it is closed."""
    with ExitStack() as taken, suppress(OSError):
        while True:
            taken.enter_context(server.accept()[0]).sendall(says)
