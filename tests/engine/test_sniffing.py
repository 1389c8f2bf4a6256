"""Which files are taken, and that names don't matter."""

import io
import zipfile

import pytest

from engine import sniffing
from engine.sniffing import sniff


def package(*names: str, content: bytes = b"x") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content)
    return out.getvalue()


def compound(*streams: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + b"".join(name.encode("utf-16-le") for name in streams)


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (b"\xff\xd8\xff\xe0rest", "a.png", sniffing.JPEG),
        (b"\x89PNG\r\n\x1a\nrest", "a", sniffing.PNG),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "a", sniffing.WEBP),
        (b"%PDF-1.7\n", "报告.pdf", sniffing.PDF),
        (package("OFD.xml", "Doc_0/Document.xml"), "文件.ofd", sniffing.OFD),
        (package("[Content_Types].xml", "word/document.xml"), "a.docx", sniffing.DOCX),
        (package("[Content_Types].xml", "xl/workbook.xml"), "a.docx", sniffing.XLSX),
        (package("[Content_Types].xml", "ppt/presentation.xml"), "a", sniffing.PPTX),
        (compound("WordDocument"), "a.doc", sniffing.DOC),
        (compound("Workbook"), "a.xls", sniffing.XLS),
        ("编号,名称\r\n1,锅炉\r\n".encode(), "台账.CSV", sniffing.CSV),
        ("编号,名称\r\n1,锅炉\r\n".encode("gb18030"), "台账.csv", sniffing.CSV),
        (b"words", "a.txt", sniffing.TXT),
    ],
)
def test_kinds_that_are_taken(data, name, kind):
    assert sniff(data, name) == kind


@pytest.mark.parametrize(
    ("data", "name", "fault"),
    [
        (b"", "a.pdf", sniffing.FileRefused),
        (b"MZ\x90\0\x03", "a.pdf", sniffing.FileRefused),
        (b"<html><script>alert(1)</script>", "a.html", sniffing.FileRefused),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.jpg", sniffing.FileRefused),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "IMG_1.HEIC", sniffing.HeicRefused),
        (package("a.exe"), "a.zip", sniffing.FileRefused),
        (package("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "a.docx", sniffing.MacrosRefused),
        (compound("Workbook", "_VBA_PROJECT_CUR"), "a.xls", sniffing.MacrosRefused),
        (compound("Something"), "a.msi", sniffing.FileRefused),
        (b"PK\x03\x04 truncated", "a.docx", sniffing.FileRefused),
        (b"text with \x00 zero", "a.txt", sniffing.FileRefused),
        (b"text\xff\xff\xff", "a.txt", sniffing.FileRefused),
    ],
)
def test_kinds_that_are_refused(data, name, fault):
    with pytest.raises(sniffing.FileRefused) as caught:
        sniff(data, name)
    assert type(caught.value) is fault


def test_an_archive_bomb_is_refused_without_unpacking():
    bomb = package(*(f"word/{n}.xml" for n in range(3)), "[Content_Types].xml", content=b"\0" * 60_000_000)
    with pytest.raises(sniffing.ArchiveRefused):
        sniff(bomb, "bomb.docx")
