"""Loads MuPDF, silenced: its messages would otherwise land in the middle of our output."""

from importlib import import_module
from typing import Any

_SHORT_OF_MEMORY = ("malloc", "calloc", "realloc", "out of memory", "cannot allocate")


def load() -> Any:
    """Return the module ``pymupdf``, which writes nothing to the terminal."""
    module: Any = import_module("pymupdf")
    module.TOOLS.mupdf_display_errors(False)  # noqa: FBT003 - not our signature
    module.TOOLS.mupdf_display_warnings(False)  # noqa: FBT003
    return module


def raise_if_memory(error: BaseException) -> None:
    """Tell a lack of memory, which MuPDF reports as any other error, from a broken file.

    :raises MemoryError: when that is what the error means.
    """
    text = str(error).lower()
    if isinstance(error, MemoryError) or any(word in text for word in _SHORT_OF_MEMORY):
        raise MemoryError from error
