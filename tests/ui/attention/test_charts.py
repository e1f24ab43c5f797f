"""Charts: heard, walked through, clicked, shown as tables, and gone without a trace."""

from __future__ import annotations

import gc

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.charts.bars import Bar, Bars
from ui.charts.base import nice_axis
from ui.charts.lines import Lines, Series
from ui.charts.panel import ChartPanel
from ui.theme import theme

BARS = (Bar("a", "Never shown", 11, "Help for a"), Bar("b", "Opened", 1), Bar("c", "None", 0))


@pytest.fixture
def bars(dressed: QApplication, qtbot: QtBot) -> Bars:
    chart = Bars(theme(), "Where content gets stuck")
    chart.show_bars(BARS, ("asset", "assets"), "Where")
    chart.resize(320, 140)
    qtbot.addWidget(chart)
    chart.show()
    return chart


def _lines(qtbot: QtBot) -> Lines:
    chart = Lines(theme(), "Use by week")
    series = (Series("uses", "use", (3, 0, 1)), Series("sent", "sent", (1, 0, 1)))
    chart.show_series(series, ("1 Nov", "8 Nov", "15 Nov"), "Week from")
    chart.resize(360, 160)
    qtbot.addWidget(chart)
    return chart


@given(st.integers(0, 10**9))
def test_an_axis_reaches_the_highest_value_in_few_round_steps(highest: int) -> None:
    axis = nice_axis(highest)
    assert axis.top >= highest
    assert axis.top % axis.step == 0
    assert 1 <= axis.top // axis.step <= 4


def test_a_chart_is_heard_with_its_points(bars: Bars) -> None:
    heard = QAccessible.queryAccessibleInterface(bars)
    assert heard.role() == QAccessible.Role.Chart
    assert heard.text(QAccessible.Text.Name) == "Where content gets stuck"
    assert heard.text(QAccessible.Text.Description).startswith("Never shown: 11 assets")
    names = [heard.child(n).text(QAccessible.Text.Name) for n in range(heard.childCount())]
    assert names == ["Never shown: 11 assets", "Opened: 1 asset", "None: 0 assets"]
    assert heard.child(0).role() == QAccessible.Role.ListItem
    assert heard.child(0).rect().isValid()
    assert heard.child(3) is None


def test_points_that_went_away_are_not_heard(bars: Bars) -> None:
    heard = QAccessible.queryAccessibleInterface(bars)
    gone = heard.child(2)
    bars.show_bars(BARS[:1], ("asset", "assets"), "Where")
    assert heard.childCount() == 1
    assert not gone.isValid()
    assert gone.text(QAccessible.Text.Name) == ""


def test_keys_walk_through_the_points_and_act(bars: Bars, qtbot: QtBot) -> None:
    acted: list[object] = []
    bars.activated.connect(acted.append)
    bars.setFocus()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Return):
        qtbot.keyClick(bars, key)
    assert acted == ["b"]
    qtbot.keyClick(bars, Qt.Key.Key_End)
    assert bars.current == 2
    qtbot.keyClick(bars, Qt.Key.Key_Home)
    qtbot.keyClick(bars, Qt.Key.Key_Left)
    assert bars.current == 0


def test_a_click_acts_on_the_bar_below_it(bars: Bars, qtbot: QtBot) -> None:
    acted: list[object] = []
    bars.activated.connect(acted.append)
    at = bars.mark_rect(1).center().toPoint()
    qtbot.mouseClick(bars, Qt.MouseButton.LeftButton, pos=at)
    assert acted == ["b"]
    qtbot.mouseClick(bars, Qt.MouseButton.LeftButton, pos=QPoint(5, 139))
    assert len(acted) == 1 or acted[-1] == "c"


def test_bars_are_as_long_as_their_values(bars: Bars) -> None:
    # The focus ring has the colour of the bars.
    bars.clearFocus()
    picture = bars.grab().toImage()
    colour = QColor(theme().chart[0]).rgb()

    def painted(index: int) -> int:
        y = int(bars.mark_rect(index).center().y())
        return sum(picture.pixel(x, y) == colour for x in range(picture.width()))

    assert painted(0) > 5 * painted(1) > 0
    assert painted(2) == 0


def test_lines_say_each_week_with_its_numbers(dressed: QApplication, qtbot: QtBot) -> None:
    chart = _lines(qtbot)
    assert chart.marks[0].name == "Week from 1 Nov: 3 uses, 1 sent"
    assert chart.marks[2].name == "Week from 15 Nov: 1 use, 1 sent"
    assert chart.summary == "4 uses, 2 sent in 3 weeks"
    chart.set_current(1)
    assert chart.mark_at(*chart.mark_rect(1).center().toTuple()) == 1


def test_the_table_holds_what_the_chart_shows(dressed: QApplication, qtbot: QtBot) -> None:
    panel = ChartPanel(_lines(qtbot))
    qtbot.addWidget(panel)
    panel.toggle.click()
    model = panel.table.model()
    cells = [
        [model.index(row, column).data() for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]
    assert cells == [["1 Nov", "3", "1"], ["8 Nov", "0", "0"], ["15 Nov", "1", "1"]]
    assert panel.table.isVisibleTo(panel)
    assert panel.toggle.text() == "Show as chart"
    panel.toggle.click()
    assert panel.chart.isVisibleTo(panel)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_empty_charts_paint_words(dressed: QApplication, qtbot: QtBot, mode: str) -> None:
    theme().set_mode(mode)
    try:
        for chart in (Bars(theme(), "Empty"), Lines(theme(), "Empty")):
            qtbot.addWidget(chart)
            chart.resize(200, 100)
            chart.show_marks((), (), "Counting")
            picture = chart.grab().toImage()
            seen = {picture.pixel(x, y) for x in range(0, 200, 2) for y in range(40, 60)}
            assert len(seen) > 1
    finally:
        theme().set_mode("light")


def test_charts_come_and_go_while_somebody_listens(dressed: QApplication, qtbot: QtBot) -> None:
    for _ in range(40):
        chart = Bars(theme(), "Passing")
        chart.show_bars(BARS, ("asset", "assets"), "Where")
        heard = QAccessible.queryAccessibleInterface(chart)
        assert heard.child(1) is not None
        del heard, chart
        gc.collect()
        QApplication.processEvents()
