"""Watches over one run of LibreOffice: ``python -m indexer.extract.office_child``.

Arguments: a scratch folder, seconds, then the command. LibreOffice is a script that starts a
program that starts another, and none of them ends when its parent does. So this process, which
reads no foreign byte, starts them in a group of their own and ends the whole group when the time
is up or when its own input closes, that is when its parent has died; then it empties the folder.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

from indexer.limits import no_core_dumps

_MEMORY = 4 << 30


def main(arguments: list[str]) -> int:
    """Run the command; return its exit code, 124 when it was ended."""
    folder, seconds, command = Path(arguments[0]), float(arguments[1]), arguments[2:]
    no_core_dumps()
    _widen_memory()
    posix = os.name == "posix"
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env=_environment(folder),
        start_new_session=posix,
    )
    over = threading.Event()
    orphaned = threading.Event()
    threading.Thread(target=_wait_for_input, args=(over, orphaned), daemon=True).start()
    threading.Thread(target=_wait_for_end, args=(process, over), daemon=True).start()
    over.wait(seconds)
    code = process.poll()
    _end(process)
    if orphaned.is_set():
        shutil.rmtree(folder, ignore_errors=True)
    return 124 if code is None else code


def _wait_for_input(over: threading.Event, orphaned: threading.Event) -> None:
    with contextlib.suppress(OSError, ValueError):
        os.read(0, 1)
    orphaned.set()
    over.set()


def _wait_for_end(process: "subprocess.Popen[bytes]", over: threading.Event) -> None:
    process.wait()
    over.set()


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End the command and everything that it started."""
    if os.name == "posix":
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    elif process.poll() is None:
        tree = ["taskkill", "/F", "/T", "/PID", str(process.pid)]
        subprocess.run(tree, check=False, capture_output=True)
    process.wait()


def _environment(folder: Path) -> dict[str, str]:
    """Keep LibreOffice from the person's home, display and messages, and from the network."""
    kept = {name: value for name, value in os.environ.items() if name not in _DROPPED}
    nowhere = dict.fromkeys(("http_proxy", "https_proxy"), "http://127.0.0.1:9")
    own = {"HOME": str(folder), "TMPDIR": str(folder), "SAL_USE_VCLPLUGIN": "svp", "no_proxy": ""}
    return {**kept, **nowhere, **own}


_DROPPED = ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "PYTHONPATH", "PYTHONHOME")


def _widen_memory() -> None:
    """LibreOffice maps far more than it uses: the reader's own limit would end it at once."""
    if sys.platform == "win32":
        return
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    soft = _MEMORY if hard == resource.RLIM_INFINITY else min(_MEMORY, hard)
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


if __name__ == "__main__":
    # Leave at once: a listening thread may sit in a read that nothing will end.
    code = main(sys.argv[1:])
    os._exit(code & 0xFF)
