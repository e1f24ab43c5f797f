"""Drives the real window as a person would and notes how its event loop fares; see ``window``.

``python -m tests.bench.window_probe LIBRARY OUT.json [--incoming FOLDER] [--why]``
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget

from tests.bench.window_pulse import Pulse, Why
from tests.processes import family, shared_memory
from ui.dialogs.send import SendDialog
from ui.dialogs.tag import TagDialog
from ui.door import Door, application
from ui.instance import Instance

PATIENCE_S = 40.0
KEY_MS = 120
CALM_MS = 700
QUERIES = (
    "pricing", "total cost", "security compliance", "case study", "roadmap", "customer retention",
    "battlecard", "supply chain", "encryption", "healthcare", "renewal", "onboarding webinar",
    "next steps", "migration", "invoice", "champion", "benchmark", "forecast", "partner", "demo",
)  # fmt: skip
Wait = float | Callable[[], object]
Steps = Iterator[Wait]


@dataclass(slots=True)
class Step:
    """A stretch of the drive; ``keys`` are milliseconds from a key to the painted results."""

    name: str
    begin: float
    end: float = 0.0
    keys: list[float] = field(default_factory=list)
    note: str = ""
    why: list[tuple[str, int]] = field(default_factory=list)


class Keys(QObject):
    """The time from a key press to the end of the painting that shows its answer."""

    def __init__(self, page: Any) -> None:
        super().__init__()
        self.taken: list[float] = []
        self.pressed = self.overtaken = 0
        self._text, self._at, self._answered = "", 0.0, False
        self._page = page
        page.flow.answered.connect(self._on_answer)
        page.window().installEventFilter(self)

    def press(self, char: str) -> None:
        """Press a key in the search field."""
        field = self._page.header.field
        self.pressed += 1
        self.overtaken += bool(self._text)
        self._answered, self._at = False, time.monotonic()
        self._text = " ".join((field.text() + char).split())
        QTest.keyClicks(field, char)

    def _on_answer(self, answer: Any) -> None:
        if self._text and answer.result.spec.text == self._text:
            self._answered = True

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if self._answered and event.type() == QEvent.Type.UpdateRequest:
            self._answered = False
            QTimer.singleShot(0, self._painted)
        return False

    def _painted(self) -> None:
        if self._text:
            self.taken.append((time.monotonic() - self._at) * 1000)
            self._text = ""


class Drive:
    """Steps through the window, one beat at a time: no nested loop holds the timer up."""

    def __init__(self, door: Door, incoming: Path | None, *, why: bool) -> None:
        self.door, self.window = door, door.window
        self.incoming = incoming
        self.steps: list[Step] = []
        self.failed = ""
        self.pulse = Pulse(self._step)
        self.why = Why(self.pulse) if why else None
        self._script = self._indexing() if incoming is not None else self._browsing()
        self._until: Wait = 0.0
        self._since = time.monotonic()
        self._over = False

    # ---- the beat ------------------------------------------------------------------------

    def _step(self) -> None:
        if self._over or not self._due():
            return
        try:
            self._until = next(self._script)
            self._since = time.monotonic()
        except StopIteration:
            self._finish()
        except Exception:
            self.failed = traceback.format_exc()
            self._finish()

    def _due(self) -> bool:
        spent = time.monotonic() - self._since
        if isinstance(self._until, int | float):
            return spent * 1000 >= self._until
        if spent > PATIENCE_S:
            self.failed = f"waited in vain in {self.steps[-1].name}: {self._until}"
            self._finish()
            return False
        return bool(self._until())

    def _finish(self) -> None:
        self._over = True
        self._close_step()
        self.memory = _memory()
        self.window.close()
        QTimer.singleShot(0, QApplication.quit)

    def _begin(self, name: str) -> None:
        self._close_step()
        self.steps.append(Step(name, time.monotonic()))

    def _close_step(self) -> None:
        if self.steps:
            step = self.steps[-1]
            step.end = time.monotonic()
            if self.why is not None:
                step.why = self.why.between(step.begin, step.end)

    # ---- what is driven ------------------------------------------------------------------

    @property
    def page(self) -> Any:
        """The find page."""
        return self.window.pages["find"]

    def _browsing(self) -> Steps:
        yield from self._open()
        yield from self._scroll()
        yield from self._type()
        yield from self._facets()
        yield from self._sort()
        yield from self._pages()
        yield from self._select_all()
        yield from self._tag_many()
        yield from self._send()

    def _open(self) -> Steps:
        self._begin("open, full list")
        yield lambda: self.page.hit_model.hits and not self.page.hit_model.skeleton
        self.steps[-1].note = f"{(time.monotonic() - self.steps[-1].begin) * 1000:.0f} ms"
        yield lambda: self.window.session.overview is not None
        yield lambda: self.window.session.indexing.progress.state in ("watching", "idle")
        yield 1500

    def _scroll(self) -> Steps:
        results = self.page.results
        results.setFocus()
        self._begin("scroll by wheel, 10 s")
        end = time.monotonic() + 10
        while time.monotonic() < end:
            _wheel(results.viewport(), -120 * 3)
            yield 16
        self._begin("page down to the end")
        bar, still = results.verticalScrollBar(), 0
        while still < 40:
            before = bar.value()
            QTest.keyClick(results, Qt.Key.Key_PageDown)
            yield 16
            still = still + 1 if bar.value() == before and not self.page.flow.busy else 0
        self.steps[-1].note = f"{self.page.hit_model.rowCount():,} rows"
        self._begin("home, end, home")
        for key in (Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_Home):
            QTest.keyClick(results, key)
            yield 300

    def _type(self) -> Steps:
        field = self.page.header.field
        field.setFocus()
        keys = Keys(self.page)
        self._begin("type 20 queries")
        for query in QUERIES:
            field.selectAll()
            QTest.keyClick(field, Qt.Key.Key_Delete)
            yield 300
            for char in query:
                keys.press(char)
                yield KEY_MS
            yield CALM_MS
        step = self.steps[-1]
        step.keys = keys.taken
        step.note = f"{keys.pressed} keys, {keys.overtaken} overtaken"

    def _facets(self) -> Steps:
        self._begin("toggle 12 facet terms")
        rows = self.page.facets.list
        for turn in range(12):
            lines = [r for r in range(rows.model().rowCount()) if _is_term(self.page, r)]
            at = rows.model().index(lines[turn * 3 % len(lines)], 0)
            rows.scrollTo(at)
            where = QPoint(rows.visualRect(at).center())
            QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=where)
            yield lambda: not self.page.flow.busy
            yield 250
            if turn % 3 == 2:
                self.page.facet_model.clear()
                yield lambda: not self.page.flow.busy
                yield 250

    def _sort(self) -> Steps:
        self._begin("every order, all assets")
        self.page.search_for("")
        yield lambda: not self.page.flow.busy
        sort = self.page.header.sort
        for place in (*range(1, sort.count()), 0):
            sort.setCurrentIndex(place)
            sort.activated.emit(place)
            yield lambda: not self.page.flow.busy
            yield 300

    def _pages(self) -> Steps:
        for key in ("attention", "copies", "library", "settings"):
            self._begin(f"page {key}")
            self.window.navigate(key)
            page = self.window.page
            yield 300
            yield lambda: not _reading(self.window)
            yield 1200
            tabs = getattr(page, "tabs", None)
            if tabs is not None:
                tabs.setCurrentIndex(1)
                yield 700
                tabs.setCurrentIndex(0)
            for view in page.findChildren(QAbstractScrollArea):
                if view.isVisible():
                    for _ in range(20):
                        _wheel(view.viewport(), -360)
                        yield 16
        self._begin("back to find")
        self.window.navigate("find")
        yield 1000

    def _select_all(self) -> Steps:
        results = self.page.results
        results.setFocus()
        self._begin("select all")
        QTest.keyClick(results, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        total = self.page._last.result.total
        yield lambda: results.selected_count() >= total
        yield 500
        self.steps[-1].note = f"{len(results.selected_hits()):,} of {total:,}"
        QTest.keyClick(results, Qt.Key.Key_Home)
        yield 300

    def _tag_many(self) -> Steps:
        results = self.page.results
        self._begin("select 1,000")
        QTest.mouseClick(results.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(300, 20))
        down, shift = Qt.Key.Key_PageDown, Qt.KeyboardModifier.ShiftModifier
        while results.currentIndex().row() < 1000:
            QTest.keyClick(results, down, shift)
            yield 16
        yield 300
        self._begin("tag 1,000")
        count = len(results.selected_hits())
        QTest.keyClick(results, Qt.Key.Key_T)
        yield lambda: _dialog(TagDialog)
        dialog = _dialog(TagDialog)
        yield lambda: dialog.terms.rowCount() > 0
        QTest.keyClicks(dialog.field, "cfo")
        yield 200
        QTest.keyClick(dialog.field, Qt.Key.Key_Return)
        yield lambda: dialog.apply_button.isEnabled()
        told: list[Any] = []
        self.window.session.bridge.changed.connect(told.append)
        dialog.apply()
        yield lambda: any(one.touches("tags") for one in told)
        yield 3000
        self.steps[-1].note = f"{count:,} selected"

    def _send(self) -> Steps:
        results = self.page.results
        self._begin("send 5")
        QTest.keyClick(results, Qt.Key.Key_Home)
        for _ in range(4):
            QTest.keyClick(results, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
            yield 50
        QTest.keyClick(results, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        yield lambda: _dialog(SendDialog)
        dialog = _dialog(SendDialog)
        yield 500
        QTest.keyClicks(dialog.to, "ben@example.com")
        QTest.keyClicks(dialog.account, "Acme")
        yield 500
        dialog.send()
        yield lambda: not _dialog(SendDialog)
        yield 3000

    # ---- beside the indexing child -------------------------------------------------------

    def _indexing(self) -> Steps:
        yield from self._open()
        self._begin("scroll and type while indexing")
        assert self.incoming is not None
        self.window.add_folder(str(self.incoming))
        keys, results = Keys(self.page), self.page.results
        seen: set[str] = set()
        indexing = self.window.session.indexing
        indexing.progressed.connect(lambda progress: seen.add(progress.state))
        turn, end = 0, time.monotonic() + 90
        while time.monotonic() < end and not ("indexing" in seen and _settled(indexing, seen)):
            results.setFocus()
            for _ in range(60):
                _wheel(results.viewport(), -360 if turn % 2 == 0 else 360)
                yield 16
            self.page.header.field.setFocus()
            self.page.header.field.selectAll()
            for char in QUERIES[turn % len(QUERIES)]:
                keys.press(char)
                yield KEY_MS
            turn += 1
            yield 400
        step = self.steps[-1]
        step.keys = keys.taken
        took = time.monotonic() - step.begin
        step.note = f"{keys.pressed} keys, {keys.overtaken} overtaken, {turn} turns, {took:.0f} s"
        self._begin("after it")
        yield 3000


def _settled(indexing: Any, seen: set[str]) -> bool:
    return "indexing" in seen and indexing.progress.state in ("watching", "idle")


def _is_term(page: Any, row: int) -> bool:
    line = page.facet_model.line(row)
    return line is not None and line.kind == "term"


def _reading(window: Any) -> bool:
    return bool(window.session.bridge.tasks._latest)


def _dialog(kind: type[QWidget]) -> Any:
    found = (w for w in QApplication.topLevelWidgets() if type(w) is kind and w.isVisible())
    return next(found, None)


def _wheel(widget: QWidget, by: int) -> None:
    at = QPointF(widget.rect().center())
    event = QWheelEvent(
        at, QPointF(widget.mapToGlobal(at.toPoint())), QPoint(), QPoint(0, by),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase,
        False,
    )  # fmt: skip
    QApplication.sendEvent(widget, event)


def _memory() -> dict[str, int]:
    import os

    pids = family(os.getpid())
    return {"window_mb": shared_memory(pids[:1]) // 1024, "all_mb": shared_memory(pids) // 1024}


def main() -> int:
    """Drive the window of a library and write what was seen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("library", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--incoming", type=Path)
    parser.add_argument("--why", action="store_true")
    given = parser.parse_args()
    began = time.perf_counter()
    app = application(["deckhand"])
    instance = Instance(given.library)
    assert instance.take()
    door = Door(app, given.library, "", instance)
    drives: list[Drive] = []

    after_paint = door._after_paint

    def begin() -> None:
        # The first paint itself makes the window and is no stall of it.
        drives.append(Drive(door, given.incoming, why=given.why))
        after_paint()

    door._after_paint = begin  # type: ignore[method-assign]
    door.run(began)
    (drive,) = drives
    facts = {
        "failed": drive.failed, "memory": drive.memory, "beats": drive.pulse.beats,
        "steps": [asdict(step) for step in drive.steps],
    }  # fmt: skip
    given.out.write_text(json.dumps(facts))
    return int(bool(drive.failed))


if __name__ == "__main__":
    sys.exit(main())
