"""What the window expects of a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from app.changes import Changes
    from ui.context import Context


class Page(QWidget):
    """A place in the window. Built when first shown; never touches the disk itself."""

    key: ClassVar[str] = ""
    title: ClassVar[str] = ""
    icon: ClassVar[str] = ""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.setObjectName(f"page_{self.key}")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)

    def activate(self, **args: object) -> None:
        """The page is shown; ``args`` say what is wanted of it (find: ``text``, ``asset_id``)."""

    def complete(self) -> None:
        """The window has been painted: make what was left out of the first paint."""

    def on_changes(self, changes: Changes) -> None:
        """Something changed in the library; hidden pages may note it and refresh when shown."""

    def focus_first(self) -> None:
        """Put the keyboard focus where work begins."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)
