"""A text as the reader of offices sees it: half-width marks, no spaces and line breaks inside names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

OPEN, CLOSE = "([{【〔〖", ")]}】〕〗"
_LONGEST_BRACKET = 1500
_KEPT = "\n\t"


@dataclass(frozen=True)
class View:
    """`text` is the reader's form, `origin[i]` the offset of its character i in the text as given."""

    text: str
    origin: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the text as given."""
        return self.origin[start], self.origin[end - 1] + 1

    @cached_property
    def brackets(self) -> tuple[tuple[int, int], ...]:
        """Bracket pairs as (opening, closing) offsets, outer before inner, in printed order."""
        return _pairs(self.text)


def view_of(text: str) -> View:
    """The reader's form of `text`."""
    folded = "".join(_folded(char) for char in text)
    inside = bytearray(len(folded) + 1)
    for start, end in _pairs(folded):
        inside[start:end] = b"\1" * (end - start)
    chars: list[str] = []
    origin: list[int] = []
    gap: int | None = None
    for offset, char in enumerate(folded):
        if char.isspace() or char in "\u200b\ufeff\xad":
            if char in _KEPT and not inside[offset]:
                chars.append(char)
                origin.append(offset)
                gap = None
            else:
                gap = offset if gap is None else gap
            continue
        if gap is not None and chars and chars[-1].isascii() and char.isascii() and not chars[-1].isspace():
            chars.append(" ")
            origin.append(gap)
        gap = None
        chars.append(char)
        origin.append(offset)
    return View("".join(chars), tuple(origin))


def _folded(char: str) -> str:
    code = ord(char)
    if 0xFF01 <= code <= 0xFF5E:
        return chr(code - 0xFEE0)
    return {"｡": "。", "﹒": ".", "﹐": ",", "﹑": "、", "﹔": ";", "﹕": ":", "’": "'", "‘": "'"}.get(
        char, char
    )


def _pairs(text: str) -> tuple[tuple[int, int], ...]:
    """Matching brackets whatever their kind, none longer than a passage may be."""
    waiting: list[int] = []
    found: list[tuple[int, int]] = []
    for offset, char in enumerate(text):
        if char in OPEN:
            waiting.append(offset)
        elif char in CLOSE and waiting:
            start = waiting.pop()
            if offset - start <= _LONGEST_BRACKET:
                found.append((start, offset))
    return tuple(sorted(found))


def pieces(text: str, marks: str) -> list[tuple[int, int]]:
    """`text` cut at `marks` that stand outside brackets, as offsets; empty pieces are left out."""
    depth, start = 0, 0
    found: list[tuple[int, int]] = []
    for offset, char in enumerate(text):
        if char in OPEN:
            depth += 1
        elif char in CLOSE:
            depth = max(0, depth - 1)
        elif char in marks and depth == 0:
            found.append((start, offset))
            start = offset + 1
    found.append((start, len(text)))
    return [(a, b) for a, b in found if text[a:b].strip()]
