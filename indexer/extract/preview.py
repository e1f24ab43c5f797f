"""Finds the picture of its first page that a file carries inside, for those who draw."""

from pathlib import Path

from indexer.extract.model import Refused
from indexer.extract.package import PART_ERRORS, Package

_CAP = 16 << 20
_PLACES = (
    "docprops/thumbnail.jpeg",
    "docprops/thumbnail.jpg",
    "docprops/thumbnail.png",
    "thumbnails/thumbnail.png",
    "preview.jpg",
    "quicklook/thumbnail.jpg",
    "quicklook/preview.jpg",
)
_PDF_PLACES = ("quicklook/preview.pdf", "preview.pdf")


def embedded_picture(path: Path) -> bytes | None:
    """Return a JPEG or PNG of the first page that an Office, OpenDocument or iWork file carries.

    The bytes are as foreign as the file: decode them within limits.
    """
    return _part(path, _PLACES, (b"\xff\xd8\xff", b"\x89PNG"))


def embedded_pdf(path: Path) -> bytes | None:
    """Return the PDF that Pages and older Keynote keep for a quick look."""
    return _part(path, _PDF_PLACES, (b"%PDF-",))


def _part(path: Path, places: tuple[str, ...], begins: tuple[bytes, ...]) -> bytes | None:
    try:
        with Package(path) as package:
            name = next((name for name in places if name in package), None)
            if name is None:
                return None
            with package.open(name) as stream:
                data = stream.read(_CAP + 1)
    except (Refused, *PART_ERRORS):
        return None
    return data if len(data) <= _CAP and data.startswith(begins) else None
