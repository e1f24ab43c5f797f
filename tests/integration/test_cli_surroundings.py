"""The command line against what surrounds it: closed pipes, full disks, poor terminals, damage."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli.main import main
from app.library import Library
from tests.collateral import write_pages

CHECKOUT = Path(__file__).resolve().parents[2]
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="pipes and devices of POSIX")


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of one document whose name is not ASCII."""
    base = tmp_path_factory.mktemp("surroundings")
    write_pages(base / "collateral" / "Prïcing ✓.md", ["Prïcing ✓\nabout churn"])
    assert main(["--library", str(base / "library"), "index", str(base / "collateral")]) == 0
    return base / "library"


@pytest.fixture
def library(indexed: Path, tmp_path: Path) -> Path:
    """A copy that a test may spoil."""
    return Path(shutil.copytree(indexed, tmp_path / "library"))


def started(library: Path, *words: str, stdout: object, **env: str) -> subprocess.Popen[str]:
    surroundings = {k: v for k, v in os.environ.items() if k != "PYTHONUNBUFFERED"}
    return subprocess.Popen(
        [sys.executable, str(CHECKOUT / "deckhand.py"), "--library", str(library), *words],
        stdout=stdout, stderr=subprocess.PIPE, text=True, encoding="utf-8",
        env={**surroundings, **env},
    )  # fmt: skip


@POSIX
@pytest.mark.parametrize("words", [("find",), ("status", "--json"), ("--help",)])
def test_a_reader_who_has_enough_is_no_error(indexed, words) -> None:
    child = started(indexed, *words, stdout=subprocess.PIPE)
    child.stdout.close()
    told = child.stderr.read()
    child.stderr.close()
    assert (told, child.wait()) == ("", 0)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_full_disk_behind_standard_output(indexed, unbuffered) -> None:
    with Path("/dev/full").open("w") as full:
        child = started(indexed, "find", stdout=full, PYTHONUNBUFFERED=unbuffered)
        _, told = child.communicate()
    assert child.returncode == 1
    assert told.count("\n") == 1
    assert "Traceback" not in told


def test_a_terminal_without_the_letters(indexed) -> None:
    child = started(indexed, "find", stdout=subprocess.PIPE, PYTHONIOENCODING="ascii")
    out, told = child.communicate()
    assert (child.returncode, told) == (0, "")
    assert "Pr\\xefcing \\u2713" in out
    child = started(indexed, "find", "--json", stdout=subprocess.PIPE, PYTHONIOENCODING="ascii")
    (hit,) = json.loads(child.communicate()[0])["hits"]
    assert hit["title"] == "Prïcing ✓"


def test_bytes_that_are_no_text(indexed, capsys) -> None:
    for words in (("show", "\udcff.pdf"), ("me", "--name", "\udcff"), ("index", "/\udcff")):
        assert main(["--library", str(indexed), *words]) == 1
        assert capsys.readouterr().err == (
            "deckhand: an argument holds bytes that are no text (UTF-8).\n"
        )


def test_yes_and_no_are_words(indexed, capsys) -> None:
    assert main(["--library", str(indexed), "status"]) == 0
    assert capsys.readouterr().out.split()[-2:] == ["sample:", "no"]


def test_a_disk_that_refuses_is_told_in_a_sentence(indexed, capsys, monkeypatch) -> None:
    def refuse(_self: Library) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/some/file")

    monkeypatch.setattr(Library, "status", refuse)
    assert main(["--library", str(indexed), "status"]) == 1
    assert capsys.readouterr().err == (
        "deckhand: /some/file cannot be used. The disk is full. Make room and try again.\n"
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.expect_log
def test_a_log_on_a_full_disk_says_nothing(library, capsys, monkeypatch) -> None:
    (library / "logs").mkdir(exist_ok=True)
    log = library / "logs" / "deckhand.log"
    log.unlink(missing_ok=True)
    log.symlink_to("/dev/full")
    monkeypatch.setattr(Library, "status", lambda _self: 1 // 0)
    assert main(["--library", str(library), "status"]) == 3
    assert capsys.readouterr().err.count("\n") == 1


def spoil(database: Path) -> None:
    """Overwrite pages in the middle of a database, so that it opens and then breaks."""
    with database.open("r+b") as file:
        file.seek(5 * 4096)
        file.write(b"\xa5" * 15 * 4096)


def test_a_damaged_record_is_named_with_the_way_out(library, capsys) -> None:
    spoil(library / "library.db")
    assert main(["--library", str(library), "find", "churn"]) == 1
    told = capsys.readouterr().err
    assert told.startswith(f"deckhand: The library file {library / 'library.db'} is damaged.")
    assert "index the folders again" in told
    (library / "backups").mkdir()
    (library / "backups" / "library-20260101-000000-1.db").touch()
    assert main(["--library", str(library), "find", "churn"]) == 1
    assert "the newest is library-20260101-000000-1.db" in capsys.readouterr().err


def test_the_doctor_looks_at_a_damaged_record(library, capsys) -> None:
    spoil(library / "library.db")
    assert main(["--library", str(library), "doctor", "--json"]) == 1
    states = {check["name"]: check["state"] for check in json.loads(capsys.readouterr().out)}
    assert "bad" in (states.get("Database"), states.get("Record"))
    assert states["Disk space"] in ("ok", "warn")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("show", "9" * 30), 1),
        (("show", "9" * 5000), 1),
        (("tag", "9" * 19, "persona=it"), 1),
        (("request", "show", "9" * 30), 2),
        (("request", "vote", "0"), 2),
        (("request", "set", "1", "merged", "--duplicate-of", "9" * 30), 2),
        (("find", "--limit", "9" * 30), 0),
    ],
)
def test_numbers_beyond_the_record(indexed, capsys, words, code) -> None:
    assert main(["--library", str(indexed), *words]) == code
    told = capsys.readouterr().err
    assert "our side" not in told
    if code == 1:
        assert told.startswith("deckhand: There is no asset number 999")


def test_a_day_long_ago_has_its_four_digits(indexed, capsys) -> None:
    assert main(["--library", str(indexed), "report", "use", "--as-of", "0007-01-01"]) == 0
    assert "0007-01-01" in capsys.readouterr().out
