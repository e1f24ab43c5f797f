"""Takes pictures out of files that are pictures themselves, or carry one of their cover."""

import warnings
from io import BytesIO
from pathlib import Path
from typing import Any

_FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "TIFF", "BMP", "PSD", "ICO", "JPEG2000", "AVIF")
_QUALITY = 85
_VECTORS = (".svg", ".svgz")
_PAPER, _SLATE = (255, 255, 255), (44, 50, 58)
_LIGHT = 200
_HEAD = 4_096
_UNPACKED_CAP = 32 << 20
_CARRIED = ("docprops/thumbnail.", "thumbnails/thumbnail.", "preview.jpg", "quicklook/thumbnail.")
_CARRIED_FROM = 240
_CARRIED_CAP = 8 << 20


def picture(path: Path, width: int, most: int) -> tuple[bytes, tuple[int, int]] | None:
    """Return a file that is a picture as JPEG with its size, or None when it is none.

    It is ``width`` pixels wide, or less where it would be more than ``most`` pixels high. A
    picture that has fewer pixels of its own is not blown up but stands in the middle of a
    white ground. What is transparent becomes white, or dark where the picture itself is light.

    :raises MemoryError: when the picture needs more memory than the process may take.
    """
    image = _vector(path, width, most) if _is_vector(path) else _raster(path, width, most)
    if image is None:
        return None
    shown = _on_ground(image, width)
    buffer = BytesIO()
    shown.save(buffer, "JPEG", quality=_QUALITY)
    return buffer.getvalue(), shown.size


def _is_vector(path: Path) -> bool:
    if path.suffix.lower() in _VECTORS:
        return True
    with path.open("rb") as stream:
        head = stream.read(_HEAD).lstrip(b"\xef\xbb\xbf \t\r\n")
    return head.startswith(b"<") and b"<svg" in head


def _raster(path: Path, width: int, most: int) -> Any:
    from PIL import Image, ImageOps

    try:
        with warnings.catch_warnings():
            # Large pictures are what designers keep; the process has a limit of its own.
            warnings.simplefilter("ignore")
            with Image.open(path, formats=_FORMATS) as image:
                image.draft("RGB", (width * 2, most))
                turned = ImageOps.exif_transpose(_plain(image))
                turned.thumbnail((width, most))
                return turned
    except (Image.DecompressionBombError, OSError, ValueError, SyntaxError, EOFError, KeyError):
        if not path.exists():
            raise FileNotFoundError(path) from None
        return None


def _plain(image: Any) -> Any:
    """Return a picture in RGB or RGBA: 16 bits, palettes, inks and masks are converted."""
    if image.mode.startswith("I") or image.mode == "F":
        low, high = image.getextrema()
        span = max(1e-6, float(high - low))
        scaled = image.point(lambda value: value * (255.0 / span) - low * 255.0 / span)
        image = _with_exif(scaled.convert("L"), image)
    clear = image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info
    wanted = "RGBA" if clear else "RGB"
    return image if image.mode == wanted else _with_exif(image.convert(wanted), image)


def _with_exif(made: Any, source: Any) -> Any:
    """Keep how the camera was held, which a conversion may drop."""
    if "exif" in source.info:
        made.info.setdefault("exif", source.info["exif"])
    return made


def _vector(path: Path, width: int, most: int) -> Any:
    """Draw an SVG with its transparency kept; scripts are not run and nothing is fetched."""
    from PIL import Image

    from indexer.extract.mupdf import load, raise_if_memory

    pymupdf = load()
    try:
        with pymupdf.open(stream=_unpacked(path), filetype="svg") as document:
            page = document[0]
            rect = page.rect
            zoom = min(width / max(rect.width, 1e-3), most / max(rect.height, 1e-3))
            drawn = page.get_pixmap(matrix=pymupdf.Matrix(zoom, zoom), alpha=True)
    except OSError:
        raise
    except Exception as error:  # MuPDF raises its own, undocumented types
        raise_if_memory(error)
        return None
    # MuPDF multiplies colours by their opacity, Pillow calls that mode RGBa.
    return Image.frombytes("RGBa", (drawn.width, drawn.height), drawn.samples).convert("RGBA")


def _unpacked(path: Path) -> bytes:
    import gzip
    import zlib

    with path.open("rb") as stream:
        packed = stream.read(2) == b"\x1f\x8b"
        stream.seek(0)
        if not packed:
            return stream.read(_UNPACKED_CAP)
        try:
            with gzip.GzipFile(fileobj=stream) as unpacked:
                return unpacked.read(_UNPACKED_CAP)
        except (zlib.error, EOFError) as error:
            raise OSError("the file is damaged") from error


def _on_ground(image: Any, width: int) -> Any:
    """Put a picture on a ground where it has holes or is smaller than what is asked."""
    from PIL import Image

    clear = image.mode == "RGBA" and image.getchannel("A").getextrema()[0] < 255
    small = image.width < width and image.height < width
    if not clear and not small:
        return image.convert("RGB")
    size = (width, max(image.height, width * 9 // 16)) if small else image.size
    ground = Image.new("RGB", size, _SLATE if clear and _is_light(image) else _PAPER)
    place = ((size[0] - image.width) // 2, (size[1] - image.height) // 2)
    ground.paste(image, place, image if image.mode == "RGBA" else None)
    return ground


def _is_light(image: Any) -> bool:
    """Whether what can be seen of a picture with holes would vanish on white."""
    from PIL import ImageStat

    solid = image.getchannel("A").point([0] * 128 + [255] * 128)
    seen = ImageStat.Stat(image.convert("L"), solid)
    return bool(seen.count[0]) and bool(seen.mean[0] > _LIGHT)


def embedded(path: Path, width: int, most: int) -> tuple[bytes, tuple[int, int]] | None:
    """Return the preview of its first page that an Office, OpenDocument or iWork file carries.

    None when it has none, or one with too few pixels for a width of ``width``.
    """
    from PIL import Image

    from indexer.extract.model import Refused
    from indexer.extract.package import PART_ERRORS, Package

    try:
        with Package(path) as package:
            names = [name for name in package.names() if name.startswith(_CARRIED)]
            if not names:
                return None
            with package.open(names[0]) as stream:
                data = stream.read(_CARRIED_CAP + 1)
        with Image.open(BytesIO(data), formats=("JPEG", "PNG")) as image:
            own = image.size
            fits = max(own) >= _CARRIED_FROM and own[0] <= most and own[1] <= most
            if not fits or width > 2 * own[0]:
                return None
            shown = image.convert("RGB")
        if own[0] > width:
            shown.thumbnail((width, most))
        buffer = BytesIO()
        shown.save(buffer, "JPEG", quality=_QUALITY)
    except (Refused, Image.DecompressionBombError, *PART_ERRORS):
        return None
    return buffer.getvalue(), shown.size
