"""The list of results: many selected, dragged out, and never a step behind the pictures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    QRect,
    QRectF,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPixmap,
)
from PySide6.QtWidgets import QFrame, QListView, QStyleOptionViewItem, QWidget

from ui.models.hits import at_page
from ui.pages.find.choosing import chosen_count, chosen_rows, selection_of
from ui.pages.find.row import THUMB, Index, Look, RowDelegate, look_of, wanted_thumb
from ui.tokens import ROW

if TYPE_CHECKING:
    from app.rows import Hit, PageHit
    from ui.models.hits import HitModel
    from ui.pages.find.paint import Ink
    from ui.pictures import Pictures, Wanted

_DRAG_WIDTH = 320


class ResultList(QListView):
    """The middle of the page. Emits what the person means; does nothing itself.

    ``current_changed`` carries the current Hit or None: of a page below a hit, the hit at that
    page. ``why_wanted`` asks why the current hit stands there; ``pages_wanted`` carries the id of
    an asset whose pages are to be shown; ``seen_changed`` tells that other rows are in sight;
    ``drag_wanted`` and ``menu_wanted`` (with a QPoint) concern the selected hits.
    """

    pages_wanted = Signal(object)
    why_wanted = Signal()
    seen_changed = Signal()

    current_changed = Signal(object)
    selection_changed = Signal()
    drag_wanted = Signal()
    menu_wanted = Signal(object)

    def __init__(self, model: HitModel, ink: Ink, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hits = model
        self._pictures: Pictures | None = None
        self._paints = RowDelegate(ink, self._picture, self, look=self._look, is_open=model.is_open)
        self._restoring = False
        self._all = False
        self._sweep = QTimer(self)
        self._sweep.setSingleShot(True)
        self._sweep.setInterval(80)
        self._sweep.timeout.connect(self._forget_unseen)
        self._dress()
        self.setModel(model)
        self.setItemDelegate(self._paints)
        model.rowsInserted.connect(self._on_inserted)
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        self.selectionModel().currentChanged.connect(self._on_current)
        self.selectionModel().selectionChanged.connect(self._on_selection)
        ink.changed.connect(self._repaint_all)

    def _dress(self) -> None:
        self.setObjectName("results")
        self.setAccessibleName("Search results")
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        self.setDragEnabled(True)
        self.setTabKeyNavigation(False)
        self.verticalScrollBar().setSingleStep(ROW // 3)

    # ---- what is selected --------------------------------------------------------------------

    def current_hit(self) -> Hit | None:
        """The hit with the focus, at the page with the focus; or None."""
        return self._hit_at(self.currentIndex())

    def _hit_at(self, index: Index) -> Hit | None:
        hit, page = self._hits.hit(index), self._hits.page(index)
        return hit if hit is None or page is None else at_page(hit, page)

    def selected_hits(self) -> tuple[Hit, ...]:
        """The selected hits from top to bottom; the current one when nothing is selected."""
        rows = () if self._hits.skeleton else chosen_rows(self.selectionModel())
        found: dict[int, Hit] = {}
        for hit in self._hits.hits_in(rows):
            # A hit and its pages are one asset.
            found.setdefault(hit.asset_id, hit)
        current = self.current_hit()
        return tuple(found.values()) or ((current,) if current is not None else ())

    def selected_count(self) -> int:
        """How many hits ``selected_hits`` has, told without making them."""
        if self._hits.has_open:
            return len(self.selected_hits())
        count = chosen_count(self.selectionModel())
        return count or int(self.current_hit() is not None)

    def selectAll(self) -> None:
        """Select every hit of the search; those not loaded yet follow by and by."""
        super().selectAll()
        self._all = not self._hits.complete
        self._take_more()

    def _take_more(self) -> None:
        if self._all:
            self._hits.fetchMore(QModelIndex())

    def _on_inserted(self, _parent: QModelIndex, first: int, last: int) -> None:
        """Select what has come of all that were selected, and ask for what comes after it."""
        if not self._all or self._restoring:
            return
        add = QItemSelectionModel.SelectionFlag.Select
        rows = range(first, last + 1)
        self.selectionModel().select(selection_of(self._hits, rows), add)
        self._all = not self._hits.complete
        # In a turn of its own: the window lives between two parts of a long list.
        QTimer.singleShot(0, self, self._take_more)

    def select_asset(self, asset_id: int) -> bool:
        """Make an asset current and selected, in sight; False when it is not in the list."""
        place = self._hits.place_of(asset_id)
        if place < 0:
            return False
        self._hits.ensure_shown(place)
        self.select_row(self._hits.row_of(asset_id))
        return True

    def select_row(self, row: int) -> None:
        """Make a row current and the only one selected, whatever keys are held down."""
        index = self._hits.index(row)
        if index.isValid():
            only = QItemSelectionModel.SelectionFlag.ClearAndSelect
            self.selectionModel().setCurrentIndex(index, only)
            self.scrollTo(index)

    def select_first(self) -> None:
        """Make the first hit current, at the top of the list."""
        if self._hits.rowCount() and not self._hits.skeleton:
            self.select_row(0)
            self.scrollToTop()

    def first_on_screen(self) -> int:
        """The first row that a person can see now."""
        return self._rows_on_screen().start

    def room(self) -> int:
        """How many hits there is room for, with two that a turn of the wheel would show."""
        return -(-self.height() // ROW) + 2

    def shown_ids(self) -> tuple[int, ...]:
        """The assets that a person can see now, for the log of searches."""
        return tuple(hit.asset_id for hit in self._on_screen())

    def replace(self, hits: Sequence[Hit], *, complete: bool, quiet: bool) -> None:
        """Show another answer. A quiet one keeps selection, current row and scroll position."""
        kept = {hit.asset_id for hit in self.selected_hits()}
        current = self.current_hit()
        scroll = self.verticalScrollBar().value()
        self._restoring = True
        try:
            self._hits.replace(hits, complete=complete, keep_shown=quiet)
            if quiet:
                self._restore(kept, current)
                self.verticalScrollBar().setValue(scroll)
        finally:
            self.setUniformItemSizes(not self._hits.has_open)
            self._restoring = False
        if not quiet:
            self._all = False
            self.select_first()
        elif self._all:
            QTimer.singleShot(0, self, self._take_more)
        now = self.current_hit()
        if not quiet or now != current:
            self.current_changed.emit(now)
        self.selection_changed.emit()
        self._sweep.start()

    def _restore(self, kept: set[int], current: Hit | None) -> None:
        choose = QItemSelectionModel.SelectionFlag
        rows = self._hits.rows_of(kept)
        if current is not None and current.asset_id in kept:
            whole, again = self._hits.row_of(current.asset_id), self._row_again(current)
            rows = [again if row == whole else row for row in rows]
        selection = selection_of(self._hits, rows)
        self.doItemsLayout()
        row = self._row_again(current) if current is not None else -1
        if row >= 0:
            self.selectionModel().setCurrentIndex(self._hits.index(row), choose.NoUpdate)
        self.selectionModel().select(selection, choose.ClearAndSelect)

    def _row_again(self, current: Hit) -> int:
        """The row of the hit that was current, or of its page which was."""
        return self._hits.row_of(current.asset_id, current.page)

    # ---- pages of a hit ----------------------------------------------------------------------

    def show_pages(self, asset_id: int, pages: Sequence[PageHit]) -> None:
        """Show the pages of an asset that match below it."""
        self.setUniformItemSizes(False)
        self._hits.unfold(asset_id, pages)
        self.setUniformItemSizes(not self._hits.has_open)
        self.seen_changed.emit()

    def toggle_pages(self) -> None:
        """Show the pages of the current hit that match, or not any more."""
        hit = self._hits.hit(self.currentIndex())
        if hit is None:
            return
        if self._hits.is_open(hit.asset_id):
            self.fold_current()
        elif hit.more_pages:
            self.pages_wanted.emit(hit.asset_id)

    def unfold_current(self) -> bool:
        """Ask for the pages of the current hit; False when there are none more to show."""
        hit = self._hits.hit(self.currentIndex())
        if hit is None or not hit.more_pages or self._hits.is_open(hit.asset_id):
            return False
        self.pages_wanted.emit(hit.asset_id)
        return True

    def fold_current(self) -> bool:
        """From a page go to its hit, and from an unfolded hit fold it; False for any other row."""
        index = self.currentIndex()
        hit = self._hits.hit(index)
        if hit is None or not self._hits.is_open(hit.asset_id):
            return False
        row = self._hits.row_of(hit.asset_id)
        if index.row() != row:
            self.select_row(row)
            return True
        self._hits.fold(hit.asset_id)
        self.setUniformItemSizes(not self._hits.has_open)
        self.seen_changed.emit()
        return True

    def _on_current(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if not self._restoring:
            self.current_changed.emit(self._hit_at(current))

    def _on_selection(self, *_: object) -> None:
        if not self._restoring:
            self.selection_changed.emit()

    # ---- pictures ----------------------------------------------------------------------------

    def show_dates(self, *, dated: bool) -> None:
        """Say in each row when the asset was changed, or not."""
        if dated != self._paints.dated:
            self._paints.dated = dated
            self._repaint_all()

    def show_pictures(self, pictures: Pictures) -> None:
        """Show pictures in the rows from now on; before the first paint there is no time."""
        self._pictures = pictures
        pictures.ready.connect(self._on_picture)
        self._repaint_all()

    def _repaint_all(self) -> None:
        # Asked for when needed: to name what viewport() returns, PySide first makes every class
        # of widget that it could be, a tenth of the way to the first paint.
        self.viewport().update()

    def _look(self, option: QStyleOptionViewItem, index: Index) -> Look:
        if self._pictures is not None:
            return look_of(option, index)
        # Before the first paint nothing is hovered, and the style's flags would be slow to load.
        at = self._hits.index(index.row())
        return Look(self.selectionModel().isSelected(at), hovered=False, focused=False)

    def _picture(self, hit: Hit, ratio: float) -> QImage | None:
        if self._pictures is None or not hit.sha or not hit.file_path:
            return None
        picture = self._pictures.get(wanted_thumb(hit, ratio))
        return picture.image if picture is not None else None

    def _on_picture(self, wanted: Wanted) -> None:
        if wanted.shape.cover and wanted.shape.width == THUMB.width():
            for row in self._rows_on_screen():
                hit = self._hits.hit(self._hits.index(row))
                if hit is not None and hit.sha == wanted.sha:
                    self.update(self._hits.index(row))

    def _rows_on_screen(self) -> range:
        count = self._hits.rowCount()
        if self._hits.has_open:
            first = max(0, self.indexAt(QPoint(1, 1)).row())
            last = self.indexAt(QPoint(1, self.viewport().height() - 1)).row()
            return range(first, count if last < 0 else last + 1)
        first = max(0, self.verticalScrollBar().value() // ROW)
        return range(min(first, count), min(count, first + self.viewport().height() // ROW + 2))

    def _on_screen(self) -> list[Hit]:
        hits = [self._hits.hit(self._hits.index(row)) for row in self._rows_on_screen()]
        return list({hit.asset_id: hit for hit in hits if hit is not None}.values())

    def _on_scrolled(self) -> None:
        self._sweep.start()

    def _forget_unseen(self) -> None:
        self.seen_changed.emit()
        if self._pictures is None:
            return
        ratio = self.devicePixelRatioF()
        self._pictures.keep_only("list", [wanted_thumb(hit, ratio) for hit in self._on_screen()])

    # ---- hands -------------------------------------------------------------------------------

    def startDrag(self, _supported: Qt.DropAction) -> None:
        if self.selected_hits():
            self.drag_wanted.emit()

    def drag_picture(self) -> QPixmap:
        """The first selected row as it is painted, with the count when there are more."""
        hits = self.selected_hits()
        if not hits:
            return QPixmap()
        ratio = self.devicePixelRatioF()
        picture = QPixmap(round(_DRAG_WIDTH * ratio), round(ROW * ratio))
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        option.rect.setRect(0, 0, _DRAG_WIDTH, ROW)
        option.state |= option.state.State_Selected
        painter = QPainter(picture)
        painter.setOpacity(0.9)
        self._paints.paint(painter, option, self._hits.index(self._hits.row_of(hits[0].asset_id)))
        painter.end()
        return picture

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        at = event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            rect = self.visualRect(self.currentIndex())
            at = self.viewport().mapToGlobal(rect.center())
        if self.selected_hits():
            self.menu_wanted.emit(at)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._paints.by_keyboard = True
        self._all = False
        self.viewport().update()
        super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Letters are shortcuts here (T tags); typing a title is what the search field is for."""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._paints.by_keyboard = False
        self._all = False
        super().mousePressEvent(event)
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if self._is_on(event, self._more_box):
            self.toggle_pages()
        elif self._is_on(event, self._why_box):
            self.why_wanted.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        # Two quick clicks on what unfolds are two clicks, and open no file.
        if self._is_on_link(event):
            self.mousePressEvent(event)
        else:
            super().mouseDoubleClickEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        hand = Qt.CursorShape.PointingHandCursor
        self.viewport().setCursor(hand if self._is_on_link(event) else Qt.CursorShape.ArrowCursor)

    def _is_on_link(self, event: QMouseEvent) -> bool:
        return self._is_on(event, self._more_box) or self._is_on(event, self._why_box)

    def _is_on(self, event: QMouseEvent, box: Callable[[Index], QRectF]) -> bool:
        index = self.indexAt(event.position().toPoint())
        if self._hits.hit(index) is None or self._hits.page(index) is not None:
            return False
        return box(index).contains(event.position())

    def _more_box(self, index: Index) -> QRectF:
        hit = self._hits.hit(index)
        return (
            QRectF() if hit is None else self._paints.more_box(QRectF(self.visualRect(index)), hit)
        )

    def _why_box(self, index: Index) -> QRectF:
        return self._paints.why_box(QRectF(self.visualRect(index)))

    def why_place(self) -> QRect:
        """Where on the screen the current hit's "Why?" is."""
        hit = self._hits.hit(self.currentIndex())
        row = self._hits.row_of(hit.asset_id) if hit is not None else -1
        box = self._why_box(self._hits.index(row)).toRect()
        return QRect(self.viewport().mapToGlobal(box.topLeft()), box.size())

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self._paints.by_keyboard = True
        if not self.currentIndex().isValid() and self._hits.rowCount():
            self.select_first()
