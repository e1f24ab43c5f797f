"""Shows Office files as they look by having LibreOffice, where it is installed, make a PDF."""

import contextlib
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer.picture_cache import SCRATCH, converted_file, memo_file, write_whole

ENV_OFFICE = "DECKHAND_OFFICE"

FIRST_S = 60.0
"""Seconds that a conversion may take."""
LAST_S = 180.0
"""Seconds that a file which took longer gets the second time, which is the last."""

_SIZE_CAP = 400 << 20
_MEMORY = 4 << 30
_VERSION_S = 20.0
_CHUNK = 1 << 20

_FAMILIES = {
    "slides": ("pptx", "pptm", "ppsx", "ppsm", "potx", "potm", "ppt", "pps", "pot", "odp", "otp"),
    "text": ("docx", "docm", "dotx", "dotm", "doc", "dot", "odt", "ott", "rtf"),
    "sheets": ("xlsx", "xlsm", "xltx", "xltm", "xls", "xlsb", "xlt", "ods", "ots"),
}
_FAMILY = {name: family for family, names in _FAMILIES.items() for name in names}
_UNTOLD = ("", "other")
_NOT_ITS_OWN = ("key", "pages", "numbers", "epub")
_YES = {"type": "boolean", "value": "true"}
_FILTERS: dict[str, tuple[str, dict[str, dict[str, str]]]] = {
    # Without this the page that is shown for slide 7 is slide 8 of a deck that hides one.
    "slides": ("impress_pdf_Export", {"ExportHiddenSlides": _YES}),
    "text": ("writer_pdf_Export", {}),
    "sheets": ("calc_pdf_Export", {"SinglePageSheets": _YES}),
}
_SINGLE_PAGE_SHEETS_SINCE = (7, 4)
_DROPPED = (
    "PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "PYTHONIOENCODING", "DISPLAY", "WAYLAND_DISPLAY",
    "SESSION_MANAGER", "DBUS_SESSION_BUS_ADDRESS",
)  # fmt: skip
_NOWHERE = "127.0.0.1:9"
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
{items}
</oor:items>
"""
_SETTINGS = (
    ("Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Common/Misc", "FirstRun", "false"),
    # In Writer 0 means never, in Calc 1 does.
    ("Writer/Content/Update", "Link", "0"),
    ("Calc/Content/Update", "Link", "1"),
)


class Failed(Exception):
    """A file could not be converted; the message is a sentence.

    ``state`` is "failed" when there is no use in trying again, "slow" when the file may have
    more time at the next try, "passed" when the cause is not the file and nothing is remembered,
    "stopped" when somebody stopped it.
    """

    def __init__(self, state: str, reason: str) -> None:
        super().__init__(reason)
        self.state = state
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Program:
    """An installed LibreOffice: its file and what it calls itself, such as "LibreOffice 7.4.7"."""

    file: Path
    version: str

    @property
    def number(self) -> tuple[int, ...]:
        """The version as numbers, () when it tells none."""
        words = [word for word in self.version.split() if word[:1].isdigit()]
        parts = words[0].split(".") if words else []
        return tuple(int(part) for part in parts if part.isdigit())


def family(kind: str, name: str) -> str | None:
    """Return "slides", "text" or "sheets" for what LibreOffice can show, None for the rest.

    :param kind: the kind told by content; where that says nothing, the file's suffix decides.
    """
    suffix = Path(name).suffix.lower().lstrip(".")
    if suffix in _NOT_ITS_OWN:
        return None
    return _FAMILY.get(suffix if kind in _UNTOLD else kind)


def find_program() -> Program | None:
    """Return the LibreOffice of this machine: on the path, or where it is usually installed.

    Where the environment variable DECKHAND_OFFICE names a file, it is that one or none.
    """
    named = os.environ.get(ENV_OFFICE)
    places = [shutil.which("soffice"), shutil.which("libreoffice"), *_usual_places()]
    names = places if named is None else [named]
    file = next((Path(name) for name in names if name and Path(name).is_file()), None)
    return None if file is None else Program(file, _version(file))


def _usual_places() -> list[str]:
    if sys.platform == "darwin":
        inside = "Applications/LibreOffice.app/Contents/MacOS/soffice"
        return [f"/{inside}", str(Path.home() / inside)]
    if sys.platform == "win32":
        roots = [os.environ.get(name) for name in ("PROGRAMFILES", "PROGRAMFILES(X86)")]
        # The .com waits for the program to end; the .exe would return at once.
        return [str(Path(r, "LibreOffice", "program", "soffice.com")) for r in roots if r]
    return ["/opt/libreoffice/program/soffice", "/usr/lib/libreoffice/program/soffice"]


def _version(file: Path) -> str:
    """Ask the program for its version; where that fails, its age stands for it."""
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        with tempfile.TemporaryDirectory(prefix="deckhand-") as home:
            profile = f"-env:UserInstallation={Path(home, 'profile').as_uri()}"
            said = subprocess.run(
                [str(file), profile, "--headless", "--version"],
                stdin=subprocess.DEVNULL, capture_output=True, timeout=_VERSION_S, check=False,
                env=_environment(Path(home)),
            )  # fmt: skip
        words = said.stdout.decode("utf-8", "replace").split()[:2]
        if len(words) == 2:
            return " ".join(words)[:80]
    return f"LibreOffice of {int(file.stat().st_mtime)}"


@dataclass(slots=True)
class _Memo:
    """What is remembered of a file that could not be converted."""

    version: str
    slow: bool
    reason: str


def remembered(cache: Path, sha: str) -> _Memo | None:
    """Return what an earlier try left, None when there was none or it cannot be read."""
    try:
        data: dict[str, Any] = json.loads(memo_file(cache, sha).read_text("utf-8"))
        return _Memo(str(data["version"]), bool(data["slow"]), str(data["reason"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


class Office:
    """Converts files one at a time, each in a LibreOffice process of its own.

    All conversions share a profile in a folder of their own, which is made anew after a
    conversion that had to be killed. ``stop`` may be called from another thread.
    """

    def __init__(
        self, cache: Path, program: Program, *, first_s: float = FIRST_S, last_s: float = LAST_S
    ) -> None:
        self._cache = cache
        self._program = program
        self._limits = (first_s, last_s)
        self._scratch = cache / f"{SCRATCH}{os.getpid()}"
        self._running: subprocess.Popen[bytes] | None = None
        self._stopped = False
        self._closed = False
        self._lock = threading.Lock()

    def convert(self, path: Path, sha: str, kind: str) -> Path:
        """Return the PDF of a file, made now or at an earlier time.

        :param sha: the SHA-256, in hexadecimal, that the file's content must have.
        :raises Failed: when there is none.
        """
        out = converted_file(self._cache, sha)
        if out.exists():
            return out
        group = family(kind, path.name)
        if group is None:
            raise Failed("passed", "LibreOffice does not show files of this kind.")
        memo = remembered(self._cache, sha)
        second = False
        if memo is not None and memo.version == self._program.version:
            if not memo.slow:
                raise Failed("failed", memo.reason)
            second = True
        try:
            self._make(path, sha, group, out, limit=self._limits[second])
        except Failed as failed:
            state = "failed" if failed.state == "slow" and second else failed.state
            if state in ("failed", "slow"):
                self._remember(sha, slow=state == "slow", reason=failed.reason)
            raise Failed(state, failed.reason) from failed
        with contextlib.suppress(OSError):
            memo_file(self._cache, sha).unlink()
        return out

    def stop(self, *, close: bool = False) -> None:
        """Kill the conversion under way, if any; after ``close`` there will be no other."""
        with self._lock:
            self._closed = self._closed or close
            if self._running is not None:
                self._stopped = True
                kill_group(self._running)

    def close(self) -> None:
        """Kill what runs and remove the profile."""
        self.stop(close=True)
        shutil.rmtree(self._scratch, ignore_errors=True)

    def _make(self, path: Path, sha: str, group: str, out: Path, *, limit: float) -> None:
        if group == "sheets" and self._program.number < _SINGLE_PAGE_SHEETS_SINCE:
            raise Failed("failed", "Showing sheets as they look needs LibreOffice 7.4 or newer.")
        try:
            work = self._scratch / "work"
            shutil.rmtree(work, ignore_errors=True)
            work.mkdir(mode=0o700, parents=True)
            copy = work / f"in.{_suffix(path, group)}"
            _copy(path, copy, sha)
            self._profile()
            made = self._run(copy, group, work, limit)
            _check(made, copy, group)
            out.parent.mkdir(parents=True, exist_ok=True)
            made.replace(out)
        except OSError as error:
            why = error.strerror or type(error).__name__
            raise Failed("passed", f"The file could not be converted: {why}.") from error
        finally:
            shutil.rmtree(self._scratch / "work", ignore_errors=True)

    def _run(self, copy: Path, group: str, work: Path, limit: float) -> Path:
        name, options = _FILTERS[group]
        to = f"pdf:{name}:{json.dumps(options)}" if options else f"pdf:{name}"
        command = [
            str(self._program.file), f"-env:UserInstallation={self._profile_uri()}",
            "--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo",
            "--convert-to", to, "--outdir", str(work), str(copy),
        ]  # fmt: skip
        process = self._start(command, work, limit)
        try:
            code = process.wait(limit)
        except subprocess.TimeoutExpired:
            code = None
        finally:
            # What it started may outlive it.
            kill_group(process)
            process.wait()
            with self._lock:
                self._running, stopped = None, self._stopped
        made = copy.with_suffix(".pdf")
        if stopped or code is None:
            shutil.rmtree(self._scratch / "profile", ignore_errors=True)
        if stopped:
            raise Failed("stopped", "The conversion was stopped.")
        if code is None:
            told = f"LibreOffice took longer than {limit:g} seconds with this file."
            raise Failed("slow", told)
        if code != 0 or not made.exists():
            raise Failed("failed", "LibreOffice could not open this file.")
        return made

    def _start(self, command: list[str], work: Path, limit: float) -> "subprocess.Popen[bytes]":
        with self._lock:
            if self._closed:
                raise Failed("stopped", "The conversion was stopped.")
            posix = os.name == "posix"
            below = getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0)
            group = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, cwd=work, env=_environment(work),
                start_new_session=posix, creationflags=0 if posix else below | group,
            )  # fmt: skip
            self._running, self._stopped = process, False
        _limit(process.pid, limit)
        return process

    def _profile(self) -> None:
        """Lay down a profile without macros, links and network, unless it is there already."""
        settings = self._scratch / "profile" / "user" / "registrymodifications.xcu"
        if settings.exists():
            return
        rows = [(f"org.openoffice.Office.{path}", name, value) for path, name, value in _SETTINGS]
        host, port = _NOWHERE.split(":")
        inet = "org.openoffice.Inet/Settings"
        rows += [(inet, "ooInetProxyType", "2"), (inet, "ooInetNoProxy", "")]
        for scheme in ("HTTP", "HTTPS"):
            rows += [(inet, f"ooInet{scheme}ProxyName", host)]
            rows += [(inet, f"ooInet{scheme}ProxyPort", port)]
        items = "\n".join(
            f'<item oor:path="/{path}"><prop oor:name="{name}" oor:op="fuse">'
            f"<value>{value}</value></prop></item>"
            for path, name, value in rows
        )
        settings.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        settings.write_text(_PROFILE.format(items=items), "utf-8")

    def _profile_uri(self) -> str:
        return (self._scratch / "profile").absolute().as_uri()

    def _remember(self, sha: str, *, slow: bool, reason: str) -> None:
        memo = {"version": self._program.version, "slow": slow, "reason": reason}
        with contextlib.suppress(OSError):
            write_whole(memo_file(self._cache, sha), json.dumps(memo).encode("utf-8"))


def kill_group(process: "subprocess.Popen[bytes]") -> None:
    """Kill a process started as the head of a group, and all that it started."""
    if os.name == "posix":
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        return
    if process.poll() is None:
        with contextlib.suppress(OSError):
            subprocess.run(
                ["taskkill", "/T", "/F", "/PID", str(process.pid)],
                stdin=subprocess.DEVNULL, capture_output=True, check=False,
            )  # fmt: skip
        process.kill()


def end_leftovers(cache: Path) -> None:
    """End conversions, and remove their folders, whose owner was killed before it could.

    Processes can be told only where there is a /proc; elsewhere their folders stay.
    """
    for folder in cache.glob(f"{SCRATCH}*"):
        owner = folder.name.removeprefix(SCRATCH)
        if not owner.isdigit() or int(owner) == os.getpid() or not Path("/proc/self").exists():
            continue
        if Path("/proc", owner).exists():
            continue
        _end_users_of((folder / "profile").absolute().as_uri())
        shutil.rmtree(folder, ignore_errors=True)


def _end_users_of(uri: str) -> None:
    wanted = f"-env:UserInstallation={uri}".encode()
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if wanted in place.read_bytes().split(b"\0"):
                # Each conversion was started as a group of its own.
                group = os.getpgid(int(place.parent.name))
                if group != os.getpgrp():
                    os.killpg(group, signal.SIGKILL)


def _environment(work: Path) -> dict[str, str]:
    """Return an environment without our own modules, without a screen and without a network."""
    kept = {name: value for name, value in os.environ.items() if name not in _DROPPED}
    proxies = {name: f"http://{_NOWHERE}" for name in ("http_proxy", "https_proxy")}
    return {
        **kept, **proxies, "no_proxy": "", "SAL_USE_VCLPLUGIN": "svp", "TMPDIR": str(work),
        "TEMP": str(work), "TMP": str(work),
    }  # fmt: skip


def _limit(pid: int, limit: float) -> None:
    """Bound memory, and computing for the case that nobody is left to kill the process."""
    if sys.platform != "linux":
        return
    import resource

    with contextlib.suppress(OSError, ValueError):
        seconds = int(limit) + 30
        resource.prlimit(pid, resource.RLIMIT_CPU, (seconds, seconds))
        resource.prlimit(pid, resource.RLIMIT_AS, (_MEMORY, _MEMORY))


def _suffix(path: Path, group: str) -> str:
    own = path.suffix.lower().lstrip(".")
    return own if own in _FAMILIES[group] else _FAMILIES[group][0]


def _copy(path: Path, copy: Path, sha: str) -> None:
    """Copy a file whose content must be the one that was indexed."""
    digest, size = hashlib.sha256(), 0
    try:
        with path.open("rb") as source, copy.open("xb") as target:
            while piece := source.read(_CHUNK):
                size += len(piece)
                if size > _SIZE_CAP:
                    limit = f"{_SIZE_CAP >> 20} MB"
                    raise Failed("failed", f"Files over {limit} are not shown as they look.")
                digest.update(piece)
                target.write(piece)
    except FileNotFoundError:
        raise Failed("passed", "The file is not there any more.") from None
    if digest.hexdigest() != sha.lower():
        raise Failed("passed", "The file has changed since it was indexed.")


def _check(made: Path, copy: Path, group: str) -> None:
    """Make sure that the PDF opens, and that its page n is slide or sheet n of the file."""
    from indexer.extract.mupdf import load

    try:
        with load().open(made, filetype="pdf") as document:
            pages = 0 if document.needs_pass else int(document.page_count)
    except Exception as error:  # MuPDF raises its own, undocumented types
        raise Failed("failed", "LibreOffice made no readable pages of this file.") from error
    if pages < 1:
        raise Failed("failed", "LibreOffice made no readable pages of this file.")
    own = _own_count(copy, group)
    if own not in (None, pages):
        told = f"LibreOffice shows {pages} {group} of the {own} in this file"
        raise Failed("failed", f"{told}, so that its pictures would be the wrong ones.")


def _own_count(copy: Path, group: str) -> int | None:
    """Return how many slides or sheets an Office Open XML file names, None for other files."""
    from indexer.extract.model import Refused
    from indexer.extract.package import PART_ERRORS, Package, local

    names = {"slides": ("sldIdLst", "sldId"), "sheets": ("sheets", "sheet")}
    if group not in names:
        return None
    outer, inner = names[group]
    try:
        with Package(copy) as package:
            main = package.main_part()
            root = package.xml(main) if main else ()
            lists = [element for element in root if local(element) == outer]
            return sum(local(child) == inner for child in lists[0]) if lists else None
    except (Refused, *PART_ERRORS):
        return None
