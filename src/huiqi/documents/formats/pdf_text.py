"""The text of a PDF from the lines of its pages: headers, footers and page numbers found and dropped."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from huiqi.documents.formats.refusals import Refused
from huiqi.documents.formats.text_writer import TextWriter

_EDGE_LINES = 3
_MARGIN = 0.13
"""Share of the page's height at its top and bottom where headers and footers stand."""
_DASHED = re.compile(
    r"[-—–―－·•]+\s*\d{1,4}\s*[-—–―－·•]+|第\s*\d{1,4}\s*页(?:\s*[,，/]?\s*共\s*\d{1,4}\s*页)?"
)
_BARE = re.compile(r"[-—–―－·\s]*(\d{1,4})[-—–―－·\s]*(?:/\s*\d{1,4})?")
_UNKNOWN = re.compile(r"\(cid:\d+\)")
_MOST_UNKNOWN = 0.05
_RADICALS = re.compile("[\u2e80-\u2fd5\uf900-\ufaff]+")
_RADICAL_WORDS = {
    "⺠": "民",
    "⻓": "长",
    "⻔": "门",
    "⻋": "车",
    "⻅": "见",
    "⻛": "风",
    "⻜": "飞",
    "⻢": "马",
    "⻄": "西",
}

Page = dict[str, Any]


def write_pages(pages: Sequence[Page]) -> TextWriter:
    """Write the lines and tables of all pages in order. Raises Refused where the fonts tell no characters."""
    writer = TextWriter()
    furniture = _furniture(pages)
    unknown = characters = 0
    for number, page in enumerate(pages):
        if page["picture"]:
            writer.drop("page-picture", f"page {number + 1} is a picture without text")
        # Stamps and watermarks across the page.
        writer.drop("turned-text", page["turned"])
        tables = sorted(page["tables"], key=lambda each: each["top"])
        for place, line in enumerate(page["lines"]):
            words = str(line[0])
            while tables and tables[0]["top"] < line[3]:
                writer.table(tables.pop(0)["rows"])
            if (number, place) in furniture:
                writer.drop(furniture[number, place], words)
                continue
            unknown += sum(map(len, _UNKNOWN.findall(words))) + sum(1 for each in words if _is_unknown(each))
            characters += len(words)
            _write(writer, words)
            writer.end_line()
        for table in tables:
            writer.table(table["rows"])
    if unknown > characters * _MOST_UNKNOWN:
        raise Refused("document-unreadable", "its fonts do not tell which characters they print", "")
    return writer


def _is_unknown(character: str) -> bool:
    return unicodedata.category(character) in {"Co", "Cn", "Cc"} or character == "\ufffd"


def _write(writer: TextWriter, words: str) -> None:
    """Write a line; radicals that stand for whole characters (⼈ for 人) become those."""
    done = 0
    for found in _RADICALS.finditer(words):
        became = "".join(_RADICAL_WORDS.get(each) or unicodedata.normalize("NFKC", each) for each in found[0])
        if became == found[0]:
            continue
        writer.write(words[done : found.start()])
        writer.replace("radical", found[0], became)
        done = found.end()
    writer.write(words[done:])


def _furniture(pages: Sequence[Page]) -> dict[tuple[int, int], str]:
    """Which lines, by page and place, are page numbers, headers or footers."""
    edges = [(number, place, line) for number, page in enumerate(pages) for place, line in _edges(page)]
    found: dict[tuple[int, int], str] = {}
    shifts: Counter[int] = Counter()
    for number, place, line in edges:
        bare = _BARE.fullmatch(line[0])
        if _DASHED.fullmatch(line[0]):
            found[number, place] = "page-number"
        elif bare:
            shifts[int(bare[1]) - number] += 1
    for number, place, line in edges:
        bare = _BARE.fullmatch(line[0])
        # A number that grows with the pages; on a single page only one with dashes is taken for a page number.
        if bare and shifts[int(bare[1]) - number] >= min(2, max(len(pages), 2)):
            found[number, place] = "page-number"
    repeated = Counter(_pattern(line, pages[number]) for number, _, line in edges)
    least = max(3, len(pages) // 4)
    for number, place, line in edges:
        if _ends_clause(line[0]):
            continue
        if (number, place) not in found and repeated[_pattern(line, pages[number])] >= least:
            above = line[3] < pages[number]["height"] / 2
            found[number, place] = "page-header" if above else "page-footer"
    return found


def _ends_clause(words: str) -> bool:
    """Whether a line is of running text: headers and footers have no such end."""
    return words.endswith(("。", "；", "，", "、", "：", "．"))


def _edges(page: Page) -> Iterator[tuple[int, list[Any]]]:
    """The first and last lines of a page that stand in its margins."""
    lines = sorted(enumerate(page["lines"]), key=lambda each: each[1][3])
    height = page["height"]
    chosen = {place: line for place, line in lines[:_EDGE_LINES] if line[4] < height * _MARGIN}
    chosen |= {place: line for place, line in lines[-_EDGE_LINES:] if line[3] > height * (1 - _MARGIN)}
    yield from sorted(chosen.items())


def _pattern(line: Sequence[Any], page: Page) -> tuple[str, int]:
    """What repeats from page to page: the words without their numbers, and the height."""
    return re.sub(r"\d+", "#", str(line[0])), round(float(line[3]) / max(float(page["height"]), 1) * 50)
