"""Importing the product starts nothing: no thread, no logging, no application, no file."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.unit.walls.reading import CHECKOUT, ROOMS, module_name, python_files

PROBE = """
import importlib, json, logging, sys, threading
for name in sys.argv[1:]:
    importlib.import_module(name)
from PySide6.QtCore import QCoreApplication
names = ("", "deckhand", "app", "indexer", "ui")
print(json.dumps({
    "threads": threading.active_count() - 1,
    "handlers": sum(len(logging.getLogger(name).handlers) for name in names),
    "application": QCoreApplication.instance() is not None,
}))
"""


def what_importing_starts(names: list[str], *folders: Path) -> dict[str, object]:
    paths = "".join(f"sys.path.insert(0, {str(folder)!r})\n" for folder in (CHECKOUT, *folders))
    finished = subprocess.run(
        [sys.executable, "-P", "-c", f"import sys\n{paths}{PROBE}", *names],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    outcome: dict[str, object] = json.loads(finished.stdout)
    return outcome


def test_importing_every_module_starts_nothing(isolated_home: Path) -> None:
    before = sorted(isolated_home.rglob("*"))
    names = [module_name(path) for path in python_files(*ROOMS)]
    # A script of migration is run by alembic, a __main__ is run by Python: neither is imported.
    inert = [name for name in names if "__main__" not in name and ".migrations." not in name]
    assert len(inert) > 10
    outcome = what_importing_starts(inert)
    assert outcome == {"threads": 0, "handlers": 0, "application": False}
    assert sorted(isolated_home.rglob("*")) == before


def test_what_starts_something_is_seen(tmp_path: Path) -> None:
    (tmp_path / "busy.py").write_text(
        "import logging, threading, time\n"
        "from PySide6.QtCore import QCoreApplication\n"
        "logging.basicConfig()\n"
        "threading.Thread(target=time.sleep, args=(2,), daemon=True).start()\n"
        "application = QCoreApplication([])\n"
    )
    outcome = what_importing_starts(["busy"], tmp_path)
    assert outcome == {"threads": 1, "handlers": 1, "application": True}
