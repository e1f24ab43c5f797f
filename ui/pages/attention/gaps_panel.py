"""The table of searches that found nothing: each is a request that nobody has filed yet."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QStackedLayout,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from ui.commands import Command
from ui.context import Context
from ui.pages.attention import gaps_model as rows
from ui.pages.attention import words
from ui.pages.attention.delegate import (
    CELL_PAD,
    NUMBER_PAD,
    ROW_HEIGHT,
    TABLE_STYLE,
    paint_chip,
    paint_ground,
)
from ui.pages.attention.parts import Notice, Skeleton, button, label
from ui.theme import Theme

WIDTHS = (300, 92, 88, 120, 200, 90)


class GapsDelegate(QStyledItemDelegate):
    """One search; its cause is a chip with words."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(
        self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Every row is as high as every other."""
        return QSize(80, ROW_HEIGHT)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint one cell."""
        item, column = index.data(rows.ITEM_ROLE), index.column()
        if not isinstance(item, rows.GapItem):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_ground(self._theme, painter, option)
        end = NUMBER_PAD if column in rows.NUMBERS else CELL_PAD
        box = option.rect.adjusted(CELL_PAD, 0, -end, 0)
        text = item.cells[column]
        if column == rows.CAUSE:
            tone = "info" if item.gap.with_filters else "warn"
            selected = bool(option.state & QStyle.StateFlag.State_Selected)
            paint_chip(self._theme, painter, box, text, tone, selected=selected)
        else:
            first = column == rows.QUERY
            font = self._theme.font("label" if first else "body")
            painter.setFont(font)
            painter.setPen(self._theme.color("text" if first else "text2"))
            right = column in rows.NUMBERS
            side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
            told = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
            painter.drawText(box, side | Qt.AlignmentFlag.AlignVCenter, told)
        painter.restore()


class GapsPanel(QFrame):
    """Owns the searches of one window. ``ask`` carries a SearchGapRow, ``see`` a request's id."""

    ask = Signal(object)
    see = Signal(object)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self._context = context
        self._items: tuple[rows.GapItem, ...] = ()
        self._sort = (rows.PEOPLE, True)
        self.model = rows.GapsModel(self)
        self.table = self._make_table()
        self._skeleton = Skeleton(context.theme, ROW_HEIGHT, self)
        self.notice = Notice("search", "", "", parent=self)
        self._stack = QStackedLayout()
        for pane in (self._skeleton, self.table, self.notice):
            self._stack.addWidget(pane)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 12, 1, 6)
        outer.setSpacing(8)
        note = label("What people searched for in vain, most people first.", "dim", wrap=True)
        note.setContentsMargins(15, 0, 15, 0)
        outer.addWidget(note)
        outer.addLayout(self._stack, 1)
        outer.addWidget(self._make_strip())
        command = Command("gap_ask", "Ask for what was not found", ("Return",), "Searches")
        context.commands.add(self.table, command, self._on_ask)

    def show_gaps(self, items: tuple[rows.GapItem, ...], window_days: int) -> None:
        """Show other searches; the selection stays."""
        self._items = items
        self._refill()
        if not items:
            text = (
                f"No search came back empty in {words.plural(window_days, 'day')}. Searches are "
                "noted when a person pauses or presses Enter."
            )
            self.notice.say("search", "Every search found something", text)
            self._stack.setCurrentWidget(self.notice)

    def show_failure(self, sentence: str, retry: Callable[[], object]) -> None:
        """Say that the searches could not be read and why."""
        heading = "The searches could not be read"
        self.notice.say("circle-alert", heading, sentence, ("Try again", retry))
        self._stack.setCurrentWidget(self.notice)

    def current(self) -> rows.GapItem | None:
        """The item in hand."""
        return self.model.item(self.table.currentIndex().row())

    # ---- parts ---------------------------------------------------------------------------

    def _make_table(self) -> QTableView:
        table = QTableView(self)
        table.setModel(self.model)
        table.setItemDelegate(GapsDelegate(self._context.theme, table))
        table.setAccessibleName("Searches that found nothing")
        table.setTabKeyNavigation(False)
        table.setShowGrid(False)
        table.setMouseTracking(True)
        table.setFrameShape(QFrame.Shape.NoFrame)
        table.setProperty("kind", "flush")
        table.setStyleSheet(TABLE_STYLE)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.verticalHeader().hide()
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        table.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(True)
        header.setSortIndicatorShown(True)
        header.setSortIndicator(rows.PEOPLE, Qt.SortOrder.DescendingOrder)
        for column, width in enumerate(WIDTHS):
            header.resizeSection(column, width)
        header.setStretchLastSection(True)
        header.sectionClicked.connect(self._on_header)
        table.activated.connect(self._on_activated)
        table.selectionModel().selectionChanged.connect(self._say_selection)
        return table

    def _make_strip(self) -> QFrame:
        self.strip = QFrame(self)
        self.strip_text = label("", "dim", wrap=True)
        self.try_again = button("Search again", self._on_again)
        self.act = button("Ask for this", self._on_ask, "primary")
        line = QHBoxLayout(self.strip)
        line.setContentsMargins(15, 6, 15, 6)
        line.setSpacing(8)
        line.addWidget(self.strip_text, 1)
        line.addWidget(self.try_again)
        line.addWidget(self.act)
        self.strip.hide()
        return self.strip

    def _refill(self) -> None:
        current = self.current()
        scroll = self.table.verticalScrollBar().value()
        self.model.set_items(rows.ordered(self._items, self._sort[0], descending=self._sort[1]))
        if current is not None:
            for row, item in enumerate(self.model.items):
                if (item.gap.norm, item.gap.with_filters) == (
                    current.gap.norm, current.gap.with_filters,
                ):  # fmt: skip
                    self.table.selectRow(row)
        self.table.verticalScrollBar().setValue(scroll)
        self._stack.setCurrentWidget(self.table)
        self._say_selection()

    def _say_selection(self, *_: object) -> None:
        item = self.current() if self.table.selectionModel().hasSelection() else None
        self.strip.setVisible(item is not None)
        if item is None:
            return
        cause = (
            "The words match something, the filters hid it: tags or filters need a look."
            if item.gap.with_filters
            else "Nothing in the library answers this."
        )
        people = words.plural(item.gap.people, "person", "people")
        times = words.plural(item.gap.times, "time")
        self.strip_text.setText(f"“{item.gap.query}”: {people}, {times}. {cause}")
        self.act.setText("See request" if item.request_id else "Ask for this")

    def _on_header(self, column: int) -> None:
        old, descending = self._sort
        descending = not descending if old == column else column in (*rows.NUMBERS, rows.LAST)
        self._sort = (column, descending)
        order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        self.table.horizontalHeader().setSortIndicator(column, order)
        self._refill()

    def _on_activated(self, _index: QModelIndex) -> None:
        self._on_ask()

    def _on_ask(self) -> None:
        item = self.current()
        if item is None:
            return
        if item.request_id:
            self.see.emit(item.request_id)
        else:
            self.ask.emit(item.gap)

    def _on_again(self) -> None:
        item = self.current()
        if item is not None:
            self._context.navigate("find", text=item.gap.query)
