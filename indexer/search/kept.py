"""What is kept between searches, up to a size; what was not asked for longest goes first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Kept(Generic[Value]):
    """Values by key, of at most so many bytes; the newest value stays, however large it is."""

    def __init__(self, most: int, size: Callable[[Value], int]) -> None:
        """Take the most bytes, and what tells the bytes of a value."""
        self._most = most
        self._size = size
        self._values: OrderedDict[Hashable, Value] = OrderedDict()
        self._bytes = 0

    def __contains__(self, key: Hashable) -> bool:
        return key in self._values

    def get(self, key: Hashable) -> Value | None:
        """Return the value of a key, or None."""
        found = self._values.get(key)
        if found is not None:
            self._values.move_to_end(key)
        return found

    def put(self, key: Hashable, value: Value) -> None:
        """Keep a value, and let go of others where there are too many bytes now."""
        if (old := self._values.pop(key, None)) is not None:
            self._bytes -= self._size(old)
        self._values[key] = value
        self._bytes += self._size(value)
        while self._bytes > self._most and len(self._values) > 1:
            self._bytes -= self._size(self._values.popitem(last=False)[1])

    def clear(self) -> None:
        """Let go of everything."""
        self._values.clear()
        self._bytes = 0
