"""What kind of file some bytes are, by their content alone: a name or a Content-Type header proves nothing.

Only the kinds of `KINDS` are taken.  HTML, SVG, scripts, programs and archives are none of them; neither are documents
with macros, because an officer's colleague would open them.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass

from faults import Fault


class FileRefused(Fault):
    """This kind of file is not accepted. Use JPEG, PNG, WebP, PDF, OFD, Word, Excel, PowerPoint, text or CSV."""


class HeicRefused(FileRefused):
    """Photos in the HEIC format are not accepted. Take the photo in the app, or save it as JPEG and try again."""


class MacrosRefused(FileRefused):
    """The document contains macros. Save it without macros (docx, xlsx, pptx) and try again."""


class ArchiveRefused(FileRefused):
    """The document unpacks to far more than it should. Save it anew from the program that made it."""


@dataclass(frozen=True, slots=True)
class FileKind:
    """``suffix`` with its dot, the media type, whether the server re-encodes it as an image."""

    suffix: str
    media_type: str
    image: bool = False


_OFFICE = "application/vnd.openxmlformats-officedocument."
JPEG = FileKind(".jpg", "image/jpeg", image=True)
PNG = FileKind(".png", "image/png", image=True)
WEBP = FileKind(".webp", "image/webp", image=True)
PDF = FileKind(".pdf", "application/pdf")
OFD = FileKind(".ofd", "application/ofd")  # GB/T 33190, the format of official Chinese documents
DOCX = FileKind(".docx", _OFFICE + "wordprocessingml.document")
XLSX = FileKind(".xlsx", _OFFICE + "spreadsheetml.sheet")
PPTX = FileKind(".pptx", _OFFICE + "presentationml.presentation")
DOC = FileKind(".doc", "application/msword")
XLS = FileKind(".xls", "application/vnd.ms-excel")
TXT = FileKind(".txt", "text/plain")
CSV = FileKind(".csv", "text/csv")
KINDS = (JPEG, PNG, WEBP, PDF, OFD, DOCX, XLSX, PPTX, DOC, XLS, TXT, CSV)

_HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_MAX_UNPACKED = 200 * 1024 * 1024
_MAX_MEMBERS = 5_000
_PACKAGES = (("word/document.xml", DOCX), ("xl/workbook.xml", XLSX), ("ppt/presentation.xml", PPTX), ("OFD.xml", OFD))


def sniff(data: bytes, filename: str) -> FileKind:
    """The kind of ``data``; ``filename`` only tells CSV from other text.

    Raises FileRefused (or one of its kin that says more precisely what to do).
    """
    if data.startswith(b"\xff\xd8\xff"):
        return JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return WEBP
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS:
        raise HeicRefused
    if data.startswith(b"%PDF-"):
        return PDF
    if data.startswith(b"PK\x03\x04"):
        return _package(data)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _compound(data)
    if _is_text(data):
        return _text(filename)
    raise FileRefused


def _package(data: bytes) -> FileKind:
    """Office Open XML and OFD are ZIP archives told apart by their main part."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise FileRefused from error
    if len(members) > _MAX_MEMBERS or sum(member.file_size for member in members) > _MAX_UNPACKED:
        raise ArchiveRefused
    names = {member.filename for member in members}
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise MacrosRefused
    for part, kind in _PACKAGES:
        if part in names and (kind is OFD or "[Content_Types].xml" in names):
            return kind
    raise FileRefused


def _compound(data: bytes) -> FileKind:
    """The old Office formats; the names of their streams stand in the file as UTF-16."""
    if "_VBA_PROJECT".encode("utf-16-le") in data:
        raise MacrosRefused
    if "WordDocument".encode("utf-16-le") in data:
        return DOC
    if "Workbook".encode("utf-16-le") in data or "Book".encode("utf-16-le") in data:
        return XLS
    raise FileRefused


def _is_text(data: bytes) -> bool:
    """UTF-8 or GB18030 (Excel's CSV on a Chinese Windows) without control characters."""
    if _CONTROL.search(data):
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False


def _text(filename: str) -> FileKind:
    suffix = "." + filename.lower().rpartition(".")[2]
    for kind in (TXT, CSV):
        if suffix == kind.suffix:
            return kind
    raise FileRefused  # a script or a page is text, too: it would have to lie about its name
