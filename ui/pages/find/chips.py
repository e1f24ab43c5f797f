"""The row of chips under the search field: chosen filters, then the pieces of what was typed."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from ui.icons import pixmap, scale_of
from ui.pages.find.paint import rounded
from ui.theme import theme

HEIGHT = 24
LINES = 2
_GAP = 6
_SIDE = 10
_CROSS = 12
_SIGN = 14
_WIDEST = 300
_REMOVING = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_Return, Qt.Key.Key_Enter)
_TONES = {
    "filter": ("info_bg", "info"),
    "plain": ("neutral_bg", "text2"),
    "field": ("info_bg", "info"),
    "not": ("neutral_bg", "text2"),
    "unknown": ("warn_bg", "warn"),
    "error": ("bad_bg", "bad"),
}


class Chip(NamedTuple):
    """One chip: ``key`` comes back when it is taken out; ``tone`` is a key of the tones.

    ``spoken`` is its accessible name, ``tip`` its tooltip (both plain text). ``whole``: a click
    anywhere takes it out, else only one on the cross does, and one beside it picks the piece.
    """

    key: object
    label: str
    tone: str
    spoken: str
    tip: str = ""
    whole: bool = True


class ChipButton(QAbstractButton):
    """A chip. ``removed`` and ``picked`` carry its key; Space, Enter and Delete remove it, Left and
    Right ask for its neighbour (``moved`` carries -1 or 1).
    """

    removed = Signal(object)
    picked = Signal(object)
    moved = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.chip = Chip(None, "", "plain", "")
        self._on_cross = False
        font = theme().font("small")
        font.setWeight(font.Weight.Medium)
        self.setFont(font)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.clicked.connect(self._on_clicked)

    def show_chip(self, chip: Chip) -> None:
        """Be this chip from now on."""
        if chip == self.chip:
            return
        self.chip = chip
        self.setAccessibleName(chip.spoken)
        self.setToolTip(f"<span>{html.escape(chip.tip)}</span>" if chip.tip else "")
        self.updateGeometry()
        self.update()

    def _sign(self) -> str:
        return {"error": "circle-alert", "unknown": "circle-help"}.get(self.chip.tone, "")

    def sizeHint(self) -> QSize:
        text = QFontMetrics(self.font()).horizontalAdvance(self.chip.label)
        sign = _SIGN + 5 if self._sign() else 0
        return QSize(min(_WIDEST, text + sign + 2 * _SIDE + 6 + _CROSS), HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(60, HEIGHT)

    def cross(self) -> QRect:
        """Where a click takes the chip out."""
        return QRect(self.width() - _CROSS - 2 * 8, 0, _CROSS + 2 * 8, self.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        ground, ink = _TONES[self.chip.tone]
        colors = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect())
        line, width = ("border", 1.0)
        if self.hasFocus():
            line, width = ("focus", 2.0)
        elif self.underMouse():
            line = ink
        rounded(painter, box, HEIGHT / 2, colors.color(ground), colors.color(line), width)
        left = _SIDE
        scale = scale_of(painter)
        if self._sign():
            sign = pixmap(self._sign(), colors.hex(ink), _SIGN, scale)
            painter.drawPixmap(QPoint(left - 2, (self.height() - _SIGN) // 2), sign)
            left += _SIGN + 3
        room = self.width() - left - _SIDE - _CROSS - 4
        shown = QFontMetrics(self.font()).elidedText(
            self.chip.label, Qt.TextElideMode.ElideRight, room + 1
        )
        painter.setPen(colors.color(ink))
        painter.setFont(self.font())
        # By its first letter: what is written from right to left has its dots at the left.
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        painter.drawText(QRect(left, 0, room + 2, self.height()), _ALIGNED, shown)
        if self._on_cross and not self.chip.whole:
            spot = QRectF(self.width() - _CROSS - 10, (self.height() - 16) / 2, 16, 16)
            rounded(painter, spot, 8, colors.color("surface"))
        cross = pixmap("x", colors.hex(ink), _CROSS, scale)
        at = QPoint(self.width() - _CROSS - 8, (self.height() - _CROSS) // 2)
        painter.drawPixmap(at, cross)
        painter.end()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._note_place(event.position().toPoint())
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._note_place(QPoint(-1, -1))
        super().leaveEvent(event)

    def _note_place(self, at: QPoint) -> None:
        on_cross = self.cross().contains(at)
        if on_cross != self._on_cross:
            self._on_cross = on_cross
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._note_place(event.position().toPoint())
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _REMOVING and not event.modifiers():
            self.removed.emit(self.chip.key)
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.moved.emit(1 if event.key() == Qt.Key.Key_Right else -1)
        else:
            super().keyPressEvent(event)

    def _on_clicked(self) -> None:
        by_mouse = self._on_cross or self.underMouse()
        if by_mouse and not self.chip.whole and not self._on_cross:
            self.picked.emit(self.chip.key)
        else:
            self.removed.emit(self.chip.key)


_ALIGNED = int(
    Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute
)


class ChipRow(QWidget):
    """Chips in at most two lines; what has no room is behind a "+3" that unfolds the rest.

    For Tab they are one stop, else a long text would stand between field and results; Left and
    Right go from one to the next. Buttons are kept and used again, so typing builds no widgets.
    ``removed`` and ``picked`` carry the key of a chip.
    """

    removed = Signal(object)
    picked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons: list[ChipButton] = []
        self._chips: tuple[Chip, ...] = ()
        self._unfolded = False
        self._after: QWidget | None = None
        self.more = _More(self)
        self.more.clicked.connect(self._unfold)
        self.more.hide()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme().changed.connect(self.update)

    def show_chips(self, chips: Sequence[Chip]) -> None:
        """Show exactly these chips."""
        chips = tuple(chips)
        if chips == self._chips:
            return
        had_focus = next((n for n, b in enumerate(self.buttons) if b.hasFocus()), -1)
        known = len(self.buttons)
        if len(chips) <= 1:
            self._unfolded = False
        self._chips = chips
        while len(self.buttons) < len(chips):
            self.buttons.append(self._made())
        for button, chip in zip(self.buttons, chips, strict=False):
            button.show_chip(chip)
        if known < len(self.buttons):
            self._order()
        self.updateGeometry()
        self._place()
        self._stop_at(max(0, min(had_focus, len(chips) - 1)))
        if had_focus >= 0 and chips:
            self.buttons[min(had_focus, len(chips) - 1)].setFocus(Qt.FocusReason.OtherFocusReason)

    def shown(self) -> list[ChipButton]:
        """The chips that are seen."""
        return [button for button in self.buttons if button.isVisibleTo(self)]

    def _made(self) -> ChipButton:
        button = ChipButton(self)
        button.removed.connect(self.removed)
        button.picked.connect(self.picked)
        button.moved.connect(self._move)
        button.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        return button

    # ---- focus -------------------------------------------------------------------------------

    def follow(self, widget: QWidget) -> None:
        """Be reached by Tab from this widget."""
        self._after = widget
        self._order()

    def _order(self) -> None:
        last = self._after
        for button in (*self.buttons, self.more):
            if last is not None:
                QWidget.setTabOrder(last, button)
            last = button

    def _stop_at(self, place: int) -> None:
        """Make a chip the one at which Tab stops."""
        for n, button in enumerate(self.buttons):
            policy = Qt.FocusPolicy.StrongFocus if n == place else Qt.FocusPolicy.ClickFocus
            button.setFocusPolicy(policy)

    def _move(self, by: int) -> None:
        shown = self.shown()
        at = next((n for n, button in enumerate(shown) if button.hasFocus()), 0) + by
        if 0 <= at < len(shown):
            self._stop_at(at)
            shown[at].setFocus(Qt.FocusReason.OtherFocusReason)
        elif at == len(shown) and self.more.isVisible():
            self.more.setFocus(Qt.FocusReason.OtherFocusReason)

    # ---- places ------------------------------------------------------------------------------

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        places, _ = self._arranged(width)
        top = self.contentsMargins().top()
        return max((place.bottom() + 1 + top for place in places), default=0)

    def sizeHint(self) -> QSize:
        high = HEIGHT + self.contentsMargins().top()
        return QSize(160 if self._chips else 0, high if self._chips else 0)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        places, left_out = self._arranged(self.width())
        top = self.contentsMargins().top()
        places = [place.translated(0, top) for place in places]
        count = len(self._chips) - left_out
        for n, button in enumerate(self.buttons):
            if n < count:
                button.setGeometry(places[n])
            button.setVisible(n < count)
        self.more.setVisible(bool(left_out))
        if left_out:
            hidden = self._chips[count:]
            self.more.show_rest([chip.label for chip in hidden],
                                wrong=any(chip.tone == "error" for chip in hidden))  # fmt: skip
            self.more.setGeometry(places[count])

    def _arranged(self, width: int) -> tuple[list[QRect], int]:
        """Where each chip lies (then the "+3", if there is one), and how many have no room."""
        sizes = [button.sizeHint() for button in self.buttons[: len(self._chips)]]
        widths = [min(size.width(), max(1, width)) for size in sizes]
        most = len(widths) if self._unfolded else LINES
        places = _flow(widths, width)
        if not places or places[-1].top() < most * (HEIGHT + _GAP):
            return places, 0
        for count in range(len(widths) - 1, -1, -1):
            places = _flow([*widths[:count], self.more.sizeHint().width()], width)
            if places[-1].top() < most * (HEIGHT + _GAP):
                return places, len(widths) - count
        return places, len(widths)

    def _unfold(self) -> None:
        self._unfolded = True
        self.updateGeometry()
        self._place()
        self.buttons[0].setFocus(Qt.FocusReason.OtherFocusReason)


def _flow(widths: Sequence[int], width: int) -> list[QRect]:
    """Boxes of these widths side by side, a new line when there is no room."""
    places = []
    x = y = 0
    for each in widths:
        if x and x + each > width:
            x, y = 0, y + HEIGHT + _GAP
        places.append(QRect(x, y, each, HEIGHT))
        x += each + _GAP
    return places


class _More(QAbstractButton):
    """Tells how many chips have no room."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._wrong = False
        font = theme().font("small")
        font.setWeight(font.Weight.Medium)
        self.setFont(font)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_rest(self, labels: Sequence[str], *, wrong: bool) -> None:
        """Stand for these chips; ``wrong``: one of them tells of an error."""
        self._wrong = wrong
        self.setText(f"+{len(labels)}")
        self.setAccessibleName(f"Show {len(labels)} more: {', '.join(labels)}")
        lines = "<br>".join(html.escape(label) for label in labels)
        self.setToolTip(f"<span>{lines}</span>")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(44, HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        colors = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        focus = self.hasFocus()
        line = "focus" if focus else "text2" if self.underMouse() else "border"
        ground, ink = _TONES["error" if self._wrong else "plain"]
        box = QRectF(self.rect())
        rounded(painter, box, HEIGHT / 2, colors.color(ground), colors.color(line),
                2.0 if focus else 1.0)  # fmt: skip
        painter.setPen(colors.color(ink))
        painter.setFont(self.font())
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), self.text())
        painter.end()
