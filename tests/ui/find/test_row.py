"""The painted rows: something is painted, marks fall on their words, nothing is cut at random."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from app.rows import Hit, PageHit, TagRow
from tests.ui import fake_rows
from ui.models.hits import HitModel
from ui.pages.find.paint import Ink
from ui.pages.find.row import (
    PAGE_ROW,
    THUMB,
    RowDelegate,
    chips_of,
    meta_text,
    reasons,
    wanted_thumb,
)
from ui.theme import theme
from ui.tokens import ROW

WIDTH = 720


def painted(ink: Ink, hit: Hit | None, *, selected: bool = False) -> QImage:
    """A row as the list paints it; None paints a placeholder."""
    model = HitModel()
    if hit is None:
        model.show_skeleton()
    else:
        model.replace([hit], complete=True)
    delegate = RowDelegate(ink, lambda _hit, _ratio: None)
    image = QImage(WIDTH, ROW, QImage.Format.Format_RGB32)
    image.fill(ink.color("surface"))
    option = QStyleOptionViewItem()
    option.rect = QRect(0, 0, WIDTH, ROW)
    if selected:
        option.state |= QStyle.StateFlag.State_Selected
    painter = QPainter(image)
    delegate.paint(painter, option, model.index(0))
    painter.end()
    return image


def pixels(image: QImage, color: QColor) -> int:
    """How many pixels have exactly that colour."""
    wanted = color.rgb()
    return sum(
        image.pixel(x, y) == wanted for y in range(image.height()) for x in range(image.width())
    )


def test_marked_words_stand_on_the_mark_colour(ink: Ink) -> None:
    hit = replace(
        fake_rows.hit(4), title_marks=(), snippet="a zero trust rollout", marks=((7, 12),)
    )
    assert pixels(painted(ink, hit), ink.color("mark_bg")) > 200
    plain = replace(hit, marks=())
    assert pixels(painted(ink, plain), ink.color("mark_bg")) == 0


def test_title_marks_are_painted(ink: Ink) -> None:
    hit = replace(fake_rows.hit(2), marks=(), title="Zero-trust", title_marks=((0, 4),))
    assert pixels(painted(ink, hit), ink.color("mark_bg")) > 100


@pytest.mark.parametrize(
    ("trust", "token"),
    [("current", "ok_bg"), ("overdue", "warn_bg"), ("expired", "bad_bg"), ("superseded", "bad_bg"),
     ("unofficial", "neutral_bg")],
)  # fmt: skip
def test_the_trust_badge_has_its_colour(ink: Ink, trust: str, token: str) -> None:
    image = painted(ink, replace(fake_rows.hit(1), trust=trust))
    assert pixels(image, ink.color(token)) > 200


def test_a_selected_row_differs_by_more_than_its_ground(ink: Ink) -> None:
    image = painted(ink, fake_rows.hit(1), selected=True)
    assert pixels(image, ink.color("selected")) > 10_000
    assert pixels(image, ink.color("accent")) > 50


def test_rows_are_painted_anew_in_the_dark(ink: Ink) -> None:
    light = painted(ink, fake_rows.hit(1))
    theme().set_mode("dark")
    try:
        dark = painted(ink, fake_rows.hit(1))
        assert pixels(dark, theme().color("surface")) > 10_000
    finally:
        theme().set_mode("light")
    assert light != dark


def test_a_placeholder_row_is_not_empty(ink: Ink) -> None:
    assert pixels(painted(ink, None), ink.color("sunken")) > 5_000


def test_many_tags_end_in_a_count_and_do_not_paint_over_the_reasons(ink: Ink) -> None:
    tags = tuple(TagRow("persona", f"t{i}", f"A rather long tag {i}", "", 0) for i in range(30))
    hit = replace(fake_rows.hit(1), why=("tagged Finance", "found in the title"))
    few, many = replace(hit, tags=tags[:1]), replace(hit, tags=tags)
    right = QRect(WIDTH - 160, 74, 140, 22)
    assert painted(ink, few).copy(right) == painted(ink, many).copy(right)
    left = QRect(160, 74, 300, 22)
    assert painted(ink, few).copy(left) != painted(ink, many).copy(left)


def test_tags_are_shown_once_and_not_the_type_that_the_row_says_anyway() -> None:
    tags = tuple(
        TagRow(facet, slug, label, "", 0)
        for facet, slug, label in (
            ("persona", "procurement", "Procurement"),
            ("content_type", "battlecard", "Battlecard"),
            ("buying_role", "procurement", "Procurement"),
            ("stage", "validate", "Validate"),
        )
    )
    assert chips_of(replace(fake_rows.hit(1), tags=tags)) == ["Procurement", "Validate"]


def test_markup_in_a_title_is_shown_as_it_is(ink: Ink) -> None:
    """Text from a file is never markup: the same letters in bold would be fewer."""
    tagged = painted(ink, replace(fake_rows.hit(1), title="<b>Price</b>", title_marks=()))
    plain = painted(ink, replace(fake_rows.hit(1), title="Price", title_marks=()))
    assert tagged != plain


def test_meta_says_what_is_wrong_with_the_file() -> None:
    assert "file missing" in meta_text(replace(fake_rows.hit(1), file_path=""))
    assert "password-protected" in meta_text(replace(fake_rows.hit(1), state="protected"))
    assert "slides" in meta_text(replace(fake_rows.hit(1), kind="pptx", page_count=16))
    assert meta_text(fake_rows.hit(1), dated=True).startswith("changed ")
    assert "changed" not in meta_text(replace(fake_rows.hit(1), modified_at=0), dated=True)


def test_reasons_do_not_repeat_what_the_row_says() -> None:
    hit = replace(fake_rows.hit(1), page=7, page_label="slide 7")
    told = replace(hit, why=("slide 7", "page 7", "used by 9 reps", "tagged Finance"))
    assert reasons(told) == "tagged Finance"


def test_the_thumbnail_is_of_the_page_that_matched() -> None:
    assert wanted_thumb(replace(fake_rows.hit(1), page=7), 1.0).page == 7
    assert wanted_thumb(replace(fake_rows.hit(1), page=0), 1.0).page == 1


@given(data=st.data())
def test_marks_stay_on_their_words_however_narrow_the_line(data: st.DataObject) -> None:
    ink = Ink(theme())
    words = data.draw(st.lists(st.sampled_from(["trust", "Müller", "a", "x\ny", "…", "🙂ok"]),
                               min_size=1, max_size=40))  # fmt: skip
    text = " ".join(words)
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    shown, marks = ink.shown_part(text, ((start, end),), "body", data.draw(st.integers(20, 600)))
    flat = text.replace("\n", " ")
    for a, b in marks:
        assert 0 <= a < b <= len(shown)
        assert shown[a:b] in flat[start:end]


def test_a_mark_far_to_the_right_is_brought_into_sight(ink: Ink) -> None:
    text = "word " * 60 + "needle at last"
    at = text.index("needle")
    shown, marks = ink.shown_part(text, ((at, at + 6),), "body", 300)
    assert shown.startswith("…")
    assert [shown[a:b] for a, b in marks] == ["needle"]


@pytest.mark.parametrize("kind", ["pdf", "html", "other", "a kind of tomorrow"])
def test_every_kind_of_file_is_painted(ink: Ink, kind: str) -> None:
    assert not painted(ink, replace(fake_rows.hit(4), kind=kind)).isNull()


def test_a_stamp_that_fails_lets_its_picture_go(ink: Ink) -> None:
    pens: list[QPainter] = []

    def fail(pen: QPainter, _area: object) -> None:
        pens.append(pen)
        raise ValueError("no such picture")

    with pytest.raises(ValueError, match="no such"):
        ink.stamp(("failing",), (20.0, 20.0), 1.0, fail)
    assert not pens[0].isActive()


def test_a_row_that_fails_leaves_the_painter_as_it_was(ink: Ink) -> None:
    model = HitModel()
    model.replace([fake_rows.hit(4)], complete=True)

    def fail(_hit: Hit, _ratio: float) -> QImage:
        raise ValueError("no such picture")

    image = QImage(WIDTH, ROW, QImage.Format.Format_RGB32)
    option = QStyleOptionViewItem()
    option.rect = QRect(0, 0, WIDTH, ROW)
    painter = QPainter(image)
    with pytest.raises(ValueError, match="no such"):
        RowDelegate(ink, fail).paint(painter, option, model.index(0))
    assert not painter.testRenderHint(QPainter.RenderHint.Antialiasing)
    painter.end()


def test_a_narrow_row_has_no_picture_and_the_words_begin_where_it_would_stand(ink: Ink) -> None:
    asked: list[Hit] = []

    def picture(hit: Hit, _ratio: float) -> None:
        asked.append(hit)

    delegate = RowDelegate(ink, picture)
    model = HitModel()
    model.replace([replace(fake_rows.hit(1), more_pages=2)], complete=True)
    lefts = []
    for width in (380, 720):
        image = QImage(width, ROW, QImage.Format.Format_RGB32)
        option = QStyleOptionViewItem()
        option.rect = QRect(0, 0, width, ROW)
        painter = QPainter(image)
        delegate.paint(painter, option, model.index(0))
        painter.end()
        hit = model.hits[0]
        lefts.append(delegate.more_box(QRectF(option.rect), hit).left())
        assert QRectF(option.rect).contains(delegate.why_box(QRectF(option.rect)))
    assert len(asked) == 1
    assert lefts[1] - lefts[0] == THUMB.width() + 14


def test_a_page_below_its_hit_is_painted_with_its_marks(ink: Ink) -> None:
    model = HitModel()
    model.replace([fake_rows.hit(1)], complete=True)
    model.unfold(1, [PageHit(99, "slide 99", "all about trust", ((10, 15),))])
    delegate = RowDelegate(ink, lambda _hit, _ratio: None)
    option = QStyleOptionViewItem()
    option.rect = QRect(0, 0, WIDTH, PAGE_ROW)
    assert delegate.sizeHint(option, model.index(1)).height() == PAGE_ROW
    assert delegate.sizeHint(option, model.index(0)).height() == ROW
    image = QImage(WIDTH, PAGE_ROW, QImage.Format.Format_RGB32)
    image.fill(ink.color("surface"))
    painter = QPainter(image)
    delegate.paint(painter, option, model.index(1))
    painter.end()
    assert pixels(image, ink.color("mark_bg")) > 50
