"""Builds the sample library: a folder of real files, and the manifest that describes them."""

from __future__ import annotations

import io
import os
import re
import shutil
import zipfile
from datetime import UTC, datetime
from pathlib import Path

from app.sample.brand import PALETTES
from app.sample.catalogue import Piece, read_pieces
from app.sample.model import SampleAsset, SampleManifest
from app.sample.people import COMPANY, PEOPLE

_STAMP = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:)")


def build_collateral(folder: Path, *, now: datetime) -> SampleManifest:
    """Writes the sample files below ``folder`` and returns what they are.

    ``now`` is aware; ages and years count back from its day, and equal days give equal bytes. Each
    file's modification time is the day on which its piece was last changed. Files of the same name
    are replaced, others are left alone. Raises OSError when the folder cannot be written and
    ValueError when ``now`` has no time zone.
    """
    if now.tzinfo is None:
        raise ValueError("the sample needs an aware time: 'now' has no time zone")
    now = now.astimezone(UTC)
    pieces = read_pieces(now)
    paths = {piece.key: folder / piece.target for piece in pieces}
    pages: dict[str, int] = {}
    for piece in sorted(pieces, key=lambda each: each.copy_of is not None):
        path = paths[piece.key]
        path.parent.mkdir(parents=True, exist_ok=True)
        if piece.copy_of is None:
            pages[piece.key] = write_piece(path, piece)
        else:
            shutil.copyfile(paths[piece.copy_of], path)
            pages[piece.key] = pages[piece.copy_of]
        stamp = (piece.published_at or piece.created_at).timestamp()
        os.utime(path, (stamp, stamp))
    return SampleManifest(
        company=COMPANY,
        folder=folder,
        built_for=now,
        people=PEOPLE,
        assets=_assets(pieces, pages),
    )


def write_piece(path: Path, piece: Piece) -> int:
    """Writes one piece in its format and returns its number of pages, slides or sheets."""
    palette = PALETTES[piece.theme]
    made = piece.created_at
    if piece.format == "pdf":
        from app.sample.papers import write_paper

        return write_paper(path, piece.title, piece.sections, palette, made=made)
    if piece.format == "md":
        from app.sample.documents import write_markdown

        return write_markdown(path, piece.sections)
    if piece.format == "pptx":
        from app.sample.decks import write_deck

        count = write_deck(path, piece.title, piece.sections, palette, made=made)
    elif piece.format == "docx":
        from app.sample.documents import write_document

        count = write_document(path, piece.title, piece.sections, palette, made=made)
    else:
        from app.sample.sheets import write_workbook

        count = write_workbook(path, piece.title, piece.sections, palette, made=made)
    path.write_bytes(settle(path.read_bytes(), made))
    return count


def settle(package: bytes, made: datetime) -> bytes:
    """The same Office package with the clock taken out of it.

    Entries get the time ``made``, and so do the properties inside; charts carry whole workbooks of
    their own, which are settled too. The order of entries stays: readers want it.
    """
    day = (made.year, made.month, made.day, made.hour, made.minute, 0)
    text = made.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as source, zipfile.ZipFile(out, "w") as target:
        for entry in source.infolist():
            data = source.read(entry)
            if entry.filename.endswith(".xlsx"):
                data = settle(data, made)
            elif entry.filename == "docProps/core.xml":
                data = _STAMP.sub(rb"\g<1>" + text + rb"\g<3>", data)
            fresh = zipfile.ZipInfo(entry.filename, day)
            fresh.compress_type = zipfile.ZIP_DEFLATED
            fresh.external_attr = 0o644 << 16
            target.writestr(fresh, data)
    return out.getvalue()


def _assets(pieces: tuple[Piece, ...], pages: dict[str, int]) -> tuple[SampleAsset, ...]:
    targets = {piece.key: piece.target for piece in pieces}
    return tuple(
        SampleAsset(
            key=piece.key,
            relpath=piece.target,
            format=piece.format,
            title=piece.title,
            summary=piece.summary,
            tags=piece.tags,
            status=piece.status,
            created_at=piece.created_at,
            published_at=piece.published_at,
            last_reviewed_at=piece.last_reviewed_at,
            review_due=piece.review_due,
            expires=piece.expires,
            superseded_by=targets[piece.superseded_by] if piece.superseded_by else None,
            copy_of=targets[piece.copy_of or piece.based_on or ""]
            if piece.copy_of or piece.based_on
            else None,
            owner=piece.owner,
            language=piece.language,
            industry=piece.industry,
            competitor=piece.competitor,
            pages=pages[piece.key],
            story=piece.story,
        )
        for piece in pieces
    )
