"""The shelves of the find page keep the rules of Qt, also while they change."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QModelIndex, Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from app.rows import FacetCounts, FacetRow, Hit, TermCount, TermRow
from tests.ui import fake_rows
from ui.models.attachments import AttachmentModel
from ui.models.facet_lines import SHORT
from ui.models.facets import FacetModel
from ui.models.hits import PAGE, HitModel, spoken
from ui.models.pages import PageModel
from ui.models.terms import TermModel
from ui.models.words import ZERO_WIDTH, breakable, plural, trust_label
from ui.words import size

TOP = QModelIndex()
CHECK = Qt.ItemDataRole.CheckStateRole
SPOKEN = Qt.ItemDataRole.AccessibleTextRole


def hits(count: int, start: int = 1) -> list[Hit]:
    return [fake_rows.hit(number) for number in range(start, start + count)]


def counts(*numbers: int) -> FacetCounts:
    terms = tuple(TermCount(f"t{i}", f"Term {i}", n, False) for i, n in enumerate(numbers))
    return FacetCounts("persona", "Persona", terms)


def test_hit_model_obeys_qt_through_all_changes(qtmodeltester: ModelTester) -> None:
    model = HitModel()
    qtmodeltester.check(model)
    model.show_skeleton()
    model.replace(hits(3), complete=True)
    model.replace([replace(h, uses=1) for h in hits(3)], complete=True)
    model.replace(hits(PAGE), complete=True)
    model.replace([], complete=True)
    qtmodeltester.check(model)


def test_hit_model_obeys_qt_while_it_grows(qtmodeltester: ModelTester) -> None:
    model = HitModel()
    model.replace(hits(PAGE - 50), complete=False)
    qtmodeltester.check(model)
    model.extend(hits(PAGE + 20), complete=True)
    assert model.rowCount() == PAGE + 20
    qtmodeltester.check(model)


def test_hits_are_shown_a_page_at_a_time() -> None:
    """SC-2: the view is given 200 rows; more come as it asks for them."""
    model = HitModel()
    model.replace(hits(PAGE + 50), complete=True)
    assert model.rowCount() == PAGE
    assert model.canFetchMore(TOP)
    model.fetchMore(TOP)
    assert model.rowCount() == PAGE + 50
    assert not model.canFetchMore(TOP)


def test_more_is_wanted_once_when_all_loaded_hits_are_shown(qtbot: QtBot) -> None:
    model = HitModel()
    model.replace(hits(PAGE), complete=False)
    asked: list[object] = []
    model.more_wanted.connect(asked.append)
    model.fetchMore(TOP)
    model.fetchMore(TOP)
    assert asked == [PAGE]
    model.extend(hits(PAGE + 5), complete=True)
    assert model.rowCount() == PAGE + 5
    assert not model.canFetchMore(TOP)


def test_a_longer_answer_without_anything_new_ends_the_asking() -> None:
    model = HitModel()
    model.replace(hits(PAGE), complete=False)
    model.fetchMore(TOP)
    model.extend(hits(PAGE), complete=False)
    assert not model.canFetchMore(TOP)


def test_same_assets_are_updated_in_place(qtbot: QtBot) -> None:
    model = HitModel()
    model.replace(hits(5), complete=True)
    changed = hits(5)
    changed[2] = replace(changed[2], uses=99_999)
    with qtbot.waitSignal(model.dataChanged) as heard:
        reset = model.replace(changed, complete=True)
    assert not reset
    assert [heard.args[0].row(), heard.args[1].row()] == [2, 2]


def test_skeleton_rows_can_be_neither_selected_nor_dragged() -> None:
    model = HitModel()
    model.show_skeleton()
    index = model.index(0)
    assert model.flags(index) == Qt.ItemFlag.NoItemFlags
    assert model.hit(index) is None
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Loading"


def test_a_row_is_spoken_with_trust_and_page() -> None:
    said = spoken(replace(fake_rows.hit(2), trust="superseded", page_label="page 3"))
    assert "Superseded" in said
    assert "page 3" in said


def test_facet_model_obeys_qt_through_all_changes(qtmodeltester: ModelTester) -> None:
    model = FacetModel()
    qtmodeltester.check(model)
    model.set_counts([counts(*range(20)), FacetCounts("empty", "Empty", ())])
    model.toggle(model.row_of(("more", "persona", "")))
    model.toggle(1)
    model.set_counts([counts(3, 2)])
    model.clear()
    qtmodeltester.check(model)


def test_a_long_facet_is_folded_to_terms_with_hits_and_unfolds() -> None:
    model = FacetModel()
    model.set_counts([counts(0, 0, 5, 0, 1, 1, 1, 1, 1, 1)])
    shown = [model.line(row) for row in range(model.rowCount())]
    terms = [line for line in shown if line is not None and line.kind == "term"]
    assert len(terms) == SHORT
    assert all(line.count for line in terms)
    model.toggle(model.row_of(("more", "persona", "")))
    assert model.rowCount() == 1 + 10 + 1


def test_a_chosen_term_stays_in_sight_when_its_facet_is_folded() -> None:
    model = FacetModel()
    model.set_filters((("persona", ("t9",)),))
    model.set_counts([counts(*([5] * 9), 0)])
    assert model.row_of(("term", "persona", "t9")) > 0
    assert model.filters() == (("persona", ("t9",)),)
    assert model.chosen_labels() == (("persona", "t9", "Term 9"),)
    assert model.row_of(("term", "persona", "t9")) == 1


def test_new_counts_do_not_rebuild_the_list(qtbot: QtBot) -> None:
    """The panel must not be rebuilt on every keystroke."""
    model = FacetModel()
    model.set_counts([counts(1, 2, 3)])
    with qtbot.assertNotEmitted(model.modelReset), qtbot.waitSignal(model.dataChanged):
        model.set_counts([counts(1, 7, 3)])


def test_choosing_and_dropping_tell_once(qtbot: QtBot) -> None:
    model = FacetModel()
    model.set_counts([counts(1, 2)])
    with qtbot.waitSignal(model.filters_changed):
        model.toggle(1)
    assert model.filters() == (("persona", ("t0",)),)
    with qtbot.waitSignal(model.filters_changed):
        model.drop("persona", "t0")
    assert model.filters() == ()
    with qtbot.assertNotEmitted(model.filters_changed):
        model.clear()


def test_a_term_is_chosen_then_left_out_then_neither() -> None:
    model = FacetModel()
    model.set_counts([counts(1, 2)])
    index = model.index(1)
    seen = []
    for _ in range(3):
        model.toggle(1)
        seen.append((model.filters(), index.data(CHECK), index.data(SPOKEN), model.chosen_labels()))
    on, out, neither = seen
    assert on[0] == (("persona", ("t0",)),)
    assert on[1:] == (
        Qt.CheckState.Checked, "Persona: Term 0, chosen, 1 result", (("persona", "t0", "Term 0"),)
    )  # fmt: skip
    assert out[0] == (("persona", ("-t0",)),)
    assert out[1] == Qt.CheckState.PartiallyChecked
    assert out[2] == "Persona: Term 0, left out, takes away 1 result"
    assert out[3] == (("persona", "-t0", "not Term 0"),)
    assert neither == ((), Qt.CheckState.Unchecked, "Persona: Term 0, not chosen, 1 result", ())
    model.toggle_out(2)
    assert model.filters() == (("persona", ("-t1",)),)
    model.drop("persona", "-t1")
    assert model.filters() == ()


def test_chosen_terms_come_first_when_nobody_is_choosing() -> None:
    model = FacetModel()
    model.set_counts([counts(*[1] * 20)])
    model.toggle(model.row_of(("more", "persona", "")))
    row = model.row_of(("term", "persona", "t15"))
    model.toggle_out(row)
    assert model.row_of(("term", "persona", "t15")) == row
    model.settle()
    assert model.row_of(("term", "persona", "t15")) == 1


def test_the_panel_can_be_narrowed_to_terms_with_some_words() -> None:
    model = FacetModel()
    model.set_counts([counts(1, *[0] * 19), FacetCounts("stage", "Stage", ())])
    model.narrow(" term 1")
    labels = [line.label for row in range(model.rowCount()) if (line := model.line(row))]
    assert labels == ["Persona", *(f"Term {n}" for n in (1, *range(10, 20)))]
    model.narrow("pers")
    assert model.rowCount() == 21
    model.narrow("zebra")
    line = model.line(0)
    assert line is not None
    assert (model.rowCount(), line.label) == (1, "No filter has “zebra”.")
    assert model.flags(model.index(0)) == Qt.ItemFlag.ItemNeverHasChildren
    model.narrow("")
    assert model.rowCount() == 3, "heading, the term with a result, and all others"


def test_headings_can_not_be_chosen() -> None:
    model = FacetModel()
    model.set_counts([counts(1)])
    assert not model.flags(model.index(0)) & Qt.ItemFlag.ItemIsSelectable
    model.toggle(0)
    assert model.filters() == ()


def vocabulary() -> tuple[FacetRow, ...]:
    def term(number: int, facet: str, slug: str, *synonyms: str) -> TermRow:
        return TermRow(number, facet, slug, slug.title(), "", synonyms)

    stages = (term(1, "stage", "explore", "discovery call"), term(2, "stage", "select"))
    kinds = (term(3, "content_type", "deck"), term(4, "content_type", "flyer", "one-pager"))
    return (
        FacetRow("stage", "Stage", True, stages),
        FacetRow("content_type", "Content type", False, kinds),
    )


@pytest.fixture
def terms() -> TermModel:
    model = TermModel()
    both = frozenset({("stage", "explore"), ("content_type", "deck")})
    model.fill(vocabulary(), [both, frozenset({("content_type", "deck")})])
    return model


def test_term_model_obeys_qt_through_all_changes(
    qtmodeltester: ModelTester, terms: TermModel
) -> None:
    qtmodeltester.check(terms)
    terms.narrow("disc")
    terms.toggle(1)
    terms.narrow("no such term")
    terms.narrow("")
    qtmodeltester.check(terms)


def test_a_term_on_some_assets_is_partly_ticked_then_all_then_none(terms: TermModel) -> None:
    pair = ("stage", "explore")
    assert terms.state(pair) == Qt.CheckState.PartiallyChecked
    terms.toggle(1)
    assert terms.state(pair) == Qt.CheckState.Checked
    assert terms.pending() == ((pair,), ())
    terms.toggle(1)
    assert terms.pending() == ((), (pair,))


def test_ticking_back_what_was_there_leaves_nothing_to_do(terms: TermModel) -> None:
    row = next(r for r in range(terms.rowCount()) if terms.index(r).data() == "Select")
    terms.toggle(row)
    terms.toggle(row)
    assert terms.pending() == ((), ())


def test_a_facet_for_one_term_swaps_the_term(terms: TermModel) -> None:
    row = next(r for r in range(terms.rowCount()) if terms.index(r).data() == "Flyer")
    terms.toggle(row)
    assert terms.pending() == ((("content_type", "flyer"),), (("content_type", "deck"),))


def test_typing_finds_labels_and_synonyms_by_beginnings_of_words(terms: TermModel) -> None:
    terms.narrow("call")
    assert [terms.index(r).data() for r in range(terms.rowCount())] == ["Stage", "Explore"]
    line = terms.line(1)
    assert line is not None
    assert line.via == "discovery call"
    terms.narrow("pager")
    assert terms.index(terms.first_term()).data() == "Flyer"
    terms.narrow("all")
    assert terms.first_term() == -1


def test_page_model_obeys_qt_and_names_pages(qtmodeltester: ModelTester) -> None:
    model = PageModel()
    qtmodeltester.check(model)
    model.fill(4)
    assert model.label(2) == "page 2"
    model.fill(12, fake_rows.page_rows(fake_rows.hit(4)))
    assert model.label(2) == "slide 2"
    model.fill(0)
    qtmodeltester.check(model)


def test_attachment_model_obeys_qt(qtmodeltester: ModelTester) -> None:
    model = AttachmentModel(hits(3))
    qtmodeltester.check(model)
    model.take_replacements()
    assert model.ids() == (1, 2, 3)
    qtmodeltester.check(model)


def test_words() -> None:
    assert plural(1, "page") == "1 page"
    assert plural(1014, "asset") == "1,014 assets"
    assert size(900) == "900 B"
    assert size(15_000) == "15 KB"
    assert size(3_400_000) == "3.2 MB"
    draft = replace(fake_rows.hit(1), trust="unofficial", status="draft")
    assert trust_label(draft) == "Draft"


def test_a_long_file_name_can_be_broken_and_stays_the_same_to_the_eye() -> None:
    path = "/a/" + "x" * 60 + ".pptx"
    shown = breakable(path)
    assert shown.replace(ZERO_WIDTH, "") == path
    assert max(len(part) for part in shown.split(ZERO_WIDTH)) <= 24
