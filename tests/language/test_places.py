"""The places that a new primitive or verb touches: found in the code, and those that CONTRIBUTING names."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from scenario.language.primitives import KINDS, Kind
from scenario.language.verbs import VERBS
from scenario.program.operations import AnyOperation
from scenario.results.waiting import WaitKind

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "scenario"
GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")

WHOLE = {
    "a class a kind": frozenset(kind.__name__ for kind in get_args(Kind)),
    "an entry a kind": frozenset(KINDS),
    "an entry a verb": frozenset(VERBS),
    "a class an operation": frozenset(op.__name__ for op in get_args(AnyOperation)),
    "a wait a kind": frozenset(get_args(WaitKind)),
}
"""What is closed: who adds a member must look at each place that lists them all."""
OF_A_PRIMITIVE = ("a class a kind", "an entry a kind", "a wait a kind")
OF_A_VERB = ("an entry a verb", "a class an operation", "a wait a kind")


def trees(members: frozenset[str]) -> Iterator[tuple[str, ast.Module]]:
    """Of the files that have all of these words."""
    for path in sorted(SOURCE.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if all(name in text for name in members):
            yield path.relative_to(SOURCE).as_posix(), ast.parse(text)


def words(node: ast.AST) -> set[str]:
    """The names and texts in a tree."""
    found = {child.id for child in ast.walk(node) if isinstance(child, ast.Name)}
    found |= {child.attr for child in ast.walk(node) if isinstance(child, ast.Attribute)}
    return found | {
        child.value for child in ast.walk(node) if isinstance(child, ast.Constant) and type(child.value) is str
    }


def lists_all(tree: ast.Module, members: frozenset[str]) -> bool:
    """Whether one `match`, one table or one union mentions them all, and nothing that stands for the others."""
    places = (words(node) for node in ast.walk(tree) if isinstance(node, ast.Match | ast.Dict | ast.AnnAssign))
    return any(members <= named and "Operation" not in named for named in places)


def listed(heading: str) -> set[str]:
    """The files that a section of the guide names, from src/scenario."""
    section = GUIDE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return {name for name in re.findall(r"`([\w/]+\.\w+)`", section) if (SOURCE / name).exists()}


def found(wholes: tuple[str, ...]) -> set[str]:
    return {name for whole in wholes for name, tree in trees(WHOLE[whole]) if lists_all(tree, WHOLE[whole])}


@pytest.mark.parametrize(
    ("heading", "wholes"),
    [("Places that a new primitive touches", OF_A_PRIMITIVE), ("Places that a new verb touches", OF_A_VERB)],
)
def test_the_guide_names_every_place_that_lists_all_kinds_verbs_or_waits(heading, wholes):
    assert found(wholes) - listed(heading) == set()


@pytest.mark.parametrize("heading", ["Places that a new primitive touches", "Places that a new verb touches"])
def test_what_the_guide_names_is_there_and_is_little(heading):
    section = GUIDE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    named = re.findall(r"`([\w/]+\.(?:py|json|md))`", section)
    assert [name for name in named if not ((SOURCE / name).exists() or (ROOT / name).exists())] == []
    assert len(listed(heading)) <= 15
