"""The library that the tests of this folder use."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.usage.world import World, world


@pytest.fixture
def lib(tmp_path: Path) -> Iterator[World]:
    """A small real library."""
    with world(tmp_path) as made:
        yield made
