"""What one attribution passage says: its lists of offices, each with its role."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

from huiqi.documents.agencies import wording
from huiqi.documents.agencies.lists import ListReader, Name
from huiqi.documents.agencies.model import Role
from huiqi.documents.agencies.view import pieces
from huiqi.reference.agencies import Place


@dataclass
class Passage:
    """One passage as it is read: names with roles, in printed order."""

    names: list[tuple[Name, Role]] = field(default_factory=list)
    and_others: bool = False
    attributes: bool = False
    """Whether a label or a verb of role stands in it."""


class PassageReader:
    """Reads the words of a passage from left to right; a verb gives its role to the names before it."""

    def __init__(self, text: str, place: Place, *, first_leads: bool = False) -> None:
        self._text = text
        self._first_leads = first_leads
        self._lists = ListReader(text, place)
        self._passage = Passage()
        self._pending: list[Name] = []
        self._label: Role | None = None
        self._labelled = False
        self._joint: list[Name] | None = None
        self._after_lead = False

    def read(self, start: int, end: int) -> Passage:
        """What text[start:end] says (the words between the brackets, or behind a label)."""
        text = self._text
        if wording.FIRST_LEADS.search(text, start, end):
            self._first_leads = True
        for a, b in pieces(text[start:end], ";。!\n"):
            self._statement(start + a, start + b)
        self._close()
        self._passage.names.sort(key=lambda pair: pair[0].start)
        self._passage.and_others = self._lists.and_others
        return self._passage

    def _statement(self, start: int, end: int) -> None:
        self._lists.begin(labelled=self._label is not None)
        for a, b in self._segments(start, end):
            self._segment(a, b)
        if self._label is not None or self._labelled or self._after_lead:
            self._close()

    def _segments(self, start: int, end: int) -> list[tuple[int, int]]:
        """The statement cut at commas, and before labels within it."""
        cuts: list[tuple[int, int]] = []
        for a, b in pieces(self._text[start:end], ",\t"):
            begin, stop = start + a, start + b
            inner = [
                found.start()
                for found in wording.LABEL.finditer(self._text, begin, stop)
                if self._text[found.end() : found.end() + 1] == ":" and found.start() > begin
            ]
            marks = [begin, *inner, stop]
            cuts.extend(pairwise(marks))
        return cuts

    def _segment(self, start: int, end: int) -> None:
        text = self._text
        while start < end and text[start] in " 【[":
            start += 1
        if wording.GENERAL.match(text, start, end) or wording.FIRST_LEADS.search(text, start, end):
            # It speaks of other clauses: see huiqi.documents.agencies.general.
            return
        label = wording.LABEL.match(text, start, end)
        if label and text[label.end() : label.end() + 1] in {":", "】", "]", "\n", "\t", " "}:
            self._close()
            self._label, self._labelled = wording.role_of(label), True
            self._lists.begin(labelled=True)
            self._passage.attributes |= self._label is not None
            start = label.end()
            while start < end and text[start] in ":】] \t\n":
                start += 1
        if self._labelled and self._label is None:
            # 完成时限：…, 适用范围：…: no offices until the next label.
            return
        if start >= end:
            return
        self._phrases(start, end)

    def _phrases(self, start: int, end: int) -> None:
        text = self._text
        while start < end:
            # Notes in brackets do not hold verbs of role: 市工信局（牵头） is the list's matter.
            verb = self._verb(start, end)
            if verb is None:
                if (
                    not wording.ASIDE.search(text[start:end])
                    or self._lists.known(text[start:end]) is not None
                ):
                    self._pending.extend(self._lists.names(start, end))
                return
            names = self._lists.names(start, verb.start())
            self._apply(verb, names)
            start = verb.end()
            while start < end and text[start] in "、 ":
                start += 1
            if start < end and not verb["joint"] and not self._goes_on(start, end):
                return

    def _verb(self, start: int, end: int) -> re.Match[str] | None:
        """The next verb of role outside brackets."""
        at = start
        while True:
            verb = wording.VERB.search(self._text, at, end)
            if verb is None:
                return None
            before = self._text[start : verb.start()]
            if before.count("(") <= before.count(")"):
                return verb
            at = verb.end()

    def _goes_on(self, start: int, end: int) -> bool:
        """Whether what stands behind a verb is another list, not the matter it is about."""
        following = self._verb(start, end)
        stop = following.start() if following else end
        if following is not None and following.start() == start:
            return True
        first = re.split("[、,]", self._text[start:stop])[0]
        return any(self._lists.known(part) is not None for part in {first, re.split("等|和|及", first)[0]})

    def _apply(self, verb: re.Match[str], names: list[Name]) -> None:
        self._passage.attributes = True
        if verb["joint"]:
            # A会同B…: B is with A, whatever A then does.
            self._joint = [*self._pending, *names]
            self._pending = []
            return
        role = _role(verb)
        if self._joint is not None:
            self._give(self._joint, role)
            self._give([*self._pending, *names], "with")
            self._joint, self._pending = None, []
            return
        if self._label is not None and not verb["duty"] and names:
            self._give(self._pending, self._label)
        else:
            names = [*self._pending, *names]
        self._pending = []
        self._give(names, role)
        self._after_lead = self._after_lead or role == "lead"

    def _close(self) -> None:
        """Give the names that no verb took the role of their label, or the plain one."""
        if self._joint is not None:
            self._give(self._joint, self._label or "responsible")
            self._give(self._pending, "with")
            self._joint, self._pending = None, []
        if self._pending:
            plain: Role = self._label or ("with" if self._after_lead else "responsible")
            untold = [each for each in self._pending if each.role is None]
            if self._first_leads and plain == "responsible" and not self._passage.names and untold:
                self._give(untold[:1], "lead")
                self._give(untold[1:], "with")
                self._give([each for each in self._pending if each.role], plain)
            else:
                self._give(self._pending, plain)
        self._pending = []

    def _give(self, names: list[Name], role: Role) -> None:
        self._passage.names.extend((each, each.role or role) for each in names)


def _role(verb: re.Match[str]) -> Role:
    if verb["duty"]:
        if verb["duty_implement"]:
            return "implement"
        return "with" if verb["duty_with"] else "by_duty"
    if verb["lead"]:
        return "lead"
    if verb["implement"]:
        return "implement"
    return "responsible" if verb["responsible"] else "with"
