"""Where the sentences of a text begin and end."""

from __future__ import annotations

import re

_MARKS = re.compile(r"[。｡！？!?]|[.．]")
_CLOSERS = "”’\"'»›〞」』》）)］]】〕"
_PAIRS = {
    **{"“": "”", "‘": "’", "«": "»", "「": "」", "『": "』", "《": "》", "〈": "〉"},
    **{"（": "）", "(": ")", "［": "］", "[": "]", "【": "】", "〔": "〕"},
}
_KIN = {"(": "（", ")": "）", "[": "［", "]": "］"}
_LONGEST_PROTECTED = 2000
"""A pair wider than this is taken for a bracket that the copy forgot to close."""
_LABEL = re.compile(r"[（(]?(?:\d{1,3}(?:[.．]\d{1,2}){0,3}|[IVX]{1,5})")


def split_sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Where the sentences of `text` stand, as (start, end), in order.

    A sentence ends at 。！？!? and at a full stop that stands between no two letters or digits, and at the end
    of a line; never inside brackets or quotation marks. Closing quotes and brackets behind the mark belong to
    it. The spans hold every visible character once and begin and end with one.
    """
    spans: list[tuple[int, int]] = []
    at = 0
    for line in text.split("\n"):
        _split_line(line, at, spans)
        at += len(line) + 1
    return tuple(spans)


def _split_line(line: str, offset: int, spans: list[tuple[int, int]]) -> None:
    inside, opens = _protected(line)
    start = 0
    at = 0
    while found := _MARKS.search(line, at):
        at = found.end()
        if inside[found.start()] or (found[0] in ".．" and not _ends(line, found.start(), start)):
            continue
        while at < len(line) and (line[at] in "。｡！？!?" or (line[at] in _CLOSERS and not opens[at])):
            at += 1
        _add(line, start, at, offset, spans)
        start = at
    _add(line, start, len(line), offset, spans)


def _add(line: str, start: int, end: int, offset: int, spans: list[tuple[int, int]]) -> None:
    piece = line[start:end]
    words = piece.strip()
    if not words:
        return
    begins = start + len(piece) - len(piece.lstrip())
    if not any(each.isalnum() for each in words) and spans and spans[-1][0] >= offset:
        # A mark alone is no sentence: it goes with the one before.
        spans[-1] = (spans[-1][0], offset + begins + len(words))
        return
    spans.append((offset + begins, offset + begins + len(words)))


def _ends(line: str, at: int, start: int) -> bool:
    """Whether the full stop at `at` ends a sentence: not in 3.5, gov.cn, “1.” or “...”."""
    before, after = line[at - 1 : at], line[at + 1 : at + 2]
    if before.isascii() and before.isalnum() and after.isascii() and after.isalnum():
        return False
    if before.isdecimal() and after.isdecimal():
        return False
    if after in (".", "．") and after:
        return False
    return not _LABEL.fullmatch(line[start:at].strip())


def _protected(line: str) -> tuple[bytearray, bytearray]:
    """For each character whether it stands within a pair that is closed in the line; whether it is a straight
    quotation mark that opens what follows rather than closes what went before.
    """
    inside = bytearray(len(line))
    opens = bytearray(len(line))
    open_at: list[tuple[str, int]] = []
    straight: dict[str, int] = {}
    for at, each in enumerate(line):
        if each in _PAIRS:
            open_at.append((_KIN.get(_PAIRS[each], _PAIRS[each]), at))
        elif each == '"':
            if each in straight:
                _mark(inside, straight.pop(each), at)
            else:
                straight[each] = at
                opens[at] = 1
        elif (kin := _KIN.get(each, each)) and open_at and any(kin == wanted for wanted, _ in open_at[-8:]):
            while open_at:
                wanted, begins = open_at.pop()
                if wanted == kin:
                    _mark(inside, begins, at)
                    break
    return inside, opens


def _mark(inside: bytearray, begins: int, ends: int) -> None:
    if ends - begins <= _LONGEST_PROTECTED:
        inside[begins : ends + 1] = b"\x01" * (ends + 1 - begins)
