"""What the search field of the find page is given after the first paint."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget

from app.rows import SORTS, FindSpec
from ui.commands import Command, key_text
from ui.pages.find.completing import Completer

if TYPE_CHECKING:
    from app.changes import Changes
    from app.library import Library
    from ui.pages.find.page import FindPage
    from ui.pages.find.searches import Known, SearchesPane
    from ui.pages.find.tips import TipsSheet

KEY = "find.searches"
GROUP = "Find"
COMMANDS = (
    Command("find.complete", "Show what the search field offers", ("Alt+Down", "Ctrl+Space"),
            "Find: in the search field"),
    Command("find.searches", "Saved and recent searches", ("Ctrl+B",), GROUP),
    Command("find.save_search", "Save this search", ("Ctrl+S",), GROUP),
    Command("find.tips", "Search tips", ("Shift+F1",), GROUP),
)  # fmt: skip


class SearchDesk(QObject):
    """Joins the field with completion, saved and recent searches, for the life of ``page``."""

    def __init__(self, page: FindPage) -> None:
        super().__init__(page)
        self._page = page
        self._field = field = page.header.field
        self._bridge = bridge = page.context.bridge
        self._naming = False
        self.completer = Completer(field, bridge, page.ink, self)
        self.completer.search_wanted.connect(self.run)
        self._add_commands()
        keys = {command.id: key_text(command.keys[0]) for command in COMMANDS}
        field.add_button("star", f"Saved and recent searches ({keys['find.searches']})",
                         self.toggle_searches)  # fmt: skip
        field.add_button("circle-help", f"Search tips ({keys['find.tips']})", self.show_tips)
        bridge.changed.connect(self._on_changes)

    def _add_commands(self) -> None:
        handlers = (
            self.completer.open, self.toggle_searches, self.save_search, self.show_tips,
        )  # fmt: skip
        commands = self._page.context.commands
        for command, handler in zip(COMMANDS, handlers, strict=True):
            where = self._field if command.id == "find.complete" else self._page
            commands.add(where, command, handler)

    @cached_property
    def pane(self) -> SearchesPane:
        """Saved and recent searches, made when first shown."""
        from ui.pages.find.searches import SearchesPane

        made = SearchesPane(self._field, self._page.ink)
        made.save_wanted.connect(self._save)
        made.run_wanted.connect(self.run)
        made.remove_wanted.connect(self._remove)
        made.forget_wanted.connect(self._forget)
        made.tips_wanted.connect(self.show_tips)
        made.closed.connect(self._to_field)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._on_focus)
        return made

    @cached_property
    def tips(self) -> TipsSheet:
        """The search tips, made when first shown."""
        from ui.pages.find.tips import TipsSheet

        made = TipsSheet(self._page.window())
        self._field.destroyed.connect(made.deleteLater)
        made.tried.connect(self._try)
        return made

    @property
    def pane_is_open(self) -> bool:
        """Whether the saved and recent searches are shown."""
        return "pane" in self.__dict__ and self.pane.isVisible()

    # ---- running -----------------------------------------------------------------------------

    def run(self, spec: object) -> None:
        """Search as it was searched then: text, filters and order."""
        if not isinstance(spec, FindSpec):
            return
        page = self._page
        page.header.set_text(spec.text)
        page.header.set_sort(spec.sort if spec.sort in SORTS else "best")
        page.facet_model.set_filters(spec.filters)
        page.header.set_filters(page.facet_model.chosen_labels())
        page.facets.refresh()
        page.header.entered.emit()
        self._to_field()

    def _to_field(self) -> None:
        self._field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _try(self, form: object) -> None:
        self._field.type_anew(str(form))
        self._to_field()

    def show_tips(self) -> None:
        """Show the language in short."""
        self._hide_pane()
        self.tips.open()

    # ---- saved and recent --------------------------------------------------------------------

    def toggle_searches(self) -> None:
        """Show saved and recent searches, or take them away."""
        if self.pane_is_open:
            self.pane.close_pane()
        else:
            self._open(naming=False)

    def save_search(self) -> None:
        """Ask for a name for the present search."""
        self._open(naming=True)

    def _open(self, *, naming: bool) -> None:
        self.completer.close()
        self._naming = naming
        self._bridge.read(self, _known, self._on_read, key=KEY)

    def _on_read(self, known: Known) -> None:
        if self._page.isVisible():
            self.pane.open_with(self._present(), known, naming=self._naming)

    def _on_read_again(self, known: Known) -> None:
        if self.pane_is_open:
            self.pane.show_known(known)

    def _present(self) -> FindSpec:
        page = self._page
        return FindSpec(
            " ".join(page.header.text().split()), page.facet_model.filters(),
            page.header.sort_key(), exact=True,
        )  # fmt: skip

    def _save(self, name: object) -> None:
        spec = self._present()
        self._bridge.mutate(
            self, lambda library: library.save_search(str(name), spec), self._on_saved,
            self._on_not_saved,
        )  # fmt: skip

    def _on_saved(self, _changes: Changes) -> None:
        self.pane.close_pane()

    def _on_not_saved(self, error: Exception) -> None:
        self.pane.show_problem(self._page.context.notify.sentence(error))

    def _remove(self, search_id: object) -> None:
        assert isinstance(search_id, int)
        self._bridge.mutate(self, lambda library: library.remove_saved_search(search_id))

    def _forget(self) -> None:
        self._bridge.mutate(self, lambda library: library.forget_searches())

    def _on_changes(self, changes: Changes) -> None:
        if changes.touches("searches") and self.pane_is_open:
            self._bridge.read(self, _known, self._on_read_again, key=KEY)

    def _on_focus(self, _old: QWidget | None, new: QWidget | None) -> None:
        if self.pane_is_open and new is not None and not self.pane.isAncestorOf(new):
            self._hide_pane()

    def _hide_pane(self) -> None:
        """Take the pane away and leave the focus where it is."""
        if self.pane_is_open:
            self.pane.hide()


def _known(library: Library) -> Known:
    from ui.pages.find.searches import Known, labels_of

    return Known(
        library.saved_searches(), library.recent_searches(), labels_of(library.vocabulary())
    )
