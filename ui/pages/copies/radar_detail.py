"""The file of the radar that is chosen: what can be done with it, and its own slides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QTableView, QVBoxLayout, QWidget

from app.rows_copies import RadarFile, RadarSlide
from ui.context import Context
from ui.models.words import breakable
from ui.pages.copies import radar_items as rows
from ui.pages.copies.cells import Cell, dress_cells
from ui.pages.copies.deeds import Deeds
from ui.pages.find.flow import FlowLayout
from ui.pages.library_models import BadgeLook, TableModel
from ui.widgets.basics import button, label

SLIDE_ROW = 44
_OFFERED = BadgeLook("Offered", "ok", "check")
_SHOWN = 4


@dataclass(frozen=True, slots=True)
class SlideItem:
    """One slide that the library does not have as it is, ready to be painted."""

    slide: RadarSlide
    looks: tuple[Cell, ...]
    cells: tuple[str, ...]
    spoken: str


def slide_items(slides: Sequence[RadarSlide]) -> tuple[SlideItem, ...]:
    """The slides of a file, ready."""
    made = []
    for slide in slides:
        name = slide.label[:1].upper() + slide.label[1:]
        offered = f"Request {slide.request_id}" if slide.request_id else ""
        cells = (name, slide.heading, slide.sentence, offered)
        looks = (
            Cell(name, "label"), Cell(slide.heading or "–", lines=2),
            Cell(slide.sentence, "small", "text2", lines=2),
            Cell(badge=_OFFERED) if offered else Cell(),
        )  # fmt: skip
        made.append(SlideItem(slide, looks, cells, ", ".join(one for one in cells if one)))
    return tuple(made)


class RadarDetail(QWidget):
    """Shows one RadarFile. ``request`` carries the id of a request to go to."""

    request = Signal(object)

    def __init__(self, context: Context, deeds: Deeds, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._deeds = deeds
        self.file: RadarFile | None = None
        self.title = label("", "title", wrap=True)
        self.sentence = label("", "dim", wrap=True)
        self.newest = button("Open the current one", self._open_newest, icon_name="external-link")
        self.find_button = button("Show in Find", self._find, icon_name="search")
        self.folder = button("Open folder", self._open_folder, icon_name="folder-open")
        self.offer = button("Offer to marketing", self.offer_slide, kind="primary",
                            icon_name="git-pull-request")  # fmt: skip
        self.offer.setToolTip("File a request with the text of the slide chosen")
        self.shelf = TableModel(("Slide", "Heading", "What differs", "Offered"), (), self)
        self.slides = self._make_slides()
        self._build()

    def _make_slides(self) -> QTableView:
        table = QTableView(self)
        table.setModel(self.shelf)
        dress_cells(table, SLIDE_ROW, "Slides that differ from the library")
        table.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        head = table.horizontalHeader()
        for section, width in enumerate((110, 260, 0, 120)):
            head.resizeSection(section, width)
        head.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        table.selectionModel().selectionChanged.connect(self._on_slide)
        return table

    def _build(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.title)
        words.addWidget(self.sentence)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addLayout(words, 1)
        # In a narrow window the buttons stand below each other.
        deeds = FlowLayout(spacing=8)
        for one in (self.folder, self.find_button, self.newest, self.offer):
            deeds.addWidget(one)
        line.addLayout(deeds)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 10, 16, 10)
        column.setSpacing(10)
        column.addLayout(line)
        column.addWidget(self.slides)

    def show_file(self, file: RadarFile | None) -> None:
        """Show a file of the radar, or nothing."""
        self.file = file
        self.setVisible(file is not None)
        if file is None:
            return
        self.title.setText(breakable(file.name))
        self.sentence.setText(breakable(f"{file.sentence} {rows.file_facts(file)}"))
        self.newest.setVisible(bool(file.asset_id) and file.state in ("outdated", "modified"))
        self.find_button.setVisible(bool(file.asset_id))
        listed = slide_items(file.slides)
        chosen = self.slides.currentIndex().row()
        self.shelf.set_items(listed)
        self.slides.setVisible(bool(listed))
        self.offer.setVisible(bool(listed))
        frame = self.slides.horizontalHeader().sizeHint().height() + 4
        self.slides.setFixedHeight(min(_SHOWN, len(listed)) * SLIDE_ROW + frame)
        if listed:
            self.slides.selectRow(chosen if 0 <= chosen < len(listed) else 0)
        self._on_slide()

    def slide(self) -> RadarSlide | None:
        """The slide chosen, or None."""
        item = self.shelf.item(self.slides.currentIndex())
        return item.slide if isinstance(item, SlideItem) else None

    def offer_slide(self) -> None:
        """Offer the slide chosen to marketing, or go to the request that offers it."""
        slide, file = self.slide(), self.file
        if slide is None or file is None:
            return
        if slide.request_id:
            self._context.navigate("attention", request_id=slide.request_id)
            return
        path, page = file.path, slide.page
        self._context.bridge.mutate(self, lambda library: library.offer(path, page))

    def _on_slide(self, *_: object) -> None:
        slide = self.slide()
        self.offer.setEnabled(slide is not None)
        offered = slide is not None and bool(slide.request_id)
        self.offer.setText("Show the request" if offered else "Offer to marketing")
        self.offer.setAccessibleName(self.offer.text())

    def _open_newest(self) -> None:
        if self.file is not None and self.file.asset_id:
            self._deeds.open(self.file.asset_id, newest=True)

    def _find(self) -> None:
        if self.file is not None and self.file.asset_id:
            self._deeds.find(self.file.asset_id)

    def _open_folder(self) -> None:
        if self.file is not None:
            self._deeds.show_folder(self.file.path)
