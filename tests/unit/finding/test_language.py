"""The query language: each documented form is a test, and nothing typed is an error."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.finding.language import parse
from app.rows import FacetRow, TermRow
from app.vocabulary.terms import Vocabulary
from indexer.search.query import And, Everything, Not, Or, Phrase, Word


def _facet(key: str, label: str, *slugs: tuple[str, str, tuple[str, ...]]) -> FacetRow:
    terms = (TermRow(n, key, s, text, "", syn) for n, (s, text, syn) in enumerate(slugs))
    return FacetRow(key, label, True, tuple(terms))


VOCABULARY = Vocabulary(
    (
        _facet("persona", "Persona", ("finance", "Finance", ("cfo",)), ("it", "IT", ())),
        _facet("stage", "Stage", ("evaluate", "Build requirements", ("demo",))),
        _facet("content_type", "Content type", ("case_study", "Case study", ())),
    )
)

FORMS = {
    "zero trust": And((Word("zero"), Word("trust"))),
    '"zero trust"': Phrase(("zero", "trust")),
    "security -cloud": And((Word("security"), Not(Word("cloud")))),
    'security -"public cloud"': And((Word("security"), Not(Phrase(("public", "cloud"))))),
    "churn OR retention": Or((Word("churn"), Word("retention"))),
    "bank churn OR retention": And((Word("bank"), Or((Word("churn"), Word("retention"))))),
    "title:overview": Word("overview", field="title"),
    "file:q3": Word("q3", field="file"),
    "notes:discount": Word("discount", field="notes"),
    'text:"per seat"': Phrase(("per", "seat"), "body"),
    "-cloud": And((Everything(), Not(Word("cloud")))),
}


@pytest.mark.parametrize(("text", "node"), FORMS.items())
def test_each_form_has_its_tree(text: str, node: object) -> None:
    assert parse(text, VOCABULARY, exact=True).node == node


@pytest.mark.parametrize("text", FORMS)
def test_each_form_is_documented(text: str) -> None:
    documented = Path(__file__).parents[3].joinpath("docs", "searching.md").read_text("utf-8")
    assert f"`{text}`" in documented


@pytest.mark.parametrize(
    ("text", "filters"),
    [
        ("persona:cfo", (("persona", ("finance",)),)),
        ("persona:cfo persona:it", (("persona", ("finance", "it")),)),
        ("type:case_study", (("content_type", ("case_study",)),)),
        ('stage:"build requirements"', (("stage", ("evaluate",)),)),
        ("status:expired", (("status", ("expired",)),)),
    ],
)
def test_fields_of_the_vocabulary_are_filters(text: str, filters: object) -> None:
    parsed = parse(text, VOCABULARY, exact=True)
    assert parsed.filters == filters
    assert parsed.node is None
    assert parsed.understood


def test_the_word_being_typed_is_a_beginning() -> None:
    assert parse("zero tru", VOCABULARY, exact=False).node == And(
        (Word("zero"), Word("tru", prefix=True))
    )
    assert parse("zero ", VOCABULARY, exact=False).node == Word("zero")
    assert parse('"zero tru', VOCABULARY, exact=False).node == Phrase(("zero", "tru"))


def test_an_unknown_field_is_searched_for_as_words() -> None:
    assert parse("price:49", VOCABULARY, exact=True).node == Word("price:49")


def test_plain_words_need_no_explanation() -> None:
    assert parse("zero trust", VOCABULARY, exact=True).understood == ""
    said = parse('zero -"old price" persona:cfo', VOCABULARY, exact=True).understood
    assert said == "zero and without “old price” and persona is Finance"


@given(st.text(alphabet='ab -:"OR persona*()[]\\\n\té漢', max_size=60), st.booleans())
def test_nothing_typed_is_an_error(text: str, exact: bool) -> None:
    parsed = parse(text, VOCABULARY, exact=exact)
    assert parsed.node is None or not isinstance(parsed.node, Not)
