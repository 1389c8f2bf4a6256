"""Photos: read what the camera wrote, then make a new, smaller picture that carries nothing but its pixels.

Re-encoding removes position and owner from what colleagues download, and whatever was hidden behind the pixels.
"""

from __future__ import annotations

import io
import math
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from PIL import ExifTags, Image, ImageOps

from engine.sniffing import JPEG, PNG, FileKind
from faults import Fault

MAX_PIXELS = 40_000_000
# A progressive JPEG has some ten scans. Thousands of empty ones fit into a small file and each costs a walk through all
# pixels (the "progressive bomb"). In coded data 0xFF is never followed by the mark of a scan.
_MAX_SCANS = 100
_SCAN = b"\xff\xda"
# Forty megapixels take up to 320 MB while they are decoded.
_ROOM = threading.BoundedSemaphore(2)
MAX_SIDE = 2560
THUMB_SIDE = 320
_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}


class ImageTooLarge(Fault):
    """The picture has more than 40 million pixels. Make it smaller and try again."""


class ImageDamaged(Fault):
    """The picture is damaged and can't be opened. Take or export it again."""


@dataclass(frozen=True, slots=True)
class Exif:
    """What the camera wrote: WGS-84 degrees; a time without offset is local time of the calendar's zone."""

    taken_at: datetime | None = None
    latitude: float | None = None
    longitude: float | None = None
    device: str | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """The picture to keep, its thumbnail (always JPEG), its difference hash (16 hex digits) and the camera's notes."""

    kind: FileKind
    data: bytes
    thumbnail: bytes
    width: int
    height: int
    dhash: str
    exif: Exif


def read_picture(data: bytes, kind: FileKind, zone: ZoneInfo) -> Picture:
    """Open, turn upright, shrink to `MAX_SIDE` and encode anew. Raises ImageTooLarge, ImageDamaged.

    At most two pictures are worked on at once in a process; others wait.
    """
    if kind is JPEG and data.count(_SCAN) > _MAX_SCANS:
        raise ImageDamaged
    with _ROOM:
        return _read(data, kind, zone)


def _read(data: bytes, kind: FileKind, zone: ZoneInfo) -> Picture:
    try:
        # Only the decoder of the sniffed kind: Pillow would otherwise try some forty.
        with Image.open(io.BytesIO(data), formats=(_FORMATS[kind.media_type],)) as image:
            if image.width * image.height > MAX_PIXELS:
                raise ImageTooLarge
            exif = _exif(image, zone)
            # JPEG decodes straight to a half, quarter or eighth, which saves memory; no effect on other formats.
            image.draft("RGB", (MAX_SIDE, MAX_SIDE))
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS)
            return _encoded(upright, kind, exif)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError) as error:
        raise ImageTooLarge from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:  # what Pillow's decoders raise on broken files
        raise ImageDamaged from error


def _encoded(image: Image.Image, kind: FileKind, exif: Exif) -> Picture:
    plain = image.convert("RGBA" if image.has_transparency_data else "RGB")
    keep = PNG if kind is PNG or plain.mode == "RGBA" else JPEG
    opaque = _on_white(plain)
    small = opaque.copy()
    small.thumbnail((THUMB_SIDE, THUMB_SIDE), Image.Resampling.LANCZOS)
    return Picture(
        kind=keep,
        data=_bytes_of(plain, "PNG") if keep is PNG else _bytes_of(opaque, "JPEG"),
        thumbnail=_bytes_of(small, "JPEG"),
        width=plain.width,
        height=plain.height,
        dhash=_dhash(opaque),
        exif=exif,
    )


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode == "RGB":
        return image
    ground = Image.new("RGB", image.size, "white")
    ground.paste(image, mask=image.getchannel("A"))
    return ground


def _bytes_of(image: Image.Image, form: str) -> bytes:
    # A copy from the pixels alone: Pillow writes EXIF, comments and profiles that still hang on `info`.
    clean = Image.new(image.mode, image.size)
    clean.paste(image)
    out = io.BytesIO()
    if form == "JPEG":
        clean.save(out, form, quality=85, optimize=True)
    else:
        clean.save(out, form, optimize=True)
    return out.getvalue()


def _dhash(image: Image.Image) -> str:
    """Difference hash: is each of 8 x 8 points brighter than its right neighbour? Like pictures differ in few bits."""
    grey = image.convert("L").resize((9, 8), Image.Resampling.BOX).tobytes()
    bits = 0
    for row in range(8):
        for column in range(8):
            place = row * 9 + column
            bits = bits << 1 | (grey[place] > grey[place + 1])
    return f"{bits:016x}"


def _exif(image: Image.Image, zone: ZoneInfo) -> Exif:
    try:
        tags = image.getexif()
        details = tags.get_ifd(ExifTags.IFD.Exif)
        position = _position(tags.get_ifd(ExifTags.IFD.GPSInfo))
    except Exception:  # Pillow's reader raises almost anything on broken tags, and they are only hints
        return Exif()
    maker = (_words(tags.get(ExifTags.Base.Make)), _words(tags.get(ExifTags.Base.Model)))
    return Exif(
        taken_at=_taken_at(details, zone),
        latitude=position[0] if position else None,
        longitude=position[1] if position else None,
        device=" ".join(word for word in maker if word) or None,
    )


def _taken_at(details: Mapping[int, Any], zone: ZoneInfo) -> datetime | None:
    text = _words(details.get(ExifTags.Base.DateTimeOriginal))
    offset = _words(details.get(ExifTags.Base.OffsetTimeOriginal))
    try:
        local = datetime.strptime(text, "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 - the zone follows
        return datetime.fromisoformat(local.isoformat() + offset) if offset else local.replace(tzinfo=zone)
    except ValueError:
        return None


def _position(gps: Mapping[int, Any]) -> tuple[float, float] | None:
    try:
        latitude = _degrees(gps[ExifTags.GPS.GPSLatitude], gps[ExifTags.GPS.GPSLatitudeRef] == "S")
        longitude = _degrees(gps[ExifTags.GPS.GPSLongitude], gps[ExifTags.GPS.GPSLongitudeRef] == "W")
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    if not (math.isfinite(latitude) and math.isfinite(longitude)):
        return None  # a rational with denominator 0
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def _degrees(parts: Any, negative: bool) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    value = degrees + minutes / 60 + seconds / 3600
    return -value if negative else value


def _words(value: Any) -> str:
    return str(value).replace("\0", "").strip()[:80] if value else ""
