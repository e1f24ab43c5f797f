"""The order of the answers, why it is that order, and what happens when nothing has all words."""

from __future__ import annotations

from math import prod

import pytest

from app.clock import DAY_MS
from app.rows import FindResult, FindSpec
from tests.unit.finding.world import Shelf

LONG = "many other words that fill this page so that no single word weighs much here at all"


def test_the_exact_title_comes_first(shelf: Shelf) -> None:
    for n in range(5):
        busy = shelf.put(
            f"deck {n}.pdf", "zero trust " * 30, "zero trust", title="Zero trust zero trust deck"
        )
        for days in range(1, 9):
            shelf.lib.deed("send", busy, days)
    shelf.put("plain.pdf", LONG, title="Zero trust?", days=400)
    assert shelf.names("zero trust")[0] == "Zero trust?"
    first = shelf.ask("zero trust").hits[0].ranking[0]
    assert (first.name, first.sentence) == ("title", "The title is exactly what you typed.")


def test_an_expired_exact_title_does_not_come_first(shelf: Shelf) -> None:
    shelf.put("a.pdf", "zero trust", title="Zero trust", days=90, expires_at=shelf.lib.now - DAY_MS)
    shelf.put("b.pdf", "zero trust", title="All about zero trust", days=90)
    assert shelf.names("zero trust") == ["All about zero trust", "Zero trust"]


@pytest.mark.parametrize("status", ["draft", "archived"])
def test_what_must_not_be_sent_sinks(shelf: Shelf, status: str) -> None:
    shelf.put("a.pdf", "pricing pricing pricing", title="Pricing now", days=60, status=status)
    shelf.put("b.pdf", f"pricing {LONG}", days=60)
    sunk = next(hit for hit in shelf.ask("pricing").hits if hit.title == "Pricing now")
    assert sunk.ranking[-1].name == "status"
    assert sunk.ranking[-1].factor < 1


def test_use_moves_up_and_showing_without_use_moves_down(shelf: Shelf) -> None:
    used, shown = (shelf.put(f"{name}.pdf", "churn", days=200) for name in ("used", "shown"))
    for days in range(1, 15):
        shelf.lib.deed("send", used, days)
        shelf.lib.search("churn", days, shown=(used, shown))
        shelf.lib.search("churn", days, shown=(shown,))
    hits = {hit.title: hit for hit in shelf.ask("churn").hits}
    assert list(hits) == ["used", "shown"]
    factor = {title: {r.name: r.factor for r in hit.ranking} for title, hit in hits.items()}
    assert factor["used"]["use"] > 1 > factor["shown"]["use"]
    assert factor["used"]["text"] == factor["shown"]["text"]
    assert "often" in hits["used"].ranking[1].sentence


def test_a_new_asset_that_nobody_has_used_is_in_the_first_three(shelf: Shelf) -> None:
    for n in range(8):
        old = shelf.put(f"old {n}.pdf", "churn story", days=300)
        for days in range(1, 4):
            shelf.lib.deed("open", old, days)
            shelf.lib.search("churn", days, shown=(old,))
            shelf.lib.search("story", days, shown=(old,))
    shelf.put("fresh.pdf", "churn story", days=0)
    assert "fresh" in shelf.names("churn story")[:3]
    fresh = next(hit for hit in shelf.ask("churn story").hits if hit.title == "fresh")
    assert "new" in {reason.name for reason in fresh.ranking}


def test_the_factors_multiply_to_the_score_and_set_the_order(shelf: Shelf) -> None:
    for n, days in enumerate((0, 10, 30, 300)):
        asset = shelf.put(f"d{n}.pdf", f"churn {'story ' * n}", days=days)
        for day in range(n):
            shelf.lib.deed("open", asset, day + 1)
    hits = shelf.ask("churn").hits
    for hit in hits:
        assert hit.score == pytest.approx(prod(r.factor for r in hit.ranking), rel=1e-3)
        assert all(reason.sentence.endswith(".") for reason in hit.ranking)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_text_order_leaves_use_and_status_out(shelf: Shelf) -> None:
    shelf.put("a.pdf", "pricing", title="Pricing pricing", days=60, status="archived")
    shelf.put("b.pdf", f"pricing {LONG}", days=60)
    assert shelf.names("pricing", sort="text") == ["Pricing pricing", "b"]


def test_words_that_stand_together_count_more(shelf: Shelf) -> None:
    shelf.put("apart.pdf", f"trust and zero {LONG}", days=60)
    shelf.put("together.pdf", f"and zero trust {LONG}", "first comes zero, then trust", days=60)
    assert shelf.names("zero trust") == ["together", "apart"]
    assert shelf.ask("zero trust").hits[0].page == 1


def test_words_together_go_before_words_apart_that_are_used_a_lot(shelf: Shelf) -> None:
    apart = shelf.put("apart.pdf", f"a cold store {LONG} at the end of the chain", days=200)
    for days in range(1, 40):
        shelf.lib.deed("send", apart, days)
        shelf.lib.search("cold chain", days, shown=(apart,))
    shelf.put("together.pdf", f"the cold chain {LONG} and its store", days=200)
    hits = shelf.ask("cold chain").hits
    assert [hit.title for hit in hits] == ["together", "apart"]
    use = {hit.title: next(r.factor for r in hit.ranking if r.name == "use") for hit in hits}
    assert use["apart"] > 1.8 * use["together"]


# ---- asking for less -------------------------------------------------------------------------


def test_when_nothing_has_all_words_what_has_most_comes_first_and_it_is_said(shelf: Shelf) -> None:
    shelf.put("one.pdf", "bank " * 20, days=60)
    shelf.put("two.pdf", f"bank churn {LONG}", days=60)
    found = shelf.ask("bank churn llama")
    assert [hit.title for hit in found.hits] == ["two", "one"]
    assert found.relaxed == "No asset has all these words. These have some of them."


def test_nothing_is_said_of_results_that_a_filter_takes_away(shelf: Shelf) -> None:
    shelf.put("one.pdf", "bank")
    found = shelf.ask("bank churn llama", filters=(("persona", ("finance",)),))
    assert not found.total
    assert found.filtered_out == 0, "it has one of the words, not the words"
    assert [row.total for row in found.without] == [1]
    assert found.relaxed == ""


def test_all_words_are_wanted_when_something_has_them(shelf: Shelf) -> None:
    shelf.put("both.pdf", "bank churn")
    shelf.put("one.pdf", "bank")
    found = shelf.ask("bank churn")
    assert [hit.title for hit in found.hits] == ["both"]
    assert found.relaxed == ""


def test_a_sentence_that_one_page_has_by_accident_brings_others_too(shelf: Shelf) -> None:
    shelf.put("accident.pdf", f"retention {LONG} price {LONG} bank {LONG} rival {LONG}", days=60)
    shelf.put("meant.pdf", "price of retention at a bank", "rivals", days=60)
    found = shelf.ask("show a slide about retention price bank rival")
    assert {hit.title for hit in found.hits} == {"accident", "meant"}


def test_two_words_that_few_have_bring_no_others(shelf: Shelf) -> None:
    shelf.put("both.pdf", "bank churn")
    shelf.put("one.pdf", "bank story")
    assert shelf.names("bank churn") == ["both"]
    assert shelf.names("the bank churn") == ["both", "one"]


def test_settings_say_how_few_bring_others_and_what_rows_count(shelf: Shelf) -> None:
    shelf.put("all.pdf", f"churn {LONG} bank {LONG} story", days=60)
    shelf.put("row.pdf", f"bank churn {LONG} other", days=60)
    assert shelf.names("bank churn story") == ["all", "row"]
    assert shelf.names("bank churn") == ["row", "all"]
    score = {hit.title: hit.score for hit in shelf.ask("bank churn").hits}
    shelf.lib.settings.set("rank.few", 0)
    shelf.lib.settings.set("rank.row_weight", 0.0)
    assert shelf.names("bank churn story") == ["all"]
    assert {hit.title: hit.score for hit in shelf.ask("bank churn").hits}["row"] < score["row"]


def test_a_synonym_counts_what_the_settings_say(shelf: Shelf) -> None:
    shelf.put("cost.pdf", f"cost of llamas {LONG}", days=60)
    shelf.put("llama.pdf", f"llamas {LONG} and nothing", days=60)
    assert shelf.names("price llamas") == ["cost", "llama"]
    with_synonym = shelf.ask("price llamas").hits[0].score
    shelf.lib.settings.set("rank.synonym_weight", 0.0)
    assert shelf.ask("price llamas").hits[0].score < with_synonym


def test_little_words_find_nothing_by_themselves_and_count_beside_others(shelf: Shelf) -> None:
    shelf.put("script.pdf", f"what we say when llamas call {LONG}", days=60)
    shelf.put("other.pdf", f"about the llamas themselves {LONG} then", days=60)
    shelf.put("talk.pdf", "what we say when they call again and again", days=60)
    for name in "abcdefgh":
        shelf.put(f"{name}.pdf", f"page {name} {LONG}", days=60)
    asked = "what do we say when unicorns call llamas"
    assert shelf.names(asked) == ["script", "other"]
    score = shelf.ask(asked).hits[0].score
    shelf.lib.settings.set("rank.little_weight", 0.0)
    assert shelf.ask(asked).hits[0].score != score
    assert shelf.names("what do we say unicorn when they call")[0] == "talk"


def test_a_little_word_at_the_end_is_no_beginning_where_some_words_are_enough(
    shelf: Shelf,
) -> None:
    shelf.put("itemised.pdf", "itemised items of items", days=60)
    shelf.put("llama.pdf", f"llamas {LONG}", days=60)
    found = shelf.ask("unicorns and llamas without it", exact=False)
    assert [hit.title for hit in found.hits] == ["llama"]
    assert shelf.ask("it", exact=False).total == 1


def test_a_slip_that_has_the_stem_of_another_word_is_seen_through(shelf: Shelf) -> None:
    shelf.put("gift.pdf", f"the recipients of llamas {LONG}", days=60)
    shelf.put("cook.pdf", f"recipes with llamas {LONG}", days=60)
    found = shelf.ask("llama recipies")
    assert {hit.title for hit in found.hits} == {"gift", "cook"}
    assert found.relaxed == "Searched for “recipes” for “recipies”."
    assert found.suggestion == "llama recipes"
    assert shelf.ask("llama recipes").relaxed == ""
    assert shelf.ask("llama recipient").relaxed == "", "another form of a word that is there"


def test_an_ordinary_word_beside_others_is_no_slip_of_another(shelf: Shelf) -> None:
    shelf.put("mile.pdf", f"the last mile of producers {LONG}", days=60)
    shelf.put("dairy.pdf", f"a dairy and its producers {LONG}", days=60)
    found = shelf.ask("milk producers")
    assert [hit.title for hit in found.hits] == ["dairy", "mile"]
    assert found.relaxed == "No asset has all these words. These have some of them."
    assert found.suggestion == ""
    assert shelf.ask("milk").relaxed == "Searched for “mile” for “milk”."


def test_synonyms_of_two_words_may_have_a_little_one(shelf: Shelf) -> None:
    shelf.put("rejected.pdf", f"rejected unicorns and {LONG}", days=60)
    shelf.put("other.pdf", f"a unicorn {LONG} and other things", days=60)
    assert shelf.names("turn down unicorns")[0] == "rejected"


def test_after_enter_the_last_word_may_still_be_a_beginning_where_few_have_it(
    shelf: Shelf,
) -> None:
    shelf.put("minutes.pdf", f"process in ten min {LONG}", days=60)
    shelf.put("mining.pdf", f"process mining {LONG}", days=60)
    found = shelf.ask("process min")
    assert {hit.title for hit in found.hits} == {"mining", "minutes"}
    assert found.relaxed == "The last word was also taken as the beginning of a word."
    assert shelf.names("min") == ["minutes"]


def test_an_unknown_word_is_a_beginning_before_it_is_a_slip(shelf: Shelf) -> None:
    shelf.put("hall.pdf", "the hall")
    shelf.put("model.pdf", "hallucinations of models")
    found = shelf.ask("hallu")
    assert [hit.title for hit in found.hits] == ["model"]
    assert found.relaxed == "“hallu” was taken as the beginning of a word."


def test_words_written_as_one_or_apart_find_each_other(shelf: Shelf) -> None:
    shelf.put("one.pdf", f"cybersecurity {LONG}", days=60)
    shelf.put("two.pdf", f"data center {LONG}", days=60)
    assert shelf.names("cyber security") == ["one"]
    found = shelf.ask("datacenter")
    assert [hit.title for hit in found.hits] == ["two"]
    assert found.relaxed == "Searched for “data center” for “datacenter”."


@pytest.mark.parametrize("asked", ["$4.2M", "4.2 million", "4,200,000", "saved $4.2m"])
def test_an_amount_is_found_however_it_is_written(shelf: Shelf, asked: str) -> None:
    for name, said in (("m", "$4.2M"), ("million", "4.2 million"), ("all", "€4,200,000")):
        shelf.put(f"{name}.pdf", f"they saved {said} in a year", days=60)
    shelf.put("other.pdf", "they saved 4.3 million and 42 in a year", days=60)
    assert set(shelf.names(asked)) == {"m", "million", "all"}


def test_what_is_excluded_stays_excluded(shelf: Shelf) -> None:
    shelf.put("a.pdf", "bank cloud")
    shelf.put("b.pdf", "bank")
    assert shelf.names("bank llama -cloud") == ["b"]


def test_a_misspelt_word_is_corrected_and_that_is_said(shelf: Shelf) -> None:
    shelf.put("a.pdf", "security of data")
    found = shelf.ask("securty data")
    assert [hit.title for hit in found.hits] == ["a"]
    assert found.relaxed == "Searched for “security” for “securty”."
    assert found.suggestion == "security data"


def test_another_form_of_a_known_word_is_not_corrected(shelf: Shelf) -> None:
    shelf.put("a.pdf", "objections")
    shelf.put("b.pdf", "injection")
    found = shelf.ask("objection")
    assert [hit.title for hit in found.hits] == ["a"]
    assert found.relaxed == ""


def test_the_very_word_comes_before_longer_ones_while_typing(shelf: Shelf) -> None:
    for n in range(3):
        shelf.put(f"long {n}.pdf", "iota iota iota", days=60)
    shelf.put("short.pdf", f"iot {LONG}", days=60)
    assert shelf.names("iot", exact=False)[0] == "short"


def test_synonyms_are_used_where_nothing_has_all_words(shelf: Shelf) -> None:
    shelf.put("a.pdf", "text message to a customer", days=60)
    shelf.put("b.pdf", "a customer", days=60)
    assert shelf.names("sms llama customer")[0] == "a"
    assert shelf.names("sms") == []


def test_what_is_marked_of_a_synonym_are_its_telling_words(shelf: Shelf) -> None:
    shelf.put("a.pdf", "how to select a supplier and a customer", days=60)
    (hit,) = shelf.ask("rfp llama customer").hits
    marked = [hit.snippet[start:end] for start, end in hit.marks]
    assert marked == ["select", "supplier", "customer"]


# ---- facets ----------------------------------------------------------------------------------


def counted(found: FindResult, facet: str, *slugs: str) -> list[int]:
    """The counts beside some terms."""
    terms = next(each.terms for each in found.facets if each.key == facet)
    return [next(term.count for term in terms if term.slug == slug) for slug in slugs]


def test_what_is_unwanted_is_left_out_and_its_count_says_how_many_that_are(shelf: Shelf) -> None:
    for name, terms in (("a", ["finance"]), ("b", ["it"]), ("c", ["finance", "it"]), ("d", [])):
        asset = shelf.put(f"{name}.pdf", "bank")
        for term in terms:
            shelf.lib.tag(asset, "persona", term)

    def ask(*slugs: str) -> FindResult:
        return shelf.ask("bank", filters=(("persona", slugs),))

    found = ask("-it")
    assert sorted(hit.title for hit in found.hits) == ["a", "d"]
    assert counted(found, "persona", "finance", "it") == [1, 2]
    chosen = {t.slug: (t.chosen, t.excluded) for t in found.facets[0].terms}
    assert (chosen["it"], chosen["finance"]) == ((False, True), (False, False))
    found = ask("finance", "-it")
    assert [hit.title for hit in found.hits] == ["a"]
    assert counted(found, "persona", "finance", "it") == [1, 1]
    assert counted(found, "status", "published") == [1]
    assert [hit.title for hit in shelf.ask("bank persona:finance -persona:it").hits] == ["a"]
    assert ask("-it", "-finance").total == 1
    assert ask("it", "-it").total == 0


# ---- nothing found ---------------------------------------------------------------------------


def test_each_filter_that_is_in_the_way_is_named(shelf: Shelf) -> None:
    asset = shelf.put("a.pdf", "bank")
    shelf.put("b.pdf", "bank")
    shelf.lib.tag(asset, "persona", "finance")
    found = shelf.ask("bank used:>5 persona:finance")
    assert (found.total, found.filtered_out) == (0, 2)
    assert [(row.left_out, row.total) for row in found.without] == [("used:>5", 1)]
    assert found.without[0].spec.text == "bank persona:finance"
    found = shelf.ask("bank persona:it", filters=(("status", ("published",)),))
    assert [(row.left_out, row.total) for row in found.without] == [("persona:it", 2)]
    assert found.without[0].spec == FindSpec("bank", (("status", ("published",)),), exact=True)
    found = shelf.ask("bank", filters=(("persona", ("-finance",)), ("status", ("draft",))))
    assert [(row.left_out, row.total) for row in found.without] == [("Status: Draft", 1)]
    assert found.without[0].spec.filters == (("persona", ("-finance",)),)
    assert shelf.finder.find(found.without[0].spec).total == 1
    found = shelf.ask("bank", filters=(("persona", ("-finance", "-it")), ("status", ("draft",))))
    assert [row.left_out for row in found.without] == ["Status: Draft"]
    found = shelf.ask("bank", filters=(("persona", ("finance", "-finance", "-it")),))
    assert [(row.left_out, row.total) for row in found.without] == [
        ("Persona: Finance", 1), ("not Finance", 1),
    ]  # fmt: skip
    assert found.without[1].spec.filters == (("persona", ("finance", "-it")),)
    shelf.lib.tag(asset, "persona", "it")
    found = shelf.ask("bank persona:it", filters=(("persona", ("-finance",)),))
    assert [(r.left_out, r.total) for r in found.without] == [("not Finance", 1), ("persona:it", 1)]


def test_a_guess_is_offered_only_where_it_finds_something(shelf: Shelf) -> None:
    asset = shelf.put("a.pdf", "zero trust", "cloud")
    shelf.put("b.pdf", "bank")
    shelf.lib.tag(asset, "persona", "finance")
    assert shelf.ask('"trsut zero"').suggestion == "", "the words are not in that order"
    mine, other = ((("persona", (slug,)),) for slug in ("finance", "it"))
    assert shelf.ask('"zero trsut"', filters=mine).suggestion == '"zero trust"'
    found = shelf.ask("trsut", filters=other)
    assert (found.total, found.suggestion) == (0, "")
    assert found.filtered_out == 0, "no asset has the word as it was typed"
    assert shelf.ask("trust", filters=other).filtered_out == 1


def test_a_correction_is_offered_for_words_in_quotes_too_and_for_no_field(shelf: Shelf) -> None:
    shelf.put("a.pdf", "zero trust and more trust", "about trust and security")
    assert shelf.ask('"zero trsut"').suggestion == '"zero trust"'
    assert shelf.ask('"zero trsut" title:a').suggestion == '"zero trust" title:a'
    assert shelf.ask('"zero" title:trsut').suggestion == ""
    assert shelf.ask('"zero" -trsut title:none').suggestion == ""


def test_archived_matches_behind_a_filter_are_told(shelf: Shelf) -> None:
    shelf.put("a.pdf", "bank", status="archived")
    found = shelf.ask("bank status:published")
    assert [(e.kind, e.total, e.sentence) for e in found.elsewhere] == [
        ("archived", 1, "1 match is archived.")
    ]


def test_matches_whose_files_are_gone_are_told(shelf: Shelf) -> None:
    asset = shelf.put("a.pdf", "bank")
    shelf.feed()
    with shelf.lib.write() as session:
        from app.store.tables import AssetFile

        for file in session.query(AssetFile).filter(AssetFile.asset_id == asset):
            file.missing_since = shelf.lib.now
    found = shelf.ask("bank", fed=False)
    assert found.total == 0
    assert [e.kind for e in found.elsewhere] == ["missing"]
