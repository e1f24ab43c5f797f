"""Any module of the catalogue may be imported first: commands load what they need."""

from __future__ import annotations

import subprocess
import sys

from indexer.child import module_environment

_EACH = """
import importlib, pkgutil, sys
import app.catalogue, app.store.engine
for found in pkgutil.iter_modules(app.catalogue.__path__):
    for name in [name for name in sys.modules if name.startswith("app.catalogue.")]:
        delattr(app.catalogue, name.rpartition(".")[2])
        del sys.modules[name]
    importlib.import_module(f"app.catalogue.{found.name}")
"""


def test_each_can_be_the_first() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _EACH], env=module_environment(), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
