"""Reads the words of a drawing in SVG: its title, its descriptions and its texts."""

from pathlib import Path

from lxml import etree

from indexer.extract.model import Draft, PageText, Refused
from indexer.extract.package import PART_CAP, local, parse

_EMPTY = "This drawing has no text in it: its letters may be drawn as shapes."


def read(path: Path) -> Draft:
    """Return one page with the texts of a drawing.

    :raises Refused: when it is too large or no readable XML.
    """
    with path.open("rb") as stream:
        data = stream.read(PART_CAP + 1)
    if len(data) > PART_CAP:
        most = PART_CAP >> 20
        reason = f"This drawing is larger than {most} MB, so it is found by its name only."
        raise Refused("too_large", reason)
    flaws: list[str] = []
    root = parse(data, flaws)
    title = next((_words(e) for e in root.iter("{*}title")), "")
    lines = dict.fromkeys(
        filter(None, (_words(e) for e in root.iter("{*}text", "{*}desc", "{*}flowPara")))
    )
    for element in root.iter("{*}title"):
        lines.setdefault(_words(element))
    body = "\n".join(line for line in lines if line and line != title)
    if flaws and not (body or title):
        raise Refused("damaged", f"No text of this drawing could be read. {flaws[0]}")
    properties = {"dimensions": size} if (size := _dimensions(root)) else {}
    pages = [PageText(1, "picture", title, body, "", hidden=False)]
    return Draft(pages, title or None, [], properties, flaws, _EMPTY)


def _words(element: "etree._Element") -> str:
    """Return an element's text; letters set one by one with positions stay together."""
    lines: list[str] = []
    for child in element.iter():
        if local(child) in ("style", "script"):
            continue
        lines.append(child.text or "")
        if child is not element:
            lines.append(child.tail or "")
    return " ".join("".join(lines).split())


def _dimensions(root: "etree._Element") -> str:
    width, height = root.get("width"), root.get("height")
    if width and height and len(width + height) < 40:
        return f"{width} × {height}"
    box = (root.get("viewBox") or "").replace(",", " ").split()
    return f"{box[2]} × {box[3]}" if len(box) == 4 else ""
