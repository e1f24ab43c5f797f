"""How window and answering child speak over a pipe: numbered, pickled, each with its length.

Only the two ends of a pipe between a program and its own child ever read these bytes.
"""

from __future__ import annotations

from typing import IO, NamedTuple

# Pickle is loaded at the first question, which comes after the window's first paint.
_NUMBER, _LENGTH = 8, 4
BEAT = bytes(_NUMBER + _LENGTH)
"""An answer to nothing, with which a child says that it lives."""


class Failed(Exception):
    """Something that is our fault went wrong in the child; its log has the whole story."""


class Asked(NamedTuple):
    """A call of one method of the library."""

    method: str
    args: tuple[object, ...]
    kwargs: dict[str, object]


class Answered(NamedTuple):
    """What came of it: a value, or the error that was raised instead."""

    value: object = None
    error: Exception | None = None


def packed(number: int, what: Asked | Answered) -> bytes:
    """A frame. Raises what pickle raises for something that cannot leave the process."""
    import pickle

    body = pickle.dumps(tuple(what), pickle.HIGHEST_PROTOCOL)
    return number.to_bytes(_NUMBER, "big") + len(body).to_bytes(_LENGTH, "big") + body


def read(stream: IO[bytes]) -> tuple[int, bytes] | None:
    """The number and body of the next frame; None at the end of the stream."""
    head = stream.read(_NUMBER + _LENGTH)
    if len(head) < _NUMBER + _LENGTH:
        return None
    length = int.from_bytes(head[_NUMBER:], "big")
    body = stream.read(length)
    return (int.from_bytes(head[:_NUMBER], "big"), body) if len(body) == length else None


def asked(body: bytes) -> Asked:
    """The question in the body of a frame."""
    import pickle

    return Asked(*pickle.loads(body))


def answered(body: bytes) -> Answered:
    """The answer in the body of a frame."""
    import pickle

    return Answered(*pickle.loads(body))
