"""Bytes of any origin as text (NM-3)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.extract.encoding import decode, looks_like_text

TEXT = "Größe und Preis: 100 € für Kräne – naïve Überlegungen über Häfen. " * 4


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
def test_finds_the_encoding(encoding: str) -> None:
    data = TEXT.encode(encoding)
    assert decode(data) == TEXT
    assert looks_like_text(data[:200])


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("shift_jis", "港湾の料金表について説明します。" * 8),
        ("iso-2022-jp", "港湾の料金表" * 8),
        ("cp1251", "Портовые сборы и цены на краны. " * 8),
    ],
)
def test_finds_other_scripts(encoding: str, text: str) -> None:
    assert decode(text.encode(encoding)) == text


def test_cut_inside_a_character_is_still_utf8() -> None:
    assert decode("Preis 100 €".encode()[:-1]) == "Preis 100 \ufffd"


@given(st.binary(max_size=300))
def test_never_fails(data: bytes) -> None:
    assert isinstance(decode(data), str)
    looks_like_text(data)


def test_pictures_are_no_text() -> None:
    assert not looks_like_text(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")
