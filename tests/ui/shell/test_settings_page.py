"""The settings page: every declared setting has a field that works."""

from __future__ import annotations

import pytest
import shiboken6
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QComboBox, QSpinBox
from pytestqt.qtbot import QtBot

from app.settings import DECLARED, Setting
from tests.ui.fakes import FakeLibrary
from ui.pages.settings import SettingsPage, versions
from ui.pages.settings_fields import SettingRow
from ui.theme import theme
from ui.window import Window


@pytest.fixture
def page(window: Window, qtbot: QtBot) -> SettingsPage:
    window.navigate("settings")
    shown = window.page
    assert isinstance(shown, SettingsPage)
    qtbot.waitUntil(lambda: shown._facts is not None and shown.whole)
    return shown


def test_a_page_that_goes_before_it_is_whole_is_not_built_on(window: Window, qtbot: QtBot) -> None:
    with qtbot.capture_exceptions() as raised:
        page = SettingsPage(window.context)
        assert not page.whole
        shiboken6.delete(page)
        qtbot.wait(20)
    assert raised == []


def test_every_declared_setting_has_a_row(page: SettingsPage) -> None:
    assert set(page.rows) == {one.key for one in DECLARED}


def test_a_change_reaches_the_disk_and_can_be_reset(
    page: SettingsPage, fake_library: FakeLibrary, qtbot: QtBot
) -> None:
    row = page.rows["unused.window_days"]
    assert isinstance(row.field, QSpinBox)
    assert not row._reset.isVisible()
    row.field.setValue(180)
    qtbot.waitUntil(lambda: fake_library.settings.get("unused.window_days") == 180)
    assert row._reset.isVisible()
    row._reset.click()
    qtbot.waitUntil(lambda: fake_library.settings.get("unused.window_days") == 90)
    assert not row._reset.isVisible()


def test_the_theme_switches_at_once(page: SettingsPage, qtbot: QtBot) -> None:
    row = page.rows["look.theme"]
    assert isinstance(row.field, QComboBox)
    assert not theme().dark
    row.field.setCurrentIndex(row.field.findData("dark"))
    qtbot.waitUntil(lambda: theme().dark)


def test_the_person_can_be_changed(
    page: SettingsPage, fake_library: FakeLibrary, qtbot: QtBot
) -> None:
    assert page.person.name.text() == "Kofi Mensah"
    page.person._radio["marketer"].click()
    qtbot.waitUntil(lambda: fake_library.person is not None and fake_library.person.role != "rep")
    assert fake_library.person is not None
    assert fake_library.person.counts is None
    page.person.counts.click()
    qtbot.waitUntil(lambda: fake_library.person is not None and fake_library.person.counts is True)


def test_a_wheel_over_a_field_scrolls_and_changes_nothing(page: SettingsPage) -> None:
    field = page.rows["unused.window_days"].field
    assert isinstance(field, QSpinBox)
    before = field.value()
    event = QWheelEvent(
        QPointF(5, 5), QPointF(5, 5), QPoint(0, 0), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(field, event)
    assert field.value() == before


@pytest.mark.parametrize(("default", "value"), [(True, False), ("a", "b"), (3, 4), (0.5, 0.25)])
def test_each_type_of_setting_has_its_field(
    dressed: QApplication, qtbot: QtBot, default: object, value: object
) -> None:
    setting = Setting("x.y", default, "Help.", "G", "Label", low=0, high=9)  # type: ignore[arg-type]
    row = SettingRow(setting)
    qtbot.addWidget(row)
    told: list[object] = []
    row.chosen.connect(lambda _s, v: told.append(v))
    row.show_value(value)  # type: ignore[arg-type]
    assert row.value() == value
    assert told == []
    row._to_default()
    assert row.value() == default
    assert told == [default]


def test_versions_are_known() -> None:
    found = dict(versions())
    assert found["Deckhand"]
    assert found["Python"].startswith("3.")
