"""Why a hit stands where it stands, and what is like it: told from the record, not invented."""

from __future__ import annotations

from math import prod

from app.clock import DAY_MS
from app.rows import FindSpec
from app.rows.found import WordFound
from tests.unit.finding.world import Shelf


def test_it_says_which_word_stands_where(shelf: Shelf) -> None:
    asset = shelf.put("crane.pdf", "nothing", "prices of harbours", notes="quiet", title="Harbour")
    shelf.feed()
    told = shelf.finder.evidence(FindSpec("harbour crane price zeppelin quiet"), asset, 2)
    assert told.page_label == "page 2"
    assert told.words == (
        WordFound("harbour", ("title", "text")), WordFound("crane", ("file name",)),
        WordFound("price", ("text",)), WordFound("zeppelin", ()), WordFound("quiet", ("notes",)),
    )  # fmt: skip
    assert not told.together
    assert shelf.finder.evidence(FindSpec("prices of harbours"), asset, 2).together
    phrase = shelf.finder.evidence(FindSpec('"harbour prices" -crane persona:cfo'), asset, 2)
    assert [one.word for one in phrase.words] == ["harbour prices"]


def test_uses_and_impressions_are_those_of_people_who_count_in_the_time(shelf: Shelf) -> None:
    asset, other = shelf.put("a.pdf", "bank", days=300), shelf.put("b.pdf", "bank", days=300)
    for days in (1, 2, 200):
        shelf.lib.deed("send", asset, days)
    for days in (1, 3, 4, 200):
        shelf.lib.search("bank", days, (asset, other))
    shelf.lib.search("bank", 2, (other,))
    told = shelf.finder.evidence(FindSpec("bank"), asset, 1)
    assert (told.days, told.uses, told.shown) == (120, 2, 3)


def test_the_factors_multiply_to_the_scores_that_order_the_list(shelf: Shelf) -> None:
    for n in range(8):
        asset = shelf.put(
            f"{n}.pdf", "bank " * (n + 1), days=n * 5, status="draft" if n % 3 == 0 else "published"
        )
        for day in range(n % 4):
            shelf.lib.deed("send", asset, day + 1)
    hits = shelf.ask("bank").hits
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    for hit in hits:
        assert abs(prod(reason.factor for reason in hit.ranking) - hit.score) < 1e-3


def test_less_used_is_not_called_unused(shelf: Shelf) -> None:
    asset = shelf.put("a.pdf", "bank", days=300)
    shelf.lib.deed("send", asset, 1)
    for _ in range(60):
        shelf.lib.search("bank", 1, (asset,))
    use = next(r for r in shelf.ask("bank").hits[0].ranking if r.name == "use")
    assert use.factor < 0.95
    assert use.sentence.startswith("Used less often than expected")


def test_without_an_index_the_words_are_looked_for_as_they_are(shelf: Shelf) -> None:
    asset = shelf.put("a.pdf", "prices")
    told = shelf.finder.evidence(FindSpec("prices"), asset, 1)
    assert told.words == (WordFound("prices", ("text",)),)


TEXT = "harbour crane gantry logistics"


def test_like_it_is_what_says_the_same_but_nothing_that_must_not_be_sent(shelf: Shelf) -> None:
    asset = shelf.put("a.pdf", f"{TEXT} one", TEXT)
    near = shelf.put("b.pdf", "cover", f"{TEXT} two")
    shelf.put("c.pdf", f"{TEXT} three", status="archived")
    expired = shelf.put("d.pdf", "gantry", expires_at=shelf.lib.now - DAY_MS)
    for n in range(30):
        shelf.put(f"{n}.pdf", f"something else entirely number{n}")
    shelf.lib.tag(near, "content_type", "one_pager")
    shelf.feed()
    told = shelf.finder.related(asset)
    assert [row.asset_id for row in told.rows] == [near, expired]
    first = told.rows[0]
    assert (first.title, first.content_type, first.page, first.page_label) == (
        "b", "One-pager", 2, "page 2",
    )  # fmt: skip
    assert told.rows[1].trust == "expired"
    assert shelf.finder.related(shelf.put("e.mp4")).rows == ()


def test_while_there_is_no_index_that_is_said(shelf: Shelf) -> None:
    told = shelf.finder.related(shelf.put("a.pdf", TEXT))
    assert told.rows == ()
    assert "index" in told.limited
