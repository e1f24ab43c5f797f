"""Makes text from files fit to be stored, shown and compared."""

import re
import unicodedata

from indexer.extract.model import PAGE_CAP, TEXT_CAP, PageText

_WIDE_LINE_ENDS = "\x85\u2028\u2029"
_LINE_ENDS = re.compile(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]")
_UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u200b\u2060\ufeff\ufffe\uffff\ufff9-\ufffc\ud800-\udfff]"
)
_OTHER_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_BLANKS = re.compile(" {2,}")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_BLANK_LINES = re.compile(r"\n{3,}")
_PRESENTATION = re.compile("[\ufb00-\ufb06\ufb13-\ufb17\ufb1d-\ufdff\ufe70-\ufefc]+")

_VALUE_CAP = 1_000
_LABEL_CAP = 200
_HEADING_CAP = 400


def clean(text: str) -> str:
    """Return text in NFC without control characters, stray spaces and typesetting forms.

    Ligatures and Arabic presentation forms are spelled out. Superscripts, fractions and signs
    stay as they are, since "10²" must not turn into "102"; whoever matches words folds them.
    """
    # A look for a sign costs a fraction of a pattern that goes through the text.
    if "\r" in text or "\x0b" in text or "\x0c" in text:
        text = _LINE_ENDS.sub("\n", text)
    if text.isascii():
        text = _CONTROLS.sub("", text)
    else:
        if any(end in text for end in _WIDE_LINE_ENDS):
            text = _LINE_ENDS.sub("\n", text)
        text = _UNWANTED.sub("", text)
        text = _PRESENTATION.sub(lambda found: unicodedata.normalize("NFKC", found.group()), text)
        text = _OTHER_SPACES.sub(" ", unicodedata.normalize("NFC", text))
    if "  " in text:
        text = _BLANKS.sub(" ", text)
    if "\t" in text:
        text = _without(text, (" \t", "\t "), "\t")
        text = _without(text, ("\t\t",), "\t")
        text = _without(text, ("\t\n", "\n\t"), "\n")
    text = _without(text, (" \n", "\n "), "\n")
    if "\n\n\n" in text:
        text = _BLANK_LINES.sub("\n\n", text)
    return text.strip()


def _without(text: str, pairs: tuple[str, ...], sign: str) -> str:
    """Return text in which of each of the pairs only the sign is left."""
    for pair in pairs:
        while pair in text:
            text = text.replace(pair, sign)
    return text


def clean_line(text: str, cap: int = _VALUE_CAP) -> str:
    """Return text on one line, at most ``cap`` characters long."""
    line = " ".join(clean(text[: 4 * cap]).split())
    return line if len(line) <= cap else line[: cap - 1].rstrip() + "…"


def clean_properties(properties: dict[str, str]) -> dict[str, str]:
    """Return the properties that have a value, each on one line."""
    cleaned = {name: clean_line(value) for name, value in properties.items()}
    return {name: value for name, value in cleaned.items() if value}


def clean_pages(pages: list[PageText], warnings: list[str]) -> tuple[PageText, ...]:
    """Return cleaned pages within the caps of FILE-6, and say in ``warnings`` what was cut."""
    left = TEXT_CAP
    kept: list[PageText] = []
    for page in pages[:PAGE_CAP]:
        body = clean(page.body)[:left]
        left -= len(body)
        notes = clean(page.notes)[:left]
        left -= len(notes)
        heading = clean_line(page.heading, _HEADING_CAP)
        label = clean_line(page.label, _LABEL_CAP)
        kept.append(PageText(page.number, label, heading, body, notes, page.hidden))
        if left <= 0:
            warnings.append(
                f"Only the first {TEXT_CAP:,} characters were read, up to {label} of {len(pages)}."
            )
            return tuple(kept)
    if len(pages) > PAGE_CAP:
        warnings.append(f"Only the first {PAGE_CAP:,} pages were read.")
    return tuple(kept)
