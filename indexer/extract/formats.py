"""Names formats: what suffixes claim, what files begin with, and which module reads them."""

from dataclasses import dataclass

FAMILY = {
    **dict.fromkeys((".pptx", ".pptm", ".ppsx", ".ppsm", ".potx", ".potm"), "pptx"),
    **dict.fromkeys((".docx", ".docm", ".dotx", ".dotm"), "docx"),
    **dict.fromkeys((".xlsx", ".xlsm", ".xltx", ".xltm", ".xlsb"), "xlsx"),
    **dict.fromkeys((".odp", ".otp", ".fodp", ".key"), "pptx"),
    **dict.fromkeys((".odt", ".ott", ".fodt", ".odm", ".pages"), "docx"),
    **dict.fromkeys((".ods", ".ots", ".fods", ".numbers"), "xlsx"),
    **dict.fromkeys((".ppt", ".pps", ".pot"), "pptx"),
    **dict.fromkeys((".doc", ".dot", ".rtf"), "docx"),
    **dict.fromkeys((".xls", ".xlt"), "xlsx"),
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".gif", ".webp", ".tif", ".tiff", ".psd"), "image"),
    **dict.fromkeys((".odg", ".otg", ".fodg"), "image"),
    **dict.fromkeys((".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".wmv"), "video"),
    **dict.fromkeys((".mp3", ".m4a", ".wav", ".flac", ".ogg", ".opus", ".wma"), "audio"),
    ".epub": "ebook",
    ".pdf": "pdf",
}
"""Suffix -> the kind that it claims; used where content cannot say (encrypted, cut off)."""

NEVER_TEXT = frozenset(
    suffix
    for suffix, kind in FAMILY.items()
    if kind in ("image", "video", "audio", "ebook", "pdf")
    or suffix[-1] in "xm"
    or suffix.startswith((".od", ".ot"))
    or suffix in (".xlsb", ".pages", ".numbers", ".key")
)
"""Suffixes whose formats are binary: such a file with nothing but text in it is no such file."""

CLAIM_NAMES = {
    "pdf": "a PDF",
    "pptx": "a deck",
    "docx": "a text document",
    "xlsx": "a workbook",
    "image": "a picture",
    "video": "a video",
    "audio": "a sound recording",
    "ebook": "an e-book",
}


@dataclass(frozen=True, slots=True)
class Magic:
    """Bytes at an offset that give a format away. ``reader`` is "" where none reads it."""

    offset: int
    begins: bytes
    what: str
    kind: str = "other"
    reader: str = ""


def _pictures() -> tuple[Magic, ...]:
    return (
        Magic(0, b"\x89PNG\r\n\x1a\n", "a picture (PNG)", "image", "image"),
        Magic(0, b"\xff\xd8\xff", "a picture (JPEG)", "image", "image"),
        Magic(0, b"GIF87a", "a picture (GIF)", "image", "image"),
        Magic(0, b"GIF89a", "a picture (GIF)", "image", "image"),
        Magic(0, b"BM", "a picture (BMP)", "image", "image"),
        Magic(0, b"II*\x00", "a picture (TIFF)", "image", "image"),
        Magic(0, b"MM\x00*", "a picture (TIFF)", "image", "image"),
        Magic(0, b"8BPS", "a Photoshop picture", "image", "image"),
        Magic(8, b"WEBP", "a picture (WebP)", "image", "image"),
        Magic(4, b"ftypavif", "a picture (AVIF)", "image", "image"),
        Magic(4, b"ftypheic", "a picture (HEIC)", "image"),
        Magic(4, b"ftypheix", "a picture (HEIC)", "image"),
        Magic(4, b"ftypmif1", "a picture (HEIF)", "image"),
        Magic(4, b"ftypmsf1", "a picture (HEIF)", "image"),
        Magic(4, b"ftypcrx ", "a camera's raw picture", "image"),
    )


def _media() -> tuple[Magic, ...]:
    return (
        Magic(4, b"ftypM4A", "a sound recording (M4A)", "audio", "media"),
        Magic(4, b"ftypM4B", "an audio book (M4B)", "audio", "media"),
        Magic(4, b"ftypqt", "a QuickTime video", "video", "media"),
        Magic(4, b"ftyp", "an MP4 video", "video", "media"),
        Magic(4, b"moov", "a QuickTime video", "video", "media"),
        Magic(4, b"mdat", "a QuickTime video", "video", "media"),
        Magic(4, b"wide", "a QuickTime video", "video", "media"),
        Magic(0, b"\x1a\x45\xdf\xa3", "a Matroska or WebM video", "video", "media"),
        Magic(8, b"AVI ", "an AVI video", "video", "media"),
        Magic(0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "a Windows Media file", "video", "media"),
        Magic(8, b"WAVE", "a sound recording (WAV)", "audio", "media"),
        Magic(8, b"AIFF", "a sound recording (AIFF)", "audio", "media"),
        Magic(8, b"AIFC", "a sound recording (AIFF)", "audio", "media"),
        Magic(0, b"ID3", "a sound recording (MP3)", "audio", "media"),
        Magic(0, b"\xff\xfb", "a sound recording (MP3)", "audio", "media"),
        Magic(0, b"\xff\xf3", "a sound recording (MP3)", "audio", "media"),
        Magic(0, b"\xff\xfa", "a sound recording (MP3)", "audio", "media"),
        Magic(0, b"fLaC", "a sound recording (FLAC)", "audio", "media"),
        Magic(0, b"OggS", "an Ogg recording", "audio", "media"),
    )


def _others() -> tuple[Magic, ...]:
    return (
        Magic(0, b"{\\rtf", "an RTF document", "docx", "rtf"),
        Magic(0, b"bplist00", "a property list of macOS", "link", "link"),
        Magic(0, b"\xdb\xa5-\x00", "a Word 2 document, from about 1992", "docx", "old_office"),
        Magic(0, b"%!PS", "a PostScript file"),
        Magic(0, b"\xc5\xd0\xd3\xc6", "a PostScript picture"),
        Magic(0, b"\x1f\x8b", "a compressed archive"),
        Magic(0, b"7z\xbc\xaf\x27\x1c", "a compressed archive"),
        Magic(0, b"Rar!", "a compressed archive"),
        Magic(0, b"BZh", "a compressed archive"),
        Magic(0, b"\xfd7zXZ", "a compressed archive"),
        Magic(257, b"ustar", "an archive"),
        Magic(0, b"SQLite format 3", "a database"),
        Magic(0, b"\x06\x06\xed\xf5", "an InDesign document"),
        Magic(0, b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d", "a OneNote section"),
        Magic(0, b"wOF", "a font"),
        Magic(0, b"OTTO", "a font"),
        Magic(0, b"\x00\x01\x00\x00\x00", "a font"),
        Magic(0, b"MZ", "a program for Windows"),
        Magic(0, b"\x7fELF", "a program"),
        Magic(0, b"\xcf\xfa\xed\xfe", "a program for macOS"),
        Magic(0, b"\xca\xfe\xba\xbe", "a program"),
        Magic(0, b"L\x00\x00\x00\x01\x14\x02\x00", "a Windows shortcut"),
        Magic(0, b"From: ", "an e-mail message"),
        Magic(0, b"Received: ", "an e-mail message"),
        Magic(0, b"Return-Path: ", "an e-mail message"),
        Magic(0, b"BEGIN:VCARD", "a contact card"),
        Magic(0, b"BEGIN:VCALENDAR", "a calendar entry"),
    )


MAGICS = (*_pictures(), *_media(), *_others())

WORDLIKE = (b"BM", b"MZ", b"BZh", b"ID3", b"wOF", b"OTTO", b"From: ", b"8BPS", b"Rar!")
"""Magic numbers made of letters, which also begin words: "BMW", "MZ", "From: "."""

OPEN_DOCUMENT = {
    "presentation": ("pptx", "an OpenDocument presentation"),
    "text": ("docx", "an OpenDocument text"),
    "spreadsheet": ("xlsx", "an OpenDocument spreadsheet"),
    "drawing": ("image", "an OpenDocument drawing"),
    "graphics": ("image", "an OpenDocument drawing"),
    "chart": ("image", "an OpenDocument chart"),
}
"""Element under office:body, or last part of the media type -> kind and name."""


def suffix_format(what: str) -> str:
    """Turn "an RTF document" into "RTF document"."""
    article, _, rest = what.partition(" ")
    return rest[:1].upper() + rest[1:] if article in ("a", "an") else what
