"""Opens an attached file in a process of its own: `python -m huiqi.portal.applications.opening pdf|jpg|png MOST_POINTS < FILE`.

Writes JSON: {"pages", "active"} of a PDF (`active`: what in it does something, or brings another file along), {} of a picture
that opens whole, or {"code"}: locked, unreadable, intricate, pixels.
"""

from __future__ import annotations

import io
import json
import logging
import sys
import warnings
from collections.abc import Iterator
from typing import Any

from huiqi.documents.formats.limits import bound_process

_ACTIVE = frozenset(
    {
        *("JavaScript", "JS", "Launch", "EmbeddedFile", "EmbeddedFiles", "RichMedia", "XFA", "SubmitForm"),
        *("ImportData", "GoToR", "GoToE", "Rendition", "Movie", "Sound", "FileAttachment"),
    }
)
_MOST_OBJECTS = 50_000
_MOST_DEPTH = 60


class _Intricate(Exception):
    pass


def main() -> None:
    """Read a file from standard input, write what is told of it to standard output."""
    bound_process()
    logging.disable(logging.CRITICAL)
    kind, most = sys.argv[1], int(sys.argv[2])
    content = sys.stdin.buffer.read()
    sys.stdout.write(json.dumps(pdf(content) if kind == "pdf" else picture(content, kind, most)))


def pdf(content: bytes) -> dict[str, Any]:
    """Return the pages of a PDF and what is active in it, or the code of a refusal."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(content)
        pages = len(document)
        document.close()
    except pypdfium2.PdfiumError as error:
        said = str(error).lower()
        return {"code": "locked" if "password" in said or "security" in said else "unreadable"}
    try:
        return {"pages": pages, "active": sorted(_active(content))}
    except Exception:  # what a second reader cannot follow is not known to be harmless
        return {"code": "intricate"}


def picture(content: bytes, kind: str, most: int) -> dict[str, Any]:
    """Return nothing for a picture that opens whole, or the code of a refusal."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(content), formats=["JPEG" if kind == "jpg" else "PNG"]) as found:
                if found.width * found.height > most:
                    return {"code": "pixels"}
                found.load()
    except Exception:  # whatever a damaged picture makes the reader raise
        return {"code": "unreadable"}
    return {}


def _active(content: bytes) -> set[str]:
    from pdfminer.pdfdocument import PDFDocument
    from pdfminer.pdfparser import PDFParser

    document = PDFDocument(PDFParser(io.BytesIO(content)))
    numbers = {number for each in document.xrefs for number in each.get_objids()}
    if len(numbers) > _MOST_OBJECTS:
        raise _Intricate
    found: set[str] = set()
    roots: list[Any] = [document.catalog, *(each.get_trailer() for each in document.xrefs)]
    for each in (*roots, *(_object(document, number) for number in sorted(numbers))):
        found |= _ACTIVE & set(_names(each, 0))
    return found


def _object(document: Any, number: int) -> Any:
    from pdfminer.pdfdocument import PDFObjectNotFound

    try:
        return document.getobj(number)
    except PDFObjectNotFound:
        return None  # a number that stands for nothing any more


def _names(value: Any, depth: int) -> Iterator[str]:
    """Yield the keys and names of a PDF object, references not followed."""
    from pdfminer.pdftypes import PDFStream
    from pdfminer.psparser import PSLiteral

    if depth > _MOST_DEPTH:
        raise _Intricate
    if isinstance(value, PDFStream):
        value = value.attrs
    if isinstance(value, dict):
        for key, inner in value.items():
            yield str(key)
            yield from _names(inner, depth + 1)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _names(inner, depth + 1)
    elif isinstance(value, PSLiteral):
        yield value.name if isinstance(value.name, str) else value.name.decode("latin-1")


if __name__ == "__main__":
    main()
