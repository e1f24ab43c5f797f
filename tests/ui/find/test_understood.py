"""What was typed, as it was understood: chips under the field and colours in it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent, QImage, QInputMethodEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from app.rows import FindResult, FindSpec
from tests.ui.fake_searches import parts
from tests.ui.find.test_page import KEY, settle
from ui.pages.find.chips import LINES, ChipButton
from ui.pages.find.page import FindPage
from ui.pages.find.understood import Span, chips, places, problems, sentence, shifted, spans
from ui.pages.find.units import index, units
from ui.theme import theme


def answer(text: str, *, exact: bool = True, understood: str = "") -> FindResult:
    """The answer to a text as the real language reads it, without hits."""
    spec = FindSpec(" ".join(text.split()), exact=exact)
    plain = FindResult(spec, understood, (), 5, True, 3.2, ())
    return replace(plain, parts=parts(spec))


def labels(text: str, *, exact: bool = True) -> list[tuple[str, str]]:
    return [(chip.label, chip.tone) for chip in chips(answer(text, exact=exact))]


# ---- what the chips say --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("zero", []),
        ("zero trust", [("zero", "plain"), ("trust", "plain")]),
        ('"zero trust"', [("“zero trust”", "plain")]),
        ("persona:finance", [("persona is Finance", "field")]),
        ("-cloud", [("without “cloud”", "not")]),
        ("-persona:it", [("persona is not IT", "not")]),
        ("churn OR loss", [("churn", "plain"), ("or loss", "plain")]),
        ("foo:bar", [("foo:bar: no such field", "unknown")]),
        ("used:>x", [("used: expects a number, such as used:>10.", "error")]),
    ],
)
def test_each_piece_has_a_chip_that_says_what_it_means(
    text: str, expected: list[tuple[str, str]]
) -> None:
    assert labels(text) == expected


def test_the_word_being_typed_is_shown_as_a_beginning() -> None:
    assert labels("zero tru", exact=False)[1] == ("tru…", "plain")
    assert labels("zero tru", exact=True)[1] == ("tru", "plain")


def test_a_condition_being_typed_is_no_mistake_yet() -> None:
    assert labels("used:", exact=False) == [("used:…", "field")]
    assert problems(answer("used:", exact=False)) == ()
    assert spans(answer("used:", exact=False), "used:") == ()
    assert labels("used:", exact=True)[0][1] == "error"
    assert labels("used: zero", exact=False)[0][1] == "error"


def test_brackets_are_told_in_a_sentence() -> None:
    read = answer("(a1 OR b1) c1", understood="(a1 or b1) and c1")
    assert sentence(read) == "Searched for (a1 or b1) and c1"
    assert sentence(answer("a1 c1", understood="a1 and c1")) == ""


# ---- where the colours lie -----------------------------------------------------------------------


def coloured(raw: str) -> list[tuple[str, str]]:
    return [(raw[s.start : s.end], s.kind) for s in spans(answer(raw), raw)]


def test_only_what_is_not_plain_is_coloured() -> None:
    raw = "  zero   persona:finance  foo:x used:>x -persona:it -cloud "
    assert coloured(raw) == [
        ("persona:finance", "field"), ("foo:x", "unknown"), ("used:>x", "error"),
        ("-persona:it", "field"),
    ]  # fmt: skip


def test_an_answer_to_another_text_colours_nothing() -> None:
    assert spans(answer("used:>x"), "used:>x or") == ()


@given(st.text(alphabet="a b\t:-", max_size=20))
def test_places_lead_back_to_the_field(raw: str) -> None:
    joined = " ".join(raw.split())
    place = places(raw)
    assert len(place) == len(joined) + 1
    assert "".join(raw[at] if not raw[at].isspace() else " " for at in place[:-1]) == joined


@given(st.text(alphabet="ab ", max_size=12), st.text(alphabet="ab ", max_size=12),
       st.text(alphabet="ab", max_size=4), st.text(alphabet="ab", max_size=4))  # fmt: skip
def test_what_was_not_touched_keeps_its_colour(
    left: str, right: str, before: str, after: str
) -> None:
    old = f"{left}used:x{right}{before}"
    new = f"{left}used:x{right}{after}"
    span = Span(len(left), len(left) + 6, "error")
    assert shifted((span,), old, new) == (span,)
    behind = Span(len(before) + 1, len(before) + 7, "error")
    moved = shifted((behind,), f"{before}|used:x", f"{after}|used:x")
    assert moved == (Span(len(after) + 1, len(after) + 7, "error"),)


FORMS = st.lists(
    st.sampled_from(['"', "a", "zero", " ", "-", "(", ")", "OR", "NOT", ":", "persona:", "used:>",
                     "foo:", "status:draft", ",", "*", "😀", "ש", "\u200f", "\x00", "“", "page:2"]),
    max_size=14,
).map("".join)  # fmt: skip


@given(st.one_of(st.text(max_size=20), FORMS), st.booleans())
def test_nothing_typed_breaks_chips_or_colours(text: str, exact: bool) -> None:
    result = answer(text, exact=exact)
    assert len(chips(result)) in (0, len(result.parts))
    for span in spans(result, text):
        assert 0 <= span.start < span.end <= len(text)
        assert " ".join(text[span.start : span.end].split()) in result.spec.text
    problems(result)
    sentence(result)


@given(st.text(max_size=8), st.integers(0, 8))
def test_units_lead_there_and_back(text: str, at: int) -> None:
    at = min(at, len(text))
    assert index(text, units(text, at)) == at


# ---- in the window -------------------------------------------------------------------------------


def red_at(page: FindPage, image: QImage) -> set[int]:
    """The columns of the field in which something has the colour of errors."""
    bad = theme().color("bad").rgb()
    return {
        x for x in range(image.width())
        if any(image.pixel(x, y) == bad for y in range(image.height()))
    }  # fmt: skip


def typed(qtbot: QtBot, page: FindPage, text: str) -> None:
    page.header.field.setFocus()
    page.header.field.selectAll()
    qtbot.keyClicks(page.header.field, text)
    settle(qtbot, page, text)


def shown(page: FindPage) -> list[str]:
    return [button.chip.label for button in page.header.chips.shown()]


def chip(page: FindPage, label: str) -> ChipButton:
    return next(b for b in page.header.chips.shown() if b.chip.label == label)


def test_errors_are_coloured_in_the_field_and_said(qtbot: QtBot, page: FindPage) -> None:
    typed(qtbot, page, "zero used:>x")
    field = page.header.field
    assert [s.kind for s in field.spans] == ["error"]
    assert red_at(page, field.grab().toImage())
    assert field.accessibleDescription() == "used: expects a number, such as used:>10."
    assert field.text() == "zero used:>x"
    assert field.cursorPosition() == 12
    typed(qtbot, page, "zero used:>1")
    assert not red_at(page, field.grab().toImage())
    assert field.accessibleDescription() == ""


def test_colours_stay_with_their_words_until_the_next_answer(qtbot: QtBot, page: FindPage) -> None:
    typed(qtbot, page, "used:>x zero")
    field = page.header.field
    before = red_at(page, field.grab().toImage())
    qtbot.keyClick(field, KEY.Key_End)
    qtbot.keyClicks(field, " t")
    assert red_at(page, field.grab().toImage()) == before
    qtbot.keyClick(field, KEY.Key_Home)
    qtbot.keyClicks(field, "ab ")
    assert field.spans == (Span(3, 10, "error", "used: expects a number, such as used:>10."),)


def test_the_pointer_over_a_coloured_piece_tells_what_it_means(
    qtbot: QtBot, page: FindPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda _at, text, _widget: told.append(text))
    typed(qtbot, page, "zero used:>x")
    field = page.header.field
    for place in (10, 1):
        column = next(
            x for x in range(field.width()) if field.cursorPositionAt(QPoint(x, 20)) == place
        )
        at = QPoint(column, 20)
        event = QHelpEvent(QEvent.Type.ToolTip, at, field.mapToGlobal(at))
        QApplication.sendEvent(field, event)
    assert told == ["<span>used: expects a number, such as used:&gt;10.</span>", ""]


def test_an_answer_to_what_was_typed_before_changes_no_colour_and_no_text(
    qtbot: QtBot, page: FindPage
) -> None:
    typed(qtbot, page, "used:>x zero")
    field = page.header.field
    before = page._last
    assert before is not None
    page.header.set_text("used:>x zero trust")
    page.header.set_result(before.result)
    assert [span.kind for span in field.spans] == ["error"]
    late = chip(page, "zero…")
    qtbot.mouseMove(late, late.cross().center())
    qtbot.mouseClick(late, Qt.MouseButton.LeftButton, pos=late.cross().center())
    assert page.header.text() == "used:>x zero trust"


def test_colouring_does_not_disturb_an_input_method(qtbot: QtBot, page: FindPage) -> None:
    typed(qtbot, page, "used:>x zero")
    field = page.header.field
    composing = QInputMethodEvent("かな", [])
    QApplication.sendEvent(field, composing)
    assert field.composing
    field.show_understood((Span(0, 4, "error"),), ())
    done = QInputMethodEvent("", [])
    done.setCommitString("仮名")
    QApplication.sendEvent(field, done)
    assert not field.composing
    assert field.text() == "used:>x zero仮名"


def test_where_there_is_nothing_to_undo_the_window_may(qtbot: QtBot, page: FindPage) -> None:
    undone: list[bool] = []
    keys = QShortcut(QKeySequence.StandardKey.Undo, page)
    keys.activated.connect(lambda: undone.append(True))
    field = page.header.field
    page.search_for("zero")
    qtbot.keyClick(field, KEY.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert undone == [True]
    qtbot.keyClick(field, KEY.Key_X)
    qtbot.keyClick(field, KEY.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert undone == [True]
    assert field.text() == "zero"


def test_a_theme_switch_recolours(qtbot: QtBot, page: FindPage) -> None:
    typed(qtbot, page, "used:>x")
    theme().set_mode("dark")
    assert red_at(page, page.header.field.grab().toImage())


def test_the_cross_takes_one_piece_out_and_undo_brings_it_back(
    qtbot: QtBot, page: FindPage
) -> None:
    typed(qtbot, page, "zero used:>x trust")
    wrong = chip(page, "used: expects a number, such as used:>10.")
    assert wrong.accessibleName().startswith("Left out: used: expects")
    qtbot.mouseMove(wrong, wrong.cross().center())
    qtbot.mouseClick(wrong, Qt.MouseButton.LeftButton, pos=wrong.cross().center())
    settle(qtbot, page, "zero trust")
    assert page.header.text() == "zero trust"
    assert shown(page) == ["zero", "trust…"]
    page.header.field.undo()
    assert page.header.text() == "zero used:>x trust"


def test_a_click_beside_the_cross_selects_the_piece(qtbot: QtBot, page: FindPage) -> None:
    typed(qtbot, page, "zero -trust")
    page.header.field.setText("  zero   -trust ")
    word = chip(page, "without “trust”")
    qtbot.mouseMove(word, QPoint(14, 12))
    qtbot.mouseClick(word, Qt.MouseButton.LeftButton, pos=QPoint(14, 12))
    assert page.header.field.selectedText() == "-trust"


@pytest.mark.parametrize("key", [KEY.Key_Space, KEY.Key_Return, KEY.Key_Delete])
def test_a_chip_is_taken_out_by_keyboard(qtbot: QtBot, page: FindPage, key: Qt.Key) -> None:
    typed(qtbot, page, "zero -cloud trust")
    word = chip(page, "without “cloud”")
    word.setFocus()
    qtbot.keyClick(word, key)
    settle(qtbot, page, "zero trust")


def test_the_chips_are_one_stop_of_tab_between_field_and_results(
    qtbot: QtBot, page: FindPage
) -> None:
    typed(qtbot, page, "zero-trust OR trust")
    first, second = page.header.chips.shown()
    qtbot.keyClick(page.header.field, KEY.Key_Tab)
    assert first.hasFocus()
    qtbot.keyClick(first, KEY.Key_Right)
    assert second.hasFocus()
    qtbot.keyClick(second, KEY.Key_Right)
    assert second.hasFocus()
    qtbot.keyClick(second, KEY.Key_Tab)
    assert page.window().focusWidget() is page.results or page.nothing.isVisible()
    assert not first.hasFocus()
    page.header.field.setFocus()
    qtbot.keyClick(page.header.field, KEY.Key_Tab)
    assert second.hasFocus(), "the one at which one was"


def test_filters_and_pieces_share_the_row_errors_first(qtbot: QtBot, page: FindPage) -> None:
    page.facet_model.toggle(page.facet_model.row_of(("term", "persona", "finance")))
    typed(qtbot, page, "zero used:>x")
    assert shown(page) == ["used: expects a number, such as used:>10.", "Finance", "zero"]
    page.header.field.type_anew("")
    settle(qtbot, page, "")
    assert shown(page) == ["Finance"]


def test_a_long_text_keeps_to_two_lines_and_unfolds(qtbot: QtBot, page: FindPage) -> None:
    page.resize(900, 700)
    page.search_for(" ".join(f"word{n}" for n in range(30)))
    settle(qtbot, page, page.header.text())
    row = page.header.chips
    qtbot.waitUntil(row.more.isVisible)
    assert len({button.y() for button in row.shown()}) <= LINES
    assert row.more.text() == f"+{30 - len(row.shown())}"
    assert all(button.geometry().right() <= row.width() for button in row.shown())
    assert page.header.width() <= 900
    qtbot.mouseClick(row.more, Qt.MouseButton.LeftButton)
    assert len(row.shown()) == 30
    assert not row.more.isVisible()


def test_what_has_no_room_is_said_to_be_wrong(qtbot: QtBot, page: FindPage) -> None:
    page.resize(900, 700)
    page.search_for(" ".join(f"used:>{sign}" for sign in "abcdefgh"))
    settle(qtbot, page, page.header.text())
    row = page.header.chips
    qtbot.waitUntil(row.more.isVisible)
    assert "used: expects a number" in row.more.accessibleName()
    assert "</" not in row.more.accessibleName()


def test_a_long_suggestion_stands_below_the_note(page: FindPage) -> None:
    page.resize(900, 700)
    wordy = "a suggestion of many words that would leave no room for any other sentence"
    page.header.set_result(
        replace(answer("zero"), relaxed="No asset has all these words.", suggestion=wordy)
    )
    QApplication.processEvents()
    assert page.header.suggestion.y() > page.header.note.y()
    assert page.header.suggestion.geometry().right() <= page.header.width()
    assert wordy in page.header.suggestion.accessibleName()
