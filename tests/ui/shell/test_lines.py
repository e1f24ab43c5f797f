"""Text in a few lines, and the room between an icon and the words of a button."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QFontMetricsF, QIcon
from PySide6.QtWidgets import QApplication

from ui.icons import icon
from ui.theme import theme
from ui.widgets.lines import lines_of


def test_no_line_is_wider_than_its_room(dressed: QApplication) -> None:
    font = theme().font("small")
    text = "Open it in its own program and save it as a_very_long_file_name_without_any_space.xlsx "
    for width in (60, 140, 300):
        lines = lines_of(text * 3, font, width, 3)
        assert len(lines) <= 3
        assert all(QFontMetricsF(font).horizontalAdvance(line) <= width for line in lines)
        assert lines[-1].endswith("…")


def test_breaks_count_as_spaces_and_short_text_stays(dressed: QApplication) -> None:
    font = theme().font("small")
    assert lines_of("one\ntwo", font, 200) == ("one two",)


def test_a_wide_icon_keeps_its_picture_at_the_left(dressed: QApplication) -> None:
    drawn = icon("copy", "text", 16).pixmap(QSize(20, 16), 2.0, QIcon.Mode.Normal)
    image = drawn.toImage()
    assert (image.width(), image.height()) == (40, 32)
    right = [image.pixelColor(x, y).alpha() for x in range(33, 40) for y in range(32)]
    left = [image.pixelColor(x, y).alpha() for x in range(32) for y in range(32)]
    assert max(right) == 0
    assert max(left) > 0
