"""What `show` prints: cases of a scenario explained, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from scenario.report.style import Style
from scenario.report.values import json_value, json_values, text_value
from scenario.results.explained import Body, Explained, Line, Uses

Section: TypeAlias = tuple[str, list[str]]
"""A heading and the lines below it."""
BETWEEN = "Each step is indivisible; between two of them any other thread may come in."
BETWEEN_TASKS = (
    "On asyncio a task takes one step after the other until it has to wait (it sleeps, a lock is held, a queue is empty): "
    "only there another comes in."
)
LONGEST = 50
"""Characters of a line of the file that are shown."""


def explained_text(cases: Sequence[Explained], style: Style) -> Iterator[str]:
    """A file's cases; of the second and further ones what is not the same as in the first."""
    first: list[Section] = []
    for number, case in enumerate(cases):
        yield from ["", *_head(case, style, described=False)] if number else _head(case, style)
        sections = [*_sections(case)]
        for heading, lines in sections:
            if not number or (heading, lines) not in first:
                yield f"\n{style.bold(heading)}"
                yield from (part for line in lines for part in style.filled(line))
        if number:
            yield "\nthe rest as above"
        else:
            first = sections


def legend(cases: Sequence[Explained], style: Style) -> Iterator[str]:
    """How all of these are to be read."""
    on_asyncio = [case.runtime == "asyncio" for case in cases]
    yield from [] if all(on_asyncio) else [BETWEEN]
    yield from style.filled(BETWEEN_TASKS) if any(on_asyncio) else []
    yield "Lines not listed take no step."


def explained_object(case: Explained) -> dict[str, object]:
    """One element of `results`; within `steps` what is done in one indivisible step is a list."""
    return {
        "file": case.file,
        "scenario": case.scenario,
        "description": case.description,
        "tags": list(case.tags),
        "runtime": case.runtime,
        "explored": dict(case.explored),
        "params": json_values(case.params),
        "vars": [{"name": v.name, "value": json_value(v.value), "uses": json_values(v.uses)} for v in case.variables],
        "primitives": [
            {"name": p.name, "kind": p.kind, "count": p.count, "uses": json_values(p.uses)} for p in case.primitives
        ],
        "threads": [
            {"name": t.name, "kind": t.kind, "count": t.count, "daemon": t.daemon, "uses": json_values(t.uses)}
            for t in case.threads
        ],
        "bodies": [{"name": body.name, "lines": [_line_object(line) for line in body.lines]} for body in case.bodies],
    }


def _line_object(line: Line) -> dict[str, object]:
    return {"line": line.line, "text": line.text, "steps": [list(step) for step in line.steps]}


def _head(case: Explained, style: Style, *, described: bool = True) -> Iterator[str]:
    yield style.bold(f"{case.file}: {case.scenario}") + (f" [{case.case}]" if case.case else "")
    if case.description and described:
        yield from style.filled(f"  {case.description}")
    if case.params:
        params = ", ".join(f"{name} = {text_value(value)}" for name, value in case.params.items())
        yield from style.filled(f"  for {params}")
    if case.explored:
        settings = ", ".join(f"{name} {value}" for name, value in case.explored.items())
        yield from style.filled(f"  explored with {settings}")


def _sections(case: Explained) -> Iterator[Section]:
    tables = {
        "shared variables": [(v.name, f"= {text_value(v.value)}", _uses(v.uses)) for v in case.variables],
        "primitives": [(p.name, _times(p.count, p.kind), _uses(p.uses)) for p in case.primitives],
        "threads": [
            (t.name, _times(t.count, t.kind) + (", daemon" if t.daemon else ""), _uses(t.uses)) for t in case.threads
        ],
    }
    yield from ((heading, [*_table(rows)]) for heading, rows in tables.items() if rows)
    for body in case.bodies:
        yield f"the steps of {body.name}", [*_steps(body)]


def _uses(uses: Uses) -> str:
    return "; ".join(f"{what} by {', '.join(bodies)}" for what, bodies in uses.items())


def _times(count: int | None, kind: str) -> str:
    return kind if count is None else f"{count} × {kind}"


def _steps(body: Body) -> Iterator[str]:
    texts = [line.text if len(line.text) <= LONGEST else f"{line.text[: LONGEST - 1]}…" for line in body.lines]
    width = max(map(len, texts), default=0)
    for line, text in zip(body.lines, texts, strict=True):
        yield f"  {line.line:>4}  {text:<{width}}  {' · '.join(map(_together, line.steps))}"
    if not body.lines:
        yield "  (none)"


def _together(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"as one: {', '.join(parts)}"


def _table(rows: Sequence[tuple[str, str, str]]) -> Iterator[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(2)]
    for name, what, rest in rows:
        yield f"  {name:<{widths[0]}}  {what:<{widths[1]}}  {rest}".rstrip()
