"""Messages as mail programs want them: addresses checked, headers safe, attachments named."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

from app.errors import UserError
from app.usage.text import one_line

# The system's own table differs from machine to machine; these must be right everywhere.
OFFICE = "application/vnd.openxmlformats-officedocument"
TYPES = {
    ".pdf": "application/pdf",
    ".pptx": f"{OFFICE}.presentationml.presentation",
    ".ppsx": f"{OFFICE}.presentationml.slideshow",
    ".potx": f"{OFFICE}.presentationml.template",
    ".docx": f"{OFFICE}.wordprocessingml.document",
    ".xlsx": f"{OFFICE}.spreadsheetml.sheet",
    ".ppt": "application/vnd.ms-powerpoint",
    ".doc": "application/msword",
    ".xls": "application/vnd.ms-excel",
    ".odp": "application/vnd.oasis.opendocument.presentation",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".md": "text/markdown",
    ".txt": "text/plain",
    ".csv": "text/csv",
    ".html": "text/html",
    ".htm": "text/html",
}
LOCAL_PART = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}")
DOMAIN = re.compile(r"(?=.{1,253}$)([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+"
                    r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")  # fmt: skip
SEPARATOR = re.compile(r'[,;\r\n]+(?=(?:[^"]*"[^"]*")*[^"]*$)')
# Name <address> or "Name" <address>; the standard parser also makes sense of what is a mistake.
NAMED = re.compile(r'(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<name>[^"<>:\\]*?))\s*<(?P<spec>[^<>]+)>')
ESCAPED = re.compile(r"\\(.)")
LONGEST_LIST = 10_000
OUTSIDE_NAMES = re.compile(r'[<>:"/\\|?*]')


def recipients(text: str) -> tuple[Address, ...]:
    """The addresses of a list parted by commas, semicolons or line breaks, each once.

    Raises UserError naming the address that is none.
    """
    if len(text) > LONGEST_LIST:
        raise UserError("That is too long a list of recipients. Send to fewer people at once.")
    found: dict[str, Address] = {}
    for part in SEPARATOR.split(text):
        if part.strip():
            address = _address(part.strip())
            found.setdefault(address.addr_spec.lower(), address)
    return tuple(found.values())


def _address(text: str) -> Address:
    shown = one_line(text, 80)
    parts = NAMED.fullmatch(" ".join(text.split()))
    name = parts["quoted"] or parts["name"] or "" if parts else ""
    local, at, domain = (parts["spec"] if parts else text).rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        ascii_domain = ""
    dots = local.startswith(".") or local.endswith(".") or ".." in local
    good = LOCAL_PART.fullmatch(local) and DOMAIN.fullmatch(ascii_domain) and not dots
    if not at or not good or any(c in text for c in "\r\n\0"):
        raise UserError(f"{shown!r} is no e-mail address. Write it like name@company.com.")
    return Address(
        display_name=one_line(ESCAPED.sub(r"\1", name)), username=local, domain=ascii_domain
    )


def message(to: Sequence[Address], subject: str, body: str) -> EmailMessage:
    """An unsent message. ``Date`` comes first: file managers know a mail by its first header."""
    made = EmailMessage(policy=SMTP)
    made["Date"] = format_datetime(datetime.now(UTC))
    made["X-Unsent"] = "1"
    if to:
        made["To"] = tuple(to)
    made["Subject"] = one_line(subject)
    made.set_content(_speakable(body))
    return made


def _speakable(body: str) -> str:
    """The body without half surrogates, which no charset can carry."""
    return body.encode("utf-8", "replace").decode("utf-8").replace("\0", "")


def attach(made: EmailMessage, data: bytes, name: str) -> None:
    """Attach a file's bytes unchanged, under a name of any script (RFC 2231)."""
    main, _, sub = media_type(name).partition("/")
    made.add_attachment(data, maintype=main, subtype=sub, filename=name)


def media_type(name: str) -> str:
    """The media type by the name's ending; ``application/octet-stream`` when it is unknown."""
    known = TYPES.get(Path(name).suffix.lower())
    if known is not None:
        return known
    guessed, encoding = mimetypes.guess_type(name)
    if guessed is None or encoding is not None or guessed.startswith(("message/", "multipart/")):
        return "application/octet-stream"
    return guessed


def attachment_names(paths: Sequence[Path]) -> list[str]:
    """The names to attach files under: readable, legal on every system, each once."""
    names: list[str] = []
    taken: set[str] = set()
    for path in paths:
        readable = path.name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        plain = OUTSIDE_NAMES.sub("_", one_line(readable)) or "file"
        stem, suffix = Path(plain).stem, Path(plain).suffix
        name, n = plain, 2
        while name.casefold() in taken:
            name, n = f"{stem} ({n}){suffix}", n + 1
        taken.add(name.casefold())
        names.append(name)
    return names


def is_draft(path: Path) -> bool:
    """Whether a file is a draft that we wrote."""
    try:
        with path.open("rb") as file:
            head = file.read(2048)
    except OSError:
        return False
    return head.startswith(b"Date:") and b"\nX-Unsent: 1" in head
