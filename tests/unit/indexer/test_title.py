"""What a document is called."""

import pytest

from indexer.extract.title import choose_title, clean_name, is_meaningful


@pytest.mark.parametrize(
    "title",
    [
        "PowerPoint Presentation",
        "PowerPoint-Präsentation",
        "untitled",
        "Presentation1",
        "Slide 1",
        "Microsoft Word - price list.doc",
        "Microsoft PowerPoint - Q3",
        "budget.xlsx",
        "deck_v2.indd",
        "Click to edit Master title style",
        "Event name or presentation title",
        "<Speech title here>",
        "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
        "C:\\temp\\a",
        "https://example.com/a",
        "12/03/2024",
        "a",
        "",
        "….",
        "Pri\ufffdes",
        "Layout 1",
        "Agenda",
        "Table of contents",
        "x" * 200,
    ],
)
def test_titles_that_tell_nothing(title: str) -> None:
    assert not is_meaningful(title)


@pytest.mark.parametrize(
    "title",
    [
        "Harbour platform",
        "Q3 2024 Pricing",
        "SAP",
        "料金表",
        "Что нового",
        "Product title guide for EMEA",
        "Word for legal teams",
        "Agenda 2030 for ports",
        "Event naming policy",
    ],
)
def test_titles_that_tell_something(title: str) -> None:
    assert is_meaningful(title)


def test_property_first_then_headings_then_name() -> None:
    assert choose_title("Harbour platform", ["Prices"], "a.pptx") == "Harbour platform"
    assert choose_title("Presentation1", ["", "Prices:"], "a.pptx") == "Prices"
    assert choose_title(None, ["Agenda"], "Port_prices-2024 (1).pptx") == "Port prices-2024"


def test_title_of_the_template_does_not_name_the_deck() -> None:
    assert choose_title("Harbour Ltd Template 2019", ["Prices"], "prices.pptx") == "Prices"
    assert choose_title("Harbour Template", ["Prices"], "our template.potx") == "Harbour Template"


def test_title_left_over_from_another_deck_does_not_name_this_one() -> None:
    text = "Crane automation saves time"
    assert choose_title("Global Summit 2019", ["Cranes"], "cranes.pptx", text) == "Cranes"
    assert choose_title("Automation", ["Cranes"], "cranes.pptx", text) == "Automation"
    assert choose_title("Summit", ["Cranes"], "summit deck.pptx", text) == "Summit"


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("Q3_pricing-sheet%20EMEA (1).pdf.pdf", "Q3 pricing-sheet EMEA"),
        ("harbour-platform-overview.md", "harbour platform overview"),
        ("ASP.NET Core.pptx", "ASP.NET Core"),
        ("v1.2 notes.txt", "v1.2 notes"),
        ("deck - Copy.pptx", "deck"),
        ("100%25%2Fetc.pdf", "100%25%2Fetc"),
        (".pdf", ".pdf"),
        ("plan.", "plan."),
        ("café\u0301.docx", "café\u0301"),
        ("(1).pdf", "(1)"),
        ("new\nline.pdf", "new line"),
    ],
)
def test_names_as_words(name: str, title: str) -> None:
    assert clean_name(name) == title
