"""Rows made ready: filtered, sorted, counted, exported."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clock import DAY_MS
from app.errors import EnvironmentProblem
from tests.ui.attention.material import report, unused_row
from tests.ui.fake_rows import NOW
from ui.pages.attention import export
from ui.pages.attention import unused_items as rows

ROWS = (
    unused_row(1, title="Zebra deck"),
    unused_row(2, title="alpha sheet", verdict="gone_quiet", last_used_at=NOW - 120 * DAY_MS),
    unused_row(3, title="Battlecard", verdict="used", why="opened_not_sent", opens=4, uses=4,
               last_used_at=NOW, content_type="Battlecard"),
    unused_row(4, title="Mid paper", verdict="too_new", why="", owner=""),
    unused_row(5, title="No use", verdict="no_use_yet", why="shown_not_opened", shown=9),
)  # fmt: skip
ITEMS = rows.items_of(report(ROWS))


def _ids(items: list[rows.UnusedItem]) -> list[int]:
    return [item.row.asset_id for item in items]


def test_items_come_by_title() -> None:
    assert _ids(list(ITEMS)) == [2, 3, 4, 5, 1]


def test_not_used_is_what_the_share_counts() -> None:
    assert set(_ids(rows.chosen(ITEMS, rows.Wanted()))) == {1, 2, 5}
    assert rows.verdict_counts(ITEMS)[rows.NOT_USED] == 3


def test_a_verdict_a_why_and_words_narrow_together() -> None:
    assert _ids(rows.chosen(ITEMS, rows.Wanted(rows.ALL, "opened_not_sent"))) == [3]
    assert _ids(rows.chosen(ITEMS, rows.Wanted(rows.ALL, "", "DECK zebra"))) == [1]
    assert rows.chosen(ITEMS, rows.Wanted("unused", "shown_not_opened")) == []


@pytest.mark.parametrize(
    ("column", "first"),
    [(rows.TITLE, 2), (rows.VERDICT, 1), (rows.SHOWN, 2), (rows.TYPE, 3), (rows.LAST_USED, 4)],
)
def test_sorting_up(column: int, first: int) -> None:
    assert _ids(rows.ordered(ITEMS, column, descending=False))[0] == first


def test_sorting_down_keeps_equals_by_title() -> None:
    assert _ids(rows.ordered(ITEMS, rows.SHOWN, descending=True)) == [5, 2, 3, 4, 1]


def test_rows_without_an_owner_come_last() -> None:
    assert _ids(rows.ordered(ITEMS, rows.OWNER, descending=False))[-1] == 4


@given(st.integers(0, len(rows.HEADERS) - 1), st.booleans())
def test_sorting_never_loses_a_row(column: int, descending: bool) -> None:
    assert sorted(_ids(rows.ordered(ITEMS, column, descending=descending))) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_that_begins_like_a_formula_is_guarded(start: str) -> None:
    assert export.guarded(f"{start}cmd|' /C calc'!A0").startswith("'")


@given(st.text())
def test_no_exported_cell_begins_like_a_formula(title: str) -> None:
    item = rows.items_of(report([unused_row(1, title=title, owner=title, path=title)]))[0]
    read = list(csv.reader(io.StringIO(export.csv_text([item]), newline="")))
    assert read[0] == list(export.COLUMNS)
    cells = [cell for row in read[1:] for cell in row]
    assert not any(cell.startswith(export.FORMULA_STARTS) for cell in cells)


def test_a_copy_reads_back_as_it_was_shown(tmp_path: Path) -> None:
    target = tmp_path / "unused.csv"
    assert export.write_csv(target, ITEMS) == len(ITEMS)
    assert target.read_bytes().startswith(b"\xef\xbb\xbf")
    with target.open(encoding="utf-8-sig", newline="") as stream:
        read = list(csv.DictReader(stream))
    assert [row["Title"] for row in read] == [item.row.title for item in ITEMS]
    assert read[0]["Verdict"] == "Gone quiet"
    assert list(tmp_path.iterdir()) == [target]


def test_a_copy_that_fails_leaves_the_old_file_and_says_why(tmp_path: Path) -> None:
    taken = tmp_path / "folder"
    taken.mkdir()
    (taken / "kept").write_text("old")
    with pytest.raises(EnvironmentProblem, match="could not be saved"):
        export.write_csv(taken, ITEMS)
    with pytest.raises(EnvironmentProblem, match="another folder"):
        export.write_csv(tmp_path / "missing" / "a.csv", ITEMS)
    assert [file.name for file in tmp_path.iterdir()] == ["folder"]
    assert (taken / "kept").read_text() == "old"


def test_copied_rows_are_guarded_and_keep_to_one_line_each() -> None:
    item = ITEMS[0]
    wild = replace(item, cells=("=1+1\nx", *item.cells[1:]))
    lines = export.clipboard_text([wild]).split("\n")
    assert len(lines) == 2
    assert lines[1].startswith("'=1+1 x\t")
