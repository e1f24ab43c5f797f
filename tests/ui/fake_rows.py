"""The made-up rows that a fake library answers with."""

from __future__ import annotations

import hashlib

from app.clock import DAY_MS
from app.rows import (
    FacetRow,
    Hit,
    PageRow,
    ProblemRow,
    RequestNote,
    RequestRow,
    RootRow,
    SearchGapRow,
    TagRow,
    TermRow,
    UnusedRow,
    UseRow,
)

NOW = 1_795_302_000_000
"""21 November 2026, 23:00 UTC."""
TITLES = (
    ("Enterprise pitch deck – Financial services", "pptx", "Deck"),
    ("Zero-trust security one-pager", "pdf", "One-pager"),
    ("Northwind Bank: onboarding cut from 9 days to 36 hours", "pdf", "Case study"),
    ("Battlecard: us vs. Contoso Platform", "pptx", "Battlecard"),
    ("ROI calculator for healthcare payers", "xlsx", "ROI calculator"),
    ("Executive briefing: data residency in the EU", "pptx", "Deck"),
    ("Security & compliance whitepaper: SOC 2, ISO 27001", "pdf", "Whitepaper"),
    ("Pricing and packaging guide – EMEA", "docx", "Pricing"),
    ("Discovery call script: manufacturing", "docx", "Call script"),
    ("Fabrikam Retail: 3x pipeline in two quarters", "pptx", "Case study"),
    ("Implementation timeline and staffing plan", "pptx", "Deck"),
    ("<b>Handle</b> objections & \"too expensive\"", "txt", "Talk track"),
)  # fmt: skip
SNIPPETS = (
    "a zero trust rollout needs no re-platforming: customers keep their identity provider",
    "independent auditors confirmed SOC 2 Type II with no exceptions; the security annex lists",
    "objection: “your trust model is unproven.” Answer with the Northwind reference, then",
    "the calculator assumes 1,200 claims a day and a security incident cost of $4.2M",
)
TRUSTS = ("current", "current", "overdue", "unofficial", "current", "superseded", "expired")
FACETS: tuple[FacetRow, ...] = tuple(
    FacetRow(
        key,
        label,
        key != "content_type",
        tuple(
            TermRow(100 * place + number, key, word.lower().replace(" ", "_"), word, "", ())
            for number, word in enumerate(words)
        ),
    )
    for place, (key, label, words) in enumerate(
        (
            ("persona", "Persona", ("Finance", "IT", "Security", "Operations")),
            ("stage", "Stage", ("Discovery", "Evaluation", "Negotiation")),
            (
                "content_type",
                "Content type",
                tuple(dict.fromkeys(kind for _, _, kind in TITLES)),
            ),
        )
    )
)


def tags_of(number: int) -> tuple[TagRow, ...]:
    """Two or three tags for asset ``number``."""
    chosen = [facet.terms[number % len(facet.terms)] for facet in FACETS[:2]]
    if number % 3 == 0:
        chosen.append(FACETS[0].terms[(number + 1) % len(FACETS[0].terms)])
    return tuple(TagRow(t.facet, t.slug, t.label, "Priya Raman", NOW - DAY_MS) for t in chosen)


def _marked(text: str, word: str) -> tuple[tuple[int, int], ...]:
    at = text.lower().find(word)
    return ((at, at + len(word)),) if at >= 0 else ()


def hit(number: int) -> Hit:
    """Asset ``number`` (1, 2, …) as found."""
    title, kind, content_type = TITLES[(number - 1) % len(TITLES)]
    if number > len(TITLES):
        title = f"{title} ({number})"
    snippet = SNIPPETS[number % len(SNIPPETS)]
    status, trust = "published", TRUSTS[number % len(TRUSTS)]
    pages = 1 + number * 7 % 38
    page = 0 if kind == "txt" else 1 + number % pages
    label = "" if not page else f"{'slide' if kind == 'pptx' else 'page'} {page}"
    notes = {"overdue": "Review overdue by 12 days", "superseded": "Superseded by a newer version"}
    return Hit(
        asset_id=number, title=title, title_marks=_marked(title, "zero"), kind=kind,
        content_type=content_type, page=page, page_label=label, page_count=pages,
        more_pages=number % 4, snippet=snippet, marks=_marked(snippet, "trust"),
        why=(label or "title", f"used by {number % 9 + 1} reps"), score=10.0 / number,
        status="draft" if trust == "unofficial" else status, trust=trust,
        trust_note=notes.get(trust, ""), uses=number * 37 % 412, users=number % 9 + 1,
        tags=tags_of(number), path=f"Decks/{title}.{kind}",
        file_path=f"/collateral/Decks/{title}.{kind}",
        sha=hashlib.sha256(str(number).encode()).hexdigest(), state="ready",
        modified_at=NOW - number * DAY_MS,
    )  # fmt: skip


def found_pages(one: Hit) -> tuple[int, ...]:
    """The pages of an asset that match: the hit's own and the first others."""
    others = [number for number in range(1, one.page_count + 1) if number != one.page]
    return tuple(sorted((one.page, *others[: one.more_pages]))) if one.page else ()


def page_rows(one: Hit) -> tuple[PageRow, ...]:
    """The pages of an asset, at most ten."""
    return tuple(
        PageRow(
            number,
            f"slide {number}" if one.kind == "pptx" else f"page {number}",
            f"Heading {number}",
            one.snippet,
            "Say this slowly" if number == 2 else "",
            number == 4,
        )
        for number in range(1, min(one.page_count, 10) + 1)
    )


def roots() -> tuple[RootRow, ...]:
    """Four folders in the states that the library page tells apart."""
    return (
        RootRow(1, "Collateral", "/srv/collateral", "online", "", 812, 3, NOW - 600_000),
        RootRow(2, "Archive", "/mnt/share/archive", "offline",
                "The folder cannot be reached: the network share is not mounted.", 190, 0,
                NOW - 9 * DAY_MS),
        RootRow(3, "Field", "/home/priya/Field decks", "never_indexed", "", 0, 0, None),
    )  # fmt: skip


def problems() -> tuple[ProblemRow, ...]:
    """Files that are not fully searchable, each for another reason."""
    given = (
        ("Old price list", "prices/2019.xls", "unsupported",
         "Files of this old kind cannot be read. Save it as .xlsx."),
        ("Board deck (confidential)", "board/deck.pdf", "locked",
         "The file asks for a password. Remove it, then it will be read by itself."),
        ("Scan of signed NDA", "legal/nda.pdf", "no_text",
         "The pages are pictures without text. Only the title can be found."),
        ("Broken pitch", "pitch/broken.pptx", "damaged",
         "The file ends in the middle. Copy it here again from where it came."),
    )  # fmt: skip
    return tuple(
        ProblemRow(50 + number, "Collateral", path, title, state, reason)
        for number, (title, path, state, reason) in enumerate(given)
    )


def unused_rows() -> tuple[UnusedRow, ...]:
    """Rows of the unused report, one per verdict and reason."""
    kinds = (
        ("unused", "never_shown", 0, 0), ("unused", "shown_not_opened", 14, 0),
        ("no_use_yet", "opened_not_sent", 9, 3), ("gone_quiet", "", 4, 2), ("too_new", "", 1, 0),
    )  # fmt: skip
    rows = []
    for number, (verdict, why, shown, opens) in enumerate(kinds, start=1):
        one = hit(number)
        rows.append(
            UnusedRow(
                number, one.title, one.path, verdict, why, NOW - (number + 3) * 40 * DAY_MS,
                NOW - 200 * DAY_MS if verdict == "gone_quiet" else None, shown, opens, 0,
                one.content_type, "Priya Raman" if number % 2 else "", None,
            )
        )  # fmt: skip
    return tuple(rows)


def use_rows() -> tuple[UseRow, ...]:
    """Rows of the use report, most used first."""
    return tuple(
        UseRow(
            number, hit(number).title, hit(number).path, hit(number).content_type,
            80 - number * 6, 20 - number, 10, 30 - number, 140 - number * 8, 9, 300, NOW - DAY_MS,
        )
        for number in range(1, 12)
    )  # fmt: skip


def gaps() -> tuple[SearchGapRow, ...]:
    """Searches that found nothing."""
    return (
        SearchGapRow("soc 2 bridge letter", "SOC 2 bridge letter", 9, 5, NOW - DAY_MS, False),
        SearchGapRow("hipaa faq", "HIPAA FAQ", 4, 3, NOW - 3 * DAY_MS, False),
        SearchGapRow("deck kubernetes", "deck kubernetes", 2, 1, NOW - 5 * DAY_MS, True),
    )


def requests() -> tuple[RequestRow, ...]:
    """Three requests in different states."""
    given = (
        (1, "A one-page answer to “where is our data stored?”", "submitted", 5),
        (2, "Case study from a hospital with more than 500 beds", "in_progress", 3),
        (3, "Price list in Swiss francs", "delivered", 1),
    )
    return tuple(
        RequestRow(
            id=number, need=need, details="Asked in each second call.", status=status,
            by="Kofi Mensah", created_at=NOW - number * 4 * DAY_MS, needed_by=NOW + 9 * DAY_MS,
            assignee="" if status == "submitted" else "Priya Raman", account="Northwind",
            deal="Northwind renewal", amount_minor=12_000_000, currency="USD",
            wants=tags_of(number), search="data residency", votes=votes,
            fulfilled_by=6 if status == "delivered" else None,
            fulfilled_by_title=TITLES[5][0] if status == "delivered" else "", duplicate_of=None,
            history=(RequestNote(NOW - 4 * DAY_MS, "submitted", "Kofi Mensah", ""),),
        )
        for number, need, status, votes in given
    )  # fmt: skip
