"""The right pane: one asset page by page, what is known of it, and what can be done with it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.rows import AssetDetail, Hit, TagRow
from app.rows.found import Related
from ui.context import Context
from ui.decoding import Shape
from ui.icons import icon
from ui.models.pages import PageModel
from ui.models.words import breakable, reason_text, trust_label
from ui.pages.find.canvas import Boxes, PageCanvas
from ui.pages.find.facts import Facts, WarningBox
from ui.pages.find.filmstrip import Filmstrip
from ui.pages.find.flow import Chip, Chips
from ui.pages.find.pager import Pager, hit_words, next_hit
from ui.pages.find.paint import Ink
from ui.pages.find.related import RelatedList
from ui.pages.find.speak import announce
from ui.pictures import Pictures, Wanted
from ui.tokens import PREVIEW_LEAST
from ui.widgets.basics import BESIDE_WORDS

_PAUSE_MS = 60
_TYPING_MS = 240
"""While one types, the next letter mostly brings another asset, and reading the details of this one
would be in the way of its answer."""
_LIKING_MS = 200
"""Who walks through the list asks for nothing that is like each asset."""
_TALLEST = 340
_CARD_TEXT = 400
_NARROW = 380
_WITH_WORDS = ("page", "card")
"""Sources of pictures that were drawn from words."""


def matched_text(hit: Hit) -> str:
    """Where the words were found, in a few words; "" when nothing was searched for."""
    if not hit.page_label:
        return ""
    others = [reason_text(why) for why in hit.why if why.casefold() not in
              (hit.page_label.casefold(), f"page {hit.page}")]  # fmt: skip
    more = f" and {hit.more_pages} more" if hit.more_pages > 0 else ""
    return ", ".join([f"Matched on {hit.page_label}{more}", *others])


class Preview(QWidget):
    """Shows a Hit at once and its details when they have been read.

    ``send_wanted``, ``open_wanted``, ``copy_wanted`` and ``menu_wanted`` (with a QPoint) concern
    the selection; ``asset_wanted`` carries the id of another asset to go to; ``untag_wanted`` a
    TagRow; ``enlarge_wanted`` asks for the quick look. Lives on the UI thread.
    """

    send_wanted = Signal()
    open_wanted = Signal()
    copy_wanted = Signal()
    menu_wanted = Signal(object)
    tag_wanted = Signal()
    asset_wanted = Signal(object)
    untag_wanted = Signal(object)
    enlarge_wanted = Signal()
    page_changed = Signal()
    boxes_changed = Signal()

    def __init__(
        self, context: Context, ink: Ink, pictures: Pictures, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._pictures = pictures
        self.hit: Hit | None = None
        self.detail: AssetDetail | None = None
        self.page = 1
        self.terms: tuple[str, ...] = ()
        self.boxes: Boxes = ()
        self._count = 1
        self._narrow = False
        self._located: tuple[Wanted, str, tuple[str, ...]] | None = None
        self.pages = PageModel(self)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._read)
        self._liking = QTimer(self)
        self._liking.setSingleShot(True)
        self._liking.setInterval(_LIKING_MS)
        self._liking.timeout.connect(self._read_related)
        self.setObjectName("preview")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumWidth(PREVIEW_LEAST)
        self._build(ink)
        self.show_hit(None)

    # ---- building --------------------------------------------------------------------------

    def _build(self, ink: Ink) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        area = self._area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        outer.addWidget(area)
        self._inside = QWidget()
        self._inside.setObjectName("scrolled")
        area.setWidget(self._inside)
        column = self._column = QVBoxLayout(self._inside)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(10)
        self.canvas = PageCanvas(ink, self._pictures, tallest=_TALLEST)
        self.canvas.stepped.connect(self.step)
        self.canvas.pressed.connect(self.enlarge_wanted)
        self.canvas.source_changed.connect(self._on_source)
        column.addWidget(self.canvas)
        self.pager = Pager()
        self.pager.stepped.connect(self.step)
        self.pager.walked.connect(self.walk)
        column.addWidget(self.pager)
        self.hint = QLabel()
        self.hint.setProperty("kind", "cap")
        self.hint.setTextFormat(Qt.TextFormat.PlainText)
        self.hint.setWordWrap(True)
        self.hint.hide()
        column.addWidget(self.hint)
        self.strip = Filmstrip(self.pages, ink, self._pictures)
        self.strip.page_chosen.connect(self.go_to_page)
        column.addWidget(self.strip)
        self._build_facts(column, ink)

    def _build_facts(self, column: QVBoxLayout, ink: Ink) -> None:
        """Below the pictures: what is known of the asset and what can be done with it."""
        self.warning = WarningBox(self._context.theme)
        self.warning.replacement_wanted.connect(self.asset_wanted)
        column.addWidget(self.warning)
        self.title = QLabel()
        self.title.setProperty("kind", "h2")
        self.matched = QLabel()
        self.matched.setProperty("kind", "dim")
        for label in (self.title, self.matched):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            column.addWidget(label)
        column.addLayout(self._build_buttons())
        self.facts = Facts()
        self.facts.versions_wanted.connect(self.show_versions)
        column.addWidget(self.facts)
        column.addWidget(self._build_tags())
        self.related = RelatedList(ink)
        self.related.asset_wanted.connect(self.asset_wanted)
        column.addWidget(self.related)
        column.addStretch()

    def _build_buttons(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(8)
        self.send_button = QPushButton("Send")
        self.send_button.setProperty("kind", "primary")
        self.send_button.setIcon(icon("send", "on_accent", 16))
        self.send_button.clicked.connect(self.send_wanted)
        self.open_button = QPushButton("Open")
        self.open_button.setIcon(icon("external-link", "text", 16))
        self.open_button.clicked.connect(self.open_wanted)
        self.copy_button = QPushButton("Copy")
        self.copy_button.setIcon(icon("copy", "text", 16))
        self.copy_button.clicked.connect(self.copy_wanted)
        self.more_button = QToolButton()
        self.more_button.setIcon(icon("ellipsis", "text", 16))
        self.more_button.setFixedSize(32, 32)
        self.more_button.clicked.connect(self._on_more)
        said = (
            (self.send_button, "Send by e-mail"), (self.open_button, "Open at this page"),
            (self.copy_button, "Copy the file"), (self.more_button, "More actions"),
        )  # fmt: skip
        for button, words in said:
            button.setAccessibleName(words)
            button.setToolTip(words)
            if button is not self.more_button:
                button.setIconSize(BESIDE_WORDS)
            line.addWidget(button, 0 if button is self.more_button else 1)
        return line

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit(event.size().width())

    def _fit(self, width: int) -> None:
        """In a narrow pane only the main button keeps its word, and the margins give way."""
        narrow = width < _NARROW
        side = 12 if narrow else 20
        self._column.setContentsMargins(side, 18, side, 16)
        self._narrow = narrow
        self._name_buttons()

    def _build_tags(self) -> Chips:
        self.tags = Chips()
        self.tags.removed.connect(self._on_untag)
        self.tag_button = QPushButton("Tag")
        self.tag_button.setProperty("kind", "ghost")
        self.tag_button.setIcon(icon("plus", "accent", 14))
        self.tag_button.setAccessibleName("Tag")
        # As high as the chips beside it.
        self.tag_button.setStyleSheet("min-height: 20px; max-height: 20px; padding: 0 6px;")
        self.tag_button.clicked.connect(self.tag_wanted)
        self.tags.set_tail(self.tag_button)
        return self.tags

    # ---- what to show ------------------------------------------------------------------------

    def show_hit(
        self, hit: Hit | None, terms: tuple[str, ...] = (), *, typing: bool = False
    ) -> None:
        """Show a hit; its details follow when the person has stayed for a moment.

        ``typing``: it is the first of an answer to what is still being typed.
        """
        same = hit is not None and self.hit is not None and hit.asset_id == self.hit.asset_id
        at = self.hit.page if same and self.hit is not None else -1
        new_words = terms != self.terms
        self.hit = hit
        self.terms = terms
        self._area.setVisible(hit is not None)
        if hit is None:
            self.detail = None
            self._pause.stop()
            self._liking.stop()
            self.canvas.clear()
            self.strip.clear()
            return
        if not same:
            self.detail = None
            self.warning.hide()
            self.facts.hide()
            self.related.hide()
            self.pages.fill(hit.page_count)
        if not same or new_words:
            self.pages.set_found(())
        self.title.setText(breakable(hit.title))
        self.matched.setText(matched_text(hit))
        self.matched.setVisible(bool(hit.page_label))
        self._show_tags(hit.tags)
        if hit.page != at:
            self.go_to_page(max(1, hit.page))
        elif new_words:
            self._show_place()
            self._locate()
        self._pause.start(_TYPING_MS if typing else _PAUSE_MS)

    def show_count(self, count: int) -> None:
        """Say on the buttons for how many assets they act."""
        self._count = count
        self._name_buttons()
        files = "the file" if count == 1 else f"{count} files"
        self.copy_button.setAccessibleName(f"Copy {files}")
        self.open_button.setEnabled(count == 1)

    def _name_buttons(self) -> None:
        many = f" {self._count}" if self._count > 1 else ""
        self.send_button.setText(f"Send{many}")
        self.copy_button.setText("" if self._narrow else f"Copy{many}")
        self.open_button.setText("" if self._narrow else "Open")

    def refresh(self) -> None:
        """Read the details again."""
        if self.hit is not None:
            self._pause.start(_PAUSE_MS)

    def _read(self) -> None:
        if self.hit is None:
            return
        asset_id = self.hit.asset_id
        self._context.bridge.read(
            self, lambda library: library.asset(asset_id), self._on_detail, self._on_failed,
            key="find.preview",
        )  # fmt: skip

    def _on_failed(self, error: Exception) -> None:
        self.facts.hide()
        self._context.notify.problem(error)

    def _on_detail(self, detail: AssetDetail) -> None:
        if self.hit is None or detail.id != self.hit.asset_id:
            return
        self.detail = detail
        self.title.setText(breakable(detail.title))
        self.pages.fill(max(detail.page_count, self.hit.page_count), detail.pages)
        self.warning.show_detail(detail)
        self.facts.show_detail(detail, trust_label(self.hit))
        self.facts.show()
        self._show_tags(detail.tags)
        self._show_place()
        # The words of the page are what a text preview shows, so ask again with them.
        self.strip.show_pages(self.wanted)
        self.canvas.show_page(self._wanted_now, self._spoken())
        self._locate()
        self._liking.start()

    def _read_related(self) -> None:
        if self.hit is None:
            return
        asset_id = self.hit.asset_id
        self._context.bridge.read(
            self, lambda library: library.related(asset_id), self._on_related,
            self._on_no_related, key="find.related",
        )  # fmt: skip

    def _on_related(self, related: Related) -> None:
        if self.hit is not None and related.asset_id == self.hit.asset_id:
            self.related.show_related(related)

    def _on_no_related(self, _error: Exception) -> None:
        """What is wrong with the library the details have said."""
        self.related.hide()

    def to_related(self) -> None:
        """Take the keyboard to what is like the asset shown."""
        self._area.ensureWidgetVisible(self.related, 0, 40)
        first = self.related.first()
        if first is not None:
            first.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif self.related.isVisible():
            announce(self, self.related.note.text())

    def _show_tags(self, tags: tuple[TagRow, ...]) -> None:
        self.tags.show_chips(
            [Chip((t.facet, t.slug), t.label, f"Remove tag {t.label}") for t in tags]
        )

    # ---- pages -------------------------------------------------------------------------------

    def step(self, by: int) -> None:
        """Go some pages on or back, within the asset."""
        self.go_to_page(self.page + by)

    def walk(self, by: int) -> None:
        """Go to the next page (1) on which the words stand, or to the one before (-1)."""
        page = next_hit(self.pages.found, self.page, by)
        if page:
            self.go_to_page(page)
            announce(self, f"{self.pages.label(page)}, {hit_words(self.pages.found, page)}")

    def show_found(self, found: tuple[int, ...]) -> None:
        """Take over on which pages of the asset the words stand."""
        self.pages.set_found(found)
        self._show_place()

    def go_to_page(self, number: int) -> None:
        """Show a page (1-based), or the nearest that there is."""
        if self.hit is None:
            return
        self.page = max(1, min(number, max(1, self.pages.rowCount())))
        self.canvas.show_page(self._wanted_now, self._spoken())
        self.strip.show_pages(self.wanted)
        self.strip.show_page(self.page)
        self._show_place()
        self._locate()
        self.page_changed.emit()

    def _show_place(self) -> None:
        count = self.pages.rowCount()
        self.pager.show_place(self.pages.label(self.page), self.page, count, self.pages.found)
        self.strip.setVisible(count > 1)

    def _spoken(self) -> str:
        title = self.hit.title if self.hit is not None else ""
        return f"Picture of {self.pages.label(self.page)} of {title}"

    def wanted(self, number: int, shape: Shape) -> Wanted:
        """The picture of a page of the asset shown."""
        assert self.hit is not None
        page = self.pages.page(number)
        text = ""
        if self.hit.kind != "pdf" and page is not None:
            text = f"{page.heading}\n{page.body}".strip()[:_CARD_TEXT]
        elif self.hit.kind != "pdf" and number == self.hit.page:
            text = self.hit.snippet
        return Wanted(
            self.hit.sha, number, shape, path=self.hit.file_path, kind=self.hit.kind,
            title=self.hit.title, text=text, label=self.pages.label(number),
        )  # fmt: skip

    def _wanted_now(self, shape: Shape) -> Wanted:
        return self.wanted(self.page, shape)

    def _locate(self) -> None:
        """Mark the words on the picture, where what it was drawn from can tell where they stand."""
        picture = self.canvas.picture
        source = picture.source if picture is not None else ""
        if self.hit is not None and self.hit.kind == "pdf":
            source = "page"
        if self.hit is None or not self.terms or source not in _WITH_WORDS:
            self._located = None
            self._mark([])
            return
        wanted = self.wanted(self.page, Shape(1, 1))
        asked = (wanted, source, self.terms)
        if asked == self._located:
            self._mark(self.boxes)
            return
        self._located = asked
        self._mark([])
        self._pictures.locate(wanted, source, self.terms, partial(self._on_located, asked))

    def _on_located(self, asked: object, boxes: object) -> None:
        if asked == self._located:
            self._mark(boxes if isinstance(boxes, list) else [])

    def _mark(self, boxes: Boxes) -> None:
        self.boxes = boxes
        self.canvas.set_boxes(boxes)
        self.boxes_changed.emit()

    def _on_source(self, source: object) -> None:
        words = {"card": "Text preview", "embedded": "File’s own preview"}
        picture = self.canvas.picture
        hint = picture.hint if picture is not None else ""
        said = words.get(str(source), "")
        self.hint.setText(f"{said}. {hint}" if said and hint else said or hint)
        self.hint.setVisible(bool(said or hint))
        self._locate()

    # ---- hands -------------------------------------------------------------------------------

    def page_text(self) -> str:
        """The text of the page shown, as far as it is known."""
        page = self.pages.page(self.page)
        return "" if page is None else "\n".join(x for x in (page.heading, page.body) if x)

    def show_versions(self) -> None:
        """Open the card with the versions of the asset shown."""
        if self.detail is not None:
            from ui.pages.find.versions import VersionsSheet

            VersionsSheet(self.window(), self._context, self.detail.id, self.detail.title).open()

    def _on_more(self) -> None:
        corner = self.more_button.mapToGlobal(self.more_button.rect().bottomLeft())
        self.menu_wanted.emit(corner)

    def _on_untag(self, key: object) -> None:
        tags = self.detail.tags if self.detail is not None else self.hit.tags if self.hit else ()
        tag = next((t for t in tags if (t.facet, t.slug) == key), None)
        if tag is not None:
            self.untag_wanted.emit(tag)
