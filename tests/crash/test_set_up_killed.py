"""A set-up that was killed at any moment is repaired by the next start."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.door import begin, finish, small_checkout


@pytest.mark.storm
def test_a_start_after_a_killed_one_repairs(
    tmp_path: Path, storm_dose: Callable[[int, int], int]
) -> None:
    folder = small_checkout(tmp_path / "checkout")
    doses = storm_dose(1, 30)
    for dose in range(doses):
        shutil.rmtree(folder / ".venv", ignore_errors=True)
        interrupted = begin(folder)
        time.sleep(0.2 + 4 * (dose + 0.3) / doses)
        interrupted.kill()
        finish(interrupted)
        code, out, err = finish(begin(folder))
        assert code == 0, err
        assert json.loads(out)["prefix"] == str(folder / ".venv")
        pip = subprocess.run([folder / ".venv/bin/python", "-m", "pip", "check"], check=False)
        assert pip.returncode == 0
