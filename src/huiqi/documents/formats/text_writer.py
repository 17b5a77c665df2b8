"""Puts a text together line by line, and notes what was mended and where the tables stand."""

from __future__ import annotations

from collections.abc import Sequence

from huiqi.documents.formats import limits
from huiqi.documents.formats.refusals import Refused
from huiqi.documents.formats.source_text import Mending, Table


class TextWriter:
    """The text so far. Lines end by `end_line`, which adds nothing to a line that shows nothing."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._shown = False
        self._lines = 0
        self._cells = 0
        self.tables: list[Table] = []
        self.mended: list[Mending] = []

    @property
    def at(self) -> int:
        """The offset at which the next character will stand."""
        return self._length

    @property
    def text(self) -> str:
        """All that was written."""
        return "".join(self._parts)

    @property
    def in_line(self) -> bool:
        """Whether the line so far shows anything."""
        return self._shown

    def write(self, words: str) -> None:
        """Add words to the line; line breaks in them end it."""
        first, *others = words.split("\n")
        self._add(first)
        for other in others:
            self.end_line()
            self._add(other)

    def _add(self, words: str) -> None:
        if not words:
            return
        self._parts.append(words)
        self._length += len(words)
        self._shown = self._shown or not words.isspace()
        if self._length > limits.MOST_CHARACTERS:
            why = f"more than {limits.MOST_CHARACTERS} characters of text"
            raise Refused("document-too-large", why)

    def end_line(self) -> None:
        """End the line, if it shows anything."""
        if not self._shown:
            return
        self._parts.append("\n")
        self._length += 1
        self._shown = False
        self._lines += 1
        if self._lines > limits.MOST_LINES:
            raise Refused("document-too-large", f"more than {limits.MOST_LINES} lines")

    def drop(self, kind: str, printed: str) -> None:
        """Note that `printed` stood here and is not in the text."""
        if printed.strip():
            self.mended.append(Mending(kind, self._length, self._length, printed.strip(), ""))

    def replace(self, kind: str, printed: str, became: str) -> None:
        """Write `became` and note that it was printed otherwise."""
        start = self._length
        self._add(became)
        self.mended.append(Mending(kind, start, self._length, printed, became))

    def note(self, kind: str, start: int) -> None:
        """Note that what was written since `start` stood elsewhere on the page."""
        parts: list[str] = []
        length = self._length
        for part in reversed(self._parts):
            if length <= start:
                break
            parts.append(part)
            length -= len(part)
        words = "".join(reversed(parts)).strip()
        if words:
            self.mended.append(Mending(kind, start, start + len(words), words, words))

    def table(self, rows: Sequence[Sequence[str]]) -> None:
        """Write a table, one line a row; rows that show nothing are left out."""
        shown = [tuple(one_cell(cell) for cell in row) for row in rows]
        shown = [row for row in shown if any(row)]
        if not shown:
            return
        self._cells += sum(len(row) for row in shown)
        if self._cells > limits.MOST_CELLS:
            raise Refused("document-too-large", f"more than {limits.MOST_CELLS} cells in tables")
        self.end_line()
        start = self._length
        for row in shown:
            self._add("\t".join(row))
            end = self._length
            self.end_line()
        self.tables.append(Table(start, end, tuple(shown)))


def one_cell(words: str) -> str:
    """The words of a cell as one piece without tabs and line breaks."""
    return " ".join(words.split())
