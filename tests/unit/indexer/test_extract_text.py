"""PDF, web pages, Markdown and plain text made in code, and files that are something else."""

from pathlib import Path

import olefile
import pytest

from indexer.extract import extract
from indexer.extract.mupdf import load
from tests.unit.indexer import made

pymupdf = load()


def _write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_pdf_page_by_page(tmp_path: Path) -> None:
    found = extract(made.pdf(tmp_path / "tide_tables.pdf"))
    assert (found.kind, found.state) == ("pdf", "indexed")
    assert [(p.number, p.label, p.body) for p in found.pages] == [
        (1, "page 1", "Tide tables\nfor pilots"),
        (2, "page 2", "Second"),
    ]
    assert found.title == "Tide tables for pilots"


def test_pdf_bookmarks_are_headings_and_properties_are_kept(tmp_path: Path) -> None:
    path = made.pdf(tmp_path / "a.pdf")
    with pymupdf.open(path) as document:
        document.set_toc([[1, "Opening", 1], [1, "Closing", 2]])
        document.set_metadata({"title": "Tides", "creationDate": "D:20240131120000+01'00'"})
        document.saveIncr()
    found = extract(path)
    assert [page.heading for page in found.pages] == ["Opening", "Closing"]
    assert found.title == "Tides"
    assert found.properties["created"] == "2024-01-31T12:00:00+01:00"


def test_pdf_words_broken_at_line_ends_are_joined(tmp_path: Path) -> None:
    found = extract(made.pdf(tmp_path / "a.pdf", ("The automa-\ntion of cranes",)))
    assert "automation" in found.pages[0].body


def test_pdf_without_text_is_flagged_file4(tmp_path: Path) -> None:
    found = extract(made.pdf(tmp_path / "scan.pdf", ("", "")))
    assert (found.state, found.title, len(found.pages)) == ("no_text", "scan", 2)
    assert found.reason is not None
    assert found.reason.startswith("This PDF has 2 pages but no text in it")


def test_pdf_partly_without_text_has_a_warning(tmp_path: Path) -> None:
    found = extract(made.pdf(tmp_path / "a.pdf", ("words", "", "")))
    assert found.warnings == ("2 of 3 pages have no text (pictures only).",)


def test_pdf_with_password_is_protected_file1(tmp_path: Path) -> None:
    path = made.pdf(tmp_path / "a.pdf", encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="x")
    assert extract(path).state == "protected"


def test_pdf_around_an_encrypted_payload_is_protected(tmp_path: Path) -> None:
    path = made.pdf(tmp_path / "a.pdf", ("This PDF file is protected",))
    with pymupdf.open(path) as document:
        document.embfile_add("MicrosoftIRMServices Protected PDF.pdf", b"xxxx")
        document.saveIncr()
    found = extract(path)
    assert (found.state, found.pages) == ("protected", ())
    assert found.reason is not None
    assert "sensitivity label" in found.reason


def test_pdf_of_two_bytes_is_damaged(tmp_path: Path) -> None:
    found = extract(_write(tmp_path / "plan [final].pdf", "\r\n"))
    assert (found.kind, found.state, found.title) == ("pdf", "damaged", "plan [final]")
    assert found.reason == (
        "This file is named .pdf but has only 2 bytes and is not a PDF. Ask for a new copy."
    )


def test_pdf_that_is_only_a_beginning_is_damaged(tmp_path: Path) -> None:
    assert extract(_write(tmp_path / "a.pdf", b"%PDF-1.7\n%\xe2\xe3")).state == "damaged"


def test_web_page_in_sections(tmp_path: Path) -> None:
    body = "<p>" + "Cranes lift loads. " * 20 + "</p>"
    page = f"""<!DOCTYPE html><html><head><title>Cranes</title><style>p {{}}</style>
      <meta name="description" content="All about cranes"><script>var secret = 1;</script></head>
      <body><h1>Cranes</h1>{body}<h2>Prices &amp; terms</h2><table><tr><td>Crane</td><td>490</td>
      </tr></table><img alt="Quay at dawn" src="http://tracker/x.png"></body></html>"""
    found = extract(_write(tmp_path / "a.html", page))
    assert (found.kind, found.state, found.title) == ("html", "indexed", "Cranes")
    assert [page.heading for page in found.pages] == ["Cranes", "Prices & terms"]
    assert found.pages[1].body == "Crane\t490\nQuay at dawn"
    assert "secret" not in "".join(page.body for page in found.pages)
    assert found.properties["subject"] == "All about cranes"


def test_web_page_saved_under_another_name(tmp_path: Path) -> None:
    found = extract(_write(tmp_path / "a.pdf", "<html><body>Please sign in</body></html>"))
    assert (found.kind, found.state) == ("html", "indexed")
    assert found.warnings == ("This file is named .pdf but is a web page.",)


def test_web_page_believes_its_charset(tmp_path: Path) -> None:
    page = '<html><meta charset="cp1251"><body>Портовые сборы</body></html>'.encode("cp1251")
    assert extract(_write(tmp_path / "a.html", page)).pages[0].body == "Портовые сборы"


def test_two_hundred_thousand_nested_elements_are_read(tmp_path: Path) -> None:
    found = extract(_write(tmp_path / "a.html", "<html>" + "<div>" * 200_000 + "deep"))
    assert found.pages[0].body == "deep"


def test_markdown_words_without_marks(tmp_path: Path) -> None:
    text = """---
title: "Crane guide"
tags: [crane, quay]
---
# Cranes

See [the **price** list](https://example.com/a_(b).html) and ![a quay](x.png).
Some `code` and ~~old~~ *new* snake_case_word.

| Plan | Price |
|------|-------|
| Crane | 490 |

```python
# not a heading
```
<!-- hidden
comment -->
Setext
------
- [x] done
> quoted
"""
    found = extract(_write(tmp_path / "a.md", text))
    assert (found.kind, found.title) == ("markdown", "Crane guide")
    assert found.properties["keywords"] == "crane, quay"
    lines = "\n".join(page.body for page in found.pages).split("\n")
    assert "See the price list and a quay." in lines
    assert "Some code and old new snake_case_word." in lines
    assert {"Plan\tPrice", "Crane\t490", "# not a heading", "Setext", "done", "quoted"} <= set(
        lines
    )
    assert "comment" not in " ".join(lines)


def test_what_a_property_of_markdown_says_in_several_lines_is_read(tmp_path: Path) -> None:
    text = """---
title: Crane rules
description: >-
    For quays and
    for docks:
    - tower cranes
date: 2026-01-01
---
# Rules
"""
    found = extract(_write(tmp_path / "a.md", text))
    assert "For quays and for docks: tower cranes" in found.pages[0].body
    assert "2026" not in found.pages[0].body


def test_markdown_is_cut_at_headings(tmp_path: Path) -> None:
    text = "".join(f"# Part {n}\n\n{'words ' * 60}\n\n" for n in (1, 2, 3))
    found = extract(_write(tmp_path / "a.md", text))
    assert [page.heading for page in found.pages] == ["Part 1", "Part 2", "Part 3"]
    assert [page.label for page in found.pages] == ["section 1", "section 2", "section 3"]


def test_long_text_is_cut_and_nothing_is_lost(tmp_path: Path) -> None:
    words = [f"word{n}" for n in range(3_000)]
    found = extract(_write(tmp_path / "a.txt", " ".join(words)))
    assert len(found.pages) > 5
    assert all(len(page.body) <= 3_000 for page in found.pages)
    assert " ".join(page.body for page in found.pages).split() == words


def test_table_of_values(tmp_path: Path) -> None:
    found = extract(_write(tmp_path / "prices.csv", 'Plan;Price\n"Crane; big";490\n'))
    assert found.kind == "text"
    assert found.pages[0].body == "Plan\tPrice\nCrane; big\t490"


def test_subtitles_without_their_times(tmp_path: Path) -> None:
    text = "WEBVTT\n\n1\n00:00:01.000 --> 00:00:04.000\nWelcome aboard\n"
    assert extract(_write(tmp_path / "a.vtt", text)).pages[0].body == "Welcome aboard"


def test_text_in_an_old_encoding_nm3(tmp_path: Path) -> None:
    text = "Größe und Preis: 100 € für Kräne – naïve Überlegungen über Häfen."
    assert extract(_write(tmp_path / "a.txt", text.encode("cp1252"))).pages[0].body == text


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("setup.exe", b"MZ\x90\x00\x03\x00\x00\x00", "a program for Windows"),
        ("id.key", b"-----BEGIN RSA PRIVATE KEY-----\nMIIE\n", "its content is never read"),
        ("old.lnk", b"L\x00\x00\x00\x01\x14\x02\x00\x00", "a Windows shortcut"),
        ("notes.json", b'{"a": 1}', ".json files"),
        ("noise.bin", bytes(range(256)), ".bin"),
        ("empty.docx", b"", "0 bytes"),
    ],
)
def test_everything_else_is_known_by_name_file1(
    tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    found = extract(_write(tmp_path / name, content))
    assert (found.kind, found.state, found.pages) == ("other", "name_only", ())
    assert found.reason is not None
    assert words in found.reason
    assert found.title == name.rpartition(".")[0]


def test_a_key_is_never_read(tmp_path: Path) -> None:
    text = "\n-----BEGIN OPENSSH PRIVATE KEY-----\nc2VjcmV0\n-----END OPENSSH PRIVATE KEY-----\n"
    for name in ("a.txt", "a.md", "a.key", "a"):
        assert extract(_write(tmp_path / name, text)).pages == ()


def test_broken_ole_container_is_damaged(tmp_path: Path) -> None:
    found = extract(_write(tmp_path / "a.pptx", olefile.MAGIC + b"\x00" * 2_000))
    assert found.state == "damaged"


def test_missing_file_raises(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        extract(tmp_path / "gone.pdf")


def test_folder_is_no_document(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").mkdir()
    assert extract(tmp_path / "a.pdf").state == "name_only"


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("logo.png", b"\x89PNG\r\n\x1a\n\x00\x00", "image"),
        ("film.mp4", b"\x00\x00\x00\x20ftypisom\x00", "video"),
        ("song.flac", b"fLaC\x00", "audio"),
        ("book.epub", b"PK\x03\x04", "ebook"),
    ],
)
def test_media_without_their_rest_are_damaged(
    tmp_path: Path, name: str, content: bytes, kind: str
) -> None:
    found = extract(_write(tmp_path / name, content))
    assert (found.kind, found.state, found.pages) == (kind, "damaged", ())
    assert found.reason


def test_web_page_that_never_closes_a_tag_costs_no_square(tmp_path: Path) -> None:
    """With the standard library's parser alone 400 KB of this take an hour."""
    found = extract(_write(tmp_path / "a.html", "<html><p>before</p>" + "<a " * 130_000))
    assert found.state == "indexed"
    assert found.pages[0].body.startswith("before")


def test_a_broken_rule_in_a_table_repeats_no_row(tmp_path: Path) -> None:
    rows = "Plan,Price\nCrane,490\n" + "x" * 140_000 + ",1\nLast,2\n"
    body = "\n".join(page.body for page in extract(_write(tmp_path / "a.csv", rows)).pages)
    assert body.count("Crane") == 1
    assert "Last,2" in body


def test_a_line_of_markdown_of_a_megabyte_is_kept_whole(tmp_path: Path) -> None:
    words = [f"word{number}" for number in range(100_000)]
    found = extract(_write(tmp_path / "a.md", " ".join(words)))
    assert " ".join(page.body for page in found.pages).split() == words
