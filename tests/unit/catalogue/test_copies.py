"""Near copies and exact copies of real files: found, told, and kept up (DUP-1, DUP-2, DUP-4)."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.catalogue import fingerprints
from app.catalogue.copies import version_in_name
from app.library import Library
from app.store.tables_copies import NearCopy, VersionPrint
from indexer import likeness
from tests.collateral import index, write_pages

WORDS = (
    "cold", "chain", "sensor", "alarm", "gateway", "pilot", "reading", "warehouse",
    "carrier", "customer", "report", "audit", "release", "budget", "stability", "signed",
    "record", "inspector", "finance", "quality", "transport", "fridge", "trailer", "month",
    "fee", "hardware", "licence", "security", "proof", "number", "platform", "product",
    "week", "baseline", "review", "lane", "business",
)  # fmt: skip


def slides(seed: int, count: int = 8) -> list[str]:
    """A made-up deck: one text per slide, with headings and a price."""
    made = random.Random(seed)
    texts = []
    for place in range(count):
        lines = [" ".join(made.choices(WORDS, k=9)) for _ in range(3)]
        texts.append(f"Part {made.choice(WORDS)} {place}\n" + "\n\n".join(lines))
    return [*texts[:-1], texts[-1] + "\n\nOnly $49 a seat"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "collateral"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    opened = Library(tmp_path / "library")
    yield opened
    opened.close()


def write(path: Path, texts: list[str], day: int = 1) -> Path:
    """A file of that content, last changed on that day of 2026."""
    write_pages(path, texts)
    at = 1_767_225_600 + day * 86_400
    os.utime(path, (at, at))
    return path


def test_a_copy_with_one_other_price(library: Library, folder: Path) -> None:
    texts = slides(1)
    write(folder / "Team" / "mine.md", texts, day=1)
    write(folder / "Overview.md", [t.replace("$49", "$59") for t in texts], day=30)
    write(folder / "Other.md", slides(2))
    index(library, folder)
    (pair,) = library.copies()
    assert (pair.copy.path, pair.original.path) == (
        "collateral/Team/mine.md", "collateral/Overview.md",
    )  # fmt: skip
    assert (pair.kind, pair.newer, pair.same, pair.of) == ("near", "original", 7, 8)
    assert pair.deeds[0] == "chain"
    assert pair.sentence == (
        f"7 of 8 sections are in “{pair.original.title}”, which is newer; "
        "section 8 differs: $49 became $59."
    )


def test_what_is_published_is_the_original_though_older(library: Library, folder: Path) -> None:
    texts = slides(1)
    write(folder / "Official.md", texts, day=1)
    write(folder / "For ACME.md", [t.replace("$49", "$39") for t in texts], day=30)
    index(library, folder)
    acme = library.asset_id_of("For ACME.md")
    library.set_status([acme], "draft")
    (pair,) = library.copies()
    assert pair.copy.asset_id == acme
    assert "which is published and older" in pair.sentence
    assert "$39 here, $49 there" in pair.sentence


@pytest.mark.parametrize(
    "edit",
    [
        lambda t: t[1:],
        lambda t: [*t[4:], *t[:4]],
        lambda t: t[:3],
        lambda t: [*t, *slides(99, 2)],
        lambda t: [text + "\n\nPrepared for Mega Bank" for text in t],
        lambda t: [text.replace("Part ", "Mega Bank Part ") for text in t],
    ],
    ids=["removed", "reordered", "excerpt", "extended", "footer", "customer name"],
)
def test_edits_of_reps_are_recognised(library: Library, folder: Path, edit) -> None:
    texts = slides(1)
    write(folder / "a.md", texts)
    write(folder / "b.md", edit(texts))
    for seed in range(5, 10):
        write(folder / f"other {seed}.md", slides(seed))
    index(library, folder)
    (pair,) = library.copies()
    assert {pair.copy.path[-4:], pair.original.path[-4:]} == {"a.md", "b.md"}


def test_siblings_of_one_template_are_not_copies(library: Library, folder: Path) -> None:
    shared = slides(1, 8)[:3]
    for seed in range(4):
        write(folder / f"Industry {seed}.md", [*shared, *slides(seed + 20, 6)])
    write(folder / "About us.md", shared[:1])
    index(library, folder)
    assert library.copies() == ()


def test_the_threshold_is_a_setting(library: Library, folder: Path) -> None:
    texts = slides(1)
    write(folder / "a.md", [*texts[:5], *slides(2, 4)])
    write(folder / "b.md", [*texts[:5], *slides(3, 4)])
    index(library, folder)
    assert library.copies() == ()
    library.settings.set("copies.threshold", 0.5)
    assert len(library.copies()) == 1


def test_an_edit_makes_and_ends_a_pair_and_a_revert_brings_it_back(
    library: Library, folder: Path
) -> None:
    texts = slides(1)
    write(folder / "a.md", texts)
    copy = write(folder / "b.md", texts[:7])
    index(library, folder)
    assert len(library.copies()) == 1
    write(copy, slides(2), day=2)
    index(library)
    assert library.copies() == ()
    write(copy, texts[:7], day=3)
    write(folder / "c.md", texts[1:], day=3)
    index(library)
    assert len(library.copies()) == 3


def test_pairs_found_one_by_one_are_those_found_at_once(
    library: Library, folder: Path, tmp_path: Path
) -> None:
    made = [slides(1), slides(1)[:6], slides(2), slides(2)[2:], slides(3)]
    for place, texts in enumerate(made):
        write(folder / f"{place}.md", texts)
        index(library, *([folder] if not place else []))
    other = Library(tmp_path / "other")
    index(other, folder)
    told = [
        {frozenset((p.copy.path, p.original.path)) for p in each.copies()}
        for each in (library, other)
    ]
    other.close()
    assert told[0] == told[1]
    assert len(told[0]) == 2


def test_a_stale_print_is_made_anew(library: Library, folder: Path) -> None:
    """A page text that was read anew, or a print of another revision, is never trusted."""
    write(folder / "a.md", slides(1))
    write(folder / "b.md", slides(1)[:7])
    index(library, folder)
    with library.store.write() as session:
        session.execute(sa.text("DELETE FROM page WHERE version_id = 1"))
        revision = sa.select(VersionPrint.revision).where(VersionPrint.version_id == 1)
        assert session.scalar(revision) == 0
        session.rollback()
    with library.store.write() as session:
        session.execute(sa.update(VersionPrint).values(revision=likeness.REVISION + 1))
        session.execute(sa.delete(NearCopy))
    assert fingerprints.catch_up(library.store, lambda: False)
    assert len(library.copies()) == 1
    assert not fingerprints.catch_up(library.store, lambda: False), "nothing is left to do"


def test_a_cancelled_comparison_goes_on_later(library: Library, folder: Path) -> None:
    write(folder / "a.md", slides(1))
    write(folder / "b.md", slides(1)[:7])
    index(library, folder)
    with library.store.write() as session:
        session.execute(sa.delete(NearCopy))
        session.execute(sa.delete(VersionPrint))
    fingerprints.catch_up(library.store, lambda: True)
    assert library.copies() == ()
    fingerprints.catch_up(library.store, lambda: False)
    assert len(library.copies()) == 1


def test_exact_copies_are_one_asset_in_several_places(library: Library, folder: Path) -> None:
    """DUP-1."""
    write(folder / "a.md", slides(1))
    (folder / "UK").mkdir()
    shutil.copy(folder / "a.md", folder / "UK" / "a.md")
    index(library, folder)
    assert library.copies() == ()
    (found,) = library.exact_copies()
    assert set(found.paths) == {"collateral/UK/a.md", "collateral/a.md"}
    assert found.sentence == "2 places, the same content."


def test_versions_by_name_are_suggested(library: Library, folder: Path) -> None:
    """DUP-4."""
    write(folder / "Deck_v1.md", slides(1))
    write(folder / "Deck_v2.md", slides(2))
    write(folder / "elsewhere" / "Deck_v3.md", slides(3))
    index(library, folder)
    (pair,) = library.copies()
    assert (pair.kind, pair.deeds[0]) == ("names", "chain")
    assert pair.sentence == "“Deck_v1.md” lies beside “Deck_v2.md”: is it an older version?"
    library.chain(pair.original.asset_id, pair.copy.asset_id)
    assert library.copies() == ()


def test_one_name_with_other_content_is_told_dup2(library: Library, folder: Path) -> None:
    old = write(folder / "UK" / "Prices.md", slides(1))
    write(folder / "Prices.md", ["# Quite\n\nunlike anything else in this folder"])
    os.utime(old, (1_600_000_000, 1_600_000_000))
    for word in ("anchor", "beacon", "compass", "dredger", "ensign"):
        write(folder / word / "README.md", [" ".join(f"{word}{n}" for n in range(30))])
    for name in ("a", "b"):
        (folder / name).mkdir()
        (folder / name / "empty.md").touch()
    index(library, folder)
    (pair,) = library.copies()
    places = (pair.copy.path, pair.original.path)
    assert (pair.kind, *places) == ("names", "collateral/UK/Prices.md", "collateral/Prices.md")
    told = "“Prices.md” is in two places with other content: is one an older version?"
    assert pair.sentence == told
    library.not_a_copy(pair.original.asset_id, pair.copy.asset_id)
    assert library.copies() == ()


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Deck_v2.pptx", ("deck", (2,))),
        ("Overview deck V10 (final).pptx", ("overview deck (final)", (10,))),
        ("Sheet version 1.2.pdf", ("sheet", (1, 2))),
        ("rev 3 Prices.xlsx", ("prices", (3,))),
        ("Deck 2024.pptx", None),
        ("v2.pptx", None),
        ("River2.pptx", None),
    ],
)
def test_the_version_in_a_name(name: str, told: tuple[str, tuple[int, ...]] | None) -> None:
    assert version_in_name(name) == told
