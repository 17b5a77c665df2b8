"""The printed lines of a page from the places of its characters, columns one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Glyph(NamedTuple):
    """A character at its place on the page, in points from the upper left corner."""

    words: str
    left: float
    right: float
    top: float
    bottom: float
    size: float


class PrintedLine(NamedTuple):
    """A line of a page, in points from the upper left corner."""

    words: str
    left: float
    right: float
    top: float
    bottom: float
    size: float


_WIDE_GAP = 0.9
_LATIN_GAP = 0.18
_GUTTER = 1.5
"""Widths of a character: from here on a gap may part two columns."""
_LEAST_COLUMN_LINES = 6
_MOST_CROSSING = 0.2


def printed_lines(glyphs: Sequence[Glyph], width: float, breaks: Sequence[float]) -> list[PrintedLine]:
    """Return the lines in reading order; `width` of the page (0: never columns), `breaks` are tops of tables."""
    rows = _rows(_without_doubles(glyphs))
    gutter = _gutter(rows, width) if width else None
    if gutter is None:
        return [line for row in rows if (line := _line(row))]
    return _in_columns(rows, gutter, breaks)


def _without_doubles(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """Bold made by printing twice a little apart becomes one character."""
    seen: dict[tuple[str, int, int], list[Glyph]] = {}
    kept: list[Glyph] = []
    for each in glyphs:
        size = max(each.size, 1)
        column, row = round(each.left / size * 2), round(each.top / size * 2)
        near = (
            other
            for across in (column - 1, column, column + 1)
            for down in (row - 1, row, row + 1)
            for other in seen.get((each.words, across, down), ())
        )
        if not each.words.isspace() and any(
            abs(other.left - each.left) < size * 0.15 and abs(other.top - each.top) < size * 0.15
            for other in near
        ):
            continue
        seen.setdefault((each.words, column, row), []).append(each)
        kept.append(each)
    return kept


def _rows(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """Characters whose middles stand at about one height, from top to bottom, each row from left to right."""
    rows: list[list[Glyph]] = []
    middle = half = 0.0
    for each in sorted(glyphs, key=lambda glyph: ((glyph.top + glyph.bottom) / 2, glyph.left)):
        own = (each.top + each.bottom) / 2
        if rows and own - middle <= half:
            rows[-1].append(each)
            if not each.words.isspace() and each.size / 2.5 > half:
                half = each.size / 2.5
        else:
            rows.append([each])
            middle, half = own, max(each.size, 1) / 2.5
    for row in rows:
        row.sort(key=lambda glyph: glyph.left)
    return rows


def _line(row: Sequence[Glyph]) -> PrintedLine | None:
    shown = [each for each in row if not each.words.isspace()]
    if not shown:
        return None
    out: list[str] = []
    before: Glyph | None = None
    for each in row:
        if before is not None:
            gap = each.left - before.right
            latin = before.words[-1:].isascii() and each.words[:1].isascii()
            size = max(before.size, 1)
            if (
                gap > size * (_LATIN_GAP if latin else _WIDE_GAP)
                and not before.words.isspace()
                and not each.words.isspace()
            ):
                out.append(" ")
        out.append(" " if each.words.isspace() and each.words != "\u3000" else each.words)
        before = each
    return PrintedLine(
        "".join(out).strip(),
        shown[0].left,
        max(each.right for each in shown),
        min(each.top for each in shown),
        max(each.bottom for each in shown),
        max(each.size for each in shown),
    )


def _segments(row: Sequence[Glyph]) -> list[tuple[float, float]]:
    """The stretches of a row without a wide gap."""
    found: list[tuple[float, float]] = []
    for each in row:
        if each.words.isspace():
            continue
        if found and each.left - found[-1][1] < max(each.size, 1) * _GUTTER:
            found[-1] = (found[-1][0], max(found[-1][1], each.right))
        else:
            found.append((each.left, each.right))
    return found


def _gutter(rows: Sequence[Sequence[Glyph]], width: float) -> float | None:
    """Where a white stripe parts the page into two columns; None for one column."""
    segments = [each for row in rows if (each := _segments(row))]
    if len(segments) < _LEAST_COLUMN_LINES:
        return None
    best: tuple[int, float] | None = None
    for step in range(30, 71):
        at = width * step / 100
        crossing = sum(1 for row in segments if any(left < at < right for left, right in row))
        left_lines = sum(1 for row in segments if any(right <= at for _, right in row))
        right_lines = sum(1 for row in segments if any(left >= at for left, _ in row))
        both = sum(
            1
            for row in segments
            if any(right <= at for _, right in row) and any(left >= at for left, _ in row)
        )
        enough = min(left_lines, right_lines) >= _LEAST_COLUMN_LINES and both * 2 >= min(
            left_lines, right_lines
        )
        if enough and crossing <= len(segments) * _MOST_CROSSING and (best is None or crossing < best[0]):
            best = (crossing, at)
    if best is None:
        return None
    # Columns of words are wide: a list with a few characters on one side is no column.
    at = best[1]
    for on_left in (True, False):
        widths = sorted(
            right - left
            for row in segments
            for left, right in row
            if (right <= at if on_left else left >= at)
        )
        if widths[len(widths) // 2] < width * 0.2:
            return None
    return at


def _in_columns(rows: Sequence[Sequence[Glyph]], gutter: float, breaks: Sequence[float]) -> list[PrintedLine]:
    """Left column, then right, between rows that cross the gutter and between tables."""
    out: list[PrintedLine] = []
    left: list[PrintedLine] = []
    right: list[PrintedLine] = []
    waiting = sorted(breaks)
    for row in rows:
        if waiting and row[0].top > waiting[0]:
            out += left + right
            left, right = [], []
            waiting.pop(0)
        if any(first < gutter < last for first, last in _segments(row)):
            out += left + right
            left, right = [], []
            out += [line] if (line := _line(row)) else []
            continue
        middle = [(each.left + each.right) / 2 for each in row]
        for column, part in (
            (left, [each for each, at in zip(row, middle, strict=True) if at < gutter]),
            (right, [each for each, at in zip(row, middle, strict=True) if at >= gutter]),
        ):
            line = _line(part)
            if line:
                column.append(line)
    return out + left + right
