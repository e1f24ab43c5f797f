"""The window's Library asks its child for every method, and knows which of them write."""

import inspect

from app.answering import AnsweredLibrary
from app.answering.methods import ASKED, HERE, WRITES
from app.library import Library


def _annotations(name: str) -> dict[str, str]:
    found: dict[str, str] = getattr(Library, name).__annotations__
    return found


def test_what_is_asked_for_can_be_sent_through_a_pipe() -> None:
    # A function to be called back cannot.
    told = {name: " ".join(_annotations(name).values()) for name in ASKED}
    assert not [name for name, words in told.items() if "Callable" in words or "Progress" in words]


def test_every_public_method_is_asked_for_or_named_as_one_that_stays_here() -> None:
    public = {name for name in dir(Library) if not name.startswith("_")}
    assert public == {*ASKED, *HERE}
    asked = {name for name in public if getattr(AnsweredLibrary, name) != getattr(Library, name)}
    assert asked == {*ASKED, "close"}


def test_what_opens_the_record_for_writing_is_known_to_write() -> None:
    # A write is not asked for again when its child dies, and a child does not end before it.
    writing = {
        name for name in ASKED if "store.write(" in inspect.getsource(getattr(Library, name))
    }
    # What answers nothing was asked for because of what it does.
    writing |= {name for name in ASKED if _annotations(name)["return"] == "None"}
    assert writing <= WRITES, "see app/answering/methods.py"
    assert len(writing) > 20
