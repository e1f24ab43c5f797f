"""Fingerprints of files and of the text of their pages."""

import hashlib
import unicodedata
from pathlib import Path

_CHUNK = 1 << 20


def file_sha256(path: Path) -> bytes:
    """Return the SHA-256 of a file's content (32 bytes), read in pieces of 1 MiB.

    :raises OSError: when the file cannot be read.
    """
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while piece := stream.read(_CHUNK):
            digest.update(piece)
    return digest.digest()


def page_sha(text: str) -> bytes:
    """Return the content address of a page's text (16 bytes).

    BLAKE2b with a digest of 16 bytes over the UTF-8 of the NFKC-normalised text: two pages
    that differ only in ligatures or in composed accents have one address.
    """
    normal = unicodedata.normalize("NFKC", text)
    return hashlib.blake2b(normal.encode("utf-8", "replace"), digest_size=16).digest()
