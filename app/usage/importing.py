"""Usage events from a CSV file: another tool's log, read line by line into the record."""

from __future__ import annotations

import codecs
import csv
import hashlib
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from app.clock import now_ms
from app.errors import UserError
from app.rows import ImportResult
from app.store.defaults import norm
from app.store.logs import ImportBatch, UsageEvent
from app.usage.csvrows import COLUMNS, Lookup, read_row

SOURCE = "events-csv"
LARGEST_FILE = 100 * 1024 * 1024
BATCH = 1000
BAD_KEPT = 200
LONGEST_FIELD = 100_000
NEEDED = ("at", "kind", "asset", "person")
DELIMITERS = ",;\t|"
NAMESPACE = uuid.UUID("9f3c7a52-5d0e-5b0a-8c6e-3f0f5f0a4d11")


def import_events(session: Session, me_id: int, file: Path) -> ImportResult:
    """Import usage events; docs/events-csv.md describes the columns.

    A line that cannot be read costs that line: ``bad`` holds line number and sentence of the first
    200, ``rows - imported - skipped`` is the number of all. An event that is known already (same
    moment, kind, asset, person and deal) is skipped. A file whose lines were all taken before is
    not read again (``repeated``); one that had bad lines is, since they may have been mended.

    Raises UserError when the file cannot be read, is too large or lacks a needed column.
    """
    sha, encoding = _examine(file)
    batch = _known_batch(session, sha)
    if batch is not None and batch.n_bad == 0:
        return ImportResult(batch.n_rows, 0, batch.n_rows, repeated=True, bad=())
    run = _Run(session)
    with _opened(file, encoding) as stream:
        reader, mapping = _reader(stream)
        for line, cells in _lines(reader, run):
            run.take(line, cells, mapping)
        run.flush()
    repeated = batch is not None
    if batch is None:
        batch = ImportBatch(source=SOURCE, file_sha=sha, by_id=me_id, mapping=dict(mapping))
        session.add(batch)
    batch.n_rows, batch.n_bad = run.rows, run.n_bad
    session.flush()
    skipped = run.rows - run.n_bad - run.imported
    return ImportResult(run.rows, run.imported, skipped, repeated=repeated, bad=tuple(run.bad))


class _Run:
    """One import: what has been read so far, and the events not yet written."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.lookup = Lookup(session)
        self.now = now_ms()
        self.rows = self.imported = self.n_bad = 0
        self.bad: list[tuple[int, str]] = []
        self._waiting: list[dict[str, Any]] = []

    def fail(self, line: int, reason: str) -> None:
        """Note a line that cannot be used."""
        self.n_bad += 1
        if len(self.bad) < BAD_KEPT:
            self.bad.append((line, reason))

    def take(self, line: int, cells: list[str], mapping: dict[str, int]) -> None:
        """Read one line into an event; empty lines count for nothing."""
        if not any(cell.strip() for cell in cells):
            return
        self.rows += 1
        values = {name: cells[i].strip() for name, i in mapping.items() if i < len(cells)}
        try:
            row = read_row(values, self.lookup, self.now)
        except UserError as problem:
            self.fail(line, str(problem))
            return
        identity = "|".join(
            (str(row.at), row.kind, str(row.asset.uid), str(row.person.uid), norm(row.deal_name))
        )
        self._waiting.append(
            {
                "uid": uuid.uuid5(NAMESPACE, identity), "kind": row.kind,
                "asset_id": row.asset.id, "version_id": None, "person_id": row.person.id,
                "team": row.person.team, "at": row.at, "received_at": self.now,
                "deal_id": row.deal_id, "account_id": row.account_id, "stage_id": row.stage_id,
                "search_uid": row.search_uid, "detail": row.detail,
            }
        )  # fmt: skip
        if len(self._waiting) >= BATCH:
            self.flush()

    def flush(self) -> None:
        """Write the events read so far; those known already change nothing."""
        if self._waiting:
            fresh = insert(UsageEvent).on_conflict_do_nothing(index_elements=["uid"])
            result: Any = self.session.connection().execute(fresh, self._waiting)
            self.imported += result.rowcount
            self._waiting.clear()


def _known_batch(session: Session, sha: bytes) -> ImportBatch | None:
    known = select(ImportBatch).where(ImportBatch.source == SOURCE, ImportBatch.file_sha == sha)
    return session.scalars(known).first()


def _unreadable(file: Path, problem: OSError) -> UserError:
    return UserError(f"{file} cannot be read: {problem.strerror or problem}.")


def _examine(file: Path) -> tuple[bytes, str]:
    """The content hash and the encoding. Raises UserError for a file that cannot be taken."""
    try:
        if not file.is_file():
            raise UserError(f"There is no file {file}. Check the path.")
        if file.stat().st_size > LARGEST_FILE:
            raise UserError(f"{file.name} is larger than 100 MB. Import it in parts.")
        digest = hashlib.sha256()
        utf8 = codecs.getincrementaldecoder("utf-8")()
        valid, start = True, b""
        with file.open("rb") as stream:
            while chunk := stream.read(1 << 20):
                start = start or chunk[:4]
                digest.update(chunk)
                valid = valid and _decodes(utf8, chunk)
        valid = valid and _decodes(utf8, b"", final=True)
    except OSError as problem:
        raise _unreadable(file, problem) from problem
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return digest.digest(), "utf-16"
    # What is not UTF-8 comes from a spreadsheet on Windows.
    return digest.digest(), "utf-8-sig" if valid else "cp1252"


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


@contextmanager
def _opened(file: Path, encoding: str) -> Iterator[TextIO]:
    former = csv.field_size_limit(LONGEST_FIELD)
    try:
        with file.open("r", encoding=encoding, errors="replace", newline="") as stream:
            yield stream
    except OSError as problem:
        raise _unreadable(file, problem) from problem
    finally:
        csv.field_size_limit(former)


def _reader(stream: TextIO) -> tuple[Any, dict[str, int]]:
    """The reader after the header, and where each known column stands.

    The delimiter is the one under which the header names most of our columns: guessing from the
    data (csv.Sniffer) takes letters for delimiters when there is one column or many dates.
    """
    header = stream.readline(LONGEST_FIELD)
    best: dict[str, int] = {}
    chosen = DELIMITERS[0]
    for delimiter in DELIMITERS:
        try:
            names = next(csv.reader([header], delimiter=delimiter), [])
        except csv.Error:
            continue
        found = _mapping(names)
        if len(found) > len(best):
            best, chosen = found, delimiter
    missing = [name for name in NEEDED if name not in best]
    if missing:
        raise UserError(
            f"The first line lacks the column{'s' if len(missing) > 1 else ''} "
            f"{', '.join(missing)}. It must name the columns at, kind, asset and person; "
            "account, deal, stage, channel and search may follow."
        )
    return csv.reader(stream, delimiter=chosen), best


def _mapping(names: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, name in enumerate(names):
        column = COLUMNS.get(norm(name.strip("\ufeff ")))
        if column is not None:
            found.setdefault(column, place)
    return found


def _lines(reader: Any, run: _Run) -> Iterator[tuple[int, list[str]]]:
    """Line numbers in the file (from 1, the header is line 1) with the cells."""
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as problem:
            run.rows += 1
            run.fail(reader.line_num + 1, f"This line is no CSV: {problem}.")
            continue
        yield reader.line_num + 1, cells
