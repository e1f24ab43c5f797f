"""Bringing record and index up to date: once for the command line, for good beside the window.

What is named here is loaded when it is asked for: whoever begins a first index has the reading
children started before SQLAlchemy is loaded.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.indexing.report import Report, console_report
    from app.indexing.run import Indexing, Summary

__all__ = ["Indexing", "Report", "Summary", "console_report"]

_PLACES = {"Indexing": "run", "Summary": "run", "Report": "report", "console_report": "report"}


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
