"""The library that the tests of this folder use."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.finding.world import Shelf
from tests.unit.usage.world import world


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    """An empty shelf in a small real library."""
    with world(tmp_path) as made:
        held = Shelf(made)
        yield held
        held.finder.close()
