"""What is kept of the rows between two keystrokes: nothing that has changed since."""

from __future__ import annotations

import pytest

from app.finding import facts
from app.rows import FindSpec
from app.store.engine import open_store
from app.store.tables import Asset, AssetFile
from tests.unit.finding.world import Shelf


def test_what_was_read_for_one_letter_is_not_read_for_the_next(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b"):
        shelf.put(f"{name}.pdf", "bank llamas")
    before = shelf.ask("lla", exact=False)
    asked: list[object] = []
    of_record = facts._PAGES.rows

    def counted(session: object, values: list[int]) -> object:
        asked.extend(values)
        return of_record(session, values)  # type: ignore[arg-type]

    monkeypatch.setattr(facts._PAGES, "rows", counted)
    after = shelf.ask("llam", exact=False, fed=False)
    assert [hit.snippet for hit in after.hits] == [hit.snippet for hit in before.hits]
    assert len(after.hits) == 2
    assert asked == []


@pytest.mark.parametrize("elsewhere", [False, True])
def test_a_change_is_seen_at_the_next_letter(shelf: Shelf, elsewhere: bool) -> None:
    """Whether it was written through a connection of this process or by another program."""
    changed = shelf.put("a.pdf", "bank llamas")
    assert [hit.title for hit in shelf.ask("bank").hits] == ["a"]
    store = open_store(shelf.lib.store.paths) if elsewhere else shelf.lib.store
    with store.write() as session:
        session.get_one(Asset, changed).title = "Otters"
        file = session.query(AssetFile).filter_by(asset_id=changed).one()
        file.relpath = "moved/a.pdf"
    if elsewhere:
        store.close()
    (hit,) = shelf.finder.find(FindSpec("bank", exact=True)).hits
    assert (hit.title, hit.path) == ("Otters", "moved/a.pdf")


def test_of_many_rows_few_are_kept(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facts, "MOST_KEPT", 1)
    shelf.put("a.pdf", "bank")
    shelf.put("b.pdf", "bank llamas")
    assert sorted(shelf.names("bank")) == ["a", "b"]
    shelf.ask("llamas", fed=False)
    with shelf.lib.store.read() as session:
        assert len(facts._kept(session).assets) == 1
