"""Real limits of inotify, lowered in a user namespace of their own (FW-4)."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from indexer.child import module_environment

PROGRAM = """
import json, pathlib, sys
from indexer.watch.watcher import Watcher
folder, said = pathlib.Path(sys.argv[1]), []
watcher = Watcher(lambda key, path: said.append([key, path]), check_s=3600.0)
first = watcher.watch("small", folder / "small")
second = watcher.watch("large", folder / "large")
for number in range(20):
    (folder / "small" / f"new {number}").mkdir()
import time
end, number = time.monotonic() + 20, 20
while watcher.how("small").mode == "live" and time.monotonic() < end:
    # Of folders made at once on a busy machine some may go unseen: there is room for nine.
    number += 1
    (folder / "small" / f"new {number}").mkdir()
    watcher.check()
    time.sleep(0.05)
print(json.dumps([first, second, watcher.how("small"), said]))
watcher.stop()
"""


def _within(limit: str, folder: Path) -> Any:
    """What the program says where the limit (name=number) holds for it alone."""
    name, number = limit.split("=")
    setting = f"echo {number} > /proc/sys/user/{name}"
    command = ["unshare", "-Ur", "sh", "-c", f'{setting} && exec "$@"', "sh"]
    if shutil.which("unshare") is None or subprocess.run([*command, "true"]).returncode:
        pytest.skip("this system allows no user namespaces, so the limit cannot be lowered")
    done = subprocess.run(
        [*command, sys.executable, "-c", PROGRAM, str(folder)],
        env=module_environment(), capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    return json.loads(done.stdout)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "small").mkdir()
    for number in range(30):
        (tmp_path / "large" / f"{number}").mkdir(parents=True)
    return tmp_path


pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="inotify")


def test_a_folder_for_which_no_watches_are_left_is_polled_and_the_reason_says_how_many(
    folder: Path,
) -> None:
    """watchdog itself says nothing of the folders that it could not watch."""
    small, large, later, said = _within("max_inotify_watches=10", folder)
    assert small == ["live", None]
    assert large[0] == "polling"
    assert "no watches left" in large[1]
    assert "this folder needs 31" in large[1]
    assert "sysctl fs.inotify.max_user_watches=524288" in large[1]
    assert later[0] == "polling", "new folders took the watches that were left"
    assert ["small", None] in said


def test_without_a_watcher_all_folders_are_polled(folder: Path) -> None:
    small, large, _, _ = _within("max_inotify_instances=0", folder)
    assert small[0] == large[0] == "polling"
    assert "sysctl fs.inotify.max_user_instances=512" in large[1]
