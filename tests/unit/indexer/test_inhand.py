"""What is remembered of files in hand when something dies (IX-12)."""

from pathlib import Path

import pytest

from indexer.inhand import InHand, Note


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "marks"


def test_a_file_in_hand_at_the_end_of_the_program_is_under_suspicion(path: Path) -> None:
    first = InHand(path)
    first.begin("a")
    first.begin("b")
    first.end("b")
    second = InHand(path)
    assert (second.deaths("a"), second.deaths("b")) == (1, 0)


def test_deaths_add_up_over_restarts_of_which_some_never_came_to_the_file(path: Path) -> None:
    InHand(path).begin("a")
    InHand(path).close()
    InHand(path).begin("other")
    InHand(path).begin("a")
    assert InHand(path).deaths("a") == 2


def test_the_death_of_a_child_counts_like_that_of_the_program(path: Path) -> None:
    marks = InHand(path)
    marks.begin("a")
    marks.died("a")
    assert marks.deaths("a") == 1
    marks.begin("a")
    assert InHand(path).deaths("a") == 2


def test_an_outcome_clears_a_file(path: Path) -> None:
    InHand(path).begin("a")
    marks = InHand(path)
    marks.begin("a")
    marks.end("a")
    assert InHand(path).deaths("a") == 0


@pytest.mark.parametrize("leave", [InHand.forgive, lambda marks: marks.put_back("a")])
def test_what_was_broken_off_on_purpose_is_not_held_against_a_file(path: Path, leave) -> None:
    marks = InHand(path)
    marks.begin("a")
    leave(marks)
    assert InHand(path).deaths("a") == 0


def test_what_a_child_notes_by_itself_counts_once_with_what_we_marked(path: Path) -> None:
    marks = InHand(path)
    marks.begin("a")
    notes = [Note(str(marks.note())) for _ in range(3)]
    for note, mark in zip(notes, ("a", "much longer", "c"), strict=True):
        note.say(mark)
    notes[1].say("b\n\udcff")
    notes[2].say("")
    after = InHand(path)
    assert [after.deaths(mark) for mark in ("a", "b\n\udcff", "c", "much longer")] == [1, 1, 0, 0]
    assert InHand(path).deaths("a") == 1, "a note is read once"


def test_a_note_of_a_child_that_ended_or_of_a_program_ended_on_purpose_accuses_nobody(
    path: Path,
) -> None:
    marks = InHand(path)
    place = marks.note()
    Note(str(place)).say("a")
    marks.drop_note(place)
    late = Note(str(marks.note()))
    late.say("b")
    marks.forgive()
    late.say("c")
    after = InHand(path)
    assert [after.deaths(mark) for mark in "abc"] == [0, 0, 0]


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"a": 1}', b'{"a": ["x", 1]}', b"\xff\x00"])
def test_damaged_marks_accuse_nobody(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    marks = InHand(path)
    marks.begin("\udcff strange")
    assert InHand(path).deaths("\udcff strange") == 1


def test_the_file_does_not_grow(path: Path) -> None:
    marks = InHand(path)
    for number in range(3_000):
        marks.begin(f"{number:05}")
        marks.died(f"{number:05}") if number % 2 else marks.end(f"{number:05}")
    assert path.stat().st_size < 10_000


def test_a_child_reads_on_where_no_note_can_be_made(tmp_path: Path) -> None:
    note = Note(str(tmp_path / "no such folder" / "note"))
    note.say("a")
    assert not (tmp_path / "no such folder").exists()
