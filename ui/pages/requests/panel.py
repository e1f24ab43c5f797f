"""The list of requests with the one in hand below it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QListView,
    QSplitter,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from app.rows import OPEN_REQUEST_STATUSES, NewRequest, RequestRow
from ui.context import Context
from ui.pages.attention import words
from ui.pages.attention.parts import Notice, Skeleton, button, label
from ui.pages.requests import items as rows
from ui.pages.requests.detail import RequestDetail
from ui.pages.requests.model import HEIGHT, RequestDelegate, RequestsModel

STATE = "attention_requests"
WHAT_THEY_ARE = (
    "A request says what is missing: one sentence, and for which deal. Everyone who needs it too "
    "adds a voice, so the most wanted stands first."
)


class RequestsPanel(QFrame):
    """Owns the requests shown; keeps selection and scroll when they change."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self._context = context
        self._items: tuple[rows.RequestItem, ...] = ()
        self._loaded = False
        self._see: int | None = None
        self.model = RequestsModel(self)
        # Each is made in the arms of its parent: to move a widget is to style it anew.
        self.split = QSplitter(Qt.Orientation.Vertical, self)
        self._top = QWidget(self.split)
        self.list = self._make_list(self._top)
        self._lower = self._make_lower(self.split)
        self._build()

    # ---- what the page says ----------------------------------------------------------------

    def show_items(self, items: tuple[rows.RequestItem, ...]) -> None:
        """Show other requests."""
        self._items = items
        self._loaded = True
        self._refill()

    def show_failure(self, sentence: str, retry: Callable[[], object]) -> None:
        """Say that the requests could not be read and why."""
        heading = "The requests could not be read"
        self.notice.say("circle-alert", heading, sentence, ("Try again", retry))
        self._stack.setCurrentWidget(self.notice)

    def see(self, request_id: int) -> None:
        """Select a request, open or not; before they are read it is kept for then."""
        self._see = request_id
        if self._loaded:
            self._refill()

    def new_request(self) -> None:
        """Open the form for a new request."""
        from ui.dialogs.request import RequestDialog

        RequestDialog(self._context, NewRequest(need=""), self.window()).open()

    # ---- parts ---------------------------------------------------------------------------

    def _make_list(self, parent: QWidget) -> QListView:
        view = QListView(parent)
        view.setModel(self.model)
        view.setItemDelegate(RequestDelegate(self._context.theme, view))
        view.setAccessibleName("Requests")
        view.setUniformItemSizes(True)
        view.setMouseTracking(True)
        view.setFrameShape(QFrame.Shape.NoFrame)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setMinimumHeight(HEIGHT)
        view.selectionModel().currentChanged.connect(self._on_current)
        return view

    def _make_lower(self, parent: QWidget) -> QWidget:
        lower = QWidget(parent)
        line = QFrame(lower)
        line.setProperty("kind", "line")
        self.detail = RequestDetail(self._context, lower)
        self.detail.seen.connect(self._show_asset)
        layout = QVBoxLayout(lower)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(line)
        layout.addWidget(self.detail, 1)
        lower.hide()
        return lower

    def _build(self) -> None:
        self.count = label("", "dim")
        self.scope = QComboBox()
        self.scope.setAccessibleName("Which requests")
        for key, text in rows.SCOPES.items():
            self.scope.addItem(text, key)
        scope = str(self._context.state.get(STATE, ""))
        self.scope.setCurrentIndex(max(0, self.scope.findData(scope)))
        self.scope.currentIndexChanged.connect(self._on_scope)
        self.new = button("New request", self.new_request, "primary")
        head = QHBoxLayout()
        head.setContentsMargins(16, 0, 16, 0)
        head.setSpacing(8)
        head.addWidget(label("Requests", "title"))
        head.addWidget(self.count, 1)
        head.addWidget(self.scope)
        head.addWidget(self.new)
        self.notice = Notice("inbox", "", "", parent=self._top)
        self._skeleton = Skeleton(self._context.theme, HEIGHT // 2, self._top)
        self._stack = QStackedLayout(self._top)
        for pane in (self._skeleton, self.list, self.notice):
            self._stack.addWidget(pane)
        self.split.setChildrenCollapsible(False)
        self.split.setHandleWidth(5)
        self.split.addWidget(self._top)
        self.split.addWidget(self._lower)
        self.split.setStretchFactor(0, 2)
        self.split.setStretchFactor(1, 3)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 12, 1, 6)
        outer.setSpacing(8)
        outer.addLayout(head)
        outer.addWidget(self.split, 1)

    def _refill(self) -> None:
        current = self.model.item(self.list.currentIndex().row())
        wanted = self._see if self._see is not None else current.row.id if current else None
        scroll = self.list.verticalScrollBar().value()
        self._widen_for(self._see)
        shown = rows.in_scope(self._items, self._scope(), self._my_name())
        self.model.set_items(shown)
        opened = sum(item.row.status in OPEN_REQUEST_STATUSES for item in self._items)
        self.count.setText(f"{opened:,} open")
        row = self.model.row_of(wanted) if wanted is not None else -1
        if row >= 0:
            flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
            self.list.selectionModel().setCurrentIndex(self.model.index(row), flag)
        self.list.verticalScrollBar().setValue(scroll)
        if self._see is not None and row >= 0:
            self.list.scrollTo(self.model.index(row))
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        self._see = None
        self._say_current()
        self._say_state(shown)

    def _widen_for(self, request_id: int | None) -> None:
        if request_id is None:
            return
        shown = rows.in_scope(self._items, self._scope(), self._my_name())
        if all(item.row.id != request_id for item in shown):
            self.scope.blockSignals(True)  # noqa: FBT003
            self.scope.setCurrentIndex(self.scope.findData(rows.EVERY))
            self.scope.blockSignals(False)  # noqa: FBT003

    def _say_state(self, shown: list[rows.RequestItem]) -> None:
        if shown:
            self._stack.setCurrentWidget(self.list)
            return
        ask = ("New request", self.new_request)
        if not self._items:
            self.notice.say("inbox", "No requests yet", WHAT_THEY_ARE, ask)
        elif self._scope() == rows.MINE:
            self.notice.say("inbox", "You have not asked for anything", WHAT_THEY_ARE, ask)
        else:
            closed = words.plural(len(self._items), "request")
            text = f"{closed} in all, none of them open. Choose All to see them."
            self.notice.say("circle-check", "Every request is answered", text, ask)
        self._stack.setCurrentWidget(self.notice)

    def _say_current(self) -> None:
        item = self.model.item(self.list.currentIndex().row())
        self._lower.setVisible(item is not None)
        if item is not None:
            others: list[RequestRow] = [
                other.row for other in self._items if other.row.status in OPEN_REQUEST_STATUSES
            ]
            self.detail.show_request(item.row, others, self._context.me())

    def _scope(self) -> str:
        return str(self.scope.currentData())

    def _my_name(self) -> str:
        me = self._context.me()
        return me.name if me else ""

    def _on_scope(self, _index: int) -> None:
        self._context.state.set(STATE, self._scope())
        if self._loaded:
            self._refill()

    def _on_current(self, _new: QModelIndex, _old: QModelIndex) -> None:
        self._say_current()

    def _show_asset(self, asset_id: object) -> None:
        self._context.navigate("find", asset_id=asset_id)
