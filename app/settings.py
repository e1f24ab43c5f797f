"""Settings as data: each with its type, default, limits and help; kept in one JSON file."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.errors import UserError

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
    Setting("copies.threshold", 0.65, "Two files are near copies when they share this much text.",
            "Copies", "Shared text of near copies", low=0.5, high=1.0),
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
)  # fmt: skip
BY_KEY: Mapping[str, Setting] = {setting.key: setting for setting in DECLARED}


def write_atomically(path: Path, text: str) -> None:
    """Replace ``path`` by ``text`` so that a crash leaves the old or the new file, never half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name + ".")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    Path(name).replace(path)


class Settings:
    """The settings of one library on this machine: declared values, and facts the program keeps.

    Facts (``person``, ``roots``) are not for people to edit. The file is read again when another
    process has replaced it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._stamp: tuple[int, int, int] | None = None
        self._data: dict[str, Any] = {}

    def _load(self) -> dict[str, Any]:
        try:
            stat = self.path.stat()
        except OSError:
            self._stamp, self._data = None, {}
            return self._data
        stamp = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
        if stamp != self._stamp:
            try:
                data = json.loads(self.path.read_text("utf-8"))
            except (OSError, ValueError):
                data = {}
            self._data = data if isinstance(data, dict) else {}
            self._stamp = stamp
        return self._data

    def get(self, key: str) -> Value:
        """The value of a declared setting; its default when unset or not valid any more."""
        setting = BY_KEY[key]
        values = self._load().get("settings", {})
        try:
            return setting.checked(values[key]) if key in values else setting.default
        except UserError:
            return setting.default

    def number(self, key: str) -> float:
        """The value of a numeric setting."""
        value = self.get(key)
        assert isinstance(value, int | float)
        return float(value)

    def set(self, key: str, value: Any) -> None:
        """Set a declared setting and write it to disk. Raises UserError."""
        if key not in BY_KEY:
            raise UserError(f"There is no setting called {key}.")
        checked = BY_KEY[key].checked(value)
        data = dict(self._load())
        data["settings"] = {**data.get("settings", {}), key: checked}
        self._write(data)

    def fact(self, name: str, default: Any = None) -> Any:
        """Something the program keeps for itself on this machine."""
        return self._load().get("facts", {}).get(name, default)

    def set_fact(self, name: str, value: Any) -> None:
        """Keep something for itself and write it to disk."""
        data = dict(self._load())
        data["facts"] = {**data.get("facts", {}), name: value}
        self._write(data)

    def _write(self, data: dict[str, Any]) -> None:
        write_atomically(self.path, json.dumps(data, indent=1, ensure_ascii=False) + "\n")
        self._stamp = None
