"""One request in full: what is wanted, by whom, what was tried, its history, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QFormLayout,
    QFrame,
    QMenu,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.changes import Changes
from app.library import Library
from app.rows import REQUEST_STATUS_LABELS, PersonRow, RequestRow
from ui.context import Context
from ui.pages.attention import words
from ui.pages.attention.choices import FlowLayout
from ui.pages.attention.parts import button, label
from ui.pages.requests.step_form import StepAnswer, StepForm
from ui.pages.requests.steps import Step, may_vote, may_withdraw, steps_for

SHOWN_STEPS = 2


def facts(request: RequestRow) -> list[tuple[str, str]]:
    """What is known of a request as pairs of name and words; empty facts are left out."""
    wanted: dict[str, list[str]] = {}
    for tag in request.wants:
        wanted.setdefault(tag.facet.replace("_", " ").capitalize(), []).append(tag.label)
    # The sum is that of everyone who wants it, not only of the deal named beside it.
    amount = words.amount_text(request.amount_minor, request.currency)
    pairs = [
        ("Status", REQUEST_STATUS_LABELS.get(request.status, request.status)),
        ("Asked by", f"{request.by}, {words.date_text(request.created_at)}"),
        ("Wanted by", words.plural(request.votes, "person", "people")),
        ("Needed by", words.date_text(request.needed_by)),
        ("Account", request.account),
        ("Deal", request.deal),
        ("Open deals", f"{amount} wait for it" if amount else ""),
        *((name, ", ".join(labels)) for name, labels in wanted.items()),
        ("Search tried", f"“{request.search}”" if request.search else ""),
        ("Taken by", request.assignee),
        ("Repeats", f"Request #{request.duplicate_of}" if request.duplicate_of else ""),
    ]
    return [(name, text) for name, text in pairs if text]


class RequestDetail(QScrollArea):
    """Owns what is shown of one request and carries its steps out through the bridge.

    ``seen`` carries the id of an asset to show in Find.
    """

    seen = Signal(object)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._request: RequestRow | None = None
        self._others: tuple[RequestRow, ...] = ()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Request")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._body = QWidget()
        self._body.setObjectName("scrolled")
        self.setWidget(self._body)
        self.need = label("", "title", wrap=True)
        self.details = label("", "", wrap=True)
        self.error = label("", "bad", wrap=True)
        self.vote = button("I need this too", self.say_me_too, "primary")
        self.withdraw = button("Withdraw", self.take_back)
        self.more = button("More", self._nothing, name="More steps")
        self.more.setMenu(QMenu(self.more))
        self.answer = button("", self._on_answer, "ghost")
        self.form = StepForm(context, self._body)
        self.form.done.connect(self._on_form)
        self._steps: list[QPushButton] = []
        self._offered: tuple[Step, ...] = ()
        self._facts = QFormLayout()
        self._history = QVBoxLayout()
        self._build()

    @property
    def request(self) -> RequestRow | None:
        """The request shown."""
        return self._request

    def show_request(
        self, request: RequestRow, others: Sequence[RequestRow], me: PersonRow | None
    ) -> None:
        """Show a request; a form half filled in stays when it is the same request's."""
        same = self._request is not None and self._request.id == request.id
        if not same or self._request is None or self._request.status != request.status:
            self.form.close_form()
            self._say_error("")
        self._request, self._others = request, tuple(others)
        self.need.setText(request.need)
        self.details.setText(request.details)
        self.details.setVisible(bool(request.details))
        self.answer.setText(f"Answered with: {request.fulfilled_by_title}")
        self.answer.setVisible(request.fulfilled_by is not None)
        self._fill_facts(request)
        if request.history or not same:
            self._fill_history(request)
        if not request.history:
            self._read_history(request.id)
        self._fill_steps(request, me)
        if not same:
            self.verticalScrollBar().setValue(0)

    def say_me_too(self) -> None:
        """Vote for the request."""
        if self._request is not None:
            number = self._request.id
            self._run(lambda library: library.vote(number))

    def take_back(self) -> None:
        """Withdraw one's own request."""
        if self._request is not None:
            number = self._request.id
            self._run(lambda library: library.withdraw_request(number))

    def take(self, step: Step) -> None:
        """Take a step, or first ask for what it needs."""
        request = self._request
        if request is None:
            return
        self._say_error("")
        if step.needs:
            self.form.ask(step, request, self._others)
            # The form has its place only after the next layout.
            QTimer.singleShot(0, self, self._show_form)
            return
        number = request.id
        self._run(lambda library: library.set_request(number, step.status))

    def _show_form(self) -> None:
        self.ensureWidgetVisible(self.form)

    # ---- parts ---------------------------------------------------------------------------

    def _build(self) -> None:
        self._facts.setContentsMargins(0, 0, 0, 0)
        self._facts.setHorizontalSpacing(16)
        self._facts.setVerticalSpacing(4)
        self._facts.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._history.setSpacing(6)
        buttons = QWidget(self._body)
        self._buttons = FlowLayout(buttons, gap=8)
        policy = buttons.sizePolicy()
        policy.setHeightForWidth(True)
        buttons.setSizePolicy(policy)
        for number in range(SHOWN_STEPS):
            step = button("", self._nothing, "primary" if number == 0 else "")
            step.clicked.disconnect()
            step.clicked.connect(partial(self._on_step, number))
            self._steps.append(step)
            self._buttons.addWidget(step)
        self._buttons.addWidget(self.vote)
        self._buttons.addWidget(self.withdraw)
        self._buttons.addWidget(self.more)
        layout = QVBoxLayout(self._body)
        layout.setContentsMargins(16, 12, 16, 16)
        layout.setSpacing(10)
        for part in (self.need, self.details, buttons, self.form, self.error, self.answer):
            layout.addWidget(part)
        layout.addLayout(self._facts)
        layout.addSpacing(4)
        layout.addWidget(label("History", "title"))
        layout.addLayout(self._history)
        layout.addStretch(1)

    def _fill_facts(self, request: RequestRow) -> None:
        while self._facts.rowCount():
            self._facts.removeRow(0)
        for name, text in facts(request):
            value = label(text, wrap=True)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._facts.addRow(label(name, "dim"), value)

    def _fill_history(self, request: RequestRow) -> None:
        while (item := self._history.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        for note in request.history:
            status = REQUEST_STATUS_LABELS.get(note.status, note.status)
            head = f"{words.date_text(note.at)}  ·  {status}  ·  {note.by}"
            self._history.addWidget(_note(head, note.note))

    def _read_history(self, number: int) -> None:
        # Lists come without the histories.
        self._context.bridge.read(
            self, lambda library: library.request(number), self._on_full, self._on_failed,
            key="request_history",
        )  # fmt: skip

    def _on_full(self, request: RequestRow) -> None:
        if self._request is not None and self._request.id == request.id:
            self._fill_history(request)

    def _fill_steps(self, request: RequestRow, me: PersonRow | None) -> None:
        steps = steps_for(request, me)
        for number, shown in enumerate(self._steps):
            step = steps[number] if number < len(steps) else None
            shown.setVisible(step is not None)
            shown.setText(step.label if step else "")
        rest = steps[SHOWN_STEPS:]
        menu = self.more.menu()
        menu.clear()
        votes = may_vote(request, me)
        # Those who answer requests have two steps in reach already; their voice is in the menu.
        self.vote.setVisible(votes and not steps)
        self.withdraw.setVisible(may_withdraw(request, me) and not steps)
        if may_withdraw(request, me) and steps:
            menu.addAction("Withdraw", self.take_back)
            menu.addSeparator()
        if votes and steps:
            menu.addAction("I need this too", self.say_me_too)
            menu.addSeparator()
        for step in rest:
            action = QAction(step.label, menu)
            action.triggered.connect(partial(self._on_more, step))
            menu.addAction(action)
        self.more.setVisible(not menu.isEmpty())
        self._offered = steps

    # ---- what a person does ----------------------------------------------------------------

    def _on_step(self, number: int, _checked: bool = False) -> None:  # noqa: FBT001, FBT002
        if number < len(self._offered):
            self.take(self._offered[number])

    def _on_more(self, step: Step, _checked: bool = False) -> None:  # noqa: FBT001, FBT002
        self.take(step)

    def _on_form(self, answer: StepAnswer) -> None:
        if self._request is None:
            return
        number = self._request.id
        self._run(
            lambda library: library.set_request(
                number, answer.step.status, answer.note,
                fulfilled_by=answer.asset_id, duplicate_of=answer.request_id,
            )
        )  # fmt: skip

    def _on_answer(self) -> None:
        if self._request is not None and self._request.fulfilled_by is not None:
            self.seen.emit(self._request.fulfilled_by)

    def _run(self, call: Callable[[Library], Changes]) -> None:
        self._context.bridge.mutate(self, call, self._on_done, self._on_failed)

    def _on_done(self, _changes: Changes) -> None:
        self.form.close_form()
        self._say_error("")

    def _on_failed(self, error: Exception) -> None:
        sentence = self._context.notify.sentence(error)
        if self.form.isVisibleTo(self):
            self.form.say(sentence)
        else:
            self._say_error(sentence)

    def _say_error(self, sentence: str) -> None:
        self.error.setText(sentence)
        self.error.setVisible(bool(sentence))

    def _nothing(self) -> None:
        """The button's menu does the work."""


def _note(head: str, text: str) -> QWidget:
    box = QWidget()
    layout = QVBoxLayout(box)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    layout.addWidget(label(head, "cap"))
    if text:
        layout.addWidget(label(text, wrap=True))
    return box
