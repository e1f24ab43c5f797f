"""Pictures of pages: drawn in a child, kept on disk and in memory, never in the way."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from ui.decoding import Shape, decode
from ui.pictures import Pictures, Wanted

SHAPE = Shape(124, 70, cover=True, radius=5)
CHILD = """
import json, sys, time
from pathlib import Path
log = Path(sys.argv[1])
picture = Path(sys.argv[2]).read_bytes()
for line in sys.stdin:
    r = json.loads(line)
    with log.open("a") as f:
        f.write(f"{r.get('op', 'draw')} {r['page']}\\n")
    if r.get("op") == "locate":
        answer = {"ok": True, "boxes": [[0.1, 0.2, 0.3, 0.25]]}
    elif r["path"] == "crash":
        sys.exit(3)
    elif r["path"] == "bad":
        answer = {"ok": False, "reason": "The file is not there any more."}
    else:
        Path(r["out"]).parent.mkdir(parents=True, exist_ok=True)
        Path(r["out"]).write_bytes(picture)
        source = "card" if r["kind"] != "pdf" else "page"
        answer = {"ok": True, "file": r["out"], "source": source, "width": 320, "height": 180}
    print(json.dumps({"id": r["id"], **answer}), flush=True)
"""


@pytest.fixture
def drawn(tmp_path: Path) -> Path:
    """The file in which the fake child notes what it was asked for."""
    return tmp_path / "drawn.txt"


@pytest.fixture
def make(qapp: object, tmp_path: Path, drawn: Path) -> Iterator[Callable[[], Pictures]]:
    """Makes Pictures over one cache folder with a fake rendering child."""
    script, jpeg = tmp_path / "child.py", tmp_path / "page.jpg"
    script.write_text(CHILD)
    image = QImage(320, 180, QImage.Format.Format_RGB32)
    image.fill(QColor("#2459D3"))
    assert image.save(str(jpeg))
    command = [sys.executable, str(script), str(drawn), str(jpeg)]
    made: list[Pictures] = []

    def build() -> Pictures:
        made.append(Pictures(tmp_path / "cache", command=command))
        return made[-1]

    yield build
    for pictures in made:
        pictures.close()


def page_of(number: int, path: str = "/x.pdf", kind: str = "pdf", shape: Shape = SHAPE) -> Wanted:
    return Wanted("ab12" * 16, number, shape, path=path, kind=kind)


def have(qtbot: QtBot, pictures: Pictures, wanted: Wanted) -> None:
    qtbot.waitUntil(lambda: pictures.peek(wanted) is not None, timeout=8000)


def test_a_picture_comes_later_and_in_the_size_of_the_screen(
    qtbot: QtBot, make: Callable[[], Pictures]
) -> None:
    pictures = make()
    wanted = page_of(1, shape=Shape(124, 70, 2.0, cover=True))
    assert pictures.get(wanted) is None
    with qtbot.waitSignal(pictures.ready, timeout=8000) as heard:
        pass
    assert heard.args == [wanted]
    picture = pictures.get(wanted)
    assert picture is not None
    assert (picture.image.width(), picture.image.height()) == (248, 140)
    assert picture.image.devicePixelRatio() == 2.0
    assert picture.source == "page"


def test_what_was_drawn_once_is_read_from_disk_at_the_next_start(
    qtbot: QtBot, make: Callable[[], Pictures], drawn: Path
) -> None:
    first = make()
    first.get(page_of(1))
    have(qtbot, first, page_of(1))
    first.close()
    second = make()
    second.get(page_of(1))
    have(qtbot, second, page_of(1))
    assert drawn.read_text().count("draw 1") == 1


def test_a_card_is_drawn_anew_and_says_what_it_is(
    qtbot: QtBot, make: Callable[[], Pictures], drawn: Path, tmp_path: Path
) -> None:
    for _ in range(2):
        pictures = make()
        pictures.get(page_of(1, kind="docx"))
        have(qtbot, pictures, page_of(1, kind="docx"))
        picture = pictures.peek(page_of(1, kind="docx"))
        assert picture is not None
        assert picture.source == "card"
        pictures.close()
    assert drawn.read_text().count("draw 1") == 2
    assert list((tmp_path / "cache").rglob("*.jpg")) == []


def test_a_page_that_cannot_be_drawn_has_a_reason(
    qtbot: QtBot, make: Callable[[], Pictures]
) -> None:
    pictures = make()
    pictures.get(page_of(1, path="bad"))
    have(qtbot, pictures, page_of(1))
    picture = pictures.peek(page_of(1))
    assert picture is not None
    assert picture.image.isNull()
    assert picture.reason == "The file is not there any more."


def test_a_page_that_kills_the_child_costs_only_itself(
    qtbot: QtBot, make: Callable[[], Pictures]
) -> None:
    pictures = make()
    pictures.get(page_of(1, path="crash"))
    for number in (2, 3, 4):
        pictures.get(page_of(number))
    for number in (1, 2, 3, 4):
        have(qtbot, pictures, page_of(number))
    crashed, drawn = pictures.peek(page_of(1)), pictures.peek(page_of(3))
    assert crashed is not None
    assert crashed.image.isNull()
    assert drawn is not None
    assert not drawn.image.isNull()


def test_what_scrolled_away_is_not_drawn(
    qtbot: QtBot, make: Callable[[], Pictures], drawn: Path
) -> None:
    pictures = make()
    for number in range(1, 40):
        pictures.get(page_of(number))
    pictures.keep_only("list", [page_of(39)])
    have(qtbot, pictures, page_of(39))
    assert len(drawn.read_text().splitlines()) < 10


def test_the_preview_overtakes_the_list(
    qtbot: QtBot, make: Callable[[], Pictures], drawn: Path
) -> None:
    pictures = make()
    for number in range(1, 20):
        pictures.get(page_of(number))
    pictures.get(page_of(50), "preview", rank=2)
    have(qtbot, pictures, page_of(50))
    order = [int(line.split()[1]) for line in drawn.read_text().splitlines()]
    assert order.index(50) <= 3


def test_pictures_in_memory_stay_within_the_budget(
    qtbot: QtBot, make: Callable[[], Pictures], monkeypatch: pytest.MonkeyPatch
) -> None:
    """SC-5: bounded caches."""
    monkeypatch.setattr("ui.pictures.BUDGET", 3 * 124 * 70 * 4)
    pictures = make()
    for number in range(1, 8):
        pictures.get(page_of(number))
        have(qtbot, pictures, page_of(number))
    kept = [number for number in range(1, 8) if pictures.peek(page_of(number))]
    assert kept == [5, 6, 7]


def test_words_are_located(qtbot: QtBot, make: Callable[[], Pictures]) -> None:
    found: list[object] = []
    make().locate(page_of(3), "page", ["trust"], found.append)
    qtbot.waitUntil(lambda: bool(found), timeout=8000)
    assert found == [[[0.1, 0.2, 0.3, 0.25]]]


def test_a_child_that_cannot_start_gives_a_reason_and_no_end_of_tries(
    qtbot: QtBot, tmp_path: Path
) -> None:
    pictures = Pictures(tmp_path, command=["/nonexistent/renderer"])
    pictures.get(page_of(1))
    have(qtbot, pictures, page_of(1))
    picture = pictures.peek(page_of(1))
    assert picture is not None
    assert picture.reason
    pictures.close()


def test_a_name_that_is_no_hash_is_never_a_path(tmp_path: Path) -> None:
    pictures = Pictures(tmp_path, command=["/nonexistent"])
    assert pictures.get(Wanted("../../etc", 1, SHAPE)) is None
    assert not pictures._waiting
    pictures.close()


def test_a_tall_page_is_cut_from_below_and_fits_whole_when_asked(tmp_path: Path) -> None:
    image = QImage(100, 400, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    for x in range(100):
        image.setPixelColor(x, 5, QColor("red"))
    file = tmp_path / "tall.png"
    assert image.save(str(file))
    cut = decode(file, Shape(100, 50, cover=True))
    assert (cut.width(), cut.height()) == (100, 50)
    assert cut.pixelColor(50, 5) == QColor("red")
    whole = decode(file, Shape(100, 200))
    assert (whole.width(), whole.height()) == (50, 200)


def test_half_a_picture_is_no_picture(tmp_path: Path) -> None:
    file = tmp_path / "half.png"
    file.write_bytes(b"\x89PNG\r\n\x1a\n")
    assert decode(file, SHAPE).isNull()


def test_the_real_child_draws_a_real_page(qtbot: QtBot, tmp_path: Path) -> None:
    from indexer.extract.mupdf import load

    document = load().open()
    document.new_page(width=320, height=180).insert_text((40, 90), "zero trust")
    file = tmp_path / "deck.pdf"
    document.save(str(file))
    pictures = Pictures(tmp_path / "cache")
    wanted = page_of(1, path=str(file))
    found: list[object] = []
    pictures.get(wanted)
    pictures.locate(wanted, "page", ["trust"], found.append)
    have(qtbot, pictures, wanted)
    qtbot.waitUntil(lambda: bool(found), timeout=8000)
    picture = pictures.peek(wanted)
    assert picture is not None
    assert not picture.image.isNull()
    assert picture.source == "page"
    assert isinstance(found[0], list)
    assert 0.2 < found[0][0][0] < 0.4
    pictures.close()


OFFICE = """
import json, sys
from pathlib import Path
folder = Path(sys.argv[1])
for line in sys.stdin:
    r = json.loads(line)
    with (folder / "asked").open("a") as f:
        f.write(f"{r.get('op', 'convert')} {Path(r.get('path', '')).name}\\n")
    if "sha" not in r:
        continue
    answers = {
        "bad.pptx": {"ok": False, "state": "failed", "reason": "LibreOffice could not open it."},
        "none.pptx": {"ok": False, "state": "absent", "reason": "It is not installed."},
    }
    if r["path"].endswith("slow.pptx") and not (folder / "was_slow").exists():
        (folder / "was_slow").write_text("")
        answer = {"ok": False, "state": "slow", "reason": "It took too long."}
    else:
        answer = answers.get(Path(r["path"]).name, {"ok": True})
    if answer["ok"]:
        (folder / r["sha"]).write_text("converted")
    print(json.dumps({"id": r["id"], **answer}), flush=True)
"""
CARDS = """
import json, sys
from pathlib import Path
folder, jpeg = Path(sys.argv[1]), Path(sys.argv[2]).read_bytes()
for line in sys.stdin:
    r = json.loads(line)
    with (folder / "told").open("a") as f:
        f.write(line)
    if "id" not in r:
        continue
    made = (folder / r["sha"]).exists()
    Path(r["out"]).parent.mkdir(parents=True, exist_ok=True)
    Path(r["out"]).write_bytes(jpeg)
    answer = {"ok": True, "file": r["out"], "source": "page" if made else "card",
              "width": 320, "height": 180}
    if not made:
        answer["better"] = True
    print(json.dumps({"id": r["id"], **answer}), flush=True)
"""


class Office:
    """Pictures over two children that play the drawing and the converting process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        cards, office, jpeg = folder / "cards.py", folder / "office.py", folder / "page.jpg"
        cards.write_text(CARDS)
        office.write_text(OFFICE)
        image = QImage(320, 180, QImage.Format.Format_RGB32)
        image.fill(QColor("#2459D3"))
        assert image.save(str(jpeg))
        self.pictures = Pictures(
            folder / "cache",
            command=[sys.executable, str(cards), str(folder), str(jpeg)],
            office_command=[sys.executable, str(office), str(folder)],
        )

    def asked(self) -> list[str]:
        """What the converting process was asked so far."""
        file = self.folder / "asked"
        return file.read_text().splitlines() if file.exists() else []

    def shown(self, wanted: Wanted) -> str:
        """The source of the picture in memory, "" when there is none."""
        picture = self.pictures.peek(wanted)
        return picture.source if picture is not None else ""

    def wait_for_card(self, qtbot: QtBot, wanted: Wanted) -> None:
        """Wait until the card is there."""
        qtbot.waitUntil(lambda: self.shown(wanted) == "card", timeout=8000)

    def hint(self, wanted: Wanted) -> str:
        """What is said about the picture."""
        picture = self.pictures.peek(wanted)
        return picture.hint if picture is not None else ""


@pytest.fixture
def office(qapp: object, tmp_path: Path) -> Iterator[Office]:
    """Pictures with a converting process that does as the name of a file says."""
    made = Office(tmp_path)
    yield made
    made.pictures.close()


def deck(name: str, page: int = 1, kind: str = "pptx") -> Wanted:
    sha = f"{sum(name.encode()):064x}"
    return Wanted(sha, page, SHAPE, path=f"/decks/{name}", kind=kind)


def test_a_card_is_replaced_by_the_page_without_a_gap(qtbot: QtBot, office: Office) -> None:
    """LO-1: ``ready`` comes twice, and there is a picture all the time."""
    told: list[Wanted] = []
    office.pictures.ready.connect(told.append)
    wanted = deck("good.pptx")
    office.pictures.get(wanted)
    qtbot.waitUntil(lambda: office.shown(wanted) == "card", timeout=8000)
    office.pictures.configure()
    seen: set[str] = set()

    def better() -> bool:
        seen.add(office.shown(wanted))
        return office.shown(wanted) == "page"

    qtbot.waitUntil(better, timeout=8000)
    assert seen == {"card", "page"}
    assert told == [wanted, wanted]
    kept = tuple(file.name for file in (office.folder / "cache").rglob("*.jpg"))
    assert kept == (f"{wanted.sha}-1-320.jpg",)
    assert office.pictures.get(deck("good.pptx", 2)) is None
    qtbot.waitUntil(lambda: office.shown(deck("good.pptx", 2)) == "page", timeout=8000)
    assert office.asked() == ["convert good.pptx"]


def test_nothing_is_converted_when_that_is_not_wanted(qtbot: QtBot, office: Office) -> None:
    office.pictures.configure(office=False)
    wanted = deck("good.pptx")
    office.pictures.get(wanted)
    qtbot.waitUntil(lambda: office.shown(wanted) == "card", timeout=8000)
    qtbot.wait(400)
    assert office.asked() == []
    assert office.hint(wanted) == ""
    office.pictures.configure(office=True)
    qtbot.waitUntil(lambda: office.shown(wanted) == "page", timeout=8000)


def test_without_libreoffice_one_line_says_what_it_would_add(qtbot: QtBot, office: Office) -> None:
    office.pictures.configure()
    first, second = deck("none.pptx"), deck("good.docx", kind="docx")
    office.pictures.get(first)
    said = "With LibreOffice installed, slides are shown as they look."
    qtbot.waitUntil(lambda: office.hint(first) == said, timeout=8000)
    office.pictures.get(second)
    qtbot.waitUntil(lambda: "pages are shown" in office.hint(second), timeout=8000)
    assert office.asked() == ["convert none.pptx"]


def test_a_file_that_cannot_be_converted_says_so_and_is_not_tried_again(
    qtbot: QtBot, office: Office
) -> None:
    office.pictures.configure()
    wanted = deck("bad.pptx")
    office.pictures.get(wanted)
    qtbot.waitUntil(lambda: "could not open" in office.hint(wanted), timeout=8000)
    assert office.shown(wanted) == "card"
    office.pictures.get(wanted)
    office.pictures.get(deck("bad.pptx", 2))
    qtbot.waitUntil(lambda: "could not open" in office.hint(deck("bad.pptx", 2)), timeout=8000)
    qtbot.wait(400)
    assert office.asked() == ["convert bad.pptx"]


def test_what_is_looked_at_is_converted_first_and_what_went_away_is_not(
    qtbot: QtBot, office: Office
) -> None:
    names = [f"{letter}.pptx" for letter in "abcdefgh"]
    for name in names:
        office.pictures.get(deck(name))
        office.wait_for_card(qtbot, deck(name))
    office.pictures.get(deck("g.pptx"), "preview", rank=2)
    office.pictures.keep_only("list", [deck("c.pptx")])
    office.pictures.configure()
    qtbot.waitUntil(lambda: office.shown(deck("c.pptx")) == "page", timeout=8000)
    qtbot.wait(400)
    assert office.asked() == ["convert g.pptx", "convert c.pptx"]


def test_a_slow_file_waits_behind_the_others_for_its_second_try(
    qtbot: QtBot, office: Office
) -> None:
    for name in ("slow.pptx", "good.pptx"):
        rank = 2 if name == "slow.pptx" else 0
        office.pictures.get(deck(name), rank=rank)
        office.wait_for_card(qtbot, deck(name))
    office.pictures.configure()
    qtbot.waitUntil(lambda: office.shown(deck("slow.pptx")) == "page", timeout=8000)
    assert office.asked() == ["convert slow.pptx", "convert good.pptx", "convert slow.pptx"]


def test_a_document_says_that_its_pages_are_not_those_of_word(qtbot: QtBot, office: Office) -> None:
    office.pictures.configure()
    wanted = deck("good.docx", kind="docx")
    office.pictures.get(wanted)
    qtbot.waitUntil(lambda: office.shown(wanted) == "page", timeout=8000)
    assert "elsewhere than in Word" in office.hint(wanted)


def test_every_drawing_process_is_told_the_size_of_the_cache(qtbot: QtBot, office: Office) -> None:
    """SC-5."""
    office.pictures.configure(cache_mb=120, office=False)
    office.pictures.get(deck("good.pptx"))
    qtbot.waitUntil(lambda: office.shown(deck("good.pptx")) == "card", timeout=8000)
    first = json.loads((office.folder / "told").read_text().splitlines()[0])
    assert first == {"op": "keep", "cache": str(office.folder / "cache"), "cap": 120 << 20}
