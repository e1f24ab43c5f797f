"""The colours: WCAG contrast of every pair in use, and the live switch (UI-5)."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from ui import tokens
from ui.icons import FOLDER, icon
from ui.theme import theme

TEXT = 4.5
SHAPE = 3.0
TEXT_PAIRS = [
    *[(fg, bg) for fg in ("text", "text2") for bg in
      ("bg", "surface", "raised", "sunken", "hover", "selected", "neutral_bg")],
    *[("text3", bg) for bg in ("bg", "surface")],
    *[("accent", bg) for bg in ("bg", "surface", "sunken", "info_bg")],
    ("on_accent", "accent"), ("on_accent", "accent_hover"), ("mark_fg", "mark_bg"),
    *[(kind, f"{kind}_bg") for kind in ("ok", "warn", "bad", "info", "neutral")],
    ("bad", "surface"), ("bad", "bg"), ("inverse_text", "inverse_bg"),
    ("inverse_accent", "inverse_bg"), ("inverse_ok", "inverse_bg"),
    ("inverse_warn", "inverse_bg"),
]  # fmt: skip
SHAPE_PAIRS = [(fg, bg) for fg in ("border_strong", "focus") for bg in ("surface", "bg")]


@pytest.mark.parametrize("scheme", ["LIGHT", "DARK"])
def test_contrast_of_every_pair_in_use(scheme: str) -> None:
    named: dict[str, str] = getattr(tokens, scheme)
    weak = [
        f"{fg} on {bg}: {ratio:.2f}"
        for pairs, least in ((TEXT_PAIRS, TEXT), (SHAPE_PAIRS, SHAPE))
        for fg, bg in pairs
        if (ratio := tokens.contrast(named[fg], named[bg])) < least
    ]
    assert weak == []


@pytest.mark.parametrize(
    ("series", "ground"),
    [(tokens.CHART_LIGHT, tokens.LIGHT), (tokens.CHART_DARK, tokens.DARK)],
)
def test_chart_series_can_be_told_from_their_ground(
    series: tuple[str, ...], ground: dict[str, str]
) -> None:
    assert min(tokens.contrast(color, ground["surface"]) for color in series) >= SHAPE


def test_contrast_agrees_with_wcag() -> None:
    assert tokens.contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert tokens.contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)


def test_both_schemes_have_the_same_tokens() -> None:
    assert set(tokens.LIGHT) == set(tokens.DARK)


def test_a_live_switch_repaints_labels_and_icons(dressed: QApplication, qtbot: QtBot) -> None:
    label, button = QLabel("██████"), QPushButton(icon("x", "text", 16), "")
    for widget in (label, button):
        qtbot.addWidget(widget)

    def darkest(widget: QLabel | QPushButton) -> int:
        image = widget.grab().toImage()
        size = image.size()
        points = [(x, y) for x in range(size.width()) for y in range(size.height())]
        return min(image.pixelColor(x, y).lightness() for x, y in points)

    def brightest(widget: QLabel | QPushButton) -> int:
        image = widget.grab().toImage()
        size = image.size()
        points = [(x, y) for x in range(size.width()) for y in range(size.height())]
        return max(image.pixelColor(x, y).lightness() for x, y in points)

    theme().set_mode("light")
    assert darkest(label) < 60
    assert darkest(button) < 120
    heard: list[bool] = []
    theme().changed.connect(lambda: heard.append(theme().dark))
    theme().set_mode("dark")
    assert heard == [True]
    assert brightest(label) > 200
    assert brightest(button) > 150
    theme().set_mode("light")


def test_an_unknown_mode_is_refused() -> None:
    with pytest.raises(ValueError, match="light"):
        theme().set_mode("sepia")


def test_icons_are_sharp_on_dense_screens(dressed: QApplication) -> None:
    from PySide6.QtCore import QSize

    image = icon("search").pixmap(QSize(18, 18), 2.0)
    assert image.size() == QSize(36, 36)
    assert image.devicePixelRatio() == 2.0


def test_an_unknown_icon_is_refused() -> None:
    with pytest.raises(FileNotFoundError):
        icon("no-such-icon")


def test_icons_and_fonts_come_with_their_licences() -> None:
    assert "ISC" in (FOLDER / "LICENSE").read_text("utf-8")
    fonts = FOLDER.parent / "fonts"
    assert "SIL Open Font License" in (fonts / "OFL.txt").read_text("utf-8")
    assert len(list(fonts.glob("*.ttf"))) >= 3
