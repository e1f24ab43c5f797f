"""What is left out of the library: patterns for all folders and for each."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QTimer
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPlainTextEdit, QWidget

from app.rows import LeavingOut, LeftOut
from ui.context import Context
from ui.widgets.basics import button, label, restyle
from ui.widgets.sheet import Sheet
from ui.words import count

SETTLE_MS = 300
EXAMPLES = "drafts/\n*.psd\n/Archive 2019/\n!keep.psd"


class LeaveOutSheet(Sheet):
    """Edits the patterns and says while typing how many files they concern.

    What was typed for one folder is kept while another one is looked at; *Save* stores all.
    """

    def __init__(
        self, window: QWidget, context: Context, rows: Sequence[LeftOut], root_id: int | None
    ) -> None:
        super().__init__(window, "Leave files out", width=560)
        self._context = context
        # A line ends behind the last one, so that what is typed next is a pattern of its own.
        self._saved = {
            row.root_id: "".join(f"{pattern}\n" for pattern in row.patterns) for row in rows
        }
        self._typed = dict(self._saved)
        self._waiting = 0
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self._ask)
        self.body.addWidget(label("Leave files out", "h2"))
        why = (
            "One pattern a line, as in a .gitignore. Files that fit leave the library, not the "
            "disk. Temporary files of Office, browsers and systems are left out anyway."
        )
        self.body.addWidget(label(why, "dim", wrap=True))
        self._build(rows, root_id)
        self._show_place()

    def _build(self, rows: Sequence[LeftOut], root_id: int | None) -> None:
        self.place = QComboBox()
        self.place.setAccessibleName("For which folder")
        for row in rows:
            self.place.addItem(row.name, row.root_id)
        self.place.setCurrentIndex(max(0, [row.root_id for row in rows].index(root_id)))
        self.place.currentIndexChanged.connect(self._show_place)
        self.patterns = QPlainTextEdit()
        self.patterns.setAccessibleName("Patterns, one a line")
        self.patterns.setPlaceholderText(EXAMPLES)
        self.patterns.setTabChangesFocus(True)
        self.patterns.setMinimumHeight(150)
        self.patterns.textChanged.connect(self._on_typed)
        self.note = label("", "cap", wrap=True)
        self.note.setMinimumHeight(34)
        self.body.addWidget(self.place)
        self.body.addWidget(self.patterns, 1)
        self.body.addWidget(self.note)
        line = QHBoxLayout()
        line.addStretch()
        line.addWidget(button("Cancel", self.dismiss))
        self.main = self.save = button("Save", self._store, kind="primary", tip="Ctrl+Enter")
        self.save.setAccessibleName("Save")
        line.addWidget(self.save)
        self.body.addLayout(line)

    @property
    def _root(self) -> int | None:
        chosen = self.place.currentData()
        return None if chosen is None else int(chosen)

    def _show_place(self, *_: object) -> None:
        self.patterns.setPlainText(self._typed[self._root])
        self.patterns.moveCursor(QTextCursor.MoveOperation.End)
        self._on_typed()

    def _on_typed(self) -> None:
        self._typed[self._root] = self.patterns.toPlainText()
        self._settle.start()

    def _ask(self) -> None:
        root, lines = self._root, self.patterns.toPlainText().splitlines()
        self._context.bridge.read(
            self, lambda library: library.would_leave_out(root, lines), self._told, self._refused,
            key="leave-out",
        )  # fmt: skip

    def _told(self, told: LeavingOut) -> None:
        where = f"in {self.place.currentText()}" if self._root is not None else "in all folders"
        none = f"No file that is in the library now fits these patterns {where}."
        said = []
        if told.leave:
            said.append(f"{count(told.leave, 'file')} {where} will leave the library.")
        if told.back:
            comes = "comes" if told.back == 1 else "come"
            said.append(f"{count(told.back, 'file')} {where} {comes} back.")
        self._say(" ".join(said) or none, bad=False)

    def _refused(self, error: Exception) -> None:
        self._say(self._context.notify.sentence(error), bad=True)

    def _say(self, words: str, *, bad: bool) -> None:
        restyle(self.note, "kind", "bad" if bad else "cap")
        self.note.setText(words)
        self.save.setEnabled(not bad)

    def _store(self) -> None:
        changed = [root for root, text in self._typed.items() if text != self._saved[root]]
        if not changed:
            self.dismiss()
            return
        self.save.setEnabled(False)
        self._waiting = len(changed)
        for root in changed:
            self._put(root, self._typed[root].splitlines())

    def _put(self, root: int | None, lines: list[str]) -> None:
        self._context.bridge.mutate(
            self, lambda library: library.set_left_out(root, lines), self._stored, self._failed
        )

    def _stored(self, _: object) -> None:
        self._waiting -= 1
        if not self._waiting:
            self.dismiss()

    def _failed(self, error: Exception) -> None:
        self.save.setEnabled(True)
        self._refused(error)
