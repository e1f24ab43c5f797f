"""The ways to write one amount: "$4.2M", "4.2 million" and "4,200,000"."""

from __future__ import annotations

import re
from decimal import Decimal

_UNITS = {
    "k": ("thousand", 3), "thousand": ("k", 3), "m": ("million", 6), "mn": ("million", 6),
    "million": ("m", 6), "bn": ("billion", 9), "billion": ("bn", 9),
}  # fmt: skip
_AMOUNT = re.compile(
    r"[$€£¥]?([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,12})(\.[0-9]{1,3})?(k|m|mn|bn)?\+?", re.IGNORECASE
)


def others(first: str, second: str = "") -> tuple[tuple[str, ...], ...]:
    """Other ways to write an amount, each as its words; none where it is no such amount.

    ``second`` is the word behind the number: "million". Then one written word is among the ways.
    """
    found = _AMOUNT.fullmatch(first)
    if found is None or (second and (found[3] or second.lower() not in _UNITS)):
        return ()
    number = found[1].replace(",", "") + (found[2] or "")
    unit = (second or found[3] or "").lower()
    if not unit:
        return _short(number)
    other, zeros = _UNITS[unit]
    long = Decimal(number).scaleb(zeros)
    whole = ((f"{long:f}".split(".")[0],),) if long == long.to_integral_value() else ()
    return (((number + other,) if second else (number, other)), *whole)


def _short(number: str) -> tuple[tuple[str, ...], ...]:
    """Round thousands and millions as they are written in short."""
    for sign, word, zeros in (("m", "million", 6), ("k", "thousand", 3)):
        value = Decimal(number).scaleb(-zeros).normalize()
        if "." not in number and value >= 1 and value == round(value, 1):
            return (f"{value:f}{sign}",), (f"{value:f}", word)
    return ()
