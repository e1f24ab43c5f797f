"""What one field with its value means: a query node, a condition, or a sentence what is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, cast

from app.finding import dates
from app.finding.conditions import AnyThat, Condition, Idle, In, Missing, OneOf, Tagged, Within
from app.finding.dates import Interval
from app.finding.language.fields import AHEAD, FORMATS, PROBLEM, STATES, FieldForm
from app.finding.language.tokens import Token, values
from app.rows import SHOWN_STATUSES, STATUS_LABELS, TermRow
from app.store.defaults import norm
from app.vocabulary.terms import Vocabulary, term_in
from indexer.search.query import Field, Node, Phrase, Word

NONE = "none"
LANGUAGES = {
    "english": "en", "german": "de", "deutsch": "de", "french": "fr", "spanish": "es",
    "italian": "it", "dutch": "nl", "portuguese": "pt", "danish": "da", "swedish": "sv",
    "norwegian": "no", "finnish": "fi", "polish": "pl", "russian": "ru", "turkish": "tr",
    "arabic": "ar", "hebrew": "he", "persian": "fa", "japanese": "ja", "chinese": "zh",
    "korean": "ko",
}  # fmt: skip
_COUNT = re.compile(r"(>=|<=|>|<|=|)(\d{1,9})")
_COUNTS = re.compile(r"(\d{0,9})(?:\.\.|-)(\d{0,9})")


class Known(Protocol):
    """What the record knows by name, to check what was typed."""

    def owner_ids(self, text: str, *, beginning: bool) -> tuple[int, ...]:
        """The people meant by "me" or by a name."""

    def knows_folder(self, text: str, *, beginning: bool) -> bool:
        """Whether there is a folder of that name."""


@dataclass(frozen=True, slots=True)
class Context:
    """What the text is read against. ``now`` is in UTC ms; ``known`` None accepts any name."""

    vocabulary: Vocabulary
    now: int
    known: Known | None = None


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a piece of the text means; ``kind`` and ``said`` as in ``rows.Part``.

    Exactly one of ``node``, ``condition`` and ``pages`` is set, or none of them for an error.
    ``facet`` repeats a condition as (facet key, slugs) where the facet list can show it.
    """

    kind: str
    said: str
    node: Node | None = None
    condition: Condition | None = None
    pages: Interval | None = None
    facet: tuple[str, tuple[str, ...]] | None = None


def of_field(form: FieldForm, token: Token, context: Context, *, typing: bool) -> Meaning:
    """What ``field:value`` means; ``typing``: the value may be the beginning of one."""
    if not values(token.value):
        return _wrong(form, "expects a value")
    return _READERS[form.kind](form, token.value, context, typing)


def _wrong(form: FieldForm, why: str) -> Meaning:
    return Meaning("error", f"{form.name}: {why}, such as {form.example}.")


def _field(said: str, condition: Condition) -> Meaning:
    return Meaning("field", said, condition=condition)


# ---- words in a part of the document ---------------------------------------------------------


def _text(form: FieldForm, value: str, context: Context, typing: bool) -> Meaning:  # noqa: ARG001, FBT001
    where = cast("Field", form.source)
    place = f"in the {form.said}"
    if value.startswith('"'):
        words = tuple(value.strip('"').split())
        if len(words) > 1:
            return Meaning("field", f"“{' '.join(words)}” {place}", node=Phrase(words, where))
        value, typing = "".join(words), False
    if not any(sign.isalnum() for sign in value):
        return _wrong(form, "expects a word")
    return Meaning("field", f"“{value}” {place}", node=Word(value, prefix=typing, field=where))


# ---- the vocabulary --------------------------------------------------------------------------


def _terms(form: FieldForm, value: str, context: Context, typing: bool) -> Meaning:  # noqa: FBT001
    facet = next(f for f in context.vocabulary.facets if f.key == form.source)
    wanted = values(value)
    if any(norm(text) == NONE for text in wanted):
        if len(wanted) > 1:
            return Meaning("error", f"{form.name}:none stands alone, without other terms.")
        return _field(f"no {form.said} set", Tagged(facet.key, ()))
    found: list[TermRow] = []
    for at, text in enumerate(wanted):
        term = term_in(facet, text)
        terms = [term] if term else []
        if not terms and typing and at == len(wanted) - 1:
            terms = [t for t in facet.terms if _begins(t, norm(text))]
        if not terms:
            known = ", ".join(t.slug for t in facet.terms)
            return Meaning("error", f"{facet.label} has no term “{text}”. Terms are {known}.")
        found += terms
    slugs = tuple(dict.fromkeys(term.slug for term in found))
    labels = " or ".join(dict.fromkeys(term.label for term in found))
    return Meaning(
        "field", f"{form.said} is {labels}", condition=Tagged(facet.key, slugs),
        facet=(facet.key, slugs),
    )  # fmt: skip


def _begins(term: TermRow, start: str) -> bool:
    return any(norm(name).startswith(start) for name in (term.slug, term.label, *term.synonyms))


def _status(form: FieldForm, value: str, context: Context, typing: bool) -> Meaning:  # noqa: ARG001, FBT001
    names = {norm(STATUS_LABELS[status]): status for status in SHOWN_STATUSES}
    slugs: list[str] = []
    for text in values(value):
        known = names.get(norm(text))
        starting = [status for name, status in names.items() if name.startswith(norm(text))]
        if known is None and not (typing and starting):
            return Meaning(
                "error", f"There is no status “{text}”. They are {', '.join(SHOWN_STATUSES)}."
            )
        slugs += [known] if known else starting
    wanted = tuple(dict.fromkeys(slugs))
    said = " or ".join(STATUS_LABELS[status] for status in wanted)
    return Meaning(
        "field", f"status is {said}", condition=Tagged("status", wanted), facet=("status", wanted)
    )


# ---- people, folders, words of the record ----------------------------------------------------


def _owner(form: FieldForm, value: str, context: Context, typing: bool) -> Meaning:  # noqa: FBT001
    ids: list[int] = []
    for text in values(value):
        if norm(text) == NONE:
            return _field("no owner set", Missing("owner"))
        found = context.known.owner_ids(text, beginning=typing) if context.known else ()
        if not found and context.known is not None:
            if norm(text) == "me":
                return Meaning("error", "owner:me needs your name. Say who you are in Settings.")
            return Meaning("error", f"Nobody here is called “{text}”.")
        ids += found
    said = " or ".join("me" if norm(text) == "me" else text for text in values(value))
    any_of = tuple(Within("owner", Interval(key, key)) for key in dict.fromkeys(ids))
    condition = any_of[0] if len(any_of) == 1 else _any(any_of)
    return _field(f"{form.said} is {said}", condition)


def _any(parts: tuple[Condition, ...]) -> Condition:
    return parts[0] if len(parts) == 1 else AnyThat(parts)


def _folder(form: FieldForm, value: str, context: Context, typing: bool) -> Meaning:  # noqa: ARG001, FBT001
    folder = value.strip('"').strip()
    beginning = typing and value.count('"') < 2
    known = context.known
    if known is not None and not known.knows_folder(folder, beginning=beginning):
        return Meaning("error", f"No folder with assets is called “{folder}”.")
    return _field(f"in the folder “{folder.strip('/')}”", In(folder, beginning))


def _choice(form: FieldForm, value: str, context: Context, typing: bool) -> Meaning:  # noqa: ARG001, FBT001
    wanted = [text.lower() for text in values(value)]
    reader = {"format": _format, "language": _language, "state": _state, "has": _has}[form.source]
    return reader(form, wanted)


def _format(form: FieldForm, wanted: list[str]) -> Meaning:  # noqa: ARG001
    kinds = [FORMATS.get(text.lstrip("."), "") for text in wanted]
    if not all(kinds):
        known = ", ".join(dict.fromkeys(FORMATS.values()))
        return Meaning("error", f"format: knows {known}.")
    return _field(
        f"format is {' or '.join(dict.fromkeys(kinds))}", OneOf("format", frozenset(kinds))
    )


def _language(form: FieldForm, wanted: list[str]) -> Meaning:
    if wanted == [NONE]:
        return _field("language not known", OneOf("language", frozenset({""})))
    codes = [LANGUAGES.get(text, text[:2] if re.fullmatch(r"[a-z]{2}(-\w+)?", text) else "")
             for text in wanted]  # fmt: skip
    if not all(codes):
        return _wrong(form, "expects a language")
    return _field(f"language is {' or '.join(codes)}", OneOf("language", frozenset(codes)))


def _state(form: FieldForm, wanted: list[str]) -> Meaning:  # noqa: ARG001
    slugs = [text.replace("-", "_").replace(" ", "_") for text in wanted]
    if slugs == [PROBLEM]:
        states = frozenset(STATES) - {"indexed"}
        return _field("not read in full", OneOf("state", states))
    if not all(slug in STATES for slug in slugs):
        return Meaning("error", f"state: knows {', '.join((PROBLEM, *STATES))}.")
    return _field(" or ".join(STATES[slug] for slug in slugs), OneOf("state", frozenset(slugs)))


def _has(form: FieldForm, wanted: list[str]) -> Meaning:
    if wanted != ["notes"]:
        return _wrong(form, "knows notes")
    return _field("it has notes", OneOf("has", frozenset({"notes"})))


# ---- numbers and dates -----------------------------------------------------------------------


def counted(value: str) -> tuple[Interval, str] | None:
    """The whole numbers meant by ``>10``, ``5..20``, ``0``; and how that is said. None: none."""
    plain = re.sub(r"(?<=\d),(?=\d{3})", "", value.strip('"').replace(" ", ""))
    single = _COUNT.fullmatch(plain)
    if single:
        sign, n = single[1], int(single[2])
        interval = {
            ">": Interval(n + 1, None), ">=": Interval(n, None), "<": Interval(None, n - 1),
            "<=": Interval(None, n),
        }.get(sign, Interval(n, n))  # fmt: skip
        words = {">": "more than ", ">=": "at least ", "<": "less than ", "<=": "at most "}
        return interval, f"{words.get(sign, '')}{n:,}"
    both = _COUNTS.fullmatch(plain)
    if both is None or not (both[1] or both[2]):
        return None
    low, high = (int(side) if side else None for side in both.groups())
    if low is None or high is None:
        return Interval(low, high), f"at least {low:,}" if high is None else f"at most {high:,}"
    low, high = min(low, high), max(low, high)
    return Interval(low, high), f"{low:,} to {high:,}"


def _count(form: FieldForm, value: str, context: Context, typing: bool) -> Meaning:  # noqa: ARG001, FBT001
    found = counted(value)
    if found is None:
        return _wrong(form, "expects a number")
    interval, words = found
    one = words.rpartition(" ")[2] == "1"
    if form.source == "pages":
        said = f"{words} page" if one else f"{words} pages"
    else:
        said = f"used {words} time in 90 days" if one else f"used {words} times in 90 days"
    if form.source == "uses" and interval == Interval(0, 0):
        said = "not used in 90 days"
    return _field(said, Within(form.source, interval))


def _page(form: FieldForm, value: str, context: Context, typing: bool) -> Meaning:  # noqa: ARG001, FBT001
    found = counted(value)
    if found is None:
        return _wrong(form, "expects page numbers")
    return Meaning("field", f"on page {found[1]}", pages=found[0])


def _idle(form: FieldForm, value: str, context: Context, typing: bool) -> Meaning:  # noqa: ARG001, FBT001
    days = dates.length_days(value.strip('"').lstrip(">="))
    if not days:
        return _wrong(form, "expects a length of time")
    return _field(f"not used in {days:,} days", Idle(days))


def _date(form: FieldForm, value: str, context: Context, typing: bool) -> Meaning:  # noqa: ARG001, FBT001
    text = value.replace('"', "").strip()
    word = norm(text)
    if word == NONE:
        return _field(f"{form.said}: no date set", Missing(form.source))
    if form.name == "expires" and word == "expired":
        return _field("expired", Tagged("status", ("expired",)))
    if form.name == "review" and word in ("overdue", "due"):
        return _field("review overdue", Within("review", Interval(None, context.now)))
    span = dates.span(text, context.now, ahead=form.name in AHEAD)
    if span is None:
        return Meaning("error", f"{form.name}: expects a date or a time, such as {dates.EXPECTED}.")
    return _field(f"{form.said} {span.said}", Within(form.source, span.interval))


_READERS: dict[str, Callable[[FieldForm, str, Context, bool], Meaning]] = {
    "text": _text, "terms": _terms, "status": _status, "owner": _owner, "folder": _folder,
    "choice": _choice, "count": _count, "page": _page, "idle": _idle, "date": _date,
}  # fmt: skip
