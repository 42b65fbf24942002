"""What the JSON Schema says of a field's value, by the kind that its reader names."""

from __future__ import annotations

from typing import Any, TypeAlias, get_args

from scenario.kinds import FailureKind
from scenario.language.runtimes import RUNTIMES

Json: TypeAlias = dict[str, Any]

FILLED = r"\S"
"""Not blank."""


def ref(name: str) -> Json:
    return {"$ref": f"#/definitions/{name}"}


def named(values: Json, names: str = "name") -> Json:
    return {"type": "object", "propertyNames": ref(names), "additionalProperties": values}


def word(*words: str) -> Json:
    return {"type": "string", "enum": list(words)}


FIELDS: dict[str, Json] = {
    "expr": ref("expr"),
    "claim": ref("expr"),
    "cancel": ref("expr"),
    "return_when": {"type": "string", "pattern": FILLED},
    "template": ref("text"),
    "text": ref("text"),
    "string": {"type": "string", "pattern": FILLED},
    "ref": ref("ref"),
    "refs": ref("refs"),
    "target": ref("target"),
    "args": ref("args"),
    "named_args": named(ref("expr")),
    "name": ref("name"),
    "thread_name": ref("thread_name"),
    "names": ref("names"),
    "lines": ref("lines"),
    "exception": ref("exception"),
    "steps": ref("steps"),
    "block": ref("block"),
    "branches": {"type": "array", "items": ref("branch")},
    "handlers": {"type": "object", "propertyNames": ref("exception"), "additionalProperties": ref("steps")},
    "kind": ref("kind"),
    "values": named({}),
    "cases": {"type": "array", "items": named({}), "minItems": 1},
    "tags": {"type": "array", "items": {"type": "string", "pattern": FILLED}},
    "specifier": {"type": "string", "pattern": r"^\s*(>=|<=|==|!=|>|<)"},
    "callables": named({"type": "string", "pattern": "^(?!.*__)[^:]+:[^:]+$"}),
    "seconds": {"type": "number", "exclusiveMinimum": 0},
    "flag": {"type": "boolean"},
    "clock": word("free", "virtual"),
    "wake": word("any", "fifo"),
    "fairness": word("strong", "weak"),
    "ready": word("fifo", "any"),
    "runtimes": {"type": "array", "items": word(*RUNTIMES), "minItems": 1},
    "livelock": word("never", "possible"),
    "rating": word("acceptable", "interesting", "forbidden"),
    "primitives": named(ref("primitive")),
    "routines": named(ref("routine")),
    "threads": named(ref("thread"), "thread_name"),
    "expect": ref("expect"),
    "output": ref("output"),
    "claims": {"type": "array", "items": ref("expr")},
    "order": {"type": "array", "items": {"allOf": [ref("lines")], "uniqueItems": True}},
    "errors": {
        "type": "object",
        "propertyNames": ref("ref"),
        "additionalProperties": {
            "type": ["string", "array", "object"],
            "if": {"type": "string"},
            "then": ref("exception"),
            "items": ref("exception"),
            "minItems": 1,
            "properties": {
                "possible": {
                    "description": "It ends so, or well.",
                    "examples": ["ValueError"],
                    "type": ["string", "array"],
                    "if": {"type": "string"},
                    "then": ref("exception"),
                    "items": ref("exception"),
                    "minItems": 1,
                }
            },
            "required": ["possible"],
            "additionalProperties": False,
        },
    },
    "deadlock": {
        "type": ["string", "object"],
        "if": {"type": "string"},
        "then": {"enum": ["never", "possible", "always"]},
        "properties": {
            "possible": {
                "description": "Exactly these threads are stuck.",
                "examples": [["A", "worker[0]"]],
                "type": "array",
                "items": ref("ref"),
                "minItems": 1,
            }
        },
        "required": ["possible"],
        "additionalProperties": False,
    },
    "fails": {"type": "array", "items": word(*get_args(FailureKind))},
    "outcomes": {"type": "array", "items": ref("row")},
}
