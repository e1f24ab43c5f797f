"""A library that is asked from another process, so that the window's thread never waits for it."""

from app.answering.remote import AnsweredLibrary

__all__ = ["AnsweredLibrary"]
