"""From a picture file to an image of the size, cut and corners that the screen needs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QPainter, QPainterPath


@dataclass(frozen=True, slots=True)
class Shape:
    """A box in logical pixels and the screen's pixel ratio.

    ``cover`` fills the box and cuts what is over (from the bottom, for the top of a page tells
    most); otherwise the whole page fits into the box. ``radius`` rounds the corners.
    """

    width: int
    height: int
    ratio: float = 1.0
    cover: bool = False
    radius: int = 0

    @property
    def pixels(self) -> tuple[int, int]:
        """Width and height of the box in device pixels."""
        return round(self.width * self.ratio), round(self.height * self.ratio)


def decode(file: Path, shape: Shape) -> QImage:
    """The picture in that shape; a null image when the file is no picture. Safe in any thread."""
    reader = QImageReader(str(file))
    reader.setAutoTransform(True)
    size = reader.size()
    if not size.isValid() or size.isEmpty():
        return QImage()
    box = QSize(*shape.pixels)
    mode = (
        Qt.AspectRatioMode.KeepAspectRatioByExpanding
        if shape.cover
        else Qt.AspectRatioMode.KeepAspectRatio
    )
    reader.setScaledSize(size.scaled(box, mode).expandedTo(QSize(1, 1)))
    image = reader.read()
    if image.isNull():
        return image
    if shape.cover:
        left = max(0, (image.width() - box.width()) // 2)
        image = image.copy(QRect(left, 0, box.width(), box.height()))
    if shape.radius:
        image = _rounded(image, shape.radius * shape.ratio)
    image.setDevicePixelRatio(shape.ratio)
    return image


def _rounded(image: QImage, radius: float) -> QImage:
    out = QImage(image.size(), QImage.Format.Format_ARGB32_Premultiplied)
    out.fill(Qt.GlobalColor.transparent)
    painter = QPainter(out)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    path = QPainterPath()
    path.addRoundedRect(QRectF(image.rect()), radius, radius)
    painter.setClipPath(path)
    painter.drawImage(0, 0, image)
    painter.end()
    return out
