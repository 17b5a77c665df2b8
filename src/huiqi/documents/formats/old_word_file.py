"""The streams of an old Word file ([MS-DOC]) as text with the properties of its runs and paragraphs."""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterator

from huiqi.documents.formats.compound_file import CompoundFile
from huiqi.documents.formats.refusals import Refused

# Pairs of offset and length in the file's header, by their place.
STYLES, CHARACTER_PAGES, PARAGRAPH_PAGES, PIECES, LISTS, LIST_USES = 1, 12, 13, 33, 73, 74
_ENCRYPTED, _TABLE_1 = 0x0100, 0x0200
_OLDEST = 0x00C1
_PAGE = 512
_OPERAND_BYTES = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}
_TABLE_DEFINITION, _TABS = 0xD608, 0xC615
_PARTS = ("text", "footnotes", "headers", "macros", "comments", "endnotes", "boxes", "header-boxes")

Properties = tuple[tuple[int, bytes], ...]


class OldWordFile:
    """The text of a file by parts, and what applies at an offset of the stream."""

    def __init__(self, raw: bytes) -> None:
        container = CompoundFile(raw)
        self._main = container.stream("WordDocument")
        if len(self._main) < 64 or struct.unpack_from("<H", self._main)[0] != 0xA5EC:
            raise Refused("document-damaged", "its WordDocument stream is not Word's")
        version, flags = (
            struct.unpack_from("<H", self._main, 2)[0],
            struct.unpack_from("<H", self._main, 10)[0],
        )
        if version < _OLDEST:
            raise Refused("document-format", "it was written by Word 95 or older", "save it as DOCX")
        if flags & _ENCRYPTED:
            raise Refused("document-locked", "it is encrypted by a password")
        self._table = container.stream("1Table" if flags & _TABLE_1 else "0Table")
        self._pairs = struct.unpack_from("<H", self._main, 152)[0]
        lengths = struct.unpack_from("<8i", self._main, 76)
        if any(each < 0 for each in lengths):
            raise ValueError("a negative length of text")
        self.lengths = dict(zip(_PARTS, lengths, strict=True))
        self._pieces = self._read_pieces()
        self._paragraphs = list(self._paragraph_runs())
        self._paragraph_starts = [start for start, _, _ in self._paragraphs]

    def pair(self, place: int) -> bytes:
        """What the header's pair at `place` points to, with everything behind it in the table stream."""
        if place >= self._pairs:
            return b""
        start, length = struct.unpack_from("<II", self._main, 154 + 8 * place)
        return self._table[start:] if length else b""

    def _exact(self, place: int) -> bytes:
        _, length = struct.unpack_from("<II", self._main, 154 + 8 * place) if place < self._pairs else (0, 0)
        return self.pair(place)[:length]

    def _read_pieces(self) -> list[tuple[int, int, int, bool]]:
        """First character, last (exclusive), offset in the stream, and whether a character is one byte."""
        raw, at = self._exact(PIECES), 0
        while at < len(raw) and raw[at] == 1:
            at += 3 + struct.unpack_from("<H", raw, at + 1)[0]
        if at >= len(raw) or raw[at] != 2:
            raise ValueError("no table of pieces")
        length = struct.unpack_from("<I", raw, at + 1)[0]
        table = raw[at + 5 : at + 5 + length]
        count = (len(table) - 4) // 12
        places = struct.unpack_from(f"<{count + 1}I", table)
        pieces = []
        for number in range(count):
            where = struct.unpack_from("<I", table, 4 * (count + 1) + 8 * number + 2)[0]
            narrow = bool(where & 0x40000000)
            offset = (where & 0x3FFFFFFF) // 2 if narrow else where & 0x3FFFFFFF
            first, last = places[number], places[number + 1]
            if first > last or offset + (last - first) * (1 if narrow else 2) > len(self._main):
                raise ValueError("a piece beyond the stream")
            pieces.append((first, last, offset, narrow))
        return pieces

    def span(self, part: str) -> tuple[int, int]:
        """The characters of a part: first, and last (exclusive)."""
        start = 0
        for name in _PARTS:
            if name == part:
                break
            start += self.lengths[name]
        return start, start + self.lengths[part]

    def characters(self, part: str) -> Iterator[tuple[str, int, int]]:
        """The text of a part in pieces: the text, its offset in the stream, and bytes a character."""
        start, end = self.span(part)
        for first, last, offset, narrow in self._pieces:
            low, high = max(first, start), min(last, end)
            if low >= high:
                continue
            size = 1 if narrow else 2
            at = offset + (low - first) * size
            raw = self._main[at : at + (high - low) * size]
            # Character by character, so that a lone half of a pair does not shift what follows.
            text = raw.decode("cp1252", "replace") if narrow else _sixteen(raw)
            yield text, at, size

    def paragraph(self, offset: int) -> tuple[int, Properties]:
        """The style and own properties of the paragraph whose mark stands at an offset of the stream."""
        place = bisect_right(self._paragraph_starts, offset) - 1
        if place < 0 or offset >= self._paragraphs[place][1]:
            return 0, ()
        raw = self._paragraphs[place][2]
        return (struct.unpack_from("<H", raw)[0], read_properties(raw[2:])) if len(raw) >= 2 else (0, ())

    def _pages(self, place: int) -> Iterator[bytes]:
        raw = self._exact(place)
        count = (len(raw) - 4) // 8
        if count < 1:
            return
        seen: set[int] = set()
        for entry in struct.unpack_from(f"<{count}I", raw, 4 * (count + 1)):
            number = entry & 0x3FFFFF
            page = self._main[number * _PAGE : (number + 1) * _PAGE]
            if len(page) == _PAGE and number not in seen:
                seen.add(number)
                yield page

    def _paragraph_runs(self) -> list[tuple[int, int, bytes]]:
        found = []
        for page in self._pages(PARAGRAPH_PAGES):
            count = min(page[511], (_PAGE - 5) // 17)
            bounds = struct.unpack_from(f"<{count + 1}I", page)
            for number in range(count):
                at = page[4 * (count + 1) + 13 * number] * 2
                raw = b""
                if at:
                    half = page[at]
                    raw = page[at + 1 : at + 2 * half] if half else page[at + 2 : at + 2 + 2 * page[at + 1]]
                found.append((bounds[number], bounds[number + 1], raw))
        return sorted(found)

    def character_runs(self) -> Iterator[tuple[int, int, Properties]]:
        """The runs with properties of their own: first and last (exclusive) offset in the stream."""
        for page in self._pages(CHARACTER_PAGES):
            count = min(page[511], (_PAGE - 5) // 5)
            bounds = struct.unpack_from(f"<{count + 1}I", page)
            for number in range(count):
                at = page[4 * (count + 1) + number] * 2
                if at:
                    yield (
                        bounds[number],
                        bounds[number + 1],
                        read_properties(page[at + 1 : at + 1 + page[at]]),
                    )


def _sixteen(raw: bytes) -> str:
    text = raw.decode("utf-16-le", "replace")
    if len(text) * 2 == len(raw):
        return text
    # Pairs of halves become one character: keep the count, so that offsets stay right.
    return "".join(map(chr, struct.unpack(f"<{len(raw) // 2}H", raw)))


def read_properties(raw: bytes) -> Properties:
    """Split a list of property modifiers (sprm) into pairs of code and operand; stops at damage."""
    found = []
    at = 0
    while at + 2 < len(raw):
        code = struct.unpack_from("<H", raw, at)[0]
        at += 2
        kind = code >> 13
        if kind == 6:
            if code == _TABLE_DEFINITION:
                length = struct.unpack_from("<H", raw.ljust(at + 2, b"\0"), at)[0] + 1
            elif code == _TABS and raw[at] == 255:
                break
            else:
                length = raw[at] + 1
        else:
            length = _OPERAND_BYTES[kind]
        found.append((code, raw[at : at + length]))
        at += length
    return tuple(found)
