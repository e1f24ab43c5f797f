"""Reads what a picture says of itself: size, EXIF, XMP, IPTC and the text of PNG."""

import warnings as python_warnings
from pathlib import Path
from typing import Any

from indexer.extract.model import Draft, PageText, Refused
from indexer.extract.xmp import read_xmp

_FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "DIB", "TIFF", "PSD", "AVIF")
_NAMES = {"MPO": "JPEG", "DIB": "BMP", "PSD": "Photoshop"}
_VALUE_CAP = 4_000
_XMP_CAP = 4 << 20
_EMPTY = "This picture says nothing of itself, so it is found by its name only."
_DAMAGED = "This picture is damaged and cannot be opened. Ask for a new copy."
_TOO_MANY = (
    "This picture claims more pixels than are safe to open, so it is found by its name only."
)

_EXIF = {0x010E: "description", 0x013B: "author", 0x8298: "copyright", 0x0131: "application"}
_EXIF_WINDOWS = {0x9C9B: "title", 0x9C9C: "comments", 0x9C9D: "author", 0x9C9E: "keywords"}
_EXIF_INNER = 0x8769
_TAKEN, _USER_COMMENT = 0x9003, 0x9286
_IPTC = {
    (2, 5): "title",
    (2, 105): "headline",
    (2, 120): "description",
    (2, 25): "keywords",
    (2, 80): "author",
    (2, 116): "copyright",
    (2, 90): "city",
    (2, 101): "country",
}
_PNG = {
    "title": "title",
    "author": "author",
    "description": "description",
    "comment": "comments",
    "copyright": "copyright",
    "software": "application",
    "creation time": "created",
    "source": "source",
}
_SAID = ("headline", "description", "comments", "keywords", "city", "country", "layers")
"""Properties that are text to search; the first ones are the most telling."""


def read(path: Path) -> Draft:
    """Return one page with the size of a picture and the texts that it carries.

    The picture itself is not decoded.

    :raises Refused: when it cannot be opened.
    """
    from PIL import Image, UnidentifiedImageError

    try:
        with python_warnings.catch_warnings():
            python_warnings.simplefilter("ignore")
            with Image.open(path, formats=_FORMATS) as picture:
                return _draft(picture)
    except Image.DecompressionBombError as error:
        raise Refused("too_large", _TOO_MANY) from error
    except FileNotFoundError:
        raise
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise Refused("damaged", _DAMAGED) from error


def _draft(picture: Any) -> Draft:
    found: dict[str, str] = {}
    for source in (_xmp, _iptc, _exif, _png):
        try:
            for name, value in source(picture).items():
                if value.strip(" \0"):
                    found.setdefault(name, value.strip(" \0")[:_VALUE_CAP])
        except Exception:  # what a camera wrote is a bonus, and libraries raise anything on it
            continue
    width, height = picture.size
    kind = _NAMES.get(picture.format or "", picture.format or "")
    frames = getattr(picture, "n_frames", 1) if picture.format in ("GIF", "TIFF") else 1
    about = f"{kind} picture, {width} × {height} pixels"
    if frames > 1:
        about += f", {frames} pictures in one"
    said = [found[name] for name in _SAID if found.get(name)]
    title = found.pop("title", None)
    body = "\n".join(dict.fromkeys([*said, about]))
    page = PageText(1, "picture", title or "", body, "", hidden=False)
    properties = {name: value for name, value in found.items() if name != "layers"}
    if "description" in properties:
        properties["subject"] = properties.pop("description")
    properties["dimensions"] = f"{width} × {height}"
    headings = [found["headline"]] if "headline" in found else []
    return Draft([page], title, headings, properties, [], _EMPTY)


def _xmp(picture: Any) -> dict[str, str]:
    info = picture.info
    data = info.get("xmp") or info.get("XML:com.adobe.xmp")
    if data is None and picture.format == "TIFF":
        data = picture.tag_v2.get(700)
    for number, _, block in getattr(picture, "resources", None) or ():
        if data is None and number == 1060:
            data = block
    if isinstance(data, str):
        data = data.encode("utf-8", "replace")
    return read_xmp(data) if isinstance(data, bytes) and len(data) <= _XMP_CAP else {}


def _iptc(picture: Any) -> dict[str, str]:
    from PIL import IptcImagePlugin

    raw = IptcImagePlugin.getiptcinfo(picture) or {}
    found: dict[str, str] = {}
    for key, name in _IPTC.items():
        value = raw.get(key)
        values = value if isinstance(value, list) else [value] if value else []
        texts = [_decoded(one) for one in values if isinstance(one, bytes)]
        if texts:
            found[name] = ", ".join(texts)
    return found


def _exif(picture: Any) -> dict[str, str]:
    exif = picture.getexif()
    found: dict[str, str] = {}
    for tag, name in _EXIF_WINDOWS.items():
        value = exif.get(tag)
        if isinstance(value, bytes):
            found[name] = value.decode("utf-16-le", "replace").rstrip("\0")
    for tag, name in _EXIF.items():
        value = exif.get(tag)
        if isinstance(value, str | bytes):
            text = _decoded(value) if isinstance(value, bytes) else value
            found.setdefault(name, text)
    inner = exif.get_ifd(_EXIF_INNER)
    if isinstance(taken := inner.get(_TAKEN), str):
        found["created"] = _moment(taken)
    comment = inner.get(_USER_COMMENT)
    if isinstance(comment, bytes) and len(comment) > 8:
        found.setdefault("comments", _user_comment(comment))
    return found


def _png(picture: Any) -> dict[str, str]:
    texts = getattr(picture, "text", None) if picture.format == "PNG" else None
    found = {
        _PNG[str(key).lower()]: str(value)
        for key, value in (texts or {}).items()
        if str(key).lower() in _PNG
    }
    comment = picture.info.get("comment")
    if isinstance(comment, bytes | str):
        found["comments"] = _decoded(comment) if isinstance(comment, bytes) else comment
    return found


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8").strip("\0")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace").strip("\0")


def _user_comment(data: bytes) -> str:
    """Decode a comment by the eight bytes that name its encoding (EXIF 2.3, 4.6.5)."""
    mark, rest = data[:8], data[8:]
    if mark.startswith(b"UNICODE"):
        wide = "utf-16-be" if rest[:1] == b"\0" else "utf-16-le"
        return rest.decode(wide, "replace").strip("\0 ")
    return _decoded(rest) if mark.startswith((b"ASCII", b"\0")) else ""


def _moment(text: str) -> str:
    """Turn "2024:01:31 12:00:00" into "2024-01-31T12:00:00"."""
    day, _, clock = text.strip("\0 ").partition(" ")
    return f"{day.replace(':', '-')}T{clock}" if clock else day.replace(":", "-")
