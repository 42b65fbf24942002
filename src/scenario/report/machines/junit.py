"""`--output-format junit`: the XML that CI servers read, one testcase a scenario or case."""

from __future__ import annotations

import re
from collections import Counter
from xml.etree import ElementTree as ET

from scenario.report.full import result_text
from scenario.report.reporter import Silent, Write
from scenario.report.style import Style
from scenario.report.words.failures import message
from scenario.results.result import Report, Result

FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 can not hold, not even escaped."""


class JUnit(Silent):
    """Nothing until all results are there: the counts stand at the top."""

    def __init__(self, write: Write, _style: Style) -> None:
        self._write = write

    def finish(self, report: Report) -> None:
        cases = [testcase(result) for result in report.results]
        counts = Counter(child.tag for case in cases for child in case)
        attributes = {
            "name": f"scenario {report.command}",
            "tests": str(len(cases)),
            "failures": str(counts["failure"]),
            "errors": str(counts["error"]),
            "skipped": str(counts["skipped"]),
            "time": f"{report.seconds:.3f}",
        }
        suite = ET.Element("testsuite", attributes)
        suite.extend(cases)
        suites = ET.Element("testsuites", {name: attributes[name] for name in attributes if name != "skipped"})
        suites.append(suite)
        ET.indent(suites)
        self._write(f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(suites, encoding="unicode")}')


def testcase(result: Result) -> ET.Element:
    """At most one of `skipped`, `error` (the tool could not say) and `failure`, then what was printed."""
    name = f"{result.scenario or result.file}{f'[{result.case}]' if result.case else ''}"
    case = ET.Element(
        "testcase", {"classname": clean(result.file), "name": clean(name), "time": f"{_took(result):.3f}"}
    )
    word = result.verdict.word
    if result.fault is not None:
        _add(case, "error", "internal error", result.fault, result)
    elif word == "skipped":
        ET.SubElement(case, "skipped", {"message": clean("; ".join(result.verdict.reasons))})
    elif word == "undecided":
        _add(case, "error", word, "; ".join(result.verdict.reasons), result)
    elif word == "invalid":
        first = next(d for d in result.diagnostics if d.severity == "error")
        _add(case, "error", first.code, first.message, result)
    elif word == "fails":
        evidence = next((e for e in result.verdict.evidence if not e.expected), None)
        kind, said = (evidence.failure.kind, message(evidence.failure)) if evidence else (word, "")
        _add(case, "failure", kind, said, result)
    if result.output:
        printed = "\n".join(f"  | {line}" for line in result.output)  # none of its lines begins one of ours
        ET.SubElement(case, "system-out").text = clean(printed)
    return case


def clean(text: str) -> str:
    """The text as far as XML can hold it."""
    return FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)


def _add(case: ET.Element, tag: str, kind: str, message: str, result: Result) -> None:
    text = "\n".join(result_text(result, Style()))
    ET.SubElement(case, tag, {"type": kind, "message": clean(message)}).text = clean(text)


def _took(result: Result) -> float:
    """Seconds: of the one run, or of the search."""
    return result.search.exploration.seconds if result.search else result.elapsed or 0.0
