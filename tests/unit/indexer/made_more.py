"""Small files of the rarer formats, made in code byte by byte or by the libraries at hand."""

import struct
import zipfile
from pathlib import Path

OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
NAMESPACES = (
    f'xmlns:office="{OFFICE}" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" '
    'xmlns:presentation="urn:oasis:names:tc:opendocument:xmlns:presentation:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"'
)
META = (
    "<office:meta><dc:title>Tide guide</dc:title><meta:initial-creator>Ada</meta:initial-creator>"
    "<dc:language>de-DE</dc:language><meta:keyword>quay</meta:keyword><meta:keyword>tide"
    '</meta:keyword><meta:user-defined meta:name="MSIP_Label_'
    '11111111-2222-3333-4444-555555555555_Name">Internal</meta:user-defined></office:meta>'
)
TEXT = (
    '<office:text><text:h text:outline-level="1">Tides</text:h><text:p>High<text:tab/>water'
    '<text:s text:c="2"/>at <text:span>noon</text:span>.<text:note><text:note-body><text:p>By the'
    " almanac</text:p></text:note-body></text:note></text:p><text:tracked-changes><text:p>struck"
    "</text:p></text:tracked-changes><table:table><table:table-row><table:table-cell><text:p>Berth"
    "</text:p></table:table-cell><table:table-cell><text:p>14 m</text:p></table:table-cell>"
    "</table:table-row></table:table></office:text>"
)
SLIDES = (
    '<office:presentation><draw:page draw:name="a"><draw:frame presentation:class="title">'
    "<draw:text-box><text:p>Harbour</text:p></draw:text-box></draw:frame><draw:frame><draw:text-box>"
    "<text:p>For pilots</text:p></draw:text-box></draw:frame><presentation:notes><draw:frame "
    'presentation:class="notes"><draw:text-box><text:p>Wave</text:p></draw:text-box></draw:frame>'
    '<draw:frame presentation:class="footer"><draw:text-box><text:p>Ltd</text:p></draw:text-box>'
    '</draw:frame></presentation:notes></draw:page><draw:page draw:style-name="dp2"><draw:frame>'
    "<draw:text-box><text:p>Old</text:p></draw:text-box></draw:frame></draw:page>"
    "</office:presentation>"
)
HIDDEN = (
    '<office:automatic-styles><style:style style:name="dp2"><style:drawing-page-properties '
    'presentation:visibility="hidden"/></style:style></office:automatic-styles>'
)
SHEETS = (
    '<office:spreadsheet><table:table table:name="Prices"><table:table-row><table:table-cell>'
    "<text:p>Crane</text:p></table:table-cell><table:table-cell "
    'table:number-columns-repeated="9999"/>'
    "<table:table-cell><text:p>€ 490</text:p></table:table-cell></table:table-row></table:table>"
    "</office:spreadsheet>"
)


def opendocument(path: Path, body: str, kind: str, *, styles: str = "", extra: bytes = b"") -> Path:
    """A zip with content, properties, and a preview picture where ``extra`` gives one."""
    content = (
        f"<office:document-content {NAMESPACES}>{styles}<office:body>{body}</office:body>"
        "</office:document-content>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        package.writestr("META-INF/manifest.xml", "<manifest/>")
        package.writestr("content.xml", content)
        package.writestr(
            "meta.xml", f"<office:document-meta {NAMESPACES}>{META}</office:document-meta>"
        )
        if extra:
            package.writestr("Thumbnails/thumbnail.png", extra)
    return path


def flat(path: Path, body: str, kind: str) -> Path:
    """The same in one XML file."""
    path.write_text(
        f'<?xml version="1.0"?><office:document {NAMESPACES} '
        f'office:mimetype="application/vnd.oasis.opendocument.{kind}">{META}<office:body>{body}</office:body></office:document>',
        encoding="utf-8",
    )
    return path


def epub(path: Path, *, encrypted: str = "") -> Path:
    """Two chapters whose order in the spine is not that of their names."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", "application/epub+zip")
        package.writestr(
            "META-INF/container.xml",
            '<container><rootfiles><rootfile full-path="OPS/book.opf"/></rootfiles></container>',
        )
        package.writestr(
            "OPS/book.opf",
            '<package xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata><dc:title>Flood tables'
            "</dc:title><dc:creator>Ada</dc:creator><dc:language>en</dc:language></metadata>"
            '<manifest><item id="a" href="a.xhtml"/><item id="b" href="b%20c.xhtml"/></manifest>'
            '<spine><itemref idref="b"/><itemref idref="a"/><itemref idref="gone"/></spine>'
            "</package>",
        )
        package.writestr("OPS/a.xhtml", "<html><body><h1>Second</h1><p>Ebb</p></body></html>")
        package.writestr("OPS/b c.xhtml", "<html><body><h1>First</h1><p>Flood</p></body></html>")
        if encrypted:
            package.writestr(
                "META-INF/encryption.xml",
                f'<e><EncryptionMethod Algorithm="{encrypted}"/></e>',
            )
    return path


def varint(number: int) -> bytes:
    """A number as Protocol Buffers write it."""
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def message(number: int, data: bytes) -> bytes:
    """A field of bytes."""
    return varint(number << 3 | 2) + varint(len(data)) + data


def iwa(text: str) -> bytes:
    """An archive with one body of text, in one uncompressed snappy block."""
    payload = message(3, text.encode())
    info = b"\x08" + varint(2001) + b"\x18" + varint(len(payload))
    header = message(2, info)
    data = varint(len(header)) + header + payload
    snappy = varint(len(data))
    for at in range(0, len(data), 60):
        piece = data[at : at + 60]
        snappy += bytes([(len(piece) - 1) << 2]) + piece
    return b"\x00" + len(snappy).to_bytes(3, "little") + snappy


def keynote(path: Path) -> Path:
    """Two slides, the tenth part before the ninth."""
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("Index/Document.iwa", iwa("internal"))
        package.writestr("Index/Slide-10.iwa", iwa("Ebb"))
        package.writestr("Index/Slide-9.iwa", iwa("Flood\nat noon"))
        package.writestr("Index/MasterSlide-1.iwa", iwa("Click to edit"))
        package.writestr("preview.jpg", b"\xff\xd8\xff\xe0preview")
    return path


def box(kind: bytes, *parts: bytes) -> bytes:
    """A box of MP4."""
    body = b"".join(parts)
    return struct.pack(">I4s", 8 + len(body), kind) + body


def mp4(path: Path, *, title: str = "Crane film", seconds: int = 94) -> Path:
    """A film of 1280 x 720 without a single frame."""
    header = box(
        b"mvhd", struct.pack(">IIIII", 0, 3_600_000_000, 0, 1000, seconds * 1000), bytes(80)
    )
    track = box(b"tkhd", bytes(76), struct.pack(">II", 1280 << 16, 720 << 16))
    data = box(b"data", struct.pack(">II", 1, 0), title.encode())
    tags = box(b"meta", bytes(4), box(b"ilst", box(b"\xa9nam", data)))
    movie = box(b"moov", header, box(b"trak", track), box(b"udta", tags))
    path.write_bytes(box(b"ftyp", b"isom", bytes(4)) + box(b"mdat", bytes(1_000)) + movie)
    return path


def element(identity: int, data: bytes) -> bytes:
    """An element of Matroska."""
    name = identity.to_bytes((identity.bit_length() + 7) // 8, "big")
    return name + (len(data) | 1 << 28).to_bytes(4, "big") + data


def webm(path: Path) -> Path:
    """A film of 640 x 360 with a title and a chapter."""
    info = element(0x2AD7B1, (1_000_000).to_bytes(3, "big")) + element(0x7BA9, b"Quay tour")
    info += element(0x4489, struct.pack(">d", 61_000.0))
    size = element(0xB0, (640).to_bytes(2, "big")) + element(0xBA, (360).to_bytes(2, "big"))
    tracks = element(0xAE, element(0x83, b"\x01") + element(0xE0, size))
    chapter = element(0x45B9, element(0xB6, element(0x80, element(0x85, b"At the lock"))))
    segment = element(0x1549A966, info) + element(0x1654AE6B, tracks)
    segment += element(0x1043A770, chapter)
    path.write_bytes(element(0x1A45DFA3, element(0x4282, b"webm")) + element(0x18538067, segment))
    return path


def wav(path: Path) -> Path:
    """Two seconds of silence with a title."""
    form = struct.pack("<HHIIHH", 1, 1, 8000, 8000, 1, 8)
    title = b"INFOINAM" + struct.pack("<I", 10) + b"Fog signal"
    chunks = b"fmt " + struct.pack("<I", 16) + form
    chunks += b"LIST" + struct.pack("<I", len(title)) + title
    chunks += b"data" + struct.pack("<I", 16_000) + bytes(16_000)
    path.write_bytes(b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks)
    return path
