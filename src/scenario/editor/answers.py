"""What is known of a text, as the protocol of language servers says it."""

from __future__ import annotations

import re

import yaml
from lsprotocol import types as t

from scenario.editor.desk import Sheet
from scenario.editor.fitting import Fit, fitting
from scenario.editor.text import Range
from scenario.editor.wire import Mistake, Named
from scenario.language.primitives import KINDS
from scenario.language.verbs import MODIFIERS, VERBS
from scenario.spec import manual

_KINDS = {
    "verb": t.CompletionItemKind.Keyword, "modifier": t.CompletionItemKind.Property, "key": t.CompletionItemKind.Property,
    "name": t.CompletionItemKind.Variable, "kind": t.CompletionItemKind.Class, "function": t.CompletionItemKind.Function,
}  # fmt: skip


def range_of(given: Range) -> t.Range:
    return t.Range(t.Position(given[0], given[1]), t.Position(given[2], given[3]))


def diagnostics(sheet: Sheet) -> list[t.Diagnostic]:
    """What is wrong with the text, and what exploring this very version has found."""
    found = [_diagnostic(one, "scenario") for one in sheet.facts.mistakes]
    if sheet.explored is not None and sheet.tried == sheet.version:
        found += [_diagnostic(one, "scenario explore") for one in sheet.explored.failures]
    return found


def _diagnostic(one: Mistake, source: str) -> t.Diagnostic:
    severity = t.DiagnosticSeverity.Error if one.severity == "error" else t.DiagnosticSeverity.Warning
    return t.Diagnostic(range_of(one.range), one.message, severity=severity, code=one.code, source=source)


def actions(sheet: Sheet, asked: t.Range) -> list[t.CodeAction]:
    """What mends the mistakes on the lines that are asked about."""
    found = []
    for one in sheet.facts.mistakes:
        if one.mend is None or one.range[2] < asked.start.line or one.range[0] > asked.end.line:
            continue
        edit = t.WorkspaceEdit({sheet.uri: [t.TextEdit(range_of(one.mend.range), one.mend.right)]})
        found.append(
            t.CodeAction(
                f"Write `{one.mend.right}`",
                kind=t.CodeActionKind.QuickFix,
                diagnostics=[_diagnostic(one, "scenario")],
                is_preferred=True,
                edit=edit,
            )
        )
    return found


def completions(sheet: Sheet, at: t.Position) -> list[t.CompletionItem]:
    lines = sheet.lines
    line = _up_to(lines[at.line] if at.line < len(lines) else "", at.character)
    found = dict.fromkeys(fitting(lines[: at.line], line, sheet.facts))
    return [_item(one, number) for number, one in enumerate(found)]


def _item(one: Fit, number: int) -> t.CompletionItem:
    return t.CompletionItem(
        one.label,
        kind=_KINDS[one.what],
        documentation=t.MarkupContent(t.MarkupKind.Markdown, one.about) if one.about else None,
        insert_text=one.label + one.then,
        sort_text=f"{number:04}",
    )


def hovered(sheet: Sheet, at: t.Position) -> t.Hover | None:
    """A name of the file, or a word of the language."""
    named = place(sheet, at)
    if named is not None:
        return t.Hover(t.MarkupContent(t.MarkupKind.Markdown, named.about), place_of(sheet, at))
    line = sheet.lines[at.line] if at.line < len(sheet.lines) else ""
    for word in re.finditer(r"\w+", line):
        if len(_up_to(line, at.character)) in range(word.start(), word.end() + 1):
            said = _word(word[0], is_key=line[word.end() :].lstrip(" ").startswith(":"), is_top=word.start() == 0)
            return None if said is None else t.Hover(t.MarkupContent(t.MarkupKind.Markdown, said))
    return None


def _word(word: str, *, is_key: bool, is_top: bool) -> str | None:
    if word in KINDS:
        return KINDS[word].about
    if not is_key:
        return None
    if is_top and word in manual.FILE:
        return _with_example(*manual.FILE[word], word)
    if word in VERBS:
        return f"{VERBS[word].about}\n```yaml\n- {yaml.safe_dump(dict(VERBS[word].example), default_flow_style=True, sort_keys=False).strip()}\n```"
    for table in (MODIFIERS, manual.THREAD, manual.EXPECT, manual.ROUTINE, manual.EXPLORE):
        if word in table:
            return _with_example(*table[word], word)
    return None


def _with_example(about: str, example: object, word: str) -> str:
    shown = yaml.safe_dump({word: example}, default_flow_style=None, sort_keys=False).strip()
    return f"{about}\n```yaml\n{shown}\n```"


def place(sheet: Sheet | None, at: t.Position) -> Named | None:
    """The name that stands there."""
    found = _found(sheet, at)
    return None if found is None else found[0]


def place_of(sheet: Sheet | None, at: t.Position) -> t.Range | None:
    """Where the name that stands there stands."""
    found = _found(sheet, at)
    return None if found is None else range_of(found[1])


def _found(sheet: Sheet | None, at: t.Position) -> tuple[Named, Range] | None:
    if sheet is None or sheet.seen != sheet.version:
        return None
    for named in sheet.facts.names:
        for use in named.uses:
            if use[0] == at.line and use[1] <= at.character <= use[3]:
                return named, use
    return None


def lens(sheet: Sheet, command: str) -> list[t.CodeLens]:
    """Above the scenario's name: the verdict on this very version, or the offer to find it."""
    if not sheet.facts.valid or sheet.facts.line < 0:
        return []
    said = sheet.explored.verdict if sheet.explored is not None and sheet.tried == sheet.version else "explore"
    line = sheet.facts.line
    whole = t.Range(t.Position(line, 0), t.Position(line, 1))
    return [t.CodeLens(whole, t.Command(said, command, arguments=[sheet.uri]))]


def _up_to(line: str, units: int) -> str:
    """The line up to a column in UTF-16 units."""
    return line.encode("utf-16-le", "surrogatepass")[: 2 * units].decode("utf-16-le", "replace")
