"""Tells whether the system reports changes in a folder, or keeps silent about them (FW-2)."""

import errno
import os
import sys
from collections.abc import Iterable
from pathlib import Path

_MOUNTS = Path("/proc/self/mountinfo")
_SILENT = {
    "nfs": "a network folder (NFS)",
    "nfs4": "a network folder (NFS)",
    "cifs": "a network folder (SMB)",
    "smb3": "a network folder (SMB)",
    "smbfs": "a network folder (SMB)",
    "ncpfs": "a network folder",
    "afs": "a network folder (AFS)",
    "ceph": "a network folder (Ceph)",
    "glusterfs": "a network folder (GlusterFS)",
    "lustre": "a network folder (Lustre)",
    "davfs": "a network folder (WebDAV)",
    "9p": "a folder shared from another system",
    "vboxsf": "a folder shared from another system",
    "prl_fs": "a folder shared from another system",
    "drvfs": "a folder shared from another system",
    "virtiofs": "a folder shared from another system",
    "autofs": "a folder that is mounted on demand",
}


def silent_because(path: Path) -> str | None:
    """Say why changes in a folder are not reported by the system, None when they are.

    The answer completes "This is ...". Linux is asked for the type of the file system, Windows
    for the kind of drive; elsewhere the folder is believed to be local.
    """
    if sys.platform == "win32":
        return _on_windows(path)
    if sys.platform == "linux":
        try:
            mounts = _MOUNTS.read_bytes()
        except OSError:
            return None
        return judge_type(type_of(os.path.realpath(path), mounts))
    return None


def judge_type(kind: str) -> str | None:
    """Say what a type of file system is when it reports nothing, None when it does."""
    if kind == "fuse" or kind.startswith("fuse."):
        return f"a folder provided by a program ({kind.removeprefix('fuse.')})"
    return _SILENT.get(kind)


def type_of(path: str, mounts: bytes) -> str:
    """Return the type of the file system that a path lies on, "" when unknown.

    :param mounts: the content of /proc/self/mountinfo (proc(5)): field 5 is the mount point
        with octal escapes, the first field after " - " the type.
    """
    wanted = os.fsencode(path)
    best, kind = b"", b""
    for line in mounts.splitlines():
        before, _, after = line.partition(b" - ")
        fields = before.split()
        if len(fields) < 5 or not after:
            continue
        point = _unescape(fields[4])
        inside = wanted == point or wanted.startswith(point.rstrip(b"/") + b"/")
        # The last of equal mount points lies on top of the others.
        if inside and len(point) >= len(best):
            best, kind = point, after.split()[0]
    return kind.decode("ascii", "replace")


def has_room(path: Path) -> bool:
    """Say whether the system would watch one more folder (inotify's limit per user, FW-4).

    It is tried: watchdog passes over every folder below a root for which no watch was left.
    """
    if sys.platform != "linux":
        return True
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    descriptor = libc.inotify_init1(os.O_CLOEXEC)
    if descriptor < 0:
        return True
    try:
        delete_self = 0x400
        added = libc.inotify_add_watch(descriptor, os.fsencode(path), delete_self)
        return bool(added >= 0 or ctypes.get_errno() != errno.ENOSPC)
    finally:
        os.close(descriptor)


def folds_case(root: Path, names: Iterable[str]) -> bool:
    """Say whether a folder takes names that differ only by case for one (FW-15).

    It is asked, since no platform decides it: a name that is there is looked up in the other
    case. Nothing is written.

    :param names: paths below ``root`` that are there.
    """
    for name in names:
        head, _, last = name.rpartition("/")
        other = last.swapcase()
        if other == last or other.swapcase() != last:
            continue
        try:
            same, own = (root / head / other).lstat(), (root / name).lstat()
            if (own.st_dev, own.st_ino) == (same.st_dev, same.st_ino):
                return all(entry.name != other for entry in (root / head).iterdir())
        except FileNotFoundError:
            return False
        except OSError:
            continue
    return False


def _unescape(point: bytes) -> bytes:
    for code, sign in ((b"\\040", b" "), (b"\\011", b"\t"), (b"\\012", b"\n"), (b"\\134", b"\\")):
        point = point.replace(code, sign)
    return point


def _on_windows(path: Path) -> str | None:
    import ctypes

    drive = path.absolute().drive
    if drive.startswith("\\\\"):
        return "a network folder"
    windll = getattr(ctypes, "windll", None)
    remote = 4  # DRIVE_REMOTE
    if windll is not None and windll.kernel32.GetDriveTypeW(f"{drive}\\") == remote:
        return "a network drive"
    return None
