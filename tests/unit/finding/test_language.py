"""The query language: each documented form is a test, and nothing typed is an error."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clock import DAY_MS
from app.finding.conditions import (
    AnyThat,
    Condition,
    Idle,
    In,
    Missing,
    OneOf,
    Tagged,
    Within,
)
from app.finding.dates import Interval
from app.finding.language import Parsed, parse
from app.finding.language.tokens import text_without
from app.rows import FacetRow, TermRow
from app.vocabulary.terms import Vocabulary
from indexer.search.query import And, Everything, Node, Not, Or, Phrase, Wildcard, Word

NOW = 1_790_000_000_000  # 2026-09-21, a Monday


def _facet(key: str, label: str, *slugs: tuple[str, str, tuple[str, ...]]) -> FacetRow:
    terms = (TermRow(n, key, s, text, "", syn) for n, (s, text, syn) in enumerate(slugs))
    return FacetRow(key, label, True, tuple(terms))


VOCABULARY = Vocabulary(
    (
        _facet("persona", "Persona", ("finance", "Finance", ("cfo",)), ("it", "IT", ())),
        _facet("stage", "Stage", ("evaluate", "Build requirements", ("demo",))),
        _facet("content_type", "Content type", ("case_study", "Case study", ())),
        _facet("value_proposition", "Value proposition", ("cut_cost", "Cut cost", ())),
        _facet("buying_role", "Role in the deal", ("champion", "Champion", ())),
        _facet("audience", "Audience", ("internal_only", "Internal only", ("internal",))),
    )
)


class Known:
    """One person, one folder."""

    def owner_ids(self, text: str, *, beginning: bool) -> tuple[int, ...]:
        return {"me": (7,), "Ana Lima": (8,)}.get(text, ())

    def knows_folder(self, text: str, *, beginning: bool) -> bool:
        return text in ("Sales collateral", "decks/2026")


def read(text: str, *, exact: bool = True) -> Parsed:
    return parse(text, VOCABULARY, exact=exact, known=Known(), now=NOW)


TRUST = Word("trust")
WORDS: dict[str, Node] = {
    "zero trust": And((Word("zero"), TRUST)),
    '"zero trust"': Phrase(("zero", "trust")),
    "secur*": Wildcard("secur*"),
    "security -cloud": And((Word("security"), Not(Word("cloud")))),
    'security -"public cloud"': And((Word("security"), Not(Phrase(("public", "cloud"))))),
    "security NOT cloud": And((Word("security"), Not(Word("cloud")))),
    "-cloud": And((Everything(), Not(Word("cloud")))),
    "churn OR retention": Or((Word("churn"), Word("retention"))),
    "bank churn OR retention": And((Word("bank"), Or((Word("churn"), Word("retention"))))),
    "bank AND churn": And((Word("bank"), Word("churn"))),
    "(zero trust) OR firewall": Or((And((Word("zero"), TRUST)), Word("firewall"))),
    "security -(cloud OR partner)": And(
        (Word("security"), Not(Or((Word("cloud"), Word("partner")))))
    ),
    "title:overview": Word("overview", field="title"),
    "file:q3": Word("q3", field="file"),
    "notes:discount": Word("discount", field="notes"),
    'text:"per seat"': Phrase(("per", "seat"), "body"),
    "trust page:3": TRUST,
    "trust page:2-5": TRUST,
    "trust -page:1": TRUST,
}
FACETS: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "persona:cfo": (("persona", ("finance",)),),
    "persona:cfo,it": (("persona", ("finance", "it")),),
    "-persona:it": (("persona", ("-it",)),),
    'stage:"build requirements"': (("stage", ("evaluate",)),),
    "type:case_study": (("content_type", ("case_study",)),),
    "value:cut_cost": (("value_proposition", ("cut_cost",)),),
    "role:champion": (("buying_role", ("champion",)),),
    "audience:internal": (("audience", ("internal_only",)),),
    "status:expired": (("status", ("expired",)),),
    "status:draft,in_review": (("status", ("draft", "in_review")),),
}


def _day(text: str) -> int:
    from datetime import UTC, datetime

    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def _from(column: str, first: str, after: str) -> Within:
    return Within(column, Interval(_day(first), _day(after) - 1))


PROBLEMS = frozenset(
    {"damaged", "protected", "unreadable", "no_text", "name_only", "too_large", "unsupported"}
)
CONDITIONS: dict[str, Condition] = {
    "persona:none": Tagged("persona", ()),
    "used:>10": Within("uses", Interval(11, None)),
    "used:0": Within("uses", Interval(0, 0)),
    "used:5..20": Within("uses", Interval(5, 20)),
    "unused:90d": Idle(90),
    "owner:me": Within("owner", Interval(7, 7)),
    'owner:"Ana Lima"': Within("owner", Interval(8, 8)),
    "owner:none": Missing("owner"),
    'in:"Sales collateral"': In("Sales collateral"),
    "in:decks/2026": In("decks/2026"),
    "format:pptx": OneOf("format", frozenset({"pptx"})),
    "pages:>10": Within("pages", Interval(11, None)),
    "language:de": OneOf("language", frozenset({"de"})),
    "state:damaged": OneOf("state", frozenset({"damaged"})),
    "state:problem": OneOf("state", PROBLEMS),
    "has:notes": OneOf("has", frozenset({"notes"})),
    "expires:<30d": Within("expires", Interval(NOW, NOW + 30 * DAY_MS)),
    "expires:expired": Tagged("status", ("expired",)),
    "expires:none": Missing("expires"),
    "review:overdue": Within("review", Interval(None, NOW)),
    "review:<2w": Within("review", Interval(NOW, NOW + 14 * DAY_MS)),
    "published:2026-03": _from("published", "2026-03-01", "2026-04-01"),
    "published:2026": _from("published", "2026-01-01", "2027-01-01"),
    "published:2026-01..2026-03": _from("published", "2026-01-01", "2026-04-01"),
    "added:<7d": Within("added", Interval(NOW - 7 * DAY_MS, None)),
    "added:>1y": Within("added", Interval(None, NOW - 365 * DAY_MS)),
    "changed:>2026-01-01": Within("changed", Interval(_day("2026-01-02"), None)),
    "changed:today": _from("changed", "2026-09-21", "2026-09-22"),
    'changed:"last week"': _from("changed", "2026-09-14", "2026-09-21"),
    'changed:"Q2 2026"': _from("changed", "2026-04-01", "2026-07-01"),
    'changed:"March 2026"': _from("changed", "2026-03-01", "2026-04-01"),
}
DOCUMENT = Path(__file__).parents[3] / "docs" / "searching.md"


def test_every_documented_form_is_tested_and_every_tested_one_documented() -> None:
    documented = set(re.findall(r"^\| `(.+?)` \|", DOCUMENT.read_text("utf-8"), re.MULTILINE))
    assert documented == {*WORDS, *FACETS, *CONDITIONS}


@pytest.mark.parametrize(("text", "node"), WORDS.items())
def test_words_become_a_tree(text: str, node: Node) -> None:
    parsed = read(text)
    assert parsed.node == node
    assert (parsed.filters, parsed.conditions) == ((), ())


@pytest.mark.parametrize(
    ("text", "pages"),
    [
        ("trust page:3", (Interval(3, 3), False)),
        ("trust page:2-5", (Interval(2, 5), False)),
        ("trust -page:1", (Interval(1, 1), True)),
        ("trust page:>3", (Interval(4, None), False)),
    ],
)
def test_pages_bound_the_page(text: str, pages: object) -> None:
    assert read(text).pages == (pages,)


@pytest.mark.parametrize(("text", "filters"), FACETS.items())
def test_tags_that_are_wanted_are_filters_of_the_facet_list(text: str, filters: object) -> None:
    parsed = read(text)
    assert parsed.filters == filters
    assert (parsed.node, parsed.conditions) == (None, ())
    assert parsed.understood


@pytest.mark.parametrize(("text", "condition"), CONDITIONS.items())
def test_everything_else_is_a_condition(text: str, condition: Condition) -> None:
    parsed = read(text)
    assert parsed.conditions == (condition,)
    assert parsed.texts == ((text,),)
    assert (parsed.node, parsed.filters) == (None, ())
    assert [part.kind for part in parsed.parts] == ["field"]


@pytest.mark.parametrize("text", ["-persona:it", "NOT persona:it"])
def test_tags_that_are_not_wanted_are_filters_with_a_minus(text: str) -> None:
    parsed = read(f"bank {text} persona:cfo")
    assert parsed.filters == (("persona", ("-it", "finance")),)
    assert parsed.conditions == ()
    assert [part.kind for part in parsed.parts] == ["words", "not", "field"]


def test_what_is_typed_can_be_left_out_again() -> None:
    parsed = read("bank persona:cfo -persona:it (persona:it OR used:>5)")
    assert parsed.filter_texts == (
        (("persona:cfo",), (("persona", ("-it",)),)),
        (("-persona:it",), (("persona", ("finance",)),)),
    )
    assert parsed.texts == (("persona:it", "used:>5"),)
    assert text_without("bank (persona:it OR used:>5) x", parsed.texts[0]) == "bank x"


def test_terms_of_one_facet_typed_one_after_the_other_are_alternatives() -> None:
    assert read("persona:cfo persona:it").filters == (("persona", ("finance", "it")),)


def test_conditions_know_or_and_brackets() -> None:
    parsed = read("persona:cfo OR (unused:90d) bank")
    assert parsed.conditions == (AnyThat((Tagged("persona", ("finance",)), Idle(90))),)
    assert parsed.node == Word("bank")
    assert parsed.filters == ()


def test_names_of_fields_know_no_capitals_and_have_aliases() -> None:
    assert read("USED:>10").conditions == read("uses:>10").conditions == read("used:>10").conditions


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("used:>x", "expects a number, such as used:>10."),
        ("used:", "expects a value"),
        ("persona:pope", "Persona has no term “pope”. Terms are finance, it."),
        ("status:lost", "There is no status “lost”."),
        ("owner:nobody", "Nobody here is called “nobody”."),
        ("in:nowhere", "No folder with assets is called “nowhere”."),
        ("expires:soon", "expects a date or a time"),
        ("published:2026-13", "expects a date or a time"),
        ("format:papyrus", "format: knows pptx,"),
        ("state:new", "state: knows problem,"),
        ("has:money", "knows notes"),
        ("unused:x", "expects a length of time"),
        ("page:x", "expects page numbers"),
        ("persona:cfo,none", "persona:none stands alone"),
    ],
)
def test_a_wrong_value_is_explained_and_left_out(text: str, said: str) -> None:
    parsed = read(f"bank {text}")
    assert parsed.node == Word("bank")
    assert (parsed.filters, parsed.conditions, parsed.pages) == ((), (), ())
    wrong = parsed.parts[1]
    assert (wrong.kind, wrong.text, wrong.start, wrong.removable_text) == ("error", text, 5, "bank")
    assert said in wrong.said


def test_or_between_a_word_and_a_condition_is_explained() -> None:
    parsed = read("bank OR used:>10")
    assert (parsed.node, parsed.conditions) == (Word("bank"), ())
    assert [part.kind for part in parsed.parts] == ["words", "error"]


def test_an_unknown_field_is_searched_for_as_words_and_that_is_said() -> None:
    parsed = read("price:49")
    assert parsed.node == Word("price:49")
    assert parsed.parts[0].kind == "unknown"
    assert "“price” is no field" in parsed.understood


def test_each_piece_has_its_place_and_can_be_taken_out() -> None:
    text = 'bank  churn OR -"old price" (persona:cfo used:0)'
    parts = read(text).parts
    assert [text[p.start : p.end] for p in parts] == [p.text for p in parts]
    assert [(p.text, p.removable_text) for p in parts] == [
        ("bank", 'churn OR -"old price" (persona:cfo used:0)'),
        ("churn", 'bank -"old price" (persona:cfo used:0)'),
        ('-"old price"', "bank churn (persona:cfo used:0)"),
        ("persona:cfo", 'bank churn OR -"old price" used:0'),
        ("used:0", 'bank churn OR -"old price" persona:cfo'),
    ]
    assert [p.removable_text for p in read("a (b) OR NOT c d").parts] == [
        "b OR NOT c d", "a NOT c d", "a b d", "a b OR NOT c",
    ]  # fmt: skip


def test_one_is_said_as_one() -> None:
    said = [read(text).parts[0].said for text in ("used:1", "used:>11", "pages:1", "pages:>1")]
    assert said == ["used 1 time in 90 days", "used more than 11 times in 90 days", "1 page",
                    "more than 1 page"]  # fmt: skip


def test_what_was_understood_is_said() -> None:
    assert read("zero trust").understood == ""
    said = read('zero -"old price" persona:cfo -used:0').understood
    assert said == "zero and without “old price” and persona is Finance and used in 90 days"
    assert read("a -(b OR c)").understood == "a and without (b or c)"
    assert read("zero used:>x").understood == "zero"


def test_the_word_being_typed_is_a_beginning() -> None:
    assert read("zero tru", exact=False).node == And((Word("zero"), Word("tru", prefix=True)))
    assert read("zero ", exact=False).node == Word("zero")
    assert read('"zero tru', exact=False).node == Phrase(("zero", "tru"))
    assert read("persona:fin", exact=False).filters == (("persona", ("finance",)),)
    assert read("persona:fin").parts[0].kind == "error"
    assert read("status:dr", exact=False).filters == (("status", ("draft",)),)


def test_quotes_of_any_language_do() -> None:
    assert read("„zero trust“").node == Phrase(("zero", "trust"))
    assert read("title:«zero trust»").node == Phrase(("zero", "trust"), "title")


def test_operators_that_join_nothing_are_words_or_nothing() -> None:
    assert read("OR").node == Word("OR")
    assert read("bank OR").node == Word("bank")
    assert read("() bank )").node == Word("bank")


TYPED = st.text(alphabet='ab -:"OR NTD()<>.,/persona*used1\\\n\té漢“', max_size=60)


@given(TYPED, st.booleans())
def test_nothing_typed_is_an_error(text: str, exact: bool) -> None:
    parsed = read(text, exact=exact)
    assert parsed.node is None or not isinstance(parsed.node, Not)
    for part in parsed.parts:
        assert 0 <= part.start < part.end <= len(text)
        left = read(part.removable_text, exact=exact)
        assert len(left.parts) <= len(parsed.parts)
