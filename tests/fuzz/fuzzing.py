"""Hostile input to the command line: mutated files, odd expressions and arguments, hostile surroundings.

`python tests/fuzz/fuzzing.py --seconds 3600 --seed 1 --keep DIR` goes on for an hour. Whatever ends in another exit code than
the documented ones, in a traceback or an internal error, or much later than its limits is printed, and its file is kept.
"""

from __future__ import annotations

import argparse
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
SEEDS = sorted([*ROOT.glob("scenarios/**/*.yaml"), *ROOT.glob("tests/faults/cases/*.yaml")])
FINE = frozenset({0, 1, 2, 3, 5})
LIMIT, SLACK = 2, 6
"""Seconds that a file and a search are given, and what a start, a report and more than one run may compute beyond."""
SEARCHING = ("explore", "replay")
"""Commands whose search has a limit of its own, a minute if none is given."""
BUSY = 90
"""Seconds after which something hangs, on a busy machine too."""

ODD = [
    "0", "-1", "10 ** 400", "1e400", "float('nan')", "float('inf')", "'x'", "''", "None", "True", "[]", "()", "{}", "[[]]", "{0}",
    "'a' * 1000000", "[0] * 1000000", "[[0] * 1000] * 1000", "range(10 ** 9)", "2 ** 9999", "'\\ud800'", "x[x]", "1 / 0", "[].pop()",
    "sorted([1, 'a'])", "{}['k']", "[*[]]", "(lambda: 0)", "x.__class__", "[i for i in range(1000) for j in range(1000)]",
    "sum(range(1000000))", "max([])", "int('x')", "-0.0", "[1] == [1.0]", "not not x", "x if x else x", "a, b", "*x", "'{' * 9",
]  # fmt: skip
WORDS = [
    "true", "null", "~", "[]", "{}", "1_000", "-", "'", '"', "&a", "*a", "!t", "\t", "\u2028", "é", "\x00", "pass", "break",
    "return: 1", "n = true", "x += [x]", "raise: KeyError", "choose: c", "atomic: [pass]", "await: false", "sleep: -1", "acquire: x",
]  # fmt: skip
COMMANDS = [
    ["validate"], ["run"], ["run", "--times", "3"], ["run", "--stress"], ["list"], ["show"], ["export", "--to", "promela"],
    ["explore"], ["explore", "--odds"], ["explore", "--no-reduction"], ["explore", "--clock", "virtual"], ["explore", "--spurious"],
    ["explore", "--keep-going"], ["explore", "--wake", "fifo"], ["replay"], ["replay", "--schedule", "1:00:A*3"],
]  # fmt: skip
ARGUMENTS = [
    ["-p", "s=\udcff"], ["-p", "n=10 ** 400"], ["-p", "=1"], ["-p", "n=[1"], ["-k", "("], ["-t", ""], ["--output-format", "json"],
    ["--output-format", "junit"], ["--output-format", "sarif"], ["--output-format", "github"], ["--color", "always"], ["-o", "/"],
    ["--max-states", "0"], ["--max-seconds", "nan"], ["--times", "0"], ["--seed", "-1"], ["--jobs", "2"], ["--exclude", "["], ["\udcff"],
]  # fmt: skip
PLACES = {
    "": "",
    "few file descriptors": "ulimit -n 16; ",
    "a directory that is gone": "mkdir gone && cd gone && rmdir ../gone; ",
    "no home": "unset HOME; ",
    "no temporary directory": "export TMPDIR=/nowhere; ",
    "output that nobody reads": "",
    "another encoding": "export PYTHONIOENCODING=ascii LC_ALL=C; ",
    "little memory": "ulimit -v 1500000; ",
}


@dataclass
class Trial:
    """One command, on one file, somewhere."""

    text: str
    command: list[str]
    place: str = ""
    said: str = field(default="", init=False)

    def run(self, folder: Path) -> str:
        """What is wrong with how it ended; nothing if it is right."""
        file = folder / "x.scenario.yaml"
        file.write_text(self.text, encoding="utf-8", errors="surrogateescape")
        command = [sys.executable, "-m", "scenario", self.command[0], str(file), *self.command[1:]]
        if self.command[0] in SEARCHING and "--max-seconds" not in self.command:
            command += ["--max-seconds", str(LIMIT)]
        after = " | head -1 >/dev/null; exit ${PIPESTATUS[0]}" if self.place == "output that nobody reads" else ""
        shell = ["bash", "-c", f'{PLACES[self.place]}"$@"{after}', "bash", *command]
        before = _computed()
        try:
            done = subprocess.run(shell, cwd=folder, capture_output=True, timeout=BUSY, check=False)
        except subprocess.TimeoutExpired:
            return "it hangs"
        if (took := _computed() - before) > LIMIT * self.runs() + SLACK:
            return f"past its limit, {took:.1f} s"
        self.said = (done.stdout + done.stderr).decode(errors="replace")
        if done.returncode not in FINE:
            return f"exit code {done.returncode}"
        is_ours = (
            "internal error" in self.said or 'Traceback (most recent call last):\n  File "' + str(ROOT) in self.said
        )
        return "an internal error" if is_ours else ""

    def runs(self) -> int:
        """How many runs or searches may take their whole time: one a runtime, each as often as `--times` says."""
        times = int(self.command[self.command.index("--times") + 1]) if "--times" in self.command else 1
        runtimes = re.search(r"^runtimes: \[(.*)\]", self.text, re.MULTILINE)
        return max(times, 1) * (runtimes[1].count(",") + 1 if runtimes else 1)


def _computed() -> float:
    """Seconds of the processor in child processes so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def trials(seed: int) -> Iterator[Trial]:
    """Without end; the same for the same seed."""
    chance = random.Random(seed)
    while True:
        text = mutated(chance, chance.choice(SEEDS).read_text(encoding="utf-8"))
        command = list(chance.choice(COMMANDS))
        if chance.random() < 0.3:
            command += chance.choice(ARGUMENTS)
        yield Trial(limited(text), command, chance.choice(list(PLACES)) if chance.random() < 0.2 else "")


def mutated(chance: random.Random, text: str) -> str:
    """A few changes to lines, values and characters."""
    for _ in range(chance.choice([1, 1, 2, 3])):
        text = chance.choice(CHANGES)(chance, text)
    return text


def limited(text: str) -> str:
    """With a limit for real runs."""
    return re.sub(r"^timeout:.*\n", "", text, flags=re.MULTILINE).rstrip("\n") + f"\ntimeout: {LIMIT}\n"


def _value(chance: random.Random, text: str) -> str:
    """Another value at one place."""
    places = list(re.finditer(r"(?<=[:=] )[^\s,\]}\[{][^,\]}\n]*", text))
    if not places:
        return text
    place = chance.choice(places)
    odd = chance.choice(ODD)
    quoted = odd if text[place.start() - 2] == "=" else f'"{odd}"'
    return text[: place.start()] + chance.choice([quoted, chance.choice(WORDS)]) + text[place.end() :]


def _lines(chance: random.Random, text: str) -> str:
    """A line left out, said twice, or moved."""
    lines = text.splitlines(keepends=True)
    line = chance.randrange(len(lines))
    taken = lines.pop(line) if chance.random() < 0.7 else lines[line]
    if chance.random() < 0.6:
        lines.insert(chance.randrange(len(lines) + 1), taken)
    return "".join(lines)


def _character(chance: random.Random, text: str) -> str:
    place = chance.randrange(len(text))
    return text[:place] + chance.choice(WORDS + ODD) + text[place + chance.randrange(3) :]


def _number(chance: random.Random, text: str) -> str:
    places = list(re.finditer(r"\b\d+\b", text))
    if not places:
        return text
    place = chance.choice(places)
    return text[: place.start()] + chance.choice(["0", "1", "7", "200", "100000", "-1", "0.5"]) + text[place.end() :]


def _verb(chance: random.Random, text: str) -> str:
    """One word of the file where another stands."""
    words = list(re.finditer(r"\b[a-z_]{2,}\b", text))
    one, other = chance.choice(words), chance.choice(words)
    return text[: one.start()] + other.group() + text[one.end() :]


CHANGES = [_value, _value, _value, _lines, _character, _number, _number, _verb]


def main() -> int:
    """Goes on for so long; one line and one file for each that went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, default=Path("fuzz-findings"))
    given = parser.parse_args()
    end, tried, wrong = time.monotonic() + given.seconds, 0, 0
    for trial in trials(given.seed):
        if time.monotonic() > end:
            break
        tried += 1
        with tempfile.TemporaryDirectory() as folder:
            what = trial.run(Path(folder))
        if what:
            wrong += 1
            given.keep.mkdir(exist_ok=True)
            kept = given.keep / f"{given.seed}-{tried}.yaml"
            kept.write_text(trial.text, encoding="utf-8", errors="surrogateescape")
            print(f"{kept}: {what}: {trial.command} {trial.place}\n{trial.said[-500:]}", flush=True)  # noqa: T201
    print(f"{tried} tried, {wrong} went wrong")  # noqa: T201
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
