"""Where a text attributes: closing brackets, unit lines, sentences that open with 由…负责."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from huiqi.documents.agencies import wording
from huiqi.documents.agencies.attribution import Passage, PassageReader
from huiqi.documents.agencies.english import read_english
from huiqi.documents.agencies.view import View
from huiqi.reference.agencies import Place

_HAN = re.compile(r"[\u3400-\u9fff]")
_SENTENCE_END = "。.;!?:\n"
_LABEL_LINE = re.compile(
    rf"(?:(?<=[\n。;.!?\t)])|^)[ *—-]*[【\[]?(?={wording.LABEL.pattern}[】\]]?(?:[:\t]|[】\]]|\n))"
)
_RUNNING = re.compile(
    r"(?:(?<=[\n。;!?])|^)(?P<by>(?:具体|原则上|统一|主要)?由)?(?P<names>[^,。;!?:\n由]{3,90}?)"
    r"(?P<verb>(?:具体|分别|共同)?负责牵头|(?:分别|共同)?牵头|(?:具体|分别|共同|按(?:照)?职责(?:分工)?)?负责)(?!人|同志|制)"
)
_MATTER = re.compile("解释|人$")


@dataclass(frozen=True, slots=True)
class Found:
    """A passage with what it says; offsets in the view, marks included."""

    start: int
    end: int
    passage: Passage


def find_passages(view: View, place: Place, *, first_leads: bool) -> list[Found]:
    """All passages of the text in printed order, none inside another."""
    found = list(_brackets(view, place, first_leads))
    found += _lines(view, place, first_leads, found)
    if not found:
        found = list(_sentences(view, place))
    return sorted(found, key=lambda each: each.start)


def _brackets(view: View, place: Place, first_leads: bool) -> Iterator[Found]:
    reached = -1
    for start, end in view.brackets:
        if start < reached:
            continue
        passage = _bracket(view, start, end, place, first_leads)
        if passage is not None:
            reached = end
            yield Found(start, end + 1, passage)


def _bracket(view: View, start: int, end: int, place: Place, first_leads: bool) -> Passage | None:
    text = view.text
    if end - start < 4:
        return None
    words = text[start + 1 : end]
    if _HAN.search(words) is None:
        passage = read_english(text, start + 1, end, place)
        return passage if passage.names else None
    if wording.LABEL.fullmatch(words):
        # 【责任单位】 opens a unit line, it is none itself.
        return None
    passage = PassageReader(text, place, first_leads=first_leads).read(start + 1, end)
    if not passage.names:
        return None
    first = passage.names[0][0]
    opens = first.start - (start + 1)
    if passage.attributes:
        label = wording.LABEL.match(words)
        return passage if label or (opens <= 4 and _could_close(view, start, end)) else None
    known = all(name.agency is not None for name, _ in passage.names)
    covered = sum(name.end - name.start + 1 for name, _ in passage.names) >= len(words) - 8
    stands = start == 0 or text[start - 1] in _SENTENCE_END + "!"
    return passage if known and covered and stands and _ends(text, end + 1) else None


def _could_close(view: View, start: int, end: int) -> bool:
    """Whether a sentence, or a part of one, ends before or behind the bracket."""
    text = view.text
    return start == 0 or text[start - 1] in _SENTENCE_END or _ends(text, end + 1) or text[end + 1] in ",、"


def _ends(text: str, at: int) -> bool:
    return at >= len(text) or text[at] in _SENTENCE_END + "([【〔"


def _lines(view: View, place: Place, first_leads: bool, taken: list[Found]) -> Iterator[Found]:
    text = view.text
    reached = -1
    for opening in _LABEL_LINE.finditer(text):
        start = opening.end()
        if opening[0].endswith(("【", "[")):
            start -= 1
        if start < reached or any(each.start <= start < each.end for each in taken):
            continue
        end = _line_end(text, start)
        passage = PassageReader(text, place, first_leads=first_leads).read(start, end)
        reached = end
        if passage.names:
            yield Found(start, end, passage)


def _line_end(text: str, start: int) -> int:
    """Where a unit line ends: at its line's end, unless that breaks a list, or at a full stop before."""
    at = start
    while True:
        newline = text.find("\n", at)
        newline = len(text) if newline < 0 else newline
        stop = text.find("。", at, newline)
        if stop >= 0:
            return stop + 1
        if newline == len(text) or (
            text[newline - 1] not in "、,:】]" and not _bare_label(text, start, newline)
        ):
            return newline
        at = newline + 1


def _bare_label(text: str, start: int, end: int) -> bool:
    return wording.LABEL.fullmatch(text[start:end].strip(" 【[】]")) is not None


def _sentences(view: View, place: Place) -> Iterator[Found]:
    text = view.text
    for opening in _RUNNING.finditer(text):
        matter = text[opening.end() : opening.end() + 4]
        if _MATTER.match(matter):
            continue
        reader = PassageReader(text, place)
        begin = opening.start("names")
        passage = reader.read(begin, opening.end())
        names = passage.names
        if not names or any(name.agency is None for name, _ in names):
            continue
        span = sum(name.end - name.start + 1 for name, _ in names)
        if span < opening.end("names") - begin - 6:
            continue
        yield Found(opening.start(), opening.end(), passage)
