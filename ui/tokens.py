"""Design tokens: the one source for palette, style sheet, delegates and charts."""

from __future__ import annotations

from typing import Final

SPACE: Final = {"xs": 4, "s": 8, "m": 12, "l": 16, "xl": 24, "xxl": 32}
RADIUS: Final = {"s": 4, "m": 6, "row": 8, "l": 10}
# Name -> (pixels at 100 %, weight).
TYPE: Final = {
    "caption": (11, 500),
    "small": (12, 400),
    "body": (13, 400),
    "label": (13, 500),
    "strong": (13, 600),
    "title": (14, 600),
    "search": (15, 400),
    "h2": (18, 600),
    "h1": (24, 600),
}
RAIL: Final = 56
FACETS: Final = 236
PREVIEW: Final = 396
PREVIEW_LEAST: Final = 230
ROW: Final = 104
FOCUS: Final = 2

LIGHT: Final[dict[str, str]] = {
    "bg": "#F6F7F9",
    "surface": "#FFFFFF",
    "raised": "#FFFFFF",
    "sunken": "#EEF0F3",
    "hover": "#F1F3F6",
    "selected": "#E6EEFE",
    "border": "#DFE3E8",
    "border_strong": "#7F8998",
    "scroll": "#B4BBC6",
    "text": "#16191D",
    "text2": "#4C5664",
    "text3": "#667080",
    "disabled": "#A3ABB6",
    "accent": "#2459D3",
    "accent_hover": "#1D4BB5",
    "on_accent": "#FFFFFF",
    "focus": "#2459D3",
    "mark_bg": "#FFE9A8",
    "mark_fg": "#3A2A00",
    "hit": "#B98900",
    "ok": "#18794E",
    "ok_bg": "#DFF5E8",
    "warn": "#8F5B00",
    "warn_bg": "#FFF0CC",
    "bad": "#B42318",
    "bad_bg": "#FDE7E4",
    "info": "#2459D3",
    "info_bg": "#E6EEFE",
    "neutral": "#4C5664",
    "neutral_bg": "#EBEEF2",
    "inverse_bg": "#23282F",
    "inverse_text": "#ECEFF3",
    "inverse_accent": "#9DBAFF",
    "inverse_ok": "#6FD8A3",
    "inverse_warn": "#F2C464",
    "shadow": "#16191D",
}
DARK: Final[dict[str, str]] = {
    "bg": "#14171B",
    "surface": "#1B1F24",
    "raised": "#23282F",
    "sunken": "#101317",
    "hover": "#232931",
    "selected": "#22345C",
    "border": "#2E353E",
    "border_strong": "#727D8C",
    "scroll": "#49525E",
    "text": "#ECEFF3",
    "text2": "#B4BDC9",
    "text3": "#8F9AA8",
    "disabled": "#5A6472",
    "accent": "#82A7FF",
    "accent_hover": "#9DBAFF",
    "on_accent": "#0B1B42",
    "focus": "#82A7FF",
    "mark_bg": "#5C4A12",
    "mark_fg": "#FFE9A8",
    "hit": "#E5B93C",
    "ok": "#6FD8A3",
    "ok_bg": "#143626",
    "warn": "#F2C464",
    "warn_bg": "#3D2F0D",
    "bad": "#FF9C91",
    "bad_bg": "#46201C",
    "info": "#9DBAFF",
    "info_bg": "#1E2D50",
    "neutral": "#B4BDC9",
    "neutral_bg": "#2A3038",
    "inverse_bg": "#2F3640",
    "inverse_text": "#ECEFF3",
    "inverse_accent": "#9DBAFF",
    "inverse_ok": "#6FD8A3",
    "inverse_warn": "#F2C464",
    "shadow": "#000000",
}
# Series in order; each at least 3:1 against its surface.
CHART_LIGHT: Final = ("#2459D3", "#0F8A7E", "#B7791F", "#8B4FC9", "#C2415D", "#5B6B7F")
CHART_DARK: Final = ("#82A7FF", "#4CC9BB", "#E5B567", "#BF94F2", "#F08BA2", "#9AA7B8")


def luminance(color: str) -> float:
    """Relative luminance of ``#RRGGBB``, 0..1 (WCAG 2.2, definition of relative luminance)."""
    parts = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1..21 (WCAG 2.2, definition of contrast ratio)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
