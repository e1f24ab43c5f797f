"""Hostile things for an indexer: made files, names and events, and an indexer to set them on."""

from __future__ import annotations

import json
import os
import queue
import shutil
import subprocess
import threading
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from app.library import Library
from app.rows import FindSpec
from tests.processes import family, shared_memory
from tests.unit.indexer import made

CHECKOUT = Path(__file__).resolve().parents[1]
TWO_GIB = 0x7FFFFFFF


# ---- files -------------------------------------------------------------------------------


def one_line(folder: Path, megabytes: int) -> list[str]:
    """Files of one endless line: text, Markdown and a web page. Returns their names."""
    folder.mkdir(parents=True, exist_ok=True)
    for suffix, opening in (("txt", ""), ("md", "# Heading\n"), ("html", "<html><p>")):
        with (folder / f"line.{suffix}").open("w") as stream:
            stream.write(opening)
            for number in range(megabytes):
                stream.write(f"{suffix}{number:07} ".ljust(1 << 20, "x"))
    return [f"line.{suffix}" for suffix in ("txt", "md", "html")]


def nested(folder: Path, depth: int) -> list[str]:
    """Elements in elements in elements: a web page, a document and a deck. Returns their names."""
    folder.mkdir(parents=True, exist_ok=True)
    deep = "<x>" * depth + "deep" + "</x>" * depth
    (folder / "nested.html").write_text(f"<html><p>shallow</p>{deep.replace('x>', 'div>')}")
    plain = made.document(folder / "plain.docx")
    end = b"</w:body>"
    change = made.replaced("word/document.xml", end, deep.encode() + end)
    made.rewritten(plain, change, folder / "nested.docx")
    plain.unlink()
    plain, end = made.deck(folder / "plain.pptx"), b"</p:spTree>"
    change = made.replaced("ppt/slides/slide2.xml", end, deep.encode() + end)
    made.rewritten(plain, change, folder / "nested.pptx")
    plain.unlink()
    return ["nested.html", "nested.docx", "nested.pptx"]


def claiming(folder: Path) -> list[str]:
    """Packages whose directory claims parts of 2 GiB. Returns their names."""
    folder.mkdir(parents=True, exist_ok=True)
    made.deck(folder / "claim.pptx")
    made.document(folder / "claim.docx")
    made.workbook(folder / "claim.xlsx")
    for suffix, parts in (
        ("odt", ("META-INF/manifest.xml", "content.xml")),
        ("epub", ("META-INF/container.xml", "a.xhtml")),
    ):
        with zipfile.ZipFile(folder / f"claim.{suffix}", "w", zipfile.ZIP_DEFLATED) as package:
            for part in parts:
                package.writestr(part, b"<x/>" * 1_000)
    names = sorted(path.name for path in folder.glob("claim.*"))
    for name in names:
        claim(folder / name, TWO_GIB)
    return names


def claim(path: Path, size: int) -> None:
    """Have the directory of a zip say that every part unpacks to ``size`` bytes."""
    data = bytearray(path.read_bytes())
    at = 0
    while (at := data.find(b"PK\x01\x02", at)) >= 0:
        data[at + 24 : at + 28] = size.to_bytes(4, "little")
        at += 4
    path.write_bytes(data)


def strange_places(folder: Path) -> list[str]:
    """A loop of links, links in a circle, a pipe and a file nobody may read. Their names."""
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "loop").symlink_to(folder, target_is_directory=True)
    (folder / "circle.md").symlink_to(folder / "elcric.md")
    (folder / "elcric.md").symlink_to(folder / "circle.md")
    os.mkfifo(folder / "pipe.pdf")
    (folder / "secret.md").write_text("# Secret\n\nfor nobody's eyes\n")
    (folder / "secret.md").chmod(0)
    return ["deep/loop", "circle.md", "elcric.md", "pipe.pdf", "secret.md"]


def copy_broken(corpus: Path, folder: Path) -> list[str]:
    """The broken files of the corpus, made writable. Returns their names."""
    shutil.copytree(corpus / "broken", folder, copy_function=shutil.copyfile)
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]


# ---- an indexer --------------------------------------------------------------------------


def _held_to_permissions() -> list[str]:
    """What to put before a command so that root, too, cannot read what is forbidden."""
    if os.getuid():
        return []
    lost = "-dac_override,-dac_read_search"
    return ["setpriv", f"--bounding-set={lost}", f"--inh-caps={lost}"]


class Watched:
    """The indexing child of a library as the window runs it; ``peak_mb`` of its whole family.

    It is held to the permissions of files, even as root.
    """

    def __init__(self, library: Library) -> None:
        self._process = subprocess.Popen(
            [*_held_to_permissions(), *library.indexer_command()], cwd=CHECKOUT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        self._said: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self._ended = threading.Event()
        self.peak_mb = 0.0
        self.at_peak = ""
        self._current = ""
        for work in (self._listen, self._weigh):
            threading.Thread(target=work, daemon=True).start()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            event = json.loads(line)
            self._current = str(event.get("current", self._current))
            if event["event"] != "progress":
                self._said.put(event)
        self._said.put(None)

    def _weigh(self) -> None:
        while not self._ended.wait(0.1):
            now = shared_memory(family(self._process.pid)) / 1024
            if now > self.peak_mb:
                self.peak_mb, self.at_peak = now, self._current

    def until(self, state: str, patience_s: float) -> None:
        """Wait until it says that it is in a state."""
        end = time.monotonic() + patience_s
        while True:
            event = self._said.get(timeout=max(0.1, end - time.monotonic()))
            assert event is not None, "the indexer ended"
            if event["event"] == "state" and event["state"] == state:
                return

    def order(self, op: str) -> None:
        """Tell it to do something."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"op": op}) + "\n")
        self._process.stdin.flush()

    @property
    def cpu_s(self) -> float:
        """Seconds of computing of all its processes so far, those that ended included."""
        ticks = 0
        for pid in family(self._process.pid):
            try:
                fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            ticks += sum(map(int, fields[11:15]))
        return ticks / os.sysconf("SC_CLK_TCK")

    def __enter__(self) -> Watched:
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(60)
        assert self._process.stdout is not None
        self._process.stdout.close()


# ---- what must hold ----------------------------------------------------------------------


def wait_until(true: Callable[[], bool], patience_s: float) -> None:
    """Wait for something that others bring about."""
    end = time.monotonic() + patience_s
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.3)


def recorded(library: Library) -> dict[str, int]:
    """Path -> asset of every file that the record holds as present."""
    query = sa.text("SELECT relpath, asset_id FROM asset_file WHERE missing_since IS NULL")
    with library.store.read() as session:
        return {path: asset for path, asset in session.execute(query)}


def on_disk(root: Path) -> set[str]:
    """The paths of all files, links and pipes below a folder."""
    found = set()
    for place, folders, names in os.walk(root):
        links = [name for name in folders if Path(place, name).is_symlink()]
        found |= {Path(place, name).relative_to(root).as_posix() for name in [*names, *links]}
    return found


def nothing_lost(library: Library, root: Path, word: str) -> None:
    """Record equals disk, the index equals the record, nothing is there twice or points nowhere.

    ``word`` stands in every file that was created in numbers.
    """
    files = recorded(library)
    assert set(files) == on_disk(root)
    assert library.status().index_current
    with library.store.read() as session:
        assert session.execute(sa.text("PRAGMA foreign_key_check")).all() == []
        lonely = "SELECT count(*) FROM asset WHERE id NOT IN (SELECT asset_id FROM asset_file)"
        assert session.execute(sa.text(lonely)).scalar() == 0
    wanted = {path for path in files if word in path}
    hits = library.find(FindSpec(word, exact=True, limit=100_000)).hits
    assert {hit.path for hit in hits} == wanted
    assert len({files[path] for path in wanted}) == len(wanted)
