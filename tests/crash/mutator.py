"""A folder of collateral that never rests: seeded creations, edits, renames, moves, deletions."""

from __future__ import annotations

import os
import random
import shutil
import threading
from dataclasses import dataclass, field
from pathlib import Path

from tests.crash.pieces import BROKEN, MAKERS, word

FEW, MANY = 60, 150
FOLDERS = ("", "Decks", "Case studies", "Sheets/2026", "Sheets/2025", "Old")


@dataclass(slots=True)
class Line:
    """How a file came to be where it is since the last check: the place then, and the deeds."""

    origin: str | None
    deeds: set[str] = field(default_factory=set)


class Mutator:
    """Changes the files below ``root``, one deed at a time, in a thread of its own.

    ``ever`` holds every word that was ever written into a file whose text can be read.
    ``log`` tells the last deeds, for a failure's message.
    """

    def __init__(self, root: Path, seed: int, spare: list[Path]) -> None:
        self.root = root
        self.ever: list[str] = []
        self.log: list[str] = []
        self.done = 0
        self._chance = random.Random(seed)
        self._spare = spare
        self._count = seed % 1000 * 20_000
        self._busy = threading.Lock()
        self._end = threading.Event()
        self._lines: dict[str, Line] = {}
        self._taken: set[str] = set()
        self._thread: threading.Thread | None = None
        for folder in FOLDERS:
            (root / folder).mkdir(parents=True, exist_ok=True)
        while len(self.files()) < FEW + 10:
            self._create()

    # ---- for the harness -----------------------------------------------------------------

    def start(self) -> None:
        """Begin to change things, or go on."""
        if self._thread is not None:
            return
        self._end.clear()
        self._thread = threading.Thread(target=self._run, name="mutator", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Leave everything as it is."""
        self._end.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def checked(self) -> None:
        """From now on identities are promised from the present places."""
        self._lines = {path: Line(path) for path in self.files()}
        self._taken = set(self._lines)

    def promises(self) -> list[tuple[str, str]]:
        """(place at the last check, place now) of files that must be the same asset still.

        A file only edited where it lay, or only moved to a place that was free: FW-9, FW-11. Both
        together are a suggestion to a person (FW-14).
        """
        return [
            (line.origin, path)
            for path, line in self._lines.items()
            if line.origin is not None
            and (line.deeds <= {"move"} or (line.deeds <= {"edit"} and line.origin == path))
        ]

    def files(self) -> list[str]:
        """The files that are there, by path."""
        found = (path for path in self.root.rglob("*") if path.is_file())
        return sorted(path.relative_to(self.root).as_posix() for path in found)

    # ---- the deeds -----------------------------------------------------------------------

    def _run(self) -> None:
        deeds = {
            self._create: 12, self._edit: 14, self._save_anew: 10, self._rename: 12, self._move: 8,
            self._rename_folder: 4, self._copy: 5, self._delete: 6, self._swap: 3, self._touch: 3,
            self._move_and_edit: 2, self._delete_folder: 1, self._make_folder: 2, self._case: 2,
            self._take_a_name: 3,
        }  # fmt: skip
        while not self._end.wait(self._chance.uniform(0.02, 0.25)):
            count = len(self._lines)
            deed = self._chance.choices(list(deeds), list(deeds.values()))[0]
            if count < FEW:
                deed = self._create
            elif count > MANY:
                deed = self._delete
            with self._busy:
                deed()
                self.done += 1

    def _note(self, *words: str) -> None:
        self.log = [*self.log[-40:], " ".join(words)]

    def _pick(self) -> str | None:
        return self._chance.choice(sorted(self._lines)) if self._lines else None

    def _folders(self) -> list[str]:
        found = (path for path in self.root.rglob("*") if path.is_dir())
        return ["", *sorted(path.relative_to(self.root).as_posix() for path in found)]

    def _fresh(self) -> str:
        self._count += 1
        return word(self._count)

    def _content(self, suffix: str, *, broken: bool = False) -> bytes:
        first, second = self._fresh(), self._fresh()
        if broken or suffix not in MAKERS:
            return BROKEN[suffix](first, second)
        self.ever += [first, second]
        return MAKERS[suffix](first, second)

    def _place(self, suffix: str) -> str:
        folder = self._chance.choice(self._folders())
        return f"{folder}/{self._name(suffix)}".lstrip("/")

    def _name(self, suffix: str) -> str:
        self._count += 1
        # \udce9 is a byte that is no UTF-8 (NM-1).
        kind = self._chance.choice(("Deck", "Übersicht", "Price list", "caf\udce9", "Case  study"))
        return f"{kind} {self._count}.{suffix}"

    def _create(self) -> None:
        if self._spare and self._chance.random() < 0.08:
            source = self._chance.choice(self._spare)
            place, data = self._place(source.suffix[1:]), source.read_bytes()
        elif self._chance.random() < 0.1:
            suffix = self._chance.choice(sorted(BROKEN))
            place, data = self._place(suffix), self._content(suffix, broken=True)
        else:
            suffix = self._chance.choice(sorted(MAKERS))
            place, data = self._place(suffix), self._content(suffix)
        (self.root / place).write_bytes(data)
        self._lines[place] = Line(None)
        self._taken.add(place)
        self._note("create", place)

    def _rewritable(self) -> str | None:
        known = [path for path in sorted(self._lines) if path.rpartition(".")[2] in MAKERS]
        return self._chance.choice(known) if known else None

    def _edit(self) -> None:
        """In place, in two writes with a breath between: the file can be read half."""
        path = self._rewritable()
        if path is None:
            return
        data = self._content(path.rpartition(".")[2])
        with (self.root / path).open("wb") as file:
            file.write(data[: len(data) // 2])
            file.flush()
            self._end.wait(self._chance.choice((0, 0, 0.02)))
            file.write(data[len(data) // 2 :])
        self._lines[path].deeds.add("edit")
        self._note("edit", path)

    def _save_anew(self) -> None:
        """As Office saves: write beside it, then rename over it."""
        path = self._rewritable()
        if path is None:
            return
        target = self.root / path
        beside = target.with_name(f"{self._chance.randrange(16**8):08X}.tmp")
        beside.write_bytes(self._content(path.rpartition(".")[2]))
        beside.replace(target)
        self._lines[path].deeds.add("edit")
        self._note("save anew", path)

    def _to(self, path: str, place: str) -> None:
        """Move a file to a place where none is now."""
        (self.root / path).rename(self.root / place)
        line = self._lines.pop(path)
        line.deeds.add("move")
        # A place known to the record keeps its own identity (FW-9).
        self._lines[place] = Line(None) if place in self._taken else line
        self._taken.add(place)

    def _rename(self) -> None:
        path = self._pick()
        if path is not None:
            suffix = path.rpartition(".")[2]
            place = f"{path.rpartition('/')[0]}/{self._name(suffix)}".lstrip("/")
            self._to(path, place)
            self._note("rename", path, "->", place)

    def _take_a_name(self) -> None:
        """A rename to a name that another file had which is gone."""
        path = self._pick()
        free = sorted(
            place for place in self._taken - self._lines.keys()
            if path is not None and place.rpartition(".")[2] == path.rpartition(".")[2]
            and (self.root / place).parent.is_dir() and not (self.root / place).exists()
        )  # fmt: skip
        if path is not None and free:
            place = self._chance.choice(free)
            self._to(path, place)
            self._note("take a name", path, "->", place)

    def _case(self) -> None:
        """A rename in which only the case changes (FW-15)."""
        path = self._pick()
        if path is not None:
            folder, _, name = path.rpartition("/")
            place = f"{folder}/{name.swapcase()}".lstrip("/")
            if place != path and place not in self._lines:
                suffix_kept = place[: -len(Path(name).suffix)] + Path(name).suffix
                if suffix_kept not in self._lines:
                    self._to(path, suffix_kept)
                    self._note("case", path, "->", suffix_kept)

    def _move(self) -> None:
        path = self._pick()
        if path is not None:
            folder = self._chance.choice(self._folders())
            place = f"{folder}/{path.rpartition('/')[2]}".lstrip("/")
            if place not in self._lines:
                self._to(path, place)
                self._note("move", path, "->", place)

    def _move_and_edit(self) -> None:
        self._rename()
        self._edit()

    def _rename_folder(self) -> None:
        folders = [folder for folder in self._folders() if folder]
        if not folders:
            return
        old = self._chance.choice(folders)
        self._count += 1
        new = f"{old.rpartition('/')[0]}/Folder {self._count}".lstrip("/")
        (self.root / old).rename(self.root / new)
        for path in [path for path in self._lines if path.startswith(old + "/")]:
            place = new + path[len(old) :]
            line = self._lines.pop(path)
            line.deeds.add("move")
            self._lines[place] = line
            self._taken.add(place)
        self._note("rename folder", old, "->", new)

    def _make_folder(self) -> None:
        """A folder that arrives with files in it (FW-10)."""
        self._count += 1
        folder = f"{self._chance.choice(self._folders())}/New {self._count}".lstrip("/")
        (self.root / folder).mkdir(parents=True)
        for _ in range(3):
            suffix = self._chance.choice(sorted(MAKERS))
            place = f"{folder}/{self._name(suffix)}"
            (self.root / place).write_bytes(self._content(suffix))
            self._lines[place] = Line(None)
            self._taken.add(place)
        self._note("make folder", folder)

    def _copy(self) -> None:
        path = self._pick()
        if path is not None:
            place = self._place(path.rpartition(".")[2])
            shutil.copyfile(self.root / path, self.root / place)
            self._lines[place] = Line(None)
            self._taken.add(place)
            self._note("copy", path, "->", place)

    def _delete(self) -> None:
        path = self._pick()
        if path is not None:
            (self.root / path).unlink()
            del self._lines[path]
            self._note("delete", path)

    def _delete_folder(self) -> None:
        for folder in self._folders()[1:]:
            inside = [path for path in self._lines if path.startswith(folder + "/")]
            if len(inside) <= 6:
                shutil.rmtree(self.root / folder)
                for path in inside:
                    del self._lines[path]
                self._note("delete folder", folder)
                return

    def _swap(self) -> None:
        """Two files change places: each keeps its identity."""
        one, other = self._pick(), self._pick()
        if one is None or other is None or one == other:
            return
        if one.rpartition(".")[2] != other.rpartition(".")[2]:
            return
        aside = self.root / f"{one}.swap"
        (self.root / one).rename(aside)
        (self.root / other).rename(self.root / one)
        aside.rename(self.root / other)
        # A scan between the steps sees one of the three places empty, which is no swap.
        self._lines[one], self._lines[other] = Line(None), Line(None)
        self._note("swap", one, other)

    def _touch(self) -> None:
        path = self._pick()
        if path is not None:
            os.utime(self.root / path)
            self._lines[path].deeds.add("edit")
            self._note("touch", path)
