"""The pages of a hit: those on which the words themselves stand, not those under its title."""

from __future__ import annotations

import pytest

from app.rows import FindSpec
from tests.unit.finding.world import Shelf


def found(shelf: Shelf, text: str, asset: int) -> tuple[int, ...]:
    shelf.feed()
    (pages,) = shelf.finder.pages(FindSpec(text, exact=True), [asset])
    assert pages.asset_id == asset
    return pages.pages


def test_a_word_of_the_title_alone_makes_no_page_a_hit(shelf: Shelf) -> None:
    asset = shelf.put("owasp.pdf", "the first", "owasp here", "the last", title="OWASP top ten")
    assert found(shelf, "owasp", asset) == (2,)
    (hit,) = shelf.ask("owasp").hits
    assert (hit.page, hit.page_label, hit.more_pages) == (2, "page 2", 0)


def test_the_page_shown_has_a_word_itself_though_an_empty_one_may_fit_better(
    shelf: Shelf,
) -> None:
    long = "owasp among very many other words " + "that fill this page and say nothing " * 30
    asset = shelf.put("a.pdf", "cover", long, "end", title="OWASP")
    for n in range(5):
        shelf.put(f"{n}.pdf", "something else")
    (hit,) = shelf.ask("owasp").hits
    assert (hit.asset_id, hit.page, hit.page_label) == (asset, 2, "page 2")
    assert hit.marks


def test_a_hit_by_its_title_has_no_page(shelf: Shelf) -> None:
    asset = shelf.put("a.pdf", "one", "two", title="Zero trust")
    assert found(shelf, "trust", asset) == ()
    (hit,) = shelf.ask("trust").hits
    assert (hit.page_label, hit.more_pages, hit.why) == ("", 0, ("title",))


@pytest.mark.parametrize(
    ("text", "pages"),
    [
        ("trust", (1, 2, 4)),
        ("zero trust", (1, 4)),
        ('"zero trust"', (1,)),
        ("trust -zero", (2,)),
        ("trust page:2-3", (2,)),
        ("zer*", (1, 4)),
        ("trust OR cloud", (1, 2, 3, 4)),
        ("notes:quiet", (1, 2, 3, 4)),
        ("the trust", (1, 2, 4)),
        ("text:cloud", (3,)),
        ("title:trust", ()),
    ],
)
def test_the_pages_are_those_that_the_search_finds(
    shelf: Shelf, text: str, pages: tuple[int, ...]
) -> None:
    asset = shelf.put(
        "a.pdf", "zero trust", "the trust", "the cloud", "trust and zero", notes="quiet",
        title="The trust of all",
    )  # fmt: skip
    assert found(shelf, text, asset) == pages


def test_where_pages_have_some_of_the_words_the_good_ones_are_told(shelf: Shelf) -> None:
    weak = "a crane among many other words that fill this page so that no word weighs much here"
    asset = shelf.put("a.pdf", "harbour crane harbour crane", weak, "nothing")
    shelf.put("b.pdf", "zeppelin")
    assert "some of them" in shelf.ask("harbour crane zeppelin").relaxed
    assert found(shelf, "harbour crane zeppelin", asset) == (1,)


def test_the_rest_of_a_text_that_names_a_tag_is_what_pages_are_found_by(shelf: Shelf) -> None:
    asset = shelf.put("a.pdf", "prices", "other", "more prices")
    shelf.lib.tag(asset, "persona", "finance")
    assert found(shelf, "finance prices", asset) == (1, 3)


def test_pages_say_what_stands_around_the_words(shelf: Shelf) -> None:
    asset = shelf.put("a.pdf", "the price of it", "nothing", "all prices")
    shelf.feed()
    hits = shelf.finder.page_hits(FindSpec("price", exact=True), asset)
    assert [(hit.page, hit.label, hit.snippet, hit.marks) for hit in hits] == [
        (1, "page 1", "the price of it", ((4, 9),)), (3, "page 3", "all prices", ((4, 10),)),
    ]  # fmt: skip


def test_of_what_waits_to_be_indexed_no_page_is_told(shelf: Shelf) -> None:
    asset = shelf.put("a.pdf", "price", "price")
    assert found(shelf, "price", asset) == (1, 2)
    late = shelf.put("b.pdf", "price")
    (first, second) = shelf.finder.pages(FindSpec("price", exact=True), [asset, late])
    assert (first.pages, second.pages) == ((1, 2), ())


def test_without_words_or_without_an_index_no_page_is_found(shelf: Shelf) -> None:
    asset = shelf.put("a.pdf", "price")
    (pages,) = shelf.finder.pages(FindSpec("price"), [asset])
    assert pages.pages == ()
    assert shelf.finder.page_hits(FindSpec("price"), asset) == ()
    assert found(shelf, "", asset) == ()
