"""From typed text to what is meant: words to look for, conditions to meet, and how to say it.

Nothing typed is an error that stops a search: a field whose value makes no sense is left out and
explained, and what is no field is searched for as words. The forms are in ``docs/searching.md``.
"""

from __future__ import annotations

from app.finding.language.parse import Parsed, parse

__all__ = ["Parsed", "parse"]
