"""Copies of the record: when they are made, what they hold, and how one is put back (DB-3)."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from app.cli.main import main
from app.clock import DAY_MS, now_ms
from app.errors import EnvironmentProblem, LibraryBusy, RecordDamaged, UserError
from app.indexing import Indexing, safety
from app.library import Library
from app.rows import FindSpec, NewRequest
from app.store import backups
from app.store.tables import LibraryMeta
from tests.collateral import index, write_pages


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    write_pages(tmp_path / "root" / "otters.md", ["Otters\nabout otters"])
    opened = Library(tmp_path / "library")
    index(opened, tmp_path / "root")
    opened.set_me("Ana", "rep")
    yield opened
    opened.close()


def age(library: Library, days: float) -> None:
    """Have the library begun so long ago."""
    with library.store.write() as session:
        begun = session.get_one(LibraryMeta, "created_at")
        begun.value = str(now_ms() - int(days * DAY_MS))


def spoil(database: Path) -> None:
    """Overwrite pages in the middle."""
    with database.open("r+b") as file:
        file.seek(5 * 4096)
        file.write(b"\xa5" * 15 * 4096)


def daily(library: Library) -> list[str]:
    """Do what a pass does; the sentences that were said."""
    said: list[str] = []
    safety.back_up_daily(library.store, lambda event: said.append(str(event["message"])))
    return said


def test_a_copy_a_day_is_made_by_indexing(library: Library) -> None:
    index(library)
    assert library.backups() == ()
    age(library, 1.1)
    index(library)
    index(library)
    (copy,) = library.backups()
    assert copy.why == "made by itself"
    assert library.holdings(copy.path) == library.holdings()
    assert library.holdings().assets == 1


def test_a_clock_that_was_set_back_does_not_stop_the_copies(library: Library) -> None:
    ahead = library.paths.backups / "library-29991231-000000-daily.db"
    made = library.back_up()
    made.path.rename(ahead)
    daily(library)
    assert len(library.backups()) == 2
    for _ in range(12):
        library.back_up().path.rename(ahead.with_name(f"library-29991231-00000{_ % 10}-daily.db"))
    kept = library.back_up()
    assert kept.path.exists()
    assert len(library.backups()) == backups.KEEP


def test_ten_are_kept_and_halves_are_not(library: Library) -> None:
    folder = library.paths.backups
    for n in range(14):
        made = library.back_up().path
        made.rename(folder / f"library-202601{n + 10}-000000-daily.db")
    (folder / ".library-20260101-000000-daily.db.part").write_bytes(b"half")
    library.back_up()
    names = [row.path.name for row in library.backups()]
    assert len(names) == backups.KEEP
    assert names[-1] == "library-20260115-000000-daily.db"
    assert len(list(folder.iterdir())) == backups.KEEP


def test_a_copy_that_another_program_is_making_is_left_to_it(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = library.paths.backups
    folder.mkdir()
    half = folder / ".library-20260101-000000-daily.db.part"
    half.write_bytes(b"half")
    monkeypatch.setattr(backups, "WAIT_S", 0.05)
    with FileLock(folder.with_name("backups.lock"), timeout=0):
        with pytest.raises(LibraryBusy, match="Another program is making a copy"):
            library.back_up()
        assert half.exists()
    library.back_up()
    assert not half.exists()


@pytest.mark.expect_log
def test_damage_never_becomes_a_copy(library: Library) -> None:
    library.back_up()
    library.close()
    spoil(library.paths.database)
    with pytest.raises(EnvironmentProblem):
        library.back_up()
    assert len(list(library.paths.backups.iterdir())) == 1


def test_what_stands_in_the_way_is_told(library: Library, tmp_path: Path) -> None:
    age(library, 2)
    library.paths.backups.write_text("a file where the folder should be")
    (said,) = daily(library)
    assert said.startswith("Today's copy of the library failed.")
    (tmp_path / "there.db").touch()
    with pytest.raises(UserError, match="there already"):
        library.back_up(tmp_path / "there.db")
    with pytest.raises(UserError, match="no folder"):
        library.back_up(tmp_path / "nowhere" / "copy.db")


test_what_stands_in_the_way_is_told = pytest.mark.expect_log(test_what_stands_in_the_way_is_told)


def test_a_copy_is_put_back_and_searched_as_it_is(library: Library, tmp_path: Path) -> None:
    """Tags and requests are as they were then; what came since is read again."""
    (asset,) = (hit.asset_id for hit in library.find(FindSpec("otters")).hits)
    library.tag([asset], add=[("persona", "finance")])
    copy = library.back_up()
    library.tag([asset], remove=[("persona", "finance")])
    library.file_request(NewRequest("Something"))
    for n in range(5):
        write_pages(tmp_path / "root" / f"later {n}.md", ["Later\nabout llamas"])
    index(library)
    library.restore(copy.path)
    assert [tag.slug for tag in library.asset(asset).tags] == ["finance"]
    assert library.requests() == ()
    assert library.find(FindSpec("llamas", exact=True)).hits == ()
    assert [hit.path for hit in library.find(FindSpec("otters", exact=True)).hits] == ["otters.md"]
    index(library)
    assert len(library.find(FindSpec("llamas", exact=True)).hits) == 1
    assert library.find(FindSpec("otters", exact=True)).limited == ""
    before = library.backups()[0]
    assert before.why == "made before a copy was put back"
    library.restore(before.path)
    assert len(library.requests()) == 1


test_a_copy_is_put_back_and_searched_as_it_is = pytest.mark.expect_log(
    test_a_copy_is_put_back_and_searched_as_it_is
)


def test_a_copy_by_hand_is_put_back_with_its_log_and_never_deleted(library: Library) -> None:
    named = library.paths.backups / "library-before-spring.db"
    named.parent.mkdir()
    (asset,) = (hit.asset_id for hit in library.find(FindSpec("otters")).hits)
    library.tag([asset], add=[("persona", "finance")])
    for ending in ("", "-wal"):
        file = library.paths.database.with_name(library.paths.database.name + ending)
        shutil.copyfile(file, named.with_name(named.name + ending))
    assert named.with_name(named.name + "-wal").stat().st_size
    os.utime(named, (1, 1))
    library.tag([asset], remove=[("persona", "finance")])
    for _ in range(backups.KEEP + 1):
        library.back_up()
    assert len(library.backups()) == backups.KEEP + 1
    library.restore(named)
    assert [tag.slug for tag in library.asset(asset).tags] == ["finance"]


def test_a_damaged_record_is_put_aside_when_a_copy_comes_back(library: Library) -> None:
    copy = library.back_up()
    library.close()
    spoil(library.paths.database)
    harmed = library.paths.database.read_bytes()
    library.restore(copy.path)
    assert library.holdings().assets == 1
    (aside,) = library.paths.backups.glob("damaged-*.db")
    assert aside.read_bytes() == harmed
    assert [row.path for row in library.backups()] == [copy.path]


def test_only_a_sound_copy_of_this_library_is_put_back(library: Library, tmp_path: Path) -> None:
    other = Library(tmp_path / "other")
    other.set_me("Ben", "rep")
    foreign = other.back_up(tmp_path / "foreign.db").path
    other.close()
    own = library.back_up().path
    spoil(own)
    (tmp_path / "empty.db").touch()
    for file, words in (
        (foreign, "another library"), (own, "damaged|no readable"), (tmp_path / "empty.db", "copy"),
        (tmp_path / "absent.db", "no file"),
    ):  # fmt: skip
        with pytest.raises(UserError, match=words):
            library.restore(file)
    assert library.holdings().assets == 1


def test_nothing_is_put_back_under_an_open_window(library: Library) -> None:
    copy = library.back_up()
    with Indexing(library.store, lambda _event: None), pytest.raises(LibraryBusy, match="Close it"):
        library.restore(copy.path)
    if sys.platform != "win32":
        (library.folder / "window.lock").write_text(f"{os.getpid()}\ndeckhand\nhost\n")
        with pytest.raises(LibraryBusy):
            library.restore(copy.path)
    with FileLock(library.paths.indexing_lock, timeout=0):
        pass


@pytest.mark.expect_log
def test_after_a_crash_the_record_is_looked_through(library: Library) -> None:
    """And not written on when it is damaged; the sentence names the way out."""
    copy = library.back_up()
    assert not library.paths.at_work.exists()
    Indexing(library.store, lambda _event: None).close()
    library.close()
    library.paths.at_work.touch()
    index(library)
    assert not library.paths.at_work.exists()
    library.close()
    library.paths.at_work.touch()
    spoil(library.paths.database)
    with pytest.raises((RecordDamaged, EnvironmentProblem), match=f"restore {copy.path.name}"):
        index(library)
    library.restore(copy.path)
    index(library)
    assert not library.paths.at_work.exists()


CUT_OFF = """
import sys
from pathlib import Path
from app.library import Library
from tests import killing
killing.at(int(sys.argv[3]), ("replace", "unlink", "touch", "mkdir"))
Library(Path(sys.argv[1])).restore(Path(sys.argv[2]))
print("done")
"""


@pytest.mark.storm
@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL here")
def test_putting_back_may_be_cut_off_anywhere(
    library: Library, tmp_path: Path, storm_dose: Callable[[int, int], int]
) -> None:
    """Killed between any two steps: the record of before or the copy, whole; then it works."""
    copy = library.back_up(tmp_path / "copy.db")
    library.file_request(NewRequest("Something"))
    library.close()
    step, skip = 1, storm_dose(5, 1)
    while True:
        done = subprocess.run(
            [sys.executable, "-c", CUT_OFF, str(library.folder), str(copy.path), str(step)],
            capture_output=True, text=True, check=False, cwd=Path(__file__).parents[3],
        )  # fmt: skip
        assert done.returncode in (0, -signal.SIGKILL), done.stderr
        assert len(library.requests()) in (0, 1)
        assert library.holdings().assets == 1
        library.close()
        if done.returncode == 0:
            break
        step += skip
    assert step > skip, "it was cut off at least once"
    assert library.requests() == ()


def test_the_command_line_copies_tells_and_puts_back(
    library: Library, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at = ["--library", str(library.folder)]
    assert main([*at, "backup", "--list"]) == 0
    assert "No copies yet." in capsys.readouterr().out
    assert main([*at, "backup"]) == 0
    assert main([*at, "backup", str(tmp_path / "mine.db"), "--json"]) == 0
    library.file_request(NewRequest("Something"))
    library.close()
    capsys.readouterr()
    assert main([*at, "backup", "--list", "--json"]) == 0
    (listed,) = json.loads(capsys.readouterr().out)
    name = Path(listed["file"]).name
    assert main([*at, "restore", name]) == 0
    assert "Nothing was changed" in capsys.readouterr().out
    assert len(library.requests()) == 1
    library.close()
    assert main([*at, "restore", str(tmp_path / "mine.db"), "--yes", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["now"]["requests"], told["then"]["requests"]) == (1, 0)
    assert library.requests() == ()
    assert main([*at, "restore", "nothing.db"]) == 1
    assert "backup --list" in capsys.readouterr().err


def test_the_doctor_tells_of_old_copies(library: Library) -> None:
    def said() -> tuple[str, str]:
        (check,) = (c for c in library.doctor() if c.name == "Copies of the record")
        return check.state, check.detail

    assert said()[1].startswith("none yet")
    made = library.back_up().path
    assert said()[0] == "ok"
    old = time.strftime("%Y%m%d", time.gmtime(time.time() - 9 * 86400))
    made.rename(made.with_name(f"library-{old}-000000-daily.db"))
    assert said()[0] == "warn"
