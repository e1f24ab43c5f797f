"""What the find page makes after the first paint, or when it is first needed."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from ui.pages.find.nothing import Nothing
from ui.pages.find.preview import Preview
from ui.pictures import Pictures

if TYPE_CHECKING:
    from ui.pages.find.page import FindPage


def make_preview(page: FindPage, pictures: Pictures) -> Preview:
    """The preview, in the place that was kept for it."""
    preview = Preview(page.context, page.ink, pictures)
    place = page.splitter.count() - 1
    kept = page.splitter.replaceWidget(place, preview)
    if kept is not None:
        kept.deleteLater()
    preview.send_wanted.connect(page.send)
    preview.open_wanted.connect(page.open_current)
    preview.copy_wanted.connect(page.copy)
    preview.tag_wanted.connect(page.tag)
    preview.menu_wanted.connect(page.show_menu)
    preview.enlarge_wanted.connect(page.quick_look)
    preview.asset_wanted.connect(page.going.to)
    preview.untag_wanted.connect(page.untag)
    narrow = page.facets.narrow or page.facets.list
    order = (page.header.field, page.results, narrow, page.facets.list, preview.send_button)
    for before, after in pairwise(dict.fromkeys(order)):
        QWidget.setTabOrder(before, after)
    page.header.chips.follow(page.header.field)
    return preview


def make_nothing(page: FindPage) -> Nothing:
    """What is shown in place of the results when there are none."""
    nothing = Nothing(page.context.theme, page.stack)
    page.stack.addWidget(nothing)
    nothing.text_wanted.connect(page.search_for)
    nothing.way_wanted.connect(page.go_on)
    nothing.elsewhere_wanted.connect(page.show_elsewhere)
    nothing.clear_wanted.connect(page.facet_model.clear)
    nothing.request_wanted.connect(page.request)
    nothing.folder_wanted.connect(page.to_library)
    nothing.retry_wanted.connect(page.ask_now)
    return nothing


def pictures_of(page: FindPage) -> Pictures:
    """The window's pictures; made here when there are none."""
    pictures = page.context.pictures
    if isinstance(pictures, Pictures):
        return pictures
    made = Pictures(page.context.bridge.library.paths.pictures, page)
    page.context.pictures = made
    return made
