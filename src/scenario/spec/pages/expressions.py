"""What is wrong with an expression, statement or template."""

from __future__ import annotations

from scenario.diagnostics import Page
from scenario.spec import codes

EXPRESSION_PAGES = (
    Page(
        codes.SYNTAX,
        "syntax",
        "An expression or statement is not Python.",
        "Expressions and statements are a subset of Python; the message is Python's own.",
        "- x = 3 +\n",
        "- x = 3 + 4\n",
    ),
    Page(
        codes.FORBIDDEN,
        "not-in-the-language",
        "Python knows this, a scenario does not.",
        "Expressions are a closed subset of Python, so that a file from anyone can be run safely and explored.",
        "- 'f = lambda: 3'\n",
        "- f = 3\n",
    ),
    Page(
        codes.DUNDER,
        "dunder",
        "Names with `__` are not part of the language.",
        "They are the ways out of a sandbox, and Python's own business.",
        "- x = name.__class__\n",
        "- x = type_name(name)\n",
    ),
    Page(
        codes.TOO_COMPLEX,
        "too-complex",
        "An expression is too long or nested too deeply.",
        "At most 10,000 characters and 64 levels. Compute it in several steps.",
        "- x = " + "-" * 100 + "index\n",
        "- x = -index\n",
    ),
    Page(
        codes.LONG_LITERAL,
        "long-literal",
        "An integer has more than 10,000 bits.",
        "Integers are bounded everywhere in a scenario.",
        "- x = 0x" + "f" * 2600 + "\n",
        "- x = 0xff\n",
    ),
    Page(
        codes.BAD_TARGET,
        "bad-target",
        "This can not be assigned to.",
        "Targets are names, elements (`x[i]`), fields of a `local` (`tls.x`), and unpackings of them.",
        "- index + 1 = 3\n- del name\n",
        "- x = [1, 2]\n- del x[0]\n",
    ),
    Page(
        codes.NOT_A_STATEMENT,
        "not-a-statement",
        "This is no statement of the language.",
        "Statements assign, delete elements, or call a method that changes something; and break, continue, pass, "
        "return and raise. All else is a verb: a mapping.",
        "- print('hello')\n",
        "- print: hello\n",
    ),
    Page(
        codes.BAD_TEMPLATE,
        "bad-template",
        "A template has a hole that is not right.",
        "Templates are text with `{expr}`, `{expr!r}` and `{expr:format}`; `{{` and `}}` are braces. "
        "Formats are constant, and their width and precision at most 1000.",
        "- print: 'worker {name'\n",
        "- print: 'worker {name}'\n",
    ),
    Page(
        codes.BAD_REF,
        "bad-ref",
        "This does not name a primitive or thread.",
        "Verbs take the name of a primitive or thread, or an element of an array or group: `forks[index]`.",
        "primitives: {lock: Lock}\nthreads:\n  A:\n    steps:\n      - acquire: lock.inner\n",
        "primitives: {lock: Lock}\nthreads:\n  A:\n    steps:\n      - with: lock\n        do: [pass]\n",
    ),
    Page(
        codes.NOT_AN_EXPRESSION,
        "not-an-expression",
        "A mapping is no expression.",
        "YAML reads `{a: 1}` as a mapping of its own; a dict is written in quotes.",
        "- return: {a: 1}\n",
        "- return: \"{'a': 1}\"\n",
    ),
    Page(
        codes.BAD_ARGUMENTS,
        "bad-arguments",
        "A function or method does not take this argument.",
        "Functions take Python's own keyword arguments, but no callables (`key=`).",
        "- x = sorted([1], key=len)\n",
        "- x = sorted([1], reverse=True)\n",
    ),
)
