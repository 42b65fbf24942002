"""The one verb of a step; where it has none or several, the one that was probably meant."""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Mapping as Table
from typing import TypeAlias

from scenario.diagnostics import Diagnostic, did_you_mean, similar
from scenario.spec import codes
from scenario.spec.faults import Fault
from scenario.spec.readers.model import Model
from scenario.spec.readers.scalars import span_of
from scenario.spec.readers.shape import SURE
from scenario.spec.recovery import anything, doubt
from scenario.spec.yaml.values import Key, Mapping, Text

Verbs: TypeAlias = Table[str, type[Model]]


class WrongVerb(Fault):
    """A step without its one verb; `verbs` are those of a step with several, `word` is an unknown one."""

    def __init__(self, diagnostic: Diagnostic, verbs: Iterable[str] = (), word: str = "") -> None:
        super().__init__((diagnostic,))
        self.verbs = tuple(verbs)
        self.word = word


def verb_of(step: Mapping, verbs: Verbs) -> str:
    """The one verb of a step; a verb that is another's modifier (`wait` of `shutdown`) does not count, nor `timeout` without `do`."""
    has = [key for key in step if isinstance(key, str) and key in verbs and _is_whole(step, verbs[key], key)]
    if len(has) > 1:
        has = [verb for verb in has if not any(o != verb and verb in verbs[o].known_keys for o in has)]
    if len(has) == 1:
        return has[0]
    raise WrongVerb(_two_verbs(step, has), has) if has else _no_verb(step, verbs)


def is_modifier_too(model: type[Model]) -> bool:
    """Whether what is a verb with its body is a modifier without: `timeout`."""
    return len(model.required_keys) > 1 and model.called == "`timeout`"


def _is_whole(step: Mapping, model: type[Model], verb: str) -> bool:
    return not is_modifier_too(model) or verb not in step or model.required_keys <= step.keys()


def _two_verbs(step: Mapping, verbs: list[str]) -> Diagnostic:
    listed = " and ".join(f"`{verb}`" for verb in verbs)
    hint = "write each verb as a step of its own, with its own `- `"
    return Diagnostic(codes.TWO_VERBS, f"a step has one verb; this one has {listed}", step.key_spans[verbs[1]], hint)


def _no_verb(step: Mapping, verbs: Verbs) -> WrongVerb:
    if not step:
        return WrongVerb(Diagnostic(codes.NO_VERB, "this step is empty", step.span))
    odd = [key for key in step if not (isinstance(key, Text) and key.replace("-", "_").isidentifier())]
    if odd:
        return WrongVerb(_statement_split_by_yaml(step, odd[0], verbs))
    modifiers = frozenset().union(*(model.known_keys for model in verbs.values()))
    unknown = [key for key in step if key not in modifiers]
    first = str(unknown[0] if unknown else next(iter(step)))
    span = step.key_spans[first]
    if not unknown:
        return WrongVerb(Diagnostic(codes.NO_VERB, f"`{first}` is a modifier, and this step has no verb", span))
    hint = did_you_mean(first, verbs, "a step is a statement, or a mapping with one verb and its modifiers")
    return WrongVerb(Diagnostic(codes.UNKNOWN_VERB, f"unknown verb `{first[:60]}`", span, hint), word=first)


def _statement_split_by_yaml(step: Mapping, key: Key, verbs: Verbs) -> Diagnostic:
    span = step.key_spans.get(key, span_of(step))
    word = str(key).split(" ", 1)[0]
    if word in verbs and word != str(key):
        hint = f"write the step as a mapping: `{word}: {str(key)[len(word) + 1 :][:60]}`"
        return Diagnostic(codes.QUOTE_THIS, f"`{word}` is a verb, and its colon comes right after it", span, hint)
    message = "YAML reads this statement as a mapping (because of `{`, or a colon with a space after it)"
    return Diagnostic(codes.QUOTE_THIS, message, span, "quote the whole statement")


def meant(step: Mapping, error: WrongVerb, verbs: Verbs) -> tuple[str, Mapping] | None:
    """The verb that was misspelt, or the first of several with its own modifiers; and the step with it alone."""
    if error.verbs:
        first = error.verbs[0]
        has_all = verbs[first].required_keys <= step.keys()
        return (first, _only(step, verbs[first].known_keys)) if has_all else None
    verb = similar(error.word, verbs, SURE)
    return None if verb is None else (verb, _renamed(step, error.word, verb))


def _renamed(step: Mapping, old: Key, new: str) -> Mapping:
    renamed = Mapping(step.span)
    for key, item in step.items():
        name = Text(new, step.key_spans[key]) if key == old else key
        renamed[name] = item
        renamed.key_spans[name] = step.key_spans[key]
    return renamed


def _only(step: Mapping, keys: frozenset[str]) -> Mapping:
    kept = Mapping(step.span)
    for key, item in step.items():
        if key in keys:
            kept[key] = item
            kept.key_spans[key] = step.key_spans[key]
        else:
            doubt(anything(item))
    return kept


def assigned(step: object) -> Iterable[str]:
    """The names that a step which can not be read may assign."""
    if not isinstance(step, Text):
        return anything(step)
    left, equals, _ = step.rpartition("=")
    if equals:
        return anything(Text(left))
    return anything(step) if re.match(_BINDS, step) else ()


_BINDS = r"\s*(?:async|class|def|for|from|global|import|nonlocal|with)\b"
