"""The type checker, at its strictest, finds nothing in the rooms and the doors."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.walls.reading import CHECKOUT, DOORS, ROOMS


def mypy(*targets: str, cache: Path) -> subprocess.CompletedProcess[str]:
    options = ["--config-file", str(CHECKOUT / "pyproject.toml"), "--cache-dir", str(cache)]
    return subprocess.run(
        [sys.executable, "-m", "mypy", *options, *targets],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.timeout(600)
def test_the_type_checker_finds_nothing() -> None:
    found = mypy(*ROOMS, *DOORS, cache=CHECKOUT / ".mypy_cache")
    assert found.returncode == 0, found.stdout + found.stderr


def test_the_type_checker_would_find_something(tmp_path: Path) -> None:
    sample = tmp_path / "sample.py"
    sample.write_text("def f(x):\n    return x\n\nnumber: int = 'one'\n")
    found = mypy(str(sample), cache=tmp_path / "cache")
    assert "[no-untyped-def]" in found.stdout
    assert "[assignment]" in found.stdout
