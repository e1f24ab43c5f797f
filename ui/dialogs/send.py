"""Sending: for whom, and off to the mail program in a few seconds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QStringListModel, Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from app.changes import Changes
from app.rows import AssetDetail, Draft, FacetRow, Hit, Occasion
from ui.context import Context
from ui.models.attachments import AttachmentModel, warning_of
from ui.models.words import plural
from ui.outside import Outside
from ui.widgets.basics import button, label
from ui.words import size

_WIDTH = 560
_TYPING_MS = 150
LARGE = 20 * 1024 * 1024
"""Bytes above which many mail servers refuse a mail."""


@dataclass(slots=True)
class _Remembered:
    """What was filled in last, for this session."""

    account: str = ""
    deal: str = ""
    stage: str = ""


_last = _Remembered()


def forget() -> None:
    """Forget the account, deal and stage of the last sending."""
    _last.account = _last.deal = _last.stage = ""


def subject_for(titles: Sequence[str]) -> str:
    """A subject that tells what is attached: the title, or the first one and how many more."""
    if not titles:
        return ""
    if len(titles) == 1:
        return titles[0]
    return f"{titles[0]} and {plural(len(titles) - 1, 'more document')}"


class SendDialog(QDialog):
    """Asks for recipients and deal (all optional), writes a draft and opens it.

    ``search_uid`` is called on the write lane when the sending is recorded. Never blocks: use
    ``open``. Ctrl+Enter sends, Esc closes.
    """

    def __init__(
        self,
        context: Context,
        hits: Sequence[Hit],
        parent: QWidget | None = None,
        *,
        outside: Outside | None = None,
        search_uid: Callable[[], str] = str,
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._outside = outside or Outside()
        self._search_uid = search_uid
        self._titled = subject_for([hit.title for hit in hits])
        self.attachments = AttachmentModel(hits, self)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Send")
        self.setMinimumWidth(_WIDTH)
        self._deal_pause = QTimer(self)
        self._deal_pause.setSingleShot(True)
        self._deal_pause.setInterval(_TYPING_MS)
        self._deal_pause.timeout.connect(self._read_deals)
        self._build()
        self._read()

    # ---- building --------------------------------------------------------------------------

    def _build(self) -> None:
        self.to = _line("To", "Optional: addresses, separated by commas")
        self.account = _line("Account", "Optional: who is it for?")
        self.deal = _line("Deal", "Optional")
        self.subject = _line("Subject", "")
        self.subject.setText(self._titled)
        self.message = QPlainTextEdit()
        self.message.setAccessibleName("Message")
        self.message.setPlaceholderText("Optional: a line or two. Your mail program opens next.")
        self.message.setTabChangesFocus(True)
        self.message.setFixedHeight(72)
        self.stage = QComboBox()
        self.stage.setAccessibleName("Stage")
        self.stage.view().setAccessibleName("Stage")
        self.stage.addItem("Not said", "")
        self._accounts = self._completion(self.account)
        self._deals = self._completion(self.deal)
        self.account.textChanged.connect(self._deal_pause.start)
        self.account.setText(_last.account)
        self.deal.setText(_last.deal)
        self.files = QListView()
        self.files.setAccessibleName("Attachments")
        self.files.setModel(self.attachments)
        self.files.setFrameShape(QFrame.Shape.NoFrame)
        self.files.setSelectionMode(QListView.SelectionMode.NoSelection)
        self.files.setUniformItemSizes(True)
        self.files.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.files.setStyleSheet("QListView { background: transparent; }")
        row = max(16, self.files.sizeHintForRow(0))
        self.files.setFixedHeight(row * min(5, self.attachments.rowCount()) + 4)
        self.total = label("", "cap")
        self.warning = label("", "", wrap=True)
        self.newer = button("Send the newer one instead", self._take_newer, kind="ghost")
        self.problem = label("", "bad", wrap=True)
        self.send_button = button("Open in mail", self.send, kind="primary", icon_name="send")
        self.send_button.setDefault(True)
        self.send_button.setToolTip("Ctrl+Enter")
        self.cancel_button = button("Cancel", self.reject)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self.send)
        for hidden in (self.warning, self.newer, self.problem):
            hidden.hide()
        self._lay_out()

    def _completion(self, field: QLineEdit) -> QStringListModel:
        names = QStringListModel(self)
        completer = QCompleter(names, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        popup = completer.popup()
        assert popup is not None
        popup.setAccessibleName(f"Known names for {field.accessibleName()}")
        field.setCompleter(completer)
        return names

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        count = self.attachments.rowCount()
        self.heading = label("Send by e-mail" if count == 1 else f"Send {count} files", "h2")
        column.addWidget(self.heading)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        rows: tuple[tuple[str, QWidget, int, int, int], ...] = (
            ("To", self.to, 0, 0, 3), ("Account", self.account, 1, 0, 1),
            ("Deal", self.deal, 1, 2, 1), ("Stage", self.stage, 2, 0, 1),
            ("Subject", self.subject, 3, 0, 3), ("Message", self.message, 4, 0, 3),
            ("Files", self.files, 5, 0, 3),
        )  # fmt: skip
        for text, field, row, left, span in rows:
            name = label(text, "dim")
            name.setBuddy(field)
            aligned = Qt.AlignmentFlag.AlignTop if row > 3 else Qt.AlignmentFlag.AlignVCenter
            grid.addWidget(name, row, left, aligned)
            grid.addWidget(field, row, left + 1, 1, span)
        column.addLayout(grid)
        column.addWidget(self.warning)
        column.addWidget(self.newer, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.problem)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.total, 1)
        line.addWidget(self.cancel_button)
        line.addWidget(self.send_button)
        column.addLayout(line)
        order = (self.to, self.account, self.deal, self.stage, self.subject, self.message)
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)

    # ---- reading -----------------------------------------------------------------------------

    def _read(self) -> None:
        ids = self.attachments.ids()
        bridge = self._context.bridge
        bridge.read(
            self, lambda library: tuple(library.asset(i) for i in ids), self._on_details,
            self._say_problem, key="send.details",
        )  # fmt: skip
        bridge.read(self, lambda library: library.accounts(), self._on_accounts)
        bridge.read(self, lambda library: library.vocabulary(), self._on_vocabulary)
        self._read_deals()

    def _read_deals(self) -> None:
        account = self.account.text().strip()
        self._context.bridge.read(
            self, lambda library: library.deals(account), self._on_deals, key="send.deals"
        )

    def _on_accounts(self, names: tuple[str, ...]) -> None:
        self._accounts.setStringList(list(names))

    def _on_deals(self, names: tuple[str, ...]) -> None:
        self._deals.setStringList(list(names))

    def _on_vocabulary(self, facets: tuple[FacetRow, ...]) -> None:
        stage = next((facet for facet in facets if facet.key == "stage"), None)
        for term in stage.terms if stage is not None else ():
            self.stage.addItem(term.label, term.slug)
        self.stage.setCurrentIndex(max(0, self.stage.findData(_last.stage)))

    def _on_details(self, details: tuple[AssetDetail, ...]) -> None:
        self.attachments.set_details(details)
        heavy = sum(detail.size for detail in details)
        self.total.setText(f"{plural(len(details), 'file')}, {size(heavy)}")
        sentences = [text for detail in details if (text := warning_of(detail))]
        if heavy > LARGE:
            sentences.append(f"{size(heavy)} is more than many mail servers take.")
        self.warning.setText("\n".join(sentences))
        theme = self._context.theme
        self.warning.setStyleSheet(
            f"background: {theme.hex('warn_bg')}; color: {theme.hex('warn')};"
            " border-radius: 8px; padding: 8px 10px;"
        )
        self.warning.setVisible(bool(sentences))
        self.newer.setVisible(any(detail.superseded_by is not None for detail in details))

    def _take_newer(self) -> None:
        """Put the replacement in the place of each superseded asset."""
        before = self.subject.text() == self._titled
        self.attachments.take_replacements()
        self._titled = subject_for(self.attachments.titles())
        if before:
            self.subject.setText(self._titled)
        self._read()

    # ---- sending -----------------------------------------------------------------------------

    def send(self) -> None:
        """Write the draft, record the sending, open the draft."""
        if not self.send_button.isEnabled():
            return
        self.send_button.setEnabled(False)
        self.problem.hide()
        ids = self.attachments.ids()
        to, subject = self.to.text().strip(), self.subject.text().strip()
        body, occasion = self.message.toPlainText(), self._occasion()
        uid = self._search_uid
        _last.account, _last.deal, _last.stage = occasion.account, occasion.deal, occasion.stage
        self._context.bridge.tasks.run(
            self,
            lambda library: library.draft(
                ids, to=to, subject=subject, body=body,
                occasion=Occasion(
                    occasion.account, occasion.deal, occasion.stage, occasion.channel, uid()
                ),
            ),
            self._on_draft,
            self._say_problem,
            lane="write",
        )  # fmt: skip

    def _occasion(self) -> Occasion:
        return Occasion(
            self.account.text().strip(), self.deal.text().strip(),
            str(self.stage.currentData() or ""), "mail",
        )  # fmt: skip

    def _on_draft(self, draft: Draft) -> None:
        opened = self._outside.open_file(draft.path)
        notify = self._context.notify
        what = plural(len(draft.attachments), "file")
        if opened:
            notify.info(f"Draft with {what} handed to your mail program.")
        else:
            notify.problem(
                f"No mail program answered. The draft is here: {draft.path}",
                action=("Show in folder", lambda: self._reveal(draft)),
            )
        ids = self.attachments.ids()
        self._context.bridge.changed.emit(Changes(frozenset({"events"}), ids))
        self.accept()

    def _reveal(self, draft: Draft) -> None:
        self._outside.show_in_folder(draft.path)

    def _say_problem(self, error: Exception) -> None:
        self.send_button.setEnabled(True)
        self.problem.setText(self._context.notify.sentence(error))
        self.problem.show()


def _line(name: str, placeholder: str) -> QLineEdit:
    made = QLineEdit()
    made.setAccessibleName(name)
    made.setPlaceholderText(placeholder)
    return made
