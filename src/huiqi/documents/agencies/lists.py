"""A list of offices as printed: where each name begins and ends, and what the registry says of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from huiqi.documents.agencies import wording
from huiqi.documents.agencies.model import Role
from huiqi.documents.agencies.view import pieces
from huiqi.reference import regions
from huiqi.reference.agencies import Agency, Place, resolve

_LONGEST_NAME = 45
_LONGEST_LABELLED = 16
_LONGEST_PIECE = 160
"""What stands between two marks of a list, several names joined by 和 included; more is no list."""
_LONGEST_PART = 6
"""A part of a name that a 、 may cut off: 各州、市人民政府; 中央、省驻同单位."""
_MOST_JOINED = 4
_STAND_INS = tuple(Place.of(code) for code in ("140213", "532503", "140221", "150921", "450000"))
"""Places that tell an office by its form where the text's own place does not: 县财政局 in a prefecture's text."""
_DIVISION_ENDS = ("省", "市", "州", "县", "旗", "盟")
_BETWEEN_OFFICES = re.compile("(?<=[局委办厅部行院署府])(?=[省州市县区旗])")
_ROLE_BEHIND = re.compile(r"[(【\[](?P<role>牵头|配合|主办|协办)(?:单位|部门)?[)】\]]$")


@dataclass(frozen=True, slots=True)
class Name:
    """One name of a list: offsets in the view, the office, and a role printed behind it (市工信局（牵头）).

    `agency` is None where the registry does not know which office it is; `is_office` tells whether it at least
    has the form of one that the registry knows.
    """

    start: int
    end: int
    agency: Agency | None
    role: Role | None = None
    is_office: bool = True


class ListReader:
    """Reads lists of one text; a division left out is carried on from the name before."""

    def __init__(self, text: str, place: Place) -> None:
        self.and_others = False
        self.labelled = False
        self._text = text
        self._place = place
        self._carried: str | None = None

    def begin(self, *, labelled: bool = False) -> None:
        """Start a new list: nothing is carried from the one before.

        `labelled` tells that a label stands before it (责任单位：), so that whatever it names is an office.
        """
        self._carried = None
        self.labelled = labelled

    def names(self, start: int, end: int) -> list[Name]:
        """The names of text[start:end], in printed order."""
        cuts = [(start + a, start + b) for a, b in pieces(self._text[start:end], "、/\t\n")]
        found: list[Name] = []
        index = 0
        while index < len(cuts):
            taken, names = self._joined(cuts, index)
            found.extend(names)
            index += taken
        return self._with_governments(found)

    def known(self, text: str) -> Agency | None:
        """The office a name means here, or, for its form alone, what it would mean elsewhere."""
        here = resolve(text, self._place, self._carried)
        if here is not None:
            return here
        return next((found for place in _STAND_INS if (found := resolve(text, place)) is not None), None)

    def _joined(self, cuts: list[tuple[int, int]], index: int) -> tuple[int, list[Name]]:
        """The names that begin at a cut, and how many cuts they take: several for 各州、市人民政府."""
        start = cuts[index][0]
        first = self._text[slice(*cuts[index])]
        alone = self.known(first)
        if (alone is None and len(first) <= _LONGEST_PART) or first.startswith("各"):
            for more in range(min(_MOST_JOINED, len(cuts) - index - 1), 0, -1):
                inner = cuts[index + 1 : index + more]
                if any(b - a > _LONGEST_PART for a, b in inner):
                    continue
                _, names = self._one(start, cuts[index + more][1], whole=True)
                if names and self._is_collective(names[0]):
                    return more + 1, names
        return 1, self._one(*cuts[index])[1]

    def _one(self, start: int, end: int, *, whole: bool = False) -> tuple[bool, list[Name]]:
        """The names between two marks: mostly one, more where 及, 和 or 等…部门及 stands inside."""
        start, end = self._trimmed(start, end)
        if start >= end or end - start > _LONGEST_PIECE:
            return False, []
        text = self._text[start:end]
        known = self.known(text)
        if known is not None:
            return True, [self._name(start, end)]
        others = wording.OTHERS.search(text)
        if others is not None and not whole:
            self.and_others = True
            head = self._one(start, start + others.start())[1]
            tail_start = start + others.end()
            rest = self._text[tail_start:end]
            return True, head + (self._one(tail_start, end)[1] if rest else [])
        if others is not None:
            cut = self._one(start, start + others.start(), whole=True)[1]
            if cut and cut[0].is_office and others.end() == len(text):
                self.and_others = True
                return True, cut
            return False, []
        behind = _ROLE_BEHIND.search(text)
        if behind is not None:
            role: Role = "lead" if behind["role"] in {"牵头", "主办"} else "with"
            names = self._one(start, start + behind.start(), whole=whole)[1]
            return True, [replace(each, role=role) for each in names]
        if text.endswith(")") and "(" in text:
            base = self.known(text[: text.rindex("(")])
            if base is not None:
                return True, [self._name(start, end)]
        if whole:
            return False, []
        run = self._run_together(start, end)
        if run:
            return True, run
        split = self._split(start, end)
        if split:
            return True, split
        if not wording.OFFICE_END.search(text):
            # What follows the name is no name: a sentence that the copy ran on.
            for stop in range(min(len(text) - 1, _LONGEST_NAME), 2, -1):
                opening = self.known(text[:stop])
                if opening is not None:
                    return True, [self._name(start, start + stop)]
        if self._could_be(text):
            return True, [Name(start, end, None, is_office=False)]
        return False, []

    def _run_together(self, start: int, end: int) -> list[Name]:
        """Names with nothing but a space between them (县人社局 县财政局); nothing where one is no office."""
        text = self._text[start:end]
        names: list[Name] = []
        begins = 0
        cuts = [found.start() for found in _BETWEEN_OFFICES.finditer(text)]
        for cut in (*cuts, len(text)):
            if self.known(text[begins:cut]) is not None:
                names.append(self._name(start + begins, start + cut))
                begins = cut
        return names if begins == len(text) and len(names) > 1 else []

    def _split(self, start: int, end: int) -> list[Name]:
        """Two names joined by 和 or the like; nothing where it belongs to one name (文化和旅游局)."""
        text = self._text[start:end]
        for joint in wording.JOINTS.finditer(text):
            if joint.start() == 0 or joint.end() == len(text):
                continue
            left = self._one(start, start + joint.start(), whole=True)[1]
            if left and left[0].is_office:
                return left + self._one(start + joint.end(), end)[1]
            right = self._one(start + joint.end(), end, whole=True)[1]
            if right and self._is_collective(right[0]):
                return self._one(start, start + joint.start())[1] + right
        return []

    def _trimmed(self, start: int, end: int) -> tuple[int, int]:
        text = self._text
        lead = wording.LEADING.match(text[start:end])
        start += lead.end() if lead else 0
        while start < end and text[start] in ' ,:;。.*★▲●-—“"\n\t':
            start += 1
        while start < end and text[end - 1] in ' ,:;。.*★▲”"\n\t':
            end -= 1
        return start, end

    def _name(self, start: int, end: int) -> Name:
        """A name with the form of an office: which one it is, and what it carries on."""
        text = self._text[start:end]
        agency = resolve(text, self._place, self._carried)
        if agency is None and text.endswith(")") and "(" in text:
            agency = resolve(text[: text.rindex("(")], self._place, self._carried)
        if agency is not None and agency.stated and agency.region is not None and not agency.collective:
            self._carried = agency.region
        return Name(start, end, agency)

    def _is_collective(self, name: Name) -> bool:
        form = self.known(self._text[name.start : name.end])
        return form is not None and form.collective

    def _could_be(self, text: str) -> bool:
        if len(text) > _LONGEST_NAME or len(text) < 2 or wording.ASIDE.search(text):
            return False
        if self.labelled and len(text) <= _LONGEST_LABELLED and not re.search("[。;!?为将]", text):
            return True
        return bool(wording.OFFICE_END.search(text)) and not re.search(r"[。;!?]|的$|是|把|将|要", text)

    def _with_governments(self, names: list[Name]) -> list[Name]:
        """Bare divisions before a government (昭通市、曲靖市人民政府) mean their governments too."""
        following = False
        out: list[Name] = []
        for each in reversed(names):
            printed = self._text[each.start : each.end]
            mentioned = each
            division = printed.endswith(_DIVISION_ENDS) and bool(regions.find(printed))
            if not each.is_office and (following or division):
                government = resolve(printed + "人民政府", self._place)
                mentioned = replace(each, agency=government, is_office=government is not None)
            following = mentioned.agency is not None and mentioned.agency.name.endswith("人民政府")
            out.append(mentioned)
        return out[::-1]
