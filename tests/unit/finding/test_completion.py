"""What is offered while typing, and that taking it makes a text that is understood."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.finding.completion import MOST, Sources, complete
from app.finding.language import parse
from app.rows import Completion, FindSpec, RecentSearch
from tests.unit.finding.test_language import NOW, VOCABULARY, Known


class Index:
    """Three words."""

    def completions(self, prefix: str, k: int = 8) -> list[str]:
        return [w for w in ("security", "sector", "stage") if w.startswith(prefix.lower())][:k]


SOURCES = Sources(
    VOCABULARY.facets,
    lambda: ("Ana Lima", "Kim"),
    lambda: ("Sales collateral", "Sales collateral/decks/2026"),
    lambda: (RecentSearch(FindSpec(text="sector price"), 1, 3),),
    Index(),
)


def offers(text: str, cursor: int | None = None) -> list[Completion]:
    return list(complete(text, len(text) if cursor is None else cursor, SOURCES))


def taken(text: str, offer: Completion) -> str:
    return text[: offer.start] + offer.insert + text[offer.end :]


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("se", "security"),
        ("se", "sector price"),
        ("zero se", "zero security"),
        ("sta", "stage:"),
        ("zero per", "zero persona:"),
        ("-per", "-persona:"),
        ("uns", ""),
        ("unu", "unused:"),
        ("persona:c", "persona:finance"),
        ("persona:", "persona:none"),
        ("-persona:i", "-persona:it"),
        ("persona:it,fin", "persona:it,finance"),
        ("type:cas", "type:case_study"),
        ("status:in", "status:in_review"),
        ("owner:a", 'owner:"Ana Lima"'),
        ("owner:m", "owner:me"),
        ("in:dec", 'in:"Sales collateral/decks/2026"'),
        ('in:"sales', 'in:"Sales collateral"'),
        ("format:p", "format:pdf"),
        ("changed:", 'changed:"last month"'),
        ("", "sector price"),
        ("title:sec", "title:security"),
        ("-notes:sec", "-notes:sector"),
    ],
)
def test_the_way_to_go_on_is_offered(text: str, outcome: str) -> None:
    outcomes = [taken(text, offer) for offer in offers(text)]
    assert outcome in outcomes if outcome else outcomes == []


def test_what_stands_behind_the_cursor_stays() -> None:
    offer = next(o for o in offers("per bank", 3) if o.kind == "field")
    assert taken("per bank", offer) == "persona: bank"


def test_each_offer_says_what_it_is() -> None:
    assert {o.kind for o in offers("sta")} == {"field", "word"}
    assert offers("persona:f")[0] == Completion("persona:finance", "Finance", "term", "cfo", 0, 9)
    assert offers("")[0].detail == "3 assets"


FIELDS = (
    "persona", "status", "owner", "in", "format", "used", "unused", "pages", "page", "expires",
    "review", "added", "changed", "published", "state", "has", "language",
)  # fmt: skip


@pytest.mark.parametrize("text", FIELDS)
def test_every_value_offered_is_understood(text: str) -> None:
    class All(Known):
        def owner_ids(self, text: str, *, beginning: bool) -> tuple[int, ...]:
            return (1,)

        def knows_folder(self, text: str, *, beginning: bool) -> bool:
            return True

    made = [taken(f"{text}:", offer) for offer in offers(f"{text}:")]
    assert made
    for each in made:
        parsed = parse(each, VOCABULARY, exact=True, known=All(), now=NOW)
        assert [part.kind for part in parsed.parts] == ["field"], each


@given(st.text(alphabet='ab -:"(),persontu', max_size=30), st.integers(-3, 40))
def test_nothing_typed_is_an_error(text: str, cursor: int) -> None:
    found = complete(text, cursor, SOURCES)
    assert len(found) <= MOST
    for offer in found:
        assert 0 <= offer.start <= offer.end <= len(text)
