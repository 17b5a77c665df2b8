"""Opens a PDF in a process of its own: `python -m huiqi.documents.formats.pdf_child < FILE`.

Writes JSON: `pages`, each a list of printed lines [words, left, right, top, bottom, size] and tables
{"rows": …, "top": …}, in reading order, with its width and height in points; or `code` and `why` of a refusal.
"""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Sequence
from typing import Any

from huiqi.documents.formats import limits
from huiqi.documents.formats.pdf_lines import Glyph, printed_lines
from huiqi.documents.formats.refusals import Refused

_FEWEST_RULES, _MOST_RULES = 4, 4_000
_SCANNED = 0.5
_MOST_GLYPHS = 200_000
_PICTURE = 0.3
"""Share of a page's area from which on a picture may be the page itself."""


def main() -> None:
    """Read a PDF from standard input, write what it prints to standard output."""
    limits.bound_process()
    logging.disable(logging.CRITICAL)
    sys.setrecursionlimit(3_000)
    sys.stdout.write(json.dumps(answer(sys.stdin.buffer.read())))


def answer(raw: bytes) -> dict[str, Any]:
    """Return what a PDF prints, or the code and the reason of a refusal; never raises."""
    try:
        return _read(raw)
    except Refused as refusal:
        return {"code": refusal.code, "why": refusal.why}
    except MemoryError:
        return {"code": "document-too-slow", "why": "it takes too much memory to open"}
    except RecursionError:
        return {"code": "document-hostile", "why": "its parts are nested too deep"}
    except Exception as error:  # whatever a damaged file makes the reader raise
        return {"code": "document-damaged", "why": f"its structure is damaged ({type(error).__name__})"}


def _read(raw: bytes) -> dict[str, Any]:
    import pdfplumber
    from pdfminer.pdfdocument import PDFPasswordIncorrect
    from pdfminer.pdfparser import PDFSyntaxError
    from pdfplumber.utils.exceptions import PdfminerException

    try:
        book = pdfplumber.open(io.BytesIO(raw))
    except (PDFPasswordIncorrect, PdfminerException, PDFSyntaxError) as error:
        if "Password" in repr(error) or "Encrypt" in repr(error):
            raise Refused("document-locked", "it is encrypted by a password") from None
        raise Refused("document-damaged", "it is no well-formed PDF") from None
    from pdfminer.pdfpage import PDFPage

    pages: list[dict[str, Any]] = []
    bare = characters = 0
    for number, each in enumerate(PDFPage.create_pages(book.doc), start=1):
        if number > limits.MOST_PAGES:
            raise Refused("document-too-large", f"more than {limits.MOST_PAGES} pages")
        page = pdfplumber.page.Page(book, each, page_number=number, initial_doctop=0)
        told = _page(page)
        bare += told["picture"]
        characters += told["characters"]
        if characters > limits.MOST_CHARACTERS:
            raise Refused("document-too-large", f"more than {limits.MOST_CHARACTERS} characters of text")
        pages.append(told)
        page.close()
    if not pages:
        raise Refused("document-damaged", "it has no pages")
    if not characters or bare > len(pages) * _SCANNED:
        raise Refused(
            "document-scanned", f"{bare or len(pages)} of its {len(pages)} pages are pictures without text"
        )
    return {"pages": pages, "hints": _hints(book.metadata)}


def _page(page: Any) -> dict[str, Any]:
    if len(page.chars) > _MOST_GLYPHS:
        raise Refused("document-hostile", f"a page with more than {_MOST_GLYPHS} characters")
    glyphs = [
        Glyph(each["text"], each["x0"], each["x1"], each["top"], each["bottom"], each["size"])
        for each in page.chars
        if not _is_turned(each)
    ]
    area = float(page.width) * float(page.height)
    pictures = sum(abs((each["x1"] - each["x0"]) * (each["bottom"] - each["top"])) for each in page.images)
    shown = sum(1 for each in glyphs if not each.words.isspace())
    tables = _tables(page, glyphs)
    boxes = [box for box, _ in tables]
    outside = [each for each in glyphs if not _within(each, boxes)]
    return {
        "width": float(page.width),
        "height": float(page.height),
        "turned": "".join(each["text"] for each in page.chars if _is_turned(each)),
        "picture": int(shown < 10 and pictures > area * _PICTURE),
        "characters": len(glyphs),
        "lines": [
            list(line) for line in printed_lines(outside, float(page.width), [box[1] for box in boxes])
        ],
        "tables": [{"rows": rows, "top": box[1]} for box, rows in tables],
    }


def _is_turned(character: dict[str, Any]) -> bool:
    """Whether a character stands aslant by ten degrees or more, as stamps and watermarks do."""
    along, across = character["matrix"][:2]
    return bool(abs(across) > 0.176 * abs(along))


def _tables(
    page: Any, glyphs: Sequence[Glyph]
) -> list[tuple[tuple[float, float, float, float], list[list[str]]]]:
    """The ruled tables of a page with at least two rows and two columns: box and words."""
    rules = len(page.lines) + len(page.rects) + len(page.curves)
    if not _FEWEST_RULES <= rules <= _MOST_RULES:
        return []
    found = []
    for table in page.find_tables():
        rows = [list(row.cells) for row in table.rows]
        if len(rows) < 2 or max(len(row) for row in rows) < 2 or len(rows) * len(rows[0]) > limits.MOST_CELLS:
            continue
        inside = [each for each in glyphs if _within(each, [table.bbox])]
        words = [[_cell(cell, inside) for cell in row] for row in rows]
        if sum(1 for row in words for cell in row if cell) >= 2:
            found.append((table.bbox, words))
    return sorted(found, key=lambda each: each[0][1])


def _cell(box: tuple[float, float, float, float] | None, glyphs: Sequence[Glyph]) -> str:
    if box is None:
        return ""
    lines = printed_lines([each for each in glyphs if _within(each, [box])], 0, [])
    out = ""
    for line in lines:
        gap = " " if out and out[-1].isascii() and line.words[:1].isascii() else ""
        out += gap + line.words
    return out


def _within(glyph: Glyph, boxes: Sequence[tuple[float, float, float, float]]) -> bool:
    middle, height = (glyph.left + glyph.right) / 2, (glyph.top + glyph.bottom) / 2
    return any(box[0] <= middle <= box[2] and box[1] <= height <= box[3] for box in boxes)


def _hints(metadata: dict[str, Any]) -> list[tuple[str, str]]:
    wanted = {"Title": "title", "Author": "author", "CreationDate": "created"}
    return [(name, str(metadata[key])[:500]) for key, name in wanted.items() if metadata.get(key)]


if __name__ == "__main__":
    main()
