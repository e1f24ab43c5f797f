"""Converts files with LibreOffice where it is installed: alone, bounded, without a trace."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from indexer.child import module_command, module_environment
from indexer.extract.model import Refused
from indexer.office import ENV_OFFICE

CONVERSION_S = 40.0
"""Seconds that a conversion may take, less than the reading process itself has."""

_PATIENCE_S = 8.0

_PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "/opt/libreoffice/program/soffice",
    "/usr/lib/libreoffice/program/soffice",
)
_CAREFUL = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop
 oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop
 oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop
 oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link"
 oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Content/Update"><prop oor:name="Link"
 oor:op="fuse"><value>1</value></prop></item>
</oor:items>
"""
"""No macros, no links followed, whatever a document asks for."""


def find_office() -> str | None:
    """Return the program of LibreOffice, None where it is not installed.

    Where the environment variable DECKHAND_OFFICE names a file, it is that one or none.
    """
    named = os.environ.get(ENV_OFFICE)
    if named is not None:
        return named if Path(named).is_file() else None
    found = shutil.which("soffice") or shutil.which("libreoffice")
    if found:
        return found
    places = list(_PLACES)
    for variable in ("PROGRAMFILES", "PROGRAMFILES(X86)"):
        if folder := os.environ.get(variable):
            places.append(str(Path(folder, "LibreOffice", "program", "soffice.com")))
    return next((place for place in places if Path(place).is_file()), None)


@contextmanager
def converted(path: Path, target: str, seconds: float = CONVERSION_S) -> Iterator[Path]:
    """Yield a copy of a file in another format; it is gone afterwards.

    :param target: the suffix of the wanted format, without a dot: "docx".
    :param seconds: how long it may take before all of LibreOffice is ended.
    :raises Refused: when LibreOffice is not there, fails or takes too long.
    """
    office = find_office()
    if office is None:
        raise Refused("name_only", "LibreOffice is not installed.")
    with tempfile.TemporaryDirectory(prefix="deckhand-", ignore_cleanup_errors=True) as scratch:
        folder = Path(scratch)
        # A plain name: LibreOffice stumbles over some, and options begin with a dash.
        source = folder / f"source{path.suffix.lower() if path.suffix.isascii() else ''}"
        shutil.copyfile(path, source)
        profile = folder / "profile" / "user"
        profile.mkdir(parents=True)
        (profile / "registrymodifications.xcu").write_text(_CAREFUL, encoding="utf-8")
        with _one_at_a_time():
            code = _run(office, folder, source, target, seconds)
        made = folder / "out" / f"source.{target}"
        if code == 124:
            reason = f"LibreOffice took longer than {round(seconds)} seconds to convert this file."
            raise Refused("too_large", f"{reason} It is found by its name only.")
        if code != 0 or not made.is_file() or not made.stat().st_size:
            reason = "LibreOffice could not convert this file, so it is found by its name only."
            raise Refused("damaged", reason)
        yield made


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Wait for the conversions of other reading processes: each takes 300 MB (LO-2).

    Only for a while, since the file's own time runs on meanwhile.
    """
    user = getattr(os, "getuid", lambda: 0)()
    lock = FileLock(Path(tempfile.gettempdir(), f"deckhand-office-{user}.lock"))
    with suppress(Timeout, OSError):
        lock.acquire(timeout=_PATIENCE_S)
    try:
        yield
    finally:
        lock.release()


def _run(office: str, folder: Path, source: Path, target: str, seconds: float) -> int:
    profile = (folder / "profile").as_uri()
    command = [
        *(office, f"-env:UserInstallation={profile}", "--headless", "--norestore"),
        *("--nolockcheck", "--nodefault", "--nofirststartwizard"),
        *("--convert-to", target, "--outdir", str(folder / "out"), str(source)),
    ]
    guard = subprocess.Popen(
        module_command("indexer.extract.office_child", [str(folder), str(seconds), *command]),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=module_environment(),
        # Its own session: it must outlive a parent that is killed with its group, to clean up.
        start_new_session=sys.platform != "win32",
    )
    try:
        return guard.wait(seconds + 15)
    except subprocess.TimeoutExpired:
        return 124
    finally:
        if guard.stdin is not None:
            guard.stdin.close()
        guard.wait()
