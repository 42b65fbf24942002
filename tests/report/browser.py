"""A real browser without a window, driven over its own pipe: what a page shows, says in the console, and asks of others."""

import base64
import fcntl
import itertools
import json
import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
MISSING = "there is no Chromium on this machine"
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run", "--remote-debugging-pipe", "--hide-scrollbars",
)  # fmt: skip
AS_IT_READS = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.dup2(int(sys.argv[2]), 4)
os.execv(sys.argv[3], sys.argv[3:])
"""
"""It reads commands from the file with number 3, and answers to that with number 4."""


class Page:
    """One tab. `complaints`: what went wrong in it; `requests`: the addresses that were asked for."""

    def __init__(self, read, write):
        self._read, self._write, self._numbers = read, write, itertools.count(1)
        self._session, self._rest = None, b""
        self.complaints, self.requests = [], []
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.ask(f"{domain}.enable")

    def ask(self, method, **params):
        """A command of the protocol, and its result."""
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while True:
            told = self._message()
            if told.get("id") == number:
                assert "error" not in told, told
                return told["result"]
            self._noted(told)

    def _message(self):
        while b"\0" not in self._rest:
            more = os.read(self._read, 1 << 16)
            assert more, "the browser has ended"
            self._rest += more
        one, self._rest = self._rest.split(b"\0", 1)
        return json.loads(one)

    def _noted(self, told):
        match told.get("method"):
            case "Runtime.exceptionThrown":
                self.complaints.append(told["params"]["exceptionDetails"])
            case "Runtime.consoleAPICalled" | "Log.entryAdded":
                self.complaints.append(told["params"])
            case "Network.requestWillBeSent":
                self.requests.append(told["params"]["request"]["url"])

    def open(self, address):
        self.ask("Page.navigate", url="about:blank")
        self.ask("Page.navigate", url=address)
        self.until("document.readyState === 'complete' && location.href !== 'about:blank'")

    def until(self, condition, seconds=60):
        """Waits until an expression of the page is true."""
        end = time.monotonic() + seconds
        while not self.value(condition):
            assert time.monotonic() < end, condition
            time.sleep(0.02)

    def value(self, expression):
        """Of an expression of the page."""
        done = self.ask("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in done, done["exceptionDetails"]
        return done["result"].get("value")

    def text(self, selector):
        return self.value(f"document.querySelector({json.dumps(selector)}).textContent")

    def texts(self, selector):
        """Of all elements that can be seen."""
        return self.value(
            f"[...document.querySelectorAll({json.dumps(selector)})].filter(one => one.offsetParent).map(one => one.textContent)"
        )

    def click(self, selector):
        self.value(f"document.querySelector({json.dumps(selector)}).click()")

    def key(self, name):
        text = {"text": name} if len(name) == 1 else {}
        self.ask("Input.dispatchKeyEvent", type="keyDown", key=name, **text)
        self.ask("Input.dispatchKeyEvent", type="keyUp", key=name)

    def look(self, *, width=1280, height=900, dark=False):
        """The window's size and theme."""
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        theme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.ask("Emulation.setEmulatedMedia", features=[theme])

    def picture(self):
        """A PNG of the whole page."""
        return base64.b64decode(self.ask("Page.captureScreenshot", captureBeyondViewport=True)["data"])


@contextmanager
def browser(profile):
    """A page in a browser that ends afterwards. `profile`: a folder for it."""
    commands, answers = os.pipe(), os.pipe()
    theirs = [fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in (commands[0], answers[1])]
    process = subprocess.Popen(
        [sys.executable, "-c", AS_IT_READS, *map(str, theirs), CHROMIUM, *FLAGS, f"--user-data-dir={profile}"],
        pass_fds=theirs, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    for end in (commands[0], answers[1], *theirs):
        os.close(end)
    try:
        yield Page(answers[0], commands[1])
    finally:
        process.kill()
        process.wait()
        os.close(commands[1])
        os.close(answers[0])
