"""How what was typed was read, as chips and as colours: functions over ``FindResult.parts``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from ui.pages.find.chips import Chip

if TYPE_CHECKING:
    from app.rows import FindResult, Part

BEGUN = ':,<>="'
"""A condition that ends so is still being typed, which is no mistake yet."""
_NAMES = {"unknown": "No such field", "error": "Left out"}


class Span(NamedTuple):
    """A piece of the field's text to be coloured: ``kind`` is field, unknown or error; ``said`` as
    in ``Part``.
    """

    start: int
    end: int
    kind: str
    said: str = ""


def places(raw: str) -> list[int]:
    """Where each character of the searched text, in which spaces are joined, stands in the field.

    One place more than there are characters: the last is where the text ends.
    """
    found: list[int] = []
    for at, sign in enumerate(raw):
        if not sign.isspace():
            if found and raw[at - 1].isspace():
                found.append(at - 1)
            found.append(at)
    return [*found, found[-1] + 1 if found else 0]


def unfinished(result: FindResult, part: Part) -> bool:
    """Whether a piece makes no sense only because it is still being typed."""
    text = result.spec.text
    return (
        part.kind == "error" and not result.spec.exact and part.end == len(text)
        and text[-1] in BEGUN
    )  # fmt: skip


def spans(result: FindResult, raw: str) -> tuple[Span, ...]:
    """The pieces to colour in a field that holds ``raw``; none when it says something else now."""
    if " ".join(raw.split()) != result.spec.text:
        return ()
    place = places(raw)
    return tuple(
        Span(place[part.start], place[part.end - 1] + 1, _colour(part), part.said)
        for part in result.parts
        if _colour(part) and not unfinished(result, part) and part.end < len(place)
    )


def _colour(part: Part) -> str:
    if part.kind in ("field", "unknown", "error"):
        return part.kind
    return "field" if part.kind == "not" and not part.said.startswith("without ") else ""


def shifted(spans: Sequence[Span], before: str, after: str) -> tuple[Span, ...]:
    """The pieces that a change of the text has left whole, where they stand now."""
    same = 0
    for one, other in zip(before, after, strict=False):
        if one != other:
            break
        same += 1
    rest = 0
    for one, other in zip(reversed(before[same:]), reversed(after[same:]), strict=False):
        if one != other:
            break
        rest += 1
    by = len(after) - len(before)
    kept = [span for span in spans if span.end <= same]
    kept += [
        span._replace(start=span.start + by, end=span.end + by)
        for span in spans
        if span.start >= len(before) - rest and span.end > same
    ]
    return tuple(kept)


def problems(result: FindResult) -> tuple[str, ...]:
    """The sentences about pieces that were left out or are no field."""
    return tuple(
        part.said for part in result.parts
        if part.kind in ("error", "unknown") and not unfinished(result, part)
    )  # fmt: skip


def chips(result: FindResult) -> tuple[Chip, ...]:
    """A chip for each piece; a lone word needs none, for the field says it already."""
    parts = result.parts
    if len(parts) == 1 and parts[0].kind == "words":
        return ()
    return tuple(_chip(result, part, n) for n, part in enumerate(parts))


def _chip(result: FindResult, part: Part, place: int) -> Chip:
    begun = unfinished(result, part)
    kind = "field" if begun else part.kind
    said = part.said
    if kind == "unknown":
        said = f"{part.text}: no such field"
    elif begun or _is_beginning(result, part):
        said = f"{part.text}…"
    if place and _joined_by_or(result, place):
        said = f"or {said}"
    tone = "plain" if kind in ("words", "phrase") else kind
    spoken = f"{_NAMES[kind]}: {part.said}" if kind in _NAMES else said.removesuffix("…")
    tip = part.said if kind in _NAMES else said
    if kind == "words" and _is_beginning(result, part):
        tip = f"Words that begin with {part.text}. Enter takes it as it is."
    elif begun:
        tip = part.said
    return Chip(part, said, tone, f"{spoken}. Take this out", tip, whole=False)


def _is_beginning(result: FindResult, part: Part) -> bool:
    """Whether this word is taken as the beginning of words, for it is still being typed."""
    return (
        part.kind in ("words", "unknown") and not result.spec.exact
        and part.end == len(result.spec.text) and "*" not in part.text
    )  # fmt: skip


def _joined_by_or(result: FindResult, place: int) -> bool:
    before, part = result.parts[place - 1], result.parts[place]
    return "OR" in result.spec.text[before.end : part.start].replace("(", " ").split()


def sentence(result: FindResult) -> str:
    """How the text was read, where chips cannot tell: with brackets."""
    outside = result.spec.text
    for part in reversed(result.parts):
        outside = outside[: part.start] + outside[part.end :]
    return f"Searched for {result.understood}" if "(" in outside and result.understood else ""
