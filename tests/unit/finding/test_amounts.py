"""How an amount may be written."""

from __future__ import annotations

import pytest

from app.finding.amounts import others


@pytest.mark.parametrize(
    ("written", "ways"),
    [
        (("$4.2M",), (("4.2", "million"), ("4200000",))),
        (("4.2", "Million"), (("4.2m",), ("4200000",))),
        (("20k",), (("20", "thousand"), ("20000",))),
        (("20,000",), (("20k",), ("20", "thousand"))),
        (("3.5", "billion"), (("3.5bn",), ("3500000000",))),
        (("1.2345m",), ()),
        (("1200+",), (("1.2k",), ("1.2", "thousand"))),
    ],
)
def test_an_amount_has_other_ways(written: tuple[str, ...], ways: tuple[object, ...]) -> None:
    assert others(*written) == ways


@pytest.mark.parametrize(
    "written",
    [
        ("2013",), ("30%",), ("az-500",), ("million",), ("4.2m", "million"), ("4.2", "seats"),
        ("1,20",), ("9" * 400,), ("٤٢m",),
    ],
)  # fmt: skip
def test_what_is_no_amount_has_none(written: tuple[str, ...]) -> None:
    assert others(*written) == ()
