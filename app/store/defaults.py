"""The default vocabulary of ``resources/vocabulary.toml``, loaded into a new library."""

from __future__ import annotations

import tomllib
import unicodedata
from importlib.resources import files
from typing import Any

from sqlalchemy.orm import Session

from app.store.tables import Facet, Term, TermSynonym


def norm(phrase: str) -> str:
    """A phrase as it is compared: NFKC, case folded, single spaces, hyphens as spaces."""
    folded = unicodedata.normalize("NFKC", phrase).casefold().replace("-", " ").replace("_", " ")
    return " ".join(folded.split())


def read_defaults() -> list[dict[str, Any]]:
    """The facets of the packaged vocabulary: key, label, terms (slug, label, synonyms, ...)."""
    text = (files("resources") / "vocabulary.toml").read_text("utf-8")
    facets: list[dict[str, Any]] = tomllib.loads(text)["facet"]
    return facets


def load_defaults(session: Session) -> None:
    """Enter the default facets, terms and synonyms."""
    for position, given in enumerate(read_defaults()):
        facet = Facet(
            key=given["key"], label=given["label"], multi=given.get("multi", True),
            position=position,
        )  # fmt: skip
        session.add(facet)
        session.flush()
        for place, term in enumerate(given["term"]):
            _load_term(session, facet.id, place, term)


def _load_term(session: Session, facet_id: int, position: int, given: dict[str, Any]) -> None:
    term = Term(
        facet_id=facet_id, slug=given["slug"], label=given["label"], position=position,
        definition=given.get("definition", ""), exempt=given.get("exempt", False),
        review_days=given.get("review"),
    )  # fmt: skip
    session.add(term)
    session.flush()
    for phrase in given.get("synonyms", ()):
        session.add(
            TermSynonym(facet_id=facet_id, term_id=term.id, phrase=phrase, norm=norm(phrase))
        )
