"""What the window expects of a page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

if TYPE_CHECKING:
    from app.changes import Changes
    from ui.context import Context


_WHOLE = object()


class Page(QWidget):
    """A place in the window. Built when first shown, or in parts before; never touches the disk."""

    key: ClassVar[str] = ""
    title: ClassVar[str] = ""
    icon: ClassVar[str] = ""

    def __init__(
        self, context: Context, parent: QWidget | None = None, *, later: bool = False
    ) -> None:
        super().__init__(parent)
        self._later = later
        self.context = context
        self.setObjectName(f"page_{self.key}")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._parts: Iterator[object] = iter(())
        self._left = False

    def build(self, parts: Iterator[object]) -> None:
        """Be built by going through ``parts``: now, or ``later`` as somebody asks for the next."""
        self._parts, self._left = parts, True
        if not self._later:
            self.build_rest()

    @property
    def whole(self) -> bool:
        """Whether all that is to be built is there."""
        return not self._left

    def build_next(self) -> bool:
        """Build the next part; False when the page is whole."""
        self._left = next(self._parts, _WHOLE) is not _WHOLE
        return self._left

    def build_rest(self) -> None:
        """Build all that is not there yet."""
        while self.build_next():
            pass

    def scrolling(self) -> QWidget:
        """Fill the page with a widget to build in; on a low screen the page scrolls rather than
        squeezing its parts or laying one over another."""
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)
        body = QWidget(area)
        body.setObjectName("scrolled")
        area.setWidget(body)
        return body

    def activate(self, **args: object) -> None:
        """The page is shown; ``args`` say what is wanted of it (find: ``text``, ``asset_id``)."""

    def complete(self) -> None:
        """The window has been painted: make what was left out of the first paint."""

    def on_changes(self, changes: Changes) -> None:
        """Something changed in the library; hidden pages may note it and refresh when shown."""

    def focus_first(self) -> None:
        """Put the keyboard focus where work begins."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)
