"""What is known of one text: its mistakes, its names. Nothing of it is executed, and nothing imported."""

from __future__ import annotations

from collections.abc import Iterator

from scenario.commands.loading.compiling import compiled
from scenario.commands.loading.reading import read_model
from scenario.diagnostics import Diagnostic, Instead
from scenario.editor.about import about
from scenario.editor.symbols import Symbol, Symbols, symbols
from scenario.editor.text import Lines, Range, lines_of
from scenario.editor.wire import Facts, Mend, Mistake, Named
from scenario.files.loaded import Loaded
from scenario.files.options import Selection
from scenario.source import Source
from scenario.spec.scenario import Scenario


class _Any(frozenset[str]):
    """Every module: what is compiled imports none."""

    def __contains__(self, _: object) -> bool:
        return True


def facts(text: str, path: str) -> Facts:
    """What there is to say of a text."""
    lines = lines_of(text)
    loaded = read_model(path, Source(path, text))
    model = loaded.model
    checked = compiled(loaded, {}, Selection((path,), allow_python=_Any()))
    mistakes = tuple(_mistake(one, lines) for one in _all(checked))
    if not isinstance(model, Scenario):
        return Facts(mistakes)
    found = symbols(model, lines)
    at = model.key_spans.get("scenario")
    return Facts(
        mistakes,
        tuple(_named(found, model, lines)),
        lines.range(at)[0] if at is not None else -1,
        bool(checked.programs),
    )


def _all(loaded: Loaded) -> Iterator[Diagnostic]:
    yield from loaded.told
    yield from loaded.warnings or ()
    if loaded.fault is not None:
        yield Diagnostic("SC000", f"an internal error of scenario: {loaded.fault}")


def _mistake(one: Diagnostic, lines: Lines) -> Mistake:
    message = one.message if one.hint is None else f"{one.message}\n{one.hint}"
    where = lines.range(one.span)
    mend = None
    if isinstance(one.hint, Instead) and (at := lines.word_in(one.span, one.hint.wrong)) is not None:
        mend = Mend(lines.range(at), one.hint.right)
    return Mistake(where, one.code, message, one.severity, mend)


def _named(found: Symbols, model: Scenario, lines: Lines) -> Iterator[Named]:
    by_symbol: dict[Symbol, list[tuple[bool, Range]]] = {}
    for use in found.uses:
        by_symbol.setdefault(use.symbol, []).append((use.declares, lines.range(use.span)))
    for symbol, places in by_symbol.items():
        declared = next((place for declares, place in places if declares), places[0][1])
        kind, said = about(model, symbol)
        uses = tuple(dict.fromkeys(place for _, place in places))
        within = _within(model, symbol.scope, lines) if symbol.scope else (0, 0)
        yield Named(symbol.name, symbol.scope, kind, said, declared, uses, symbol not in found.unsure, within)


def _within(model: Scenario, scope: str, lines: Lines) -> tuple[int, int]:
    """The lines of a thread, a routine or the main thread."""
    body = model.threads.get(scope) or model.routines.get(scope)
    span = model.at("main") if body is None else body.span
    first, _, last, _ = lines.range(span)
    return first, last
