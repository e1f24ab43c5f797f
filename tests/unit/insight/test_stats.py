"""The formulas give the figures of their sources."""

from __future__ import annotations

import pytest

from app.insight.stats import newcombe, shrunk, wilson
from app.insight.use import concentration


def test_wilson_matches_the_published_interval() -> None:
    """R. G. Newcombe, Statistics in Medicine 17 (1998), p. 857: 81 of 263 is .2553 to .3662."""
    low, high = wilson(81, 263)
    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)
    assert wilson(0, 0) == (0.0, 1.0)
    low, high = wilson(3, 4)
    assert (round(low, 2), round(high, 2)) == (0.30, 0.95)


def test_newcombe_matches_its_own_example() -> None:
    """R. G. Newcombe, Statistics in Medicine 17 (1998), p. 873: 56/70 and 48/80."""
    assert [round(x, 4) for x in newcombe(56, 70, 48, 80)] == [0.2, 0.0524, 0.3339]


@pytest.mark.parametrize("case", [(5, 4), (-1, 4)])
def test_impossible_shares_are_refused(case: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="is no share"):
        wilson(*case)
    with pytest.raises(ValueError, match="is no share"):
        newcombe(*case, 1, 2)
    with pytest.raises(ValueError, match="both sides"):
        newcombe(0, 0, 1, 2)


def test_a_small_sample_is_drawn_to_the_base() -> None:
    assert shrunk(3, 4, 0.30) == 0.375
    assert shrunk(0, 0, 0.30) == pytest.approx(0.30)


def test_concentration() -> None:
    assert concentration([80, 10, 10], 10) == 0.1
    assert concentration([1, 1, 1, 1, 1], 5) == 0.8
    assert concentration([], 5) == concentration([0, 0], 5) == concentration([3], 0) == 0.0
