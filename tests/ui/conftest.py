"""What tests of the window share: a dressed application, a fake library, a page's context."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from app.rows import PersonRow
from tests.ui.fakes import FakeLibrary
from ui.bridge import Bridge
from ui.commands import Commands
from ui.context import Context
from ui.notify import Notice, Notify
from ui.state import State
from ui.theme import theme

ME = PersonRow(1, "Kofi Mensah", "rep", "", "", None)


@pytest.fixture(scope="session")
def dressed(qapp: QApplication) -> QApplication:
    """The application with its fonts, palette and style sheet."""
    theme().apply(qapp)
    theme().set_mode("light")
    return qapp


@pytest.fixture
def fake_library(tmp_path: Path) -> FakeLibrary:
    """A library of 24 assets in memory, with a person; its folder is ``tmp_path / "library"``."""
    return FakeLibrary(tmp_path / "library", me=ME)


@dataclass
class Told:
    """What pages told the window: ``went`` (page key, arguments) and ``notices``."""

    went: list[tuple[str, dict[str, object]]] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)


@pytest.fixture
def told() -> Told:
    """Filled by the ``context`` of the same test."""
    return Told()


@pytest.fixture
def context(dressed: QApplication, fake_library: FakeLibrary, told: Told) -> Iterator[Context]:
    """A page's context over the fake library, with real lanes, state, commands and theme."""
    parent = QObject()
    notify = Notify(None, parent)
    notify.said.connect(told.notices.append)
    bridge = Bridge(fake_library, notify, parent)  # type: ignore[arg-type]
    state = State(fake_library.folder)
    yield Context(
        bridge=bridge,
        notify=notify,
        theme=theme(),
        commands=Commands(parent),
        state=state,
        navigate=lambda key, **args: told.went.append((key, args)),
        me=lambda: fake_library.person,
    )
    bridge.close(3.0)
    state.close()
    theme().set_mode("light")
