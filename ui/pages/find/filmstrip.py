"""The strip of small pages under the preview."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from ui.decoding import Shape
from ui.models.pages import FOUND_ROLE, NUMBER_ROLE, PageModel
from ui.pages.find.paint import Ink, rounded
from ui.pictures import Pictures, Wanted

Index = QModelIndex | QPersistentModelIndex

_SMALL = QSize(83, 47)
_GAP = 8
_RADIUS = 4
_BELOW = 5
"""Room below a picture for the bar that says that the words stand there."""


class _PageDelegate(QStyledItemDelegate):
    """Paints a small page, with a bar below it where the words stand on it; the page shown large
    has the accent around it.
    """

    def __init__(self, ink: Ink, picture: Callable[[int], QImage | None], parent: QWidget) -> None:
        super().__init__(parent)
        self._ink = ink
        self._picture = picture

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(_SMALL.width() + _GAP, _SMALL.height() + 6 + _BELOW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        number = index.data(NUMBER_ROLE)
        if number is None:
            return
        ink = self._ink
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(option.rect.left() + 2, option.rect.top() + 3, _SMALL.width(), _SMALL.height())
        image = self._picture(number)
        if image is not None and not image.isNull():
            painter.drawImage(box.topLeft(), image)
            rounded(painter, box, _RADIUS, None, ink.color("border"))
        else:
            rounded(painter, box, _RADIUS, ink.color("sunken"), ink.color("border"))
            ink.text(painter, box, f"{number}", "small", "text3", Qt.AlignmentFlag.AlignHCenter)
        if option.state & QStyle.StateFlag.State_Selected:
            rounded(painter, box.adjusted(-2, -2, 2, 2), _RADIUS + 2, None, ink.color("accent"), 2)
        if index.data(FOUND_ROLE):
            bar = QRectF(box.left() + 18, box.bottom() + 4, box.width() - 36, 3)
            rounded(painter, bar, 1.5, ink.color("hit"))
        painter.restore()


class Filmstrip(QListView):
    """Pages side by side; ``page_chosen`` carries the number (1-based) a person picked."""

    page_chosen = Signal(object)

    def __init__(
        self, model: PageModel, ink: Ink, pictures: Pictures, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._pages = model
        self._pictures = pictures
        self._make: Callable[[int, Shape], Wanted] | None = None
        self._showing = False
        self.setAccessibleName("Pages")
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setUniformItemSizes(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setStyleSheet("QListView { background: transparent; }")
        self.setHorizontalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFixedHeight(_SMALL.height() + 8 + _BELOW)
        self.setTabKeyNavigation(False)
        self.setModel(model)
        self.setItemDelegate(_PageDelegate(ink, self._picture, self))
        self.selectionModel().currentChanged.connect(self._on_current)
        self._sweep = QTimer(self)
        self._sweep.setSingleShot(True)
        self._sweep.setInterval(80)
        self._sweep.timeout.connect(self._forget_unseen)
        self.horizontalScrollBar().valueChanged.connect(self._sweep.start)
        pictures.ready.connect(self._on_picture)
        ink.changed.connect(self.viewport().update)

    def clear(self) -> None:
        """Show no pages."""
        self._make = None
        self._sweep.stop()

    def show_pages(self, make: Callable[[int, Shape], Wanted]) -> None:
        """Show the pages of the model; ``make`` says which picture a page wants."""
        self._make = make
        self._sweep.start()
        self.viewport().update()

    def show_page(self, number: int) -> None:
        """Mark a page as the one shown large, and bring it into sight."""
        index = self._pages.index(number - 1)
        if not index.isValid():
            return
        self._showing = True
        self.setCurrentIndex(index)
        self.scrollTo(index, QListView.ScrollHint.PositionAtCenter)
        self._showing = False

    def _on_current(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid() and not self._showing:
            self.page_chosen.emit(current.row() + 1)

    def _wanted(self, number: int) -> Wanted | None:
        if self._make is None:
            return None
        shape = Shape(
            _SMALL.width(), _SMALL.height(), self.devicePixelRatioF(), cover=True, radius=_RADIUS
        )
        return self._make(number, shape)

    def _picture(self, number: int) -> QImage | None:
        wanted = self._wanted(number)
        picture = self._pictures.get(wanted, "strip", rank=1) if wanted is not None else None
        return picture.image if picture is not None else None

    def _on_picture(self, wanted: Wanted) -> None:
        if wanted.shape.width == _SMALL.width() and self._make is not None:
            self.update(self._pages.index(wanted.page - 1))

    def _forget_unseen(self) -> None:
        step = _SMALL.width() + _GAP
        first = self.horizontalScrollBar().value() // step
        last = first + self.viewport().width() // step + 2
        numbers = range(first + 1, min(last, self._pages.rowCount()) + 1)
        seen = [wanted for n in numbers if (wanted := self._wanted(n)) is not None]
        self._pictures.keep_only("strip", seen)
