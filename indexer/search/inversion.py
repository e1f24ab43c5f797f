"""Turns a batch of pages into the files of a segment by sorting numbers.

A page is cut at its spaces; what stands between two spaces is looked up in a table of what has been
met before (which stems, how far apart) and becomes one number. Everything after that is arrays:
places by running sums, postings by one sort. The files are those that Whoosh's segment writer
writes through ``codec``, byte for byte, thirty times sooner.
"""

from __future__ import annotations

from array import array
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from indexer.search import segment
from indexer.search import text as words
from indexer.search.codec import NAME, write_documents
from indexer.search.documents import AssetDoc
from indexer.search.inverted import SortedFiles
from indexer.search.schema import BOOSTS, LAST_PLACE
from indexer.search.whooshed import W3Segment, length_to_byte

Item = TypeVar("Item")

_DOCUMENT_BITS, _PLACE_BITS = 24, 16
_MOST_LEARNT = 16_000_000
_LENGTHS = np.array([length_to_byte(length) for length in range(2_000)], np.uint8)


class Vocabulary:
    """What each run of signs between two spaces stands for, as numbers.

    ``ahead``, ``stem`` and ``pair`` are flat: those of run *r* are the ``many[r]`` ones from
    ``start[r]`` on. ``advance`` is how many places a run takes up.
    """

    def __init__(self) -> None:
        """Know nothing."""
        self.runs: dict[str | None, Runs] = {}
        self.stem_list: list[bytes] = []
        self.pair_list: list[tuple[str, str]] = []
        self.stem_numbers: dict[bytes, int] = {}
        self.pair_numbers: dict[tuple[str, str], int] = {}
        self.advance = array("I")
        self.start = array("I")
        self.many = array("I")
        self.ahead = array("I")
        self.stem = array("I")
        self.pair_start = array("I")
        self.pair_many = array("I")
        self.pair = array("I")
        self.learnt = 0

    def of(self, language: str | None) -> Runs:
        """Return the numbers of the runs of a language."""
        found = self.runs.get(language)
        if found is None:
            found = self.runs[language] = Runs(self, language)
        return found

    def learn(self, run: str, forms: Forms) -> int:
        """Cut a run up, note what it stands for and return its number."""
        number = len(self.many)
        start, pair_start = len(self.ahead), len(self.pair)
        self.advance.append(self._learn_chains(run, forms))
        self._end(start, pair_start)
        return number

    def learn_word(self, word: str, forms: Forms) -> int:
        """Do what ``learn`` does for a run that is one plain word."""
        number = len(self.many)
        start, pair_start = len(self.ahead), len(self.pair)
        stem, pair = forms[word]
        self.ahead.append(0)
        self.stem.append(stem)
        self.pair.append(pair)
        self.advance.append(1)
        self._end(start, pair_start)
        return number

    def _end(self, start: int, pair_start: int) -> None:
        self.start.append(start)
        self.many.append(len(self.ahead) - start)
        self.pair_start.append(pair_start)
        self.pair_many.append(len(self.pair) - pair_start)

    def _learn_chains(self, run: str, forms: Forms) -> int:
        """Note what each chain in a run stands for; return how many places they take up."""
        here = 0
        for chain in words.chains(run):
            cut = words.cut(chain)
            if cut.closed is None and cut.special is None:
                plain = [forms[part] for part in cut.parts]
                self.ahead.extend(range(here, here + len(plain)))
                self.stem.extend([stem for stem, _ in plain])
                self.pair.extend([pair for _, pair in plain])
                here += len(plain)
                continue
            found = [(at, *forms[form]) for at, form in words.places(cut)]
            for at, stem in dict.fromkeys([(at, stem) for at, stem, _ in found]):
                self.ahead.append(here + at)
                self.stem.append(stem)
            self.pair.extend([pair for _, _, pair in found])
            here += len(cut.parts)
        return here


class Forms(dict[str, tuple[int, int]]):
    """The numbers of each form of a language: that of its stem, and that of surface and stem."""

    def __init__(self, vocabulary: Vocabulary, language: str | None) -> None:
        """Learn for one language."""
        super().__init__()
        self._vocabulary = vocabulary
        self._stem = words.stemmer(language)

    def __missing__(self, form: str) -> tuple[int, int]:
        known = self._vocabulary
        fold = _cut if form.isascii() else words.fold
        surface = fold(form)
        find = self._stem if form.isalpha() else None
        stem = (fold(find(form)) if find else "") or surface
        known.learnt += len(form) + 64
        found = self[form] = (
            _number(stem.encode(), known.stem_numbers, known.stem_list),
            _number((surface, stem), known.pair_numbers, known.pair_list),
        )
        return found


def _cut(form: str) -> str:
    """Do what ``words.fold`` does for a form in ASCII, which is in lower case already."""
    return form[: words.LONGEST]


def _number(item: Item, known: dict[Item, int], items: list[Item]) -> int:
    number = known.setdefault(item, len(items))
    if number == len(items):
        items.append(item)
    return number


class Runs(dict[str, int]):
    """The number of each run of a language; a new one is learnt when it is looked up."""

    def __init__(self, vocabulary: Vocabulary, language: str | None) -> None:
        """Learn for one language."""
        super().__init__()
        self._vocabulary = vocabulary
        self._forms = Forms(vocabulary, language)

    def __missing__(self, run: str) -> int:
        word = words.plain(run)
        self._vocabulary.learnt += len(run) + 64
        if not word:
            number = self._vocabulary.learn(run, self._forms)
        elif word == run:
            number = self._vocabulary.learn_word(word, self._forms)
        else:
            # Punctuation changes nothing.
            number = self[word]
        self[run] = number
        return number


class Stream:
    """The runs of one field of a batch, document by document."""

    __slots__ = ("counts", "runs")

    def __init__(self) -> None:
        """Start without documents."""
        self.runs = array("I")
        self.counts = array("I")

    def add(self, runs: list[int]) -> None:
        """Take the runs of the next document."""
        self.runs.extend(runs)
        self.counts.append(len(runs))


class Batch:
    """Gathers assets and writes them as one segment."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Use what has been learnt, unless that has grown beyond measure."""
        if vocabulary.learnt > _MOST_LEARNT:
            vocabulary.__init__()  # type: ignore[misc]
        self._vocabulary = vocabulary
        self._streams = {name: Stream() for name in sorted(BOOSTS)}
        self._met = array("I")
        self._assets = array("i")
        self._pages = array("i")

    @property
    def count(self) -> int:
        """The number of documents taken."""
        return len(self._assets)

    def add(self, doc: AssetDoc) -> None:
        """Take one asset: a document for each page, or one with page 0."""
        runs = self._vocabulary.of(doc.language)
        title = self._read(doc.title, runs)
        file = self._read(words.separate_name(doc.filename), runs)
        if not doc.pages:
            self._document(doc.asset_id, 0, title, file, [], [], [])
        for page in doc.pages:
            own = (self._read(text, runs) for text in (page.heading, page.body, page.notes))
            self._document(doc.asset_id, page.page_no, title, file, *own)

    def _read(self, text: str, runs: Runs) -> list[int]:
        found = list(map(runs.__getitem__, words.clean(text).split())) if text else []
        self._met.extend(found)
        return found

    def _document(
        self,
        asset_id: int,
        page_no: int,
        title: list[int],
        file: list[int],
        heading: list[int],
        body: list[int],
        notes: list[int],
    ) -> None:
        streams = self._streams
        streams["title"].add(title)
        streams["file"].add(file)
        streams["heading"].add(heading)
        streams["body"].add(body)
        streams["notes"].add(notes)
        self._assets.append(asset_id)
        self._pages.append(page_no)

    def write(self, folder: Path) -> str:
        """Write the segment's files and return its name. Raises OSError."""
        name = f"{NAME}_{W3Segment(None, NAME).segid}"
        terms, rank = self._ranks()
        found = SortedFiles(folder, name)
        lengths: dict[str, Any] = {}
        totals: dict[str, int] = {}
        for field, stream in self._streams.items():
            keys, size = self._keys(stream, rank)
            if len(keys):
                keys.sort()
                found.add_sorted(field, terms, *_postings(keys))
                lengths[field] = _length_bytes(size)
                totals[field] = len(keys)
        found.close(self._surfaces())
        write_documents(
            folder / (name + segment.DOCUMENTS),
            np.array(self._assets, np.int32),
            np.array(self._pages, np.int32),
            lengths,
            totals,
        )
        return name

    def _ranks(self) -> tuple[list[bytes], NDArray[np.uint64]]:
        """Return the terms of this batch in order, and by number of stem the place in that."""
        known = self._vocabulary
        runs = np.flatnonzero(np.bincount(_numbers(self._met)))
        source = _spread(_numbers(known.start)[runs], _numbers(known.many)[runs])
        stems = np.flatnonzero(np.bincount(_numbers(known.stem)[source])).tolist()
        stems.sort(key=known.stem_list.__getitem__)
        rank = np.zeros(len(known.stem_list), np.uint64)
        rank[stems] = np.arange(len(stems), dtype=np.uint64)
        return [known.stem_list[stem] for stem in stems], rank

    def _keys(
        self, stream: Stream, rank: NDArray[np.uint64]
    ) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
        """Return term, document and place of every word in one number each, and field lengths."""
        known = self._vocabulary
        runs, per_document = _numbers(stream.runs), _numbers(stream.counts).astype(np.int64)
        if not len(runs):
            return np.zeros(0, np.uint64), per_document
        document = np.repeat(np.arange(len(per_document)), per_document)
        advance = _numbers(known.advance)[runs].astype(np.int64)
        place = np.cumsum(advance) - advance
        first = np.minimum(np.cumsum(per_document) - per_document, len(runs) - 1)
        place -= np.repeat(place[first], per_document)
        many = _numbers(known.many)[runs]
        source = _spread(_numbers(known.start)[runs], many)
        place = np.repeat(place, many) + _numbers(known.ahead)[source].astype(np.int64)
        document = np.repeat(document, many)
        keys = rank[_numbers(known.stem)[source]] << np.uint64(_DOCUMENT_BITS + _PLACE_BITS)
        keys |= document.astype(np.uint64) << np.uint64(_PLACE_BITS)
        keys |= np.minimum(place, LAST_PLACE).astype(np.uint64)
        return keys, np.bincount(document, minlength=len(per_document))

    def _surfaces(self) -> dict[tuple[str, str], int]:
        known = self._vocabulary
        met = np.bincount(_numbers(self._met))
        runs = np.flatnonzero(met)
        many = _numbers(known.pair_many)[runs]
        source = _spread(_numbers(known.pair_start)[runs], many)
        often: Any = np.bincount(_numbers(known.pair)[source], np.repeat(met[runs], many))
        pairs = np.flatnonzero(often)
        rows = zip(pairs.tolist(), often[pairs].astype(np.int64).tolist(), strict=True)
        return {known.pair_list[pair]: count for pair, count in rows}


def _numbers(numbers: array[int]) -> NDArray[np.uint32]:
    """Look into an array that goes on growing when this look is over."""
    return np.frombuffer(numbers, np.uint32) if numbers else np.zeros(0, np.uint32)


def _spread(starts: NDArray[np.uint32], many: NDArray[np.uint32]) -> NDArray[np.int64]:
    """Return start, start + 1, ... for each of several pieces, end to end."""
    ends = np.cumsum(many, dtype=np.int64)
    ramp = np.arange(int(ends[-1]) if len(ends) else 0)
    return np.repeat(starts.astype(np.int64) - (ends - many), many) + ramp


def _postings(keys: NDArray[np.uint64]) -> tuple[Any, Any, Any, Any, Any]:
    """Return ranks of the terms, postings per term, documents, counts and places of sorted keys."""
    upper = keys >> np.uint64(_PLACE_BITS)
    at = np.flatnonzero(np.concatenate([[True], upper[1:] != upper[:-1]]))
    counts = np.diff(np.append(at, len(keys)))
    upper = upper[at]
    documents = (upper & np.uint64((1 << _DOCUMENT_BITS) - 1)).astype(np.uint32)
    ranks = (upper >> np.uint64(_DOCUMENT_BITS)).astype(np.int64)
    begins = np.flatnonzero(np.concatenate([[True], ranks[1:] != ranks[:-1]]))
    frequency = np.diff(np.append(begins, len(ranks)))
    places = (keys & np.uint64(LAST_PLACE)).astype(np.uint32)
    return ranks[begins], frequency, documents, counts.astype(np.uint32), places


def _length_bytes(size: NDArray[np.int64]) -> NDArray[np.uint8]:
    found = _LENGTHS[np.minimum(size, len(_LENGTHS) - 1)]
    for at in np.flatnonzero(size >= len(_LENGTHS)).tolist():
        found[at] = length_to_byte(int(size[at]))
    return found
