"""What a scan means: FW-9, FW-11 and the laws of the plan."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalogue.reconcile import Known, plan
from indexer.scan import Found


def known(id_: int, path: str, key: str, *, size: int = 9, missing: bool = False) -> Known:
    return Known(id_, path, size, 1000, key, missing, True)


def found(path: str, key: str, *, size: int = 9, mtime: int = 1000) -> Found:
    return Found(path, None, size, mtime, key, None)


def test_nothing_changed_reads_nothing() -> None:
    result = plan([known(1, "a", "k1")], [found("a", "k1")])
    assert (result.same, result.read, result.moved, result.gone) == (1, [], [], [])


def test_a_rename_is_a_move_without_reading() -> None:
    result = plan([known(1, "a", "k1")], [found("b", "k1")])
    assert [(i, f.relpath) for i, f in result.moved] == [(1, "b")]
    assert not result.read
    assert not result.gone


def test_a_chain_of_renames_keeps_each_identity() -> None:
    before = [known(1, "a", "k1"), known(2, "b", "k2")]
    result = plan(before, [found("b", "k1"), found("c", "k2")])
    assert sorted((i, f.relpath) for i, f in result.moved) == [(1, "b"), (2, "c")]
    assert not result.gone


def test_two_files_that_swap_names_keep_their_identities() -> None:
    before = [known(1, "a", "k1"), known(2, "b", "k2")]
    result = plan(before, [found("a", "k2"), found("b", "k1")])
    assert sorted((i, f.relpath) for i, f in result.moved) == [(1, "b"), (2, "a")]


def test_saving_by_temp_and_rename_is_new_content_of_the_same_file() -> None:
    """FW-9: Office writes a new file over the old name."""
    result = plan([known(1, "deck.pptx", "k1")], [found("deck.pptx", "k9", size=12, mtime=5)])
    assert [f.relpath for f in result.read] == ["deck.pptx"]
    assert not result.moved
    assert not result.gone


def test_a_rename_onto_a_name_that_was_lost_long_ago_is_a_move() -> None:
    before = [known(1, "old", "k1"), known(2, "deck", "k2", missing=True)]
    result = plan(before, [found("deck", "k1")])
    assert [(i, f.relpath) for i, f in result.moved] == [(1, "deck")]


def test_a_file_that_was_there_moves_before_one_that_was_missing() -> None:
    """FW-11: after an exchange of names two rows can tell of one file."""
    here, lost = known(1, "a", "k1"), known(2, "b", "k1", missing=True)
    for before in ([here, lost], [lost, here]):
        result = plan(before, [found("c", "k1")])
        assert [(i, f.relpath) for i, f in result.moved] == [(1, "c")]


def test_a_reused_inode_is_no_move() -> None:
    result = plan([known(1, "a", "k1", size=9)], [found("b", "k1", size=500, mtime=7)])
    assert not result.moved
    assert result.gone == [1]
    assert [f.relpath for f in result.read] == ["b"]


def test_what_lies_under_an_unlisted_folder_is_unknown_not_gone() -> None:
    before = [known(1, "shut/a", "k1"), known(2, "open/b", "k2")]
    result = plan(before, [], unknown_below=["shut"])
    assert result.gone == [2]


def test_a_missing_file_that_is_there_again_is_back() -> None:
    result = plan([known(1, "a", "k1", missing=True)], [found("a", "k1")])
    assert result.back == [1]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Deck.pptx", "deck.pptx"),
        ("Strasse/a", "STRASSE/a"),
        (unicodedata.normalize("NFC", "Café.pdf"), unicodedata.normalize("NFD", "Café.pdf")),
        (unicodedata.normalize("NFD", "CAFÉ.pdf"), unicodedata.normalize("NFC", "Café.pdf")),
    ],
)
def test_another_spelling_of_a_name_is_a_move_even_without_a_lasting_id_fw15(
    before: str, after: str
) -> None:
    result = plan([known(1, before, "k1")], [found(after, "k2")])
    assert [(i, f.relpath) for i, f in result.moved] == [(1, after)]
    assert (result.read, result.gone) == ([], [])


@pytest.mark.parametrize("folds", [True, False])
def test_another_spelling_with_other_content_is_the_same_file_only_where_names_fold_fw15(
    *, folds: bool
) -> None:
    result = plan([known(1, "A.md", "k1")], [found("a.md", "k2", size=77)], folds=lambda: folds)
    assert [i for i, _ in result.moved] == ([1] if folds else [])
    assert result.gone == ([] if folds else [1])
    assert [f.relpath for f in result.read] == ["a.md"]


def test_two_spellings_that_could_be_either_are_no_moves() -> None:
    before = [known(1, "A.md", "k1"), known(2, "a.md", "k2")]
    result = plan(before, [found("ａ.md", "k3"), found("á.md", "k4")], folds=lambda: True)
    assert result.moved == []
    result = plan(before, [found("A.MD", "k3"), found("a.MD", "k4")], folds=lambda: True)
    assert result.moved == []


def test_a_rename_among_many_with_equal_spelling_elsewhere_stays_one_per_place() -> None:
    before = [known(1, "x/A.md", "k1"), known(2, "y/A.md", "k2")]
    result = plan(before, [found("x/a.md", "k3"), found("y/A.md", "k2")])
    assert [(i, f.relpath) for i, f in result.moved] == [(1, "x/a.md")]
    assert result.same == 1


names = st.sampled_from(["a", "b", "c", "d"])
keys = st.sampled_from(["k1", "k2", "k3", "k4"])


@given(
    st.dictionaries(names, keys, max_size=4),
    st.dictionaries(names, st.tuples(keys, st.integers(1, 2)), max_size=4),
)
def test_every_file_has_exactly_one_fate(before: dict, after: dict) -> None:
    """Each path on disk is same, back, moved-to or read; each known file is kept or gone."""
    if len(set(before.values())) < len(before):
        before = {}
    record = [known(i, path, key) for i, (path, key) in enumerate(sorted(before.items()), 1)]
    disk = [found(path, key, size=8 + n) for path, (key, n) in sorted(after.items())]
    result = plan(record, disk)
    targets = [item.relpath for _, item in result.moved]
    assert len(targets) == len(set(targets))
    assert result.same + len(result.read) + len(result.moved) + len(result.back) == len(disk)
    moved = [i for i, _ in result.moved]
    assert len(moved) == len(set(moved))
    assert not set(moved) & set(result.gone)
    for file in record:
        if file.relpath not in after:
            assert file.id in moved or file.id in result.gone
