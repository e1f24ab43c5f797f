"""On battery or not, as each system says it; only the system's answer is made up here."""

from pathlib import Path

import pytest

from indexer.power import judge_line_status, judge_pmset, judge_supplies

Supply = dict[str, str]
MAINS_ON = {"type": "Mains", "online": "1"}
MAINS_OFF = {"type": "Mains", "online": "0"}
DRAINING = {"type": "Battery", "status": "Discharging", "scope": "System"}
CHARGING = {"type": "Battery", "status": "Charging"}
FULL = {"type": "Battery", "status": "Full"}
MOUSE = {"type": "Battery", "status": "Discharging", "scope": "Device"}
USB_OFF = {"type": "USB", "online": "0"}


@pytest.mark.parametrize(
    ("supplies", "battery"),
    [
        ([], False),
        ([MAINS_ON], False),
        ([MAINS_OFF, DRAINING], True),
        ([{"type": "Battery", "status": "Discharging"}, USB_OFF], True),
        ([MAINS_ON, CHARGING], False),
        ([MAINS_ON, DRAINING], False),
        ([FULL, USB_OFF], False),
        ([MOUSE], False),
        ([MOUSE, MAINS_ON], False),
    ],
)
def test_linux(tmp_path: Path, supplies: list[Supply], *, battery: bool) -> None:
    for number, supply in enumerate(supplies):
        folder = tmp_path / f"supply{number}"
        folder.mkdir()
        for name, value in supply.items():
            (folder / name).write_text(value + "\n")
    assert judge_supplies(tmp_path) is battery


def test_linux_without_the_folder(tmp_path: Path) -> None:
    assert not judge_supplies(tmp_path / "none")


def test_macos() -> None:
    assert judge_pmset("Now drawing from 'Battery Power'\n -InternalBattery-0 88%; discharging")
    assert not judge_pmset("Now drawing from 'AC Power'\n -InternalBattery-0 100%; charged")


def test_windows() -> None:
    assert [judge_line_status(status) for status in (0, 1, 255)] == [True, False, False]
