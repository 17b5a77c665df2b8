"""What a file is, told by its bytes; its name may lie."""

from __future__ import annotations

import io
import re
import zipfile

from huiqi.documents.formats.compound_file import CompoundFile
from huiqi.documents.formats.refusals import Refused

_OTHERS = (
    (b"{\\rtf", "an RTF file"),
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"II*\0", "a picture (TIFF)"),
    (b"MM\0*", "a picture (TIFF)"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"\x1f\x8b", "a gzip archive"),
)
_PICTURE = "a picture"
_ZIPPED = (
    ("xl/", "a spreadsheet (XLSX)"),
    ("ppt/", "a presentation (PPTX)"),
    ("OFD.xml", "an OFD file"),
    ("content.xml", "an OpenDocument file"),
)
_PAGE = re.compile(
    r"(?:\s|<!--.*?-->|<\?.*?\?>)*<(?:!doctype\s+html|html|head|body|meta|title|script|style|link|div|p|span|table|h[1-6])\b",
    re.IGNORECASE | re.DOTALL,
)
_WORD_XML = re.compile(r"<(?:\w+:)?(?:wordDocument|package)\b")
_MIME = re.compile(
    rb"\s*(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*){0,40}?content-type:\s*multipart/related", re.IGNORECASE
)
_HEAD = 4096


def sniff(raw: bytes) -> str:
    """Return pdf, docx, doc, html, mht or txt. Raises Refused for what is none of them, naming it."""
    if b"%PDF-" in raw[:1024] and not raw[:1024].lstrip().startswith(b"<"):
        return "pdf"
    if raw.startswith(b"PK\x03\x04") or raw.startswith(b"PK\x05\x06"):
        return _zipped(raw)
    if raw.startswith(b"\xd0\xcf\x11\xe0"):
        return _compound(raw)
    for mark, name in _OTHERS:
        if raw.startswith(mark):
            code = "document-scanned" if name.startswith(_PICTURE) else "document-format"
            raise Refused(code, f"it is {name}, not a text document")
    if _MIME.match(raw[:_HEAD]):
        return "mht"
    head = _head(raw)
    if _PAGE.match(head):
        return "html"
    if head.lstrip().startswith("<?xml") and _WORD_XML.search(head):
        raise Refused("document-format", "it is a Word document in one XML file")
    return "txt"


def _head(raw: bytes) -> str:
    head = raw[:_HEAD]
    if head[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return head.decode("utf-16", "replace")
    return head.removeprefix(b"\xef\xbb\xbf").decode("latin-1")


def _zipped(raw: bytes) -> str:
    try:
        names = zipfile.ZipFile(io.BytesIO(raw)).namelist()
    except Exception as error:  # whatever a damaged container makes the reader of zip files raise
        raise Refused("document-damaged", f"its zip container is damaged ({type(error).__name__})") from None
    if any(name.startswith("word/") for name in names):
        return "docx"
    for mark, kind in _ZIPPED:
        if any(name.startswith(mark) for name in names):
            raise Refused("document-format", f"it is {kind}, not a text document")
    raise Refused("document-format", "it is a ZIP archive", "unpack it and give the document in it")


def _compound(raw: bytes) -> str:
    names = CompoundFile(raw).names
    if "WordDocument" in names:
        return "doc"
    if "EncryptedPackage" in names:
        raise Refused("document-locked", "it is encrypted by a password")
    if names & {"Workbook", "Book"}:
        raise Refused("document-format", "it is a spreadsheet (XLS), not a text document")
    if "PowerPoint Document" in names:
        raise Refused("document-format", "it is a presentation (PPT), not a text document")
    raise Refused("document-format", "it is an old Office container without a Word document")
