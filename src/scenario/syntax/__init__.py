"""The closed tree of expressions, statements and templates: nothing else can be written in a scenario.

`spec.expressions` makes it from text, with `Name`, `Attribute` and `Call` where the text had names.
`compile` resolves those: after it a tree has `Local`, `Shared`, `TlsField`, `Register`, `Query`,
`OwnFuture`, `FutureQuery`, `Builtin`, `Method` and `Now` instead, and params have become `Const`.
Assignment targets are expressions of the kinds that Python allows, as in Python's own `ast`.
"""

from scenario.syntax.expressions import *  # noqa: F403 (the tree is one, whatever file a part of it is in)
from scenario.syntax.statements import *  # noqa: F403 (as above)
