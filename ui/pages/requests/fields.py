"""Fields of the request form: combos that search, an optional date."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QCompleter,
    QDateEdit,
    QHBoxLayout,
    QLineEdit,
    QWidget,
)

from app.rows import TermRow

ANY = "Any"


class TermCombo(QComboBox):
    """The terms of a facet; typing any part of a label finds it. Empty means any."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._wanted = ""
        self.setAccessibleName(name)
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setMaxVisibleItems(12)
        self.setMinimumContentsLength(12)
        policy = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        self.setSizeAdjustPolicy(policy)
        line = QLineEdit()
        line.setPlaceholderText(ANY)
        line.setAccessibleName(name)
        # The frame and the room around the words are the combo's own.
        line.setStyleSheet("border: 0; padding: 0; min-height: 0; background: transparent")
        self.setLineEdit(line)
        completer = QCompleter(self.model(), self)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setCompleter(completer)
        self.addItem("", "")
        self.setCurrentIndex(0)

    def set_terms(self, terms: Sequence[TermRow]) -> None:
        """Offer terms; what was chosen or wanted before stays chosen."""
        keep = self._wanted or str(self.currentData() or "")
        typed = self.currentText()
        self.clear()
        self.addItem("", "")
        for term in terms:
            self.addItem(term.label, term.slug)
        if keep:
            self.choose(keep)
        else:
            self.setEditText(typed)

    def choose(self, slug: str) -> None:
        """Choose a term, also one that is not offered yet."""
        found = self.findData(slug)
        self._wanted = slug if found < 0 else ""
        self.setCurrentIndex(max(0, found))

    def slug(self) -> str:
        """The term chosen or typed, "" for any. Raises ValueError for words that are no term."""
        typed = " ".join(self.currentText().split())
        if not typed:
            return self._wanted
        found = self.findText(typed, Qt.MatchFlag.MatchFixedString)
        if found < 0:
            raise ValueError(
                f"“{typed}” is not in the list of {self._name}. Choose from the list or leave it "
                "empty."
            )
        return str(self.itemData(found))


class OptionalDate(QWidget):
    """A day that may be left open. ``changed`` is emitted after each change."""

    changed = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.check = QCheckBox("On a day")
        self.check.setAccessibleName(name)
        self.edit = QDateEdit()
        self.edit.setAccessibleName(f"{name}: day")
        self.edit.setCalendarPopup(True)
        self.edit.setDisplayFormat("d MMM yyyy")
        self.edit.setMinimumDate(QDate.currentDate())
        self.edit.setDate(QDate.currentDate().addDays(14))
        self.edit.setEnabled(False)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.check)
        layout.addWidget(self.edit, 1)
        self.check.toggled.connect(self.edit.setEnabled)
        self.check.toggled.connect(self._tell)
        self.edit.dateChanged.connect(self._tell)

    def value(self) -> int | None:
        """The end of that day here as UTC milliseconds, or None."""
        if not self.check.isChecked():
            return None
        end = self.edit.date().addDays(1).startOfDay()
        return int(end.toMSecsSinceEpoch()) - 1

    def set_value(self, at: int | None) -> None:
        """Show the local day of a UTC millisecond time, or none."""
        from PySide6.QtCore import QDateTime

        self.check.setChecked(at is not None)
        if at is not None:
            day = QDateTime.fromMSecsSinceEpoch(at).date()
            # A draft may be older than the day that it names.
            self.edit.setMinimumDate(min(day, QDate.currentDate()))
            self.edit.setDate(day)

    def _tell(self, *_: object) -> None:
        self.changed.emit()
