"""Opening: the file is there or a sentence says where it was; the page where a viewer can."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.errors import EnvironmentProblem, UserError
from app.rows import Occasion, Opening
from app.store.tables import AssetFile, Root
from app.usage import opening, viewers
from tests.unit.usage.world import World

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs xdg-mime")


@pytest.fixture(autouse=True)
def fresh_handler() -> Iterator[None]:
    viewers.pdf_handler.cache_clear()
    yield
    viewers.pdf_handler.cache_clear()


def programs(folder: Path, monkeypatch: pytest.MonkeyPatch, **scripts: str) -> Path:
    """Put shell scripts on the PATH, before everything else."""
    folder.mkdir()
    for name, script in scripts.items():
        path = folder / name.replace("_", "-")
        path.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return folder


def test_opening_is_recorded_with_its_page(lib: World) -> None:
    deck = lib.asset("Q3 – Übersicht.pptx")
    with lib.write() as session:
        made = opening.open_asset(session, lib.rep, deck, 7, Occasion(account="Acme"))
    assert made.path == str(lib.collateral / "Q3 – Übersicht.pptx")
    assert (made.page, made.command, made.at_page) == (7, (), False)
    (event,) = lib.events()
    assert (event["kind"], event["detail"]) == ("open", {"page": 7})
    assert event["account_id"]


@linux
def test_a_pdf_opens_at_the_page_in_a_known_viewer(
    lib: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bin_ = programs(
        tmp_path / "bin", monkeypatch, xdg_mime="echo org.kde.okular.desktop", okular="exit 0"
    )
    deck = lib.asset("deck.pdf")
    with lib.write() as session:
        made = opening.open_asset(session, lib.rep, deck, 7)
        first = opening.open_asset(session, lib.rep, deck, 1)
    assert made.command == (str(bin_ / "okular"), "--page", "7", made.path)
    assert made.at_page
    assert (first.command, first.at_page) == ((), False)


@linux
def test_a_viewer_question_that_hangs_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs(tmp_path / "bin", monkeypatch, xdg_mime="exec sleep 60")
    monkeypatch.setattr(viewers, "ASK_SECONDS", 0.05)
    assert viewers.pdf_handler() == ""
    assert viewers.page_command(tmp_path / "a.pdf", 3) == ()


@pytest.mark.parametrize(
    ("handler", "program", "end"),
    [
        ("org.gnome.Evince.desktop", "evince", ("--page-index=3", "/a b.pdf")),
        ("org.gnome.Papers.desktop", "papers", ("--page-index=3", "/a b.pdf")),
        ("atril.desktop", "atril", ("--page-index=3", "/a b.pdf")),
        ("xreader.desktop", "xreader", ("--page-index=3", "/a b.pdf")),
        ("okularApplication_pdf.desktop", "okular", ("--page", "3", "/a b.pdf")),
        ("org.pwmt.zathura-pdf-mupdf.desktop", "zathura", ("-P", "3", "/a b.pdf")),
        ("qpdfview.desktop", "qpdfview", ("/a b.pdf#3",)),
        ("firefox-esr.desktop", "firefox", ("file:///a%20b.pdf#page=3",)),
        ("chromium.desktop", "chromium", ("file:///a%20b.pdf#page=3",)),
    ],
)
@linux
def test_each_viewer_is_told_in_its_own_way(
    handler: str, program: str, end: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(viewers.shutil, "which", lambda name: f"/usr/bin/{name}")
    assert viewers.linux_command(handler, "/a b.pdf", 3) == (f"/usr/bin/{program}", *end)
    monkeypatch.setattr(viewers.shutil, "which", lambda name: None)
    assert viewers.linux_command(handler, "/a b.pdf", 3) == ()


def test_an_unknown_viewer_is_left_alone() -> None:
    assert viewers.linux_command("com.example.Reader.desktop", "/a.pdf", 3) == ()
    assert viewers.windows_command(r'"C:\Foxit\Foxit.exe" "%1"', r"C:\a.pdf", 3) == ()
    assert viewers.windows_command("", r"C:\a.pdf", 3) == ()


def test_windows_viewers_are_known_by_their_program() -> None:
    acrobat = r'"C:\Program Files\Adobe\Acrobat.exe" "%1"'
    program = r"C:\Program Files\Adobe\Acrobat.exe"
    assert viewers.windows_command(acrobat, r"C:\a.pdf", 3) == (
        program, "/A", "page=3", r"C:\a.pdf",
    )  # fmt: skip
    sumatra = viewers.windows_command(r"C:\S\SumatraPDF.exe %1", r"C:\a.pdf", 3)
    assert sumatra == (r"C:\S\SumatraPDF.exe", "-page", "3", r"C:\a.pdf")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("nothing", r"deck\.pdf in the folder Sales collateral"),
        ("missing", r"since 2026-03-01: it was last at deck\.pdf"),
        ("offline", "cannot be reached now"),
        ("removed", "Add that folder again"),
    ],
)
def test_a_missing_file_says_where_it_was_and_records_nothing(
    lib: World, change: str, words: str
) -> None:
    deck = lib.asset("deck.pdf")
    (lib.collateral / "deck.pdf").unlink()
    with lib.write() as session:
        file, root = session.query(AssetFile).one(), session.query(Root).one()
        if change == "missing":
            file.missing_since = 1772366400000
        if change == "offline":
            root.state = "offline"
        if change == "removed":
            root.removed_at = lib.now
    with pytest.raises(UserError, match=words), lib.write() as session:
        opening.open_asset(session, lib.rep, deck)
    assert lib.events() == []


@pytest.mark.parametrize("name", ["setup.EXE", "run.bat", "a.desktop", "macro.vbs", "link.lnk"])
def test_programs_are_not_started(lib: World, name: str) -> None:
    """FILE-7."""
    asset = lib.asset(name)
    with pytest.raises(UserError, match="is a program"), lib.write() as session:
        opening.open_asset(session, lib.rep, asset)
    assert lib.events() == []


@linux
def test_launching_hands_the_file_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = tmp_path / "log"
    programs(tmp_path / "bin", monkeypatch, xdg_open=f'echo "$1" > "{log}"')
    opening.launch(Opening(1, "/x/Q3 – Übersicht.pptx", 0, (), False))
    assert log.read_text("utf-8") == "/x/Q3 – Übersicht.pptx\n"


@linux
def test_launching_says_when_nothing_opens_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs(tmp_path / "bin", monkeypatch, xdg_open="exit 3")
    with pytest.raises(EnvironmentProblem, match=r"No program opened /x/a\.pptx"):
        opening.launch(Opening(1, "/x/a.pptx", 0, (), False))
    with pytest.raises(EnvironmentProblem, match="could not be started"):
        opening.launch(Opening(1, "/x/a.pdf", 2, ("/no/such/viewer", "/x/a.pdf"), True))


@linux
def test_a_viewer_that_stays_open_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes]] = []
    real = subprocess.Popen

    def start(*args: object, **options: object) -> subprocess.Popen[bytes]:
        started.append(real(*args, **options))  # type: ignore[call-overload]
        return started[-1]

    monkeypatch.setattr(viewers, "WATCH_SECONDS", 0.01)
    monkeypatch.setattr(viewers.subprocess, "Popen", start)
    opening.launch(Opening(1, "60", 2, ("sleep", "60"), True))
    assert started[0].poll() is None
    started[0].kill()
    started[0].wait()
