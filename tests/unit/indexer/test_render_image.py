"""Files that are pictures render as themselves; converted files render from what was made."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from indexer.extract.mupdf import load
from indexer.picture_cache import converted_file
from indexer.render_worker import serve
from tests.unit.indexer import made

pymupdf = load()

SHA = "ef" * 32
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 100">'
    '<script>alert(1)</script><rect width="100" height="100" fill="#c02020"/></svg>'
)


def draw(path: Path, out: Path, **more: object) -> dict[str, Any]:
    request = {"page": 1, "width": 320, "kind": "image", "title": "", "text": "", "label": ""}
    return serve({"path": str(path), "out": str(out), "sha": SHA, **request, **more})


def shown(file: Path) -> Image.Image:
    with Image.open(file) as picture:
        return picture.convert("RGB")


def near(found: object, wanted: tuple[int, int, int]) -> bool:
    assert isinstance(found, tuple)
    return all(abs(a - b) < 12 for a, b in zip(found, wanted, strict=True))


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P", "1", "CMYK", "I;16", "F"])
def test_a_picture_of_any_make_is_shown_as_large_as_asked(tmp_path: Path, mode: str) -> None:
    suffix = {"CMYK": "jpg", "F": "tif", "RGBA": "webp"}.get(mode, "png")
    path, out = tmp_path / f"a.{suffix}", tmp_path / "x.jpg"
    Image.new(mode, (800, 400)).save(path)
    reply = draw(path, out)
    assert (reply["source"], reply["width"], reply["height"]) == ("page", 320, 160)
    assert shown(out).size == (320, 160)


def test_a_photograph_is_turned_as_the_camera_was_held(tmp_path: Path) -> None:
    path, out = tmp_path / "a.jpg", tmp_path / "x.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (800, 600), "#208020").save(path, exif=exif)
    assert (draw(path, out)["width"], shown(out).size) == (320, (320, 427))


def test_a_small_picture_is_not_blown_up(tmp_path: Path) -> None:
    path, out = tmp_path / "icon.png", tmp_path / "x.jpg"
    Image.new("RGB", (32, 32), "#2040c0").save(path)
    draw(path, out)
    picture = shown(out)
    assert picture.size == (320, 180)
    assert near(picture.getpixel((160, 90)), (32, 64, 192))
    assert near(picture.getpixel((120, 90)), (255, 255, 255))


def test_a_light_logo_without_a_ground_is_seen(tmp_path: Path) -> None:
    for ink, ground in (((250, 250, 250, 255), (44, 50, 58)), ((20, 20, 20, 255), (255, 255, 255))):
        path, out = tmp_path / "logo.png", tmp_path / "x.jpg"
        logo = Image.new("RGBA", (640, 360))
        logo.paste(ink, (200, 100, 400, 200))
        logo.save(path)
        draw(path, out)
        assert near(shown(out).getpixel((5, 5)), ground)


@pytest.mark.parametrize("packed", [False, True])
def test_a_vector_drawing_is_drawn(tmp_path: Path, packed: bool) -> None:
    path, out = tmp_path / ("a.svgz" if packed else "a.svg"), tmp_path / "x.jpg"
    path.write_bytes(gzip.compress(SVG.encode()) if packed else SVG.encode())
    reply = draw(path, out, width=400)
    assert (reply["source"], reply["width"], reply["height"]) == ("page", 400, 200)
    assert near(shown(out).getpixel((100, 100)), (192, 32, 32))
    assert near(shown(out).getpixel((300, 100)), (255, 255, 255))


def test_a_vector_drawing_fetches_nothing(tmp_path: Path) -> None:
    secret = tmp_path / "secret.png"
    Image.new("RGB", (50, 50), "#00ff00").save(secret)
    path, out = tmp_path / "a.svg", tmp_path / "x.jpg"
    link = f'<image href="{secret.as_uri()}" width="200" height="100"/></svg>'
    path.write_text(SVG.replace("</svg>", link))
    assert draw(path, out)["ok"]
    green = [c for _, c in shown(out).getcolors(1 << 20) or [] if near(c, (0, 255, 0))]
    assert green == []


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n broken", b"<svg", b"GIF89a"])
def test_a_broken_picture_is_a_card(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.svg" if content == b"<svg" else tmp_path / "a.png"
    path.write_bytes(content)
    reply = draw(path, tmp_path / "x.jpg", title="Logo")
    assert (reply["ok"], reply["source"]) == (True, "card")


def test_an_opendocument_file_lends_its_cover(tmp_path: Path) -> None:
    cover, path = tmp_path / "c.png", tmp_path / "a.odp"
    Image.new("RGB", (256, 144), "#306090").save(cover)
    with zipfile.ZipFile(path, "w") as package:
        package.write(cover, "Thumbnails/thumbnail.png")
    assert draw(path, tmp_path / "x.jpg", kind="pptx")["source"] == "embedded"


def convert(cache: Path, pages: int = 2, size: tuple[float, float] = (640, 360)) -> Path:
    """What LibreOffice would have made: page n is red at its top left corner, the more the later"""
    file = converted_file(cache, SHA)
    file.parent.mkdir(parents=True, exist_ok=True)
    with pymupdf.open() as document:
        for number in range(1, pages + 1):
            page = document.new_page(width=size[0], height=size[1])
            page.draw_rect(page.rect, fill=(number / 4, 0, 0), color=None)
        document.save(file)
    return file


def test_a_converted_deck_is_drawn_page_by_page(tmp_path: Path) -> None:
    deck, cache, out = made.deck(tmp_path / "d.pptx"), tmp_path / "cache", tmp_path / "x.jpg"
    before = draw(deck, out, kind="pptx", page=2, cache=str(cache))
    assert (before["source"], before["better"]) == ("card", True)
    convert(cache)
    after = draw(deck, out, kind="pptx", page=2, cache=str(cache))
    assert (after["source"], after["height"]) == ("page", 180)
    assert "better" not in after
    assert near(shown(out).getpixel((160, 90)), (128, 0, 0))


def test_a_page_that_was_not_made_is_a_card_and_cannot_be_better(tmp_path: Path) -> None:
    document, cache = made.document(tmp_path / "d.docx"), tmp_path / "cache"
    convert(cache)
    reply = draw(document, tmp_path / "x.jpg", kind="docx", page=3, cache=str(cache))
    assert reply["source"] == "card"
    assert "better" not in reply


def test_half_a_conversion_is_made_again(tmp_path: Path) -> None:
    deck, cache = made.deck(tmp_path / "d.pptx"), tmp_path / "cache"
    file = convert(cache)
    file.write_bytes(b"%PDF-1.7 torn")
    reply = draw(deck, tmp_path / "x.jpg", kind="pptx", page=2, cache=str(cache))
    assert (reply["source"], reply["better"], file.exists()) == ("card", True, False)


@pytest.mark.parametrize("size", [(20, 12), (900, 5_000), (9_000, 9_000), (1, 1)])
def test_a_sheet_shows_its_top_left_corner(tmp_path: Path, size: tuple[float, float]) -> None:
    book, cache, out = tmp_path / "b.xlsx", tmp_path / "cache", tmp_path / "x.jpg"
    book.write_bytes(b"x")
    convert(cache, 4, size)
    reply = draw(book, out, kind="xlsx", page=4, cache=str(cache), width=640)
    assert (reply["source"], shown(out).size) == ("page", (640, 360))
    if size != (1, 1):
        assert near(shown(out).getpixel((18, 18)), (255, 0, 0))
    assert near(shown(out).getpixel((2, 2)), (255, 255, 255))


def test_a_file_that_is_gone_is_not_to_be_converted(tmp_path: Path) -> None:
    gone = tmp_path / "gone.pptx"
    reply = draw(gone, tmp_path / "x.jpg", kind="pptx", cache=str(tmp_path / "cache"), page=2)
    assert "better" not in reply


@pytest.mark.parametrize("kind", ["video", "audio", "link", "ebook", "image"])
def test_every_kind_has_a_card(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"no picture")
    reply = draw(path, tmp_path / "x.jpg", kind=kind, title="Tour", text="2:31", label=kind)
    assert (reply["ok"], reply["source"]) == (True, "card")
