"""Files made to hurt: each ends with a state and a reason, and costs little (FILE-6)."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.extract import Extracted, extract
from indexer.extract.model import TEXT_CAP
from tests.unit.indexer import made, made_more

Dose = Callable[[int, int], int]


def _told(found: Extracted) -> None:
    assert (found.reason is None) == (found.state == "indexed")
    assert sum(len(page.body) for page in found.pages) <= TEXT_CAP


_OPENINGS = {
    "txt": "",
    "md": "# Heading\n",
    "csv": "a,b\n",
    "html": "<html><p>",
    "rtf": "{\\rtf1 ",
    "svg": '<svg xmlns="http://www.w3.org/2000/svg"><text>',
    "fodt": '<office:document xmlns:office="o" xmlns:text="t"><office:body><office:text><text:p>',
}


@pytest.mark.storm
@pytest.mark.parametrize("suffix", _OPENINGS)
@pytest.mark.parametrize("unit", ["word ", "x"])
def test_one_line_of_megabytes(tmp_path: Path, suffix: str, unit: str, storm_dose: Dose) -> None:
    """60 MB in the full dose; a megabyte in the small one."""
    size = storm_dose(1, 60) << 20
    path = tmp_path / f"line.{suffix}"
    path.write_text(_OPENINGS[suffix] + unit * (size // len(unit)))
    found = extract(path)
    _told(found)
    assert found.state == "indexed"
    kept = sum(len(page.body) for page in found.pages)
    assert kept > 900_000 or found.warnings
    if size > 32 << 20:
        assert found.warnings


def _nested(count: int) -> str:
    return "<x>" * count + "deep" + "</x>" * count


@pytest.mark.parametrize("part", ["docx", "pptx", "odt", "fodt", "svg", "epub", "html"])
def test_two_hundred_thousand_nested_elements(tmp_path: Path, part: str) -> None:
    nested = _nested(200_000)
    path = tmp_path / f"nested.{part}"
    if part in ("docx", "pptx"):
        source = getattr(made, {"docx": "document", "pptx": "deck"}[part])(tmp_path / f"o.{part}")
        name = {"docx": "word/document.xml", "pptx": "ppt/slides/slide2.xml"}[part]
        end = {"docx": b"</w:body>", "pptx": b"</p:spTree>"}[part]
        made.rewritten(source, made.replaced(name, end, nested.encode() + end), path)
    elif part == "odt":
        body = made_more.TEXT.replace("</office:text>", f"{nested}</office:text>")
        made_more.opendocument(path, body, "text")
    elif part == "fodt":
        made_more.flat(path, made_more.TEXT.replace("<text:h", f"{nested}<text:h", 1), "text")
    elif part == "svg":
        path.write_text(
            f'<svg xmlns="http://www.w3.org/2000/svg"><title>Quay</title>{nested}</svg>'
        )
    elif part == "epub":
        book = made_more.epub(tmp_path / "o.epub")
        change = made.replaced("OPS/a.xhtml", b"<p>Ebb", f"{nested}<p>Ebb".encode())
        made.rewritten(book, change, path)
    else:
        path.write_text(f"<html>{nested}")
    found = extract(path)
    _told(found)
    deep_enough = part in ("epub", "html")
    told = f"{found.reason} {found.warnings}"
    assert ("nested too deep" in told) != deep_enough
    assert (found.state == "indexed") == (part != "fodt")


def _claiming(path: Path, names: tuple[str, ...]) -> Path:
    """A zip whose directory claims that its parts unpack to 2 GiB."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name in names:
            package.writestr(name, b"<x/>" * 100)
    data = bytearray(path.read_bytes())
    at = 0
    while (at := data.find(b"PK\x01\x02", at)) >= 0:
        data[at + 24 : at + 28] = (0x7FFFFFFF).to_bytes(4, "little")
        at += 4
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("suffix", "names"),
    [
        ("docx", ("[Content_Types].xml", "word/document.xml")),
        ("odt", ("META-INF/manifest.xml", "content.xml")),
        ("epub", ("META-INF/container.xml", "OPS/a.xhtml")),
        ("key", ("Index/Document.iwa", "Index/Slide-1.iwa")),
        ("xlsb", ("[Content_Types].xml", "xl/workbook.bin")),
    ],
)
def test_parts_that_claim_two_gibibytes(
    tmp_path: Path, suffix: str, names: tuple[str, ...]
) -> None:
    found = extract(_claiming(tmp_path / f"claim.{suffix}", names))
    assert (found.state, found.pages) == ("too_large", ())
    assert "unpacks to 2,048.0 MB" in str(found.reason)


def test_zips_in_zips_are_not_unpacked(tmp_path: Path) -> None:
    inner = b"text"
    for _ in range(8):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
            package.writestr("inner.zip", inner)
        inner = buffer.getvalue()
    (tmp_path / "a.zip").write_bytes(inner)
    found = extract(tmp_path / "a.zip")
    assert (found.kind, found.state) == ("other", "name_only")
    document = made.document(tmp_path / "a.docx")
    with zipfile.ZipFile(document, "a") as package:
        package.writestr("word/embeddings/inner.zip", inner)
    assert extract(document).state == "indexed"


def test_archive_of_keynote_that_unpacks_to_too_much(tmp_path: Path) -> None:
    block = made_more.varint(1 << 30) + b"\x00a" + b"\xfe\x01\x00" * 1_000
    with zipfile.ZipFile(tmp_path / "a.key", "w") as package:
        package.writestr("Index/Slide-1.iwa", b"\x00" + len(block).to_bytes(3, "little") + block)
    found = extract(tmp_path / "a.key")
    assert (found.kind, found.pages) == ("pptx", ())
    assert found.state in ("no_text", "damaged")


def test_entities_of_a_flat_file_neither_swell_nor_read_files(tmp_path: Path) -> None:
    laughs = "".join(
        f'<!ENTITY l{n} "{"ha" if n == 0 else f"&l{n - 1};" * 10}">' for n in range(10)
    )
    path = made_more.flat(tmp_path / "a.fodt", made_more.TEXT, "text")
    source = path.read_text(encoding="utf-8")
    doctype = f'<!DOCTYPE x [{laughs}<!ENTITY file SYSTEM "file:///etc/passwd">]>'
    source = source.replace("?>", f"?>{doctype}", 1).replace("High", "High &l9; &file;")
    path.write_text(source, encoding="utf-8")
    body = "".join(page.body for page in extract(path).pages)
    assert len(body) < 1_000
    assert "root:" not in body
