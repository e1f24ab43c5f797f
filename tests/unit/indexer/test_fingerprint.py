"""Fingerprints of files and pages."""

import hashlib
from pathlib import Path

import pytest

from indexer.fingerprint import file_sha256, page_sha


def test_file_hash_is_sha256_of_all_bytes_beyond_one_piece(tmp_path: Path) -> None:
    data = bytes(range(256)) * 5_000
    (tmp_path / "f").write_bytes(data)
    assert file_sha256(tmp_path / "f") == hashlib.sha256(data).digest()


def test_missing_file_raises(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        file_sha256(tmp_path / "f")


def test_page_address_ignores_ligatures_and_composition_only() -> None:
    assert page_sha("eﬃcient café") == page_sha("efficient cafe\u0301")
    assert page_sha("efficient") != page_sha("Efficient")
    assert len(page_sha("")) == 16


def test_page_address_takes_text_that_is_no_valid_unicode() -> None:
    assert len(page_sha("a\udce9")) == 16
