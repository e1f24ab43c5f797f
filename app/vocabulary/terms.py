"""Reading the vocabulary: facets, terms, and the term that a word means."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import UserError
from app.rows import FacetRow, TermRow
from app.store.defaults import norm
from app.store.tables import Facet, Term, TermSynonym

# Short names people type for a facet.
FACET_ALIASES = {
    "type": "content_type", "vp": "value_proposition", "value": "value_proposition",
    "buying_stage": "stage", "role": "buying_role", "persona_role": "buying_role",
    "persona_function": "persona",
}  # fmt: skip


def vocabulary(session: Session) -> tuple[FacetRow, ...]:
    """All facets with their active terms and synonyms."""
    synonyms: dict[int, list[str]] = {}
    for term_id, phrase in session.execute(select(TermSynonym.term_id, TermSynonym.phrase)):
        synonyms.setdefault(term_id, []).append(phrase)
    terms: dict[int, list[Term]] = {}
    active = select(Term).where(Term.status == "active").order_by(Term.position, Term.id)
    for term in session.scalars(active):
        terms.setdefault(term.facet_id, []).append(term)
    facets = session.scalars(select(Facet).order_by(Facet.position, Facet.id))
    return tuple(
        FacetRow(
            facet.key, facet.label, facet.multi,
            tuple(
                TermRow(
                    term.id, facet.key, term.slug, term.label, term.definition,
                    tuple(synonyms.get(term.id, ())),
                )
                for term in terms.get(facet.id, ())
            ),
        )
        for facet in facets
    )  # fmt: skip


def facet_key(text: str, facets: tuple[FacetRow, ...]) -> str | None:
    """The key of the facet meant by a key, an alias or a label, or None."""
    wanted = text.strip().lower().replace("-", "_").replace(" ", "_")
    wanted = FACET_ALIASES.get(wanted, wanted)
    for facet in facets:
        if wanted in (facet.key, norm(facet.label).replace(" ", "_")):
            return facet.key
    return None


def term_in(facet: FacetRow, text: str) -> TermRow | None:
    """The term of a facet meant by its slug, its label or a synonym, or None."""
    wanted = norm(text)
    for term in facet.terms:
        if wanted in (norm(term.slug), norm(term.label)):
            return term
    return next((t for t in facet.terms if wanted in {norm(s) for s in t.synonyms}), None)


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """The vocabulary with look-up by what people type.

    Equal only to itself, so that what is made of one can be kept by it at no cost.
    """

    facets: tuple[FacetRow, ...]

    def facet(self, text: str) -> FacetRow:
        """The facet meant. Raises UserError that lists what there is."""
        key = facet_key(text, self.facets)
        if key is None:
            known = ", ".join(facet.key for facet in self.facets)
            raise UserError(f"There is no facet called {text!r}. Facets are {known}.")
        return next(facet for facet in self.facets if facet.key == key)

    def term(self, facet_text: str, term_text: str) -> TermRow:
        """The term meant. Raises UserError that lists what there is."""
        facet = self.facet(facet_text)
        term = term_in(facet, term_text)
        if term is None:
            known = ", ".join(term.slug for term in facet.terms)
            raise UserError(f"{facet.label} has no term {term_text!r}. Terms are {known}.")
        return term


def load(session: Session) -> Vocabulary:
    """The vocabulary of the library."""
    return Vocabulary(vocabulary(session))
