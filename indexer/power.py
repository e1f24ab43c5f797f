"""Tells whether this computer runs on its battery."""

import subprocess
import sys
from pathlib import Path

SUPPLIES = Path("/sys/class/power_supply")

_PATIENCE_S = 2.0


def on_battery() -> bool:
    """Say whether power comes from a battery; a system that does not tell has a socket."""
    try:
        if sys.platform == "win32":
            return _on_windows()
        if sys.platform == "darwin":
            return judge_pmset(_pmset())
        return judge_supplies(SUPPLIES)
    except (OSError, ValueError, subprocess.SubprocessError):
        return False


def judge_supplies(folder: Path) -> bool:
    """Judge the power supplies that Linux lists (sysfs-class-power).

    A socket that is online decides. Without one, a battery of the computer itself that is
    discharging does; those of a mouse or a headset (scope "Device") do not count.
    """
    discharging = False
    for supply in sorted(folder.iterdir()) if folder.is_dir() else ():
        kind, scope = _word(supply / "type"), _word(supply / "scope")
        if kind in ("Mains", "USB", "Wireless") and _word(supply / "online") == "1":
            return False
        if kind == "Battery" and scope != "Device":
            discharging |= _word(supply / "status") == "Discharging"
    return discharging


def _word(path: Path) -> str:
    try:
        return path.read_text("ascii", "replace").strip()
    except OSError:
        return ""


def judge_pmset(text: str) -> bool:
    """Judge what macOS says to ``pmset -g batt``."""
    return "Now drawing from 'Battery Power'" in text


def _pmset() -> str:
    return subprocess.run(
        ["/usr/bin/pmset", "-g", "batt"],
        capture_output=True, text=True, timeout=_PATIENCE_S, check=False,
    ).stdout  # fmt: skip


def judge_line_status(status: int) -> bool:
    """Judge ACLineStatus of Windows: 0 is offline, 1 online, 255 unknown."""
    return status == 0


def _on_windows() -> bool:
    import ctypes

    class Status(ctypes.Structure):
        _fields_ = (
            ("ACLineStatus", ctypes.c_ubyte),
            ("BatteryFlag", ctypes.c_ubyte),
            ("BatteryLifePercent", ctypes.c_ubyte),
            ("SystemStatusFlag", ctypes.c_ubyte),
            ("BatteryLifeTime", ctypes.c_ulong),
            ("BatteryFullLifeTime", ctypes.c_ulong),
        )

    windll = getattr(ctypes, "windll", None)
    status = Status()
    if windll is None or not windll.kernel32.GetSystemPowerStatus(ctypes.byref(status)):
        return False
    return judge_line_status(int(status.ACLineStatus))
