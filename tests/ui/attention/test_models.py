"""Each model by Qt's own tester, at rest and while it changes."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QAbstractItemModel, QModelIndex, Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from tests.ui.attention.material import gap, report, request, unused_row
from tests.ui.fake_rows import NOW, hit
from ui.charts.base import Mark
from ui.charts.panel import MarksModel
from ui.pages.attention import gaps_model, unused_items
from ui.pages.attention.gaps_model import GapsModel, gap_items
from ui.pages.attention.unused_model import ITEM_ROLE, UnusedModel
from ui.pages.requests.assets import HitsModel
from ui.pages.requests.items import request_items
from ui.pages.requests.model import RequestsModel

UNUSED = unused_items.items_of(report([unused_row(n) for n in range(1, 6)]))
GAPS = gap_items([gap("SOC 2", 5), gap("hipaa", 2, with_filters=True)], [])
REQUESTS = request_items([request(n) for n in range(1, 4)], NOW)
HITS = tuple(hit(n) for n in range(1, 4))
MARKS = (Mark("Deck: 4", ("Deck", "4")), Mark("Sheet: 2", ("Sheet", "2")))


def _set(model: QAbstractItemModel, rows: tuple[Any, ...]) -> None:
    if isinstance(model, MarksModel):
        model.show_marks(("What", "Number"), rows)
    elif isinstance(model, HitsModel):
        model.set_hits(rows)
    else:
        model.set_items(rows)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("kind", "rows"),
    [(UnusedModel, UNUSED), (GapsModel, GAPS), (RequestsModel, REQUESTS), (HitsModel, HITS),
     (MarksModel, MARKS)],
)  # fmt: skip
def test_a_model_keeps_qts_rules_while_it_changes(
    kind: type[QAbstractItemModel], rows: tuple[Any, ...], qtbot: QtBot, qtmodeltester: ModelTester
) -> None:
    model = kind()
    resets: list[int] = []
    model.modelReset.connect(lambda: resets.append(model.rowCount()))
    qtmodeltester.check(model, force_py=True)
    # The tester goes on listening: each reset is checked again, with what is then on the shelf.
    for shown in (rows, rows[:1], (), rows[::-1]):
        _set(model, shown)
        assert model.rowCount() == len(shown)
    assert resets == [len(rows), 1, 0, len(rows)]
    assert model.rowCount(model.index(0, 0)) == 0
    assert model.data(model.index(99, 0)) is None
    assert model.data(QModelIndex()) is None


def test_a_cell_says_its_column_and_its_reason_to_a_reader(qtbot: QtBot) -> None:
    model = UnusedModel()
    model.set_items(UNUSED)
    cell = model.index(0, unused_items.VERDICT)
    assert cell.data(Qt.ItemDataRole.AccessibleTextRole) == "Verdict: Unused"
    assert "No search showed it" in cell.data(Qt.ItemDataRole.AccessibleDescriptionRole)
    assert cell.data(ITEM_ROLE) is UNUSED[0]
    assert model.row_of(3) == 2
    assert model.row_of(99) == -1


def test_headings_say_what_they_mean(qtbot: QtBot) -> None:
    model, across = UnusedModel(), Qt.Orientation.Horizontal
    names = [model.headerData(n, across) for n in range(model.columnCount())]
    assert names == list(unused_items.HEADERS)
    assert model.headerData(unused_items.SHOWN, across, Qt.ItemDataRole.ToolTipRole)
    assert model.headerData(99, across) is None


def test_a_search_that_was_asked_for_names_its_request(qtbot: QtBot) -> None:
    items = gap_items([gap("SOC 2 Letter"), gap("other")], [request(7, search="soc 2  letter")])
    assert [item.request_id for item in items] == [7, None]
    model = GapsModel()
    model.set_items(items)
    assert model.index(0, gaps_model.REQUEST).data() == "#7"


def test_searches_sort_by_people_then_text(qtbot: QtBot) -> None:
    items = gap_items([gap("b", 2), gap("a", 2), gap("c", 5)], [])
    ordered = gaps_model.ordered(items, gaps_model.PEOPLE, descending=True)
    assert [item.gap.query for item in ordered] == ["c", "a", "b"]


def test_a_request_is_read_out_whole(qtbot: QtBot) -> None:
    model = RequestsModel()
    late = request(1, need="Swiss price list", needed_by=NOW - 1, votes=3)
    model.set_items(request_items([late], NOW))
    spoken = model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.startswith("Swiss price list, Submitted, wanted by 3 people, Hanna Weiss")
    assert "was needed by" in spoken
