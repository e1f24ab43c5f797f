"""A small checkout with the real ``run.py``, for the tests that start it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
ECHO = """
import json, os, sys
print(json.dumps({"arguments": sys.argv[1:], "folder": os.getcwd(), "process": os.getpid(),
                  "prefix": sys.prefix, "mode": sys.flags.safe_path}))
sys.stdout.flush()
if "die" in sys.argv:
    os.kill(os.getpid(), 15)
sys.exit(7 if "seven" in sys.argv else 0)
"""


def small_checkout(folder: Path) -> Path:
    """A checkout whose lock files name nothing, so that setting it up needs no network."""
    folder.mkdir()
    shutil.copy(CHECKOUT / "run.py", folder)
    for name in ("requirements.lock", "requirements-dev.lock"):
        (folder / name).write_text("# nothing\n")
    (folder / "deckhand.py").write_text(ECHO)
    return folder


def begin(checkout: Path, *arguments: str, **options: object) -> subprocess.Popen[str]:
    # No uv: what is tested here is what a machine with Python alone does.
    paths = os.environ["PATH"].split(os.pathsep)
    path = os.pathsep.join(each for each in paths if not Path(each, "uv").exists())
    return subprocess.Popen(
        [sys.executable, str(checkout / "run.py"), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PATH": path},
        **options,  # type: ignore[call-overload]
    )


def finish(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    with process:
        out, err = process.communicate(timeout=120)
    return process.returncode, out, err
