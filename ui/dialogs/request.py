"""The form for asking for material that is missing: one sentence is enough."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QCompleter,
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.changes import Changes
from app.library import Library
from app.rows import FacetRow, Hit, NewRequest, RequestRow
from ui.context import Context
from ui.pages.attention.parts import button, label
from ui.pages.requests import drafts
from ui.pages.requests.fields import OptionalDate, TermCombo
from ui.pages.requests.maybe import MaybeExists

FACETS = (
    ("content_type", "Type"), ("persona", "Persona"), ("stage", "Stage"),
    ("value_proposition", "Value proposition"),
)  # fmt: skip
KEEP_AFTER_MS = 2000
# A form whose maker let go of it must not be collected while a person writes in it.
_standing: set[RequestDialog] = set()
NEED_LIMIT = 500


def _read_lists(library: Library) -> tuple[tuple[FacetRow, ...], tuple[str, ...], tuple[str, ...]]:
    return library.vocabulary(), library.accounts(), library.deals()


class RequestDialog(QDialog):
    """Files one request. Never blocks: use ``open()``.

    What is written is kept every two seconds and offered again after a crash or a cancel.
    """

    def __init__(
        self, context: Context, prefill: NewRequest, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent or QApplication.activeWindow())
        self._context = context
        self._prefill = prefill
        self._filed = False
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("New request")
        self.setMinimumWidth(480)
        self.resize(600, 640)
        self._build()
        self._connect()
        self._fill(prefill)
        self._offer_draft()
        context.bridge.read(self, _read_lists, self._on_lists, self._on_lists_failed)
        self.need.setFocus(Qt.FocusReason.OtherFocusReason)

    def open(self) -> None:
        """Show the form and return at once; it lives until it is closed."""
        _standing.add(self)
        self.finished.connect(self._on_finished)
        super().open()

    def _on_finished(self, _result: int) -> None:
        _standing.discard(self)

    # ---- building --------------------------------------------------------------------------

    def _build(self) -> None:
        body = QWidget()
        body.setObjectName("scrolled")
        inner = QVBoxLayout(body)
        inner.setContentsMargins(24, 20, 24, 12)
        inner.setSpacing(12)
        inner.addWidget(label("What do you need?", "h2"))
        inner.addWidget(self._make_banner())
        inner.addLayout(self._make_need())
        self.maybe = MaybeExists(self._context)
        inner.addWidget(self.maybe)
        inner.addLayout(self._make_grid())
        details = QVBoxLayout()
        details.setSpacing(4)
        details.addWidget(_caption("Details", self.details))
        details.addWidget(self.details, 1)
        # The room that is left is for writing, not for an empty band above the buttons.
        inner.addLayout(details, 1)
        area = QScrollArea()
        area.setWidget(body)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(area, 1)
        line = QFrame()
        line.setProperty("kind", "line")
        outer.addWidget(line)
        outer.addLayout(self._make_foot())

    def _make_banner(self) -> QFrame:
        self.banner = QFrame()
        self.banner.setObjectName("draft")
        self.banner.setProperty("kind", "card")
        self.banner_text = label("", "", wrap=True)
        self.go_on = button("Go on with it", self._take_draft)
        self.discard = button("Discard", self._drop_draft, "ghost", "Discard the kept request")
        layout = QHBoxLayout(self.banner)
        layout.setContentsMargins(12, 8, 8, 8)
        layout.addWidget(self.banner_text, 1)
        layout.addWidget(self.go_on)
        layout.addWidget(self.discard)
        self.banner.hide()
        return self.banner

    def _make_need(self) -> QVBoxLayout:
        self.need = QLineEdit()
        self.need.setMaxLength(NEED_LIMIT)
        self.need.setAccessibleName("What you need, in one sentence")
        self.need.setPlaceholderText("A one-page case study from a bank, for a finance buyer")
        self.searched = label("", "dim", wrap=True)
        self.details = QPlainTextEdit()
        self.details.setAccessibleName("Details")
        self.details.setPlaceholderText("Who is it for, and what must it say?")
        self.details.setTabChangesFocus(True)
        self.details.setMinimumHeight(76)
        # In an area that scrolls it would else have the height that it likes, below the fold.
        self.details.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        box = QVBoxLayout()
        box.setSpacing(4)
        box.addWidget(_caption("In one sentence", self.need))
        box.addWidget(self.need)
        box.addWidget(self.searched)
        return box

    def _make_grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        self.combos = {key: TermCombo(name) for key, name in FACETS}
        self.account = QLineEdit()
        self.account.setAccessibleName("Account")
        self.deal = QLineEdit()
        self.deal.setAccessibleName("Deal")
        self.due = OptionalDate("Needed by")
        pairs: list[tuple[str, QWidget]] = [(name, self.combos[key]) for key, name in FACETS]
        pairs += [("Account", self.account), ("Deal", self.deal), ("Needed by", self.due)]
        for number, (name, field) in enumerate(pairs):
            row, column = divmod(number, 2)
            buddy = self.due.check if field is self.due else field
            grid.addWidget(_caption(name, buddy), row * 3, column)
            grid.addWidget(field, row * 3 + 1, column)
            grid.setRowMinimumHeight(row * 3 + 2, 4)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        return grid

    def _make_foot(self) -> QVBoxLayout:
        self.error = label("", "bad", wrap=True)
        self.error.hide()
        self.cancel = button("Cancel", self.reject)
        self.file = button("File request", self.submit, "primary")
        self.file.setDefault(True)
        keys = QKeySequence("Ctrl+Enter").toString(QKeySequence.SequenceFormat.NativeText)
        self.file.setToolTip(keys)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(label(f"Only the sentence is needed. {keys} files it.", "cap"), 1)
        row.addWidget(self.cancel)
        row.addWidget(self.file)
        foot = QVBoxLayout()
        foot.setContentsMargins(24, 12, 24, 16)
        foot.setSpacing(8)
        foot.addWidget(self.error)
        foot.addLayout(row)
        return foot

    def _connect(self) -> None:
        self._keeping = QTimer(self, singleShot=True, interval=KEEP_AFTER_MS)
        self._keeping.timeout.connect(self._keep)
        self.need.textChanged.connect(self._on_need)
        self.account.editingFinished.connect(self._on_account)
        for line in (self.account, self.deal):
            line.textChanged.connect(self._on_written)
        self.details.textChanged.connect(self._on_written)
        for combo in self.combos.values():
            combo.editTextChanged.connect(self._on_written)
        self.due.changed.connect(self._on_written)
        self.maybe.voted.connect(self._on_vote)
        self.maybe.opened.connect(self._on_open)
        for key in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(key), self, self.submit)

    # ---- contents --------------------------------------------------------------------------

    def request(self) -> NewRequest:
        """What is written. Raises ValueError for a word that is in none of the lists."""
        return self._gather({key: combo.slug() for key, combo in self.combos.items()})

    def _gather(self, terms: dict[str, str]) -> NewRequest:
        return NewRequest(
            need=" ".join(self.need.text().split()),
            details=self.details.toPlainText().strip(),
            content_type=terms["content_type"],
            persona=terms["persona"],
            stage=terms["stage"],
            value_proposition=terms["value_proposition"],
            account=self.account.text().strip(),
            deal=self.deal.text().strip(),
            needed_by=self.due.value(),
            search=self._prefill.search,
        )

    def _fill(self, new: NewRequest) -> None:
        self.need.setText(new.need)
        self.details.setPlainText(new.details)
        self.account.setText(new.account)
        self.deal.setText(new.deal)
        self.due.set_value(new.needed_by)
        for key, _name in FACETS:
            self.combos[key].choose(getattr(new, key))
        self.searched.setText(f"Search tried: “{new.search}”")
        self.searched.setVisible(bool(new.search))
        if new.search and not new.need:
            self.maybe.ask(new.search)

    def _on_lists(
        self, lists: tuple[tuple[FacetRow, ...], tuple[str, ...], tuple[str, ...]]
    ) -> None:
        facets, accounts, deals = lists
        by_key = {facet.key: facet for facet in facets}
        for key, combo in self.combos.items():
            if key in by_key:
                combo.set_terms(by_key[key].terms)
        _complete(self.account, accounts)
        _complete(self.deal, deals)

    def _on_lists_failed(self, error: Exception) -> None:
        self._say(f"The lists could not be read. {self._context.notify.sentence(error)}")

    def _on_account(self) -> None:
        account = self.account.text().strip()
        self._context.bridge.read(
            self, lambda library: library.deals(account), self._on_deals, self._on_lists_failed,
            key="request_deals",
        )  # fmt: skip

    def _on_deals(self, deals: tuple[str, ...]) -> None:
        _complete(self.deal, deals)

    # ---- drafts ----------------------------------------------------------------------------

    def _offer_draft(self) -> None:
        draft = drafts.kept(self._context.state)
        if draft is None or draft == self._prefill:
            return
        told = draft.need or draft.details
        self.banner_text.setText(f"A request half written was kept: “{told[:120]}”")
        self.banner.show()

    def _take_draft(self) -> None:
        draft = drafts.kept(self._context.state)
        self.banner.hide()
        if draft is not None:
            self._prefill = replace(self._prefill, search=draft.search or self._prefill.search)
            self._fill(draft)
        self.need.setFocus(Qt.FocusReason.OtherFocusReason)

    def _drop_draft(self) -> None:
        drafts.forget(self._context.state)
        self.banner.hide()
        self.need.setFocus(Qt.FocusReason.OtherFocusReason)

    def _keep(self) -> None:
        # Until the older draft is taken or thrown away it must not be written over by a shorter.
        if not self._filed and not self.banner.isVisibleTo(self):
            drafts.keep(self._context.state, self._gather(self._terms_so_far()))

    def _terms_so_far(self) -> dict[str, str]:
        terms = {}
        for key, combo in self.combos.items():
            try:
                terms[key] = combo.slug()
            except ValueError:
                terms[key] = ""
        return terms

    # ---- what a person does ----------------------------------------------------------------

    def submit(self) -> None:
        """File the request, or say what is missing."""
        if self._filed or not self.file.isEnabled():
            return
        try:
            new = self.request()
        except ValueError as problem:
            self._say(str(problem))
            return
        if not new.need:
            self._say("Say in one sentence what you need.")
            self.need.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._say("")
        self.file.setEnabled(False)
        self._context.bridge.mutate(
            self, lambda library: library.file_request(new), self._on_filed, self._on_failed
        )

    def reject(self) -> None:
        """Close; what was written stays as a draft."""
        self._keeping.stop()
        self._keep()
        super().reject()

    def _on_filed(self, _changes: Changes) -> None:
        self._filed = True
        self._keeping.stop()
        drafts.forget(self._context.state)
        self.accept()

    def _on_failed(self, error: Exception) -> None:
        self.file.setEnabled(True)
        self._say(self._context.notify.sentence(error))

    def _on_vote(self, row: RequestRow) -> None:
        self._context.bridge.mutate(
            self, lambda library: library.vote(row.id), self._on_filed, self._on_failed
        )

    def _on_open(self, hit: Hit) -> None:
        self._context.navigate("find", asset_id=hit.asset_id)
        self.reject()

    def _on_need(self, text: str) -> None:
        self._say("")
        self.maybe.ask(text or self._prefill.search)
        self._keeping.start()

    def _on_written(self, *_: Any) -> None:
        self._keeping.start()

    def _say(self, sentence: str) -> None:
        self.error.setText(sentence)
        self.error.setVisible(bool(sentence))


def _caption(text: str, buddy: QWidget) -> QLabel:
    made = label(text, "cap")
    made.setBuddy(buddy)
    return made


def _complete(line: QLineEdit, names: tuple[str, ...]) -> None:
    completer = QCompleter(list(names), line)
    completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    completer.setFilterMode(Qt.MatchFlag.MatchContains)
    line.setCompleter(completer)
