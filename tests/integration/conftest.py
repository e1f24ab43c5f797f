"""A library for the tests of one module: opened, brought up to date with its ``folder``, closed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.library import Library
from tests.collateral import index


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Library]:
    """A library without anything in it."""
    opened = Library(tmp_path / "library")
    yield opened
    opened.close()


@pytest.fixture
def library(bare: Library, folder: Path) -> Library:
    """A library that holds what the module's own fixture ``folder`` has made."""
    index(bare, folder)
    return bare
