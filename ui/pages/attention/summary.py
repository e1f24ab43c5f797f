"""The cards at the top: the unused share, use by week, and where unused content got stuck."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from app.rows import UnusedReport, UseReport
from ui.charts.bars import Bar, Bars
from ui.charts.lines import Lines, Series
from ui.charts.panel import ChartPanel
from ui.pages.attention import words
from ui.pages.attention.choices import Choice, FlowLayout, Toggle
from ui.pages.attention.parts import label

if TYPE_CHECKING:
    from ui.theme import Theme

CARD_HEIGHT = 208


class IntervalBar(QWidget):
    """A share on a line from 0 to 100 %, with the band in which it truly lies."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._share = 0.0
        self._band = (0.0, 1.0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_share(self, share: float, band: tuple[float, float]) -> None:
        """Show a share and its 95 % interval, each 0..1."""
        self._share, self._band = share, band
        low, high = words.percent(band[0]), words.percent(band[1])
        self.setAccessibleName(f"{words.percent(share)} %, 95 % interval {low} to {high} %")
        self.setToolTip(
            f"With so few assets the true share lies between {low} % and {high} % "
            "(Wilson interval, 95 %)."
        )
        self.update()

    def sizeHint(self) -> QSize:
        """A thin line."""
        return QSize(160, 16)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint track, band and mark."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        track = QRectF(2, 5, self.width() - 4, 6)
        painter.setBrush(self._theme.color("neutral_bg"))
        painter.drawRoundedRect(track, 3, 3)
        low, high = self._band
        band = QRectF(
            track.left() + track.width() * low, 5, max(4.0, track.width() * (high - low)), 6
        )
        colour = self._theme.color("accent")
        colour.setAlphaF(0.4)
        painter.setBrush(colour)
        painter.drawRoundedRect(band, 3, 3)
        x = track.left() + track.width() * self._share
        painter.setBrush(self._theme.color("accent"))
        painter.setPen(QPen(self._theme.color("surface"), 1))
        painter.drawRoundedRect(QRectF(x - 2.5, 1, 5, 14), 2, 2)
        painter.end()


class ShareCard(QFrame):
    """The unused share with its denominator, and beside it what was not counted.

    ``excluded`` carries the key of an exclusion that was clicked.
    """

    excluded = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self._theme = theme
        self._chips: dict[str, Toggle] = {}
        self.figure = label("", "h1")
        self.sentence = label("", "dim", wrap=True)
        self.interval = IntervalBar(theme)
        self.interval.hide()
        self.not_counted = label("Not counted", "cap")
        self.not_counted.hide()
        self._chip_box = QWidget()
        self._flow = FlowLayout(self._chip_box)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self._chip_box.setSizePolicy(policy)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(16, 14, 16, 12)
        outer.setSpacing(6)
        outer.addWidget(label("Share of unused content", "title"))
        outer.addWidget(self.figure)
        outer.addWidget(self.interval)
        outer.addWidget(self.sentence)
        outer.addStretch(1)
        outer.addWidget(self.not_counted)
        outer.addWidget(self._chip_box)

    def show_report(self, report: UnusedReport) -> None:
        """Show the share, or say that it is too early for one."""
        early = words.watching_too_short(report)
        self.figure.setText(words.share_figure(report))
        self.figure.setVisible(not early and report.eligible > 0)
        self.sentence.setText(
            words.fresh_sentence(report) if early else words.share_sentence(report)
        )
        enough = not early and report.eligible >= words.SMALL_DENOMINATOR
        self.interval.setVisible(enough)
        self.interval.show_share(report.unused_share, report.unused_interval)
        self._say_excluded(report)

    def say_nothing(self, sentence: str) -> None:
        """Say why there is no share."""
        self.figure.hide()
        self.interval.hide()
        self.not_counted.hide()
        for chip in self._chips.values():
            chip.hide()
        self.sentence.setText(sentence)

    def chip(self, key: str) -> Toggle | None:
        """The chip of an exclusion."""
        return self._chips.get(key)

    def _say_excluded(self, report: UnusedReport) -> None:
        counts = dict(report.excluded)
        for key, count in counts.items():
            told = words.EXCLUDED_HELP.get(key, "Not counted.").format(grace=report.grace_days)
            choice = Choice(key, f"{words.label_of(key)} {count:,}", told)
            if key in self._chips:
                self._chips[key].say(choice)
                continue
            chip = Toggle(self._theme, choice, small=True)
            chip.setCheckable(False)
            chip.clicked.connect(partial(self._on_chip, key))
            self._chips[key] = chip
            self._flow.addWidget(chip)
        for key, chip in self._chips.items():
            chip.setVisible(counts.get(key, 0) > 0)
        self.not_counted.setVisible(any(counts.values()))

    def _on_chip(self, key: str, _checked: bool = False) -> None:  # noqa: FBT001, FBT002
        self.excluded.emit(key)


class Summary(QWidget):
    """The three cards in a row. ``why`` and ``excluded`` carry what was clicked."""

    why = Signal(object)
    excluded = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.share = ShareCard(theme, self)
        self.share.excluded.connect(self.excluded)
        self.weeks = Lines(theme, "Use by week")
        self.weeks_panel = ChartPanel(self.weeks, self)
        self.reasons = Bars(theme, "Where content gets stuck")
        self.reasons.activated.connect(self.why)
        self.reasons_panel = ChartPanel(self.reasons, self)
        self.reasons_panel.foot.setText("Choose a bar to list those assets.")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(12)
        self.narrow = True
        self.set_narrow(narrow=False)
        self.say_nothing("Counting…")

    def set_narrow(self, *, narrow: bool) -> None:
        """The three cards in a row, or with little width the weeks below the other two."""
        if narrow == self.narrow:
            return
        self.narrow = narrow
        weeks = (1, 0, 1, 2) if narrow else (0, 1, 1, 1)
        for card, place in (
            (self.share, (0, 0, 1, 1)), (self.weeks_panel, weeks),
            (self.reasons_panel, (0, 1 if narrow else 2, 1, 1)),
        ):  # fmt: skip
            self._grid.removeWidget(card)
            self._grid.addWidget(card, *place)
        for column, stretch in enumerate((10, 11, 0) if narrow else (10, 13, 11)):
            self._grid.setColumnStretch(column, stretch)
        self._grid.setHorizontalSpacing(12)
        self.setMinimumHeight(2 * CARD_HEIGHT + 12 if narrow else CARD_HEIGHT)

    def say_nothing(self, sentence: str) -> None:
        """Say on every card that there are no numbers, and why: being counted, or failed."""
        self.share.say_nothing(sentence)
        for chart, panel in ((self.weeks, self.weeks_panel), (self.reasons, self.reasons_panel)):
            chart.empty = sentence
            chart.show_marks((), (), sentence)
            panel.note.clear()
            panel.foot.hide()
            panel.toggle.setEnabled(False)
            panel.refresh()

    def show_unused(self, report: UnusedReport) -> None:
        """Show share and reasons."""
        self.share.show_report(report)
        counts = dict(report.why)
        bars = [
            Bar(key, words.WHY_LABELS[key], counts.get(key, 0), words.WHY_HELP[key])
            for key in words.WHY_LABELS
        ]
        self.reasons.empty = "Nothing is stuck, or it is too early to tell"
        self.reasons_panel.toggle.setEnabled(True)
        self.reasons.show_bars(bars, ("asset", "assets"), "Where")
        self.reasons_panel.note.setText(
            f"of {report.eligible:,} eligible" if report.eligible else ""
        )
        self.reasons_panel.foot.setVisible(any(counts.values()))
        self.reasons_panel.refresh()

    def show_use(self, report: UseReport) -> None:
        """Show use by whole weeks, counted back from the moment of the report."""
        weeks = report.weeks
        series = (
            Series("uses", "use", tuple(week[1] for week in weeks)),
            Series("sent", "sent", tuple(week[2] for week in weeks)),
        )
        steps = [words.day_text(words.local_date(week[0]), year=False) for week in weeks]
        self.weeks.empty = "No use in these weeks"
        self.weeks_panel.toggle.setEnabled(True)
        self.weeks.show_series(series, steps, "Week from")
        total = sum(week[1] for week in weeks)
        self.weeks_panel.note.setText(
            f"{words.plural(total, 'use')} in {words.plural(len(weeks), 'week')}"
        )
        left_out = words.dropped_text(report.dropped)
        self.weeks_panel.foot.setText(left_out)
        self.weeks_panel.foot.setVisible(bool(left_out))
        self.weeks_panel.refresh()
