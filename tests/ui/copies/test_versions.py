"""The card with the versions of an asset, opened from the facts in the preview."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.errors import UserError
from app.library import Library
from app.rows_copies import VersionRow
from tests.collateral import index
from tests.ui.copies.conftest import Desk, deck
from tests.unit.catalogue.test_copies import slides
from ui.pages.find.facts import Facts
from ui.pages.find.versions import VersionsSheet, counts_text


def _words(sheet: VersionsSheet) -> str:
    shown = [one.text() for one in sheet.findChildren(QLabel) if one.isVisibleTo(sheet)]
    return "\n".join(shown).replace("\u200b", "")


def test_every_version_tells_the_numbers_that_changed(
    desk: Desk, tmp_path: Path, qtbot: QtBot
) -> None:
    folder = tmp_path / "prices"
    deck(folder / "Price.pptx", slides(5), day=1)
    index(desk.library, folder)
    deck(folder / "Price.pptx", [t.replace("$49", "$59") for t in slides(5)], day=9)
    index(desk.library)
    asset = desk.library.asset_id_of("Price.pptx")
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1000, 700)
    window.show()
    sheet = VersionsSheet(window, desk.context, asset, "Price & <b>value</b>")
    sheet.open()
    qtbot.waitUntil(lambda: "Version 1" in _words(sheet), timeout=15000)
    said = _words(sheet)
    assert "Price & <b>value</b>" in said
    assert "1 slide changed, 7 as before" in said
    assert "Slide 8: $49 became $59." in said
    assert said.index("Version 2") < said.index("Version 1")
    assert "The first version." in said


def test_a_failure_is_said_in_the_card(desk: Desk, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    sheet = VersionsSheet(window, desk.context, 999_999, "Gone")
    sheet._failed(UserError("There is no asset 999999."))
    assert sheet.state.text() == "There is no asset 999999."


def test_a_version_without_text_says_its_sentence() -> None:
    row = VersionRow(1, 1, True, "ab", "pdf", 10, 0, 0, 0, "ready", "", None, "The first version.")
    assert counts_text(row) == "The first version."


def test_the_version_in_the_facts_is_a_link(desk: Desk, qtbot: QtBot) -> None:
    library: Library = desk.library
    facts = Facts()
    qtbot.addWidget(facts)
    facts.show_detail(library.asset(library.asset_id_of("Overview.pptx")), "Draft")
    link = next(one for one in facts.findChildren(QPushButton))
    assert not link.isVisibleTo(facts), "with one version there is nothing to show"
    with qtbot.waitSignal(facts.versions_wanted):
        link.click()
