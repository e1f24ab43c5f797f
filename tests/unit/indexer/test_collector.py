"""The collector of cycles is set for whole programs, and left alone in all others."""

from __future__ import annotations

import gc
import subprocess
import sys

from indexer import collector
from indexer.child import module_environment


def test_what_is_loaded_stays_only_in_a_program_that_looks_seldom() -> None:
    before = gc.get_freeze_count()
    collector.loaded()
    assert gc.get_freeze_count() == before, "these tests are no program of ours"
    program = (
        "import gc; from indexer import collector; collector.seldom(); collector.loaded();"
        " assert gc.get_freeze_count() > 1_000; assert gc.get_count()[0] < 1_000"
    )
    subprocess.run([sys.executable, "-c", program], env=module_environment(), check=True)
