"""A real folder and a real record: identity, problems, offline roots, second runs, the index."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.errors import LibraryBusy, UserError
from app.indexing import Indexing
from app.library import Library
from app.rows import FindSpec
from tests.collateral import index, write_deck, write_pages, write_pdf


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "collateral"
    write_pdf(root / "Case studies" / "Bank.pdf", ["Northgate Bank", "onboarding in 36 hours"])
    write_deck(root / "Decks" / "Overview.pptx", [("Overview", "zero trust"), ("Price", "$49")])
    write_pages(root / "talk track.md", ["Opening\nAsk about churn", "Closing\nAsk for a pilot"])
    (root / "broken.pdf").write_bytes(b"%P")
    (root / "~$lock.pptx").write_bytes(b"x")
    return root


@pytest.fixture
def library(tmp_path: Path):
    opened = Library(tmp_path / "library")
    yield opened
    opened.close()


def found(library: Library, words: str) -> list[tuple[str, int]]:
    return [(hit.path, hit.page) for hit in library.find(FindSpec(words, exact=True)).hits]


def the(library: Library, words: str) -> int:
    hits = library.find(FindSpec(words, exact=True)).hits
    assert len(hits) == 1, hits
    return hits[0].asset_id


def test_every_file_becomes_an_asset_with_state_and_reason(library, folder) -> None:
    """FILE-1, FW-9: the lock file is no collateral; the broken one is an asset with a reason."""
    summary = index(library, folder)
    assert (summary.files, summary.assets, summary.read) == (4, 4, 4)
    (problem,) = library.problems()
    assert (problem.path, problem.state) == ("broken.pdf", "damaged")
    assert "2 bytes" in problem.reason


def test_words_are_found_on_their_page(library, folder) -> None:
    index(library, folder)
    assert found(library, "36 hours") == [("Case studies/Bank.pdf", 2)]
    assert found(library, "zero trust") == [("Decks/Overview.pptx", 1)]
    assert found(library, "pilot") == [("talk track.md", 1)]
    assert found(library, "broken") == [("broken.pdf", 0)]


def test_a_second_run_opens_no_file(library, folder) -> None:
    index(library, folder)
    stamps = {p: p.stat().st_atime_ns for p in folder.rglob("*") if p.is_file()}
    assert index(library).read == 0
    assert {p: p.stat().st_atime_ns for p in folder.rglob("*") if p.is_file()} == stamps


def test_tags_and_history_survive_rename_move_and_edit(library, folder) -> None:
    """FW-11."""
    index(library, folder)
    asset = the(library, "36 hours")
    library.tag([asset], add=[("persona", "finance")])
    library.record_use("copy", [asset])
    (folder / "Case studies" / "Bank.pdf").rename(folder / "Northgate.pdf")
    assert index(library).read == 0
    shutil.copy(folder / "Northgate.pdf", folder / "Decks" / "N.pdf")
    (folder / "Northgate.pdf").unlink()
    index(library)
    write_pdf(folder / "Decks" / "N.pdf", ["Northgate Bank", "onboarding in 24 hours"])
    index(library)
    assert the(library, "24 hours") == asset
    detail = library.asset(asset)
    assert [tag.slug for tag in detail.tags] == ["finance"]
    assert [event.kind for event in detail.history] == ["copy"]
    assert (detail.version, detail.versions) == (2, 2)
    assert detail.locations == ("collateral/Decks/N.pdf",)
    assert found(library, '"36 hours"') == []


def test_an_exact_copy_is_one_asset_in_two_places(library, folder) -> None:
    """DUP-1."""
    shutil.copy(folder / "talk track.md", folder / "Decks" / "copy of talk track.md")
    summary = index(library, folder)
    assert (summary.files, summary.assets) == (5, 4)
    assert len(library.asset(the(library, "churn")).locations) == 2
    (folder / "talk track.md").unlink()
    index(library)
    assert found(library, "churn") == [("Decks/copy of talk track.md", 1)]


def test_empty_files_are_not_copies_of_each_other(library, tmp_path) -> None:
    for name in ("a.md", "b.md"):
        (tmp_path / "root" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "root" / name).touch()
    assert index(library, tmp_path / "root").assets == 2


def test_a_deleted_file_is_missing_and_comes_back_with_its_tags(library, folder, tmp_path) -> None:
    index(library, folder)
    asset = the(library, "churn")
    library.tag([asset], add=[("stage", "explore")])
    (folder / "talk track.md").rename(tmp_path / "aside.md")
    index(library)
    assert found(library, "churn") == []
    assert library.asset(asset).missing
    (tmp_path / "aside.md").rename(folder / "talk track.md")
    index(library)
    assert the(library, "churn") == asset
    assert len(library.asset(asset).tags) == 1


def test_a_root_that_is_gone_or_suddenly_empty_is_offline_and_loses_nothing(
    library, folder, tmp_path
) -> None:
    """FW-7."""
    index(library, folder)
    folder.rename(tmp_path / "unplugged")
    summary = index(library)
    assert len(summary.offline) == 1
    assert summary.assets == 4
    folder.mkdir()
    assert "empty now" in index(library).offline[0][1]
    assert library.roots()[0].state == "offline"
    folder.rmdir()
    (tmp_path / "unplugged").rename(folder)
    assert index(library).offline == []
    assert library.roots()[0].state == "online"
    assert found(library, "36 hours")


def test_a_file_that_cannot_be_read_is_told_and_read_once_it_can_be(
    library, folder, tmp_path
) -> None:
    (folder / "linked.md").symlink_to(tmp_path / "share" / "far.md")
    index(library, folder)
    assert "could not be reached" in {p.path: p.reason for p in library.problems()}["linked.md"]
    write_pages(tmp_path / "share" / "far.md", ["Reached\nat long last"])
    index(library)
    assert [path for path, _ in found(library, "reached")] == ["linked.md"]


def test_names_that_are_not_utf8_do_not_end_the_run(library, folder) -> None:
    """NM-1."""
    Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.md")).write_text("about espresso")
    index(library, folder)
    (hit,) = library.find(FindSpec("espresso")).hits
    assert Path(hit.file_path).read_text() == "about espresso"


def test_a_name_too_long_once_shown_ends_nothing(library, folder, tmp_path) -> None:
    """NM-1: bytes that are not UTF-8 take up to three times the room once they can be shown."""
    Path(os.fsdecode(os.fsencode(folder) + b"/" + b"\xfc" * 200 + b".md")).write_text("espresso")
    index(library, folder)
    (hit,) = library.find(FindSpec("espresso")).hits
    assert Path(hit.file_path).read_text() == "espresso"
    (tmp_path / "other").mkdir()
    with pytest.raises(UserError, match="None of the files"):
        library.locate_root(library.roots()[0].id, str(tmp_path / "other"))


def test_a_removed_root_is_gone_from_finding_and_comes_back_by_undo(library, folder) -> None:
    index(library, folder)
    changes = library.remove_root(library.roots()[0].id)
    assert found(library, "churn") == []
    assert changes.inverse is not None
    library.undo(changes.inverse)
    assert found(library, "churn")


def test_two_indexers_of_one_library_are_refused(library, folder) -> None:
    library.add_root(str(folder))
    with Indexing(library.store, lambda _: None), pytest.raises(LibraryBusy, match="open Deckhand"):
        Indexing(library.store, lambda _: None)


@pytest.mark.parametrize("inside", [True, False])
def test_overlapping_roots_are_refused(library, folder, inside) -> None:
    first, second = (folder, folder / "Decks") if inside else (folder / "Decks", folder)
    library.add_root(str(first))
    with pytest.raises(UserError, match=r"already part|Remove that first"):
        library.add_root(str(second))


def test_the_index_is_rebuilt_when_it_is_thrown_away(library, folder) -> None:
    """IX-1: meanwhile the database answers, and says so."""
    index(library, folder)
    library.close()
    shutil.rmtree(library.paths.index)
    limited = library.find(FindSpec("churn"))
    assert [hit.path for hit in limited.hits] == ["talk track.md"]
    assert "being rebuilt" in limited.limited
    assert not library.status().index_current
    index(library)
    assert library.find(FindSpec("churn")).limited == ""
    assert found(library, "36 hours")
    assert library.status().index_current


def test_a_damaged_index_never_gives_a_wrong_answer(library, folder) -> None:
    index(library, folder)
    library.close()
    for file in library.paths.index.rglob("*"):
        if file.is_file() and file.stat().st_size > 40 and file.name != ".lock":
            file.write_bytes(file.read_bytes()[:-20])
    assert [hit.path for hit in library.find(FindSpec("churn")).hits] == ["talk track.md"]
    index(library)
    assert library.find(FindSpec("churn")).limited == ""


def test_cancel_keeps_what_was_committed_and_the_next_run_goes_on(library, tmp_path) -> None:
    root = tmp_path / "many"
    for n in range(120):
        write_pages(root / f"{n}.md", [f"Number {n}\nword{n}"])
    library.add_root(str(root))
    events = []

    def report(event) -> None:
        events.append(event)
        if event["event"] == "progress" and event["done"] == 60:
            indexing.pace.cancel()

    with Indexing(library.store, report) as indexing:
        first = indexing.bring_up_to_date()
        assert first.cancelled
        assert 0 < first.read < 120
        second = indexing.bring_up_to_date()
    assert (second.assets, first.read + second.read) == (120, 120)


def test_many_files_gone_at_once_need_a_persons_word(library, tmp_path) -> None:
    """FW-7: more than a fifth of the known files."""
    root = tmp_path / "many"
    for n in range(60):
        write_pages(root / f"{n}.md", [f"Number {n}\nword{n}"])
    index(library, root)
    for n in range(40):
        (root / f"{n}.md").unlink()
    told = index(library)
    assert "40 of 60 files are gone at once" in told.offline[0][1]
    assert told.missing == 0
    library.accept_missing(library.roots()[0].id)
    told = index(library)
    assert (told.offline, told.missing, told.assets) == ([], 40, 20)


def test_a_persons_word_is_not_used_up_by_a_pass_that_came_to_nothing(
    library, tmp_path, monkeypatch
) -> None:
    """FW-7: it counts once, and that is when what it allowed has been recorded."""
    root = tmp_path / "many"
    for n in range(60):
        write_pages(root / f"{n}.md", [f"Number {n}\nword{n}"])
    index(library, root)
    for n in range(40):
        (root / f"{n}.md").unlink()
    index(library)
    library.accept_missing(library.roots()[0].id)
    with monkeypatch.context() as broken:
        broken.setattr("app.catalogue.reconcile.mark_root", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            index(library)
    told = index(library)
    assert (told.offline, told.missing) == ([], 40)
    for n in range(60, 120):
        write_pages(root / f"{n}.md", [f"Number {n}\nword{n}"])
    index(library)
    for n in range(60, 120):
        (root / f"{n}.md").unlink()
    assert "60 of 80 files are gone at once" in index(library).offline[0][1]


def test_a_problem_can_be_retried_and_ignored(library, folder) -> None:
    index(library, folder)
    (problem,) = library.problems()
    assert index(library).read == 0
    library.retry_files([problem.asset_id])
    assert index(library).read == 1
    changes = library.ignore_files([problem.asset_id])
    index(library)
    assert library.problems() == ()
    library.undo(changes.inverse)
    index(library)
    assert [p.path for p in library.problems()] == ["broken.pdf"]


@pytest.mark.parametrize("name", ["a b .md", "[x].md", "!no.md", "#1.md", "st*r?.md", "back\\.md"])
def test_ignoring_one_file_means_that_file_alone(library, tmp_path, name) -> None:
    root = tmp_path / "odd"
    write_pages(root / name, ["One\nfirst"])
    write_pages(root / "x.md", ["Two\nsecond"])
    write_pages(root / "star.md", ["Three\nthird"])
    index(library, root)
    library.ignore_files([the(library, "first")])
    index(library)
    assert [hit.path for hit in library.find(FindSpec()).hits if "ir" in hit.snippet] == ["star.md"]
    assert library.status().files == 2


def test_an_old_file_that_appears_later_is_new_to_the_library(library, folder) -> None:
    """A copied or unpacked file keeps its old time; nobody could have used it here before."""
    old = 1_600_000_000
    for file in folder.rglob("*.*"):
        os.utime(file, (old, old))
    index(library, folder)
    early = the(library, "churn")
    with library.store.write() as session:
        session.execute(sa.text("UPDATE library_root SET added_at = added_at - 172800000"))
    write_pages(folder / "late.md", ["Late\nabout narwhals"])
    os.utime(folder / "late.md", (old, old))
    index(library)
    assert library.asset(early).published_at == old * 1000
    assert library.asset(the(library, "narwhals")).published_at > old * 1000


def test_a_folder_whose_place_was_forgotten_is_taken_up_again(library, folder) -> None:
    """The settings of this machine are gone: tags and history are not."""
    index(library, folder)
    asset = the(library, "36 hours")
    library.tag([asset], add=[("persona", "it")])
    library.settings.set_fact("roots", {})
    index(library, folder)
    assert len(library.roots()) == 1
    assert the(library, "36 hours") == asset
    assert [tag.slug for tag in library.asset(asset).tags] == ["it"]
    assert library.roots()[0].state == "online"


def test_another_folder_is_not_taken_for_a_forgotten_one(library, folder, tmp_path) -> None:
    index(library, folder)
    library.settings.set_fact("roots", {})
    write_pages(tmp_path / "other" / "new.md", ["New"])
    index(library, tmp_path / "other")
    assert len(library.roots()) == 2


@pytest.mark.expect_log
def test_an_index_of_another_record_never_answers_for_this_one(library, tmp_path) -> None:
    """The record was begun anew and has gone past the number that the old index holds."""
    for name, count in (("puma", 12), ("lynx", 13)):
        for number in range(count):
            write_pages(tmp_path / name / f"{number:02}.md", [f"{name} {number}\nabout {name}s"])
    index(library, tmp_path / "puma")
    library.close()
    for file in library.folder.glob("library.db*"):
        file.unlink()
    index(library, tmp_path / "lynx")
    assert library.status().index_current
    assert len(library.find(FindSpec("lynx", exact=True, limit=99)).hits) == 13
    assert found(library, "puma") == []


@pytest.mark.expect_log
def test_a_record_put_back_from_a_copy_is_searched_as_it_is(library, folder) -> None:
    """What came after the copy is forgotten by the index too, and what is new now is found."""
    index(library, folder)
    library.close()
    copy = (library.folder / "library.db").read_bytes()
    later = [folder / f"later {number}.md" for number in range(12)]
    for file in later:
        write_pages(file, ["Later\nabout lynx", file.stem])
    index(library)
    library.close()
    for file in (*later, *library.folder.glob("library.db-*")):
        file.unlink()
    (library.folder / "library.db").write_bytes(copy)
    for number in range(13):
        write_pages(folder / f"other {number}.md", [f"Other {number}\nabout otters"])
    index(library)
    assert found(library, "lynx") == []
    assert len(library.find(FindSpec("otter", exact=True)).hits) == 13


def test_a_folder_that_cannot_be_listed_is_told(library, folder, monkeypatch) -> None:
    """What lies in it is unknown, not gone; without a word nobody would miss it."""
    index(library, folder)
    listing = os.scandir

    def refuse(place: os.PathLike[str]) -> object:
        if Path(place).name == "Decks":
            raise PermissionError(13, "Permission denied", str(place))
        return listing(place)

    monkeypatch.setattr("indexer.scan.os.scandir", refuse)
    summary = index(library)
    assert summary.unlisted == [
        (str(folder.resolve() / "Decks"), "This folder could not be listed: permission denied.")
    ]
    assert summary.missing == 0
    (root,) = library.roots()
    assert (root.state, root.reason) == (
        "online",
        "Not all of it could be listed: Decks. This folder could not be listed: permission denied.",
    )
    checks = {check.name: check for check in library.doctor()}
    assert (checks["Folder"].state, checks["Folder"].fix) == ("warn", root.reason)
    monkeypatch.undo()
    index(library)
    assert library.roots()[0].reason == ""


def test_an_asset_shows_what_one_of_its_places_holds(library, folder) -> None:
    """One copy is edited and then deleted: the words of the other are what there is."""
    write_pages(folder / "copy.md", ["Talk\nabout herons"])
    write_pages(folder / "deck.md", ["Talk\nabout herons"])
    index(library, folder)
    write_pages(folder / "deck.md", ["Talk\nabout egrets"])
    index(library)
    aside = (folder / "deck.md").rename(folder.with_name("aside.md"))
    index(library)
    assert [hit.path for hit in library.find(FindSpec("herons", exact=True)).hits] == ["copy.md"]
    assert found(library, "egrets") == []
    aside.rename(folder / "deck.md")
    index(library)
    assert found(library, "egrets")
    assert found(library, "herons") == []


def test_a_file_that_lay_there_only_while_it_was_read_is_not_taken_for_another(
    library, folder, monkeypatch
) -> None:
    """Names are exchanged between scan and reading, and back again: no clock tells it later."""
    one, other = (write_pages(folder / f"{n}.md", [f"Sheet {n}", f"about {n}s"])
                  for n in ("heron", "egret"))  # fmt: skip
    read = Indexing._read

    def exchange() -> None:
        one.rename(folder / "aside")
        other.rename(one)
        (folder / "aside").rename(other)

    def exchanged(self, tasks, summary) -> None:
        exchange()
        monkeypatch.undo()
        read(self, tasks, summary)
        exchange()

    monkeypatch.setattr(Indexing, "_read", exchanged)
    index(library, folder)
    index(library)
    assert [path for path, _ in found(library, "heron")] == ["heron.md"]
    assert [path for path, _ in found(library, "egret")] == ["egret.md"]
    shas = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in (one, other)}
    held = {hit.path: hit.sha for hit in library.find(FindSpec("about")).hits if hit.path in shas}
    assert held == shas


def test_a_name_that_goes_to_another_file_loses_nothing_of_its_former_one(library, folder) -> None:
    """FW-7: the tags of a missing file wait for it, though another lies in its place."""
    first = write_pages(folder / "first.md", ["First\nabout herons"])
    second = write_pages(folder / "second.md", ["Second\nabout egrets"])
    index(library, folder)
    library.tag([the(library, "herons")], add=[("persona", "finance")])
    kept = first.rename(folder.with_name("kept.md"))
    index(library)
    second.rename(first)
    index(library)
    assert found(library, "egrets") == [("first.md", 1)]
    assert library.asset(the(library, "egrets")).tags == ()
    kept.rename(folder / "again.md")
    index(library)
    assert found(library, "herons") == [("again.md", 1)]
    assert [tag.slug for tag in library.asset(the(library, "herons")).tags] == ["finance"]


def test_the_last_place_that_comes_back_is_what_an_asset_shows(library, folder) -> None:
    """Both places went at once; the older copy comes back elsewhere, with another time."""
    for name in ("copy", "deck"):
        write_pages(folder / f"{name}.md", ["Talk\nabout herons"])
    index(library, folder)
    write_pages(folder / "deck.md", ["Talk\nabout egrets"])
    index(library)
    (folder / "deck.md").unlink()
    aside = (folder / "copy.md").rename(folder.with_name("aside.md"))
    index(library)
    os.utime(aside, (1_700_000_000, 1_700_000_000))
    aside.rename(folder / "again.md")
    index(library)
    assert found(library, "herons") == [("again.md", 1)]
    assert found(library, "egrets") == []
