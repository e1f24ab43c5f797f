"""Rows for the tests of the attention page."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QWidget

from app.clock import DAY_MS
from app.rows import RequestNote, RequestRow, SearchGapRow, UnusedReport, UnusedRow
from tests.ui.fake_rows import NOW


def unused_row(number: int = 1, **given: object) -> UnusedRow:
    """An unused asset; ``given`` replaces fields."""
    fields: dict[str, object] = {
        "asset_id": number, "title": f"Asset {number}", "path": f"a/{number}.pptx",
        "verdict": "unused", "why": "never_shown", "available_since": NOW - 200 * DAY_MS,
        "last_used_at": None, "shown": 0, "opens": 0, "uses": 0, "content_type": "Deck",
        "owner": "Priya Raman", "review_due_at": None,
    }  # fmt: skip
    return UnusedRow(**{**fields, **given})  # type: ignore[arg-type]


def report(rows: Iterable[UnusedRow] = (), **given: object) -> UnusedReport:
    """A report of 41 eligible assets of which 18 were not used."""
    fields: dict[str, object] = {
        "as_of": NOW, "window_days": 90, "grace_days": 30, "log_start": NOW - 200 * DAY_MS,
        "eligible": 41, "used": 23, "counts": (), "why": (("never_shown", 11),),
        "excluded": (("too_new", 5), ("not_published", 12)), "unused_share": 18 / 41,
        "unused_interval": (0.2990, 0.5896), "rows": tuple(rows),
    }  # fmt: skip
    return UnusedReport(**{**fields, **given})  # type: ignore[arg-type]


def gap(query: str, people: int = 1, **given: object) -> SearchGapRow:
    """A search that found nothing."""
    fields: dict[str, object] = {
        "norm": query.casefold(), "query": query, "times": people, "people": people,
        "last_at": NOW, "with_filters": False,
    }  # fmt: skip
    return SearchGapRow(**{**fields, **given})  # type: ignore[arg-type]


def request(number: int = 1, **given: object) -> RequestRow:
    """A submitted request by somebody else."""
    fields: dict[str, object] = {
        "id": number, "need": f"Need {number}", "details": "", "status": "submitted",
        "by": "Hanna Weiss", "created_at": NOW - 3 * DAY_MS, "needed_by": None, "assignee": "",
        "account": "", "deal": "", "amount_minor": None, "currency": "", "wants": (), "search": "",
        "votes": 1, "fulfilled_by": None, "fulfilled_by_title": "", "duplicate_of": None,
        "history": (RequestNote(NOW, "submitted", "Hanna Weiss", ""),),
    }  # fmt: skip
    return RequestRow(**{**fields, **given})  # type: ignore[arg-type]


def nameless(widget: QWidget) -> list[str]:
    """The controls below a widget that take the focus, are shown and have no accessible name."""
    found = []
    for child in widget.findChildren(QWidget):
        if child.focusPolicy().value == 0 or not child.isVisibleTo(widget):
            continue
        interface = QAccessible.queryAccessibleInterface(child)
        name = interface.text(QAccessible.Text.Name) if interface else ""
        inner = child.objectName().startswith("qt_")
        if not name and not inner:
            found.append(f"{type(child).__name__} {child.objectName()}")
    return found


def shown_buttons(widget: QWidget) -> list[str]:
    """The words of the buttons that a person sees below a widget."""
    return [
        child.text()
        for child in widget.findChildren(QAbstractButton)
        if child.isVisibleTo(widget) and child.text()
    ]
