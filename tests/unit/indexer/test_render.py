"""Pictures of pages: rendered, embedded or drawn as a card."""

import io
import os
import subprocess
import sys
import threading
import zipfile
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops

from indexer.card import card
from indexer.child import module_environment
from indexer.extract.mupdf import load
from indexer.picture_cache import cache_file, converted_file
from indexer.render import NoPicture, Renderer
from indexer.render_worker import Requests, serve
from tests.unit.indexer import made

pymupdf = load()

SHA = "ab" * 32


def _request(path: Path, out: Path, **more: object) -> dict[str, Any]:
    defaults = {"page": 1, "width": 320, "kind": "pdf", "title": "", "text": "", "label": ""}
    return {"path": str(path), "out": str(out), "sha": SHA, **defaults, **more}


def _with_thumbnail(deck: Path, out: Path, size: tuple[int, int]) -> Path:
    buffer = io.BytesIO()
    Image.new("RGB", size, "#a03050").save(buffer, "JPEG")
    without = made.rewritten(
        deck, lambda name, data: None if "thumbnail" in name else data, out.with_suffix(".zip")
    )
    out.write_bytes(without.read_bytes())
    with zipfile.ZipFile(out, "a") as package:
        package.writestr("docProps/thumbnail.jpeg", buffer.getvalue())
    return out


def test_cache_is_by_content_and_takes_no_paths(tmp_path: Path) -> None:
    file = cache_file(tmp_path, SHA.upper(), 3, 320)
    assert file == tmp_path / "ab" / f"{SHA}-3-320.jpg"
    for bad in ("../../etc", "", "xyz"):
        with pytest.raises(ValueError, match="no content hash"):
            cache_file(tmp_path, bad, 1, 320)
    with pytest.raises(ValueError, match="extension"):
        cache_file(tmp_path, SHA, 1, 320, "jpg/../x")


def test_page_of_a_pdf_is_rendered_and_written_whole(tmp_path: Path) -> None:
    out = tmp_path / "cache" / "ab" / "x.jpg"
    reply = serve(_request(made.pdf(tmp_path / "a.pdf"), out, words=True))
    words = reply.pop("words")
    assert reply == {"ok": True, "file": str(out), "source": "page", "width": 320, "height": 240}
    with Image.open(out) as picture:
        assert picture.size == (320, 240)
        assert picture.format == "JPEG"
    assert [word[4] for word in words] == ["Tide", "tables", "for", "pilots"]
    assert os.listdir(out.parent) == ["x.jpg"]  # noqa: PTH208 - names are what is asked


@pytest.mark.parametrize("kind", ["pdf", "pptx", "image"])
def test_a_file_that_is_online_only_is_shown_as_a_card_and_not_fetched_fw16(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """Only the mark of the system is made up. A file without content could not be drawn."""
    path = tmp_path / "away"
    path.touch()
    asked = _request(path, tmp_path / "x.jpg", kind=kind, title="Away", text="what it says")
    monkeypatch.setattr("indexer.scan.is_online_only", lambda _status: True)
    reply = serve(asked)
    assert (reply["ok"], reply["source"]) == (True, "card")
    assert "better" not in reply
    assert serve({"op": "locate", **asked, "words": ["says"]}) == {"ok": True, "boxes": []}


def test_very_tall_page_is_bounded(tmp_path: Path) -> None:
    path = tmp_path / "tall.pdf"
    with pymupdf.open() as document:
        document.new_page(width=10, height=10_000)
        document.save(path)
    reply = serve(_request(path, tmp_path / "x.jpg", width=100_000))
    assert reply["ok"]
    assert max(reply["width"], reply["height"]) <= 4_000


@pytest.mark.parametrize(
    ("page", "content", "words"),
    [
        (9, None, "has no page 9"),
        (0, None, "has no page 0"),
        (1, b"%PDF-1.7 nothing", "damaged"),
        (1, b"\r\n", "damaged"),
    ],
)
def test_what_cannot_be_drawn_is_a_sentence(
    tmp_path: Path, page: int, content: bytes | None, words: str
) -> None:
    path = made.pdf(tmp_path / "a.pdf")
    if content is not None:
        path.write_bytes(content)
    reply = serve(_request(path, tmp_path / "x.jpg", page=page))
    assert not reply["ok"]
    assert words in reply["reason"]
    assert not (tmp_path / "x.jpg").exists()


def test_missing_file_and_incomplete_request_are_sentences(tmp_path: Path) -> None:
    gone = serve(_request(tmp_path / "gone.pdf", tmp_path / "x.jpg"))
    assert gone == {"ok": False, "reason": "The file is not there any more."}
    assert serve({"path": "x"})["reason"] == "The request for this page was not complete."


def test_deck_lends_its_cover_when_that_is_large_enough(tmp_path: Path) -> None:
    deck = made.deck(tmp_path / "d.pptx")
    large = _with_thumbnail(deck, tmp_path / "large.pptx", (256, 144))
    small = _with_thumbnail(deck, tmp_path / "small.pptx", (160, 90))
    out = tmp_path / "x.jpg"
    source = [
        serve(_request(large, out, kind="pptx"))["source"],
        serve(_request(large, out, kind="pptx", page=2))["source"],
        serve(_request(large, out, kind="pptx", width=1_600))["source"],
        serve(_request(small, out, kind="pptx"))["source"],
    ]
    assert source == ["embedded", "card", "card", "card"]


def test_deck_that_cannot_be_opened_still_has_a_card(tmp_path: Path) -> None:
    (tmp_path / "d.pptx").write_bytes(b"PK\x03\x04 broken")
    reply = serve(_request(tmp_path / "d.pptx", tmp_path / "x.jpg", kind="pptx", title="Cranes"))
    assert (reply["source"], reply["width"], reply["height"]) == ("card", 320, 180)


@pytest.mark.parametrize("kind", ["pptx", "docx", "xlsx", "html", "markdown", "text", "other"])
def test_card_shows_title_text_and_label_as_text(kind: str) -> None:
    title = "<b>Cranes</b> & quays"
    with card(kind, title, "Plan\tPrice\n<script>x</script>\t490", "slide 3") as document:
        words = " ".join(document[0].get_text().split())
    assert title in words
    assert "<script>x</script>" in words
    assert "slide 3" in words


@pytest.mark.parametrize("kind", ["pptx", "docx", "xlsx"])
def test_card_of_nothing_and_of_far_too_much(kind: str, tmp_path: Path) -> None:
    for title, text in (("", ""), ("x " * 9_000, "word " * 200_000), ("料金" * 200, "\t" * 5_000)):
        request = _request(tmp_path, tmp_path / "x.jpg", kind=kind, title=title, text=text)
        assert serve(request)["ok"]


def test_cards_of_different_slides_differ(tmp_path: Path) -> None:
    pictures: list[Image.Image] = []
    for text in ("Cranes lift loads", "Quays carry cranes"):
        out = tmp_path / f"{len(pictures)}.jpg"
        serve(_request(tmp_path, out, kind="pptx", title="Harbour", text=text))
        pictures.append(Image.open(out).convert("L"))
    assert ImageChops.difference(*pictures).getbbox() is not None


def test_locates_words_as_shares_of_the_page(tmp_path: Path) -> None:
    path = made.pdf(tmp_path / "a.pdf", ("Crane prices\nfor Größe",))
    request = {"op": "locate", "path": str(path), "page": 1}
    (box,) = serve({**request, "words": ["prices"]})["boxes"]
    assert 0 < box[0] < box[2] < 0.5
    assert 0 < box[1] < box[3] < 0.3
    assert len(serve({**request, "words": ["grosse", "grösse"]})["boxes"]) == 1
    assert serve({**request, "words": ["absent", "ri", ""]})["boxes"] == []


def test_locates_words_on_a_turned_page(tmp_path: Path) -> None:
    path = tmp_path / "t.pdf"
    with pymupdf.open() as document:
        page = document.new_page(width=400, height=200)
        page.insert_text((20, 30), "Corner")
        page.set_rotation(90)
        document.save(path)
    request = {"op": "locate", "path": str(path), "page": 1, "words": ["corner"]}
    (box,) = serve(request)["boxes"]
    serve(_request(path, tmp_path / "x.jpg", width=400))
    with Image.open(tmp_path / "x.jpg") as picture:
        width, height = picture.size
        dark = picture.convert("L").point(lambda value: 255 if value < 128 else 0).getbbox()
    assert dark is not None
    assert box[0] * width - 2 <= dark[0] <= dark[2] <= box[2] * width + 2
    assert box[1] * height - 2 <= dark[1] <= dark[3] <= box[3] * height + 2


@pytest.mark.parametrize(
    ("terms", "marked"),
    [
        (["secured", "security"], ["security", "secured"]),
        (["secur*"], ["security-first", "securities", "secured"]),
        (["email"], ["e-mail"]),
        (["אבטחת"], ["אבטחת"]),
        (["安全"], ["安全"]),
        (["first"], ["first", "first"]),
        (["sec"], []),
    ],
)
def test_marks_on_a_page_what_is_marked_in_the_excerpt(
    tmp_path: Path, terms: list[str], marked: list[str]
) -> None:
    """Inflections come as terms of their own; a beginning is one only where the search said so."""
    path = tmp_path / "a.pdf"
    text = "security-first, securities (secured) e-mail ﬁrst 安全管理"
    with pymupdf.open() as document:
        page = document.new_page(width=600, height=200)
        page.insert_htmlbox((20, 20, 580, 180), f"<p>{text}</p><p dir='rtl'>שלום אבטחת מידע</p>")
        document.save(path)
    request = {"op": "locate", "path": str(path), "page": 1, "kind": "pdf", "words": terms}
    boxes = serve(request)["boxes"]
    with pymupdf.open(path) as document:
        page = document[0]
        found = [
            page.get_textbox((b[0] * 600 + 1, b[1] * 200 + 2, b[2] * 600 - 1, b[3] * 200 - 2))
            for b in boxes
        ]
    assert [text.strip() for text in found] == marked


def test_a_word_broken_over_two_lines_is_marked_on_both(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    with pymupdf.open() as document:
        page = document.new_page(width=400, height=200)
        page.insert_text((20, 40), "all about secu-")
        page.insert_text((20, 60), "rity in the cloud")
        document.save(path)
    request = {"op": "locate", "path": str(path), "page": 1, "words": ["security"]}
    first, second = serve(request)["boxes"]
    assert first[0] > second[0]
    assert first[1] < second[1]


def test_locates_words_on_what_libreoffice_has_made(tmp_path: Path) -> None:
    deck, cache = tmp_path / "d.pptx", tmp_path / "cache"
    deck.write_bytes(b"a deck")
    made_of_it = converted_file(cache, SHA)
    made_of_it.parent.mkdir(parents=True)
    made.pdf(made_of_it, ("Crane prices",))
    request = {
        "op": "locate", "path": str(deck), "page": 1, "words": ["prices"], "kind": "pptx",
        "sha": SHA, "cache": str(cache), "source": "page",
    }  # fmt: skip
    (on_slide,) = serve(request)["boxes"]
    (on_pdf,) = serve({**request, "path": str(made_of_it), "kind": "pdf"})["boxes"]
    assert on_slide == on_pdf
    # A sheet is drawn from its top left corner, with a margin.
    (on_sheet,) = serve({**request, "path": "b.xlsx", "kind": "xlsx"})["boxes"]
    with pymupdf.open(made_of_it) as document:
        shown = max(600.0, document[0].rect.width + 24)
        left = on_pdf[0] * document[0].rect.width
    assert on_sheet[0] == pytest.approx((left + 12) / shown, abs=1e-4)
    assert serve({**request, "sha": "0" * 64})["boxes"] == []


def test_locates_words_on_a_card() -> None:
    request = {
        "op": "locate", "path": "gone.pptx", "page": 7, "words": ["harbour"], "kind": "pptx",
        "source": "card", "title": "Crane", "text": "The harbour at night", "label": "slide 7",
    }  # fmt: skip
    (box,) = serve(request)["boxes"]
    assert 0 < box[0] < box[2] < 1


def test_only_pdf_has_places_for_words(tmp_path: Path) -> None:
    deck = made.deck(tmp_path / "d.pptx")
    request = {"op": "locate", "path": str(deck), "page": 1, "words": ["harbour"]}
    assert serve(request) == {"ok": True, "boxes": []}


def test_latest_request_comes_first_and_cancelled_ones_are_answered() -> None:
    requests = Requests()
    for number in (1, 2, 3):
        requests.put({"id": number})
    requests.put({"op": "cancel", "id": 2})
    requests.put({"op": "cancel", "id": 9})
    assert requests.take() == ({"id": 3}, [2])
    assert requests.take() == ({"id": 1}, [])
    threading.Thread(target=requests.close).start()
    assert requests.take() == (None, [])


def test_process_serves_and_is_replaced_when_it_dies(tmp_path: Path) -> None:
    path = made.pdf(tmp_path / "a.pdf")
    with Renderer(tmp_path / "cache") as renderer:
        first = renderer.picture(path, SHA, 1, 320, kind="pdf")
        assert (first.source, first.width, first.height) == ("page", 320, 240)
        assert first.file == cache_file(tmp_path / "cache", SHA, 1, 320)
        assert len(renderer.locate(path, 1, ["pilots"])) == 1
        with pytest.raises(NoPicture, match="no page 7"):
            renderer.picture(path, SHA, 7, 320, kind="pdf")
        child = renderer._child
        assert child is not None
        child._process.kill()
        child._process.wait()
        with pytest.raises(NoPicture):
            renderer.picture(path, SHA, 2, 320, kind="pdf")
        assert renderer.picture(path, SHA, 2, 320, kind="pdf").file.exists()


def test_process_that_hangs_is_replaced(tmp_path: Path) -> None:
    """A FIFO stands for a share that never answers."""
    if not hasattr(os, "mkfifo"):
        pytest.skip("needs a FIFO")
    os.mkfifo(tmp_path / "stuck.pdf")
    with Renderer(tmp_path / "cache", wall_s=1.0) as renderer:
        with pytest.raises(NoPicture, match="longer than 1 seconds"):
            renderer.locate(tmp_path / "stuck.pdf", 1, ["x"])
        path = made.pdf(tmp_path / "a.pdf")
        renderer._wall_s = 30.0
        assert renderer.locate(path, 1, ["pilots"])


def test_importing_the_reading_side_loads_no_heavy_library() -> None:
    """The window's process imports some of it before its first paint."""
    modules = "scan, worker, render, render_worker, card, extract, reading, fingerprint"
    heavy = {"pymupdf", "lxml", "PIL", "olefile", "chardet", "watchdog", "numpy"}
    program = f"import sys; from indexer import {modules}; print({heavy!r} & set(sys.modules))"
    command = [sys.executable, "-c", program]
    environment = module_environment()
    found = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    assert found.stdout.strip() == "set()"
