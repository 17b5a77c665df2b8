"""Styles and automatic numbering of an old Word file ([MS-DOC] 2.9.147 LSTF, 2.9.150 LVL, 2.9.131 LFO)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from huiqi.documents.formats.automatic_numbering import LEVELS, NumberedList, NumberLevel
from huiqi.documents.formats.old_word_file import (
    LIST_USES,
    LISTS,
    STYLES,
    OldWordFile,
    Properties,
    read_properties,
)

LEVEL, LIST_USE, HIDDEN = 0x260A, 0x460B, 0x083C
_GAPS = {0: " ", 1: " ", 2: ""}
_CODES = (
    *("decimal", "upperRoman", "lowerRoman", "upperLetter", "lowerLetter", "ordinal", "cardinalText"),
    *("ordinalText", "hex", "chicago", "ideographDigital", "japaneseCounting", "aiueo", "iroha"),
    *("decimalFullWidth", "decimalHalfWidth", "japaneseLegal", "japaneseDigitalTenThousand"),
    *("decimalEnclosedCircle", "decimalFullWidth2", "aiueoFullWidth", "irohaFullWidth", "decimalZero"),
    *("bullet", "ganada", "chosung", "decimalEnclosedFullstop", "decimalEnclosedParen"),
    *("decimalEnclosedCircleChinese", "ideographEnclosedCircle", "ideographTraditional", "ideographZodiac"),
    *("ideographZodiacTraditional", "taiwaneseCounting", "ideographLegalTraditional"),
    *("taiwaneseCountingThousand", "taiwaneseDigital", "chineseCounting", "chineseLegalSimplified"),
    *("chineseCountingThousand",),
)
"""Number formats by their code ([MS-OSHARED] 2.2.1.3 MSONFC)."""
_NO_NUMBER, _IN_DASH = 255, 57
_LONGEST_CHAIN = 50


@dataclass(frozen=True, slots=True)
class _Style:
    based_on: int
    properties: Properties


class OldWordLists:
    """Which list a paragraph of the file belongs to."""

    def __init__(self, file: OldWordFile) -> None:
        self._styles = dict(_read_styles(file.pair(STYLES)))
        self._lists, self._list_styles = _read_lists(file.pair(LISTS))
        self._uses = _read_uses(file.pair(LIST_USES), self._lists)

    def of(self, style: int, own: Properties) -> tuple[str, NumberedList, int] | None:
        """The use, the list and the level (from 0) of a paragraph; None for no number."""
        use, level = _numbering(own)
        said_by = None
        name, steps = style, 0
        while use is None and name in self._styles and steps < _LONGEST_CHAIN:
            styled, deeper = _numbering(self._styles[name].properties)
            use, said_by = styled, name
            level = deeper if level is None else level
            name, steps = self._styles[name].based_on, steps + 1
        found = self._uses.get(use or 0)
        if found is None:
            return None
        if level is None and said_by is not None:
            level = self._list_styles.get(found.counted_with, {}).get(said_by)
        return str(use), found, level or 0


def _numbering(properties: Properties) -> tuple[int | None, int | None]:
    """The use of a list (0 for none) and the level that properties give; None where they say nothing."""
    use = level = None
    for code, operand in properties:
        if code == LIST_USE and len(operand) == 2:
            number = struct.unpack("<H", operand)[0]
            # From 0xF801 on, the number is of a paragraph whose list was taken away.
            use = number if number < 0xF801 else 0
        elif code == LEVEL and operand:
            level = operand[0] if operand[0] < LEVELS else None
    return use, level


def _read_styles(raw: bytes) -> Iterator[tuple[int, _Style]]:
    if len(raw) < 6:
        return
    header, count, base = struct.unpack_from("<HHH", raw)
    at = 2 + header
    for number in range(min(count, 4095)):
        if at + 2 > len(raw):
            return
        length = struct.unpack_from("<H", raw, at)[0]
        style = raw[at + 2 : at + 2 + length]
        at += 2 + length + (length & 1)
        if len(style) < base + 4:
            continue
        kind = struct.unpack_from("<H", style, 2)[0]
        name = struct.unpack_from("<H", style, base)[0]
        upx = base + 2 + 2 * name + 2
        if kind & 15 != 1 or upx + 4 > len(style):
            continue
        size = struct.unpack_from("<H", style, upx)[0]
        yield number, _Style(kind >> 4, read_properties(style[upx + 4 : upx + 2 + size]))


def _read_lists(raw: bytes) -> tuple[dict[int, dict[int, NumberLevel]], dict[str, dict[int, int]]]:
    """The levels of each list by its id, and the levels that lists give to styles."""
    lists: dict[int, dict[int, NumberLevel]] = {}
    styles: dict[str, dict[int, int]] = {}
    if len(raw) < 2:
        return lists, styles
    count = struct.unpack_from("<H", raw)[0]
    at = 2 + 28 * count
    for number in range(count):
        head = raw[2 + 28 * number : 30 + 28 * number]
        if len(head) < 28:
            break
        name = struct.unpack_from("<i", head)[0]
        linked = struct.unpack_from("<9H", head, 8)
        levels: dict[int, NumberLevel] = {}
        for level in range(1 if head[26] & 1 else LEVELS):
            if at + 28 > len(raw):
                break
            levels[level], at = _read_level(raw, at)
        lists[name] = levels
        styles[str(name)] = {style: level for level, style in enumerate(linked) if style != 0x0FFF}
    return lists, styles


def _read_level(raw: bytes, at: int) -> tuple[NumberLevel, int]:
    start, code, flags = struct.unpack_from("<iBB", raw, at)
    follow, character_bytes, paragraph_bytes, limit = raw[at + 15], raw[at + 24], raw[at + 25], raw[at + 26]
    at += 28 + paragraph_bytes
    look = read_properties(raw[at : at + character_bytes])
    at += character_bytes
    length = struct.unpack_from("<H", raw, at)[0]
    words = raw[at + 2 : at + 2 + 2 * length].decode("utf-16-le", "replace")
    at += 2 + 2 * length
    text = "".join(f"%{ord(each) + 1}" if ord(each) < LEVELS else each for each in words)
    style = "none" if code == _NO_NUMBER else "numberInDash" if code == _IN_DASH else "decimal"
    level = NumberLevel(
        start=start,
        style=_CODES[code] if code < len(_CODES) else style,
        text=text,
        gap=_GAPS.get(follow, " "),
        restart=limit if flags & 8 else None,
        legal=bool(flags & 4),
        hidden=any(code == HIDDEN and operand == b"\1" for code, operand in look),
    )
    return level, at


def _read_uses(raw: bytes, lists: dict[int, dict[int, NumberLevel]]) -> dict[int, NumberedList]:
    """The uses of lists by their number from 1, with what each of them changes."""
    uses: dict[int, NumberedList] = {}
    if len(raw) < 4:
        return uses
    count = min(struct.unpack_from("<I", raw)[0], (len(raw) - 4) // 16)
    at = 4 + 16 * count
    for number in range(count):
        name, changes = struct.unpack_from("<i8xB", raw, 4 + 16 * number)
        levels = dict(lists.get(name, {}))
        starts: dict[int, int] = {}
        at += 4
        for _ in range(changes):
            if at + 8 > len(raw):
                break
            start, flags = struct.unpack_from("<iI", raw, at)
            at += 8
            place = flags & 15
            if flags & 0x20 and at + 28 <= len(raw):
                levels[place], at = _read_level(raw, at)
            if flags & 0x10:
                starts[place] = start
        uses[number + 1] = NumberedList(str(name), levels, starts)
    return uses
