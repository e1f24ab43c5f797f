"""One row per declared setting, with the field that fits its type."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.settings import Setting, Value
from ui.widgets.basics import icon_button, label

FIELD_WIDTH = 150
# The style sheet's padding does not reach the text of a spin box.
TEXT_MARGINS = (6, 0, 0, 0)
_UNBOUNDED = 1_000_000


class _Combo(QComboBox):
    """A wheel over the page scrolls the page, not the value."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class _Whole(QSpinBox):
    def __init__(self) -> None:
        super().__init__()
        self.lineEdit().setTextMargins(*TEXT_MARGINS)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class _Real(QDoubleSpinBox):
    def __init__(self) -> None:
        super().__init__()
        self.lineEdit().setTextMargins(*TEXT_MARGINS)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class SettingRow(QWidget):
    """Label and help at the left, the field at the right, and a way back to the default.

    ``chosen`` carries the Setting and the value that the person gave.
    """

    chosen = Signal(object, object)

    def __init__(self, setting: Setting, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setting = setting
        self._filling = False
        self.field = self._make_field()
        self.field.setAccessibleName(setting.label)
        self.field.setAccessibleDescription(setting.help)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(label(setting.label))
        words.addWidget(label(setting.help, "cap", wrap=True))
        reset_tip = f"Set “{setting.label}” back to {self._said(setting.default)}"
        self._reset = icon_button("rotate-cw", reset_tip, self._to_default, size=14)
        keep = self._reset.sizePolicy()
        keep.setRetainSizeWhenHidden(True)
        self._reset.setSizePolicy(keep)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addLayout(words, 1)
        row.addWidget(self._reset)
        row.addWidget(self.field)
        self.show_value(setting.default)

    def _make_field(self) -> QWidget:
        setting = self.setting
        field: QWidget
        if isinstance(setting.default, bool):
            field = QCheckBox()
            field.clicked.connect(self._tell)
        elif setting.choices:
            field = _Combo()
            for choice in setting.choices:
                field.addItem(self._said(choice), choice)
            field.currentIndexChanged.connect(self._tell)
        elif isinstance(setting.default, str):
            field = QLineEdit()
            field.editingFinished.connect(self._tell)
        else:
            field = self._make_number()
        if not isinstance(field, QCheckBox):
            field.setFixedWidth(FIELD_WIDTH)
        return field

    def _make_number(self) -> QWidget:
        setting = self.setting
        low = -_UNBOUNDED if setting.low is None else setting.low
        high = _UNBOUNDED if setting.high is None else setting.high
        if isinstance(setting.default, int):
            whole = _Whole()
            whole.setRange(int(low), int(high))
            whole.setKeyboardTracking(False)
            whole.valueChanged.connect(self._tell)
            return whole
        real = _Real()
        real.setDecimals(2)
        real.setSingleStep(0.05 if high <= 1 else 0.5)
        real.setRange(low, high)
        real.setKeyboardTracking(False)
        real.valueChanged.connect(self._tell)
        return real

    def _said(self, value: Value) -> str:
        if isinstance(value, bool):
            return "on" if value else "off"
        if isinstance(value, str):
            return value.capitalize()
        return f"{value:g}"

    def value(self) -> Value:
        """What the field holds."""
        field = self.field
        if isinstance(field, QCheckBox):
            return field.isChecked()
        if isinstance(field, QComboBox):
            return str(field.currentData())
        if isinstance(field, QLineEdit):
            return field.text()
        assert isinstance(field, QSpinBox | QDoubleSpinBox)
        return field.value()

    def show_value(self, value: Value) -> None:
        """Show a value without telling anybody."""
        self._filling = True
        field = self.field
        if isinstance(field, QCheckBox):
            field.setChecked(bool(value))
        elif isinstance(field, QComboBox):
            field.setCurrentIndex(max(0, field.findData(value)))
        elif isinstance(field, QLineEdit):
            field.setText(str(value))
        elif isinstance(field, QSpinBox):
            field.setValue(int(value))
        elif isinstance(field, QDoubleSpinBox):
            field.setValue(float(value))
        self._filling = False
        self._reset.setVisible(value != self.setting.default)

    def _to_default(self) -> None:
        self.show_value(self.setting.default)
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.chosen.emit(self.setting, self.setting.default)

    def _tell(self, *_: object) -> None:
        if not self._filling:
            value = self.value()
            self._reset.setVisible(value != self.setting.default)
            self.chosen.emit(self.setting, value)
