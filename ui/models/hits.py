"""The list of assets found, shown a page at a time, with the pages of those that are unfolded."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QStringListModel,
    Qt,
    Signal,
)

from app.rows import TRUST_LABELS
from ui.models.words import content_label, more_text, trust_label
from ui.turns import Turns

if TYPE_CHECKING:
    from app.rows import Hit, PageHit, PagesFound

Index = QModelIndex | QPersistentModelIndex

HIT_ROLE = Qt.ItemDataRole.UserRole + 1
SKELETON_ROLE = Qt.ItemDataRole.UserRole + 2
PAGE_ROLE = Qt.ItemDataRole.UserRole + 3

PAGE = 200
"""Rows handed to the view at a time: a reset with 50,000 rows costs 93 ms, with 200 it costs 7."""
SKELETON_ROWS = 8


def spoken(hit: Hit) -> str:
    """What a screen reader says for a row."""
    trust = TRUST_LABELS.get(hit.trust, "") if hit.trust != "unofficial" else trust_label(hit)
    parts = [hit.title, content_label(hit), trust]
    if hit.page_label:
        parts.append(f"matches on {hit.page_label}")
    if hit.more_pages:
        parts.append(f"and {more_text(hit)} more")
    return ", ".join(part for part in parts if part)


def differs(one: Hit, other: Hit) -> bool:
    """Whether a hit is told anew; mostly it is the very same, and ten thousand are compared."""
    return one is not other and one != other


def at_page(hit: Hit, page: PageHit) -> Hit:
    """The hit as if its best page were another of those that match."""
    why = tuple(page.label if reason == hit.page_label else reason for reason in hit.why)
    return replace(
        hit, page=page.page, page_label=page.label, snippet=page.snippet, marks=page.marks, why=why
    )


class HitModel(QStringListModel):
    """Owns the hits of one search, how many of them the view has been given, and their pages.

    A row is a hit, or a page of the unfolded hit above it. A *place* is a hit's number among all
    loaded, shown or not. ``more_wanted`` is emitted with the number of hits loaded so far when the
    view has been given all of them and the search has more. Lives on the UI thread.

    Of the class that it is made from it uses one thing: rows that Qt counts. To lay ten thousand
    rows out a list asks as many times how many there are; asked of Python, that took 0.02 s.
    """

    more_wanted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hits: tuple[Hit, ...] = ()
        self._shown = 0
        self._open: dict[int, tuple[PageHit, ...]] = {}
        self._found: dict[int, tuple[int, ...]] = {}
        # For each row the place of its hit and the number of its page there, -1 for the hit.
        self._lines: list[tuple[int, int]] = []
        self._complete = True
        self._asked = 0
        self._skeleton = False
        self._growing = False
        self._leaving: list[Hit] = []
        self._turns = Turns(self)
        self._change: Callable[[], None] | None = None
        # Connected before any view, and so heard before it.
        for counted in (self.rowsInserted, self.rowsRemoved, self.modelReset):
            counted.connect(self._on_counted)

    def _on_counted(self) -> None:
        """Qt counts other rows now: let them hold what they are to hold, before anybody asks."""
        change, self._change = self._change, None
        if change is not None:
            change()

    # ---- reading ---------------------------------------------------------------------------

    @property
    def hits(self) -> tuple[Hit, ...]:
        """All hits loaded, shown or not."""
        return self._hits

    @property
    def skeleton(self) -> bool:
        """Whether placeholder rows stand for a first answer that has not come yet."""
        return self._skeleton

    @property
    def has_open(self) -> bool:
        """Whether some row is a page."""
        return bool(self._open)

    def hit(self, index: Index) -> Hit | None:
        """The hit of a row or of the page in it; None for a placeholder or a row that is gone."""
        line = self._line(index)
        return self._hits[line[0]] if line is not None else None

    def hits_in(self, rows: Iterable[int]) -> Iterable[Hit]:
        """The hits of rows that are there; of a page the hit as if that were its best."""
        if not self._open:
            return map(self._hits.__getitem__, rows)
        return (self._hit_in(*self._lines[row]) for row in rows)

    def _hit_in(self, place: int, number: int) -> Hit:
        hit = self._hits[place]
        return hit if number < 0 else at_page(hit, self._open[hit.asset_id][number])

    def page(self, index: Index) -> PageHit | None:
        """The page in a row; None when the row is a hit."""
        line = self._line(index)
        if line is None or line[1] < 0:
            return None
        return self._open[self._hits[line[0]].asset_id][line[1]]

    def _line(self, index: Index) -> tuple[int, int] | None:
        row = index.row()
        if self._skeleton or not index.isValid() or row >= len(self._lines):
            return None
        return self._lines[row]

    def place_of(self, asset_id: int) -> int:
        """The place of an asset among the hits loaded, or -1."""
        for place, hit in enumerate(self._hits):
            if hit.asset_id == asset_id:
                return place
        return -1

    def row_of(self, asset_id: int, page: int = 0) -> int:
        """The row of an asset shown, or of one of its pages while it is unfolded; else -1."""
        place = self.place_of(asset_id)
        row = self._row_at(place)
        if row < 0 or not page:
            return row
        pages = self._open.get(asset_id, ())
        return next((row + 1 + n for n, one in enumerate(pages) if one.page == page), row)

    def _row_at(self, place: int) -> int:
        if not 0 <= place < self._shown:
            return -1
        return place if not self._open else self._lines.index((place, -1))

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        if self._skeleton:
            return self._skeleton_data(role)
        if index.row() >= len(self._lines):
            return None
        place, number = self._lines[index.row()]
        hit = self._hits[place]
        if role == HIT_ROLE:
            return hit
        if number >= 0:
            return self._page_data(self._open[hit.asset_id][number], role)
        if role == Qt.ItemDataRole.DisplayRole:
            return hit.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            unfolded = ", unfolded" if hit.asset_id in self._open else ""
            return spoken(hit) + unfolded
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return hit.snippet
        return None

    @staticmethod
    def _page_data(page: PageHit, role: int) -> object:
        if role == PAGE_ROLE:
            return page
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{page.label}: {page.snippet}"
        return None

    @staticmethod
    def _skeleton_data(role: int) -> object:
        if role == SKELETON_ROLE:
            return True
        return "Loading" if role == Qt.ItemDataRole.AccessibleTextRole else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if self._skeleton or not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return (
            Qt.ItemFlag.ItemIsEnabled
            | Qt.ItemFlag.ItemIsSelectable
            | Qt.ItemFlag.ItemIsDragEnabled
            | Qt.ItemFlag.ItemNeverHasChildren
        )

    # ---- pages -----------------------------------------------------------------------------

    def found_pages(self, asset_id: int) -> tuple[int, ...] | None:
        """The pages on which the words stand, ascending; None while they are not known."""
        return self._found.get(asset_id)

    def take_found(self, found: Iterable[PagesFound]) -> None:
        """Take over on which pages the words stand."""
        self._found.update({one.asset_id: one.pages for one in found})
        self._update(self._told(self._hits))

    def _told(self, hits: Iterable[Hit]) -> tuple[Hit, ...]:
        """The hits with what is known of their pages."""
        return tuple(
            hit if hit.asset_id not in self._found else replace(
                hit, more_pages=len([p for p in self._found[hit.asset_id] if p != hit.page])
            )
            for hit in hits
        )  # fmt: skip

    def is_open(self, asset_id: int) -> bool:
        """Whether the pages of an asset are shown below it."""
        return asset_id in self._open

    def unfold(self, asset_id: int, pages: Sequence[PageHit]) -> None:
        """Show pages of an asset below it, all but the one that the hit itself shows."""
        row = self.row_of(asset_id)
        if row < 0 or asset_id in self._open:
            return
        best = self._hits[self._lines[row][0]].page
        others = tuple(page for page in pages if page.page != best)
        if others:
            self._change = partial(self._open_up, asset_id, others)
            self.insertRows(row + 1, len(others))
            self.dataChanged.emit(self.index(row), self.index(row))

    def fold(self, asset_id: int) -> None:
        """Show the pages of an asset no longer."""
        row = self.row_of(asset_id) if asset_id in self._open else -1
        if row < 0:
            return
        self._change = partial(self._open_up, asset_id, ())
        self.removeRows(row + 1, len(self._open[asset_id]))
        self.dataChanged.emit(self.index(row), self.index(row))

    def _open_up(self, asset_id: int, pages: tuple[PageHit, ...]) -> None:
        self._open[asset_id] = pages
        if not pages:
            del self._open[asset_id]
        self._relist()

    def _relist(self) -> None:
        self._lines = []
        for place, hit in enumerate(self._hits[: self._shown]):
            self._lines.append((place, -1))
            if self._open:
                self._lines += [(place, n) for n in range(len(self._open.get(hit.asset_id, ())))]

    # ---- paging ----------------------------------------------------------------------------

    def canFetchMore(self, parent: Index) -> bool:
        if parent.isValid() or self._skeleton or self._growing:
            return False
        if self._shown < len(self._hits):
            return True
        return not self._complete and self._asked <= len(self._hits)

    def fetchMore(self, parent: Index) -> None:
        """Give the view more rows, or ask for hits when it has been given all."""
        if not self.canFetchMore(parent):
            return
        if self._shown < len(self._hits):
            self._show_up_to(self._shown + PAGE)
        else:
            self._asked = len(self._hits) + 1
            self.more_wanted.emit(len(self._hits))

    @property
    def complete(self) -> bool:
        """Whether the view has been given all hits that the search has."""
        return self._complete and self._shown == len(self._hits)

    def rows_of(self, asset_ids: Collection[int]) -> list[int]:
        """The rows of those of the assets that are loaded; the view is given all up to the last."""
        places = [place for place, hit in enumerate(self._hits) if hit.asset_id in asset_ids]
        if places:
            self.ensure_shown(places[-1])
        if not self._open:
            return places
        wanted = set(places)
        return [
            row for row, (place, page) in enumerate(self._lines) if page < 0 and place in wanted
        ]

    def ensure_shown(self, place: int) -> None:
        """Give the view the hits up to ``place``, so that it can be selected."""
        if place >= self._shown:
            self._show_up_to(place + 1)

    def _show_up_to(self, count: int) -> None:
        last = min(count, len(self._hits)) - 1
        if last < self._shown:
            return
        # Who hears of the rows must not ask for more before they are there.
        self._growing = True
        self._change = partial(self._grow_to, last + 1)
        self.insertRows(len(self._lines), last + 1 - self._shown)
        self._growing = False

    def _grow_to(self, count: int) -> None:
        self._lines += [(place, -1) for place in range(self._shown, count)]
        self._shown = count

    # ---- changing --------------------------------------------------------------------------

    def show_skeleton(self) -> None:
        """Show placeholder rows until the first answer."""
        self._change = self._empty
        self.setStringList([""] * SKELETON_ROWS)

    def _empty(self) -> None:
        self._hits, self._shown, self._skeleton = (), 0, True
        self._open, self._lines = {}, []

    def replace(self, hits: Sequence[Hit], *, complete: bool, keep_shown: bool = False) -> bool:
        """Show another answer; True when the rows were reset, False when updated in place.

        ``complete`` says that the search has no more than these. With ``keep_shown`` it is the
        same search, asked again: at least as many hits as before stay with the view, and pages
        that are unfolded stay so where the asset is still the same.
        """
        if not keep_shown:
            self._found = {}
        else:
            self._forget_changed(hits)
        new = self._told(hits)
        self._asked = 0
        self._complete = complete
        if not self._skeleton and self._same_order(new) and (keep_shown or not self._open):
            self._update(new)
            return False
        shown = max(PAGE, self._shown if keep_shown else 0)
        kept = {hit.asset_id for hit in new} if keep_shown else set()
        opened = {asset: pages for asset, pages in self._open.items() if asset in kept}
        self._change = partial(self._start_over, new, min(shown, len(new)), opened)
        below = sum(len(opened.get(hit.asset_id, ())) for hit in new[:shown]) if opened else 0
        self.setStringList([""] * (min(shown, len(new)) + below))
        return True

    def _start_over(
        self, hits: tuple[Hit, ...], shown: int, opened: dict[int, tuple[PageHit, ...]]
    ) -> None:
        self._skeleton = False
        if len(self._hits) > PAGE:
            self._leaving += self._hits
            self._turns.replace(self._let_some_go)
        self._hits, self._shown, self._open = hits, shown, opened
        self._relist()

    def _let_some_go(self) -> None:
        """Free hits that are shown no more, some in each turn: ten thousand at once take 0.04 s."""
        del self._leaving[-2 * PAGE :]
        if self._leaving:
            self._turns.add(self._let_some_go)

    def _forget_changed(self, hits: Iterable[Hit]) -> None:
        """Forget the pages of assets whose content or best page is another by now."""
        before = {hit.asset_id: (hit.sha, hit.page) for hit in self._hits}
        for hit in hits:
            if before.get(hit.asset_id) != (hit.sha, hit.page):
                self._found.pop(hit.asset_id, None)
                self.fold(hit.asset_id)

    def extend(self, hits: Sequence[Hit], *, complete: bool) -> None:
        """Take the next part of the same search: assets not yet listed are appended."""
        known = {hit.asset_id for hit in self._hits}
        new = tuple(hit for hit in hits if hit.asset_id not in known)
        self._hits += new
        self._complete = complete or not new
        self._asked = 0
        self._show_up_to(self._shown + PAGE)

    def update_part(self, first: int, hits: Sequence[Hit]) -> bool:
        """Take hits told anew for those from the place ``first`` on; False when others are there
        by now, and nothing is changed."""
        end = first + len(hits)
        before = self._hits[first:end]
        if self._open or [h.asset_id for h in before] != [h.asset_id for h in hits]:
            return False
        self._update((*self._hits[:first], *self._told(hits), *self._hits[end:]))
        return True

    def _same_order(self, new: tuple[Hit, ...]) -> bool:
        return [h.asset_id for h in new] == [h.asset_id for h in self._hits] and bool(new)

    def _update(self, new: tuple[Hit, ...]) -> None:
        changed = [
            place
            for place, hit in enumerate(new)
            if place < self._shown and differs(hit, self._hits[place])
        ]
        self._hits = new
        if changed:
            # Only of two places the rows: to find one looks through the list where pages are open.
            first, last = self._row_at(changed[0]), self._row_at(changed[-1])
            self.dataChanged.emit(self.index(first), self.index(last))
