"""A `match` as a chain of tests, with a gate before each look that its patterns take: in the order, and as many at once, as CPython's instructions.

One instruction compares, asks for a length, unpacks, looks up all keys of a mapping, or checks a class and reads all of its attributes:
each is one step here too. Names are bound once the whole pattern fits, before the guard.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from scenario.engines.code.rewriting.expressions import Expressions
from scenario.engines.code.rewriting.gates import Gates, call
from scenario.engines.code.rewriting.names import Names
from scenario.engines.code.rewriting.trees import located

SUBJECT = "@subject"


class Patterns:
    """Rewrites those of one module. What is looked at has a name that no program can write, for as long as the test of a case takes."""

    def __init__(self, gates: Gates, names: Names, expressions: Expressions) -> None:
        self._gates, self._names, self._expressions = gates, names, expressions
        self._count = 0
        self._captured: list[str] = []

    def begin(self, node: ast.Match) -> ast.stmt:
        """Keeps the subject."""
        return located(node, ast.Assign([_store(SUBJECT)], self._expressions.seen(node.subject)))

    def test(self, case: ast.match_case, text: str) -> tuple[ast.expr, list[str]]:
        """Whether the case is the one, with its names bound; and what it has kept. `text`: the subject's."""
        self._count, self._captured = 0, []
        parts = [self._fits(case.pattern, SUBJECT, text)]
        captured = dict.fromkeys(self._captured)
        parts += [self._bound(case.pattern, name) for name in captured]
        if case.guard is not None:
            parts.append(self._expressions.tested(case.guard))
        kept = [SUBJECT, *(f"@{number}" for number in range(self._count)), *map(_capture, captured)]
        return located(case.pattern, _all(parts)), kept

    def end(self, node: ast.AST, kept: Sequence[str]) -> ast.stmt:
        """Nothing is kept alive by what was only looked at."""
        return located(node, ast.Assign([_store(name) for name in kept], ast.Constant(None)))

    def _bound(self, pattern: ast.pattern, name: str) -> ast.expr:
        target = ast.copy_location(_store(name), pattern)
        return _true(ast.NamedExpr(target, self._names.bound(_load(_capture(name)), [target])))

    # --- patterns: each is an expression that tells whether what has this name fits ----------------------

    def _fits(self, pattern: ast.pattern, of: str, text: str) -> ast.expr:
        match pattern:
            case ast.MatchValue(value=value):
                equal = ast.Constant("eq"), _load(of), self._expressions.seen(value)
                whole = f"{text} == {ast.unparse(value)}"
                return self._gate("truth", pattern, whole, self._gate("binary", pattern, whole, *equal))
            case ast.MatchSingleton(value=value):
                return ast.Compare(_load(of), [ast.Is()], [ast.Constant(value)])
            case ast.MatchAs(pattern=inner, name=name):
                first = [] if inner is None else [self._fits(inner, of, text)]
                return _all([*first, self._capture(name, _load(of))])
            case ast.MatchOr(patterns=patterns):
                return ast.BoolOp(ast.Or(), [self._fits(each, of, text) for each in patterns])
            case ast.MatchSequence(patterns=patterns):
                return _all(list(self._sequence(pattern, patterns, of, text)))
            case ast.MatchMapping():
                return _all(list(self._mapping(pattern, of, text)))
            case ast.MatchClass():
                return _all(list(self._class(pattern, of, text)))
            case _:
                raise AssertionError(pattern)

    def _capture(self, name: str | None, value: ast.expr) -> ast.expr:
        if name is None:
            return ast.Constant(True)
        self._captured.append(name)
        return _true(ast.NamedExpr(_store(_capture(name)), value))

    def _sequence(
        self, pattern: ast.MatchSequence, patterns: Sequence[ast.pattern], of: str, text: str
    ) -> Iterator[ast.expr]:
        star = next((place for place, each in enumerate(patterns) if isinstance(each, ast.MatchStar)), None)
        yield call("sequence", pattern, _load(of))
        least = len(patterns) - (star is not None)
        if least or star is None:
            yield self._gate(
                "length", pattern, f"len({text})", _load(of), ast.Constant(least), ast.Constant(star is not None)
            )
        if all(map(_is_wildcard, patterns)):
            return
        if star is not None and _is_wildcard(patterns[star]):
            yield from self._by_index(patterns, star, of, text)
            return
        counts = ast.Constant(least if star is None else star), ast.Constant(None if star is None else least - star)
        items = self._new()
        yield _true(ast.NamedExpr(_store(items), self._gate("unpack", pattern, text, _load(of), *counts)))
        yield from self._parts(patterns, items, [f"{text}[{place}]" for place in range(len(patterns))])

    def _by_index(self, patterns: Sequence[ast.pattern], star: int, of: str, text: str) -> Iterator[ast.expr]:
        for place, each in enumerate(patterns):
            if _is_wildcard(each):
                continue
            at = place if place < star else place - len(patterns)
            item = self._new()
            gate = self._gate("nth", each, f"{text}[{at}]", _load(of), ast.Constant(at))
            yield _true(ast.NamedExpr(_store(item), gate))
            yield self._fits(each, item, f"{text}[{at}]")

    def _parts(self, patterns: Sequence[ast.pattern], items: str, texts: Sequence[str]) -> Iterator[ast.expr]:
        """Each of what was taken apart."""
        for place, (each, text) in enumerate(zip(patterns, texts, strict=True)):
            part = ast.Subscript(_load(items), ast.Constant(place), ast.Load())
            if isinstance(each, ast.MatchStar):
                yield self._capture(each.name, part)
            elif not _is_wildcard(each):
                item = self._new()
                yield _true(ast.NamedExpr(_store(item), part))
                yield self._fits(each, item, text)

    def _mapping(self, pattern: ast.MatchMapping, of: str, text: str) -> Iterator[ast.expr]:
        yield call("mapped", pattern, _load(of))
        if pattern.keys:
            least = ast.Constant(len(pattern.keys)), ast.Constant(True)
            yield self._gate("length", pattern, f"len({text})", _load(of), *least)
        if not (pattern.keys or pattern.rest):
            return
        keys, values = self._new(), self._new()
        every = ast.Tuple([self._expressions.seen(key) for key in pattern.keys], ast.Load())
        yield _true(ast.NamedExpr(_store(keys), every))
        if pattern.keys:
            yield _found(values, self._gate("keys", pattern, text, _load(of), _load(keys)))
        yield from self._parts(pattern.patterns, values, [f"{text}[{ast.unparse(key)}]" for key in pattern.keys])
        if pattern.rest is not None:
            yield self._capture(pattern.rest, self._gate("rest", pattern, text, _load(of), _load(keys)))

    def _class(self, pattern: ast.MatchClass, of: str, text: str) -> Iterator[ast.expr]:
        values = self._new()
        names = ast.Tuple([ast.Constant(name) for name in pattern.kwd_attrs], ast.Load())
        given = self._expressions.seen(pattern.cls), ast.Constant(len(pattern.patterns)), names
        yield _found(values, self._gate("instance", pattern, text, _load(of), *given))
        texts = [
            *(f"{text} ({ast.unparse(pattern.cls)} {place})" for place in range(len(pattern.patterns))),
            *(f"{text}.{name}" for name in pattern.kwd_attrs),
        ]
        yield from self._parts([*pattern.patterns, *pattern.kwd_patterns], values, texts)

    # --- trees ------------------------------------------------------------------------------------------

    def _gate(self, gate: str, node: ast.pattern, text: str, *operands: ast.expr) -> ast.expr:
        return call(gate, node, self._gates.place(node, text), *operands)

    def _new(self) -> str:
        self._count += 1
        return f"@{self._count - 1}"


def _capture(name: str) -> str:
    return f"@={name}"


def _is_wildcard(pattern: ast.pattern) -> bool:
    return isinstance(pattern, ast.MatchAs | ast.MatchStar) and pattern.name is None and not _inner(pattern)


def _inner(pattern: ast.pattern) -> ast.pattern | None:
    return pattern.pattern if isinstance(pattern, ast.MatchAs) else None


def _all(parts: Sequence[ast.expr]) -> ast.expr:
    return parts[0] if len(parts) == 1 else ast.BoolOp(ast.And(), list(parts))


def _true(value: ast.expr) -> ast.expr:
    """Computed, and whatever it is the test goes on."""
    return ast.Tuple([value], ast.Load())


def _found(name: str, value: ast.expr) -> ast.expr:
    """Kept, unless there is nothing."""
    return ast.Compare(ast.NamedExpr(_store(name), value), [ast.IsNot()], [ast.Constant(None)])


def _store(name: str) -> ast.Name:
    return ast.Name(name, ast.Store())


def _load(name: str) -> ast.Name:
    return ast.Name(name, ast.Load())
