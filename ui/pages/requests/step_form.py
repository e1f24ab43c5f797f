"""The small form below a request for the steps that need something: words, an asset, a request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.rows import RequestRow
from ui.context import Context
from ui.pages.attention.parts import button, label
from ui.pages.requests.assets import AssetPicker
from ui.pages.requests.steps import DECLINE_REASONS, Step

PROMPTS = {
    "reason": "Why is it declined? The person who asked reads this.",
    "note": "What do you need to know? The person who asked reads this.",
    "asset": "Which asset answers it?",
    "request": "Which request does it repeat?",
}
WHY_CLOSED = "Why is it closed without an answer? The person who asked reads this."
MISSING = {
    "reason": "Choose a reason.",
    "note": "Write a sentence for the person who asked.",
    "asset": "Type a word of the title and choose the asset.",
    "request": "Choose the request that it repeats.",
}


@dataclass(frozen=True, slots=True)
class StepAnswer:
    """What a person filled in for a step."""

    step: Step
    note: str
    asset_id: int | None
    request_id: int | None


class StepForm(QFrame):
    """Asks for what one step needs. ``done`` carries a StepAnswer; Esc closes it."""

    done = Signal(object)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._step: Step | None = None
        self.prompt = label("", "", wrap=True)
        self.reason = QComboBox()
        self.reason.setAccessibleName("Reason")
        self.reason.addItem("Choose a reason")
        self.reason.addItems(list(DECLINE_REASONS))
        self.request = QComboBox()
        self.request.setAccessibleName("Request that it repeats")
        narrow = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        self.request.setSizeAdjustPolicy(narrow)
        self.request.setMinimumContentsLength(16)
        self.asset = AssetPicker(context, "requests_picker")
        self.note = QLineEdit()
        self.note.setAccessibleName("Note")
        self.error = label("", "bad", wrap=True)
        self.confirm = button("", self._on_confirm, "primary")
        cancel = button("Cancel", self.close_form)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addStretch(1)
        foot.addWidget(cancel)
        foot.addWidget(self.confirm)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(8)
        for part in (
            self.prompt, self.reason, self.request, self.asset, self.note, self.error,
        ):  # fmt: skip
            layout.addWidget(part)
        layout.addLayout(foot)
        self.hide()

    def ask(self, step: Step, request: RequestRow, others: Sequence[RequestRow]) -> None:
        """Show the form for a step of a request; ``others`` may be what it repeats."""
        self._step = step
        ends = step.status == "closed"
        self.prompt.setText(WHY_CLOSED if ends else PROMPTS[step.needs])
        self.reason.setVisible(step.needs == "reason")
        self.reason.setCurrentIndex(0)
        self.request.setVisible(step.needs == "request")
        self.request.clear()
        self.request.addItem("Choose a request", None)
        for other in others:
            if other.id != request.id:
                self.request.addItem(f"#{other.id}  {other.need}", other.id)
        self.asset.setVisible(step.needs == "asset")
        self.asset.clear()
        self.note.clear()
        must = step.needs == "note"
        told = "The reason" if ends else "Your question"
        self.note.setPlaceholderText(told if must else "Note (optional)")
        self.say("")
        self.confirm.setText(step.label.rstrip("…"))
        self.confirm.setEnabled(True)
        self.show()
        first: dict[str, QWidget] = {
            "reason": self.reason, "request": self.request, "asset": self.asset.field,
        }  # fmt: skip
        first.get(step.needs, self.note).setFocus(Qt.FocusReason.TabFocusReason)

    def close_form(self) -> None:
        """Forget the step."""
        self._step = None
        self.hide()

    def say(self, sentence: str) -> None:
        """Say what is missing or went wrong; "" says nothing."""
        self.error.setText(sentence)
        self.error.setVisible(bool(sentence))
        self.confirm.setEnabled(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes, Enter in the note confirms."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.key() == Qt.Key.Key_Escape:
            self.close_form()
        elif enter and (self.note.hasFocus() or self.asset.field.hasFocus()):
            self._on_confirm()
        else:
            super().keyPressEvent(event)

    def _on_confirm(self) -> None:
        step = self._step
        if step is None:
            return
        note = self.note.text().strip()
        reason = self.reason.currentText() if self.reason.currentIndex() > 0 else ""
        hit = self.asset.chosen
        request_id = self.request.currentData()
        given = {
            "reason": bool(reason), "note": bool(note), "asset": hit is not None,
            "request": request_id is not None,
        }  # fmt: skip
        if not given[step.needs]:
            self.say(MISSING[step.needs])
            return
        words = ": ".join(part for part in (reason, note) if part) if reason else note
        self.confirm.setEnabled(False)
        asset_id = hit.asset_id if step.needs == "asset" and hit else None
        chosen = request_id if step.needs == "request" else None
        self.done.emit(StepAnswer(step, words, asset_id, chosen))
