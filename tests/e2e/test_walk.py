"""The whole way, in the real window, on a real display, with real files and a real database."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.collateral import write_deck, write_pages, write_pdf

CHECKOUT = Path(__file__).resolve().parents[2]
LONG_AGO = 1_700_000_000


@pytest.mark.desktop
@pytest.mark.timeout(400)
def test_the_first_walk_through_the_whole_house(
    desktop_display: str, tmp_path: Path, isolated_home: Path
) -> None:
    folder, shots = tmp_path / "collateral", tmp_path / "shots"
    shots.mkdir()
    write_pdf(folder / "Case studies" / "Bank.pdf", ["Northgate Bank", "onboarding in 36 hours"])
    write_deck(folder / "Decks" / "Overview.pptx", [("Overview", "zero trust"), ("Price", "$49")])
    write_pages(folder / "Talk track.md", ["Talk track\nask about churn"])
    write_pages(folder / "Pricing.md", ["Pricing\nper seat"])
    (folder / "broken.pdf").write_bytes(b"%P")
    for file in folder.rglob("*.*"):
        os.utime(file, (LONG_AGO, LONG_AGO))
    environment = {
        **os.environ,
        "DISPLAY": desktop_display,
        "QT_QPA_PLATFORM": "xcb",
        "PATH": f"{_outside(isolated_home, shots)}{os.pathsep}{os.environ['PATH']}",
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.e2e.walk", folder, isolated_home / "library", shots],
        cwd=CHECKOUT, env=environment, capture_output=True, text=True, timeout=380,
    )  # fmt: skip
    kept = os.environ.get("DECKHAND_KEEP_SHOTS")
    if kept:
        subprocess.run(["cp", "-r", str(shots), kept], check=True)
    log = isolated_home / "library" / "logs" / "deckhand.log"
    told = log.read_text("utf-8") if log.exists() else ""
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}\n{told[-3000:]}"
    assert done.stdout.count("ok ") == 14
    assert "ERROR" not in told, told


def _outside(home: Path, shots: Path) -> Path:
    """Where the outside world begins: an xdg-open that notes what it was asked to open."""
    folder = home / "bin"
    folder.mkdir()
    script = folder / "xdg-open"
    script.write_text(f'#!/bin/sh\necho "$@" >> "{shots}/opened.log"\n')
    script.chmod(0o755)
    return folder
