"""One page, large: its picture, the words found on it, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.decoding import Shape
from ui.pages.find.paint import Ink, rounded
from ui.pictures import Picture, Pictures, Wanted

Boxes = Sequence[Sequence[float]]

_PATIENCE_MS = 150
_RADIUS = 8
_STEPS = {
    Qt.Key.Key_Left: -1, Qt.Key.Key_PageUp: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_PageDown: 1,
}  # fmt: skip


class PageCanvas(QWidget):
    """Shows the page that it is told to; asks for a picture of its own size.

    ``stepped`` carries -1 or 1 for the page before and after, ``pressed`` means "larger, please",
    ``source_changed`` carries the source of the picture shown ("" while there is none).
    """

    stepped = Signal(object)
    pressed = Signal()
    source_changed = Signal(object)

    def __init__(
        self, ink: Ink, pictures: Pictures, parent: QWidget | None = None, *,
        group: str = "preview", tallest: int = 0,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._ink = ink
        self._pictures = pictures
        self._group = group
        self._tallest = tallest
        self._make: Callable[[Shape], Wanted] | None = None
        self._wanted: Wanted | None = None
        self._picture: Picture | None = None
        self._shown: Wanted | None = None
        self._stands_in = False
        self._boxes: Boxes = ()
        self._aspect = 16 / 9
        self._blank = QTimer(self)
        self._blank.setSingleShot(True)
        self._blank.setInterval(_PATIENCE_MS)
        self._blank.timeout.connect(self._go_blank)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        if tallest:
            policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)
        pictures.ready.connect(self._on_ready)
        ink.changed.connect(self.update)

    # ---- what to show ------------------------------------------------------------------------

    def show_page(
        self, make: Callable[[Shape], Wanted], spoken: str, meanwhile: Picture | None = None
    ) -> None:
        """Show the page for which ``make`` gives the wanted picture in a shape.

        ``meanwhile`` is a smaller picture of the same page, shown until this one is drawn.
        """
        self._make = make
        self._boxes = ()
        self._stands_in = False
        self.setAccessibleName(spoken)
        self._ask()
        if meanwhile is not None and self._blank.isActive():
            self._blank.stop()
            self._picture, self._shown, self._stands_in = meanwhile, None, True
            self.update()

    def clear(self) -> None:
        """Show nothing."""
        self._make = self._wanted = None
        self._go_blank()

    def set_boxes(self, boxes: Boxes) -> None:
        """Mark words: (left, top, right, bottom) as fractions of the page."""
        self._boxes = boxes
        self.update()

    @property
    def picture(self) -> Picture | None:
        """The picture shown now, or None."""
        return self._picture

    def picture_of(self, sha: str, page: int) -> Picture | None:
        """The picture shown now, if it is of that page."""
        shown = self._shown
        return self._picture if shown and (shown.sha, shown.page) == (sha, page) else None

    def _ask(self) -> None:
        if self._make is None or self.width() < 2:
            return
        height = self._tallest or self.height()
        wanted = self._make(Shape(self.width(), max(2, height), self.devicePixelRatioF()))
        if wanted == self._wanted and self._picture is not None:
            return
        self._wanted = wanted
        picture = self._pictures.get(wanted, self._group, rank=2)
        self._pictures.keep_only(self._group, [wanted])
        if picture is None and not self._stands_in:
            # The page before stays for a moment: a blank sheet between two pages is a flicker.
            self._blank.start()
        elif picture is not None:
            self._set(picture)

    def _on_ready(self, wanted: Wanted) -> None:
        if wanted == self._wanted:
            picture = self._pictures.get(wanted, self._group, rank=2)
            if picture is not None:
                self._set(picture)

    def _set(self, picture: Picture) -> None:
        self._blank.stop()
        self._picture, self._shown, self._stands_in = picture, self._wanted, False
        if not picture.image.isNull():
            aspect = picture.image.width() / max(1, picture.image.height())
            if aspect != self._aspect:
                self._aspect = aspect
                self.updateGeometry()
        self.source_changed.emit(picture.source)
        self.update()

    def _go_blank(self) -> None:
        self._blank.stop()
        self._picture = self._shown = None
        self.source_changed.emit("")
        self.update()

    # ---- size --------------------------------------------------------------------------------

    def hasHeightForWidth(self) -> bool:
        return bool(self._tallest)

    def heightForWidth(self, width: int) -> int:
        wide = max(1.2, self._aspect)
        return min(self._tallest, round(width / wide)) if self._tallest else width

    def sizeHint(self) -> QSize:
        width = 356
        return QSize(width, self.heightForWidth(width))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width() or not self._tallest:
            self._ask()

    # ---- painting ----------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        box = QRectF(self.rect())
        ink = self._ink
        if self._picture is None or self._picture.image.isNull():
            rounded(painter, box, _RADIUS, ink.color("sunken"), ink.color("border"))
            if self._picture is not None and self._make is not None:
                text = box.adjusted(16, 0, -16, 0)
                ink.text(
                    painter, text, self._picture.reason, "body", "text2",
                    Qt.AlignmentFlag.AlignHCenter,
                )  # fmt: skip
        else:
            self._paint_page(painter, box, self._picture.image)
        if self.hasFocus():
            rounded(painter, box, _RADIUS, None, ink.color("focus"), 2)
        painter.end()

    def _paint_page(self, painter: QPainter, box: QRectF, image: QImage) -> None:
        ratio = image.devicePixelRatio()
        width, height = image.width() / ratio, image.height() / ratio
        scale = min(box.width() / width, box.height() / height)
        width, height = width * scale, height * scale
        page = QRectF(
            box.left() + (box.width() - width) / 2, box.top() + (box.height() - height) / 2,
            width, height,
        )  # fmt: skip
        if box.width() - width > 4 and self._tallest:
            rounded(painter, box, _RADIUS, self._ink.color("sunken"))
        # A page that fills the pane gets its round corners; paper on a ground stays square.
        radius = _RADIUS if self._tallest and box.width() - width <= 4 else 2
        path = QPainterPath()
        path.addRoundedRect(page, radius, radius)
        painter.save()
        painter.setClipPath(path)
        painter.drawImage(page, image)
        self._paint_boxes(painter, page)
        painter.restore()
        rounded(painter, page, radius, None, self._ink.color("border"))

    def _paint_boxes(self, painter: QPainter, page: QRectF) -> None:
        # The page is paper in either theme, so the mark is that of light paper too: ink stays
        # black when the mark is multiplied, and on dark grounds the frame still shows.
        for left, top, right, bottom in self._boxes:
            box = QRectF(
                page.left() + left * page.width(), page.top() + top * page.height(),
                (right - left) * page.width(), (bottom - top) * page.height(),
            ).adjusted(-1, -1, 1, 1)  # fmt: skip
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
            painter.fillRect(box, QColor("#FFE08A"))
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
            rounded(painter, box, 2, None, QColor(224, 168, 0, 90))

    # ---- hands -------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None and not event.modifiers():
            self.stepped.emit(step)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Space) and not event.modifiers():
            self.pressed.emit()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self.pressed.emit()
