"""What the streams of an OLE container say about it."""

import pytest

from indexer.extract.ole import _has_file_pass, _judge


@pytest.mark.parametrize(
    ("streams", "encrypted", "word", "state", "reader", "words"),
    [
        ({"encryptedpackage", "encryptioninfo"}, False, 0, "protected", "", "password"),
        (
            {"encryptedpackage", "\x06dataspaces/dataspaceinfo/drmencrypteddataspace"},
            False,
            0,
            "protected",
            "",
            "sensitivity label",
        ),
        ({"worddocument", "1table"}, True, 0xC1, "protected", "", "password"),
        ({"worddocument", "1table"}, False, 0xC1, None, "doc", "Word 97"),
        ({"worddocument"}, False, 0x65, None, "old_office", "Word 6 or 95"),
        ({"powerpoint document", "current user"}, False, 0, None, "ppt", "PowerPoint 97"),
        ({"powerpoint document", "text_content"}, False, 0, None, "old_office", "PowerPoint 95"),
        ({"workbook"}, False, 0, None, "xls", "Excel 97"),
        ({"pp40"}, False, 0, None, "old_office", "PowerPoint 4"),
        ({"__substg1.0_0037001f"}, False, 0, "name_only", "", "Outlook message"),
        (set(), False, 0, "name_only", "", "old Office file"),
    ],
)
def test_streams_tell(
    streams: set[str], encrypted: bool, word: int, state: str | None, reader: str, words: str
) -> None:
    found = _judge(streams, "other", encrypted=encrypted, word=word)
    assert (found.state, found.reader) == (state, reader)
    assert words in (found.reason or found.format)


def test_workbook_with_a_password_record() -> None:
    begin = b"\x09\x08\x04\x00\x00\x06\x05\x00"
    assert _has_file_pass(begin + b"\x2f\x00\x02\x00\x00\x00")
    assert not _has_file_pass(begin + b"\x0a\x00\x00\x00")
    assert not _has_file_pass(b"\x09\x08")
