"""Whatever bytes a file holds, reading it ends with a state and a reason."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from indexer.extract import KINDS, STATES, Extracted, extract
from tests.unit.indexer import made, made_more

SUFFIXES = [
    *(".pdf", ".pptx", ".ppsx", ".docx", ".xlsx", ".html", ".md", ".txt", ".csv", ".srt"),
    *(".doc", ".ppt", ".xls", ".key", ".png", ".exe", ""),
    *(".odt", ".rtf", ".epub", ".svg", ".mp4", ".mkv", ".mp3", ".wav", ".jpg", ".psd", ".url"),
    *(".webloc", ".fodp", ".pages"),
]
BEGINNINGS = [
    *(b"", b"%PDF-1.7\n", b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    *(b"{\\rtf1", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe1", b"8BPS\x00\x01", b"II*\x00"),
    *(b"\x00\x00\x00\x18ftypisom", b"\x1a\x45\xdf\xa3", b"RIFF\x00\x00\x00\x00WAVE", b"ID3\x04"),
    *(b"RIFF\x00\x00\x00\x00AVI ", b"OggS", b"fLaC", b"bplist00", b"[InternetShortcut]\nURL="),
    *(b"\x00\x00\x00\x40moov", b"<svg>", b"<office:document>", b"\xff\xfb\x90\x00"),
    *(b"<html>", b"---\n", b"\xff\xfe", b"# ", b"\x1b$B", b"<?xml version='1.0'?>", b"MZ"),
]


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


@pytest.fixture(scope="module")
def originals(folder: Path) -> dict[str, bytes]:
    files = [
        made.deck(folder / "o.pptx"),
        made.document(folder / "o.docx"),
        made.workbook(folder / "o.xlsx"),
        made.pdf(folder / "o.pdf"),
        made_more.opendocument(folder / "o.odt", made_more.TEXT, "text"),
        made_more.flat(folder / "o.fodt", made_more.TEXT, "text"),
        made_more.epub(folder / "o.epub"),
        made_more.keynote(folder / "o.key"),
        made_more.mp4(folder / "o.mp4"),
        made_more.webm(folder / "o.webm"),
        made_more.wav(folder / "o.wav"),
    ]
    Image.new("RGB", (64, 32)).save(folder / "o.png")
    Image.new("RGB", (64, 32)).save(folder / "o.tif")
    files += [folder / "o.png", folder / "o.tif"]
    return {file.suffix: file.read_bytes() for file in files}


def _check(found: Extracted) -> None:
    assert found.kind in KINDS
    assert found.state in STATES
    assert (found.reason is None) == (found.state == "indexed")
    assert found.title
    for page in found.pages:
        f"{page.label}{page.heading}{page.body}{page.notes}".encode()
        assert "\x00" not in page.body


@given(
    suffix=st.sampled_from(SUFFIXES),
    beginning=st.sampled_from(BEGINNINGS),
    rest=st.binary(max_size=2_000),
)
def test_random_bytes_with_any_suffix(
    folder: Path, suffix: str, beginning: bytes, rest: bytes
) -> None:
    path = folder / f"random{suffix}"
    path.write_bytes(beginning + rest)
    _check(extract(path))


@given(
    suffix=st.sampled_from(
        [
            *(".pptx", ".docx", ".xlsx", ".pdf", ".odt", ".fodt", ".epub", ".key", ".mp4"),
            *(".webm", ".wav", ".png", ".tif"),
        ]
    ),
    cut=st.floats(0.0, 1.0),
    hits=st.lists(st.tuples(st.floats(0.0, 0.999), st.integers(0, 255)), max_size=20),
)
def test_real_files_with_flipped_bytes_and_lost_ends(
    folder: Path,
    originals: dict[str, bytes],
    suffix: str,
    cut: float,
    hits: list[tuple[float, int]],
) -> None:
    data = bytearray(originals[suffix])
    for place, value in hits:
        data[int(place * len(data))] = value
    path = folder / f"flipped{suffix}"
    path.write_bytes(data[: max(1, int(len(data) * cut))] if cut < 0.9 else data)
    _check(extract(path))


@given(
    text=st.text(max_size=2_000),
    suffix=st.sampled_from([".md", ".html", ".csv", ".txt", ".rtf", ".svg", ".url"]),
)
def test_any_text_in_any_dress(folder: Path, text: str, suffix: str) -> None:
    path = folder / f"text{suffix}"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    _check(extract(path))
