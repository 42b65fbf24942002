"""A page of 50 threads and 5,000 steps in a real browser: how much a step, a jump, a filter asks of it until the next frame is painted.

The page is that of a real run. Each action is done by the page's own keys and fields. What is measured is the processor's time of
the page's main thread (script, style, layout and painting), which other work on the machine does not change.
`python benchmarks/page_fluid.py PAGE` measures a page that is there.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "report"))
from browser import CHROMIUM, MISSING, browser

SCENARIO = """
scenario: fluid
vars: {counter: 0, seen: [], last: ""}
primitives: {lock: Lock, room: {Semaphore: 5}}
threads:
  worker:
    count: 50
    steps:
      - repeat: 13
        do:
          - mine = index
          - with: room
            do:
              - with: lock
                do:
                  - counter += 1
                  - last = name
          - mine += counter
expect:
  final: [counter == 650]
"""
ACTIONS = {
    "step": "key('ArrowRight')",
    "back": "key('ArrowLeft')",
    "jump": "set('at', String(Math.floor(random() * 5000)), 'input')",
    "play": "go(here.at + 1)",
    "scroll": "scroller.scrollTop = Math.floor(random() * 120000)",
    "sideways": "scroller.scrollLeft = Math.floor(random() * 5000)",
    "filter by thread": "set('thread', `worker[${Math.floor(random() * 50)}]`, 'change')",
    "filter by text": "set('text', 'wxyz'[Math.floor(random() * 4)] + 'o', 'input')",
    "watch": "set('watch', `counter > ${Math.floor(random() * 650)}`, 'input')",
}
"""What is done, each so often; what a filter changed is put back before the next."""
TIMES = 40
SETUP = """
let seed = 7
const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647
const scroller = document.getElementById('scroll')
const key = name => document.body.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true }))
const set = (id, value, kind) => { const field = document.getElementById(id); field.value = value; field.dispatchEvent(new Event(kind, { bubbles: true })) }
const framed = () => new Promise(done => requestAnimationFrame(() => { const channel = new MessageChannel(); channel.port1.onmessage = done; channel.port2.postMessage(0) }))
"""


def main() -> int:
    if CHROMIUM is None:
        print(MISSING)
        return 0
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        page = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else _page(Path(folder))
        print(f"the page: {page.stat().st_size / 1e6:.1f} MB")
        with browser(Path(folder, "profile")) as tab:
            tab.look()
            began = time.perf_counter()
            tab.open(f"{page.as_uri()}#1.step.1.2500")
            print(
                f"open: {time.perf_counter() - began:.2f} s; {tab.text('#step')} steps, {tab.value('sheets[0].threads.length')} threads"
            )
            tab.value(SETUP)
            tab.ask("Performance.enable", timeDomain="threadTicks")
            print(f"{'':18}{'median':>8}{'95 %':>8}{'worst':>8}  ms")
            for name, act in ACTIONS.items():
                _measured(tab, name, act)
    return 0


def _page(folder: Path) -> Path:
    file, page = folder / "fluid.yaml", folder / "fluid.html"
    file.write_text(SCENARIO)
    subprocess.run(
        [sys.executable, "-m", "scenario", "run", file, "--html", page, "-q"], check=True, stdout=subprocess.DEVNULL
    )
    return page


def _measured(tab: object, name: str, act: str) -> None:
    took = []
    for _ in range(TIMES):
        tab.value("framed()")
        before = _spent(tab)
        tab.value(f"(() => {{ {act} }})(), framed()")
        took.append(_spent(tab) - before)
    took.sort()
    tab.value("set('thread', '', 'change'); set('text', '', 'input'); set('watch', '', 'input'); go(2500)")
    print(f"{name:18}{statistics.median(took):8.1f}{took[int(0.95 * TIMES)]:8.1f}{took[-1]:8.1f}")


def _spent(tab: object) -> float:
    """Milliseconds of the main thread."""
    metrics = {one["name"]: one["value"] for one in tab.ask("Performance.getMetrics")["metrics"]}
    return 1000 * metrics["TaskDuration"]


if __name__ == "__main__":
    sys.exit(main())
