"""The sample files are real, look after their dates, and tell what the manifest says."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pymupdf
import pytest
from docx import Document
from lxml import etree
from PIL import Image
from pptx import Presentation

from app.sample.build import build_collateral, settle, write_piece
from app.sample.catalogue import REVIEW_DAYS, read_pieces
from app.sample.model import NOTICE, STORIES, SampleAsset, SampleManifest

NOW = datetime(2031, 3, 14, 15, 30, tzinfo=UTC)
TERMS = {
    "content_type": set(REVIEW_DAYS),
    "stage": {
        "identify",
        "explore",
        "evaluate",
        "select",
        "validate",
        "commit",
        "adopt",
        "grow",
        "any",
    },
    "persona": {
        "ceo_gm",
        "finance",
        "it",
        "security",
        "operations",
        "sales",
        "marketing",
        "hr",
        "engineering_product",
        "customer_service",
        "procurement",
        "legal",
        "line_of_business",
    },
    "buying_role": {
        "economic_buyer",
        "decision_maker",
        "champion",
        "technical_evaluator",
        "end_user",
        "procurement",
        "legal_security",
        "executive_sponsor",
        "influencer",
        "partner",
        "any",
    },
    "value_proposition": {
        "grow_revenue",
        "cut_cost",
        "save_time",
        "reduce_risk",
        "ease_of_use",
        "time_to_value",
        "scale_reliability",
        "compliance",
    },
    "audience": {"external", "external_under_nda", "partner", "internal_only"},
}


def text_of(path: Path) -> str:
    """The text of a file, read with a library other than the one that wrote it where there is
    one."""
    if path.suffix == ".pdf":
        with pymupdf.open(path) as document:
            return "\n".join(page.get_text() for page in document)
    if path.suffix == ".md":
        return path.read_text(encoding="utf-8")
    if path.suffix == ".docx":
        document = Document(str(path))
        return "\n".join(t for t in document.element.body.itertext() if t.strip()) + "\n".join(
            p.text for p in document.sections[0].footer.paragraphs
        )
    with zipfile.ZipFile(path) as package:
        names = [name for name in package.namelist() if name.endswith(".xml")]
        trees = [etree.fromstring(package.read(name)) for name in names]
    return "\n".join("".join(tree.itertext()) for tree in trees)


def named(sample: SampleManifest, key: str) -> SampleAsset:
    return next(asset for asset in sample.assets if asset.key == key)


def test_some_sixty_files_in_five_formats(sample: SampleManifest) -> None:
    formats = Counter(asset.format for asset in sample.assets)
    assert set(formats) == {"pdf", "pptx", "docx", "xlsx", "md"}
    assert 55 <= len(sample.assets) <= 70
    assert min(formats.values()) >= 5
    on_disk = {p.relative_to(sample.folder).as_posix() for p in sample.folder.rglob("*.*")
               if p.is_file()}  # fmt: skip
    assert on_disk == {asset.relpath for asset in sample.assets}


def test_each_file_opens_and_says_that_it_is_a_sample(sample: SampleManifest) -> None:
    for asset in sample.assets:
        text = " ".join(text_of(sample.folder / asset.relpath).split())
        assert NOTICE in text, asset.relpath
        assert not re.search(r"\{[a-z]+_[a-z]+\}|!notes|!page|\*\*|\+\+\+", text) or (
            asset.format == "md"
        ), asset.relpath


def test_page_counts_are_those_of_other_readers(sample: SampleManifest) -> None:
    for asset in sample.assets:
        path = sample.folder / asset.relpath
        if asset.format == "pdf":
            with pymupdf.open(path) as document:
                assert document.page_count == asset.pages
                assert all(page.get_text().strip() for page in document)
        if asset.format == "pptx":
            assert len(Presentation(str(path)).slides) == asset.pages
        if asset.format == "xlsx":
            with zipfile.ZipFile(path) as package:
                sheets = [n for n in package.namelist() if n.startswith("xl/worksheets/sheet")]
            assert len(sheets) == asset.pages


def test_decks_have_titles_notes_charts_tables_and_their_own_thumbnail(
    sample: SampleManifest,
) -> None:
    deck = Presentation(str(sample.folder / named(sample, "overview-v4").relpath))
    slides = list(deck.slides)
    assert (deck.slide_width, deck.slide_height) == (960 * 12700, 540 * 12700)
    assert all(slide.shapes.title.text for slide in slides)
    assert any(shape.has_chart for slide in slides for shape in slide.shapes)
    assert any(shape.has_table for slide in slides for shape in slide.shapes)
    assert "up to 80" in slides[2].notes_slide.notes_text_frame.text
    covers = set()
    for asset in sample.assets:
        if asset.format == "pptx" and asset.copy_of is None:
            with zipfile.ZipFile(sample.folder / asset.relpath) as package:
                picture = package.read("docProps/thumbnail.jpeg")
            covers.add(picture)
    decks = [a for a in sample.assets if a.format == "pptx" and a.copy_of is None]
    assert len(covers) == len(decks)
    for picture in covers:
        with Image.open(io.BytesIO(picture)) as cover:
            assert cover.size == (512, 288)


def test_workbook_formulas_carry_their_values(sample: SampleManifest) -> None:
    with zipfile.ZipFile(sample.folder / named(sample, "roi-calculator").relpath) as package:
        sheet = etree.fromstring(package.read("xl/worksheets/sheet2.xml"))
        book = package.read("xl/workbook.xml").decode()
    space = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    cells = {
        cell.findtext("m:f", namespaces=space): float(cell.findtext("m:v", namespaces=space))
        for cell in sheet.iterfind(".//m:c", space)
        if cell.find("m:f", space) is not None
    }
    # By hand: 7 loads a month of EUR 5,800, 55 % fewer; 1,200 assets at EUR 19 a month.
    assert cells["loads*12*load_value*cut_loads"] == pytest.approx(267_960)
    assert cells["assets*fee*12"] == pytest.approx(273_600)
    assert 'definedName name="load_value"' in book


def test_every_tag_is_a_known_term_and_published_pieces_are_tagged(sample: SampleManifest) -> None:
    for asset in sample.assets:
        for facet, term in asset.tags:
            assert term in TERMS[facet], (asset.relpath, facet, term)
        if asset.status == "published":
            facets = {facet for facet, _ in asset.tags}
            assert facets == set(TERMS), asset.relpath
        assert asset.story is None or asset.story in STORIES
        assert asset.owner in {person.key for person in sample.people}


def test_the_sample_covers_the_field(sample: SampleManifest) -> None:
    used = {facet: {t for a in sample.assets for f, t in a.tags if f == facet} for facet in TERMS}
    assert len(used["content_type"]) >= 20
    assert used["stage"] == TERMS["stage"]
    assert used["value_proposition"] == TERMS["value_proposition"]
    assert used["audience"] == TERMS["audience"]
    assert {asset.language for asset in sample.assets} == {"en", "de", "fr"}
    assert {"draft", "in_review", "published", "archived"} <= {a.status for a in sample.assets}


def test_dates_lie_in_the_past_and_are_the_files_own(sample: SampleManifest) -> None:
    for asset in sample.assets:
        born = asset.published_at or asset.created_at
        assert asset.created_at <= born <= NOW
        assert (sample.folder / asset.relpath).stat().st_mtime == pytest.approx(born.timestamp())
        assert (asset.published_at is None) == (asset.status in ("draft", "in_review"))
        if asset.last_reviewed_at:
            assert asset.published_at is not None
            assert asset.published_at <= asset.last_reviewed_at <= NOW
    overdue = [a for a in sample.assets if a.review_due and a.review_due < NOW.date()]
    assert 5 <= len(overdue) <= 30


def test_the_outdated_deck_has_an_old_price_and_a_retired_claim(sample: SampleManifest) -> None:
    old, new = named(sample, "overview-v3"), named(sample, "overview-v4")
    assert old.superseded_by == new.relpath
    before, after = (text_of(sample.folder / a.relpath) for a in (old, new))
    assert "€24" in before
    assert "80 %" in before
    assert "€19" in after
    assert "€24" not in after
    assert "62 %" in after


def test_a_near_copy_differs_in_name_and_one_price(sample: SampleManifest) -> None:
    copy, source = named(sample, "overview-v4-acme"), named(sample, "overview-v4")
    assert copy.relpath.endswith("Overview deck v4 - ACME (final) copy.pptx")
    assert copy.copy_of == source.relpath
    theirs, ours = (text_of(sample.folder / a.relpath) for a in (copy, source))
    assert "ACME" in theirs
    assert "from €16" in theirs
    assert "from €19" not in theirs
    shared = set(theirs.split()) & set(ours.split())
    assert len(shared) > 0.95 * len(set(ours.split()))


def test_an_exact_copy_lies_in_a_second_folder(sample: SampleManifest) -> None:
    copy = named(sample, "overview-v4-uk")
    assert copy.copy_of == named(sample, "overview-v4").relpath
    assert copy.relpath != copy.copy_of
    paths = (sample.folder / copy.relpath, sample.folder / str(copy.copy_of))
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_an_analyst_report_has_expired_and_the_archive_is_dated(sample: SampleManifest) -> None:
    report = named(sample, "analyst-lindenmark")
    assert report.expires is not None
    assert report.expires < NOW.date()
    assert "2030" in report.title
    assert named(sample, "overview-v2").relpath == "Archive/2030/Overview deck v2.pptx"


def test_equal_days_give_equal_bytes(sample: SampleManifest, tmp_path: Path) -> None:
    keys = {"overview-v4", "roi-calculator", "discovery-guide", "case-calder", "email-cold"}
    pieces = [piece for piece in read_pieces(NOW) if piece.key in keys]
    assert len(pieces) == len(keys)
    for piece in pieces:
        again = tmp_path / f"again.{piece.format}"
        write_piece(again, piece)
        assert again.read_bytes() == (sample.folder / piece.target).read_bytes(), piece.target


def test_settling_takes_out_the_clock_and_keeps_the_rest(sample: SampleManifest) -> None:
    package = (sample.folder / named(sample, "roi-calculator").relpath).read_bytes()
    settled = settle(package, datetime(2024, 5, 6, 7, 8, tzinfo=UTC))
    assert settled != package
    assert settle(settled, named(sample, "roi-calculator").created_at) == package


def test_a_time_without_zone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no time zone"):
        build_collateral(tmp_path, now=datetime(2031, 3, 14))  # noqa: DTZ001
    assert not list(tmp_path.iterdir())
