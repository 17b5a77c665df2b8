"""Attributions that a machine-translated copy prints in English."""

from __future__ import annotations

import re

from huiqi.documents.agencies.attribution import Passage
from huiqi.documents.agencies.lists import Name
from huiqi.documents.agencies.model import Role
from huiqi.reference.agencies import Place, resolve

_DUTIES = r"(?:,? ?(?:in accordance|according|in line) (?:with|to) [^,.;()]*)"
_BE = r"(?:(?:is|are|shall be|will be) )?"
_VERB = re.compile(
    rf"(?P<lead>\b(?:{_BE}responsible for )?(?:tak(?:e|es|ing) the lead|lead(?:s|ing)?\b(?! group)|{_BE}co-?ordinat(?:ed|es|e|ing)\b)[^,.;()]{{0,20}}"
    r"(?=$|[,.;]))"
    rf"|(?P<by_duty>\b{_BE}(?:respectively |jointly )?responsible(?: respectively)?(?: for the division of labou?r)?{_DUTIES})"
    rf"|(?P<implement>\b(?:shall |will |should )?(?:be implemented|implement(?:s|ed)?(?: it)?){_DUTIES}?)"
    rf"|(?P<responsible>\b{_BE}(?:respectively |jointly |specifically )?responsible(?: respectively)?\b)"
    r"|(?P<with>\b(?:shall |will )?(?:cooperat(?:e|es|ing)|assist(?:s|ing)?)\b)",
    re.IGNORECASE,
)
_LED_BY = re.compile(r"\bled by ", re.IGNORECASE)
_COOPERATION = re.compile(r",? ?with the (?:cooperation|assistance) of ", re.IGNORECASE)
_LABEL = re.compile(
    r"(?P<label>responsible|lead(?:ing)?|cooperating) (?:unit|department|agenc|organi)\w*: ?", re.IGNORECASE
)
_BETWEEN = re.compile(r",\s*(?:and\s+)?|;\s*|、|\s+and\s+(?=(?:the|all|each|relevant)\s)", re.IGNORECASE)
_OPENING = re.compile(r"(?:(?:and|with|as well as)\s+)*(?:the\s+)?", re.IGNORECASE)
_OFFICE = re.compile(
    r"department|bureau|office|commission|committee|government|unit|group|company|branch|bank|administration|agenc|congress"
    r"|federation|court|institution",
    re.IGNORECASE,
)
_ROLES: tuple[Role, ...] = ("lead", "by_duty", "implement", "responsible", "with")


def read_english(text: str, start: int, end: int, place: Place) -> Passage:
    """What text[start:end] says, the words between the brackets; nothing where no verb of role stands."""
    passage = Passage()
    at = start
    label = _LABEL.match(text, start, end)
    if label:
        word = label["label"].lower()
        role: Role = (
            "lead" if word.startswith("lead") else "with" if word.startswith("coop") else "responsible"
        )
        return _with_names(passage, text, label.end(), end, role, place)
    led = _LED_BY.match(text, start, end)
    if led:
        stop = re.compile(r",? with ", re.IGNORECASE).search(text, led.end(), end)
        at = stop.start() if stop else end
        _with_names(passage, text, led.end(), at, "lead", place)
    cooperation = _COOPERATION.search(text, at, end)
    if cooperation:
        return _with_names(passage, text, cooperation.end(), end, "with", place)
    for verb in _VERB.finditer(text, at, end):
        role = next(each for each in _ROLES if verb[each])
        _with_names(passage, text, at, verb.start(), role, place)
        at = verb.end()
    return passage


def _with_names(passage: Passage, text: str, start: int, end: int, role: Role, place: Place) -> Passage:
    begin = start
    for mark in [*_BETWEEN.finditer(text, start, end), None]:
        stop = mark.start() if mark else end
        opening = _OPENING.match(text, begin, stop)
        first = opening.end() if opening else begin
        last = first + len(text[first:stop].rstrip(" ."))
        printed = text[first:last]
        if _OFFICE.search(printed):
            passage.names.append((Name(first, last, resolve(printed, place)), role))
            passage.attributes = True
        begin = mark.end() if mark else end
    return passage
