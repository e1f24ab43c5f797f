"""A state in a pill: an icon, a word and a colour; the colour alone never says it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.icons import pixmap, scale_of
from ui.theme import theme

KINDS = ("ok", "warn", "bad", "info", "neutral")
HEIGHT = 20
_PAD = 8
_ICON = 12
_GAP = 4


def badge_width(text: str, *, with_icon: bool = False) -> float:
    """The width in logical pixels that ``paint_badge`` needs."""
    metrics = QFontMetricsF(theme().font("caption"))
    extra = _ICON + _GAP if with_icon else 0
    return metrics.horizontalAdvance(text) + 2 * _PAD + extra


def paint_badge(
    painter: QPainter, left: float, top: float, text: str, kind: str, icon_name: str = ""
) -> QRectF:
    """Draw a badge of HEIGHT with its corner at (left, top); returns the room it took."""
    look = theme()
    box = QRectF(left, top, badge_width(text, with_icon=bool(icon_name)), HEIGHT)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.color(f"{kind}_bg"))
    painter.drawRoundedRect(box, HEIGHT / 2, HEIGHT / 2)
    words = box.adjusted(_PAD, 0, -_PAD, 0)
    if icon_name:
        image = pixmap(icon_name, look.hex(kind), _ICON, scale_of(painter))
        painter.drawPixmap(QPointF(words.left(), box.center().y() - _ICON / 2), image)
        words.setLeft(words.left() + _ICON + _GAP)
    painter.setPen(look.color(kind))
    painter.setFont(look.font("caption"))
    painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), text)
    painter.restore()
    return box


class Badge(QWidget):
    """A badge in a layout."""

    def __init__(
        self,
        text: str = "",
        kind: str = "neutral",
        icon_name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._text, self._kind, self._icon = text, kind, icon_name
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)

    def show_state(self, text: str, kind: str, icon_name: str = "") -> None:
        """Show another state."""
        self._text, self._kind, self._icon = text, kind, icon_name
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        width = badge_width(self._text, with_icon=bool(self._icon))
        return QSize(int(width + 0.999), HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_badge(painter, 0, 0, self._text, self._kind, self._icon)
        painter.end()
