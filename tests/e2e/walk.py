"""Walks the whole way in the real window; run as a program on a display by test_walk.

``python -m tests.e2e.walk FOLDER LIBRARY SHOTS`` prints one line per step and exits with 0 when
each step came to pass. Keys and clicks go to the widgets as a person's would.
"""

from __future__ import annotations

import sys
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QTableView, QWidget

from app.library import Library
from ui.dialogs.request import RequestDialog
from ui.dialogs.send import SendDialog
from ui.dialogs.tag import TagDialog
from ui.door import Door, application
from ui.instance import Instance
from ui.person import PersonSheet

T = TypeVar("T")
PATIENCE_S = 60


class Walk:
    """The steps. ``library`` is a second, reading pair of eyes on the same library."""

    def __init__(self, door: Door, folder: Path, library: Library, shots: Path) -> None:
        self.door, self.window = door, door.window
        self.folder, self.library, self.shots = folder, library, shots
        self.failed = True
        self._n = 0

    def run(self) -> None:
        """Take every step; closes the window at the end, whatever happened."""
        try:
            for step in self._steps():
                step()
                self._n += 1
                print(f"ok {self._n} {step.__name__}", flush=True)
                self._shot(step.__name__)
            self.failed = False
        except BaseException:
            traceback.print_exc()
            self._shot("failed")
        self.window.close()
        QTimer.singleShot(0, QApplication.quit)

    def _steps(self) -> Iterator[Callable[[], None]]:
        yield self.add_a_folder
        yield self.say_who_one_is
        yield self.search_as_one_types
        yield self.see_the_page
        yield self.tag
        yield self.filter
        yield self.undo
        yield self.open
        yield self.send
        yield self.see_the_use_counted
        yield self.search_in_vain_and_request
        yield self.keep_a_search
        yield self.see_what_is_unused
        yield self.see_a_new_file

    # ---- helpers -------------------------------------------------------------------------

    def until(self, what: Callable[[], T | bool | None]) -> T | bool:
        """Let the window live until something is true."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            found = what()
            if found:
                return found
            QTest.qWait(25)
        raise AssertionError(
            f"still not: {what.__code__.co_name} in {what.__code__.co_firstlineno}"
        )

    def dialog(self, kind: type[T]) -> T:
        """The open dialog of a kind."""
        return self.until(
            lambda: next(
                (w for w in QApplication.topLevelWidgets() if type(w) is kind and w.isVisible()),
                None,
            )
        )

    def press(self, widget: QWidget, text: str) -> None:
        """Click the visible button below ``widget`` that carries a text."""
        found = [b for b in widget.findChildren(QPushButton) if b.text() == text and b.isVisible()]
        assert found, f"no button {text!r}"
        QTest.mouseClick(found[0], Qt.MouseButton.LeftButton)

    def shown(self) -> list[str]:
        """The paths of the results now listed."""
        return [hit.path for hit in self.page.hit_model.hits]

    def type_search(self, text: str) -> None:
        field = self.page.header.field
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, text)

    def events(self, kind: str) -> int:
        """How many deeds of a kind the record holds of the searched-for asset."""
        return [e.kind for e in self.library.asset(self.asset).history].count(kind)

    def _shot(self, name: str) -> None:
        self.window.grab().save(str(self.shots / f"{self._n:02}-{name}.png"))

    # ---- the way -------------------------------------------------------------------------

    def add_a_folder(self) -> None:
        self.window.add_folder(str(self.folder))
        self.until(lambda: self.library.exists and self.library.status().assets == 5)

    def say_who_one_is(self) -> None:
        sheet = self.until(
            lambda: next((s for s in self.window.findChildren(PersonSheet) if s.isVisible()), None)
        )
        sheet.form.name.selectAll()
        QTest.keyClicks(sheet.form.name, "Ana Ruiz")
        self.press(sheet, "Continue")
        self.until(lambda: self.library.me() is not None)
        me = self.library.me()
        assert (me.name, me.role) == ("Ana Ruiz", "rep")

    def search_as_one_types(self) -> None:
        self.window.navigate("find")
        self.page = self.window.pages["find"]
        self.until(lambda: len(self.page.hit_model.hits) == 5)
        self.type_search("onboard")
        self.until(lambda: self.shown() == ["Case studies/Bank.pdf"])
        hit = self.page.hit_model.hits[0]
        assert hit.page == 2
        assert [hit.snippet[a:b] for a, b in hit.marks] == ["onboarding"]
        self.asset = hit.asset_id

    def see_the_page(self) -> None:
        self.until(lambda: self.page.preview.hit is not None)
        self.until(lambda: self.page.preview.page == 2)
        self.until(lambda: self._pictured())
        QTest.keyClick(self.page.header.field, Qt.Key.Key_Down)
        self.until(lambda: self.page.results.hasFocus())

    def _pictured(self) -> bool:
        picture = self.page.preview.canvas.picture
        return picture is not None and not picture.image.isNull()

    def tag(self) -> None:
        self.type_search("")
        QTest.keyClick(self.page.header.field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClick(self.page.header.field, Qt.Key.Key_Delete)
        self.until(lambda: len(self.page.hit_model.hits) == 5)
        self.page.results.setFocus()
        self.page.results.selectAll()
        QTest.keyClick(self.page.results, Qt.Key.Key_T)
        dialog = self.dialog(TagDialog)
        self.until(lambda: dialog.terms.rowCount() > 0)
        QTest.keyClicks(dialog.field, "cfo")
        QTest.keyClick(dialog.field, Qt.Key.Key_Return)
        self.until(lambda: dialog.apply_button.isEnabled())
        dialog.apply()
        self.until(lambda: all(self.tags(hit.asset_id) for hit in self.page.hit_model.hits))

    def tags(self, asset: int) -> list[str]:
        return [tag.slug for tag in self.library.asset(asset).tags]

    def filter(self) -> None:
        self.library.tag([self.asset], remove=[("persona", "finance")])
        self.library.tag([self.asset], add=[("persona", "it")])
        self.page.search_for("")
        self.until(lambda: any(t.slug == "it" for h in self.page.hit_model.hits for t in h.tags))
        rows = self.page.facets.list
        model = rows.model()
        place = next(
            model.index(row, 0) for row in range(model.rowCount())
            if model.index(row, 0).data() == "IT"
        )  # fmt: skip
        rows.scrollTo(place)
        centre = rows.visualRect(place).center()
        QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(centre))
        self.until(lambda: self.shown() == ["Case studies/Bank.pdf"])
        self.page.facet_model.clear()
        self.until(lambda: len(self.page.hit_model.hits) == 5)

    def undo(self) -> None:
        others = [hit.asset_id for hit in self.page.hit_model.hits if hit.asset_id != self.asset]
        QTest.keyClick(self.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        self.until(lambda: not any(self.tags(asset) for asset in others))

    def open(self) -> None:
        self.type_search("onboard")
        self.until(lambda: self.shown() == ["Case studies/Bank.pdf"])
        self.page.results.setFocus()
        self.page.results.select_row(0)
        QTest.keyClick(self.page.results, Qt.Key.Key_Return)
        self.until(lambda: self.events("open") == 1)
        log = self.shots / "opened.log"
        self.until(lambda: log.exists() and "Bank.pdf" in log.read_text())

    def send(self) -> None:
        QTest.keyClick(self.page.results, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        dialog = self.dialog(SendDialog)
        QTest.keyClicks(dialog.to, "ben@example.com")
        QTest.keyClicks(dialog.account, "Acme")
        QTest.keyClicks(dialog.deal, "Acme 2027")
        dialog.send()
        self.until(lambda: self.events("send") == 1)
        log = self.shots / "opened.log"
        self.until(lambda: ".eml" in log.read_text())
        event = next(e for e in self.library.asset(self.asset).history if e.kind == "send")
        assert (event.account, event.deal) == ("Acme", "Acme 2027")
        assert not isinstance(QApplication.activeModalWidget(), QDialog)

    def see_the_use_counted(self) -> None:
        self.until(lambda: [h.uses for h in self.page.hit_model.hits] == [2])
        (row,) = self.library.use().rows
        assert (row.opens, row.sends, row.users) == (1, 1, 1)

    def search_in_vain_and_request(self) -> None:
        self.type_search("zeppelin")
        self.until(lambda: self.page.nothing.isVisible())
        QTest.mouseClick(self.page.nothing.request, Qt.MouseButton.LeftButton)
        dialog = self.dialog(RequestDialog)
        assert "zeppelin" in dialog.request().need
        dialog.submit()
        self.until(lambda: len(self.library.requests(open_only=True)) == 1)
        assert self.library.requests()[0].search == "zeppelin"

    def keep_a_search(self) -> None:
        field, control = self.page.header.field, Qt.KeyboardModifier.ControlModifier
        self.type_search("format:")
        self.until(lambda: self.page.desk.completer.is_open)
        QTest.keyClicks(field, "pd")
        self.until(lambda: len(self.page.desk.completer.popup.offers()) == 1)
        QTest.keyClick(field, Qt.Key.Key_Tab)
        assert field.text() == "format:pdf "
        QTest.keyClick(field, Qt.Key.Key_S, control)
        self.until(lambda: self.page.desk.pane_is_open)
        QTest.keyClicks(self.page.desk.pane.name, "All PDF")
        QTest.keyClick(self.page.desk.pane.name, Qt.Key.Key_Return)
        self.until(lambda: [s.name for s in self.library.saved_searches()] == ["All PDF"])
        self.until(field.hasFocus)
        QTest.keyClick(field, Qt.Key.Key_Escape)
        self.until(lambda: len(self.page.hit_model.hits) == 5)
        QTest.keyClick(field, Qt.Key.Key_Down)
        self.until(lambda: self.page.desk.completer.is_open)
        QTest.keyClick(field, Qt.Key.Key_Down)
        QTest.keyClick(field, Qt.Key.Key_Return)
        self.until(lambda: "Case studies/Bank.pdf" in self.shown())
        assert field.text() == "format:pdf"

    def see_what_is_unused(self) -> None:
        history = self.shots / "history.csv"
        history.write_text("at,person,kind,asset\n2025-01-10,Ben,open,Decks/Overview.pptx\n")
        self.library.import_events(history)
        self.window.navigate("attention")
        page = self.window.pages["attention"]

        def titles() -> list[str]:
            found = []
            for view in page.findChildren(QTableView):
                model = view.model()
                found += [str(model.index(r, 0).data()) for r in range(model.rowCount())]
            return found

        self.until(lambda: "Talk track" in titles())
        report = {row.path: row.verdict for row in self.library.unused().rows}
        assert report["Decks/Overview.pptx"] == "gone_quiet"
        assert report["Talk track.md"] == "unused"
        assert report["Case studies/Bank.pdf"] == "used"

    def see_a_new_file(self) -> None:
        (self.folder / "News.md").write_text("# Brand new\n\nabout platypuses\n")
        self.window.navigate("find")
        self.type_search("platyp")
        self.until(lambda: self.shown() == ["News.md"])
        (self.folder / "News.md").rename(self.folder / "Renamed.md")
        self.until(lambda: self.shown() == ["Renamed.md"])


def main() -> int:
    """Run the walk on the display of the environment."""
    folder, library, shots = (Path(word) for word in sys.argv[1:4])
    app = application(["deckhand"])
    instance = Instance(library)
    library.mkdir(parents=True, exist_ok=True)
    assert instance.take()
    door = Door(app, library, "", instance)
    eyes = Library(library)
    walk = Walk(door, folder, eyes, shots)
    QTimer.singleShot(800, walk.run)
    door.run(time.perf_counter())
    eyes.close()
    return int(walk.failed)


if __name__ == "__main__":
    sys.exit(main())
