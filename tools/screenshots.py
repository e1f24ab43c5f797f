"""Take the pictures of the user guide: every page of the real window, in light and in dark.

    python -m tools.screenshots                  writes docs/pictures/NAME-light.png, NAME-dark.png
    python -m tools.screenshots --only find      only the pictures whose names begin so
    python -m tools.screenshots --scale 2 --to FOLDER    on a dense screen, without dialogs

Each scene is a start of the program itself (its door, its window, its indexing child) on an X
display of its own, over the sample library, an empty library, or one with files that cannot be
read. Nothing of the person's own library is touched.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from PySide6.QtGui import QImage
    from PySide6.QtWidgets import QWidget

    from ui.door import Door
    from ui.pages.attention.page import AttentionPage
    from ui.pages.find.page import FindPage

T = TypeVar("T")
CHECKOUT = Path(__file__).resolve().parents[1]
PICTURES = CHECKOUT / "docs" / "pictures"
SCENES = ("welcome", "sample", "own")
MODES = ("light", "dark")
SIZE = (1440, 900)
EXACT = 128
PATIENCE_S = 60
STILL_MS = 400
SEARCH = "cold chain"


class Shooter:
    """Walks through one scene and keeps a picture of each step; closes the window at the end."""

    def __init__(self, door: Door, scene: str, only: str, keep: Callable[[str], None]) -> None:
        self.door, self.window = door, door.window
        self._scene, self._only, self._keep = scene, only, keep
        self.failed = True

    def run(self) -> None:
        """Take every picture of the scene; whatever happens, the program ends."""
        from PySide6.QtCore import QTimer
        from PySide6.QtWidgets import QApplication

        try:
            for name in getattr(self, f"_{self._scene}")():
                if name.startswith(self._only):
                    self._settle()
                    self._keep(name)
            self.failed = False
        except BaseException:
            traceback.print_exc()
            self._keep(f"failed-{self._scene}")
        for widget in QApplication.topLevelWidgets():
            widget.close()
        QTimer.singleShot(0, QApplication.quit)

    # ---- scenes: each yields the name of a picture when the window is ready for it ------------

    def _welcome(self) -> Iterator[str]:
        self._until(lambda: self.window.session.overview is not None)
        yield "welcome"

    def _sample(self) -> Iterator[str]:
        yield from self._finding()
        yield from self._attention()
        self.window.navigate("settings")
        yield "settings"

    def _finding(self) -> Iterator[str]:
        page = self._find_page()
        self._search(page, "")
        self._until(lambda: len(page.hit_model.hits) > 10)
        yield "find-all"
        self._search(page, "cold")
        self._search(page, SEARCH)
        page.results.setFocus()
        page.results.select_row(self._row_with_marks(page))
        self._until(lambda: bool(page.preview.boxes))
        yield "find"
        page.results.select_asset(self._with_pages(page))
        page.results.toggle_pages()
        self._until(lambda: page.hit_model.has_open)
        page.results.select_row(page.results.currentIndex().row() + 1)
        yield "find-pages"
        page.results.fold_current()
        page.why()
        self._until(lambda: page._why is not None and any(
            "shown" in text for text in page._why.texts()))  # fmt: skip
        yield "find-why"
        page.why()
        page.facet_model.choose("persona", "it", "out")
        self._until(lambda: page._last is not None and bool(page._last.result.spec.filters))
        yield "find-left-out"
        page.facet_model.clear()
        self._search(page, "cold")
        self._search(page, SEARCH)
        page.results.select_row(self._row_with_marks(page))
        self._until(lambda: bool(page.preview.boxes))
        page.quick_look()
        yield "quick-look"
        page.quick_look()
        page.tag()
        yield "tag"
        self._close_dialog()
        page.results.select_row(0)
        page.send()
        self._fill_send()
        yield "send"
        self._close_dialog()
        yield from self._field(page)
        self._search(page, "zeppelin")
        self._search(page, "fedramp")
        self._until(lambda: page.nothing.isVisible())
        yield "find-nothing"
        page.nothing.request.click()
        self._until(lambda: self._dialog() is not None)
        yield "request"
        self._close_dialog()

    def _field(self, page: FindPage) -> Iterator[str]:
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest

        field = page.header.field
        self._search(page, "cold -truck persona:cfo used:>x")
        field.deselect()
        yield "search-understood"
        self._search(page, "")
        QTest.keyClicks(field, "cold persona:")
        self._until(lambda: page.desk.completer.is_open)
        QTest.keyClick(field, Qt.Key.Key_Down)
        yield "search-offers"
        page.desk.completer.close()
        self._search(page, "cold chain persona:cfo")
        page.desk.save_search()
        self._until(lambda: page.desk.pane_is_open)
        page.desk.pane.name.setText("Cold chain for CFOs")
        page.desk.pane.save.click()
        self._until(lambda: not page.desk.pane_is_open)
        page.desk.toggle_searches()
        self._until(lambda: page.desk.pane_is_open)
        yield "search-saved"
        page.desk.pane.close_pane()

    def _attention(self) -> Iterator[str]:
        self.window.navigate("attention")
        page = self._attention_page()
        self._until(lambda: page.unused.table.model().rowCount() > 0)
        yield "attention"
        page.tabs.setCurrentIndex(1)
        yield "attention-searches"
        page.tabs.setCurrentIndex(0)

    def _own(self) -> Iterator[str]:
        self.window.navigate("library")
        page = self.window.page
        self._until(lambda: page.problems.model.rowCount() >= 7)  # type: ignore[attr-defined]
        self._until(lambda: bool(self.window.session.indexing.modes))
        yield "library"

    # ---- hands and eyes ------------------------------------------------------------------------

    def _find_page(self) -> FindPage:
        from ui.pages.find.page import FindPage

        self.window.navigate("find")
        page = self.window.page
        assert isinstance(page, FindPage)
        return page

    def _attention_page(self) -> AttentionPage:
        from ui.pages.attention.page import AttentionPage

        page = self.window.page
        assert isinstance(page, AttentionPage)
        return page

    def _search(self, page: FindPage, text: str) -> None:
        page.search_for(text)
        self._until(lambda: page._last is not None and page._last.result.spec.text == text)

    def _row_with_marks(self, page: FindPage) -> int:
        """The first good result on whose page the words stand side by side."""
        return next(
            row for row, hit in enumerate(page.hit_model.hits)
            if hit.kind == "pdf" and hit.trust == "current" and SEARCH in hit.snippet
        )  # fmt: skip

    def _with_pages(self, page: FindPage) -> int:
        """The first result of which other pages match too, once that is known."""
        return self._until(lambda: next(
            (hit.asset_id for hit in page.hit_model.hits if hit.more_pages), 0
        ))  # fmt: skip

    def _fill_send(self) -> None:
        from ui.dialogs.send import SendDialog

        dialog = self._until(self._dialog)
        assert isinstance(dialog, SendDialog)
        self._settle()
        dialog.to.setText("h.brandt@penrose.example")
        dialog.account.setText("Penrose")

    def _dialog(self) -> QWidget | None:
        from PySide6.QtWidgets import QApplication, QDialog

        shown = [w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog)]
        return next((widget for widget in shown if widget.isVisible()), None)

    def _close_dialog(self) -> None:
        dialog = self._dialog()
        if dialog is not None:
            dialog.close()
        self._until(lambda: self._dialog() is None)

    def _until(self, what: Callable[[], T | None]) -> T:
        """Let the window live until something is true."""
        from PySide6.QtTest import QTest

        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            found = what()
            if found:
                return found
            QTest.qWait(25)
        raise AssertionError(f"still not, line {what.__code__.co_firstlineno}")

    def _settle(self) -> None:
        """Wait until nothing is being read or drawn, and for a while more."""
        from PySide6.QtTest import QTest

        session = self.window.session
        quiet = 0
        end = time.monotonic() + PATIENCE_S
        while quiet < STILL_MS and time.monotonic() < end:
            QTest.qWait(50)
            busy = session.pictures._waiting or session.indexing.progress.state == "indexing"
            quiet = 0 if busy else quiet + 50
        self.window.toast.dismiss()
        QTest.qWait(50)


# ---- one scene, in a process of its own ---------------------------------------------------------


def scene(name: str, mode: str, library: Path, to: Path, only: str, *, dense: bool) -> int:
    """Start the program on a library and take the pictures of a scene."""
    from PySide6.QtCore import QTimer

    from app.library import Library
    from ui.door import Door, application
    from ui.instance import Instance

    own = Library(library)
    own.settings.set("look.theme", mode)
    app = application(["deckhand"])
    instance = Instance(library)
    assert instance.take()
    door = Door(app, library, "", instance)
    window = door.window

    def keep(name: str) -> None:
        whole = window.grab().toImage() if dense else window.screen().grabWindow(0).toImage()
        write(whole, to / f"{name}-{mode}.png")

    shooter = Shooter(door, name, only, keep)
    if dense:
        window.resize(*SIZE)
    else:
        # Without a frame the window fills the screen and is the picture.
        from PySide6.QtCore import Qt

        window.setWindowFlag(Qt.WindowType.FramelessWindowHint)
        window.setGeometry(0, 0, *SIZE)
    QTimer.singleShot(1000, shooter.run)
    door.run(time.perf_counter())
    return int(shooter.failed)


def write(image: QImage, file: Path) -> None:
    """Write a picture as a small PNG: with a palette, in which the colours of areas are exact."""
    import numpy as np
    from PIL import Image
    from PySide6.QtGui import QImage

    plain = image.convertToFormat(QImage.Format.Format_RGB32)
    shape = (plain.height(), plain.bytesPerLine() // 4)
    pixels = np.frombuffer(plain.constBits(), dtype="<u4").reshape(shape)[:, : plain.width()]
    values, places, counts = np.unique(pixels & 0xFFFFFF, return_inverse=True, return_counts=True)
    colours = np.stack([values >> 16, values >> 8 & 255, values & 255], axis=1).astype(np.int32)
    order = np.argsort(counts)[::-1]
    exact, rest = colours[order[:EXACT]], colours[order[EXACT:]]
    if len(rest):
        strip = Image.fromarray(rest.astype(np.uint8)[None], "RGB")
        more = strip.quantize(256 - EXACT, method=Image.Quantize.MEDIANCUT).getpalette() or []
        exact = np.concatenate([exact, np.array(more, dtype=np.int32).reshape(-1, 3)])
    nearest = np.array(
        [np.argmin(((exact - colour) ** 2).sum(axis=1)) for colour in colours], dtype=np.uint8
    )
    small = Image.fromarray(nearest[places].reshape(pixels.shape), "P")
    small.putpalette(exact.astype(np.uint8).tobytes())
    small.save(file, optimize=True)
    print(f"{file.name}: {file.stat().st_size // 1024} kB", flush=True)


# ---- the libraries ------------------------------------------------------------------------------


def make_libraries(home: Path) -> dict[str, Path]:
    """Build a library for each scene below ``home``."""
    from app.library import Library, build_sample

    folders = {name: home / "Deckhand" / name for name in SCENES}
    folders["welcome"].mkdir(parents=True)
    build_sample(lambda _done, _total, what: print(what, flush=True), folders["sample"])
    collateral = home / "Sales" / "Collateral 2026"
    make_troubled(collateral, folders["sample"] / "collateral")
    own = Library(folders["own"])
    own.set_me("Ana Ruiz", "marketer")
    own.add_root(str(collateral))
    own.close()
    return folders


def make_troubled(folder: Path, sample: Path) -> None:
    """A small folder in which some files cannot be read, each for another reason."""
    import pymupdf

    folder.mkdir(parents=True)
    for file in sorted(sample.rglob("*.*"))[::4]:
        shutil.copy(file, folder)
    (folder / "Battlecard draft.pdf").write_bytes(b"%P")
    (folder / "Launch deck (copy).pptx").write_bytes(b"PK\x03\x04" + bytes(2000))
    (folder / "Notes.docx").touch()
    (folder / "Pricing 2019.ppt").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4000))
    (folder / "Customer film.mp4").write_bytes(b"\x00\x00\x00\x18ftypmp42" + bytes(2000))
    with pymupdf.open() as document:
        document.new_page().insert_text((72, 90), "Board deck")
        protected = folder / "Board deck.pdf"
        document.save(protected, encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="secret")
    with pymupdf.open() as document:
        document.new_page().draw_rect((72, 72, 400, 500), fill=(0.8, 0.85, 0.9))
        document.save(folder / "Scanned brochure.pdf")


@contextmanager
def home() -> Iterator[Path]:
    """A home for the program, of the same name each time because pictures show paths in it."""
    folder = Path(tempfile.gettempdir(), "deckhand-pictures")
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        sys.exit(f"{folder} is there: another run is taking pictures, or one was killed. Remove it")
    os.environ.update(HOME=str(folder), XDG_RUNTIME_DIR=str(folder))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


# ---- all scenes ---------------------------------------------------------------------------------


def all_scenes(arguments: argparse.Namespace) -> int:
    """Take all pictures; returns 1 when a scene failed."""
    from tests.display import display

    arguments.to.mkdir(parents=True, exist_ok=True)
    failed = 0
    with home() as folder:
        folders = make_libraries(folder)
        with display() as screen:
            environment = {**os.environ, "DISPLAY": screen, "QT_QPA_PLATFORM": "xcb"}
            environment["DBUS_SESSION_BUS_ADDRESS"] = "disabled:"
            environment.pop("WAYLAND_DISPLAY", None)
            if arguments.scale != 1:
                environment["QT_QPA_PLATFORM"] = "offscreen"
                environment["QT_SCALE_FACTOR"] = str(arguments.scale)
            for mode in MODES:
                for name, folder in folders.items():
                    failed |= _start(arguments, name, mode, folder, environment)
    return failed


def _start(
    arguments: argparse.Namespace, name: str, mode: str, folder: Path, variables: dict[str, str]
) -> int:
    command = [sys.executable, "-m", "tools.screenshots", "--scene", name, "--mode", mode]
    command += ["--library", str(folder), "--to", str(arguments.to), "--only", arguments.only]
    command += ["--scale", str(arguments.scale)]
    return int(subprocess.run(command, env=variables, cwd=CHECKOUT, check=False).returncode != 0)


def main() -> int:
    """Take the pictures that the command line asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--to", type=Path, default=PICTURES, metavar="FOLDER")
    parser.add_argument("--only", default="", metavar="NAME", help="pictures that begin so")
    parser.add_argument("--scale", type=int, default=1, help="2 = as on a dense screen")
    for inner in ("--scene", "--mode", "--library"):
        parser.add_argument(inner, default="", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    arguments.to = arguments.to.absolute()
    if not arguments.scene:
        return all_scenes(arguments)
    return scene(
        arguments.scene, arguments.mode, Path(arguments.library), arguments.to, arguments.only,
        dense=arguments.scale != 1,
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
