"""Reads Word 2, 6 and 95 and PowerPoint 4 and 95 through LibreOffice, where it is installed."""

from pathlib import Path

from indexer.extract.model import Draft, Refused
from indexer.extract.office import converted, find_office
from indexer.extract.ole import OLE_ERRORS, ole_properties, stream
from indexer.extract.sections import Block, sections

_EMPTY = "This file has no text in it, only pictures or nothing at all."
_NEEDED = (
    "This is {what} from before 1997. Deckhand reads such files through LibreOffice, which is not"
    " installed here, so it is found by its name only. Install LibreOffice, or save the file as"
    " {modern}."
)


def read(path: Path) -> Draft:
    """Return the text of a file from before 1997.

    :raises Refused: when LibreOffice is not there or cannot convert it.
    """
    text, properties, is_deck = _look(path)
    if find_office() is None:
        if text:
            return _plain(text, properties)
        what, modern = ("a PowerPoint deck", ".pptx") if is_deck else ("a Word document", ".docx")
        raise Refused("name_only", _NEEDED.format(what=what, modern=modern))
    with converted(path, "pptx" if is_deck else "docx") as copy:
        if is_deck:
            from indexer.extract.pptx import read as read_copy
        else:
            from indexer.extract.docx import read as read_copy
        draft = read_copy(copy)
    draft.properties = {**_without_office(draft.properties), **properties}
    draft.title_property = properties.pop("title", draft.title_property)
    draft.properties.pop("title", None)
    return draft


def _without_office(properties: dict[str, str]) -> dict[str, str]:
    """Leave out what LibreOffice says of itself."""
    own = ("application", "created", "modified", "last_modified_by", "pages", "slides")
    return {name: value for name, value in properties.items() if name not in own}


def _plain(text: str, properties: dict[str, str]) -> Draft:
    """Return the text that PowerPoint 95 kept beside its slides."""
    warning = "The slides themselves need LibreOffice; their texts were read as one."
    lines = [line.strip() for line in text.replace("\r", "\n").split("\n")]
    pages = sections(Block(line) for line in lines if line)
    headings = [line for line in lines if line][:2]
    title = properties.pop("title", None)
    return Draft(pages, title, headings, properties, [warning], _EMPTY)


def _look(path: Path) -> tuple[str, dict[str, str], bool]:
    """Return plain text kept beside the content, properties, and whether it is a deck."""
    import olefile

    try:
        with olefile.OleFileIO(str(path)) as container:
            text = stream(container, "Text_Content").decode("cp1252", "replace")
            return text, ole_properties(container), not container.exists("WordDocument")
    except OLE_ERRORS:
        return "", {}, False
