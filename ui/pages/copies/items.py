"""Copies made ready to be listed, filtered and spoken, away from the window's thread."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.rows_copies import COPY_KIND_LABELS, CopyDecision, CopyPair, ExactCopies
from ui.pages.copies import words
from ui.pages.library_models import BadgeLook
from ui.words import day

if TYPE_CHECKING:
    from app.library import Library

ALL, EXACT, DECIDED = "all", "exact", "decided"
KINDS = ("near", "moved", "names", EXACT, DECIDED)
KIND_LABELS = {
    **COPY_KIND_LABELS, ALL: "To decide", "near": "Near copies", EXACT: "In several places",
    DECIDED: "Decided",
}  # fmt: skip
KIND_HELP = {
    ALL: "Near copies, moved and edited files, pairs told by their names",
    "near": "Two assets that say nearly the same",
    "moved": "A file is gone, and a new one says nearly the same",
    "names": "One name with other content, or names that differ in the version only",
    EXACT: "One content in several places",
    DECIDED: "What was merged, chained or said to be no copy; it can be taken back",
}
CAPTIONS = {
    **COPY_KIND_LABELS, EXACT: "Exact copies", "merge": "Merged", "chain": "Chained as versions",
    "not_a_copy": "Not a copy", "accept_move": "Moved and edited",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CopyItem:
    """One line of the list. Exactly one of ``pair``, ``exact`` and ``decision`` is there.

    ``caption`` says what it is, ``title`` and ``other`` name the assets, ``looks`` are their
    badges (None where there is none).
    """

    kind: str
    caption: str
    title: str
    other: str
    looks: tuple[BadgeLook | None, BadgeLook | None]
    sentence: str
    spoken: str
    haystack: str
    pair: CopyPair | None = None
    exact: ExactCopies | None = None
    decision: CopyDecision | None = None

    @property
    def key(self) -> tuple[object, ...]:
        """What stays the same when the list is read again."""
        if self.pair is not None:
            return (self.pair.copy.asset_id, self.pair.original.asset_id)
        if self.exact is not None:
            return (EXACT, self.exact.asset_id)
        assert self.decision is not None
        return (self.decision.what, self.decision.first, self.decision.second)


@dataclass(frozen=True, slots=True)
class Found:
    """Everything that the list may show; ``roots`` are (name, absolute path)."""

    items: tuple[CopyItem, ...]
    roots: tuple[tuple[str, str], ...]

    def absolute(self, place: str) -> str:
        """The absolute path of a "root/relpath", or "" when that root is not here."""
        root, _, inside = place.partition("/")
        base = dict(self.roots).get(root, "")
        return str(Path(base, inside)) if base else ""


def read_found(library: Library) -> Found:
    """Read and prepare everything. Blocks."""
    items = [pair_item(pair) for pair in library.copies()]
    items += [exact_item(exact) for exact in library.exact_copies()]
    items += [decision_item(each) for each in library.copy_decisions()]
    return Found(tuple(items), tuple((root.name, root.path) for root in library.roots()))


def pair_item(pair: CopyPair) -> CopyItem:
    """A pair, ready."""
    looks = words.trust_look(pair.copy), words.trust_look(pair.original)
    caption = " · ".join(x for x in (CAPTIONS[pair.kind], words.alike(pair)) if x)
    dates = (words.modified(pair, pair.copy), words.modified(pair, pair.original))
    spoken = (
        f"{caption}: {pair.copy.title}, {looks[0].text}, {dates[0]}; {pair.original.title}, "
        f"{looks[1].text}, {dates[1]}. {pair.sentence}"
    )
    both = (pair.copy, pair.original)
    text = " ".join(x for side in both for x in (side.title, side.path, side.owner))
    return CopyItem(
        pair.kind, caption, pair.copy.title, pair.original.title, looks, pair.sentence, spoken,
        f"{text} {pair.sentence}".casefold(), pair=pair,
    )  # fmt: skip


def exact_item(exact: ExactCopies) -> CopyItem:
    """An asset in several places, ready."""
    drift = BadgeLook("Differs by place", "warn", "triangle-alert") if exact.drifted else None
    caption, places = CAPTIONS[EXACT], ", ".join(exact.paths)
    return CopyItem(
        EXACT, caption, exact.title, places, (drift, None), exact.sentence,
        f"{caption}: {exact.title}. {exact.sentence} {places}",
        f"{exact.title} {places}".casefold(), exact=exact,
    )  # fmt: skip


def decision_item(decision: CopyDecision) -> CopyItem:
    """A decision, ready."""
    caption = f"{CAPTIONS[decision.what]} · {decision.by}, {day(decision.at)}"
    text = f"{decision.second_title} {decision.first_title} {decision.by}"
    return CopyItem(
        DECIDED, caption, decision.second_title, decision.first_title, (None, None),
        decision.sentence, f"{caption}. {decision.sentence}", text.casefold(), decision=decision,
    )  # fmt: skip


def counts(items: Sequence[CopyItem]) -> dict[str, int]:
    """How many there are of each of KINDS, and under ALL what still wants a decision."""
    found = Counter(item.kind for item in items)
    open_ones = sum(item.pair is not None for item in items)
    return {ALL: open_ones, **{kind: found[kind] for kind in KINDS}}


def chosen(items: Sequence[CopyItem], kind: str, text: str) -> list[CopyItem]:
    """The items of a kind (ALL: those to decide) in which every word of ``text`` occurs."""
    needles = text.casefold().split()
    return [
        item
        for item in items
        if (item.kind == kind or (kind == ALL and item.pair is not None))
        and all(needle in item.haystack for needle in needles)
    ]
