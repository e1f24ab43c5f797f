"""Reads text out of DrawingML: paragraphs, tables, SmartArt and charts, shared by Office files."""

import re
from collections.abc import Iterable

from lxml import etree

from indexer.extract.package import local

_MACHINE_ALT = re.compile(
    r"automatically generated|automatisch generiert|généré automatiquement|generada automáticamente"
    r"|\.(?:png|jpe?g|gif|svg|emf|wmf)$|^(?:picture|image|graphic|logo|icon)\s*\d*$",
    re.IGNORECASE,
)


def paragraph(element: "etree._Element") -> str:
    """Return the text of one paragraph, line breaks included."""
    parts: list[str] = []
    for child in element.iter("{*}t", "{*}br", "{*}tab"):
        name = local(child)
        if name == "t":
            parts.append(child.text or "")
        elif name == "br":
            parts.append("\n")
        elif local(child.getparent()) != "tabLst":
            parts.append("\t")
    return "".join(parts).strip()


def paragraphs(element: "etree._Element") -> list[str]:
    """Return the paragraphs under an element that have text."""
    found = (paragraph(child) for child in element.iter("{*}p"))
    return [text for text in found if text]


def table(element: "etree._Element") -> list[str]:
    """Return a table's rows, cells parted by tabs."""
    rows: list[str] = []
    for row in element.iter("{*}tr"):
        cells = [" ".join(paragraphs(cell)) for cell in row if local(cell) == "tc"]
        if any(cells):
            rows.append("\t".join(cells).rstrip("\t"))
    return rows


def diagram(root: "etree._Element") -> list[str]:
    """Return the texts of a SmartArt diagram's data part, in order."""
    return paragraphs(root)


def chart(root: "etree._Element") -> list[str]:
    """Return a chart's titles, and the names of its series and categories, each once."""
    found = dict.fromkeys(paragraphs(root))
    for cache in root.iter("{*}strCache", "{*}strLit", "{*}strDim"):
        for value in cache.iter("{*}v", "{*}pt"):
            if value.text and value.text.strip():
                found.setdefault(value.text.strip())
    return list(found)


def alt_text(elements: "Iterable[etree._Element]") -> list[str]:
    """Return the picture descriptions that a person wrote."""
    found: list[str] = []
    for element in elements:
        text = (element.get("descr") or "").strip()
        if len(text) > 8 and not _MACHINE_ALT.search(text):
            found.append(text)
    return found
