"""Who uses this machine: name, role, and whether their own deeds count as use."""

from __future__ import annotations

import getpass
from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QHBoxLayout,
    QLineEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from app.rows import ROLE_LABELS, ROLES, PersonRow
from ui.context import Context
from ui.widgets.basics import button, label
from ui.widgets.sheet import Sheet

ROLE_EFFECTS = {
    "rep": "Starts on Find. Opening and sending count as use.",
    "marketer": "Starts on Attention. Opening what you made yourself does not count as use.",
    "lead": "Starts on Attention. Looking content over does not count as use.",
}
LANDING = {"rep": "find", "marketer": "attention", "lead": "attention"}
COUNTS = "My own opening and sending counts as use"


def counts_by_role(role: str) -> bool:
    """Whether deeds of this role count as use unless the person says otherwise."""
    return role == "rep"


def account_name() -> str:
    """The computer's account name as a first guess; "" when there is none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""


class PersonForm(QWidget):
    """Name, role and the box. ``changed`` is emitted at each change by the person."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = QLineEdit()
        self.name.setAccessibleName("Your name")
        self.name.setMaxLength(120)
        self.name.setPlaceholderText("First and last name")
        self._roles = QButtonGroup(self)
        self._radio: dict[str, QRadioButton] = {}
        self.counts = QCheckBox(COUNTS)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(label("Your name", "strong"))
        column.addWidget(self.name)
        column.addSpacing(8)
        column.addWidget(label("Your role", "strong"))
        for role in ROLES:
            self._add_role(column, role)
        column.addSpacing(4)
        column.addWidget(self.counts)
        self.name.textEdited.connect(lambda *_: self.changed.emit())
        self.counts.clicked.connect(lambda *_: self.changed.emit())
        self.fill(None)

    def _add_role(self, column: QVBoxLayout, role: str) -> None:
        made = QRadioButton(ROLE_LABELS[role])
        made.setAccessibleName(ROLE_LABELS[role])
        made.setAccessibleDescription(ROLE_EFFECTS[role])
        made.clicked.connect(lambda *_: self._on_role(role))
        self._roles.addButton(made)
        self._radio[role] = made
        effect = label(ROLE_EFFECTS[role], "cap", wrap=True)
        effect.setContentsMargins(24, 0, 0, 4)
        pair = QVBoxLayout()
        pair.setSpacing(0)
        pair.addWidget(made)
        pair.addWidget(effect)
        column.addLayout(pair)

    def _on_role(self, role: str) -> None:
        self.counts.setChecked(counts_by_role(role))
        self.changed.emit()

    @property
    def role(self) -> str:
        """The role chosen."""
        return next(role for role, one in self._radio.items() if one.isChecked())

    def choice(self) -> bool | None:
        """What to store for the box: None while it says what the role says anyway."""
        chosen = self.counts.isChecked()
        return None if chosen == counts_by_role(self.role) else chosen

    def fill(self, person: PersonRow | None) -> None:
        """Show a person, or a first guess."""
        role = person.role if person is not None else "rep"
        self.name.setText(person.name if person is not None else "")
        self._radio[role].setChecked(True)
        said = person.counts if person is not None else None
        self.counts.setChecked(counts_by_role(role) if said is None else said)


class PersonSheet(Sheet):
    """Asks once, after the first folder. ``answered`` carries the role when it was stored."""

    answered = Signal(str)

    def __init__(self, window: QWidget, context: Context) -> None:
        super().__init__(window, "Who are you")
        self._context = context
        self.form = PersonForm()
        self.body.addWidget(label("Who are you?", "h2"))
        why = "Colleagues see who opened and sent what. You can change this in Settings."
        self.body.addWidget(label(why, "dim", wrap=True))
        self.body.addSpacing(4)
        self.body.addWidget(self.form)
        self._error = label("", "bad", wrap=True)
        self._error.hide()
        self.body.addWidget(self._error)
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(button("Not now", self.dismiss))
        self.main = self._save = button("Continue", self._store, kind="primary")
        row.addWidget(self._save)
        self.body.addLayout(row)
        self.form.name.setText(account_name())

    def ask(self) -> None:
        """Open with the name selected, ready to be typed over."""
        self.open(self.form.name)
        self.form.name.selectAll()

    def _store(self) -> None:
        role = self.form.role
        self._save.setEnabled(False)
        store_person(self._context, self, self.form, lambda: self._done(role), self._failed)

    def _done(self, role: str) -> None:
        self._save.setEnabled(True)
        self.dismiss()
        self.answered.emit(role)

    def _failed(self, error: Exception) -> None:
        self._save.setEnabled(True)
        self._error.setText(self._context.notify.sentence(error))
        self._error.show()
        self._place()


def store_person(
    context: Context,
    owner: QWidget,
    form: PersonForm,
    ok: Callable[[], None],
    failed: Callable[[Exception], None],
) -> None:
    """Store what the form says; ``ok`` or ``failed`` follow on the UI thread."""
    name, role, counts = form.name.text(), form.role, form.choice()
    context.bridge.mutate(
        owner,
        lambda library: library.set_me(name, role, counts),
        lambda _: ok(),
        failed,
        quiet=True,
    )
