"""Did you mean: the likeliest of the known words."""

from __future__ import annotations

from collections.abc import Iterable


def similar(word: str, known: Iterable[str], cutoff: float = 0.65) -> str | None:
    """The known word that `word` was most likely meant to be, or None. `cutoff`: from 0 (any) to 1 (the same)."""
    import difflib  # noqa: PLC0415  only files with mistakes pay for it

    lowered = {name.lower(): name for name in sorted(known)}
    close = difflib.get_close_matches(word[:80].lower().replace("-", "_"), lowered, n=1, cutoff=cutoff)
    return lowered[close[0]] if close else None


def did_you_mean(word: str, known: Iterable[str], otherwise: str | None = None) -> str | None:
    """A hint for an unknown word."""
    close = similar(word, known)
    return f"did you mean `{close}`?" if close else otherwise
