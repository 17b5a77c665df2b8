"""Old Word files (.doc) and those of WPS (.wps), which are the same container."""

from __future__ import annotations

import re
import struct
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator

from huiqi.documents.formats.automatic_numbering import Numbering
from huiqi.documents.formats.old_word_file import OldWordFile, Properties
from huiqi.documents.formats.old_word_lists import HIDDEN, OldWordLists
from huiqi.documents.formats.refusals import Refused
from huiqi.documents.formats.source_text import SourceText
from huiqi.documents.formats.text_writer import TextWriter, one_cell

_DELETED = 0x0800
_IN_TABLE, _ROW_END = 0x2416, 0x2417
_ENDS = re.compile("[\r\x07\x0c]")
_FIELD_BEGIN, _FIELD_MIDDLE, _FIELD_END = "\x13", "\x14", "\x15"
_SIGNS = str.maketrans(
    {"\x0b": "\n", "\x1e": "-", "\x1f": "", "\xa0": " "}
    | dict.fromkeys("\x01\x02\x03\x04\x05\x06\x08\x0e", "")
)
_CONTENTS = re.compile(r"\s*TOC\b", re.IGNORECASE)


def read_doc(raw: bytes, digest: str, name: str) -> SourceText:
    """Read an old Word file; `name` is doc or wps. Raises Refused."""
    try:
        file = OldWordFile(raw)
        reader = _Reader(file)
        reader.write()
    except (struct.error, IndexError, KeyError, ValueError, OverflowError) as error:
        raise Refused("document-damaged", f"its tables are damaged ({type(error).__name__})") from None
    writer = reader.writer
    if _is_rubbish(writer.text):
        raise Refused("document-damaged", "what it holds is no writing")
    return SourceText(
        writer.text,
        digest,
        name,
        whole_paragraphs=True,
        tables=tuple(writer.tables),
        mended=tuple(writer.mended),
    )


def _is_rubbish(text: str) -> bool:
    """Whether more than one character in fifty has no meaning."""
    odd = sum(
        1
        for each in text
        if each == "\ufffd" or (unicodedata.category(each) in {"Cc", "Cn", "Co", "Cs"} and each not in "\n\t")
    )
    return odd * 50 > len(text)


class _Reader:
    def __init__(self, file: OldWordFile) -> None:
        self._file = file
        self._lists = OldWordLists(file)
        self._numbering = Numbering()
        self.writer = TextWriter()
        marked = sorted(
            (start, end, kind)
            for start, end, own in file.character_runs()
            if (kind := _unprinted(own)) is not None
        )
        self._marked = marked
        self._marked_starts = [start for start, _, _ in marked]
        self._rows: list[list[str]] = []
        self._cells: list[str] = []
        self._cell: list[str] = []
        self._fields: list[list[str]] = []

    def write(self) -> None:
        for words in self._plain("headers"):
            self.writer.drop("page-header", words)
        for pieces, offset, mark in self._paragraphs("text"):
            self._write_paragraph(pieces, offset, mark)
        self._end_table()
        for part, word in (("footnotes", "注"), ("endnotes", "尾注")):
            for place, words in enumerate(self._plain(part), start=1):
                self.writer.end_line()
                self.writer.replace(part.removesuffix("s"), words, f"{word}{place}：{words}")
                self.writer.end_line()
        for words in self._plain("boxes"):
            self.writer.end_line()
            self.writer.replace("text-box", words, words)
            self.writer.end_line()

    def _plain(self, part: str) -> Iterator[str]:
        """The paragraphs of a part beside the text, as plain words."""
        for pieces, _, _ in self._paragraphs(part):
            words = one_cell("".join(words for kind, words in self._shown(pieces) if not kind))
            if words:
                yield words
        self._fields = []

    def _paragraphs(self, part: str) -> Iterator[tuple[list[tuple[str, str]], int, str]]:
        """Paragraphs as pieces (why it is not printed or "", words), the mark's offset and the mark."""
        pieces: list[tuple[str, str]] = []
        at, size = 0, 1
        for text, offset, size in self._file.characters(part):
            done = 0
            for found in _ENDS.finditer(text):
                at = offset + found.start() * size
                pieces.extend(self._runs(text[done : found.start()], offset + done * size, size))
                done = found.end()
                if found[0] == "\r" and self._kind(at) == "deleted-revision":
                    continue
                yield pieces, at, found[0]
                pieces = []
            pieces.extend(self._runs(text[done:], offset + done * size, size))
            at = offset + len(text) * size
        if pieces:
            yield pieces, max(0, at - size), "\r"

    def _kind(self, offset: int) -> str:
        place = bisect_right(self._marked_starts, offset) - 1
        return self._marked[place][2] if place >= 0 and offset < self._marked[place][1] else ""

    def _runs(self, text: str, offset: int, size: int) -> Iterator[tuple[str, str]]:
        """Split a text where what is printed and what is not meet."""
        done, end = 0, len(text)
        while done < end:
            at = offset + done * size
            place = bisect_right(self._marked_starts, at) - 1
            if place >= 0 and at < self._marked[place][1]:
                kind, until = self._marked[place][2], self._marked[place][1]
            else:
                kind = ""
                after = place + 1
                until = (
                    self._marked_starts[after]
                    if after < len(self._marked_starts)
                    else at + (end - done) * size
                )
            stop = min(end, done + max(1, (until - at + size - 1) // size))
            yield kind, text[done:stop]
            done = stop

    def _shown(self, pieces: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
        """The pieces without the codes of fields and without marks."""
        for kind, words in pieces:
            for part in re.split("([\x13\x14\x15])", words):
                if part == _FIELD_BEGIN:
                    self._fields.append([""])
                elif part == _FIELD_MIDDLE and self._fields:
                    self._fields[-1].append("")
                elif part == _FIELD_END:
                    if self._fields:
                        self._fields.pop()
                elif self._fields and any(len(each) == 1 for each in self._fields):
                    self._fields[-1][0] += part
                elif part:
                    contents = any(_CONTENTS.match(each[0]) for each in self._fields)
                    yield kind or ("contents" if contents else ""), part.translate(_SIGNS)

    def _write_paragraph(self, pieces: list[tuple[str, str]], offset: int, mark: str) -> None:
        style, own = self._file.paragraph(offset)
        shown = list(self._shown(pieces))
        words = "".join(words for kind, words in shown if not kind)
        only_dropped = bool(shown) and not words.strip() and any(kind for kind, _ in shown)
        numbered = None if only_dropped else self._lists.of(style, own)
        in_table = mark == "\x07" or _flag(own, _IN_TABLE)
        row_end = mark == "\x07" and _flag(own, _ROW_END)
        label = self._numbering.label(*numbered) if numbered and not row_end else ""
        if not in_table:
            self._end_table()
            self.writer.write(label)
        for kind, part in shown:
            if kind:
                self.writer.drop(kind, part)
            elif not in_table:
                self.writer.write(part)
        if not in_table:
            self.writer.end_line()
            return
        if row_end:
            self._rows.append(self._cells)
            self._cells = []
            return
        self._cell.append(label + words)
        if mark == "\x07":
            self._cells.append(one_cell(" ".join(self._cell)))
            self._cell = []

    def _end_table(self) -> None:
        if self._cell:
            self._cells.append(one_cell(" ".join(self._cell)))
        if self._cells:
            self._rows.append(self._cells)
        if self._rows:
            widest = max(len(row) for row in self._rows)
            if widest == 1 and len(self._rows) == 1:
                self.writer.write(self._rows[0][0])
                self.writer.end_line()
            else:
                self.writer.table([row + [""] * (widest - len(row)) for row in self._rows])
        self._rows, self._cells, self._cell = [], [], []


def _unprinted(own: Properties) -> str | None:
    """Why a run with these properties is not printed; None when it is."""
    kind = None
    for code, operand in own:
        if code == _DELETED and operand == b"\1":
            return "deleted-revision"
        if code == HIDDEN:
            kind = "hidden-text" if operand == b"\1" else None
    return kind


def _flag(own: Properties, code: int) -> bool:
    return any(each == code and operand[:1] not in {b"", b"\0"} for each, operand in own)
