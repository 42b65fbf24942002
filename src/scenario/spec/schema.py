"""The models -> `schema/scenario.schema.json`, draft-07, shaped by hand for editors.

One flat object a step, `if`/`then` a verb for its modifiers: `oneOf` over the verbs would leave editors
without completions and readers with forty errors for one typo.
"""

from __future__ import annotations

import json
import keyword
from collections.abc import Mapping

from pydantic.fields import FieldInfo

from scenario.language.primitives import ARGUMENTS
from scenario.language.primitives import KINDS as CATALOGUE
from scenario.language.verbs import MODIFIERS, VERBS
from scenario.spec import manual, primitives, steps
from scenario.spec.expectations import Elapsed, Expect, Output, Row, WholeExpect
from scenario.spec.readers.fields import reader_of
from scenario.spec.readers.model import Model
from scenario.spec.readers.scalars import OWN_EXCEPTION, exception_names
from scenario.spec.scenario import OF_A_THREAD, Explore, Requires, Routine, Scenario, Thread
from scenario.spec.schema_fields import FIELDS, FILLED, Json, ref

_NAME = r"^(?!__)[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*$"
_THREAD_NAME = r"^(?!__)[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff-]*$"
_NO_KEYWORD: Json = {"not": {"enum": sorted(keyword.kwlist)}}
_REF = r"^\s*[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff-]*\s*(\[[^]*\])?\s*$".replace("[^]", r"[\s\S]")


def schema() -> Json:
    """The JSON Schema of a scenario file."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Scenario",
        "description": "A concurrency scenario: run on real threads, explored over all interleavings.",
        **_object(Scenario, manual.FILE),
        "anyOf": [{"required": ["threads"], "properties": {"threads": {"minProperties": 1}}}, {"required": ["main"]}],
        "defaultSnippets": [_FILE_SNIPPET],
        "definitions": _definitions(),
    }


def schema_text() -> str:
    """The text of `schema/scenario.schema.json`."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


_FILE_SNIPPET: Json = {
    "label": "scenario",
    "description": "A new scenario",
    "body": {
        "scenario": "${1:name}",
        "vars": {"counter": 0},
        "threads": {"${2:worker}": {"count": 2, "steps": ["counter += 1"]}},
        "expect": ["counter == 2"],
    },
}


def _definitions() -> Json:
    return {
        "name": {"type": "string", "pattern": _NAME, **_NO_KEYWORD},
        "names": {"type": "array", "items": {"$ref": "#/definitions/name"}},
        "thread_name": {"type": "string", "pattern": _THREAD_NAME, **_NO_KEYWORD},
        "text": {"type": ["string", "number", "boolean"]},
        "lines": {"type": "array", "items": {"$ref": "#/definitions/text"}},
        "expr": {"type": ["string", "number", "boolean", "null", "array"], "pattern": FILLED},
        "ref": {"type": "string", "pattern": _REF},
        "refs": {
            "type": ["string", "array"],
            "pattern": _REF,
            "items": {"$ref": "#/definitions/ref"},
            "minItems": 1,
        },
        "target": {
            "type": ["string", "array"],
            "pattern": FILLED,
            "items": {"$ref": "#/definitions/target"},
            "minItems": 1,
        },
        "exception": {
            "type": "string",
            "anyOf": [{"enum": sorted(exception_names())}, {"pattern": f"^{OWN_EXCEPTION}$"}],
        },
        "args": {
            "type": ["object", "array"],
            "propertyNames": {"$ref": "#/definitions/name"},
            "additionalProperties": {"$ref": "#/definitions/expr"},
            "items": {"$ref": "#/definitions/expr"},
        },
        "block": {"type": ["string", "array"], "pattern": FILLED, "items": {"$ref": "#/definitions/step"}},
        "steps": {"type": "array", "items": {"$ref": "#/definitions/step"}},
        "step": _step(),
        "branch": _object(steps.Branch, manual.BRANCH),
        "kind": _kind(),
        "primitive": _primitive(),
        "routine": _object(Routine, manual.ROUTINE),
        "thread": _thread(),
        "output": {**_object(Output, manual.OUTPUT), "type": ["array", "object"], "items": ref("text")},
        "row": _object(Row, manual.OUTCOME),
        "expect": {**_object(WholeExpect, manual.EXPECT), "type": ["array", "object"], "items": ref("expr")},
    }


def _field(field: FieldInfo) -> Json:
    """The schema of a field, by the kind that its reader names."""
    kind = reader_of(field).kind
    match kind:
        case "requires":
            return _object(Requires, manual.REQUIRES)
        case "elapsed":
            return _object(Elapsed, manual.ELAPSED)
        case "runtime_expect":
            return _object(Expect, manual.EXPECT)
        case "explore":
            flag = {"if": {"type": "boolean"}, "then": {"const": False}}
            return {**_object(Explore, manual.EXPLORE), "type": ["object", "boolean"], **flag}
        case _:
            return FIELDS[kind]


def _object(model: type[Model], entries: Mapping[str, manual.Entry]) -> Json:
    fields = {field.alias or name: field for name, field in model.__pydantic_fields__.items()}
    properties = {key: _described(_field(field), entries[key]) for key, field in fields.items()}
    required = [key for key, field in fields.items() if field.is_required()]
    found: Json = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**found, "required": required} if required else found


def _described(value: Json, entry: manual.Entry) -> Json:
    """In draft-07 nothing may stand beside `$ref`, so it goes into an `allOf`."""
    described = {"description": entry[0], "examples": [entry[1]]}
    return {**described, "allOf": [value]} if "$ref" in value else {**value, **described}


# --- steps ------------------------------------------------------------------------------------------


def _step() -> Json:
    verbs = list(steps.VERBS)
    no_verb = {"type": "object", "not": {"anyOf": [{"required": [verb]} for verb in verbs]}}
    return {
        "description": "A statement, or a mapping with exactly one verb and that verb's modifiers.",
        "type": ["string", "object"],
        "pattern": FILLED,
        "minProperties": 1,
        "properties": {verb: _verb_value(verb) for verb in verbs},
        "allOf": [
            *[{"if": _has_verb(verb), "then": _modifiers(verb)} for verb in verbs],
            {"if": no_verb, "then": {"propertyNames": {"enum": verbs}}},
        ],
        "defaultSnippets": [_snippet(verb) for verb in verbs],
    }


def _verb_value(verb: str) -> Json:
    entry = VERBS[verb]
    # `wait` is also a modifier of `shutdown`: its value is checked where its role is known.
    value = {} if verb in steps.VERBS["shutdown"].known_keys - {"shutdown"} else _own_value(verb)
    return {**_described(value, (entry.about, entry.example[verb])), "title": verb}


def _own_value(verb: str) -> Json:
    fields = steps.VERBS[verb].__pydantic_fields__.values()
    return _field(next(field for field in fields if field.alias == verb))


def _has_verb(verb: str) -> Json:
    owners = [other for other, model in steps.VERBS.items() if other != verb and verb in model.known_keys]
    has: Json = {"type": "object", "required": [verb]}
    return {**has, "not": {"anyOf": [{"required": [owner]} for owner in owners]}} if owners else has


def _modifiers(verb: str) -> Json:
    fields = {field.alias or name: field for name, field in steps.VERBS[verb].__pydantic_fields__.items()}
    properties = {key: _described(_field(field), MODIFIERS[key]) for key, field in fields.items() if key != verb}
    required = [key for key, field in fields.items() if field.is_required() and key != verb]
    found = {"properties": {verb: _own_value(verb), **properties}, "additionalProperties": False}
    return (
        {**found, "required": required, **_TOGETHER.get(verb, {})} if required else {**found, **_TOGETHER.get(verb, {})}
    )


_TOGETHER: dict[str, Json] = {
    "map": {"dependencies": {"as": ["do"], "do": ["as"], "into": {"not": {"required": ["as"]}}}},
    "try": {"dependencies": {"else": ["except"]}},
}


def _snippet(verb: str) -> Json:
    return {"label": verb, "description": VERBS[verb].about, "body": VERBS[verb].example}


# --- primitives and threads -------------------------------------------------------------------------


def _kind() -> Json:
    return {
        "description": "A primitive by Python's class name, with its arguments.",
        "type": ["string", "object"],
        "if": {"type": "string"},
        "then": {"enum": [kind for kind, model in primitives.KINDS.items() if not model.required_keys]},
        "properties": {kind: _arguments(kind, model) for kind, model in primitives.KINDS.items()},
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": 1,
    }


def _arguments(kind: str, model: type[primitives.Primitive]) -> Json:
    named = _object(model, ARGUMENTS)
    described = {"description": CATALOGUE[kind].about, "examples": [CATALOGUE[kind].example]}
    if model.positional is None:
        return {**named, **described}
    types = ["string"] if model.positional == "lock" else ["string", "number", "boolean", "null", "array"]
    return {**named, "type": [*types, "object"], **described}


def _primitive() -> Json:
    array = _object(primitives.Array, manual.ARRAY)
    kinds = {kind: _arguments(kind, model) for kind, model in primitives.KINDS.items()}
    return {
        "description": "A primitive, or an array of them.",
        "type": ["string", "object"],
        "properties": {**kinds, **array["properties"]},
        "if": {"type": "object", "required": ["array"]},
        "then": array,
        "else": ref("kind"),
        # editors offer nothing of what stands behind an `if`
        "defaultSnippets": [
            {"label": kind, "description": entry.about, "body": entry.example} for kind, entry in CATALOGUE.items()
        ],
    }


def _thread() -> Json:
    both = [["steps", "run"], ["class", "timer"], *(["interrupts", key] for key in OF_A_THREAD)]
    return {
        "description": "A thread, or with `count` a group of them.",
        **_object(Thread, manual.THREAD),
        "anyOf": [{"required": ["steps"]}, {"required": ["run"]}],
        "not": {"anyOf": [{"required": keys} for keys in both]},
        "dependencies": {"args": ["run"], "times": ["interrupts"]},
    }
