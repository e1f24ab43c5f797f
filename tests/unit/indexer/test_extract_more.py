"""OpenDocument, RTF, e-books, iWork, pictures, recordings and links: what is read of them."""

import plistlib
import zipfile
import zlib
from pathlib import Path

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from indexer.extract import Extracted, extract
from indexer.extract.preview import embedded_pdf, embedded_picture
from tests.unit.indexer import made, made_more


def _write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def _is_guide(found: Extracted) -> None:
    assert (found.kind, found.state, found.title) == ("docx", "indexed", "Tide guide")
    assert found.pages[0].body.split("\n")[-2:] == ["High\twater at noon.", "Berth\t14 m"]
    assert found.pages[0].notes == "By the almanac"
    assert "struck" not in found.pages[0].body
    assert found.properties["author"] == "Ada"
    assert found.properties["keywords"] == "quay, tide"
    assert found.properties["sensitivity"] == "Internal"
    assert found.properties["language"] == "de"


def test_opendocument_text(tmp_path: Path) -> None:
    found = extract(made_more.opendocument(tmp_path / "a.odt", made_more.TEXT, "text"))
    _is_guide(found)
    assert found.pages[0].heading == "Tides"
    assert found.properties["format"] == "OpenDocument text"


def test_opendocument_in_one_flat_file(tmp_path: Path) -> None:
    _is_guide(extract(made_more.flat(tmp_path / "a.fodt", made_more.TEXT, "text")))


def test_opendocument_slides_with_notes_and_hidden_ones(tmp_path: Path) -> None:
    path = made_more.opendocument(
        tmp_path / "a.odp", made_more.SLIDES, "presentation", styles=made_more.HIDDEN
    )
    found = extract(path)
    assert found.kind == "pptx"
    assert [(p.label, p.heading, p.body, p.notes, p.hidden) for p in found.pages] == [
        ("slide 1", "Harbour", "For pilots", "Wave", False),
        ("slide 2", "", "Old", "", True),
    ]


def test_opendocument_sheet_repeats_no_empty_cells(tmp_path: Path) -> None:
    found = extract(made_more.opendocument(tmp_path / "a.ods", made_more.SHEETS, "spreadsheet"))
    assert (found.kind, found.pages[0].label) == ("xlsx", "sheet Prices")
    assert found.pages[0].body == "Crane\t€ 490"


def test_opendocument_under_a_false_name_says_so(tmp_path: Path) -> None:
    found = extract(made_more.opendocument(tmp_path / "a.xlsx", made_more.TEXT, "text"))
    assert found.kind == "docx"
    assert found.warnings == ("This file is named .xlsx but is an OpenDocument text.",)


def test_encrypted_opendocument_is_protected_file1(tmp_path: Path) -> None:
    path = made_more.opendocument(tmp_path / "a.odt", made_more.TEXT, "text")
    with zipfile.ZipFile(tmp_path / "b.odt", "w") as package:
        package.writestr("META-INF/manifest.xml", "<m><encryption-data/></m>")
        package.writestr("content.xml", zipfile.ZipFile(path).read("content.xml")[::-1])
    assert extract(tmp_path / "b.odt").state == "protected"


def test_previews_inside_files_are_found(tmp_path: Path) -> None:
    picture = b"\x89PNG\r\n\x1a\nrest"
    path = made_more.opendocument(tmp_path / "a.odt", made_more.TEXT, "text", extra=picture)
    assert embedded_picture(path) == picture
    assert embedded_picture(made_more.keynote(tmp_path / "a.key")) == b"\xff\xd8\xff\xe0preview"
    assert embedded_picture(_write(tmp_path / "a.txt", "no zip")) is None
    assert embedded_pdf(path) is None


def test_rtf_with_properties_and_pictures_left_out(tmp_path: Path) -> None:
    text = (
        r"{\rtf1\ansi\deflang1031{\info{\title Flood guide}{\author Ad\'e4}"
        r"{\creatim\yr2024\mo1\dy31\hr9\min5}}{\pict\pngblip " + "89504e47" * 5_000 + "}"
        r"\b Flood\b0  and \u8364?490{\pict\bin8 ab{}cd}\}\par\par Ebb}"
    )
    found = extract(_write(tmp_path / "a.rtf", text))
    assert (found.kind, found.state, found.title) == ("docx", "indexed", "Flood guide")
    body = found.pages[0].body
    assert "Flood and €490" in body
    assert "Ebb" in body
    assert "89504e47" not in body
    assert found.properties["author"] == "Adä"
    assert found.properties["created"] == "2024-01-31T09:05:00"
    assert found.properties["language"] == "de"


def test_text_named_as_an_old_document_is_text(tmp_path: Path) -> None:
    found = extract(
        _write(tmp_path / "a.doc", "Flood and ebb at the quay, by the tide guide.\n" * 3)
    )
    assert (found.kind, found.state) == ("text", "indexed")
    assert found.warnings == ("This file is named .doc but is plain text.",)


def test_e_book_by_its_spine(tmp_path: Path) -> None:
    found = extract(made_more.epub(tmp_path / "a.epub"))
    assert (found.kind, found.title) == ("ebook", "Flood tables")
    assert [(p.label, p.heading, p.body) for p in found.pages] == [
        ("chapter 1", "First", "Flood"),
        ("chapter 2", "Second", "Ebb"),
    ]
    assert found.properties["language"] == "en"


@pytest.mark.parametrize(
    ("method", "state"),
    [("http://www.idpf.org/2008/embedding", "indexed"), ("http://x/aes256", "protected")],
)
def test_e_book_with_hidden_fonts_is_read_and_a_locked_one_not(
    tmp_path: Path, method: str, state: str
) -> None:
    assert extract(made_more.epub(tmp_path / "a.epub", encrypted=method)).state == state


def test_keynote_in_the_order_of_its_parts(tmp_path: Path) -> None:
    found = extract(made_more.keynote(tmp_path / "a.key"))
    assert (found.kind, found.state) == ("pptx", "indexed")
    assert [page.body for page in found.pages] == ["Flood\nat noon", "Ebb"]


def test_pages_of_2009_and_a_quick_look_where_the_text_is_out_of_reach(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "old.pages", "w") as package:
        package.writestr("index.xml", "<document><p>Flood <b>and</b> ebb</p></document>")
    assert extract(tmp_path / "old.pages").pages[0].body == "Flood and ebb"
    with zipfile.ZipFile(tmp_path / "new.pages", "w") as package:
        package.writestr("Index/Document.iwa", b"\x00\x03\x00\x00abc")
        package.write(made.pdf(tmp_path / "p.pdf", ("From the preview",)), "QuickLook/Preview.pdf")
    found = extract(tmp_path / "new.pages")
    assert (found.kind, found.pages[0].body) == ("docx", "From the preview")
    assert found.warnings == ("The text was read from the preview inside the file.",)


def test_picture_says_its_size_and_what_people_wrote(tmp_path: Path) -> None:
    info = PngInfo()
    info.add_text("Title", "Quay at dawn")
    info.add_itxt("Description", "Cranes – in fog")
    xmp = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-'
        'syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/"><rdf:Description><dc:subject>'
        "<rdf:Bag><rdf:li>crane</rdf:li><rdf:li>fog</rdf:li></rdf:Bag></dc:subject>"
        "</rdf:Description></rdf:RDF></x:xmpmeta>"
    )
    info.add_itxt("XML:com.adobe.xmp", xmp)
    Image.new("RGB", (320, 200)).save(tmp_path / "a.png", pnginfo=info)
    found = extract(tmp_path / "a.png")
    assert (found.kind, found.state, found.title) == ("image", "indexed", "Quay at dawn")
    assert found.pages[0].body.split("\n") == [
        *("Cranes – in fog", "crane, fog", "PNG picture, 320 × 200 pixels"),
    ]
    assert found.properties["dimensions"] == "320 × 200"


def test_photograph_with_exif(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010E] = "Pilot boat"
    exif[0x013B] = "Ada"
    exif.get_ifd(0x8769)[0x9003] = "2024:01:31 12:00:00"
    Image.new("RGB", (40, 30)).save(tmp_path / "a.jpg", exif=exif)
    found = extract(tmp_path / "a.jpg")
    assert found.pages[0].body == "Pilot boat\nJPEG picture, 40 × 30 pixels"
    assert found.properties["author"] == "Ada"
    assert found.properties["created"] == "2024-01-31T12:00:00"


@pytest.mark.parametrize("suffix", ["gif", "webp", "bmp", "tif", "avif"])
def test_every_kind_of_picture_opens(tmp_path: Path, suffix: str) -> None:
    Image.new("RGB", (64, 32)).save(tmp_path / f"a.{suffix}")
    found = extract(tmp_path / f"a.{suffix}")
    assert (found.kind, found.state) == ("image", "indexed")
    assert "64 × 32" in found.pages[0].body


def test_picture_of_too_many_pixels_is_not_opened(tmp_path: Path) -> None:
    Image.new("L", (8, 8)).save(tmp_path / "a.png")
    data = bytearray((tmp_path / "a.png").read_bytes())
    data[16:24] = (60_000).to_bytes(4, "big") * 2
    data[29:33] = zlib.crc32(bytes(data[12:29])).to_bytes(4, "big")
    found = extract(_write(tmp_path / "b.png", bytes(data)))
    assert (found.kind, found.state) == ("image", "too_large")


def test_drawing_in_svg(tmp_path: Path) -> None:
    svg = (
        '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="64" height="32">'
        "<title>Lock</title><text>Upper <tspan>gate</tspan></text><script>alert(1)</script></svg>"
    )
    found = extract(_write(tmp_path / "a.svg", svg))
    assert (found.kind, found.title, found.pages[0].body) == ("image", "Lock", "Upper gate")


def test_films_tell_title_length_and_size(tmp_path: Path) -> None:
    found = extract(made_more.mp4(tmp_path / "a.mp4"))
    assert (found.kind, found.title) == ("video", "Crane film")
    assert found.pages[0].body == "MP4 video, 1280 × 720 pixels, 1 min 34 s"
    found = extract(made_more.webm(tmp_path / "a.webm"))
    assert (found.kind, found.title) == ("video", "Quay tour")
    assert found.pages[0].body == "At the lock\nWebM video, 640 × 360 pixels, 1 min 1 s"


def test_recording_tells_title_and_length(tmp_path: Path) -> None:
    found = extract(made_more.wav(tmp_path / "a.wav"))
    assert (found.kind, found.state, found.title) == ("audio", "indexed", "Fog signal")
    assert found.pages[0].body == "WAV recording, 2 s"


def test_links_are_text_and_never_opened(tmp_path: Path) -> None:
    address = "https://tides.example/a?b=1"
    files = [
        _write(tmp_path / "Tide tables.url", f"[InternetShortcut]\r\nURL={address}\r\n"),
        _write(tmp_path / "b.webloc", plistlib.dumps({"URL": address})),
        _write(tmp_path / "c.webloc", plistlib.dumps({"URL": address}, fmt=plistlib.FMT_BINARY)),
        _write(tmp_path / "d.desktop", f"[Desktop Entry]\nType=Link\nName=Tides\nURL={address}\n"),
    ]
    for path in files:
        found = extract(path)
        assert (found.kind, found.state) == ("link", "indexed")
        assert found.pages[0].body == address
        assert found.properties["site"] == "tides.example"
    assert extract(files[0]).title == "Tide tables"
    assert extract(files[3]).title == "Tides"


def test_launchers_and_other_lists_are_known_by_name(tmp_path: Path) -> None:
    program = _write(tmp_path / "a.desktop", "[Desktop Entry]\nType=Application\nExec=rm -rf x\n")
    settings = _write(tmp_path / "b.plist", plistlib.dumps({"a": 1}, fmt=plistlib.FMT_BINARY))
    for path in (program, settings):
        assert (extract(path).kind, extract(path).state) == ("other", "name_only")
    assert extract(_write(tmp_path / "c.url", "[InternetShortcut]\nURL=\n")).state == "no_text"


def test_sensitivity_label_by_name_then_by_id(tmp_path: Path) -> None:
    plain = made.document(tmp_path / "a.docx")
    key = "11111111-2222-3333-4444-555555555555"
    with zipfile.ZipFile(plain, "a") as package:
        package.writestr(
            "docMetadata/LabelInfo.xml",
            f'<labelList><label id="{{{key}}}" enabled="1" removed="0"/></labelList>',
        )
    assert extract(plain).properties["sensitivity"] == key
    with zipfile.ZipFile(plain, "a") as package:
        package.writestr(
            "docProps/custom.xml",
            f'<Properties><property name="MSIP_Label_{key}_Enabled"><x>true</x></property>'
            f'<property name="MSIP_Label_{key}_Name"><x>Internal</x></property></Properties>',
        )
    assert extract(plain).properties["sensitivity"] == "Internal"
