"""The body of a DOCX file as lines: revisions, fields, hidden text, text boxes and tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from huiqi.documents.formats import limits
from huiqi.documents.formats.automatic_numbering import Numbering
from huiqi.documents.formats.number_formats import format_number
from huiqi.documents.formats.package import attribute, child, local, number, switched_on, value
from huiqi.documents.formats.refusals import Refused
from huiqi.documents.formats.text_writer import TextWriter, one_cell
from huiqi.documents.formats.word_numbering import Styles, WordLists

_SIGNS = {"tab": "\t", "ptab": "\t", "cr": "\n", "noBreakHyphen": "-"}
_UNPRINTED = {
    *(
        "pPr",
        "rPr",
        "tblPr",
        "tblGrid",
        "trPr",
        "tcPr",
        "sectPr",
        "sdtPr",
        "sdtEndPr",
        "instrText",
        "Fallback",
    ),
    *(
        "delInstrText",
        "commentReference",
        "annotationRef",
        "rt",
        "rubyPr",
        "softHyphen",
        "lastRenderedPageBreak",
    ),
    *(
        "footnoteRef",
        "endnoteRef",
        "separator",
        "continuationSeparator",
        "tblPrEx",
        "customXmlPr",
        "smartTagPr",
    ),
}
_DELETED = {"del", "moveFrom"}
_BLOCKS = {"p", "tbl"}
_ENCLOSED = re.compile(r"^\s*eq\s+\\o(?:\\a[a-z])*\s*\(\s*[○〇◯Oo]\s*[,;，]\s*(\d{1,2})\s*\)", re.IGNORECASE)
_CONTENTS = re.compile(r"^\s*TOC\b", re.IGNORECASE)
_LONG_CELL = 600
"""Characters beyond which the only column of a table is no table but a frame around text."""


@dataclass(slots=True)
class _Field:
    code: str = ""
    in_code: bool = True


@dataclass(slots=True)
class _Paragraph:
    """What the runs of a paragraph show: words, and drops or replacements in between, in order."""

    pieces: list[tuple[str, str, str]] = field(default_factory=list)
    boxes: list[etree._Element] = field(default_factory=list)

    def add(self, words: str) -> None:
        self.pieces.append(("", words, words))

    @property
    def words(self) -> str:
        return "".join(became for _, _, became in self.pieces)


class UnclosedContents(Exception):
    """A table of contents that does not end: it must not swallow the text behind it."""


class WordBody:
    """Writes the body of a document, with its automatic numbers."""

    def __init__(self, writer: TextWriter, lists: WordLists, styles: Styles, *, keep_contents: bool) -> None:
        self._writer = writer
        self._lists = lists
        self._styles = styles
        self._keep_contents = keep_contents
        self._numbering = Numbering()
        self._fields: list[_Field] = []
        self._carried: list[tuple[str, str, str]] = []
        self.notes: list[tuple[str, str]] = []
        """References to notes met, in order: footnote or endnote, and its id."""

    def write(self, body: etree._Element) -> None:
        """Write all blocks of the body. Raises UnclosedContents."""
        self._write_blocks(body)
        self._flush([])
        if any(_CONTENTS.search(each.code) for each in self._fields) and not self._keep_contents:
            raise UnclosedContents

    def _write_blocks(self, parent: etree._Element) -> None:
        for block in _blocks(parent):
            if local(block) == "p":
                self._write_paragraph(block)
            else:
                self._write_table(block)

    def _in_contents(self) -> bool:
        return not self._keep_contents and any(_CONTENTS.search(each.code) for each in self._fields)

    def _write_paragraph(self, block: etree._Element) -> None:
        paragraph = self._paragraph(block)
        if _deleted_mark(block):
            self._carried.extend(paragraph.pieces)
        else:
            label = self._label(block, bool(paragraph.words.strip()))
            pieces = [*self._carried, *paragraph.pieces]
            self._carried = []
            if label:
                pieces.insert(0, ("", label, label))
            self._flush(pieces)
        for box in paragraph.boxes:
            self._write_box(box)

    def _flush(self, pieces: list[tuple[str, str, str]]) -> None:
        for kind, printed, became in [*self._carried, *pieces]:
            if not kind:
                self._writer.write(became)
            elif became:
                self._writer.replace(kind, printed, became)
            else:
                self._writer.drop(kind, printed)
        self._carried = []
        self._writer.end_line()

    def _write_box(self, box: etree._Element) -> None:
        start = self._writer.at
        self._write_blocks(box)
        self._writer.note("text-box", start)

    def _label(self, block: etree._Element, shows: bool) -> str:
        if self._in_contents() or (not shows and _holds_revision(block)):
            return ""
        found = self._lists.of(child(block, "pPr"))
        return self._numbering.label(*found) if found else ""

    def _paragraph(self, block: etree._Element) -> _Paragraph:
        paragraph = _Paragraph()
        self._walk(block, paragraph, hidden=False)
        return paragraph

    def _walk(self, parent: etree._Element, out: _Paragraph, *, hidden: bool) -> None:
        for each in parent:
            name = local(each)
            if name in _UNPRINTED:
                if name == "instrText" and self._fields and self._fields[-1].in_code:
                    self._fields[-1].code += each.text or ""
                continue
            if name in _DELETED:
                out.pieces.append(("deleted-revision", _all_text(each), ""))
            elif name == "t":
                self._text(each, out, hidden=hidden)
            elif name == "r":
                self._walk(each, out, hidden=self._is_hidden(each))
            elif name == "fldChar":
                self._mark(attribute(each, "fldCharType"), out)
            elif name in {"footnoteReference", "endnoteReference"}:
                if not self._in_code():
                    self.notes.append((name.removesuffix("Reference"), attribute(each, "id") or ""))
            elif name == "txbxContent":
                out.boxes.append(each)
            elif name in _SIGNS or name in {"br", "sym"}:
                self._sign(each, name, out, hidden=hidden)
            elif name == "AlternateContent":
                self._walk(next((part for part in each if local(part) == "Choice"), each), out, hidden=hidden)
            else:
                self._walk(each, out, hidden=hidden)

    def _sign(self, each: etree._Element, name: str, out: _Paragraph, *, hidden: bool) -> None:
        if self._in_code() or hidden:
            return
        if name == "sym":
            code = (
                int(found[0], 16)
                if (found := re.fullmatch("[0-9A-Fa-f]{1,5}", attribute(each, "char") or ""))
                else 0
            )
            private = code < 32 or 0xD800 <= code <= 0xF8FF
            out.pieces.append(("symbol", f"U+{code:04X}", "□") if private else ("", chr(code), chr(code)))
        elif name == "br":
            out.add("\n" if attribute(each, "type") in {None, "textWrapping"} else "")
        else:
            out.add(_SIGNS[name])

    def _text(self, each: etree._Element, out: _Paragraph, *, hidden: bool) -> None:
        if self._in_code():
            return
        words = each.text or ""
        if attribute(each, "space") != "preserve":
            words = words.strip(" \t\r\n")
        words = re.sub(r"[\t\r\n]", " ", words)
        if hidden:
            out.pieces.append(("hidden-text", words, ""))
        elif self._in_contents():
            out.pieces.append(("contents", words, ""))
        else:
            out.add(words)

    def _is_hidden(self, run: etree._Element) -> bool:
        properties = child(run, "rPr")
        own = child(properties, "vanish")
        if own is not None:
            return switched_on(own)
        return self._styles.hides(value(properties, "rStyle"))

    def _in_code(self) -> bool:
        return any(each.in_code for each in self._fields)

    def _mark(self, kind: str | None, out: _Paragraph) -> None:
        if kind == "begin":
            if len(self._fields) >= limits.DEEPEST_MARKUP:
                raise Refused("document-hostile", "fields are nested too deep")
            self._fields.append(_Field())
        elif kind == "separate" and self._fields:
            self._fields[-1].in_code = False
        elif kind == "end" and self._fields:
            ended = self._fields.pop()
            enclosed = _ENCLOSED.match(ended.code)
            if enclosed and ended.in_code and not self._in_code():
                circled = format_number(int(enclosed[1]), "decimalEnclosedCircle")
                out.pieces.append(("field", ended.code.strip(), circled))

    def _write_table(self, table: etree._Element) -> None:
        rows = [list(self._row(each)) for each in _rows(table) if not self._is_deleted_row(each)]
        widest = max((sum(span for _, span, _ in row) for row in rows), default=0)
        if widest > limits.MOST_COLUMNS:
            raise Refused("document-hostile", f"a table with more than {limits.MOST_COLUMNS} columns")
        if _is_frame(table):
            for row in rows:
                for cell, _, _ in row:
                    self._write_blocks(cell)
            return
        printed = []
        for row in rows:
            cells: list[str] = []
            for cell, span, continues in row:
                cells.append("" if continues else self._cell(cell))
                cells.extend([""] * (span - 1))
            printed.append(cells + [""] * (widest - len(cells)))
        self._writer.table(printed)

    def _is_deleted_row(self, row: etree._Element) -> bool:
        deleted = child(row, "trPr", "del") is not None
        if deleted:
            self._writer.drop("deleted-revision", one_cell(_all_text(row)))
        return deleted

    def _row(self, row: etree._Element) -> Iterator[tuple[etree._Element, int, bool]]:
        """The cells of a row: each with its width in columns, and whether it continues the one above."""
        skipped = number(value(row, "trPr", "gridBefore")) or 0
        if skipped > 0:
            yield etree.Element("tc"), min(skipped, limits.MOST_COLUMNS + 1), True
        for cell in _through(row, {"tc"}):
            properties = child(cell, "tcPr")
            span = number(value(properties, "gridSpan")) or 1
            merged = child(properties, "vMerge")
            continues = merged is not None and (attribute(merged, "val") or "continue") == "continue"
            yield cell, max(1, min(span, limits.MOST_COLUMNS + 1)), continues

    def _cell(self, cell: etree._Element) -> str:
        """The words of a cell; tables within it are read row by row."""
        words: list[str] = []
        for block in _blocks(cell):
            if local(block) == "tbl":
                words.extend(self._cell(each) for row in _rows(block) for each in _through(row, {"tc"}))
                continue
            paragraph = self._paragraph(block)
            shown = paragraph.words
            words.append(self._label(block, bool(shown.strip())) + shown)
            for kind, printed, became in paragraph.pieces:
                if kind and not became:
                    self._writer.drop(kind, printed)
            words.extend(self._cell(box) for box in paragraph.boxes)
        return one_cell(" ".join(words))


def _blocks(parent: etree._Element) -> Iterator[etree._Element]:
    return _through(parent, _BLOCKS)


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    return _through(table, {"tr"})


def _through(parent: etree._Element, wanted: set[str]) -> Iterator[etree._Element]:
    """The wanted elements below `parent`, through content controls, insertions and other wrappers."""
    waiting = list(reversed(parent))
    while waiting:
        each = waiting.pop()
        name = local(each)
        if name in wanted:
            yield each
        elif name == "AlternateContent":
            waiting.extend(part for part in each if local(part) == "Choice")
        elif name and name not in _UNPRINTED and name not in _DELETED:
            waiting.extend(reversed(each))


def _is_frame(table: etree._Element) -> bool:
    """Whether a table is a frame around text: one cell, or one column with long cells."""
    rows = list(_rows(table))
    if any(len(list(_through(row, {"tc"}))) > 1 for row in rows):
        return False
    return len(rows) == 1 or any(len(_all_text(row)) > _LONG_CELL for row in rows)


def _deleted_mark(paragraph: etree._Element) -> bool:
    marks = child(paragraph, "pPr", "rPr")
    return child(marks, "del") is not None or child(marks, "moveFrom") is not None


def _holds_revision(paragraph: etree._Element) -> bool:
    return any(local(each) in _DELETED for each in paragraph)


def _all_text(element: etree._Element) -> str:
    return "".join(each.text or "" for each in element.iter() if local(each) in {"t", "delText"})
