"""Reads XMP, the properties that Adobe and others keep in pictures and drawings."""

from lxml import etree

from indexer.extract.package import local, parse

_NAMES = {
    "title": "title",
    "description": "description",
    "creator": "author",
    "subject": "keywords",
    "rights": "copyright",
    "Headline": "headline",
    "City": "city",
    "Country": "country",
    "CreatorTool": "application",
    "CreateDate": "created",
    "ModifyDate": "modified",
    "language": "language",
    "LayerText": "layers",
}
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"


def read_xmp(data: bytes) -> dict[str, str]:
    """Return the properties of a packet of XMP, as elements or attributes of rdf:Description.

    :raises ValueError: when it is no XML.
    """
    found: dict[str, list[str]] = {}
    start = data.find(b"<")
    root = parse(data[start:].rstrip(b"\0 \n\r") if start > 0 else data.rstrip(b"\0"))
    for block in root.iter(f"{_RDF}Description"):
        for key, value in block.attrib.items():
            _add(found, str(key).rpartition("}")[2], [str(value)])
        for element in block:
            _add(found, local(element), _values(element))
    return {name: ", ".join(dict.fromkeys(values)) for name, values in found.items() if values}


def _add(found: dict[str, list[str]], name: str, values: list[str]) -> None:
    ours = _NAMES.get(name)
    if ours is not None:
        found.setdefault(ours, []).extend(value.strip() for value in values if value.strip())


def _values(element: "etree._Element") -> list[str]:
    """Return the items of a list; of the same text in several languages the first."""
    items = [str(item.text or "") for item in element.iter(f"{_RDF}li")]
    if next(element.iter(f"{_RDF}Alt"), None) is not None:
        return items[:1]
    return items or [str(element.text or "")]
