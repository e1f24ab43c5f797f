"""Fingerprints of files and of the text of their pages."""

import hashlib
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

_CHUNK = 1 << 20


def file_sha256(path: Path) -> bytes:
    """Return the SHA-256 of a file's content (32 bytes), read in pieces of 1 MiB.

    :raises OSError: when the file cannot be read.
    """
    digest = hashlib.sha256()
    with path.open("rb", buffering=0) as stream:
        # One buffer for all pieces: a new one for each costs as much again as hashing it.
        piece = memoryview(bytearray(min(_CHUNK, os.fstat(stream.fileno()).st_size + 1)))
        while count := stream.readinto(piece):
            digest.update(piece[:count])
    return digest.digest()


def page_sha(text: str) -> bytes:
    """Return the content address of a page's text (16 bytes).

    BLAKE2b with a digest of 16 bytes over the UTF-8 of the NFKC-normalised text: two pages
    that differ only in ligatures or in composed accents have one address.
    """
    normal = unicodedata.normalize("NFKC", text)
    return hashlib.blake2b(normal.encode("utf-8", "replace"), digest_size=16).digest()


REPEATED_SHARE = 0.6
"""A line that stands on at least this share of the pages is a footer, a logo or a template."""

LEAST_CHARACTERS = 20
"""A page with less normal text than this says too little to be recognised by."""

# The look back stands behind the hyphen, so that only hyphens are looked at.
_HYPHENATED = re.compile(r"-\n(?<=[^\W\d_]-\n)[^\S\n]*(?=[a-zß-öø-ÿ])|\u00ad\n?")
_BULLET = re.compile(r"^(?:[\u2022\u2023\u25aa-\u25cf\u2043\u2219\u00b7\uf0a7\uf0b7*>–—-]+\s+)+")
_ALIKE = (
    *((sign, "-") for sign in "\u2010\u2011\u2012\u2013\u2014\u2212"),
    *((sign, "'") for sign in "\u2018\u2019\u201a\u2032"),
    *((sign, '"') for sign in "\u201c\u201d\u201e\u2033"),
)
_DIGITS = re.compile(r"\d+")
# Plain text goes through tables, which take a quarter of the time of a pattern.
_DIGIT = "\x01"
_PLAIN_DIGITS = {ord(sign): _DIGIT for sign in "0123456789"}
_NO_WORD = {code: " " for code in range(128) if not (chr(code).isalnum() or chr(code) in "_#")}
_WORDS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|\w+|#")


def normal_lines(
    pages: Sequence[str],
    numbers: Sequence[int] = (),
) -> list[tuple[str, ...]]:
    """Return the lines of each page as they compare: what layout and templates do is taken out.

    NFKC, capitals folded, dashes and quotation marks of one kind, hyphenation joined, bullets
    stripped, spaces collapsed; dropped are empty lines, those on at least :data:`REPEATED_SHARE` of
    the pages and on two, and lines that only tell the page's own number (``numbers``; by default
    1, 2, 3 ...).
    """
    split = [_split(text) for text in pages]
    return _kept(split, numbers or range(1, len(pages) + 1), _repeated(split))


def normal_lines_of_two(
    sides: Sequence[tuple[Sequence[str], Sequence[int]]],
) -> list[list[tuple[str, ...]]]:
    """Do for two contents that are compared, each pages and numbers, what ``normal_lines`` does.

    A line that is repeated through one of them, if that has more than two pages, counts in neither:
    on two short pages it is no footer when the other side has it once.
    """
    split = [[_split(text) for text in pages] for pages, _ in sides]
    drop = frozenset().union(*(_repeated(lines) for lines in split if len(lines) > 2))
    return [
        _kept(lines, numbers, drop) for lines, (_, numbers) in zip(split, sides, strict=True)
    ]


def _kept(
    split: Sequence[list[str]], numbers: Sequence[int], drop: frozenset[str]
) -> list[tuple[str, ...]]:
    return [
        tuple(line for line in lines if line not in drop and not _is_number(line, number))
        for lines, number in zip(split, numbers, strict=True)
    ]


def _repeated(split: Sequence[list[str]]) -> frozenset[str]:
    counts = Counter(line for lines in split for line in set(lines))
    most = max(2.0, REPEATED_SHARE * len(split))
    return frozenset(line for line, count in counts.items() if count >= most)


def _split(text: str) -> list[str]:
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
        for sign, plain in _ALIKE:
            text = text.replace(sign, plain)
    if "-\n" in text or "\u00ad" in text:
        text = _HYPHENATED.sub("", text)
    lines = [" ".join(line.split()) for line in text.casefold().splitlines()]
    bare = [line if line[:1].isalnum() else _BULLET.sub("", line) for line in lines]
    return [line for line in bare if line and line not in "\u2022-*"]


def _is_number(line: str, number: int) -> bool:
    """Whether the line is a page's own number: "7", "page 7", "7 / 12"."""
    if len(line) > 19:
        return False
    first = line.split("/")[0].strip(" #.|-–").removeprefix("page ").removeprefix("slide ")
    return first == str(number)


def masked(lines: Iterable[str]) -> str:
    """Return the text of normal lines with every run of digits made ``#``."""
    text = " ".join(lines)
    if not text.isascii() or _DIGIT in text:
        return _DIGITS.sub("#", text)
    text = text.translate(_PLAIN_DIGITS)
    while _DIGIT * 2 in text:
        text = text.replace(_DIGIT * 2, _DIGIT)
    return text.replace(_DIGIT, "#")


def text_key(text: str) -> int:
    """Return a signed 64-bit key of a text (BLAKE2b), for tables and arrays."""
    digest = hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def text_words(text: str) -> list[str]:
    """Return the words of a masked text; signs of scripts without spaces are words of their own."""
    if not text.isascii():
        return _WORDS.findall(text)
    return text.translate(_NO_WORD).replace("#", " # ").split()
