"""Light and dark: own palette, fonts and style sheet, switched while the window stands open."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from ui import tokens

MODES = ("system", "light", "dark")
MODE_LABELS = {"system": "System", "light": "Light", "dark": "Dark"}
FONTS = Path(__file__).parent.parent / "resources" / "fonts"
FAMILY = "Inter"
STYLE = ("-style", "fusion")

_ROLES = (
    (QPalette.ColorRole.Window, "bg"),
    (QPalette.ColorRole.WindowText, "text"),
    (QPalette.ColorRole.Base, "surface"),
    (QPalette.ColorRole.AlternateBase, "sunken"),
    (QPalette.ColorRole.Text, "text"),
    (QPalette.ColorRole.Button, "raised"),
    (QPalette.ColorRole.ButtonText, "text"),
    (QPalette.ColorRole.BrightText, "bad"),
    (QPalette.ColorRole.Highlight, "accent"),
    (QPalette.ColorRole.HighlightedText, "on_accent"),
    (QPalette.ColorRole.Link, "accent"),
    (QPalette.ColorRole.LinkVisited, "accent"),
    (QPalette.ColorRole.ToolTipBase, "inverse_bg"),
    (QPalette.ColorRole.ToolTipText, "inverse_text"),
    (QPalette.ColorRole.PlaceholderText, "text3"),
    (QPalette.ColorRole.Mid, "border"),
    (QPalette.ColorRole.Midlight, "hover"),
    (QPalette.ColorRole.Dark, "border_strong"),
    (QPalette.ColorRole.Light, "surface"),
    (QPalette.ColorRole.Accent, "accent"),
)


class Theme(QObject):
    """Owns the present colours. ``changed`` is emitted on the UI thread after a switch, and
    ``changing`` before it: each widget that there is takes up to a millisecond."""

    changing = Signal()
    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._mode = "system"
        self._dark = False
        self._app: QApplication | None = None
        self._fonts: dict[str, QFont] = {}
        self._family = ""

    @property
    def mode(self) -> str:
        """What the person chose: one of MODES."""
        return self._mode

    @property
    def dark(self) -> bool:
        """Whether the dark colours are shown now."""
        return self._dark

    @property
    def chart(self) -> tuple[str, ...]:
        """The colours of chart series as #RRGGBB, in order."""
        return tokens.CHART_DARK if self._dark else tokens.CHART_LIGHT

    def hex(self, name: str) -> str:
        """A token as #RRGGBB; a colour given as #RRGGBB is returned as it is. Raises KeyError."""
        if name.startswith("#"):
            return name
        return (tokens.DARK if self._dark else tokens.LIGHT)[name]

    def color(self, name: str) -> QColor:
        """A token as QColor. Raises KeyError for an unknown token."""
        return QColor(self.hex(name))

    def font(self, name: str = "body") -> QFont:
        """A font of ``tokens.TYPE``. Raises KeyError for an unknown name."""
        if name not in self._fonts:
            size, weight = tokens.TYPE[name]
            font = QFont(self._family or QGuiApplication.font().family())
            font.setPixelSize(size)
            font.setWeight(QFont.Weight(weight))
            self._fonts[name] = font
        return QFont(self._fonts[name])

    def set_mode(self, mode: str) -> None:
        """Choose one of MODES and repaint everything. Raises ValueError for another word."""
        if mode not in MODES:
            raise ValueError(f"Unknown colour scheme {mode!r}; choose one of {', '.join(MODES)}.")
        if mode == self._mode and self._wants_dark() == self._dark:
            return
        self._choose(mode)
        self._refresh()

    def _choose(self, mode: str) -> None:
        self._mode = mode
        scheme = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}.get(mode)
        hints = QGuiApplication.styleHints()
        # Themes native title bars and dialogs where the platform can.
        hints.setColorScheme(scheme or Qt.ColorScheme.Unknown)

    def apply(self, app: QApplication, mode: str = "system", *, styled: bool = False) -> None:
        """Dress the application by one of MODES and follow the system's scheme from now on.

        ``styled``: the application was made with STYLE among its arguments, which spares PySide
        the making of QStyle with its five hundred names before the first paint.
        """
        self._app = app
        if not styled:
            app.setStyle("Fusion")
        if mode != self._mode:
            self._choose(mode)
        self._load_fonts()
        app.setFont(self.font("body"))
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_system_change)
        self._paint_app()

    def _load_fonts(self) -> None:
        for file in sorted(FONTS.glob("*.ttf")):
            QFontDatabase.addApplicationFont(str(file))
        self._family = FAMILY
        self._fonts.clear()

    def _on_system_change(self, _scheme: object) -> None:
        if self._mode == "system":
            self._refresh()

    def _refresh(self) -> None:
        before = self._dark
        if before != self._wants_dark():
            self.changing.emit()
        self._paint_app()
        if before != self._dark:
            self.changed.emit()

    def _wants_dark(self) -> bool:
        if self._mode != "system":
            return self._mode == "dark"
        return bool(QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark)

    def _paint_app(self) -> None:
        self._dark = self._wants_dark()
        if self._app is None:
            return
        from ui.stylesheet import stylesheet

        self._app.setPalette(self._palette())
        self._app.setStyleSheet(stylesheet(self.hex, dark=self._dark))

    def _palette(self) -> QPalette:
        palette = QPalette()
        for role, name in _ROLES:
            palette.setColor(role, self.color(name))
        for role in (
            QPalette.ColorRole.Text,
            QPalette.ColorRole.ButtonText,
            QPalette.ColorRole.WindowText,
        ):
            palette.setColor(QPalette.ColorGroup.Disabled, role, self.color("disabled"))
        return palette


_the: list[Theme] = []


def theme() -> Theme:
    """The application's one theme, made at first use on the UI thread."""
    if not _the:
        _the.append(Theme())
    return _the[0]
