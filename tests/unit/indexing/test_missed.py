"""When a root is believed to keep silent about its changes (FW-3)."""

from app.indexing.missed import Missed


def _watched() -> Missed:
    missed = Missed()
    assert missed.scanned({1: 5, 2: 0}, [1, 2]) == [], "nobody watched before the first scan"
    return missed


def test_news_of_which_nobody_spoke() -> None:
    missed = _watched()
    assert missed.scanned({1: 0, 2: 3}, [1, 2]) == [2]


def test_news_that_were_told() -> None:
    missed = _watched()
    missed.heard(2)
    assert missed.scanned({1: 0, 2: 3}, [1, 2]) == []
    assert missed.scanned({1: 0, 2: 3}, [1, 2]) == [2], "what was said before is said no more"


def test_a_root_that_is_polled_need_not_speak() -> None:
    missed = _watched()
    assert missed.scanned({1: 1, 2: 1}, [2]) == [2]


def test_a_root_that_was_away_or_watched_anew_is_not_suspected() -> None:
    missed = _watched()
    missed.doubt(1)
    assert missed.scanned({1: 1, 2: 1}, [1, 2]) == [2]
    missed.doubt()
    assert missed.scanned({1: 1, 2: 1}, [1, 2]) == []
    assert missed.scanned({1: 0}, [1]) == []
    assert missed.scanned({1: 0, 2: 7}, [1, 2]) == [], "2 was not there the time before"
