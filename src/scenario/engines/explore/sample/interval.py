"""Between which shares the true one lies, after so many of so many: Clopper and Pearson's interval (Biometrika, 1934).

It is exact: whatever the share is, the interval has it in at least 95 of 100 samples. Those that are shorter
(Wilson's, the normal one) promise this in the mean only, and break it where hardly any or nearly all fail.
"""

from __future__ import annotations

from collections.abc import Callable
from math import exp, lgamma, log, log1p

from scenario.results.sample import CONFIDENCE

_HALVINGS = 60
_TERMS = 10_000
_TINY = 1e-300


def interval(least: int, most: int, of: int) -> tuple[float, float]:
    """Of a share of which at least `least` and at most `most` have been seen among `of` draws (more than 0)."""
    tail = (1 - CONFIDENCE) / 2
    low = _where(lambda share: at_least(least, of, share) < tail) if least else 0.0
    high = _where(lambda share: at_least(most + 1, of, share) < 1 - tail) if most < of else 1.0
    return low, high


def _where(is_below: Callable[[float], bool]) -> float:
    """The share at which that changes."""
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if is_below(middle) else (low, middle)
    return (low + high) / 2


def at_least(count: int, of: int, share: float) -> float:
    """The probability of at least so many (1 to `of`) in so many draws: the incomplete beta function."""
    a, b = float(count), float(of - count + 1)
    if not 0 < share < 1:
        return share
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(share) + b * log1p(-share))
    if share < (a + 1) / (a + b + 2):
        return front * _fraction(share, a, b) / a
    return 1 - front * _fraction(1 - share, b, a) / b


def _fraction(x: float, a: float, b: float) -> float:
    """Its continued fraction, from the front (Lentz's way; Abramowitz and Stegun, 26.5.8)."""
    c, d = 1.0, 1 / _away(1 - (a + b) * x / (a + 1))
    found = d
    for m in range(1, _TERMS):
        for term in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d, c = 1 / _away(1 + term * d), _away(1 + term / c)
            found *= c * d
        if abs(c * d - 1) < 1e-15:
            break
    return found


def _away(value: float) -> float:
    """The value, kept away from 0."""
    return value if abs(value) > _TINY else _TINY
