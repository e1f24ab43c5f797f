"""Typed conditions on a real library: each finds what it says, and nothing else."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.clock import DAY_MS
from app.store.tables import Asset, AssetFile, AssetVersion, Person
from tests.unit.finding.world import Shelf

CASES = {
    "used:>1": "b",
    "used:1": "a",
    "used:0": "c d e",
    "used:1..5": "a b",
    "unused:90d": "c e",
    "unused:200d": "e",
    "owner:me": "a",
    "owner:kim": "b",
    "owner:none": "c d e",
    "-owner:none": "a b",
    'in:"Sales collateral"': "a b c d e",
    "in:decks": "a b",
    "in:DECKS/2026": "b",
    "in:2026": "b",
    "format:pptx": "a",
    "format:slides,word": "a b",
    "pages:>1": "b",
    "pages:1": "a c",
    "language:german": "c",
    "state:damaged": "d",
    "state:unreadable": "e",
    "state:problem": "d e",
    "has:notes": "c",
    "-has:notes": "a b d e",
    "expires:<30d": "a",
    "expires:>30d": "b",
    "expires:none": "c d",
    "expires:expired": "e",
    "review:overdue": "b",
    "added:<7d": "d",
    "added:>100d": "c e",
    "published:<30d": "b d",
    "changed:<7d": "d",
    "persona:finance": "a b",
    "persona:cfo stage:evaluate": "b",
    "-persona:finance": "c d e",
    "persona:none": "c d e",
    "persona:finance -stage:evaluate": "a",
    "stage:evaluate OR has:notes": "b c",
    "status:draft,expired": "c e",
    "(persona:finance OR has:notes) -format:word": "a c",
    "bank used:>1": "b",
    "bank used:>x": "a b",
    "b*k": "a b",
    "-thr*": "a b d e",
    "page:2": "b",
    "bank page:2": "b",
    "bank -page:2": "a",
    "nothing used:0": "",
}  # fmt: skip


@pytest.fixture
def five(shelf: Shelf) -> Shelf:
    """Five documents called a to e that differ in everything."""
    lib = shelf.lib
    lib.settings.set_fact("person", lib.rep)
    a = shelf.put(
        "decks/a.pptx", "bank one", days=40, version={"kind": "pptx"}, owner_id=lib.rep,
        expires_at=lib.now + 10 * DAY_MS,
    )  # fmt: skip
    b = shelf.put(
        "decks/2026/b.docx", "two", "bank", days=20, version={"kind": "docx"},
        expires_at=lib.now + 90 * DAY_MS, review_due_at=lib.now - DAY_MS,
    )  # fmt: skip
    shelf.put(
        "c.pdf", "three", notes="say this", days=150, status="draft",
        version={"properties": {"language": "de-AT"}},
    )  # fmt: skip
    shelf.put("d.pdf", days=2, version={"extract_state": "damaged"})
    e = shelf.put("old/e.pdf", days=300, expires_at=lib.now - DAY_MS)
    with lib.write() as session:
        kim = Person(name="Kim Moreau", role="marketer")
        session.add(kim)
        session.flush()
        session.get_one(Asset, b).owner_id = kim.id
        file = session.scalars(select(AssetFile).where(AssetFile.asset_id == e)).one()
        file.problem = "No permission."
        for version in session.scalars(select(AssetVersion)):
            asset = session.get_one(Asset, version.asset_id)
            version.modified_at = asset.created_at
    for asset in (a, b):
        lib.tag(asset, "persona", "finance")
    lib.tag(b, "stage", "evaluate")
    lib.deed("send", a, 10, person=lib.other)
    for days in (1, 5, 9):
        lib.deed("open", b, days)
    shelf.feed()
    return shelf


@pytest.mark.parametrize(("text", "wanted"), CASES.items())
def test_a_condition_finds_what_it_says(five: Shelf, text: str, wanted: str) -> None:
    found = five.ask(text, fed=False)
    assert " ".join(sorted(hit.title for hit in found.hits)) == wanted
    assert found.total == len(wanted.split())


def test_a_page_that_is_asked_for_is_the_one_shown(five: Shelf) -> None:
    assert [hit.page for hit in five.ask("bank page:2", fed=False).hits] == [2]


def test_columns_follow_the_record(five: Shelf) -> None:
    assert five.names("owner:none", fed=False) != []
    with five.lib.write() as session:
        for asset in session.scalars(select(Asset)):
            asset.owner_id = five.lib.rep
    assert five.names("owner:none", fed=False) == []
    assert len(five.names("owner:me", fed=False)) == 5


def test_conditions_count_in_the_facets(five: Shelf) -> None:
    facets = {facet.key: facet for facet in five.ask("used:>0 persona:finance", fed=False).facets}
    counts = {term.slug: (term.count, term.chosen) for term in facets["persona"].terms}
    assert counts["finance"] == (2, True)
    assert counts["it"] == (0, False)
