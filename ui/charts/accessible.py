"""What a screen reader is told of a painted chart: the chart, and one child per point."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QRect
from PySide6.QtGui import QAccessible, QAccessibleInterface, QColor, QWindow
from PySide6.QtWidgets import QAccessibleWidget, QApplication

if TYPE_CHECKING:
    from ui.charts.base import Chart

_installed_for: list[int] = []


def install() -> None:
    """Teach Qt's accessibility to look into charts; once per application object."""
    app = QApplication.instance()
    if app is None or id(app) in _installed_for:
        return
    _installed_for.append(id(app))
    QAccessible.installFactory(_factory)


def _factory(_key: str, obj: QObject) -> QAccessibleInterface | None:
    from ui.charts.base import Chart

    if not isinstance(obj, Chart):
        return None
    if obj.accessible is None:
        obj.accessible = ChartInterface(obj)
    return obj.accessible


class PointInterface(QAccessibleInterface):
    """One bar or point of a chart, named with its value."""

    def __init__(self, chart: Chart, index: int) -> None:
        super().__init__()
        self._chart = chart
        self._index = index

    def isValid(self) -> bool:
        """Whether the chart still has this point."""
        return self._index < len(self._chart.marks)

    def object(self) -> Any:
        """No object of its own: the chart paints it."""
        return None

    def window(self) -> QWindow | None:  # type: ignore[override]
        """The window of the chart."""
        return self._chart.window().windowHandle()

    def parent(self) -> QAccessibleInterface:
        """The chart."""
        return QAccessible.queryAccessibleInterface(self._chart)

    def child(self, _index: int) -> Any:
        """A point has no children."""
        return None

    def childAt(self, _x: int, _y: int) -> Any:
        """A point has no children."""
        return None

    def childCount(self) -> int:
        """A point has no children."""
        return 0

    def indexOfChild(self, _child: QAccessibleInterface) -> int:
        """A point has no children."""
        return -1

    def text(self, kind: QAccessible.Text) -> str:
        """The label with the value: "Never shown: 11 assets"."""
        if kind == QAccessible.Text.Name and self.isValid():
            return self._chart.marks[self._index].name
        return ""

    def setText(self, _kind: QAccessible.Text, _text: str) -> None:
        """A point cannot be renamed."""

    def rect(self) -> QRect:
        """Where the point is on the screen."""
        if not self.isValid():
            return QRect()
        local = self._chart.mark_rect(self._index).toAlignedRect()
        return QRect(self._chart.mapToGlobal(local.topLeft()), local.size())

    def role(self) -> QAccessible.Role:
        """A point is an item of the chart."""
        return QAccessible.Role.ListItem

    def state(self) -> QAccessible.State:
        """Focus and choice as the keyboard has them."""
        return QAccessible.State()

    def backgroundColor(self) -> QColor:
        """Unknown."""
        return QColor()

    def foregroundColor(self) -> QColor:
        """Unknown."""
        return QColor()


class ChartInterface(QAccessibleWidget):
    """The chart itself: its title, its summary in words, its points as children."""

    def __init__(self, chart: Chart) -> None:
        super().__init__(chart, QAccessible.Role.Chart, chart.title)
        self._chart = chart
        self._children: list[PointInterface] = []

    def refresh(self) -> None:
        """Match the children to the points that the chart now has."""
        wanted = len(self._chart.marks)
        while len(self._children) < wanted:
            self._children.append(PointInterface(self._chart, len(self._children)))

    def childCount(self) -> int:
        """The number of points."""
        self.refresh()
        return len(self._chart.marks)

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        """The point with this index."""
        self.refresh()
        return self._children[index] if 0 <= index < len(self._chart.marks) else None

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        """The index of a point, -1 for a stranger."""
        return self._children.index(child) if child in self._children else -1

    def text(self, kind: QAccessible.Text) -> str:
        """The title as name, the summary as description, the point in hand as value."""
        if kind == QAccessible.Text.Name:
            return self._chart.title
        if kind == QAccessible.Text.Description:
            return self._chart.summary
        if kind == QAccessible.Text.Value and 0 <= self._chart.current < len(self._chart.marks):
            return self._chart.marks[self._chart.current].name
        return ""
