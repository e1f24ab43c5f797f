"""The row of a result, painted by hand: a widget per row would not scroll (SC-2)."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPixmap
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ui.icons import scale_of
from ui.models.hits import HIT_ROLE, PAGE_ROLE, SKELETON_ROLE
from ui.models.words import (
    KIND_ICONS,
    STATE_WORDS,
    TRUST_TOKENS,
    content_label,
    day_text,
    more_text,
    pages_text,
    reason_text,
    trust_label,
    uses_text,
)
from ui.pages.find.paint import rounded
from ui.tokens import ROW

if TYPE_CHECKING:
    from PySide6.QtWidgets import QStyle

    from app.rows import Hit, PageHit
    from ui.pages.find.paint import Ink
    from ui.pictures import Wanted

Index = QModelIndex | QPersistentModelIndex

THUMB = QSize(124, 70)
THUMB_RADIUS = 5
_WIDEST_CHIP = 160.0
_WHY_SHARE = 0.45
_DOT = "  ·  "
PAGE_ROW = 30
"""The height of a page below its hit."""
_CHEVRON = 12
_WHY = "Why?"
_NARROW = 430
_LABEL_COLUMN = 52.0
_SKELETON_BARS = ((0, 260, 12), (24, 180, 9), (44, 420, 9), (66, 120, 9))


def wanted_thumb(hit: Hit, ratio: float) -> Wanted:
    """The small picture of a hit: the page that matched, else the cover."""
    from ui.decoding import Shape
    from ui.pictures import Wanted

    shape = Shape(THUMB.width(), THUMB.height(), ratio, cover=True, radius=THUMB_RADIUS)
    page = max(1, hit.page)
    return Wanted(
        hit.sha, page, shape, path=hit.file_path, kind=hit.kind, title=hit.title,
        text="" if hit.kind == "pdf" else hit.snippet, label=hit.page_label,
    )  # fmt: skip


def meta_text(hit: Hit, *, dated: bool = False) -> str:
    """The second line: type, length, use, and what is wrong with the file if anything is.

    ``dated``: when it was changed comes first, for a list in the order of that.
    """
    parts = [
        f"changed {day_text(hit.modified_at)}" if dated and hit.modified_at else "",
        content_label(hit),
        pages_text(hit.page_count, hit.kind),
        uses_text(hit.uses, hit.users),
    ]
    if not hit.file_path:
        parts.append("file missing")
    elif hit.state in STATE_WORDS:
        parts.append(STATE_WORDS[hit.state])
    return _DOT.join(part for part in parts if part)


def reasons(hit: Hit) -> str:
    """Why the hit is here, without what the row says already: the page, and its use."""
    said = {hit.page_label.casefold(), f"page {hit.page}"}
    return _DOT.join(
        reason_text(why)
        for why in hit.why
        if why.casefold() not in said and not why.startswith("used by")
    )


def chips_of(hit: Hit) -> list[str]:
    """The labels of the tags to show: not the type, which the second line says; none twice."""
    return list(dict.fromkeys(tag.label for tag in hit.tags if tag.facet != "content_type"))


class Look(NamedTuple):
    """How a row stands out from the others."""

    selected: bool
    hovered: bool
    focused: bool


@cache
def _states() -> tuple[QStyle.StateFlag, ...]:
    """Selected, hovered, focused. The class of styles is not made before the first paint."""
    from PySide6.QtWidgets import QStyle

    flag = QStyle.StateFlag
    return flag.State_Selected, flag.State_MouseOver, flag.State_HasFocus


def look_of(option: QStyleOptionViewItem, _index: Index) -> Look:
    """The look that the view asks for."""
    state = option.state
    return Look(*(bool(state & flag) for flag in _states()))


def _inside(rect: QRectF) -> QRectF:
    """The part of a row on which it is painted."""
    return rect.adjusted(8, 3, -8, -3)


def has_thumb(box: QRectF) -> bool:
    """Whether there is room for a picture: in a narrow list the words come first."""
    return box.width() >= _NARROW


def _beside_thumb(box: QRectF) -> QRectF:
    """The part of that in which the words stand."""
    left = box.left() + 14 + (THUMB.width() + 14 if has_thumb(box) else 0)
    return QRectF(left, box.top() + 10, box.right() - 12 - left, box.height() - 20)


class RowDelegate(QStyledItemDelegate):
    """Paints a hit; asks ``picture`` for its thumbnail and paints a blank sheet meanwhile.

    ``look`` says how a row stands out, ``is_open`` whether the pages of an asset are unfolded.
    """

    def __init__(
        self,
        ink: Ink,
        picture: Callable[[Hit, float], QImage | None],
        parent: QWidget | None = None,
        *,
        look: Callable[[QStyleOptionViewItem, Index], Look] = look_of,
        is_open: Callable[[int], bool] = lambda _asset_id: False,
    ) -> None:
        super().__init__(parent)
        self._is_open = is_open
        self._ink = ink
        self._picture = picture
        self._look = look
        self.by_keyboard = False
        self.dated = False

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(300, PAGE_ROW if index.data(PAGE_ROLE) is not None else ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            box = _inside(QRectF(option.rect))
            page = index.data(PAGE_ROLE)
            if index.data(SKELETON_ROLE):
                self._paint_skeleton(painter, box)
            elif page is not None:
                self._paint_page(painter, QRectF(option.rect), self._look(option, index), page)
            else:
                hit = index.data(HIT_ROLE)
                if hit is not None:
                    self._paint_hit(painter, box, self._look(option, index), hit)
        finally:
            painter.restore()

    # ---- parts -----------------------------------------------------------------------------

    def _paint_skeleton(self, painter: QPainter, box: QRectF) -> None:
        blank = self._ink.color("sunken")
        thumb = QRectF(box.left() + 14, box.top() + 14, THUMB.width(), THUMB.height())
        rounded(painter, thumb, THUMB_RADIUS, blank)
        left = thumb.right() + 14
        room = box.right() - 12 - left
        for top, width, height in _SKELETON_BARS:
            bar = QRectF(left, box.top() + 15 + top, min(width, room), height)
            rounded(painter, bar, 4, blank)

    def _paint_hit(self, painter: QPainter, box: QRectF, look: Look, hit: Hit) -> None:
        self._paint_ground(painter, box, look)
        ratio = scale_of(painter)
        if has_thumb(box):
            self._paint_thumb(painter, box, hit, ratio)
        area = _beside_thumb(box)
        badge = self._paint_badge(painter, area, hit, ratio)
        self._paint_title(painter, area, hit, badge)
        quiet = "text2" if look.selected else "text3"
        self._paint_meta(painter, area, hit, ratio)
        self._paint_snippet(painter, area, hit, look)
        self._paint_last_line(painter, area, hit, quiet, ratio)
        if look.selected or look.hovered:
            self._paint_why(painter, self._why_in(area))

    def _paint_ground(self, painter: QPainter, box: QRectF, look: Look) -> None:
        ink = self._ink
        if look.selected or look.hovered:
            rounded(painter, box, 8, ink.color("selected" if look.selected else "hover"))
        if look.selected:
            bar = QRectF(box.left(), box.top() + 14, 3, box.height() - 28)
            rounded(painter, bar, 1.5, ink.color("accent"))
        if self.by_keyboard and look.focused:
            rounded(painter, box, 8, None, ink.color("focus"), 2)

    def _paint_thumb(self, painter: QPainter, box: QRectF, hit: Hit, ratio: float) -> None:
        at = QPointF(box.left() + 14, box.top() + 14)
        image = self._picture(hit, ratio)
        size = (float(THUMB.width()), float(THUMB.height()))
        if image is not None and not image.isNull():
            painter.drawImage(at, image)
            painter.drawPixmap(at, self._ink.stamp(("frame",), size, ratio, self._draw_frame))
            return

        def draw_blank(pen: QPainter, area: QRectF) -> None:
            rounded(pen, area, THUMB_RADIUS, self._ink.color("sunken"))
            icon = self._ink.icon(KIND_ICONS.get(hit.kind, "file"), "text3", 24, ratio)
            pen.drawPixmap(QPointF(area.center().x() - 12, area.center().y() - 12), icon)
            self._draw_frame(pen, area)

        painter.drawPixmap(at, self._ink.stamp(("blank", hit.kind), size, ratio, draw_blank))

    def _draw_frame(self, painter: QPainter, area: QRectF) -> None:
        rounded(painter, area, THUMB_RADIUS, None, self._ink.color("border"))

    def _paint_badge(self, painter: QPainter, area: QRectF, hit: Hit, ratio: float) -> float:
        """Draw the trust badge at the right; returns the width it takes."""
        label = trust_label(hit)
        if not label:
            return 0.0
        ink = self._ink
        token = TRUST_TOKENS.get(hit.trust, "neutral")
        width = ink.width(label, "caption") + 16

        def draw(pen: QPainter, pill: QRectF) -> None:
            rounded(pen, pill, 9.5, ink.color(f"{token}_bg"))
            ink.text(pen, pill, label, "caption", token, Qt.AlignmentFlag.AlignHCenter)

        stamp = ink.stamp(("badge", label, token), (width, 19.0), ratio, draw)
        painter.drawPixmap(QPointF(area.right() - width, area.top()), stamp)
        return width + 12

    def _paint_title(self, painter: QPainter, area: QRectF, hit: Hit, badge: float) -> None:
        room = area.width() - badge
        if hit.title_marks:
            at = QPointF(area.left(), area.top() + self._drop("title", 20) - 1)
            painter.save()
            painter.setClipRect(QRectF(area.left(), area.top() - 2, room, 24))
            self._ink.marked(painter, at, room, hit.title, hit.title_marks, "title", "text")
            painter.restore()
        else:
            box = QRectF(area.left(), area.top() - 1, room, 20)
            self._ink.text(painter, box, hit.title, "title", "text")

    def _paint_meta(self, painter: QPainter, area: QRectF, hit: Hit, ratio: float) -> None:
        icon = self._ink.icon(KIND_ICONS.get(hit.kind, "file"), "text2", 14, ratio)
        painter.drawPixmap(QPointF(area.left(), area.top() + 22.5), icon)
        box = QRectF(area.left() + 19, area.top() + 20, area.width() - 19, 18)
        self._ink.text(painter, box, meta_text(hit, dated=self.dated), "small", "text2")

    def _paint_snippet(self, painter: QPainter, area: QRectF, hit: Hit, look: Look) -> None:
        ink, top = self._ink, area.top() + 40
        label, more = self._label_width(area, hit), self._more_in(area, hit)
        left = area.left()
        if label:
            ink.text(painter, QRectF(left, top, label, 20), hit.page_label, "strong", "text")
            left += label + 8
        if not more.isEmpty():
            self._paint_more(painter, more, hit, selected=look.selected)
            left = more.right() + 6
        self._paint_marked(painter, QRectF(left, top, area.right() - left, 20), hit)

    def _paint_marked(self, painter: QPainter, room: QRectF, said: Hit | PageHit) -> None:
        painter.save()
        painter.setClipRect(room)
        at = QPointF(room.left(), room.top() + self._drop("body", 20))
        self._ink.marked(painter, at, room.width(), said.snippet, said.marks, "body", "text2")
        painter.restore()

    def _label_width(self, area: QRectF, hit: Hit) -> float:
        if not hit.page_label:
            return 0.0
        return min(self._ink.width(hit.page_label, "strong"), area.width() / 3)

    def _more_in(self, area: QRectF, hit: Hit) -> QRectF:
        """Where "+3 slides" stands; empty when no other page matches."""
        if not hit.more_pages:
            return QRectF()
        label = self._label_width(area, hit)
        left = area.left() + (label + 8 if label else 0)
        width = self._ink.width(f"+{more_text(hit)}", "caption") + 12 + _CHEVRON
        return QRectF(left, area.top() + 41, width, 18)

    def more_box(self, rect: QRectF, hit: Hit) -> QRectF:
        """Where in the row at ``rect`` a click unfolds the other pages; empty for none."""
        more = self._more_in(_beside_thumb(_inside(rect)), hit)
        return more if more.isEmpty() else more.adjusted(-3, -5, 3, 5)

    def _paint_more(self, painter: QPainter, box: QRectF, hit: Hit, *, selected: bool) -> None:
        ink, ratio = self._ink, scale_of(painter)
        unfolded = self._is_open(hit.asset_id)

        def draw(pen: QPainter, pill: QRectF) -> None:
            rounded(pen, pill, 9, ink.color("surface" if selected else "info_bg"))
            words = pill.adjusted(7, 0, -_CHEVRON - 3, 0)
            ink.text(pen, words, f"+{more_text(hit)}", "caption", "info")
            sign = ink.icon("chevron-up" if unfolded else "chevron-down", "info", _CHEVRON, ratio)
            at = QPointF(pill.right() - _CHEVRON - 3, pill.center().y() - _CHEVRON / 2)
            pen.drawPixmap(at, sign)

        key = ("more", more_text(hit), unfolded, selected)
        stamp = ink.stamp(key, (box.width(), box.height()), ratio, draw)
        painter.drawPixmap(box.topLeft(), stamp)

    def _paint_page(self, painter: QPainter, rect: QRectF, look: Look, page: PageHit) -> None:
        """A page of the hit above: what it is called and what it says, in line with the texts."""
        ink = self._ink
        area = _beside_thumb(_inside(rect))
        if not has_thumb(_inside(rect)):
            area.setLeft(area.left() + 24)
        ground = QRectF(area.left() - 12, rect.top() + 1, area.width() + 24, rect.height() - 2)
        if look.selected or look.hovered:
            rounded(painter, ground, 6, ink.color("selected" if look.selected else "hover"))
        if self.by_keyboard and look.focused:
            rounded(painter, ground, 6, None, ink.color("focus"), 2)
        painter.setPen(ink.color("border_strong" if look.selected else "border"))
        painter.drawLine(
            QPointF(area.left() - 20, rect.top()), QPointF(area.left() - 20, rect.bottom())
        )
        top = rect.top() + (rect.height() - 20) / 2
        width = min(ink.width(page.label, "strong"), area.width() / 3)
        left = area.left()
        ink.text(painter, QRectF(left, top, width, 20), page.label, "strong", "text")
        left += max(width, _LABEL_COLUMN) + 8
        self._paint_marked(painter, QRectF(left, top, area.right() - left, 20), page)

    def _drop(self, font: str, height: float) -> float:
        """How far below the top of a line its text begins, when centred in ``height``."""
        return (height - self._ink.metrics(font).height()) / 2

    def _paint_last_line(
        self, painter: QPainter, area: QRectF, hit: Hit, quiet: str, ratio: float
    ) -> None:
        """Tag chips as many as fit, "+2" for the rest, and at the right why the hit is here."""
        ink = self._ink
        top, why = area.top() + 64, reasons(hit)
        room = area.width() * _WHY_SHARE
        why_width = min(ink.width(why, "caption") + 12, room) if why else 0.0
        # Room for "Why?" is kept in every row, so that nothing moves under the pointer.
        right = self._why_in(area).left() - 4
        left, end = area.left(), right - why_width
        chips = chips_of(hit)
        if not chips:
            # Where it lies tells apart what has the same title.
            box = QRectF(left, top, end - left, 18)
            ink.text(painter, box, hit.path, "caption", quiet)
        for place, words in enumerate(chips):
            rest = len(chips) - place
            stamp = self._chip(words, ratio)
            width = stamp.width() / ratio
            keep = ink.width(f"+{rest - 1}", "caption") + 6 if rest > 1 else 0.0
            if left + width + keep > end:
                ink.text(painter, QRectF(left, top, end - left, 18), f"+{rest}", "caption", quiet)
                break
            painter.drawPixmap(QPointF(left, top), stamp)
            left += width + 6
        if why:
            box = QRectF(right - why_width, top, why_width, 18)
            ink.text(painter, box, why, "caption", quiet, Qt.AlignmentFlag.AlignRight)

    def _why_in(self, area: QRectF) -> QRectF:
        width = self._ink.width(_WHY, "caption")
        return QRectF(area.right() - width, area.top() + 64, width, 18)

    def why_box(self, rect: QRectF) -> QRectF:
        """Where in the row at ``rect`` a click asks why it stands there."""
        return self._why_in(_beside_thumb(_inside(rect))).adjusted(-6, -4, 8, 4)

    def _paint_why(self, painter: QPainter, box: QRectF) -> None:
        self._ink.text(painter, box, _WHY, "caption", "accent")

    def _chip(self, label: str, ratio: float) -> QPixmap:
        ink = self._ink
        width = math.ceil(min(ink.width(label, "caption"), _WIDEST_CHIP)) + 14.0

        def draw(pen: QPainter, chip: QRectF) -> None:
            rounded(pen, chip, 4, ink.color("surface"), ink.color("border"))
            inner = chip.adjusted(6, 0, -6, 0)
            ink.text(pen, inner, label, "caption", "text2", Qt.AlignmentFlag.AlignHCenter)

        return ink.stamp(("chip", label), (width, 18.0), ratio, draw)
