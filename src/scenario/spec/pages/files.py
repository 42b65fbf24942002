"""What is wrong with a file as a document of YAML."""

from __future__ import annotations

from scenario.diagnostics import Page
from scenario.spec import codes

FILE_PAGES = (
    Page(
        codes.UNREADABLE,
        "unreadable-file",
        "The file can not be read.",
        "It does not exist, is a directory, or may not be read.",
        "",
        "",
    ),
    Page(
        codes.TOO_LARGE,
        "file-too-large",
        "The file is larger than 1 MiB.",
        "Scenarios may come from anyone, so what a file can cost is bounded before it is parsed.",
        "",
        "",
    ),
    Page(
        codes.NOT_TEXT,
        "not-utf8-text",
        "The file is not UTF-8 text, or holds a control character.",
        "A scenario is one YAML document in UTF-8. Control characters can be written as escapes in double quotes.",
        "",
        "",
    ),
    Page(
        codes.EMPTY,
        "empty-file",
        "The file holds no document.",
        "A scenario has at least a name and threads (or a main).",
        "# nothing yet\n",
        "scenario: hello\nthreads:\n  A:\n    steps:\n      - print: hello\n",
    ),
    Page(
        codes.NOT_YAML,
        "yaml-syntax",
        "The file is not YAML.",
        "Mostly a text that needs quotes (a colon with a space after it, a first `*`, `&`, `!`, `@`, `{` or `[`), "
        "or indentation that does not line up. Nothing after the place shown was read.",
        "- print: total: {x}\n",
        '- print: "total: {name}"\n',
    ),
    Page(
        codes.SEVERAL_DOCUMENTS,
        "several-documents",
        "The file holds more than one document.",
        "One file holds one scenario; use `cases` to run one scenario with several params.",
        "scenario: one\nthreads: {A: {steps: [pass]}}\n---\nscenario: two\n",
        "scenario: one\nthreads: {A: {steps: [pass]}}\n",
    ),
    Page(
        codes.DUPLICATE_KEY,
        "duplicate-key",
        "A key stands in a mapping twice.",
        "YAML's own readers let the last one win in silence; a scenario would then run something else than it shows.",
        "params: {rounds: 1, rounds: 2}\n",
        "params: {rounds: 2}\n",
    ),
    Page(
        codes.ALIAS,
        "anchor-or-alias",
        "Anchors (`&x`) and aliases (`*x`) are not part of the language.",
        "Aliases can make a small file unfold to an enormous one. Repeated steps are a routine. "
        "A text that starts with `&` or `*` needs quotes.",
        "- &first pass\n- *first\n",
        "- pass\n- pass\n",
    ),
    Page(
        codes.MERGE_KEY,
        "merge-key",
        "Merge keys (`<<`) are not part of the language.",
        "YAML 1.2 has none, and what a step says should stand in the step.",
        "params:\n  <<: {rounds: 1}\n",
        "params: {rounds: 1}\n",
    ),
    Page(
        codes.TAG,
        "tag",
        "Tags (`!x`) are not part of the language.",
        "Values are what YAML 1.2's core schema says they are. A text that starts with `!` needs quotes.",
        "params: {rounds: !!int 3}\n",
        "params: {rounds: 3}\n",
    ),
    Page(
        codes.TOO_DEEP,
        "too-deep",
        "Lists and mappings are nested more than 50 deep.",
        "What a file can cost is bounded while it is parsed. Move inner steps into a routine.",
        "params: {x: " + "[" * 60 + "]" * 60 + "}\n",
        "params: {x: [[1]]}\n",
    ),
    Page(
        codes.TOO_MANY_NODES,
        "too-many-values",
        "The file holds more than 50,000 values.",
        "What a file can cost is bounded while it is parsed. Long lists can be computed: `{expr: ...}`.",
        "",
        "",
    ),
    Page(
        codes.KEY_NOT_TEXT,
        "key-is-no-text",
        "A key is not a text.",
        "Names are texts; YAML reads `1`, `true` and `null` as something else, and `[a]` as a list. Quote it.",
        "threads:\n  1: {steps: [pass]}\n",
        "threads:\n  T1: {steps: [pass]}\n",
    ),
    Page(
        codes.LONG_NUMBER,
        "long-number",
        "A number has more than 3,000 digits.",
        "Integers are bounded to 10,000 bits everywhere in a scenario.",
        "params: {x: " + "9" * 3001 + "}\n",
        "params: {x: 1000}\n",
    ),
)
