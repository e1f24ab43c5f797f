"""Lucide icons, drawn at the size and in the colour that the moment asks for."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from ui.theme import theme

FOLDER = Path(__file__).parent.parent / "resources" / "icons"
_STROKE = 1.75


@lru_cache(maxsize=256)
def _source(name: str) -> str:
    return (FOLDER / f"{name}.svg").read_text("utf-8")


@lru_cache(maxsize=512)
def pixmap(name: str, color: str, size: int = 18, scale: float = 1.0) -> QPixmap:
    """The icon ``name`` in ``color`` (#RRGGBB); ``size`` in logical pixels, ``scale`` the ratio.

    Raises FileNotFoundError for an unknown name.
    """
    svg = _source(name).replace("currentColor", color)
    svg = svg.replace('stroke-width="2"', f'stroke-width="{_STROKE}"')
    side = max(1, round(size * scale))
    image = QPixmap(side, side)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, side, side))
    painter.end()
    image.setDevicePixelRatio(scale)
    return image


def scale_of(painter: QPainter) -> float:
    """Device pixels per logical pixel, while nothing but moves were applied to ``painter``.

    Not by ``painter.device()``: to name the class of what it returns, PySide first makes every
    class that could be meant, which costs a tenth of the way to the first paint.
    """
    return float(painter.deviceTransform().m11())


class _Engine(QIconEngine):
    """Asks the theme for its colour each time it paints, so icons follow a live switch."""

    def __init__(self, name: str, token: str, on_token: str, size: int) -> None:
        super().__init__()
        self._spec = (name, token, on_token, size)

    def clone(self) -> QIconEngine:
        return _Engine(*self._spec)

    def actualSize(self, size: QSize, *_: object) -> QSize:
        side = min(size.width(), size.height())
        return QSize(side, side)

    def availableSizes(self, *_: object) -> list[QSize]:
        return [QSize(self._spec[3], self._spec[3])]

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        side = min(rect.width(), rect.height())
        scale = scale_of(painter)
        corner = QPoint(
            rect.x() + (rect.width() - side) // 2, rect.y() + (rect.height() - side) // 2
        )
        painter.drawPixmap(corner, self._draw(side, scale, mode, state))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self._fit(size, 1.0, mode, state)

    def scaledPixmap(
        self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float
    ) -> QPixmap:
        return self._fit(size, scale, mode, state)

    def _fit(self, size: QSize, scale: float, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """The icon at the left of a box: a box wider than high keeps words at a distance."""
        side = min(size.width(), size.height())
        drawn = self._draw(side, scale, mode, state)
        if size.width() <= side:
            return drawn
        wide = QPixmap(round(size.width() * scale), round(side * scale))
        wide.setDevicePixelRatio(scale)
        wide.fill(Qt.GlobalColor.transparent)
        painter = QPainter(wide)
        painter.drawPixmap(QPoint(0, 0), drawn)
        painter.end()
        return wide

    def _draw(self, side: int, scale: float, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        name, token, on_token, _ = self._spec
        chosen = on_token if state == QIcon.State.On else token
        if mode == QIcon.Mode.Disabled:
            chosen = "disabled"
        return pixmap(name, theme().hex(chosen), side, scale)


def icon(name: str, color_token: str = "text2", size: int = 18, on_token: str = "") -> QIcon:
    """A QIcon of ``name`` in a theme colour; ``on_token`` is its colour when checked.

    It follows theme switches and the screen's pixel ratio by itself.
    Raises FileNotFoundError for an unknown name.
    """
    _source(name)
    return QIcon(_Engine(name, color_token, on_token or color_token, size))
