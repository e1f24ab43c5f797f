"""Settings as data: each with its type, default, limits and help; kept in one JSON file."""

from __future__ import annotations

import glob
import json
import logging
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.errors import EnvironmentProblem, UserError, from_system

log = logging.getLogger("deckhand.settings")
LOCK_S = 5.0
HALF_S = 60.0

Value = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting. ``low`` and ``high`` bound numbers; ``choices`` bound text."""

    key: str
    default: Value
    help: str
    group: str
    label: str
    choices: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None

    def checked(self, value: Any) -> Value:
        """``value`` in this setting's type. Raises UserError with what is allowed."""
        kind = type(self.default)
        if kind is float and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        if type(value) is not kind:
            raise UserError(f"{self.key} must be {_kind_word(kind)}, not {value!r}.")
        if self.choices and value not in self.choices:
            raise UserError(f"{self.key} must be one of {', '.join(self.choices)}.")
        below = self.low is not None and isinstance(value, int | float) and value < self.low
        above = self.high is not None and isinstance(value, int | float) and value > self.high
        if below or above:
            raise UserError(f"{self.key} must lie between {self.low:g} and {self.high:g}.")
        checked: Value = value
        return checked


def _kind_word(kind: type) -> str:
    return {bool: "true or false", int: "a whole number", float: "a number", str: "text"}[kind]


DECLARED: tuple[Setting, ...] = (
    Setting("look.theme", "system", "Light, dark, or as the system says.", "Look", "Theme",
            choices=("system", "light", "dark")),
    Setting("unused.window_days", 90, "How far back a use still counts.", "Attention",
            "Window for unused content, days", low=7, high=730),
    Setting("unused.grace_days", 30, "New content is not judged before this age.", "Attention",
            "Too new until, days", low=0, high=365),
    Setting("index.workers", 0, "Reading processes; 0 means one less than the cores.", "Indexing",
            "Reading processes", low=0, high=16),
    Setting("index.settle_seconds", 2.0, "A changed file is read once it has been still this long.",
            "Indexing", "Settle time, seconds", low=0.2, high=60.0),
    Setting("index.rescan_minutes", 10, "All folders are scanned again this often.", "Indexing",
            "Rescan every, minutes", low=1, high=1440),
    Setting("index.fetch_mb_a_day", 500, "Online-only files of folders that are to be fetched.",
            "Indexing", "Fetch from clouds a day, MB", low=1, high=100_000),
    Setting("index.on_battery", "slower", "On battery read one file at a time, with rests.",
            "Indexing", "On battery", choices=("slower", "as usual")),
    Setting("copies.threshold", 0.65, "Two files are near copies when they share this much text.",
            "Copies", "Shared text of near copies", low=0.5, high=1.0),
    Setting("pictures.cache_mb", 500, "Pictures of pages on disk; the least used leave first.",
            "Pictures", "Room for pictures, MB", low=50, high=20_000),
    Setting("pictures.office", "auto", "With LibreOffice slides are shown as they look.",
            "Pictures", "Use LibreOffice", choices=("auto", "off")),
    Setting("rank.prior_uses", 0.25, "Open rate assumed of an asset nobody has seen yet.",
            "Ranking", "Prior open rate", low=0.0, high=1.0),
    Setting("rank.prior_weight", 20.0, "How many impressions that assumption is worth.",
            "Ranking", "Prior weight, impressions", low=1.0, high=500.0),
    Setting("rank.use_weight", 2.0, "How much use moves an asset up; 0 leaves it out.",
            "Ranking", "Weight of use", low=0.0, high=10.0),
    Setting("rank.fresh_weight", 0.5, "How much freshness moves an asset up; 0 leaves it out.",
            "Ranking", "Weight of freshness", low=0.0, high=10.0),
    Setting("rank.fresh_days", 21, "Freshness halves after this many days.", "Ranking",
            "Half-life of freshness, days", low=1, high=365),
    Setting("rank.use_days", 60, "Uses and impressions halve after this many days.", "Ranking",
            "Half-life of use, days", low=1, high=730),
    Setting("rank.few", 10, "Fewer assets with all of three words bring those with some.",
            "Ranking", "Also some of the words, below", low=0, high=100),
    Setting("rank.synonym_weight", 0.5, "How much a synonym counts of the word itself.", "Ranking",
            "Weight of a synonym", low=0.0, high=1.0),
    Setting("rank.row_weight", 1.0, "How much words in a row as typed count again.", "Ranking",
            "Weight of words in a row", low=0.0, high=5.0),
    Setting("rank.little_weight", 0.5, "How much words that say little count beside others.",
            "Ranking", "Weight of little words", low=0.0, high=1.0),
)  # fmt: skip
BY_KEY: Mapping[str, Setting] = {setting.key: setting for setting in DECLARED}


def write_atomically(path: Path, text: str) -> None:
    """Replace ``path`` by ``text`` so that a crash leaves the old or the new file, never half.

    Raises OSError, and leaves no other file behind then. What a killed process has left behind
    goes with the next write.
    """
    import tempfile

    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name + ".")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _sweep_halves(path)


def _sweep_halves(path: Path) -> None:
    """Delete what was begun in order to replace ``path`` and never finished, as far as one can."""
    long_ago = time.time() - HALF_S
    for half in path.parent.glob(f"{glob.escape(path.name)}.????????"):
        try:
            if not long_ago < half.stat().st_mtime <= time.time():
                half.unlink()
        except OSError:
            continue


class Settings:
    """The settings of one library on this machine: declared values, and facts the program keeps.

    Facts (``person``, ``roots``) are not for people to edit. The file is read again when another
    process has replaced it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._stamp: tuple[int, int, int] | None = None
        self._data: dict[str, Any] = {}
        self._damaged = False

    def _load(self) -> dict[str, Any]:
        try:
            stat = self.path.stat()
        except OSError:
            self._stamp, self._data, self._damaged = None, {}, False
            return self._data
        stamp = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
        if stamp != self._stamp:
            found = self._read()
            self._damaged = found is None
            self._data = found or {}
            self._stamp = stamp
        return self._data

    def _read(self) -> dict[str, Any] | None:
        """What the file holds; None, with a line in the log, when that cannot be used."""
        try:
            data = json.loads(self.path.read_text("utf-8"))
        except (OSError, ValueError) as problem:
            log.warning("%s cannot be read, so defaults hold: %s", self.path, problem)
            return None
        if not isinstance(data, dict):
            log.warning("%s holds no settings, so defaults hold", self.path)
            return None
        return data

    def _part(self, name: str) -> dict[str, Any]:
        part = self._load().get(name)
        return part if isinstance(part, dict) else {}

    @property
    def damaged(self) -> bool:
        """Whether the file is there but cannot be used; it is set aside at the next change."""
        self._load()
        return self._damaged

    def get(self, key: str) -> Value:
        """The value of a declared setting; its default when unset or not valid any more."""
        return self._valid(key, self._part("settings"))

    def several(self, *keys: str) -> tuple[Value, ...]:
        """The values of some settings, for which the file is looked at once."""
        values = self._part("settings")
        return tuple([self._valid(key, values) for key in keys])

    def _valid(self, key: str, values: dict[str, Any]) -> Value:
        setting = BY_KEY[key]
        try:
            return setting.checked(values[key]) if key in values else setting.default
        except UserError:
            return setting.default

    def number(self, key: str) -> float:
        """The value of a numeric setting."""
        return _number(self.get(key))

    def numbers(self, *keys: str) -> tuple[float, ...]:
        """The values of some numeric settings, for which the file is looked at once."""
        return tuple([_number(value) for value in self.several(*keys)])

    def set(self, key: str, value: Any) -> None:
        """Set a declared setting and write it to disk. Raises UserError, EnvironmentProblem."""
        if key not in BY_KEY:
            raise UserError(f"There is no setting called {key}.")
        checked = BY_KEY[key].checked(value)
        self._put("settings", key, checked)

    def fact(self, name: str, default: Any = None) -> Any:
        """Something the program keeps for itself on this machine; ``default`` when there is none
        of the default's type."""
        value = self._part("facts").get(name, default)
        return value if default is None or isinstance(value, type(default)) else default

    def set_fact(self, name: str, value: Any) -> None:
        """Keep something for itself and write it to disk. Raises EnvironmentProblem."""
        self._put("facts", name, value)

    def _put(self, part: str, key: str, value: Any) -> None:
        """Change one value of the file as it is now: another process may have changed others."""
        from filelock import FileLock, Timeout

        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(self.path.with_suffix(".lock"), timeout=LOCK_S):
                self._stamp = None
                data = {**self._load(), part: {**self._part(part), key: value}}
                if self._damaged:
                    # Whoever can mend it by hand finds there which folders and whose it was.
                    self.path.replace(self.path.with_suffix(".damaged.json"))
                text = json.dumps(data, indent=1, ensure_ascii=False) + "\n"
                write_atomically(self.path, text)
                self._stamp = None
        except Timeout as problem:
            raise EnvironmentProblem(
                f"{self.path} is being changed by another program. Try again."
            ) from problem
        except OSError as problem:
            raise from_system(problem) or EnvironmentProblem(
                f"{self.path} cannot be written: {problem.strerror or problem}."
            ) from problem


def _number(value: Value) -> float:
    assert isinstance(value, int | float)
    return float(value)
