"""The facts beside the preview say each thing once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.rows import AssetDetail
from tests.ui.fakes import FakeLibrary
from ui.pages.find.facts import fact_values, other_places


def detail(folder: Path, **facts: object) -> AssetDetail:
    """What is known of an asset whose file is Overview.pptx."""
    known = FakeLibrary(folder).asset(1)
    file = "/home/ana/Sales/Decks/Overview.pptx"
    return replace(known, file_path=file, **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("locations", "others"),
    [
        (("Sales/Decks/Overview.pptx",), []),
        (("Sales/Decks/Overview.pptx", "Team/Old.pptx"), ["Team/Old.pptx"]),
        (("Team/Old.pptx", "Sales/Decks/Overview.pptx"), ["Team/Old.pptx"]),
        # A copy of the same name in another folder is another place.
        (("Sales/Decks/Overview.pptx", "Team/Decks/Overview.pptx"), ["Team/Decks/Overview.pptx"]),
    ],
)
def test_the_places_of_copies_leave_out_the_file_itself(
    tmp_path: Path, locations: tuple[str, ...], others: list[str]
) -> None:
    assert other_places(detail(tmp_path, locations=locations)) == others


@pytest.mark.parametrize(
    ("note", "status"),
    [
        ("", "Published"),
        ("Current", "Published"),
        ("Expires in 3 days", "Published – Expires in 3 days"),
    ],
)
def test_the_status_is_the_one_of_the_filters_and_said_once(
    tmp_path: Path, note: str, status: str
) -> None:
    assert fact_values(detail(tmp_path, trust_note=note), "Current")["Status"] == status


def test_what_is_not_to_be_used_is_said_with_its_reason(tmp_path: Path) -> None:
    told = detail(tmp_path, trust="expired", trust_note="Expired on 3 May 2026")
    assert fact_values(told, "Expired")["Status"] == "Expired on 3 May 2026"
    assert fact_values(detail(tmp_path, trust="unofficial"), "Draft")["Status"] == "Draft"
