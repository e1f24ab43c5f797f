"""Colours in the search field: conditions that were understood, and what was not."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QInputMethodEvent, QTextCharFormat
from PySide6.QtWidgets import QLineEdit

from ui.pages.find.understood import Span
from ui.pages.find.units import units
from ui.theme import theme

_INK = {"field": "info", "unknown": "warn", "error": "bad"}


def colour(field: QLineEdit, spans: Sequence[Span]) -> None:
    """Colour these pieces of the field's text and no others.

    A line edit has no rich text, but draws the formats that an input method gives to the text;
    an event that brings formats alone changes neither the text nor the cursor. Not to be called
    while an input method is composing: it would be interrupted.
    """
    kind = QInputMethodEvent.AttributeType.TextFormat
    at, text = field.cursorPosition(), field.text()
    attributes = []
    for span in spans:
        start, end = units(text, span.start), units(text, span.end)
        attributes.append(QInputMethodEvent.Attribute(kind, start - at, end - start, _format(span)))
    QCoreApplication.sendEvent(field, QInputMethodEvent("", attributes))


def _format(span: Span) -> QTextCharFormat:
    made = QTextCharFormat()
    color = theme().color(_INK[span.kind])
    made.setForeground(color)
    if span.kind != "field":
        made.setUnderlineColor(color)
        made.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
    return made
