"""Writing the index: one writer per library, one commit per batch, the change number with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock, Timeout

from indexer.search import files, merging, segment
from indexer.search import text as words
from indexer.search.codec import NAME, ArrayCodec, Pool
from indexer.search.documents import AssetDoc
from indexer.search.files import Entry, Manifest
from indexer.search.inversion import Batch, Vocabulary
from indexer.search.schema import BOOSTS, Inverter, make_schema
from indexer.search.whooshed import TOC, FileIndex, FileStorage, SegmentWriter, W3Segment


class IndexBusy(Exception):
    """Another process writes this index; the message is a sentence."""


class _Index(FileIndex):  # type: ignore[misc]
    """A Whoosh index whose list of segments is our manifest instead of a pickle."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.storage = FileStorage(str(folder))
        self.indexname = NAME
        self._schema = make_schema()
        self._codec = ArrayCodec(BOOSTS)
        self._manifest = manifest

    def _read_toc(self) -> Any:
        described = [self._describe(entry) for entry in self._manifest.segments]
        return TOC(self._schema, described, self._manifest.generation)

    def _describe(self, entry: Entry) -> Any:
        gone = set(np.flatnonzero(entry.deleted).tolist()) if entry.deleted is not None else None
        segid = entry.id.removeprefix(NAME + "_")
        return W3Segment(self._codec, NAME, entry.documents, segid, gone)

    def new_segment(self) -> Any:
        """Return Whoosh's writer of one new segment."""
        return _OneSegment(self, codec=self._codec, compound=False, _lk=False)


class _OneSegment(SegmentWriter):  # type: ignore[misc]
    """Whoosh's segment writer with our pool; the commit itself is the manifest's."""

    def __init__(self, ix: Any, **kwargs: Any) -> None:
        super().__init__(ix, **kwargs)
        self.pool = Pool()

    def _commit_toc(self, segments: list[Any]) -> None:
        """Leave the list of segments to the manifest."""


def open_whoosh(folder: Path) -> FileIndex:
    """Return the committed index as Whoosh sees it, for queries that only Whoosh can answer.

    Raises Damaged or FileNotFoundError.
    """
    target = files.read_pointer(folder)
    if target is None:
        raise FileNotFoundError(folder)
    return _Index(target, files.read_manifest(target))


def whoosh_index(target: Path, manifest: Manifest) -> FileIndex:
    """Return one commit of an index in its own folder as Whoosh sees it."""
    return _Index(target, manifest)


class IndexWriter:
    """The only writer of a library's index.

    ``applied`` is the change number that the committed index holds, 0 when it is new. When the
    index in the folder was damaged or written by another version, ``rebuilding`` is true and the
    writer fills a new one beside it, from change 0 or from where an earlier rebuild stopped;
    ``switch`` puts it in the place of the old one when it has caught up. ``rebuild`` asks for that
    in any case; without ``resume`` an interrupted rebuild is thrown away first, as it must be
    when the record has gone back in time.

    Raises IndexBusy when another process holds the lock, PermissionError when the folder belongs
    to another user, OSError when the disk refuses.
    """

    def __init__(
        self,
        folder: Path,
        *,
        rebuild: bool = False,
        resume: bool = True,
        through_whoosh: bool = False,
    ) -> None:
        """Take the lock and open what is there, or begin anew.

        With ``through_whoosh`` segments are written by Whoosh's own segment writer: the same
        files, many times slower. It is what the quick way is held against.
        """
        self._folder = folder
        trusted = files.make_private(folder)
        self._lock = FileLock(folder / ".lock", timeout=0, thread_local=False)
        try:
            self._lock.acquire()
        except Timeout:
            raise IndexBusy("Another Deckhand is writing the search index already.") from None
        try:
            if rebuild and not resume:
                files.write_pointer(folder, files.NEXT, None)
            self._target, self._manifest, self.rebuilding = self._open(
                trusted=trusted, rebuild=rebuild
            )
            files.sweep_folders(folder)
            files.sweep(self._target, self._manifest)
        except BaseException:
            self._lock.release()
            raise
        self._stamps = self._seen()
        self._through_whoosh = through_whoosh
        self._inverter = Inverter()
        self._vocabulary = Vocabulary()
        self._assets: dict[str, Any] = {}

    @property
    def applied(self) -> int:
        """The change number that the committed index holds."""
        return self._manifest.applied

    @property
    def entries(self) -> int:
        """How many entries (pages, and assets without any) the committed index holds."""
        return sum(entry.live for entry in self._manifest.segments)

    def _open(self, *, trusted: bool, rebuild: bool) -> tuple[Path, Manifest, bool]:
        current = self._readable(files.CURRENT) if trusted else None
        if current and not rebuild:
            return (*current, False)
        # The record is the truth: an index that cannot be read is never replaced by an empty
        # one that answers "nothing found", but by a full one when that is ready.
        fresh = not current and not (self._folder / files.CURRENT).exists()
        unfinished = self._readable(files.NEXT) if trusted else None
        if unfinished and not fresh:
            return (*unfinished, True)
        target = files.new_folder(self._folder)
        files.write_pointer(self._folder, files.CURRENT if fresh else files.NEXT, target)
        return target, files.read_manifest(target), not fresh

    def _readable(self, pointer: str) -> tuple[Path, Manifest] | None:
        try:
            target = files.read_pointer(self._folder, pointer)
            if target is None:
                return None
            manifest = files.read_manifest(target)
            for entry in manifest.segments:
                files.verify(target, entry)
        except (files.Damaged, OSError):
            if pointer == files.NEXT:
                files.write_pointer(self._folder, files.NEXT, None)
            return None
        return target, manifest

    def is_whole(self) -> bool:
        """Whether every file that was committed still lies there as it was left.

        At the cost of a look at each: what somebody else has written, cut, moved or deleted is
        noticed, not a disk that gives other bytes than it was given.
        """
        return self._stamps == self._seen()

    def _seen(self) -> dict[Path, tuple[int, int, int] | None]:
        pointer = self._folder / (files.NEXT if self.rebuilding else files.CURRENT)
        named = [
            self._target / (entry.id + ending)
            for entry in self._manifest.segments
            for ending in entry.sums
        ]
        return {
            path: files.stamp(path) for path in (pointer, self._target / files.MANIFEST, *named)
        }

    def apply(self, docs: Iterable[AssetDoc], removed: Iterable[int], change: int) -> None:
        """Put assets in, take assets out, and note the change number, all in one commit.

        An asset that is there already is replaced. A batch is held in memory: give at most
        about a thousand assets at a time. When this raises, nothing has changed.
        Raises ValueError when ``change`` is smaller than ``applied``.
        """
        if change < self.applied:
            raise ValueError(f"Change {change} is older than change {self.applied}, already held.")
        replaced, fresh = self._write(docs)
        gone = np.array(sorted(replaced | set(removed)), np.int64)
        entries = [self._without(entry, gone) for entry in self._manifest.segments]
        entries = [entry for entry in entries if entry.live]
        self._commit((*entries, *([fresh] if fresh else [])), change)
        if len(self._manifest.segments) >= merging.MOST_SEGMENTS:
            self._join(merging.choose(self._manifest.segments))

    def merge_if_idle(self) -> bool:
        """Join segments where that helps; True when something was done and there may be more."""
        chosen = merging.choose(self._manifest.segments, idle=True)
        if not chosen:
            return False
        self._join(chosen)
        return True

    def switch(self) -> None:
        """Put the index that was rebuilt in the place of the old one, which is deleted."""
        if not self.rebuilding:
            return
        files.write_pointer(self._folder, files.CURRENT, self._target)
        files.write_pointer(self._folder, files.NEXT, None)
        self.rebuilding = False
        self._stamps = self._seen()
        files.sweep_folders(self._folder)

    def close(self) -> None:
        """Let the lock go; what was committed stays."""
        self._lock.release()

    def __enter__(self) -> IndexWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _without(self, entry: Entry, gone: Any) -> Entry:
        if not len(gone):
            return entry
        assets = self._assets.get(entry.id)
        if assets is None:
            with_id = segment.Segment(self._target, entry.id)
            assets = self._assets[entry.id] = with_id.asset_ids
            with_id.close()
        hit = np.isin(assets, gone)
        return entry.without(hit) if hit.any() else entry

    def _write(self, docs: Iterable[AssetDoc]) -> tuple[set[int], Entry | None]:
        """Write a segment of the documents; return the assets in it and its entry."""
        held: dict[int, range] = {}
        languages: dict[str | None, None] = {}
        again: list[range] = []
        taker = self._by_whoosh() if self._through_whoosh else _Arrays(self._vocabulary)
        try:
            for doc in docs:
                before = taker.count
                taker.add(doc)
                languages[doc.language] = None
                if doc.asset_id in held:
                    again.append(held[doc.asset_id])
                held[doc.asset_id] = range(before, taker.count)
            if not held:
                taker.cancel()
                return set(), None
            count, name = taker.count, taker.write(self._target)
        except BaseException:
            self._inverter, self._vocabulary = Inverter(), Vocabulary()
            taker.cancel()
            files.sweep(self._target, self._manifest)
            raise
        spoken = tuple(sorted(languages, key=str))
        entry = Entry(name, count, files.seal(self._target, name), spoken)
        return set(held), _delete_ranges(entry, again)

    def _by_whoosh(self) -> _Whoosh:
        return _Whoosh(_Index(self._target, Manifest(0, 0, ())), self._inverter)

    def _commit(self, entries: tuple[Entry, ...], change: int) -> None:
        manifest = Manifest(self._manifest.generation + 1, change, entries)
        files.write_manifest(self._target, manifest)
        self._manifest = manifest
        self._stamps = self._seen()
        kept = {entry.id for entry in entries}
        self._assets = {name: ids for name, ids in self._assets.items() if name in kept}
        files.sweep(self._target, manifest)

    def _join(self, chosen: list[Entry]) -> None:
        joined = merging.join(self._target, chosen)
        names = {entry.id for entry in chosen}
        kept = [entry for entry in self._manifest.segments if entry.id not in names]
        # A joined segment goes first: newer segments stay behind it, as they were written.
        self._commit((*([joined] if joined else []), *kept), self.applied)


def _delete_ranges(entry: Entry, ranges: list[range]) -> Entry:
    if not ranges:
        return entry
    gone = np.zeros(entry.documents, bool)
    for each in ranges:
        gone[each.start : each.stop] = True
    return entry.without(gone)


class _Arrays(Batch):
    """A batch that is written by sorting numbers."""

    def cancel(self) -> None:
        """Nothing is open before ``write``."""


class _Whoosh:
    """A batch that goes through Whoosh's segment writer."""

    def __init__(self, index: _Index, inverter: Inverter) -> None:
        self._index = index
        self._inverter = inverter
        self._writer: Any = None

    @property
    def count(self) -> int:
        """The number of documents taken."""
        return int(self._writer.docnum) if self._writer is not None else 0

    def add(self, doc: AssetDoc) -> None:
        """Give Whoosh the page documents of one asset."""
        if self._writer is None:
            self._writer = self._index.new_segment()
        _add(self._writer, self._inverter.places, doc)

    def write(self, _: Path) -> str:
        """Have the segment's files written and return its name."""
        self._writer.fieldwriter.surfaces = self._inverter.surfaces()
        self._writer.commit(merge=False)
        return str(self._writer.newsegment.segment_id())

    def cancel(self) -> None:
        """Let an unfinished segment go."""
        if self._writer is not None and not self._writer.is_closed:
            self._writer.cancel()


def _add(writer: Any, places: Callable[[str, str | None], Any], doc: AssetDoc) -> None:
    """Give Whoosh the page documents of one asset."""
    shared = {
        "title": places(doc.title, doc.language),
        "file": places(words.separate_name(doc.filename), doc.language),
    }
    if not doc.pages:
        writer.add_document(aid=doc.asset_id, page=0, **shared)
    for page in doc.pages:
        writer.add_document(
            aid=doc.asset_id,
            page=page.page_no,
            heading=places(page.heading, doc.language),
            body=places(page.body, doc.language),
            notes=places(page.notes, doc.language),
            **shared,
        )


def start_rebuild(folder: Path) -> IndexWriter:
    """Return a writer that fills a new index beside the one that answers.

    A rebuild that was interrupted is taken up again: look at ``applied``. Feed it every asset,
    then call ``switch``.
    """
    return IndexWriter(folder, rebuild=True)


def forget(folder: Path) -> None:
    """Have the index that answers now answer no more; nobody may be writing it."""
    files.write_pointer(folder, files.CURRENT, None)
    files.write_pointer(folder, files.NEXT, None)
