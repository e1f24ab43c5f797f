"""What the streams of an OLE container say about it."""

import pytest

from indexer.extract.ole import _has_file_pass, _judge


@pytest.mark.parametrize(
    ("streams", "encrypted", "state", "words"),
    [
        ({"encryptedpackage", "encryptioninfo"}, False, "protected", "password"),
        (
            {"encryptedpackage", "\x06dataspaces/dataspaceinfo/drmencrypteddataspace"},
            False,
            "protected",
            "sensitivity label",
        ),
        ({"worddocument", "1table"}, True, "protected", "password"),
        ({"worddocument", "1table"}, False, "name_only", "Word document"),
        ({"powerpoint document"}, False, "name_only", ".pptx"),
        ({"workbook"}, False, "name_only", ".xlsx"),
        ({"pp40"}, False, "name_only", "PowerPoint 4"),
        ({"__substg1.0_0037001f"}, False, "name_only", "Outlook message"),
        (set(), False, "name_only", "old Office file"),
    ],
)
def test_streams_tell(streams: set[str], encrypted: bool, state: str, words: str) -> None:
    found, reason = _judge(streams, encrypted=encrypted)
    assert found == state
    assert words in reason


def test_workbook_with_a_password_record() -> None:
    begin = b"\x09\x08\x04\x00\x00\x06\x05\x00"
    assert _has_file_pass(begin + b"\x2f\x00\x02\x00\x00\x00")
    assert not _has_file_pass(begin + b"\x0a\x00\x00\x00")
    assert not _has_file_pass(b"\x09\x08")
