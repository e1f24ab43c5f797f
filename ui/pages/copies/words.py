"""The words of the copies page: what is said of copies, versions and files on the radar."""

from __future__ import annotations

from app.rows import STATUS_LABELS, TRUST_LABELS
from app.rows_copies import CopyPair, CopySide, NumberChange, PageChange
from ui.models.words import TRUST_TOKENS, plural
from ui.pages.library_models import BadgeLook
from ui.words import day

TRUST_ICONS = {
    "current": "badge-check", "overdue": "clock", "expired": "circle-x", "superseded": "layers",
}  # fmt: skip
CHANGE_LABELS = {
    "changed": "Changed", "added": "Only on the right", "removed": "Only on the left",
    "moved": "Stands elsewhere",
}  # fmt: skip
CHANGE_ICONS = {
    "changed": "pencil", "added": "arrow-right", "removed": "arrow-left",
    "moved": "arrow-up-down",
}  # fmt: skip
RADAR_BADGES = {
    "outdated": BadgeLook("Outdated", "bad", "history"),
    "modified": BadgeLook("Modified", "warn", "pencil"),
    "current": BadgeLook("Current", "ok", "badge-check"),
    "unknown": BadgeLook("Unknown", "neutral", "circle-help"),
    "unread": BadgeLook("Not read", "neutral", "circle-alert"),
}
MERGE = (
    "“{other}” becomes part of “{keep}”: its places, tags and use count there, and its content "
    "is kept as a version. No file is changed, moved or deleted, and you can undo it."
)
CHAIN = (
    "“{older}” is marked as superseded by “{newer}”. Whoever finds the older one is led to the "
    "newer. No file is changed, and you can undo it."
)
RADAR_OFF = (
    "Choose a folder where copies gather, such as Downloads or Desktop. Deckhand looks through it "
    "and tells which files are current, outdated or changed by hand. It only reads: nothing "
    "there is written, nothing enters the search, and nobody else sees it."
)
EXACT_HELP = (
    "The search shows it once. Nothing has to be done; places that nobody needs can be deleted "
    "in the file manager."
)
_TOLD = 3


def trust_look(side: CopySide) -> BadgeLook:
    """The badge of a side: for material not published, the status says more."""
    if side.missing:
        return BadgeLook("File missing", "bad", "circle-alert")
    text = TRUST_LABELS.get(side.trust, "")
    if side.trust == "unofficial":
        text = STATUS_LABELS.get(side.status, text)
    kind = TRUST_TOKENS.get(side.trust, "neutral")
    return BadgeLook(text, kind, TRUST_ICONS.get(side.trust, ""))


def alike(pair: CopyPair) -> str:
    """How alike the two are: "87 % alike"; "" when only their names are."""
    if not pair.score:
        return ""
    return f"{int(pair.score * 100)}\N{NO-BREAK SPACE}% alike"


def modified(pair: CopyPair, side: CopySide) -> str:
    """When a side was modified and whether it is the newer: "14 Sep 2026, newer"."""
    if not side.modified_at:
        return ""
    newest = {"copy": pair.copy, "original": pair.original}.get(pair.newer)
    return day(side.modified_at) + (", newer" if newest is side else "")


def side_facts(side: CopySide) -> str:
    """Length, owner, tags and places of a side in one line."""
    parts = [plural(side.page_count, _noun(side)) if side.page_count else ""]
    parts.append(f"owner {side.owner}" if side.owner else "no owner")
    parts.append(plural(side.tags, "tag") if side.tags else "")
    parts.append(plural(side.places, "place") if side.places > 1 else "")
    return " · ".join(part for part in parts if part)


def _noun(side: CopySide) -> str:
    from ui.models.words import PAGE_NOUNS

    return PAGE_NOUNS.get(side.kind, "page")


def numbers_here(numbers: tuple[NumberChange, ...], *, became: bool) -> str:
    """ "$49 became $59", or "$49 on the left, $59 on the right" where the right is not newer."""
    form = "{} became {}" if became else "{} on the left, {} on the right"
    told = [form.format(one.old, one.new) for one in numbers[:_TOLD]]
    more = len(numbers) - len(told)
    return "; ".join(told) + (f" and {more} more" if more else "")


def page_name(change: PageChange) -> str:
    """Which page: its label with a capital, both labels when they differ."""
    left, right = change.old_label, change.new_label
    name = left or right
    if left and right and left != right:
        name = f"{left}, {right} on the right"
    return name[:1].upper() + name[1:]


def change_text(change: PageChange, *, became: bool) -> str:
    """What is different on that page, in a few words."""
    if change.kind == "changed" and change.numbers:
        return numbers_here(change.numbers, became=became)
    if change.kind == "changed" and change.notes_only:
        return "Only its notes differ"
    if change.kind == "changed":
        return "The words differ"
    return CHANGE_LABELS[change.kind]
