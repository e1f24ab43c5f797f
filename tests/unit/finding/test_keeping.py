"""A snapshot that is kept up to date says what one taken anew says, whatever happens between."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from sqlalchemy import delete, select

from app.clock import DAY_MS
from app.finding import keeping
from app.finding.keeping import Keeper
from app.finding.snapshot import Snapshot, stamp
from app.store.tables import Asset, AssetFile, AssetTag, Person, Term
from tests.unit.finding.world import Shelf
from tests.unit.usage.world import World


class _Happenings:
    """Everything that may happen in a library between two searches, by chance."""

    def __init__(self, lib: World, seed: int) -> None:
        self.lib = lib
        self.chance = random.Random(seed)
        self.made = 0

    def one(self) -> str:
        """Let one thing happen; its name."""
        kinds = (
            self.enter, self.rename, self.expire, self.tag, self.untag, self.give, self.lose,
            self.deed, self.deed, self.old_deed, self.search, self.search, self.old_search,
        )  # fmt: skip
        rare = (self.merge, self.person, self.hire, self.retire_term, self.request)
        kind = self.chance.choice(rare if self.chance.random() < 0.08 else kinds)
        kind()
        return kind.__name__

    def _asset(self) -> int:
        return self.chance.choice(list(self.lib.assets.values()))

    def _who(self) -> int:
        return self.chance.choice((self.lib.rep, self.lib.other, self.lib.marketer))

    def _change(self, **facts: Any) -> None:
        with self.lib.write() as session:
            asset = session.get_one(Asset, self._asset())
            for name, value in facts.items():
                setattr(asset, name, value)

    def enter(self) -> None:
        self.made += 1
        owner = self.chance.choice((None, self.lib.rep))
        self.lib.asset(f"n{self.made}.pdf", days=self.chance.randrange(200), owner_id=owner)

    def rename(self) -> None:
        self._change(title=f"Title {self.chance.randrange(9)}")

    def expire(self) -> None:
        self._change(expires_at=self.lib.now + self.chance.choice((-1, 1)) * DAY_MS)

    def give(self) -> None:
        self._change(owner_id=self.chance.choice((None, self._who())))

    def lose(self) -> None:
        with self.lib.write() as session:
            files = session.scalars(select(AssetFile).where(AssetFile.asset_id == self._asset()))
            for file in files:
                file.missing_since = None if file.missing_since else self.lib.now

    def tag(self) -> None:
        with self.lib.write() as session:
            term = self.chance.choice(session.scalars(select(Term)).all())
            key = (self._asset(), term.id)
            if session.get(AssetTag, key) is None:
                state = self.chance.choice(("accepted", "proposed"))
                session.add(
                    AssetTag(
                        asset_id=key[0], term_id=term.id, state=state, source="human",
                        by_id=self.lib.rep,
                    )
                )  # fmt: skip

    def untag(self) -> None:
        with self.lib.write() as session:
            session.execute(delete(AssetTag).where(AssetTag.asset_id == self._asset()))

    def deed(self) -> None:
        kind = self.chance.choice(("open", "send", "copy", "view"))
        self.lib.deed(kind, self._asset(), 0, self._who())

    def old_deed(self) -> None:
        self.lib.deed("send", self._asset(), self.chance.uniform(0, 120), self._who())

    def search(self) -> None:
        shown = tuple(self.chance.choices(list(self.lib.assets.values()), k=3))
        self.lib.search("a", 0, shown, person_id=self._who())

    def old_search(self) -> None:
        self.lib.search("b", self.chance.uniform(0, 900), (self._asset(),))

    def merge(self) -> None:
        one, other = self._asset(), self._asset()
        with self.lib.write() as session:
            into = session.get_one(Asset, other)
            if one != other and into.merged_into_id is None:
                session.get_one(Asset, one).merged_into_id = other

    def person(self) -> None:
        with self.lib.write() as session:
            person = session.get_one(Person, self._who())
            person.counts = self.chance.choice((None, True, False))

    def hire(self) -> None:
        with self.lib.write() as session:
            session.add(Person(name=f"New {self.chance.random()}", role="rep"))

    def retire_term(self) -> None:
        with self.lib.write() as session:
            term = self.chance.choice(session.scalars(select(Term)).all())
            if term.status != "merged":
                term.status = self.chance.choice(("active", "retired"))

    def request(self) -> None:
        with self.lib.write() as session:
            session.get_one(Asset, self._asset()).review_due_at = self.lib.now


def _same(kept: Snapshot, anew: Snapshot, after: str) -> None:
    assert kept.stamp == anew.stamp
    assert kept.ids.tolist() == anew.ids.tolist(), after
    assert kept.titles == anew.titles, after
    assert kept.status == anew.status, after
    assert kept.masks.keys() == anew.masks.keys(), after
    for key, mask in anew.masks.items():
        assert kept.masks[key].tolist() == mask.tolist(), (after, key)
    assert kept.catalogue.newest.tolist() == anew.catalogue.newest.tolist(), after
    assert kept.uses.tolist() == anew.uses.tolist(), after
    assert kept.users.tolist() == anew.users.tolist(), after
    # The moment from which things fade is that of the first reading.
    assert np.allclose(kept.boost, anew.boost, rtol=1e-4), after


@pytest.mark.storm
@pytest.mark.parametrize("seed", range(3))
def test_kept_is_as_taken_anew(
    shelf: Shelf, seed: int, storm_dose: Callable[[int, int], int]
) -> None:
    happenings = _Happenings(shelf.lib, seed)
    keeper = Keeper(shelf.lib.settings)
    for _ in range(4):
        happenings.enter()
    with shelf.lib.store.read() as session:
        keeper.fresh(session)
    for _ in range(storm_dose(40, 600)):
        after = [happenings.one() for _ in range(happenings.chance.randint(1, 3))]
        with shelf.lib.store.read() as session:
            _same(keeper.fresh(session), Keeper(shelf.lib.settings).fresh(session), str(after))


def test_what_comes_between_two_searches_is_read_alone(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A search noted, a deed and a changed asset do not have everything read anew."""
    made = _Happenings(shelf.lib, 1)
    for _ in range(3):
        made.enter()
    keeper = Keeper(shelf.lib.settings)
    with shelf.lib.store.read() as session:
        keeper.fresh(session)
    monkeypatch.setattr(keeping.Keeper, "_read", None)
    for happen in (made.search, made.deed, made.rename, made.enter, made.lose, made.untag):
        happen()
        with shelf.lib.store.read() as session:
            assert keeper.fresh(session).stamp == stamp(session)


def test_a_record_put_back_is_read_anew(shelf: Shelf) -> None:
    """Numbers that run backwards are those of another record."""
    made = _Happenings(shelf.lib, 1)
    made.enter()
    keeper = Keeper(shelf.lib.settings)
    with shelf.lib.store.read() as session:
        taken = keeper.fresh(session)
        keeper._snapshot = Snapshot(
            taken.stamp._replace(changes=taken.stamp.changes + 5),
            taken.catalogue, taken.boost + 1, taken.uses, taken.users,
        )  # fmt: skip
        assert np.allclose(keeper.fresh(session).boost, taken.boost, rtol=1e-4)
