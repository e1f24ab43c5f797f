"""Decides what a document is called."""

import re
from collections.abc import Iterable
from pathlib import PurePath
from urllib.parse import unquote

from indexer.extract.clean import clean_line

_SUFFIXES = (
    "pdf|pptx?|ppsx?|ppsm|potx?|potm|pptm|docx?|docm|dotx?|dotm|xlsx?|xlsm|xltx?|xlsb|csv|tsv"
    "|html?|xhtml|md|markdown|txt|rtf|od[tpsg]|key|pages|numbers|indd|indt|ai|qxd|qxp|pub|vsdx?"
    "|tmp|eps|psd|pm[56]|fm|mif|xps|epub|one|mpp|msg|eml|zip|png|jpe?g|gif|svg|tiff?|mp4|mov"
)
_ENDS_IN_SUFFIX = re.compile(rf"\.(?:{_SUFFIXES})\W*$", re.IGNORECASE)
_ANY_SUFFIX = re.compile(r"(?<=.)\.[A-Za-z][A-Za-z0-9]{0,7}$")
_COPY_MARK = re.compile(r"\s*(?:\(\d{1,3}\)| - Copy(?: \(\d+\))?| - Kopie| copy(?: \d+)?)$", re.I)

_PLACEHOLDERS = frozenset(
    text.casefold()
    for text in (
        "PowerPoint Presentation",
        "PowerPoint-Präsentation",
        "Présentation PowerPoint",
        "Presentación de PowerPoint",
        "Presentazione standard di PowerPoint",
        "Presentazione di PowerPoint",
        "Apresentação do PowerPoint",
        "PowerPoint-presentatie",
        "PowerPoint-presentation",
        "Prezentacja programu PowerPoint",
        "Презентация PowerPoint",
        "PowerPoint プレゼンテーション",
        "PowerPoint 演示文稿",
        "PowerPoint 프레젠테이션",
        "Slide 1",
        "Slide Title",
        "Slide title goes here",
        "No Slide Title",
        "Kein Folientitel",
        "Folie 1",
        "Diapositive 1",
        "Diapositiva 1",
        "Presentation Title",
        "Presentation",
        "Presentation title goes here",
        "Title of presentation",
        "Title of the presentation",
        "Deck title",
        "Your title here",
        "Insert title here",
        "Title here",
        "Click to add title",
        "Click to edit Master title style",
        "Click to edit title",
        "Document Title",
        "Document",
        "Title",
        "Titel",
        "Titre",
        "Título",
        "Subtitle",
        "Untitled",
        "Untitled document",
        "Untitled presentation",
        "Untitled spreadsheet",
        "Ohne Titel",
        "Unbenannt",
        "Sans titre",
        "Sin título",
        "Senza titolo",
        "No title",
        "None",
        "Null",
        "Unknown",
        "Default",
        "Blank",
        "Blank presentation",
        "Blank document",
        "New document",
        "New presentation",
        "Word Document",
        "Microsoft Word",
        "Microsoft Word Document",
        "Microsoft PowerPoint",
        "Microsoft Excel",
        "Microsoft Office User",
        "Office Theme",
        "Print",
        "Home",
        "Index",
        "Page 1",
        "Page Title",
        "Lorem ipsum",
        "Cover",
        "Contents",
        "Table of contents",
        "Inhalt",
        "Inhaltsverzeichnis",
        "Sommaire",
        "Agenda",
        "Thank you",
        "Thank you!",
        "Welcome",
        "Confidential",
        "Internal",
        "Draft",
    )
)
_NUMBERED = re.compile(
    r"(?:presentation|document|dokument|präsentation|book|workbook|mappe|untitled|slide|layout"
    r"|sheet|page|drawing|diapositive|folie|title|doc|img|scan|image|microsoft word)"
    r"[\s_\-]*\d+$",
    re.IGNORECASE,
)
_PRINTED_FROM = re.compile(
    r"^\(?(?:microsoft )?(?:office )?(?:word|powerpoint|excel|publisher|visio|outlook"
    r"|print|full page (?:fax )?photo)\s+-\s",
    re.IGNORECASE,
)
_PROMPT = re.compile(
    r"(?:event|presentation|speech|speaker|session|deck|company|customer|product)s?'?\s+"
    r"(?:name|title)(?:\s+(?:or|and|/)\s+.{0,40}|\s+(?:goes )?here)?$"
    r"|<[^<>]*(?:title|name)[^<>]*>|\b(?:title|name) (?:goes )?here\b"
    r"|^(?:click|tap|double-click|insert|enter|type|add)\b.*\b(?:title|text|name|picture)\b",
    re.IGNORECASE,
)
_TEMPLATE = re.compile(r"\b(?:template|vorlage|modèle|plantilla|boilerplate)s?\b", re.IGNORECASE)
_HEXADECIMAL = re.compile(r"\{?[0-9a-f]{8,}(?:-[0-9a-f]{4,})*\}?$", re.IGNORECASE)
_BAD_CHARACTER = re.compile("[\ufffd\ue000-\uf8ff]")
_ADDRESS = re.compile(r"^(?:https?:|file:|www\.|[a-z]:\\|/|\\\\)", re.IGNORECASE)

_WORD = re.compile(r"[^\W\d_]{4,}")
_LONGEST_PROPERTY = 150
_LONGEST_HEADING = 120


def choose_title(
    title_property: str | None, headings: Iterable[str], name: str, text: str = ""
) -> str:
    """Return the title under which people will know a document.

    The title property where someone meant it, else the first heading that says something,
    else the cleaned file name. A title property that names a template counts only when the
    file name does so too, since decks inherit it from the template they were made with; and it
    must share a word with the file name or the text, since copies keep the title of the first.

    :param title_property: the title kept in the document's properties.
    :param headings: first slide title, first heading or H1; best first.
    :param name: the file's name.
    :param text: the beginning of the document's text, if there is any.
    """
    title = clean_line(title_property or "")
    if is_meaningful(title, _LONGEST_PROPERTY) and not _inherited(title, name, text):
        return title.rstrip(" :;,")
    for heading in headings:
        line = clean_line(heading)
        if is_meaningful(line, _LONGEST_HEADING):
            return line.rstrip(" :;,")
    return clean_name(name)


def is_meaningful(title: str, longest: int = _LONGEST_PROPERTY) -> bool:
    """Say whether a title tells documents apart: no default, no file name, no machine noise."""
    letters = sum(character.isalpha() for character in title)
    if not 2 <= len(title) <= longest or letters < 2 or letters * 3 < len(title):
        return False
    if title.casefold().strip(" .:-–—*_#[]()<>…") in _PLACEHOLDERS:
        return False
    patterns = (_NUMBERED.match, _PRINTED_FROM.match, _HEXADECIMAL.match, _ADDRESS.match)
    if _PROMPT.match(title):
        return False
    if any(match(title) for match in patterns):
        return False
    return not (_ENDS_IN_SUFFIX.search(title) or _BAD_CHARACTER.search(title))


def clean_name(name: str) -> str:
    """Return a file's name as words: no suffix, no copy mark, no underscores.

    >>> clean_name("Q3_pricing-sheet%20EMEA (1).pdf.pdf")
    'Q3 pricing-sheet EMEA'
    """
    stem = clean_line(unquote(PurePath(name).name, errors="strict") if _is_quoted(name) else name)
    shorter = _ANY_SUFFIX.sub("", stem)
    while shorter and shorter != stem:
        stem = shorter
        shorter = _COPY_MARK.sub("", _ENDS_IN_SUFFIX.sub("", stem))
    stem = _COPY_MARK.sub("", stem) or stem
    if " " not in stem and "_" not in stem and stem.count("-") > 1:
        stem = stem.replace("-", " ")
    words = " ".join(stem.replace("_", " ").split())
    return words or stem or clean_line(name) or "Untitled"


def _is_quoted(name: str) -> bool:
    if not re.search(r"%[0-9A-Fa-f]{2}", name):
        return False
    try:
        unquoted = unquote(name, errors="strict")
    except UnicodeDecodeError:
        return False
    return not set(unquoted) & set("/\\\x00")


def _inherited(title: str, name: str, text: str) -> bool:
    if _TEMPLATE.search(title) and not _TEMPLATE.search(name.replace("_", " ")):
        return True
    words = _WORD.findall(title.casefold())
    evidence = f"{name} {text}".casefold()
    # Without its last letters a word is found in another number or case as well.
    stems = (word[: max(4, len(word) - 2)] for word in words)
    return bool(words and text) and not any(stem in evidence for stem in stems)
