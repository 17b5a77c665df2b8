"""The lines that a browser would show of an element, with its lists numbered and its tables as rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from lxml import etree

from huiqi.documents.formats import limits
from huiqi.documents.formats.number_formats import format_number
from huiqi.documents.formats.page_furniture import is_furniture_name
from huiqi.documents.formats.refusals import Refused
from huiqi.documents.formats.text_writer import one_cell

UNSHOWN = {
    *(
        "head",
        "script",
        "style",
        "noscript",
        "template",
        "iframe",
        "object",
        "embed",
        "svg",
        "math",
        "canvas",
    ),
    *("select", "button", "input", "textarea", "audio", "video", "map", "nav", "footer", "aside", "rt", "rp"),
}
_BLOCKS = {
    *("p", "div", "section", "article", "main", "header", "body", "html", "form", "fieldset", "center"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "table", "tbody", "thead"),
    *("tfoot", "tr", "td", "th", "caption", "blockquote", "pre", "address", "hr", "figure", "ucapcontent"),
}
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_LIST_STYLE = re.compile(r"list-style(?:-type)?\s*:\s*([a-z -]+)", re.IGNORECASE)
_LIST_TYPES = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman", "1": "decimal"}
_CSS_LISTS = {
    "decimal": "decimal",
    "lower-alpha": "lowerLetter",
    "upper-alpha": "upperLetter",
    "lower-roman": "lowerRoman",
    "upper-roman": "upperRoman",
    "cjk-ideographic": "chineseCounting",
    "simp-chinese-informal": "chineseCounting",
    "trad-chinese-informal": "chineseCounting",
    "cjk-decimal": "ideographDigital",
    "simp-chinese-formal": "chineseLegalSimplified",
}
_LABELLED = re.compile(
    r"\s*(?:[（(]?[一二三四五六七八九十\d]{1,3}[)）、.．]|第[一二三四五六七八九十百\d]+[章条节]|[①-⑳])"
)
_SOURCE_BREAK = re.compile(
    "(?<=[\u2e80-\u9fff\uff00-\uffef])[ \t]*[\r\n][ \t\r\n]*(?=[\u2e80-\u9fff\uff00-\uffef])"
)
_BLANKS = re.compile("[ \t\r\n\f]+")
_LAYOUT_CELL = 700
"""Characters beyond which a table's cell is a part of the page, not an entry."""


@dataclass(slots=True)
class PageLine:
    """A line as shown, or a table in `rows`; `linked` counts the characters that are links."""

    words: str
    linked: int = 0
    rows: list[list[str]] | None = None
    to_file: bool = False
    dropped: bool = False

    @property
    def shown(self) -> str:
        """The words of the line, or of all cells of the table."""
        return self.words or " ".join(cell for row in self.rows or () for cell in row if cell)


@dataclass(slots=True)
class _List:
    style: str
    next: int
    step: int = 1


@dataclass(slots=True)
class _Page:
    lines: list[PageLine] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    linked: int = 0
    to_file: bool = False
    lists: list[_List] = field(default_factory=list)
    links: int = 0
    pre: int = 0
    hole: etree._Element | None = None

    def add(self, words: str | None) -> None:
        if not words:
            return
        if self.pre:
            first, *others = words.split("\n")
            self._add(first)
            for other in others:
                self.end()
                self._add(other)
        else:
            self._add(words)

    def _add(self, words: str) -> None:
        self.shown.append(words)
        if self.links:
            self.linked += len("".join(words.split()))

    def end(self, *, dropped: bool = False) -> None:
        words = _BLANKS.sub(" ", _SOURCE_BREAK.sub("", "".join(self.shown)))
        words = re.sub("[\u200b\u200c\u2060]", "", words.replace("\xa0", " ")).strip()
        if words:
            self.lines.append(PageLine(words, self.linked, to_file=self.to_file, dropped=dropped))
        self.shown = []
        self.linked = 0
        self.to_file = False


def is_unshown(element: etree._Element) -> bool:
    """Whether a browser shows nothing of the element."""
    return (
        element.tag in UNSHOWN
        or element.get("hidden") is not None
        or bool(_HIDDEN.search(element.get("style") or ""))
    )


HOLE = "\0"
"""The words of the line that stands for an element left out."""


def render(top: etree._Element, *, without: etree._Element | None = None) -> list[PageLine]:
    """Return the lines of an element; one line, HOLE, for the element `without`. Raises Refused."""
    page = _Page(hole=without)
    walk = etree.iterwalk(top, events=("start", "end"))
    skipped: etree._Element | None = None
    for event, each in walk:
        if event == "start":
            if skipped is not None:
                continue
            if _start(page, each, top):
                walk.skip_subtree()
                skipped = each
            continue
        if skipped is each:
            skipped = None
        elif skipped is None:
            _end(page, each)
        if each is not top and skipped is None:
            page.add(each.tail)
    page.end()
    return page.lines


def _start(page: _Page, each: etree._Element, top: etree._Element) -> bool:
    """Open an element; return whether what is in it was dealt with."""
    tag = each.tag
    if not isinstance(tag, str):
        return True
    if each is page.hole:
        page.end()
        page.lines.append(PageLine(HOLE))
        return True
    if each is not top and is_unshown(each):
        return True
    if each is not top and is_furniture_name(each) and not _holds(each, page.hole):
        page.end()
        words = one_cell(" ".join(line.words for line in render(each)))
        if words:
            page.lines.append(PageLine(words, dropped=True))
        return True
    if tag == "table" and each is not top:
        rows = None if _holds(each, page.hole) else data_rows(each)
        if rows is not None:
            page.end()
            page.lines.append(PageLine("", rows=rows))
            return True
    if tag in _BLOCKS or tag == "br":
        page.end()
    _open(page, each, tag)
    page.add(each.text)
    return False


def _holds(outer: etree._Element, inner: etree._Element | None) -> bool:
    return inner is not None and any(each is outer for each in inner.iterancestors())


def _open(page: _Page, each: etree._Element, tag: str) -> None:
    if tag == "a":
        page.links += 1
        target = (each.get("href") or "").lower().partition("?")[0]
        page.to_file = page.to_file or target.endswith(
            (".doc", ".docx", ".pdf", ".wps", ".xls", ".xlsx", ".zip", ".rar")
        )
    elif tag == "pre":
        page.pre += 1
    elif tag in {"ol", "ul"}:
        page.lists.append(_list(each, tag))
    elif tag == "li" and page.lists:
        _item(page, each)


def _end(page: _Page, each: etree._Element) -> None:
    tag = each.tag
    if tag in _BLOCKS:
        page.end()
    if tag == "a":
        page.links = max(0, page.links - 1)
    elif tag == "pre":
        page.pre = max(0, page.pre - 1)
    elif tag in {"ol", "ul"} and page.lists:
        page.lists.pop()


def _list(each: etree._Element, tag: str) -> _List:
    style = _LIST_TYPES.get(each.get("type") or "1", "decimal") if tag == "ol" else "none"
    css = _LIST_STYLE.search(each.get("style") or "")
    if css:
        named = css[1].strip().split(" ")[0].lower()
        style = _CSS_LISTS.get(named, "none" if named in {"none", "disc", "circle", "square"} else style)
    step = -1 if each.get("reversed") is not None else 1
    first = _number(each.get("start"))
    if first is None:
        first = sum(1 for item in each if item.tag == "li") if step < 0 else 1
    return _List(style, first, step)


def _item(page: _Page, each: etree._Element) -> None:
    counted = page.lists[-1]
    own = _number(each.get("value"))
    if own is not None:
        counted.next = own
    number, counted.next = counted.next, counted.next + counted.step
    begins = ""
    for words in each.itertext():
        begins += words.lstrip() if not begins else words
        if len(begins) > 12:
            break
    # Sites often number by hand within a list whose own numbers their style sheet hides.
    if counted.style == "none" or not begins or _LABELLED.match(begins):
        return
    printed = format_number(number, counted.style)
    page.add(printed + ("、" if counted.style.startswith("chinese") else ". "))


def _number(words: str | None) -> int | None:
    return int(words) if words and re.fullmatch(r"\s*-?\d{1,6}\s*", words) else None


def data_rows(table: etree._Element) -> list[list[str]] | None:
    """The rows of a table of entries, merged cells spread; None for a table that only lays out the page."""
    rows = [row for row in table.iter("tr") if _table_of(row) is table]
    cells = [[cell for cell in row if cell.tag in {"td", "th"}] for row in rows]
    if len(rows) < 2 or max((len(row) for row in cells), default=0) < 2:
        return None
    if any(each is not table for each in table.iter("table")):
        return None
    words = [[_words(cell) for cell in row] for row in cells]
    if any(len(each) > _LAYOUT_CELL for row in words for each in row):
        return None
    return _spread(cells, words)


def _table_of(row: etree._Element) -> etree._Element | None:
    above = row.getparent()
    return above if above is None or above.tag == "table" else above.getparent()


def _words(cell: etree._Element) -> str:
    return one_cell(" ".join(line.words for line in render(cell) if not line.dropped))


def _spread(cells: Sequence[Sequence[etree._Element]], words: Sequence[Sequence[str]]) -> list[list[str]]:
    """Put each cell at its columns; the places that merged cells cover stay empty."""
    covered: dict[int, int] = {}
    out: list[list[str]] = []
    total = 0
    for number, row in enumerate(cells):
        printed: list[str] = []
        place = 0
        for cell, shown in zip(row, words[number], strict=True):
            while covered.get(place, 0) > 0:
                printed.append("")
                place += 1
            across = max(1, _number(cell.get("colspan")) or 1)
            down = max(1, _number(cell.get("rowspan")) or 1)
            if place + across > limits.MOST_COLUMNS:
                raise Refused("document-hostile", f"a table with more than {limits.MOST_COLUMNS} columns")
            printed.extend([shown] + [""] * (across - 1))
            for column in range(place, place + across):
                # One more than the rows below, as every row takes one away at its end.
                covered[column] = min(down, len(cells) - number)
            place += across
        covered = {column: left - 1 for column, left in covered.items() if left > 1}
        out.append(printed)
        total += len(printed)
        if total > limits.MOST_CELLS:
            raise Refused("document-too-large", f"more than {limits.MOST_CELLS} cells in tables")
    widest = max(len(row) for row in out)
    return [row + [""] * (widest - len(row)) for row in out]
