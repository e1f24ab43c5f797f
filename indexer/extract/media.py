"""Reads what a video or sound recording says of itself: title, people, length and size."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from indexer.extract.model import Draft, PageText, Refused

_EMPTY = "This recording says nothing of itself, so it is found by its name only."
_DAMAGED = "This recording is damaged and cannot be opened. Ask for a new copy."
_SAID = ("comment", "description", "album", "artist", "genre", "keywords", "lyrics")
_VALUE_CAP = 20_000


@dataclass(slots=True)
class Facts:
    """What the header of a recording tells.

    ``seconds`` is its length, ``width`` and ``height`` are in pixels, 0 without a picture.
    ``tags`` holds what people wrote into it: title, artist, comment and so on. ``chapters`` are
    the titles of its parts.
    """

    name: str
    seconds: float = 0.0
    width: int = 0
    height: int = 0
    has_sound: bool = False
    tags: dict[str, str] = field(default_factory=dict)
    chapters: list[str] = field(default_factory=list)


def read(path: Path) -> Draft:
    """Return one page with what a recording says of itself; its pictures are not decoded.

    :raises Refused: when its header cannot be read.
    """
    with path.open("rb") as stream:
        head = stream.read(16)
        stream.seek(0)
        try:
            facts = _facts(stream, head)
        except FileNotFoundError:
            raise
        except Exception as error:  # three readers of hostile headers, each with its own errors
            if isinstance(error, MemoryError):
                raise
            raise Refused("damaged", _DAMAGED) from error
    return _draft(facts)


def _facts(stream: IO[bytes], head: bytes) -> Facts:
    from indexer.extract import containers, matroska

    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return matroska.read_facts(stream)
    if head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"):
        return containers.read_mp4(stream)
    if head[8:12] == b"AVI ":
        return containers.read_avi(stream)
    return _tagged(stream, head)


def _tagged(stream: IO[bytes], head: bytes) -> Facts:
    """Read sound (MP3, WAV, FLAC, Ogg, AIFF, Windows Media) with tinytag."""
    from tinytag import TinyTag

    tag = TinyTag.get(file_obj=stream, image=False)  # type: ignore[arg-type]
    name = _sound_name(head)
    facts = Facts(name, seconds=tag.duration or 0.0, has_sound=True)
    for key in ("title", "artist", "album", "comment", "genre", "year", "composer"):
        value = getattr(tag, key, None)
        if isinstance(value, str) and value.strip():
            facts.tags["created" if key == "year" else key] = value
    for key in ("copyright", "description", "lyrics", "language"):
        values = tag.other.get(key)
        if isinstance(values, list) and values and isinstance(values[0], str):
            facts.tags[key] = values[0]
    if not (facts.seconds or facts.tags):
        raise ValueError("neither sound nor tags")
    if head.startswith(b"OggS"):
        stream.seek(0)
        if b"theora" in stream.read(4_096):
            facts.name, facts.width = "Ogg video", -1
    return facts


def _sound_name(head: bytes) -> str:
    names = {b"fLaC": "FLAC", b"OggS": "Ogg", b"RIFF": "WAV", b"FORM": "AIFF"}
    if head.startswith(b"\x30\x26\xb2\x75"):
        return "Windows Media"
    return names.get(head[:4], "MP3")


def _draft(facts: Facts) -> Draft:
    is_video = facts.width != 0
    width = max(0, facts.width)
    about = facts.name if is_video else f"{facts.name} recording"
    if width:
        about += f", {width} × {facts.height} pixels"
    if facts.seconds > 0:
        about += f", {duration(facts.seconds)}"
    tags = {name: value[:_VALUE_CAP] for name, value in facts.tags.items() if value.strip()}
    said = [tags[name] for name in _SAID if name in tags]
    body = "\n".join(dict.fromkeys([*said, *facts.chapters, about]))
    title = tags.pop("title", None)
    label = "video" if is_video else "recording"
    page = PageText(1, label, title or "", body, "", hidden=False)
    properties = {name: tags[name] for name in _PROPERTIES if name in tags}
    if "artist" in properties:
        properties["author"] = properties.pop("artist")
    if facts.seconds > 0:
        properties["duration"] = duration(facts.seconds)
    if width:
        properties["dimensions"] = f"{width} × {facts.height}"
    kind = "video" if is_video else "audio"
    return Draft([page], title, [], properties, [], _EMPTY, kind)


_PROPERTIES = ("artist", "album", "genre", "composer", "copyright", "created", "language")


def duration(seconds: float) -> str:
    """Return a length as people write it.

    >>> duration(3725.4), duration(94)
    ('1 h 2 min 5 s', '1 min 34 s')
    """
    whole = round(seconds)
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    parts = [(hours, "h"), (minutes, "min"), (rest, "s")]
    return " ".join(f"{number} {unit}" for number, unit in parts if number) or "under 1 s"
