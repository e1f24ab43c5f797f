"""Decks, documents and workbooks made in code, and what is read out of them."""

import zipfile
from pathlib import Path

import pytest

from indexer.extract import Extracted, extract
from tests.unit.indexer import made

A = "http://schemas.openxmlformats.org/drawingml/2006/main"


@pytest.fixture(scope="module")
def deck_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made.deck(tmp_path_factory.mktemp("deck") / "harbour.pptx")


@pytest.fixture(scope="module")
def document_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made.document(tmp_path_factory.mktemp("document") / "guide.docx")


@pytest.fixture(scope="module")
def workbook_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made.workbook(tmp_path_factory.mktemp("workbook") / "prices.xlsx")


def test_deck_slide_by_slide(deck_file: Path) -> None:
    found = extract(deck_file)
    assert (found.kind, found.state, found.reason) == ("pptx", "indexed", None)
    assert found.title == "Harbour platform"
    assert [page.label for page in found.pages] == ["slide 1", "slide 2", "slide 3"]
    assert [page.heading for page in found.pages] == ["Harbour platform", "Prices", "Old figures"]
    assert [page.hidden for page in found.pages] == [False, False, True]
    assert found.pages[0].body == "For port operators"
    assert found.pages[0].notes == "Mention the pilot in Rotterdam"
    assert found.properties["author"] == "Ada Writer"
    assert found.warnings == ()


def test_deck_tables_groups_and_charts(deck_file: Path) -> None:
    lines = extract(deck_file).pages[1].body.split("\n")
    assert "Crane\t€ 490" in lines
    assert "grouped words" in lines
    assert {"Berths served", "Oslo", "Genoa"} <= set(lines)


def test_deck_smartart(deck_file: Path, tmp_path: Path) -> None:
    """Diagrams hang on the slide by a relation of their own; their text is in a data part."""
    rels = "ppt/slides/_rels/slide1.xml.rels"
    relation = (
        b'<Relationship Id="rId77" Type="http://x/relationships/diagramData"'
        b' Target="../diagrams/data1.xml"/></Relationships>'
    )
    frame = (
        b'<p:graphicFrame><a:graphic><a:graphicData uri="d">'
        b'<dgm:relIds xmlns:dgm="http://d" r:dm="rId77" xmlns:r="http://r"/>'
        b"</a:graphicData></a:graphic></p:graphicFrame></p:spTree>"
    )
    changed = made.rewritten(
        deck_file,
        lambda name, data: (
            data.replace(b"</Relationships>", relation)
            if name == rels
            else data.replace(b"</p:spTree>", frame)
            if name == "ppt/slides/slide1.xml"
            else data
        ),
        tmp_path / "smart.pptx",
    )
    words = f'<a:p xmlns:a="{A}"><a:t>Moor</a:t></a:p>'
    data = f'<dgm:dataModel xmlns:dgm="http://d">{words}</dgm:dataModel>'
    with zipfile.ZipFile(changed, "a") as package:
        package.writestr("ppt/diagrams/data1.xml", data)
    assert extract(changed).pages[0].body == "For port operators\nMoor"


def test_deck_with_alternatives_is_read_once(deck_file: Path, tmp_path: Path) -> None:
    def choose(name: str, data: bytes) -> bytes:
        if name != "ppt/slides/slide3.xml":
            return data
        shape = b"<p:sp><p:txBody><a:p><a:r><a:t>%s</a:t></a:r></a:p></p:txBody></p:sp>"
        choice = (
            b"<mc:AlternateContent xmlns:mc='http://mc'><mc:Choice>%s</mc:Choice><mc:Fallback>%s"
        )
        end = b"</mc:Fallback></mc:AlternateContent></p:spTree>"
        both = choice % (shape % b"new", shape % b"old") + end
        return data.replace(b"</p:spTree>", both)

    assert extract(made.rewritten(deck_file, choose, tmp_path / "a.pptx")).pages[2].body == "new"


def test_deck_of_the_strict_kind_and_with_names_in_other_case(
    deck_file: Path, tmp_path: Path
) -> None:
    def strict(name: str, data: bytes) -> bytes:
        data = data.replace(b"http://schemas.openxmlformats.org/", b"http://purl.oclc.org/ooxml/")
        return data.replace(b"slides/slide", b"Slides\\\\SLIDE") if name.endswith(".rels") else data

    assert (
        extract(made.rewritten(deck_file, strict, tmp_path / "s.pptx")).pages[1].heading == "Prices"
    )


def test_one_damaged_slide_costs_one_slide(deck_file: Path, tmp_path: Path) -> None:
    damage = made.replaced("ppt/slides/slide2.xml", rb"(?s).*", b"")
    found = extract(made.rewritten(deck_file, damage, tmp_path / "d.pptx"))
    assert found.state == "indexed"
    assert [bool(page.heading) for page in found.pages] == [True, False, True]
    assert found.warnings == ("Slide 2 is damaged and could not be read.",)


def test_shows_templates_and_macros_are_decks_too(deck_file: Path, tmp_path: Path) -> None:
    for suffix in (".ppsx", ".potx", ".pptm"):
        copy = tmp_path / f"x{suffix}"
        copy.write_bytes(deck_file.read_bytes())
        assert extract(copy).kind == "pptx"
        assert extract(copy).warnings == ()


def test_content_is_believed_and_not_the_suffix(deck_file: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "report.pdf"
    wrong.write_bytes(deck_file.read_bytes())
    found = extract(wrong)
    assert (found.kind, found.state) == ("pptx", "indexed")
    assert found.warnings[0] == "This file is named .pdf but is a PowerPoint deck."


def test_document_in_sections(document_file: Path) -> None:
    found = extract(document_file)
    assert (found.kind, found.state, found.title) == ("docx", "indexed", "Berth guide")
    assert [page.label for page in found.pages] == ["section 1"]
    assert found.pages[0].heading == "Berth guide"
    assert "Depth\t14 m" in " ".join(found.pages[0].body.split(" "))
    assert "Harbour Ltd, confidential" in found.pages[0].notes


def test_document_pages_by_hand(tmp_path: Path) -> None:
    found = extract(made.document(tmp_path / "b.docx", breaks=True))
    assert [page.label for page in found.pages] == ["page 1", "page ~2"]
    assert [page.heading for page in found.pages] == ["Berth guide", "Second part"]


def test_document_pages_by_words_own_marks(document_file: Path, tmp_path: Path) -> None:
    mark = made.replaced(
        "word/document.xml", rb"<w:t>Second part", b"<w:lastRenderedPageBreak/><w:t>Second part"
    )
    found = extract(made.rewritten(document_file, mark, tmp_path / "m.docx"))
    assert [page.label for page in found.pages] == ["page 1", "page ~2"]
    assert found.pages[1].body.startswith("Second part\n")


def test_document_leaves_out_what_was_deleted_or_computed(
    document_file: Path, tmp_path: Path
) -> None:
    extra = (
        b"<w:p><w:del><w:r><w:delText>struck</w:delText></w:r></w:del>"
        b"<w:r><w:instrText>PAGEREF</w:instrText></w:r><w:r><w:t>kept</w:t></w:r></w:p><w:tbl>"
    )
    change = made.replaced("word/document.xml", rb"<w:tbl>", extra)
    body = extract(made.rewritten(document_file, change, tmp_path / "x.docx")).pages[0].body
    assert "kept" in body
    assert "struck" not in body
    assert "PAGEREF" not in body


def test_workbook_sheet_by_sheet(workbook_file: Path) -> None:
    found = extract(workbook_file)
    assert (found.kind, found.state, found.title) == ("xlsx", "indexed", "prices")
    assert [page.label for page in found.pages] == ["sheet Prices", "sheet Costs"]
    assert [page.hidden for page in found.pages] == [False, True]
    assert found.pages[0].body == "Plan\tPrice\tValid until\tDiscount\nCrane\t0.3\t2024-12-31\t15%"
    assert found.pages[1].body == "internal margin"


def test_workbook_caps_are_said(workbook_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.extract.xlsx.CELL_CAP", 3)
    found = extract(workbook_file)
    assert found.pages[0].body == "Plan\tPrice\tValid until\tDiscount"
    assert found.warnings == ("Only the first 1 rows of sheet Prices were read.",)


def test_workbook_without_cells_has_no_text_file4(workbook_file: Path, tmp_path: Path) -> None:
    empty = made.rewritten(
        workbook_file,
        lambda name, data: (
            data[: data.index(b"<sheetData>")] + b"</worksheet>"
            if name.startswith("xl/worksheets/sheet")
            else data
        ),
        tmp_path / "e.xlsx",
    )
    found = extract(empty)
    assert (found.state, found.pages) == ("no_text", ())
    assert found.reason == "This workbook has no text or numbers in its cells."


def test_two_cells_in_far_corners_cost_nothing(workbook_file: Path, tmp_path: Path) -> None:
    far = b'<row r="1048576"><c r="XFD1048576"><v>7</v></c></row></sheetData>'
    change = made.replaced("xl/worksheets/sheet2.xml", rb"</sheetData>", far)
    found = extract(made.rewritten(workbook_file, change, tmp_path / "far.xlsx"))
    assert found.pages[1].body == "internal margin\n7"


def _entities(part: str, body: bytes, out: Path, source: Path) -> Extracted:
    laughs = b"".join(
        b'<!ENTITY l%d "%s">' % (n, b"ha" if n == 0 else b"&l%d;" % (n - 1) * 10) for n in range(10)
    )
    doctype = b'<!DOCTYPE x [%s<!ENTITY file SYSTEM "file:///etc/passwd">]>' % laughs

    def change(name: str, data: bytes) -> bytes:
        if name != part:
            return data
        head, _, rest = data.partition(b"?>")
        return head + b"?>" + doctype + rest.replace(body, body + b"&l9;&file;")

    return extract(made.rewritten(source, change, out))


def test_entities_neither_swell_nor_read_files(
    deck_file: Path, document_file: Path, workbook_file: Path, tmp_path: Path
) -> None:
    found = [
        _entities("ppt/slides/slide1.xml", b"For port operators", tmp_path / "a.pptx", deck_file),
        _entities("word/document.xml", b"Quay walls", tmp_path / "a.docx", document_file),
        _entities("xl/sharedStrings.xml", b"Plan", tmp_path / "a.xlsx", workbook_file),
    ]
    for one in found:
        text = "".join(page.body for page in one.pages)
        assert len(text) < 1_000
        assert "root:" not in text
    assert found[0].state == found[1].state == "indexed"


def test_swollen_package_is_not_opened_file6(document_file: Path, tmp_path: Path) -> None:
    change = made.replaced("word/document.xml", rb"</w:body>", b" " * (11 << 20) + b"</w:body>")
    found = extract(made.rewritten(document_file, change, tmp_path / "bomb.docx"))
    assert found.state == "too_large"
    assert found.reason is not None
    assert "unpacks to 11.0 MB" in found.reason


def test_package_of_very_many_parts_is_not_opened_file6(
    document_file: Path, tmp_path: Path
) -> None:
    many = tmp_path / "many.docx"
    many.write_bytes(document_file.read_bytes())
    with zipfile.ZipFile(many, "a") as package:
        for number in range(10_001):
            package.writestr(f"p{number}", b"")
    assert extract(many).state == "too_large"


@pytest.mark.parametrize("share", [0.2, 0.6, 0.95])
def test_cut_off_package_is_damaged_and_says_why(
    deck_file: Path, tmp_path: Path, share: float
) -> None:
    data = deck_file.read_bytes()
    (tmp_path / "cut.pptx").write_bytes(data[: int(len(data) * share)])
    found = extract(tmp_path / "cut.pptx")
    assert (found.kind, found.state, found.title) == ("pptx", "damaged", "cut")
    assert found.reason is not None
    assert "breaks off before its end" in found.reason


def test_zip_without_office_inside_is_known_by_name(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.docx", "w") as package:
        package.writestr("readme.txt", "hello")
    found = extract(tmp_path / "x.docx")
    assert (found.kind, found.state) == ("other", "name_only")
    assert (
        found.reason
        == "This file is named .docx but is a zip archive, so it is found by its name only."
    )


def test_deck_without_its_list_of_slides_is_damaged(deck_file: Path, tmp_path: Path) -> None:
    damage = made.replaced("ppt/presentation.xml", rb"(?s).*", b"")
    found = extract(made.rewritten(deck_file, damage, tmp_path / "x.pptx"))
    assert found.state == "damaged"
