"""The linter finds nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.unit.walls.reading import CHECKOUT


def ruff(*arguments: str, source: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "ruff",
            "check",
            "--no-cache",
            "--output-format=concise",
            *arguments,
        ],
        cwd=CHECKOUT,
        input=source,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_linter_finds_nothing() -> None:
    found = ruff()
    assert found.returncode == 0, found.stdout + found.stderr


def test_the_linter_would_find_something() -> None:
    place = str(Path("app") / "sample.py")
    found = ruff("--stdin-filename", place, "-", source="import os\nprint('hello')\n")
    assert {"F401", "T201"} <= set(found.stdout.replace(":", " ").split())
