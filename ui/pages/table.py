"""Which class shows which page; each is loaded when it is first needed."""

from __future__ import annotations

from ui.pages.base import Page


def page_class(key: str) -> type[Page]:
    """The class of a page, loaded when it is first needed. Raises KeyError."""
    if key == "find":
        from ui.pages.find.page import FindPage

        return FindPage
    if key == "attention":
        from ui.pages.attention.page import AttentionPage

        return AttentionPage
    if key == "copies":
        from ui.pages.copies.page import CopiesPage

        return CopiesPage
    if key == "library":
        from ui.pages.library import LibraryPage

        return LibraryPage
    if key == "settings":
        from ui.pages.settings import SettingsPage

        return SettingsPage
    if key == "welcome":
        from ui.pages.welcome import WelcomePage

        return WelcomePage
    raise KeyError(key)
