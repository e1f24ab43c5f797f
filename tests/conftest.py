"""What every test can rely on: a home of its own, a display when it asks, no silent warnings."""

from __future__ import annotations

import logging
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests import display

CHECKOUT = Path(__file__).resolve().parent.parent
OUR_LOGGERS = ("deckhand", "app", "indexer", "ui")
STORM_SECONDS = 3600
ROOMY = 2 * 1024**3

if sys.platform.startswith("linux") and not os.environ.get("DISPLAY"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

settings.register_profile(
    "ci",
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "storm",
    deadline=None,
    max_examples=3000,
    suppress_health_check=[HealthCheck.too_slow],
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--storm", action="store_true", help="the full dose of the long torture tests")


def _has_quick_memory_disk(folder: Path) -> bool:
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        return False
    facts = os.statvfs(folder)
    return facts.f_bavail * facts.f_frsize > ROOMY and not facts.f_flag & os.ST_NOEXEC


def pytest_configure(config: pytest.Config) -> None:
    settings.load_profile("storm" if config.getoption("--storm") else "ci")
    # An fsync costs 7 ms on a disk and nothing here; a killed process loses nothing on either.
    if sys.platform.startswith("linux") and _has_quick_memory_disk(Path("/dev/shm")):
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", "/dev/shm")
    # Fixtures of a wider scope run outside any single test's home, but not in the person's.
    session_home = tempfile.TemporaryDirectory(prefix="deckhand-session-")
    config.add_cleanup(session_home.cleanup)
    os.environ.update(_home_variables(Path(session_home.name)))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--storm"):
        for item in items:
            if item.get_closest_marker("storm"):
                item.add_marker(pytest.mark.timeout(STORM_SECONDS))


def _home_variables(home: Path) -> dict[str, str]:
    """Make the folders of a person's home below ``home``; the variables that point there."""
    folders = {
        "HOME": home,
        "USERPROFILE": home,
        "APPDATA": home / "roaming",
        "LOCALAPPDATA": home / "local",
        "XDG_DATA_HOME": home / "data",
        "XDG_CONFIG_HOME": home / "config",
        "XDG_CACHE_HOME": home / "cache",
        "XDG_STATE_HOME": home / "state",
        "XDG_RUNTIME_DIR": home / "run",
    }
    for folder in folders.values():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    variables = {name: str(folder) for name, folder in folders.items()}
    # The library's folder is named, not made: a first start has to make it.
    variables["DECKHAND_LIBRARY"] = str(home / "library")
    # No test may reach the file manager or the portals of the person who runs the tests.
    variables["DBUS_SESSION_BUS_ADDRESS"] = "disabled:"
    return variables


@pytest.fixture(autouse=True)
def isolated_home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A fresh, empty home for each test; yields its folder. Child processes inherit it."""
    prefix = "deckhand-home-"
    with tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True) as folder:
        for name, value in _home_variables(Path(folder)).items():
            monkeypatch.setenv(name, value)
        yield Path(folder)


class _Unexpected(logging.Handler):
    """Keeps what the program's own loggers say at WARNING and above."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.split(".")[0] in OUR_LOGGERS:
            self.lines.append(f"{record.levelname} {record.name}: {record.getMessage()}")


@pytest.fixture(autouse=True)
def no_unexpected_log(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test during which the program warned, unless it says that it looks at the log.

    It says so by using ``caplog`` or by the marker ``expect_log``.
    """
    if "caplog" in request.fixturenames or request.node.get_closest_marker("expect_log"):
        yield
        return
    listener = _Unexpected()
    # A logger that does not propagate is heard only where it stands.
    heard = [logging.getLogger(), *(logging.getLogger(name) for name in OUR_LOGGERS)]
    for logger in heard:
        logger.addHandler(listener)
    try:
        yield
    finally:
        for logger in heard:
            logger.removeHandler(listener)
    lines = list(dict.fromkeys(listener.lines))
    if lines:
        pytest.fail("logged and not expected (caplog or expect_log):\n" + "\n".join(lines))


@pytest.fixture(scope="session")
def storm_dose(pytestconfig: pytest.Config) -> Callable[[int, int], int]:
    """``storm_dose(small, full)``: the small number, or the full one under ``--storm``."""
    storm = bool(pytestconfig.getoption("--storm"))

    def dose(small: int, full: int) -> int:
        return full if storm else small

    return dose


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real documents, read-only; without it the test is skipped."""
    beside = CHECKOUT.parent.joinpath("shared", "corpus")
    folder = Path(os.environ.get("DECKHAND_CORPUS") or beside)
    if not folder.is_dir():
        pytest.skip("the corpus of real documents is not here (set DECKHAND_CORPUS)")
    return folder


@pytest.fixture(scope="session")
def desktop_display() -> Iterator[str]:
    """The name of one X display with a window manager, started when first asked for.

    For programs in child processes: this process may hold an offscreen application already.
    """
    missing = display.missing_programs()
    if missing:
        reason = f"not installed: {', '.join(missing)}"
        if os.environ.get("CI"):
            pytest.fail(f"desktop tests must run here, but {reason}")
        pytest.skip(reason)
    with display.display() as name:
        yield name


@pytest.fixture
def desktop_env(desktop_display: str, isolated_home: Path) -> dict[str, str]:
    """The environment for a program that shall show a real window on that display."""
    environment = {**os.environ, "DISPLAY": desktop_display, "QT_QPA_PLATFORM": "xcb"}
    environment.pop("WAYLAND_DISPLAY", None)
    return environment
