"""Formats from before 2007: their inner structures byte by byte, and whole files by LibreOffice."""

import struct
import subprocess
from pathlib import Path

import pytest
import xlsxwriter

from indexer.extract import extract, office, old_office, xls
from indexer.extract.doc import _pages, _parts, _pieces
from indexer.extract.model import Refused
from indexer.extract.ppt import _Deck, _listed, _page
from tests.unit.indexer import made


def _record(kind: int, data: bytes, *, instance: int = 0, version: int = 0) -> bytes:
    return struct.pack("<HHI", version | instance << 4, kind, len(data)) + data


def _listing(instance: int, *parts: bytes) -> bytes:
    return _record(4080, b"".join(parts), instance=instance, version=15)


def _persist(place: int, number: int = 0) -> bytes:
    return _record(1011, struct.pack("<IIIII", place, 0, 0, number, 0))


def _text(text: str) -> bytes:
    return _record(4000, text.encode("utf-16-le"))


def _stream(objects: list[bytes]) -> tuple[bytes, bytes]:
    """Put objects, their directory and a user's record together, as a save does."""
    data = b""
    places = []
    for one in objects:
        places.append(len(data))
        data += one
    directory = struct.pack(f"<I{len(places)}I", 1 | len(places) << 20, *places)
    edit = len(data) + 8 + len(directory)
    data += _record(6002, directory)
    data += _record(4085, struct.pack("<IIIII", 0, 0, 0, edit - 8 - len(directory), 1))
    return data, bytes(12) + struct.pack("<II", 0, edit)


def test_deck_with_titles_boxes_notes_and_a_hidden_slide() -> None:
    outline = _record(3999, struct.pack("<I", 0)) + _text("Harbour")
    outline += _record(3999, struct.pack("<I", 1)) + _record(4008, b"For pilots\rby night")
    document = _record(
        1000,
        _listing(0, _persist(2, 256), outline, _persist(3, 257)) + _listing(2, _persist(4)),
        version=15,
    )
    date = _record(0xF011, _record(3011, struct.pack("<IBBH", 0, 7, 0, 0)), version=15)
    box = _record(0xF004, _record(0xF00D, _text("in a box"), version=15), version=15)
    furniture = _record(0xF004, _record(0xF00D, _text("today"), version=15) + date, version=15)
    first = _record(1006, _record(1036, box + furniture, version=15), version=15)
    hidden = _record(1006, _record(1017, bytes(10) + b"\x04\x00" + bytes(4)), version=15)
    notes = _record(
        1008,
        _record(1009, struct.pack("<II", 256, 0)) + _record(1036, _text("Wave"), version=15),
        version=15,
    )
    deck = _Deck(*_stream([document, first, hidden, notes]))
    slides, said = _listed(deck)
    pages = [_page(deck, number, slide, said) for number, slide in enumerate(slides, 1)]
    assert [(p.heading, p.body, p.notes, p.hidden) for p in pages] == [
        ("Harbour", "For pilots\nby night\nin a box", "Wave", False),
        ("", "", "", True),
    ]


def test_deck_under_a_password_is_protected() -> None:
    with pytest.raises(Refused) as refused:
        _Deck(b"", bytes(12) + struct.pack("<II", 0xF3D1C4DF, 0))
    assert refused.value.state == "protected"


def test_deck_that_points_at_itself_ends() -> None:
    edit = _record(4085, struct.pack("<IIIII", 0, 0, 0, 1 << 30, 1))
    deck = _Deck(bytes(8) + edit, bytes(12) + struct.pack("<II", 0, 8))
    assert _listed(deck) == ([], {})


def _word(pieces: list[tuple[str, bool]]) -> tuple[bytes, bytes]:
    """A document's two streams, with pieces that are compressed or not."""
    word = bytearray(0x1AA)
    ends, plan = [0], b""
    for text, narrow in pieces:
        ends.append(ends[-1] + len(text))
        place = len(word) * 2 | 0x40000000 if narrow else len(word)
        plan += struct.pack("<HIH", 0, place, 0)
        word += text.encode("cp1252" if narrow else "utf-16-le")
    plan = struct.pack(f"<{len(ends)}I", *ends) + plan
    table = b"\x01\x02\x00ab\x02" + struct.pack("<I", len(plan)) + plan
    struct.pack_into("<II", word, 0x1A2, 0, len(table))
    return bytes(word), table


def test_document_is_put_together_from_its_pieces() -> None:
    text = _pieces(*_word([("Größe ", True), ("Порт", False), (" ok\r", True)]))
    assert text == "Größe Порт ok\r"


def test_document_fields_notes_and_pages() -> None:
    body = "See \x13HYPERLINK x\x14the guide\x15\rBerth\x0714 m\x07\x07\x0cSecond\r"
    text = body + "A footnote\r" + "Harbour Ltd\r"
    counts = (len(body), 11, 12, 0, 0, 0, 0, 0)
    main, notes = _parts(text, counts)
    pages = _pages(main, notes)
    assert [(p.label, p.body) for p in pages] == [
        ("page 1", "See the guide\nBerth\t14 m"),
        ("page ~2", "Second"),
    ]
    assert pages[0].notes == "A footnote\nHarbour Ltd"


def test_document_without_a_piece_table_is_told() -> None:
    with pytest.raises(ValueError, match="piece table"):
        _pieces(bytes(0x1AA), b"")


@pytest.fixture(scope="module")
def old_files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The files of ``made`` as LibreOffice saves them in older formats."""
    program = office.find_office()
    if program is None:
        pytest.skip("LibreOffice is not installed here")
    folder = tmp_path_factory.mktemp("old")
    far = folder / "far.xlsx"
    with xlsxwriter.Workbook(str(far)) as book:
        sheet = book.add_worksheet()
        sheet.write("A1", "near")
        sheet.write("IV65536", "far")
    sources = {
        "ppt": made.deck(folder / "deck.pptx"),
        "doc": made.document(folder / "guide.docx"),
        "xls": made.workbook(folder / "prices.xlsx"),
        "far": far,
    }
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    for suffix, source in sources.items():
        wanted = "xls" if suffix == "far" else suffix
        command = [program, profile, "--headless", "--convert-to", wanted, str(source)]
        subprocess.run(
            [*command, "--outdir", str(folder)], check=True, capture_output=True, timeout=120
        )
    made_of = {suffix: source.with_suffix(f".{suffix}") for suffix, source in sources.items()}
    return {**made_of, "far": far.with_suffix(".xls")}


def test_old_deck_document_and_workbook(old_files: dict[str, Path]) -> None:
    deck = extract(old_files["ppt"])
    assert (deck.kind, deck.state, deck.title) == ("pptx", "indexed", "Harbour platform")
    assert [p.heading for p in deck.pages] == ["Harbour platform", "Prices", "Old figures"]
    assert [p.hidden for p in deck.pages] == [False, False, True]
    assert "grouped words" in deck.pages[1].body
    assert "Mention the pilot in Rotterdam" in deck.pages[0].notes
    assert deck.properties["author"] == "Ada Writer"
    document = extract(old_files["doc"])
    assert (document.kind, document.title) == ("docx", "Berth guide")
    assert "Depth\t14 m" in document.pages[0].body
    assert "Harbour Ltd, confidential" in document.pages[0].notes
    workbook = extract(old_files["xls"])
    assert [(p.label, p.hidden) for p in workbook.pages] == [
        ("sheet Prices", False),
        ("sheet Costs", True),
    ]
    assert "Crane\t0.3\t2024-12-31\t0.15" in workbook.pages[0].body


def test_workbook_that_needs_too_much_is_told_and_the_reader_lives(
    old_files: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xls, "MEMORY", 160 << 20)
    with monkeypatch.context() as alone:
        alone.setattr(xls, "find_office", lambda: None)
        found = extract(old_files["far"])
    assert (found.state, found.pages) == ("too_large", ())
    assert found.reason is not None
    assert "more than 160 MB of memory" in found.reason
    with_office = extract(old_files["far"])
    assert (with_office.state, with_office.pages[0].body) == ("indexed", "near\nfar")


def test_workbook_that_takes_too_long_is_told(
    old_files: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xls, "WALL_S", 0.0)
    found = extract(old_files["xls"])
    assert found.state == "too_large"
    assert "longer than 0 seconds" in str(found.reason)


def test_word_2_needs_libreoffice_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "memo.doc").write_bytes(b"\xdb\xa5-\x00" + bytes(500))
    monkeypatch.setattr(old_office, "find_office", lambda: None)
    found = extract(tmp_path / "memo.doc")
    assert (found.kind, found.state) == ("docx", "name_only")
    assert "Install LibreOffice, or save the file as .docx" in str(found.reason)


def _fake_office(folder: Path, script: str) -> str:
    program = folder / "soffice"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)
    return str(program)


def test_conversion_that_hangs_is_ended_with_all_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """LO-2: the program is a script that starts a program that outlives it."""
    mark = tmp_path / "pid"
    program = _fake_office(tmp_path, f"sleep 600 & echo $! > {mark}; sleep 600")
    monkeypatch.setenv("DECKHAND_OFFICE", program)
    (tmp_path / "a.doc").write_bytes(b"x")
    with (
        pytest.raises(Refused) as refused,
        office.converted(tmp_path / "a.doc", "docx", seconds=1.0),
    ):
        pass
    assert refused.value.state == "too_large"
    pid = int(mark.read_text())
    state = Path(f"/proc/{pid}/stat")
    assert not state.exists() or state.read_text().rpartition(")")[2].split()[0] == "Z"


def test_conversion_without_a_result_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DECKHAND_OFFICE", _fake_office(tmp_path, "exit 0"))
    (tmp_path / "memo.doc").write_bytes(b"\xdb\xa5-\x00" + bytes(500))
    found = extract(tmp_path / "memo.doc")
    assert (found.state, found.pages) == ("damaged", ())
    assert "LibreOffice could not convert" in str(found.reason)
