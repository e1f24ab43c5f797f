"""LO-1, LO-3: the real LibreOffice, where it is installed, and the real processes."""

from __future__ import annotations

import hashlib
import os
import socket
import threading
import zipfile
from pathlib import Path

import pytest

from indexer.extract.mupdf import load
from indexer.office import Failed, Office, Program, find_program
from indexer.picture_cache import SCRATCH
from indexer.render import Renderer
from tests.unit.indexer import made


@pytest.fixture(scope="module")
def program() -> Program:
    """The LibreOffice of this machine; without one the test is skipped."""
    found = find_program()
    if found is None:
        pytest.skip("LibreOffice is not installed")
    return found


def sha_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def converted(path: Path, kind: str, cache: Path, program: Program) -> list[str]:
    """The words of each page that LibreOffice makes of a file."""
    office = Office(cache, program)
    try:
        with load().open(office.convert(path, sha_of(path), kind)) as document:
            return [" ".join(page.get_text().split()) for page in document]
    finally:
        office.close()
        assert not list(cache.glob(f"{SCRATCH}*"))


def test_page_n_is_slide_n_although_one_is_hidden(tmp_path: Path, program: Program) -> None:
    deck, cache = made.deck(tmp_path / "Überblick – “neu”.pptx"), tmp_path / "cache & more"
    pages = converted(deck, "pptx", cache, program)
    heads = ("Harbour platform", "Prices", "Old figures")
    assert [head in page for head, page in zip(heads, pages, strict=True)] == [True] * 3
    with Renderer(cache) as renderer:
        picture = renderer.picture(deck, sha_of(deck), 3, 320, kind="pptx")
    assert picture.source == "page"


def test_page_n_is_sheet_n_although_one_is_hidden_and_one_is_empty(
    tmp_path: Path, program: Program
) -> None:
    import xlsxwriter

    if program.number < (7, 4):
        pytest.skip("sheets need LibreOffice 7.4")
    book = tmp_path / "b.xlsx"
    with xlsxwriter.Workbook(book) as workbook:
        for name in ("Long", "Hidden", "Empty", "Last"):
            sheet = workbook.add_worksheet(name)
            for row in range({"Long": 300, "Empty": 0}.get(name, 1)):
                sheet.write(row, 0, f"{name} {row}")
            if name == "Hidden":
                sheet.hide()
    pages = converted(book, "xlsx", tmp_path / "cache", program)
    assert [page[:8].strip() for page in pages] == ["Long 0 L", "Hidden 0", "", "Last 0"]


def test_a_file_that_is_no_document_is_refused(tmp_path: Path, program: Program) -> None:
    path = tmp_path / "a.pptx"
    path.write_bytes(b"PK\x03\x04" + os.urandom(4_000))
    with pytest.raises(Failed, match="LibreOffice could not open this file"):
        converted(path, "pptx", tmp_path / "cache", program)


def test_a_linked_picture_is_not_fetched(tmp_path: Path, program: Program) -> None:
    """A deck that calls home when it is shown would tell its author who looks at it."""
    deck, called = tmp_path / "d.pptx", threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        server.settimeout(60)

        def listen() -> None:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            called.set()
            connection.close()

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        _with_link(made.deck(tmp_path / "plain.pptx"), deck, f"http://127.0.0.1:{port}/x.png")
        assert len(converted(deck, "pptx", tmp_path / "cache", program)) == 3
        assert not called.is_set()
        server.shutdown(socket.SHUT_RDWR)
    thread.join(10)


def _with_link(plain: Path, out: Path, address: str) -> None:
    """Copy a deck, with a picture on its first slide that lies at an address."""
    picture = (
        '<p:pic xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        '<p:nvPicPr><p:cNvPr id="99" name="x"/><p:cNvPicPr/><p:nvPr/></p:nvPicPr><p:blipFill>'
        '<a:blip r:link="rId99"/><a:stretch><a:fillRect/></a:stretch></p:blipFill><p:spPr><a:xfrm>'
        '<a:off x="0" y="0"/><a:ext cx="900000" cy="900000"/></a:xfrm><a:prstGeom prst="rect"/>'
        "</p:spPr></p:pic></p:spTree>"
    )
    link = (
        '<Relationship Id="rId99" TargetMode="External" Type="http://schemas.openxmlformats.org/'
        f'officeDocument/2006/relationships/image" Target="{address}"/></Relationships>'
    )
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "ppt/slides/slide1.xml":
                data = data.replace(b"</p:spTree>", picture.encode())
            elif name == "ppt/slides/_rels/slide1.xml.rels":
                data = data.replace(b"</Relationships>", link.encode())
            target.writestr(name, data)


@pytest.mark.corpus
def test_real_decks_are_shown_as_they_look(corpus: Path, tmp_path: Path, program: Program) -> None:
    found = sorted((corpus / "collateral").rglob("*.pptx"), key=lambda path: path.stat().st_size)
    shown = 0
    office = Office(tmp_path / "cache", program)
    for deck in found[:2]:
        shown += office.convert(deck, sha_of(deck), "pptx").exists()
    office.close()
    assert shown == 2
