"""kill -9 of window, indexer, readers and all while the collateral never rests.

After it: record equals disk, index equals record, no orphan, no duplicate, nothing lost that was
acknowledged, no process and no file left over. The seed of a failure is in its message.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from app.library import Library
from app.store.engine import sqlite_module
from tests.crash import checking
from tests.crash.family import Speaker, all_of, gone, kill, python
from tests.crash.mutator import Mutator

SEED = int(os.environ.get("DECKHAND_STORM_SEED", "20261127"))
KILLS_A_CHECK = 10
PATIENCE_S = 90.0
pytestmark = [
    pytest.mark.storm,
    pytest.mark.desktop,
    pytest.mark.skipif(not Path("/proc").is_dir(), reason="finds processes through /proc"),
]


class Storm:
    """One library, one restless folder, and the kills. ``kills`` counts them by (victim, state)."""

    def __init__(self, folder: Path, seed: int, spare: list[Path], scratch: Path) -> None:
        self.seed = seed
        self.mark = f"{seed}-{os.getpid()}"
        self.kills: Counter[tuple[str, str]] = Counter()
        self.acknowledged: list[dict[str, object]] = []
        self.refused: Counter[str] = Counter()
        self.checks = self.deaths = 0
        self._begun = time.monotonic()
        self._dice = random.Random(seed)
        self._root = folder / "root"
        self._library = Library(folder / "library")
        self._scratch = scratch
        self._complaints = folder / "complaints.txt"
        self._mutator = Mutator(self._root, seed, spare)
        self._actor: Speaker | None = None
        self._assets: dict[str, int] = {}
        self._library.add_root(str(self._root))
        self._library.set_me("Ana", "rep")
        self._library.settings.set("index.settle_seconds", 0.2)

    @property
    def dead(self) -> int:
        """How many kills there were."""
        return sum(self.kills.values())

    def run(self, kills: int) -> None:
        """Kill so often, checking now and then and at the end."""
        due = KILLS_A_CHECK
        try:
            self._check(by_window=False)
            while self.dead < kills:
                self._mutator.start()
                self._session(min(kills, due))
                if self.dead >= due or self.dead >= kills:
                    self._check(by_window=self.checks % 4 == 3)
                    due = self.dead + KILLS_A_CHECK
        finally:
            self._mutator.stop()
            for pid in all_of(self.mark):
                kill(pid)
            self._bury_actor()
            self._library.close()

    def report(self) -> dict[str, object]:
        """The figures so far; kept in a file too where DECKHAND_STORM_REPORT names one."""
        told: dict[str, object] = {
            "seed": self.seed, "kills": self.dead, "checks": self.checks,
            "deeds on disk": self._mutator.done, "acknowledged": len(self.acknowledged),
            "refused": dict(self.refused), "seconds": round(time.monotonic() - self._begun),
            "by victim": {" ".join(key): n for key, n in sorted(self.kills.items())},
        }  # fmt: skip
        kept = os.environ.get("DECKHAND_STORM_REPORT")
        if kept:
            Path(kept).write_text(json.dumps(told, indent=1))
        return told

    # ---- killing -------------------------------------------------------------------------

    def _session(self, until: int) -> None:
        """One life of a window or of an indexer, with a few kills in it, its own the last."""
        self._accept()
        window = self._dice.random() < 0.3
        self._keep_acting()
        main = self._window() if window else self._indexer("--watch")
        self._begin(main)
        victims = ["indexer", "indexer", "reader", "renderer"] if window else ["reader"]
        for _ in range(self._dice.randrange(2, 8) if window else self._dice.randrange(3)):
            if self.dead + 1 < until:
                self._kill_one(self._dice.choice(victims), main)
                time.sleep(self._dice.uniform(0.1, 1.2))
        last = self._dice.random()
        family = set(all_of(self.mark))
        if last < 0.25:
            self._note("all", main)
            for pid in sorted(family, key=lambda _: self._dice.random()):
                kill(pid)
            self._bury_actor()
        else:
            if last < 0.35 and self._actor is not None:
                self._note("actor", main)
                kill(self._actor.pid)
                self._bury_actor()
            self._note("window" if window else "indexer", main)
            kill(main.pid)
            family -= {self._actor.pid} if self._actor is not None else set()
        main.bury()
        left = gone(family, self.mark)
        assert not left, f"{self._said()}: left over {left} {all_of(self.mark)}"

    def _kill_one(self, role: str, main: Speaker) -> None:
        """Kill a process of a role, when one comes up in time; the main one lives on."""
        until = time.monotonic() + 6.0
        while time.monotonic() < until:
            found = [pid for pid, name in all_of(self.mark).items() if name == role]
            if found:
                self._note(role, main)
                kill(self._dice.choice(sorted(found)))
                return
            time.sleep(0.02)

    def _note(self, role: str, main: Speaker) -> None:
        self.kills[role, main.state()] += 1

    def _begin(self, main: Speaker) -> None:
        """Mostly let it come to work, however slow the machine is; then any moment will do."""
        until = time.monotonic() + 20.0 * (self._dice.random() < 0.8)
        while time.monotonic() < until and not self._works(main):
            time.sleep(0.02)
        time.sleep(self._dice.uniform(0.0, 2.0))

    def _works(self, main: Speaker) -> bool:
        if main.state() == "at work":
            return "reader" in all_of(self.mark).values()
        return main.state() != "starting"

    def _window(self) -> Speaker:
        return Speaker(python("deckhand.py", "--library", str(self._library.folder)), self.mark)

    def _indexer(self, *words: str) -> Speaker:
        command = python("-m", "app.indexing", "--library", str(self._library.folder), *words)
        return Speaker(command, self.mark, complaints=self._complaints)

    def _keep_acting(self) -> None:
        if self._actor is None or not self._actor.alive:
            self._bury_actor()
            seed = str(self._dice.randrange(10**6))
            command = python("-m", "tests.crash.actor", str(self._library.folder), seed)
            self._actor = Speaker(command, self.mark)

    def _bury_actor(self) -> None:
        if self._actor is not None:
            kill(self._actor.pid)
            self._actor.bury()
            self.deaths += 1
            self.acknowledged += [line for line in self._actor.heard if line["did"]]
            self.refused.update(str(e["refused"]) for e in self._actor.heard if "refused" in e)
            self._actor = None

    # ---- checking ------------------------------------------------------------------------

    def _check(self, *, by_window: bool) -> None:
        """Let everything come to rest, by a window or an indexer alone, and look at it all."""
        self._mutator.stop()
        self._bury_actor()
        assert not all_of(self.mark), f"{self._said()}: {all_of(self.mark)}"
        self._settle(by_window=by_window)
        record = checking.Record(self._library.paths.database)
        self._blame(checking.record_equals_disk(record, self._root))
        self._blame([
            *checking.index_equals_record(record, self._library.paths.index, self._mutator.ever),
            *checking.search_tells_the_truth(record, self._library, self._root, step=7),
            *self._identities(record),
            *self._lost(),
            *self._left_over(),
        ])  # fmt: skip
        self._assets = {path: record.asset_at(path) for path in self._mutator.files()}
        self._mutator.checked()
        self.checks += 1
        self.report()

    def _blame(self, faults: list[str]) -> None:
        assert not faults, "\n".join([self._said(), *faults[:20], *self._mutator.log])

    def _settle(self, *, by_window: bool) -> None:
        if by_window:
            # The window's own child looks only once: what is gone by now is meant to be.
            self._library.accept_missing(self._library.roots()[0].id)
            window = self._window()
            until = time.monotonic() + PATIENCE_S
            while not self._at_rest():
                assert time.monotonic() < until, f"{self._said()}: the window does not catch up"
                time.sleep(0.3)
            kill(window.pid)
            window.bury()
            assert not gone(set(all_of(self.mark)), self.mark)
            self.kills["window", "at rest"] += 1
            return
        self._pass()
        if self._accept():
            self._pass()

    def _accept(self) -> bool:
        """Say that it is right where so many went at once that a person has to (FW-7)."""
        (root,) = self._library.roots()
        if root.state == "offline":
            self._library.accept_missing(root.id)
        return root.state == "offline"

    def _pass(self) -> None:
        """One pass of the program's own indexer from its start to its end."""
        indexer = self._indexer()
        until = time.monotonic() + PATIENCE_S
        while indexer.alive:
            assert time.monotonic() < until, f"{self._said()}: hung at {indexer.heard[-3:]}"
            time.sleep(0.05)
        indexer.bury()
        assert any(e.get("event") == "done" for e in indexer.heard), (
            f"{self._said()}: {indexer.heard[-5:]} {self._complaints.read_text()[-2000:]}"
        )

    def _at_rest(self) -> bool:
        """Whether a window that was just opened has nothing more to do."""
        record = checking.Record(self._library.paths.database)
        return not checking.record_equals_disk(record, self._root) and (
            self._library.status().index_current
        )

    def _identities(self, record: checking.Record) -> list[str]:
        """FW-9, FW-11: what was only edited, or only moved, is the same asset."""
        return [
            f"another asset: {before!r} was {self._assets.get(before)}, {now!r} is {asset}"
            for before, now in self._mutator.promises()
            if self._assets.get(before) != (asset := record.asset_at(now))
        ]

    def _lost(self) -> list[str]:
        """What was acknowledged and is not in the record, and what is there too often."""
        with closing(sqlite_module().connect(self._library.paths.database)) as db:
            tagged = {row[0] for row in db.execute("SELECT asset_id FROM asset_tag")}
            # Looking at an asset is an event too, and the window's own.
            deeds = "SELECT asset_id, kind FROM usage_event WHERE kind IN ('copy', 'share')"
            used = Counter(db.execute(deeds).fetchall())
            asked = {row[0] for row in db.execute("SELECT id FROM request")}
            saved = {row[0] for row in db.execute("SELECT name FROM saved_search")}
        did = Counter(
            (line["asset"], line["kind"]) for line in self.acknowledged if line["did"] == "use"
        )
        faults = [f"a use of {key} is lost" for key, n in did.items() if used[key] < n]
        if used.total() > did.total() + self.deaths:
            faults.append(f"{used.total()} uses, {did.total()} acknowledged")
        held = {"tag": ("asset", tagged), "ask": ("id", asked), "save": ("name", saved)}
        for line in self.acknowledged:
            key, known = held.get(str(line["did"]), ("did", {line["did"]}))
            if line[key] not in known:
                faults.append(f"acknowledged and lost: {line}")
        return faults

    def _left_over(self) -> list[str]:
        """Files that no start of the program took away: they would grow with every crash."""
        folder = self._library.folder
        odd = [
            path.relative_to(folder).as_posix()
            for path in folder.rglob("*")
            if path.suffix in (".tmp", ".part", ".swp") or path.name.startswith("settings.json.")
            or path.name.startswith("history.json.") or path.name.startswith("window.json.")
        ]  # fmt: skip
        scratch = [path.name for path in self._scratch.iterdir()]
        indexes = list((folder / "index").glob("i-*"))
        faults = [f"left over: {name}" for name in odd] + [f"in TMPDIR: {name}" for name in scratch]
        return faults + ([f"{len(indexes)} indexes"] if len(indexes) > 1 else [])

    def _said(self) -> str:
        roots = [(root.state, root.reason) for root in self._library.roots()]
        did = f"{self.dead} kills {dict(self.kills)}, {self._mutator.done} deeds"
        return f"seed {self.seed}, {did}, {roots}"


def _spare(corpus: Path | None) -> list[Path]:
    """A few small real documents, where they are at hand."""
    if corpus is None:
        return []
    real = (path for path in sorted(corpus.joinpath("collateral").rglob("*.*")) if path.is_file())
    return [path for path in real if path.stat().st_size < 150_000][::7][:25]


def test_nothing_is_lost_or_doubled_however_often_anything_is_killed(
    tmp_path: Path,
    desktop_env: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    storm_dose: Callable[[int, int], int],
) -> None:
    """FW-9, FW-11, FW-15, FW-17, IX-5, IX-12, DB-2."""
    corpus = os.environ.get("DECKHAND_CORPUS")
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    for name, value in {**desktop_env, "TMPDIR": str(scratch)}.items():
        monkeypatch.setenv(name, value)
    storm = Storm(tmp_path, SEED, _spare(Path(corpus) if corpus else None), scratch)
    storm.run(storm_dose(int(os.environ.get("DECKHAND_STORM_KILLS", "6")), 500))
    print(json.dumps(storm.report()))
    shutil.rmtree(tmp_path / "root")
