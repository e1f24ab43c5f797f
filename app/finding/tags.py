"""The accepted tags of assets as rows, merged terms shown as the term they were merged into."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from app.rows import TagRow
from app.store.prepared import Prepared
from app.store.tables import AssetTag, Facet, Person, Term

_HELD = aliased(Term)
_TAGS = Prepared(
    lambda marks: (
        select(AssetTag.asset_id, Facet.key, Term.slug, Term.label, Person.name, AssetTag.at)
        .join(_HELD, _HELD.id == AssetTag.term_id)
        .join(Term, Term.id == func.coalesce(_HELD.canonical_id, _HELD.id))
        .join(Facet, Facet.id == Term.facet_id)
        .outerjoin(Person, Person.id == AssetTag.by_id)
        .where(AssetTag.asset_id.in_(marks), AssetTag.state == "accepted")
        .order_by(Facet.position, Term.position)
    )
)


def tags_of(session: Session, asset_ids: Sequence[int]) -> dict[int, tuple[TagRow, ...]]:
    """Tags by asset, in the order of the facets and terms."""
    tags: dict[int, dict[tuple[str, str], TagRow]] = {}
    for asset, facet, slug, label, by, at in _TAGS.rows(session, asset_ids):
        tags.setdefault(asset, {})[facet, slug] = TagRow(facet, slug, label, by or "", at)
    return {asset: tuple(found.values()) for asset, found in tags.items()}
