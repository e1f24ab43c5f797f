"""Shows numbers of a spreadsheet as their format does: dates as dates, shares as per cent."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from lxml import etree

from indexer.extract.package import local

_BUILT_IN_DATES = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_BUILT_IN_PERCENT = frozenset((9, 10))
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_DATE_LETTERS = re.compile(r"[dy]|m{3,}|h|am/pm", re.IGNORECASE)

# Excel counts days from 1900 and, as Lotus did, takes that year for a leap year: counting from
# 30 December 1899 is right from March 1900 on (ECMA-376 part 1, 18.17.4.1).
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - spreadsheets know no time zones
_LAST_DAY = 2_958_465.0


@dataclass(frozen=True, slots=True)
class Formats:
    """Which cell styles show dates and which show per cent, by index."""

    dates: tuple[bool, ...]
    percents: tuple[bool, ...]

    def show(self, value: str, style: str | None) -> str:
        """Return a stored number as people see it; what is no number comes back unchanged."""
        try:
            number = float(value)
        except ValueError:
            return value.strip()
        index = int(style) if style is not None and style.isdigit() else -1
        if 0 <= index < len(self.dates):
            if self.dates[index] and 0 < number <= _LAST_DAY:
                return _date(number)
            if self.percents[index]:
                return f"{number * 100:.10g}%"
        return f"{number:.15g}" if abs(number) < 1e15 else value.strip()


def read_formats(styles: "etree._Element") -> Formats:
    """Return the formats of a workbook's style part."""
    codes = {
        element.get("numFmtId"): element.get("formatCode") or ""
        for element in styles.iter("{*}numFmt")
    }
    dates: list[bool] = []
    percents: list[bool] = []
    for listing in styles:
        if local(listing) != "cellXfs":
            continue
        for style in listing:
            key = style.get("numFmtId") or "0"
            code = _QUOTED.sub("", codes.get(key, ""))
            number = int(key) if key.isdigit() else 0
            dates.append(number in _BUILT_IN_DATES or bool(_DATE_LETTERS.search(code)))
            percents.append(number in _BUILT_IN_PERCENT or "%" in code)
    return Formats(tuple(dates), tuple(percents))


def _date(number: float) -> str:
    moment = _EPOCH + timedelta(seconds=round(number * 86_400))
    if number < 1:
        return moment.strftime("%H:%M")
    return moment.strftime("%Y-%m-%d" if number == int(number) else "%Y-%m-%d %H:%M")
