"""An e-mail draft with the files attached, recorded as sent in the same transaction."""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
import time
from collections.abc import Sequence
from email.headerregistry import Address
from pathlib import Path

from sqlalchemy.orm import Session

from app.clock import DAY_MS, day_text, now_ms
from app.errors import EnvironmentProblem, UserError
from app.rows import Draft, Occasion
from app.store.defaults import norm
from app.store.tables import Asset, Person
from app.usage import events, mail
from app.usage.opening import present_file
from app.usage.text import one_line

LARGE_MAIL = 25 * 1024 * 1024
"""Many mail servers refuse more; whoever shows a Draft warns above this size."""
LARGEST_MAIL = 150 * 1024 * 1024
KEEP_DAYS = 30
TITLES_IN_SUBJECT = 3


def draft(
    session: Session,
    me_id: int,
    asset_ids: Sequence[int],
    *,
    to: str = "",
    subject: str = "",
    body: str = "",
    occasion: Occasion | None = None,
    target: Path | None = None,
    folder: Path,
) -> Draft:
    """Write a draft that mail programs open ready to send, and record a sending of each asset.

    It is written to ``target`` (a path ending in .eml), else under ``folder`` by day and title;
    drafts there are removed after 30 days. The record keeps the number of recipients and their
    domains, never a name or an address. ``Draft.attachments`` are the names as attached and
    ``Draft.size`` the bytes of the whole message.

    Raises UserError for a bad address, a missing file, a target that must not be replaced or more
    than 150 MB, EnvironmentProblem when it cannot be written; then nothing is recorded.
    """
    assets = events.assets_of(session, asset_ids)
    recipients = mail.recipients(to)
    paths = [present_file(session, asset) for asset in assets]
    _refuse_too_large(paths)
    names = mail.attachment_names(paths)
    person = session.get(Person, me_id)
    subject = one_line(subject) or _subject(assets)
    message = mail.message(
        recipients, subject, body or _body(assets, names, person.name if person else "")
    )
    for path, name in zip(paths, names, strict=True):
        mail.attach(message, _read(path), name)
    detail = {"channel": "mail", "n_recipients": len(recipients), "domains": _domains(recipients)}
    events.append(session, me_id, "send", assets, events.context_of(session, occasion), detail)
    data = message.as_bytes()
    written = _write(_place(target, folder, assets[0].title), data)
    _forget_old(folder)
    return Draft(str(written), subject, tuple(names), len(data))


def _domains(recipients: Sequence[Address]) -> list[str]:
    return sorted({address.domain.lower() for address in recipients})


def _subject(assets: Sequence[Asset]) -> str:
    titles = [one_line(asset.title, 80) for asset in assets]
    more = len(titles) - TITLES_IN_SUBJECT
    text = ", ".join(titles[:TITLES_IN_SUBJECT])
    return f"{text} and {more} more" if more > 0 else text


def _body(assets: Sequence[Asset], names: Sequence[str], sender: str) -> str:
    count = "this document" if len(assets) == 1 else f"these {len(assets)} documents"
    listed = "\n".join(
        f"- {one_line(asset.title)} ({name})" for asset, name in zip(assets, names, strict=True)
    )
    closing = f"Kind regards\n{one_line(sender)}".rstrip()
    return f"Hello,\n\nplease find {count} attached:\n\n{listed}\n\n{closing}\n"


def _refuse_too_large(paths: Sequence[Path]) -> None:
    total = sum(path.stat().st_size for path in paths)
    # A mail carries three bytes as four characters.
    if total * 4 // 3 > LARGEST_MAIL:
        raise UserError(
            f"Together the files have {total // 1_000_000:,} MB: too much for an e-mail. "
            "Send fewer at once, or drag them into a shared folder and send a link."
        )


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as problem:
        raise UserError(
            f"{path} cannot be read: {problem.strerror or problem}. Check its permissions."
        ) from problem


def _place(target: Path | None, folder: Path, title: str) -> Path:
    if target is not None:
        return _checked_target(target.expanduser().absolute())
    slug = re.sub(r"[^a-z0-9]+", "-", norm(title)).strip("-")[:60].strip("-") or "draft"
    stem = f"{day_text(now_ms())}-{slug}"
    place, n = folder / f"{stem}.eml", 2
    while place.exists():
        place, n = folder / f"{stem}-{n}.eml", n + 1
    return place


def _checked_target(target: Path) -> Path:
    """Refuse a target that would cost somebody a file: collateral is read-only to us."""
    if target.suffix.lower() != ".eml":
        raise UserError(f"{target.name} is no name for a draft: it must end in .eml.")
    if not target.parent.is_dir():
        raise UserError(f"There is no folder {target.parent}. Make it first or choose another.")
    if target.is_symlink() or (target.exists() and not mail.is_draft(target)):
        raise UserError(f"{target} is there already and is no draft. Choose another name.")
    return target


def _write(place: Path, data: bytes) -> Path:
    """Replace ``place`` so that a crash leaves the former file or the new one, never half."""
    temporary: Path | None = None
    try:
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=place.parent, prefix=".draft-", suffix=".tmp")
        temporary = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(place)
    except OSError as problem:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        raise EnvironmentProblem(
            f"The draft could not be written to {place}: {problem.strerror or problem}."
        ) from problem
    return place


def _forget_old(folder: Path) -> None:
    limit = time.time() - KEEP_DAYS * DAY_MS / 1000
    for old in (*folder.glob("*.eml"), *folder.glob(".draft-*.tmp")):
        with contextlib.suppress(OSError):
            if old.stat().st_mtime < limit:
                old.unlink()
