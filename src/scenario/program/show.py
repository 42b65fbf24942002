"""Operations and expressions as one line of text, as the user would write them."""
from scenario.syntax import Expr
def expression(node: Expr) -> str:
    return "…"
