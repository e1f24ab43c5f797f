"""Small pieces of collateral in many formats, quick to make, each page with a word of its own."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.unit.indexer import made

LETTERS = "bcdfghjklmnpqrtvwxz"
Maker = Callable[[str, str], bytes]


def word(number: int) -> str:
    """A word that nothing else says: no vowels, so no stemmer takes it for a form of another."""
    out = ""
    for _ in range(6):
        number, digit = divmod(number, len(LETTERS))
        out = LETTERS[digit] + out
    return f"zq{out}kx"


@cache
def _parts(kind: str) -> tuple[tuple[str, bytes], ...]:
    """The parts of a document of an Office format that was made once."""
    how = {"pptx": made.deck, "docx": made.document, "xlsx": made.workbook}[kind]
    with TemporaryDirectory() as folder:
        archive = zipfile.ZipFile(io.BytesIO(how(Path(folder, f"made.{kind}")).read_bytes()))
    return tuple((name, archive.read(name)) for name in archive.namelist())


def _office(kind: str, first_was: bytes, second_was: bytes) -> Maker:
    def make(first: str, second: str) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
            for name, data in _parts(kind):
                if name.endswith(".xml"):
                    data = data.replace(first_was, first_was + b" " + first.encode())
                    data = data.replace(second_was, second_was + b" " + second.encode())
                archive.writestr(name, data)
        return out.getvalue()

    return make


def _pdf(first: str, second: str) -> bytes:
    with made.pymupdf.open() as document:
        for text in (first, second):
            document.new_page(width=400, height=300).insert_text((40, 60), text, fontsize=18)
        data: bytes = document.tobytes()
    return data


def _text(pattern: str) -> Maker:
    return lambda first, second: pattern.format(first, second).encode()


MAKERS: dict[str, Maker] = {
    "md": _text("# Talk {0}\n\nAsk about churn.\n\n# Then\n\nSay {1} twice.\n"),
    "txt": _text("Minutes {0}\n\nAgreed: {1}.\n"),
    "csv": _text("plan,price\n{0},49\n{1},59\n"),
    "html": _text("<html><body><h1>Page {0}</h1><p>About {1}</p></body></html>"),
    "svg": _text('<svg xmlns="http://www.w3.org/2000/svg"><text>{0} {1}</text></svg>'),
    "pptx": _office("pptx", b"Harbour platform", b"Prices"),
    "docx": _office("docx", b"Berth guide", b"Second part"),
    "xlsx": _office("xlsx", b"Crane", b"Discount"),
    "pdf": _pdf,
    "rtf": lambda first, second: rf"{{\rtf1\ansi {first}\par {second}\par}}".encode(),
}
BROKEN: dict[str, Maker] = {
    "pdf": _text("%PDF-1.7\n% {0} {1} and no more"),
    "pptx": lambda first, second: b"PK\3\4" + first.encode() + b"\0" * 60 + second.encode(),
    "png": lambda first, second: b"\x89PNG\r\n\x1a\n" + first.encode() + second.encode(),
    "mov": lambda first, second: b"\0\0\0\x14ftypqt  " + first.encode() + second.encode(),
}
