"""Bringing record and index up to date: once for the command line, for good beside the window."""

from app.indexing.report import Report, console_report
from app.indexing.run import Indexing, Summary

__all__ = ["Indexing", "Report", "Summary", "console_report"]
