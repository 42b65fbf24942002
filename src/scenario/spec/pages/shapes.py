"""What is wrong with the shape of a scenario: keys, verbs, values."""

from __future__ import annotations

from scenario.diagnostics import Page
from scenario.spec import codes

SHAPE_PAGES = (
    Page(
        codes.UNKNOWN_KEY,
        "unknown-key",
        "A mapping has a key that the language does not know here.",
        "A misspelt key would be passed over in silence, and the scenario would mean something else.",
        "- {repeat: 3, du: [pass]}\n",
        "- {repeat: 3, do: [pass]}\n",
    ),
    Page(
        codes.MISSING_KEY,
        "missing-key",
        "A mapping lacks a key that it needs.",
        "Keys without a sensible default must be written.",
        "- for: i\n  do: [pass]\n",
        "- for: i\n  in: range(3)\n  do: [pass]\n",
    ),
    Page(
        codes.UNKNOWN_VERB,
        "unknown-verb",
        "A step has no verb that the language knows.",
        "A step is a statement, or a mapping with exactly one verb and that verb's modifiers.",
        "primitives: {lock: Lock}\nthreads:\n  A:\n    steps:\n      - aquire: lock\n",
        "primitives: {lock: Lock}\nthreads:\n  A:\n    steps:\n      - acquire: lock\n      - release: lock\n",
    ),
    Page(
        codes.TWO_VERBS,
        "two-verbs",
        "A step has two verbs.",
        "Steps run one after the other, in the order of the list; the keys of a mapping have no order.",
        "- print: one\n  mark: two\n",
        "- print: one\n- mark: two\n",
    ),
    Page(
        codes.NO_VERB,
        "no-verb",
        "A step has no verb.",
        "A step is a statement, or a mapping with exactly one verb and that verb's modifiers.",
        "- timeout: 3\n",
        "- sleep: 0.1\n",
    ),
    Page(
        codes.FOREIGN_MODIFIER,
        "foreign-modifier",
        "A modifier does not belong to the step's verb.",
        "Each verb takes the arguments of the method it stands for, and no others.",
        "- {sleep: 1, blocking: false}\n",
        "- sleep: 1\n",
    ),
    Page(
        codes.WRONG_TYPE,
        "wrong-type",
        "Something else should stand here.",
        "A body is a list, a table of names is a mapping, and so on.",
        "threads:\n  A:\n    steps: pass\n",
        "threads:\n  A:\n    steps: [pass]\n",
    ),
    Page(
        codes.QUOTE_THIS,
        "quote-this",
        "YAML made something else of what was meant as text.",
        "A colon with a space after it, `{`, `[`, ` #`, `true`, `null` and numbers mean something to YAML. "
        "Quotes keep a text a text.",
        "- x = {1: 2}\n",
        "- 'x = {1: 2}'\n",
    ),
    Page(
        codes.CONTRADICTION,
        "contradiction",
        "Two keys can not stand together, or one stands without the other that it needs.",
        "Each would be fine by itself; together they have no meaning.",
        "routines: {r: {steps: [pass]}}\nthreads:\n  A: {run: r, steps: [pass]}\n",
        "routines: {r: {steps: [pass]}}\nthreads:\n  A: {run: r}\n",
    ),
    Page(
        codes.NOT_A_CHOICE,
        "not-a-choice",
        "Only some words can stand here.",
        "The message lists them.",
        "expect: {deadlock: maybe}\n",
        "expect: {deadlock: possible}\n",
    ),
    Page(
        codes.BAD_NAME,
        "bad-name",
        "This can not be a name.",
        "Expressions use names as Python does: letters, digits and `_`, not starting with a digit, no keyword, no `__`. "
        "A thread's key may hold hyphens; expressions can not name such a thread.",
        "vars: {my counter: 0}\n",
        "vars: {my_counter: 0}\n",
    ),
    Page(
        codes.UNKNOWN_KIND,
        "unknown-primitive",
        "There is no such primitive.",
        "Primitives go by Python's class names.",
        "primitives: {lock: Mutex}\n",
        "primitives: {lock: Lock}\n",
    ),
    Page(
        codes.UNKNOWN_EXCEPTION,
        "unknown-exception",
        "There is no such exception.",
        "Exceptions go by their bare names: Python's built-ins, and those of queue, threading and concurrent.futures. One of your own goes by that of its module, which stands under `python`: `bank.Overdrawn`.",
        "- raise: QueueEmpty\n",
        "- {raise: ValueError, raises: ValueError}\n",
    ),
    Page(
        codes.BAD_REQUIREMENT,
        "bad-requirement",
        "`requires` does not compare with a version.",
        "It says on which versions of Python the file can run.",
        'requires: {python: "three"}\n',
        'requires: {python: ">=3.11"}\n',
    ),
    Page(
        codes.BAD_CALLABLE,
        "bad-callable",
        "This does not name a callable.",
        "The user's own code is named as `module:callable`.",
        "python: {transfer: bank.transfer}\n",
        "python: {transfer: 'bank:transfer'}\n",
    ),
    Page(
        codes.BAD_NUMBER,
        "bad-number",
        "This number can not stand here.",
        "A timeout is a positive number of seconds.",
        "timeout: -1\n",
        "timeout: 10\n",
    ),
)
