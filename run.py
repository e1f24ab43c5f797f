#!/usr/bin/env python3
"""Set up whatever this machine lacks, then start Deckhand or its tests.

    python3 run.py                 open the window
    python3 run.py ARGUMENTS       the command line (``deckhand ARGUMENTS``)
    python3 run.py test [...]      run the tests; what follows goes to pytest

Needs nothing but Python: the standard library alone is used here. Why it is made as it is stands
in docs/decisions/0001-one-command.md.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
HELD = ROOT / ".venv.lock"
WINDOWS = os.name == "nt"
PYTHON = VENV.joinpath("Scripts", "python.exe") if WINDOWS else VENV.joinpath("bin", "python")
LOCKS = {"run": "requirements.lock", "test": "requirements-dev.lock"}
OLDEST, NEWEST = (3, 11), (3, 14)
NEEDED_BYTES = 900 * 1024**2

LIBRARIES = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
}
TEST_PROGRAMS = {
    "Xvfb": "xvfb",
    "xauth": "xauth",
    "openbox": "openbox",
    "xdotool": "xdotool",
    "xclip": "xclip",
    "xdg-open": "xdg-utils",
}
DISK_FULL = "The disk is full: free about 1 GB where this folder and the temporary folder lie"
NO_PACKAGE = (
    "There is no ready-made package for this system or this Python: it takes 64-bit Windows, macOS"
    " or Linux with glibc 2.34 or newer"
)
REASONS = (
    (("No space left on device", "os error 28", "enough free space", "enough space"), DISK_FULL),
    (
        ("DO NOT MATCH THE HASHES", "Hash mismatch"),
        "A downloaded package is not the one that the lock file names, and was not installed",
    ),
    (
        ("Could not get lock", "Unable to acquire the dpkg"),
        "Another program is installing packages: wait for it to finish",
    ),
    (
        (
            "name resolution",
            "Temporary failure resolving",
            "Failed to establish a new connection",
            "Network is unreachable",
            "Connection refused",
            "Could not connect",
            "dns error",
            "tcp connect error",
            "error sending request",
            "timed out",
        ),
        "There is no way to the package servers: check the network (and the proxy settings)",
    ),
    (
        ("No matching distribution", "no wheels", "no usable wheels", "incompatible with"),
        NO_PACKAGE,
    ),
    (("Unable to locate package",), "This system's package lists lack a package that is needed"),
)


class SetupProblem(Exception):
    """The set-up cannot go on; the message says what is wrong and what to do."""


def say(text: str) -> None:
    """Tell the person about the set-up, apart from what the program itself prints."""
    print(f"[deckhand] {text}", file=sys.stderr, flush=True)


# ---- running other programs ------------------------------------------------------------------


def run(command: list[str], **variables: str) -> tuple[int, str]:
    """Run a program, showing its downloads; its exit code and everything it printed.

    It inherits the held lock: if this process is killed, the lock stays taken for as long as
    the program goes on writing.
    """
    import subprocess

    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        close_fds=False,
        text=True,
        errors="replace",
        env={**os.environ, **variables},
    )
    lines = []
    with process:
        for line in process.stdout or ():
            lines.append(line)
            show_download(line.strip())
    return process.returncode, "".join(lines)


def show_download(line: str) -> None:
    """Repeat what pip or uv says of a download of megabytes, without the tags of a wheel."""
    if line.startswith("Downloading ") and line.endswith(("MB)", "MiB)")):
        _, name, *size = line.split()
        say(f"downloading {'-'.join(name.split('-')[:2])} {' '.join(size)}")


def why(output: str) -> str | None:
    """The sentence for a known cause of failure found in a program's output."""
    for signs, sentence in REASONS:
        if any(sign.lower() in output.lower() for sign in signs):
            return f"{sentence}; then start again."
    return None


def must(command: list[str], doing: str, **variables: str) -> None:
    """Run a program that has to succeed."""
    code, output = run(command, **variables)
    if code:
        raise SetupProblem(why(output) or _unknown(doing, code, output))


def _unknown(doing: str, code: int, output: str) -> str:
    tail = "\n".join(f"    {line}" for line in output.strip().splitlines()[-12:])
    return f"{doing} failed (exit code {code}):\n{tail}"


# ---- what the system lacks -------------------------------------------------------------------


def missing_libraries() -> dict[str, str]:
    """System libraries that Qt needs and the loader does not find: file name -> package."""
    if not sys.platform.startswith("linux"):
        return {}
    import ctypes

    missing = {}
    for name, package in LIBRARIES.items():
        try:
            ctypes.CDLL(name)
        except OSError:
            missing[name] = package
    return missing


def missing_programs() -> dict[str, str]:
    """Programs that the desktop tests need: name -> package."""
    if not sys.platform.startswith("linux"):
        return {}
    import shutil

    return {name: package for name, package in TEST_PROGRAMS.items() if not shutil.which(name)}


def missing_venv() -> dict[str, str]:
    """What Debian splits off from Python and making a virtual environment needs."""
    from importlib.util import find_spec

    if find_uv() or (find_spec("venv") and find_spec("ensurepip")):
        return {}
    return {"ensurepip": f"python3.{sys.version_info[1]}-venv"}


def apt_line(packages: list[str]) -> str:
    """The line that a person pastes to install the packages."""
    return f"sudo apt-get install -y --no-install-recommends {' '.join(packages)}"


def is_administrator() -> bool:
    """Whether packages can be installed straight away."""
    return sys.platform != "win32" and os.geteuid() == 0


def system_packages(*, tests: bool) -> None:
    """Install what the system lacks, or say how. Only what tests want may stay missing."""
    import shutil

    needed = missing_libraries()
    if not is_ready("run"):
        needed.update(missing_venv())
    wanted = missing_programs() if tests else {}
    if not needed and not wanted:
        return
    packages = [*needed.values(), *wanted.values()]
    if shutil.which("apt-get") is None:
        _not_debian(needed, wanted)
    elif is_administrator():
        apt_install(packages)
        still = missing_libraries()
        if still:
            raise SetupProblem(f"These libraries cannot be loaded: {', '.join(still)}.")
    elif needed or os.environ.get("CI"):
        raise SetupProblem(f"System packages are missing. Run\n  {apt_line(packages)}\nand again.")
    else:
        say(f"desktop tests will be skipped; for them: {apt_line(packages)}")


def _not_debian(needed: dict[str, str], wanted: dict[str, str]) -> None:
    if needed:
        names = ", ".join(needed)
        raise SetupProblem(f"Install with this system's package manager, then start again: {names}")
    say(f"desktop tests will be skipped: {', '.join(wanted)} not found")


def apt_install(packages: list[str]) -> None:
    """Install Debian packages, mending first what an interrupted installation left."""
    say(f"installing system packages: {' '.join(packages)}")
    quiet = {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    get = ["apt-get", "-y", "-o", "DPkg::Lock::Timeout=300"]
    run(["dpkg", "--configure", "-a"], **quiet)
    _, update = run([*get, "update"], **quiet)
    code, output = run([*get, "install", "--no-install-recommends", *packages], **quiet)
    if code:
        output = update + output
        raise SetupProblem(why(output) or _unknown("Installing packages", code, output))


# ---- the environment -------------------------------------------------------------------------


def key(kind: str) -> str:
    """What an environment of this kind is made for: its lock file, this Python, this place."""
    lock = (ROOT / LOCKS[kind]).read_bytes()
    made_for = f"1\n{sys.version}\n{sys.platform}\n{ROOT}\n".encode(errors="surrogateescape")
    return hashlib.sha256(made_for + lock).hexdigest()


def stamp(kind: str) -> Path:
    """The file that is written when everything of this kind is installed."""
    return VENV / f"ready-{kind}"


def is_ready(kind: str) -> bool:
    """Whether the environment is complete for this kind of start."""
    try:
        return PYTHON.exists() and stamp(kind).read_text("ascii") == key(kind)
    except (FileNotFoundError, NotADirectoryError):
        return False


@contextmanager
def only_one() -> Iterator[None]:
    """Hold the checkout against other starts that set it up at the same time."""
    with HELD.open("ab") as file:
        os.set_inheritable(file.fileno(), True)  # noqa: FBT003
        if not _take(file.fileno(), wait=False):
            say("another start is setting up; waiting for it")
            _take(file.fileno(), wait=True)
        yield


def _take(descriptor: int, *, wait: bool) -> bool:
    if sys.platform == "win32":
        import msvcrt
        import time

        while True:
            try:
                msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
                return True
            except OSError:
                if not wait:
                    return False
                time.sleep(0.2)
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    return True


def find_uv() -> str | None:
    """The path of uv, which is quicker than pip, where it is installed."""
    import shutil

    return shutil.which("uv")


def make_environment() -> None:
    """Make an empty virtual environment in place of whatever stands there."""
    import shutil
    import sysconfig

    free = shutil.disk_usage(ROOT).free
    if free < NEEDED_BYTES:
        raise SetupProblem(f"{DISK_FULL} ({free // 1024**2} MB are free in {ROOT}).")
    say("making .venv (about 150 MB to download, once)")
    base = getattr(sys, "_base_executable", sys.executable)
    uv = find_uv()
    if uv:
        command = [uv, "venv", "--clear", "--python", base, str(VENV)]
    else:
        command = [base, "-m", "venv", "--clear", str(VENV)]
    must(command, "Making .venv")
    place = sysconfig.get_path("purelib", "venv", {"base": str(VENV), "platbase": str(VENV)})
    encoding = "utf-8" if sys.version_info >= (3, 13) else "locale"
    Path(place, "deckhand-checkout.pth").write_text(f"{ROOT}\n", encoding=encoding)


def install(kind: str) -> None:
    """Install exactly what the lock file names, each file checked against its hash."""
    lock = str(ROOT / LOCKS[kind])
    uv = find_uv()
    if uv:
        command = [uv, "pip", "sync", "--python", str(PYTHON), "--no-build"]
    else:
        command = [str(PYTHON), "-m", "pip", "install", "--no-input", "--no-deps"]
        command += ["--disable-pip-version-check", "--only-binary", ":all:", "-r"]
    must([*command, lock, "--require-hashes"], "Installing the packages")


def set_up(kind: str) -> None:
    """Make the environment complete. Without a stamp whatever is there may be half of one."""
    import time

    begun = time.monotonic()
    fresh = not is_ready("run")
    for each in LOCKS:
        stamp(each).unlink(missing_ok=True)
    if fresh:
        make_environment()
    install(kind)
    # The lock file for tests holds everything that the one for running holds.
    for each in ("run", "test") if kind == "test" else ("run",):
        part = stamp(each).with_suffix(".part")
        part.write_text(key(each), "ascii")
        part.replace(stamp(each))
    say(f"ready after {time.monotonic() - begun:.0f} s")


def is_complete(kind: str) -> bool:
    """Whether nothing at all has to be set up."""
    lacks = missing_libraries() or (kind == "test" and missing_programs())
    return is_ready(kind) and not lacks


def prepare(kind: str) -> None:
    """Set up what is missing; quick when nothing is."""
    if is_complete(kind):
        return
    with only_one():
        system_packages(tests=kind == "test")
        if not is_ready(kind):
            set_up(kind)


# ---- starting --------------------------------------------------------------------------------


def check_python(version: tuple[int, ...]) -> None:
    """Refuse a Python for which there are no packages."""
    have = ".".join(str(number) for number in version[:3])
    wanted = f"{OLDEST[0]}.{OLDEST[1]} to {NEWEST[0]}.{NEWEST[1]}"
    if version[:2] < OLDEST:
        raise SetupProblem(f"Python {have} is too old: Deckhand needs Python {wanted}.")
    if version[:2] > NEWEST:
        raise SetupProblem(f"Python {have} is too new: Deckhand works with Python {wanted}.")


def start(module: str, arguments: list[str]) -> int:
    """Become the program; on Windows, which cannot, run it and pass on its exit code.

    ``-P`` keeps modules that happen to lie in the caller's folder from taking the place of ours.
    """
    command = [str(PYTHON), "-P", "-m", module, *arguments]
    if not WINDOWS:
        os.execv(command[0], command)
    import subprocess

    process = subprocess.Popen(command)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue


def main(arguments: list[str]) -> int:
    """Set up, then start what the arguments name; returns only where that failed."""
    kind = "test" if arguments[:1] == ["test"] else "run"
    try:
        check_python(sys.version_info[:3])
        prepare(kind)
        if kind == "run":
            return start("deckhand", arguments)
        os.chdir(ROOT)
        return start("pytest", arguments[1:])
    except SetupProblem as problem:
        say(str(problem))
    except OSError as problem:
        where = problem.filename or ROOT
        say(why(str(problem)) or f"Set-up cannot go on: {problem.strerror or problem} ({where}).")
    except KeyboardInterrupt:
        say("set-up interrupted; the next start goes on with it")
        return 130
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
