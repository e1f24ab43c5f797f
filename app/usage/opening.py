"""Opening an asset in the system's program, recorded in the same transaction."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalogue import files
from app.clock import day_text
from app.errors import EnvironmentProblem, UserError
from app.rows import Occasion, Opening
from app.store.tables import Asset, AssetFile, Root
from app.usage import events, viewers

# What a double click would run rather than show (FILE-7).
PROGRAMS = frozenset((
    ".apk", ".app", ".appimage", ".application", ".bash", ".bat", ".bin", ".cmd", ".com",
    ".command", ".cpl", ".csh", ".deb", ".desktop", ".dll", ".dmg", ".elf", ".exe", ".fish",
    ".hta", ".inf", ".jar", ".jnlp", ".js", ".jse", ".ksh", ".lnk", ".mjs", ".msc", ".msi",
    ".msix", ".msp", ".osx", ".out", ".pif", ".pkg", ".pl", ".ps1", ".psm1", ".py", ".pyc",
    ".pyw", ".pyz", ".rb", ".reg", ".rpm", ".run", ".scf", ".scr", ".sct", ".sh", ".so",
    ".terminal", ".tool", ".url", ".vb", ".vbe", ".vbs", ".webloc", ".workflow", ".ws", ".wsc",
    ".wsf", ".wsh", ".zsh",
))  # fmt: skip


def open_asset(
    session: Session, me_id: int, asset_id: int, page: int = 0, occasion: Occasion | None = None
) -> Opening:
    """Record the opening and say how to do it; ``page`` counts from 1, 0 is the asset as a whole.

    ``at_page`` is True only when the viewer is told the page. Raises UserError, and records
    nothing, when the file is gone (saying where it was) or when it is a program.
    """
    asset = events.assets_of(session, [asset_id])[0]
    path = present_file(session, asset)
    if path.suffix.lower() in PROGRAMS:
        raise UserError(
            f"{path.name} is a program, not a document: Deckhand does not start it. "
            "Open it from its folder if you trust it."
        )
    page = max(0, page)
    context = events.context_of(session, occasion)
    detail = {"page": page} if page else None
    events.append(session, me_id, "open", [asset], context, detail)
    command = viewers.page_command(path, page)
    return Opening(asset.id, str(path), page, command, bool(command))


def present_file(session: Session, asset: Asset) -> Path:
    """The asset's file on this machine. Raises UserError that says where it was and what to do."""
    path = files.current_file(session, asset.id)
    if path is None:
        raise UserError(_gone(session, asset))
    return path


def _gone(session: Session, asset: Asset) -> str:
    query = (
        select(AssetFile, Root)
        .join(Root, Root.id == AssetFile.root_id)
        .where(AssetFile.asset_id == asset.id)
        .order_by(AssetFile.missing_since.is_not(None), AssetFile.missing_since.desc())
    )
    row = session.execute(query).first()
    if row is None:
        return f"{asset.title} has no file. Add the folder that holds it to the library."
    file, root = row
    if root.removed_at is not None:
        return (
            f"{asset.title} was in the folder {root.name} ({file.relpath}), which was taken out of "
            "the library. Add that folder again to open it."
        )
    if root.state == "offline":
        return (
            f"{asset.title} is in the folder {root.name} ({file.relpath}), which cannot be reached "
            "now. Connect the drive and try again."
        )
    since = f" since {day_text(file.missing_since)}" if file.missing_since is not None else ""
    return (
        f"{asset.title} is gone{since}: it was last at {file.relpath} in the folder {root.name}. "
        "Put the file back or, if it was moved, add its new folder to the library; then try again."
    )


def launch(opening: Opening) -> None:
    """Open it in the system's program. Raises EnvironmentProblem when nothing can open it."""
    if opening.command:
        viewers.start(opening.command)
    elif sys.platform == "win32":
        _start_file(opening.path)
    else:
        viewers.start(("open" if sys.platform == "darwin" else "xdg-open", opening.path))


def _start_file(path: str) -> None:
    # Typed loosely: the function exists on Windows only.
    system: Any = os
    try:
        system.startfile(path)
    except OSError as problem:
        raise EnvironmentProblem(
            f"No program opened {path}: {problem}. Choose one for this kind of file in the "
            "system's settings."
        ) from problem
