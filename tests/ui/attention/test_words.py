"""What the numbers say, in sentences."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clock import DAY_MS
from tests.ui.attention.material import report, unused_row
from tests.ui.fake_rows import NOW
from ui.pages.attention import words


def test_the_share_names_its_denominator_and_interval() -> None:
    assert words.share_sentence(report()) == (
        "18 of 41 eligible assets were not used in 90 days\u00a0(30\u2060–\u206059\u00a0%)"
    )
    assert words.share_figure(report()) == "44\u00a0%"


@pytest.mark.parametrize(
    ("eligible", "used", "figure"), [(4, 1, "3 of 4"), (1, 1, "0 of 1"), (0, 0, "–")]
)
def test_no_percentage_under_five(eligible: int, used: int, figure: str) -> None:
    few = report(eligible=eligible, used=used, unused_share=0.75)
    assert words.share_figure(few) == figure
    assert "%" not in words.share_sentence(few)


def test_five_are_enough_for_a_percentage() -> None:
    five = report(eligible=5, used=4, unused_share=0.2, unused_interval=(0.04, 0.62))
    assert words.share_figure(five) == "20\u00a0%"


def test_one_asset_takes_the_singular() -> None:
    assert words.share_sentence(report(eligible=1, used=0)).startswith(
        "1 of 1 eligible asset was not used"
    )


def test_a_fresh_library_says_when_it_can_judge() -> None:
    noon = 1_795_262_400_000
    fresh = report(as_of=noon, log_start=noon, eligible=0, used=0)
    assert words.watching_too_short(fresh)
    assert words.fresh_sentence(fresh) == (
        "Deckhand has watched use since 21 Nov 2026. Nothing can be called unused before 21 Dec."
    )


def test_the_year_is_named_when_it_changes() -> None:
    late = report(log_start=NOW + 20 * DAY_MS, as_of=NOW + 20 * DAY_MS)
    assert words.fresh_sentence(late).endswith(f"Jan {words.local_date(NOW).year + 1}.")


def test_a_library_without_any_use_says_so() -> None:
    silent = report(log_start=0, eligible=0)
    assert words.first_judgement(silent) is None
    assert "has not seen any use yet" in words.fresh_sentence(silent)


def test_after_the_grace_period_numbers_are_given() -> None:
    assert not words.watching_too_short(report(log_start=NOW - 31 * DAY_MS))


@pytest.mark.parametrize(
    ("given_fields", "said"),
    [
        ({"why": "shown_not_opened", "shown": 41}, "Shown in 41 searches, never opened: the title"),
        ({"why": "shown_not_opened", "shown": 1}, "Shown in 1 search, never opened"),
        ({"why": "shown_not_opened", "shown": 0}, "Previewed, never opened"),
        ({"why": "never_shown"}, "No search showed it in 90 days"),
        ({"verdict": "used", "why": "opened_not_sent", "opens": 6}, "Opened 6 times, never copied"),
        ({"verdict": "used", "why": "", "uses": 3}, "Used 3 times in 90 days."),
        ({"verdict": "too_new", "why": ""}, "less than 30 days: too early to judge"),
        ({"verdict": "gone_quiet", "last_used_at": NOW}, "then no more. No search showed it"),
        ({"verdict": "superseded"}, "Replaced by something newer"),
    ],
)
def test_the_reason_is_said_in_words(given_fields: dict[str, object], said: str) -> None:
    assert said in words.reason(unused_row(**given_fields), 90, 30, NOW)


def test_an_overdue_review_is_part_of_the_reason() -> None:
    row = unused_row(why="opened_not_sent", opens=2, review_due_at=NOW - DAY_MS)
    assert words.reason(row, 90, 30, NOW).endswith("and its review is overdue.")


@pytest.mark.parametrize(
    ("days", "said"),
    [(0, "today"), (1, "1 day"), (13, "13 days"), (21, "3 weeks"), (90, "3 months"),
     (800, "2 years")],
)  # fmt: skip
def test_ages(days: int, said: str) -> None:
    assert words.ago_text(NOW - days * DAY_MS, NOW) == said


@given(st.floats(0, 1))
def test_a_share_is_a_percentage_between_0_and_100(share: float) -> None:
    assert 0 <= words.percent(share) <= 100


def test_days_read_as_people_write_them() -> None:
    assert words.day_text(date(2026, 11, 21)) == "21 Nov 2026"
    assert words.day_text(date(2026, 12, 1), year=False) == "1 Dec"


def test_what_was_left_out_is_named_and_nothing_is_not() -> None:
    assert words.dropped_text((("not_counted_people", 14), ("bulk", 0))) == (
        "Left out: 14 by people who make content"
    )
    assert words.dropped_text(()) == ""


def test_amounts() -> None:
    assert words.amount_text(12_000_000, "EUR") == "EUR 120,000"
    assert words.amount_text(None, "EUR") == ""
