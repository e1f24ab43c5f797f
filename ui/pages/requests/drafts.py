"""Requests half written, kept so that neither a crash nor a closed window loses them."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

from app.rows import NewRequest

if TYPE_CHECKING:
    from ui.state import State

KEY = "request_draft"


def is_empty(new: NewRequest) -> bool:
    """Whether nothing was written that would be a loss."""
    return not any((new.need.strip(), new.details.strip(), new.account.strip(), new.deal.strip()))


def keep(state: State, new: NewRequest) -> None:
    """Keep a draft; an empty one is not kept and replaces nothing."""
    if not is_empty(new):
        state.set(KEY, asdict(new))


def forget(state: State) -> None:
    """The draft was filed or thrown away."""
    state.set(KEY, {})


def kept(state: State) -> NewRequest | None:
    """The draft kept, or None; one that this version cannot read counts as none."""
    given: dict[str, Any] = state.get(KEY, {})
    known = {one.name for one in fields(NewRequest)}
    if not given or not set(given) <= known:
        return None
    due = given.get("needed_by")
    texts = {name: str(given.get(name) or "") for name in known - {"needed_by"}}
    new = NewRequest(**texts, needed_by=due if isinstance(due, int) else None)
    return None if is_empty(new) else new
