"""From a file to a document: the plans, their clauses and what is printed around them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from huiqi.documents.attachments import find_attachments
from huiqi.documents.clause_tree import ClauseTree, quotes_read
from huiqi.documents.division import Division, Part, divide
from huiqi.documents.formats import read_source
from huiqi.documents.formats.source_text import Mending, SourceText
from huiqi.documents.front_matter import Around, read_front_matter
from huiqi.documents.front_matter.offices import addressee_line
from huiqi.documents.furniture import page_furniture, repeated_titles, web_furniture
from huiqi.documents.glued import split_glued
from huiqi.documents.joining import join_lines
from huiqi.documents.lines import Line, split_lines, usual_width
from huiqi.documents.margin_lines import is_number, is_office
from huiqi.documents.model import LETTER, Clause, Document, Margin, Plan
from huiqi.documents.plan_names import common_place, short_name
from huiqi.documents.printed_days import is_closing, is_date_note, read_date
from huiqi.documents.titles import find_title, title_top

_BETWEEN_HAN = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")
_TOP = 40
_HEAD = 16
"""Lines of a document's beginning among which its title and number are looked for."""


def read_document(path: Path) -> Document:
    """Read an official text of any format. Raises UnreadableDocument."""
    return read_text(path.stem, read_source(path))


def read_text(name: str, source: SourceText) -> Document:
    """Read the text of a file as the document `name`. Total: every text is some document."""
    return _Reader(source).document(name)


class _Reader:
    """Reads one text; every printed line ends up in exactly one clause or margin."""

    def __init__(self, source: SourceText) -> None:
        self._source = source
        self._margins: list[Margin] = []
        self._mended: list[Mending] = []
        self._plan_names: Counter[str] = Counter([LETTER])
        self._around = Around()
        lines = split_lines(source.text, source.tables, whole=source.whole_paragraphs)
        furniture = page_furniture(lines)
        for index in sorted(furniture):
            self._drop("furniture", lines[index])
        lines = [line for index, line in enumerate(lines) if index not in furniture]
        frame = web_furniture(lines)
        kept = [index for index in range(len(lines)) if index not in frame]
        frame |= {kept[index] for index in repeated_titles([lines[index] for index in kept[:_TOP]])}
        if len(frame) == len(lines):
            frame = frozenset()
        self._around.page = [lines[index] for index in sorted(frame)]
        for line in self._around.page:
            self._drop("page", line)
        lines = [line for index, line in enumerate(lines) if index not in frame]
        self._width = None if source.whole_paragraphs else usual_width(lines)
        self._lines = split_glued(lines)
        self._tree = ClauseTree(self._width, self._mended)

    def document(self, name: str) -> Document:
        lines = self._lines
        attachments = find_attachments(lines)
        self._listed = frozenset(lines[index].start for index in attachments.listed)
        division = divide(lines, attachments)
        self._around.signed = lines
        letter, letter_title = self._above(division)
        names = self._names(division)
        plans = tuple(
            self._plan(part, each, addressed=not letter and position == 0)
            for position, (part, each) in enumerate(zip(division.parts, names, strict=True))
        )
        plans = tuple(replace(plan, title=_without_kind(plan.title)) for plan in plans)
        letter_title = _without_kind(letter_title)
        title = letter_title if letter or (len(plans) > 1 and plans[0].short_name) else plans[0].title
        if title is None and len(plans) == 1:
            # A letter copied without its own title: what it issues tells the document.
            title = plans[0].title
        self._around.title = title
        self._around.plan_titles = [plan.title for plan in plans if plan.title]
        front = read_front_matter(self._source.text, self._around)
        self._mended.extend(quotes_read(self._source.text))
        return Document(
            id=name,
            title=title,
            number=front.number,
            date=front.date,
            plans=plans,
            digest=self._source.digest,
            letter=letter,
            margins=tuple(sorted(self._margins, key=lambda margin: margin.start)),
            front=front,
            source=self._source,
            mended=tuple(
                sorted((*self._source.mended, *self._mended), key=lambda each: (each.start, each.end))
            ),
        )

    def _names(self, division: Division) -> list[str | None]:
        """The short name of each part, None for a plan that needs none."""
        parts = division.parts
        attached = any(part.attachment for part in parts)
        main = [part for part in parts if not part.attachment]
        plans = [part for part in parts if part.is_plan]
        place = common_place([self._last_title_line(part) for part in plans])
        names: list[str | None] = []
        for part in parts:
            if attached and part.attachment is None:
                alone = len(main) == 1
            else:
                alone = part.is_plan and len(plans) == 1
            if alone:
                names.append(None)
            elif part.attachment and (main or not part.is_plan):
                names.append(self._unique(part.attachment))
            else:
                own = self._last_title_line(part).removeprefix(place)
                names.append(self._unique(short_name(own) if own else part.attachment or "附件"))
        return names

    def _last_title_line(self, part: Part) -> str:
        return self._lines[part.title[1] - 1].text if part.title[1] > part.title[0] else ""

    def _unique(self, name: str) -> str:
        """The plan's name, told apart where the copy gives two plans the same."""
        self._plan_names[name] += 1
        return name if self._plan_names[name] == 1 else f"{name}#{self._plan_names[name]}"

    def _drop(self, kind: str, line: Line) -> None:
        self._margins.append(Margin(kind, line.text, line.start, line.end))
        self._mended.append(Mending(f"{kind}-dropped", line.start, line.end, line.text, ""))

    def _margin(self, kind: str, lines: Sequence[Line]) -> str:
        """Put the lines into the margins; their text, or nothing for no lines."""
        if not lines:
            return ""
        joined = lines[0].text if len(lines) == 1 else join_lines(lines, None).text.replace("\n", "")
        text = _BETWEEN_HAN.sub("", joined)
        self._margins.append(Margin(kind, text, lines[0].start, lines[-1].end))
        return text

    def _masthead(self, lines: Sequence[Line]) -> None:
        for line in lines:
            numbered = is_number(line)
            (self._around.number if numbered else self._around.masthead).append(line)
            self._margin("number" if numbered else "masthead", [line])

    def _above(self, division: Division) -> tuple[Clause | None, str | None]:
        """The covering letter and its title; a mere masthead above a single plan is no letter."""
        head = self._lines[: division.head]
        if not division.letter:
            self._masthead(head)
            return None, None
        last = find_title(head[:_HEAD])
        top = title_top(head, last) if last >= 0 else 0
        self._masthead(head[:top])
        title = self._margin("title", head[top : last + 1]) or None
        body = self._without_closing(self._without_number(head[last + 1 :], addressed=True))
        return (self._tree.unnumbered(LETTER, body) if body else None), title

    def _without_number(self, body: Sequence[Line], *, addressed: bool) -> Sequence[Line]:
        """The body below a title, without the number and the addressees that may stand there."""
        index = 0
        while index < min(len(body) - 1, 3) and (is_number(body[index]) or is_date_note(body[index])):
            index += 1
        self._masthead([line for line in body[:index] if is_number(line)])
        for line in body[:index]:
            if not is_number(line):
                self._around.dated.append(line)
                self._margin("date", [line])
        if addressed:
            end = addressee_line(body, index)
            self._around.addressees.extend(body[index:end])
            self._margin("addressees", body[index:end])
            index = end
        return body[index:]

    def _plan(self, part: Part, name: str | None, *, addressed: bool) -> Plan:
        lines = self._lines
        title_lines = lines[part.title[0] : part.title[1]]
        above = lines[part.top : part.title[0]]
        if above:
            self._margin("attachment" if part.attachment else "masthead", above)
        title = self._margin("title", title_lines) or part.named
        body = self._without_number(lines[part.body : part.end], addressed=addressed)
        body = self._without_signature(self._without_closing(body))
        issuer = None
        if body and name is not None and _is_issuer(body[0]) and len(body) > 1:
            issuer = self._margin("issuer", body[:1])
            body = body[1:]
        return Plan(name, title, issuer, self._tree.clauses(body, name), part.attachment)

    def _without_signature(self, body: Sequence[Line]) -> Sequence[Line]:
        """The body without the office and date that sign what stands above the first number: a decree."""
        for index in range(1, len(body) - 1):
            if body[index].label or body[index + 1].label:
                break
            if is_office(body[index]) and read_date(body[index + 1]) and body[index - 1].ends_sentence:
                self._around.closing.extend(body[index : index + 2])
                self._margin("closing", [body[index]])
                self._margin("closing", [body[index + 1]])
                return [*body[:index], *body[index + 2 :]]
        return body

    def _without_closing(self, body: Sequence[Line]) -> Sequence[Line]:
        """The body without the list of attachments, signature, date and imprint that stand below it."""
        keep = len(body)
        copies = _copies_begin(body)
        while keep:
            line = body[keep - 1]
            closes = line.start in self._listed or is_closing(line) or (copies is not None and keep > copies)
            if not closes and not (keep < len(body) and is_office(line)):
                break
            keep -= 1
        for line in body[keep:]:
            listed = line.start in self._listed
            self._margin("attachment" if listed else "closing", [line])
            if not listed:
                self._around.closing.append(line)
        return body[:keep]


def _without_kind(title: str | None) -> str | None:
    """The title without what a page prints before it: 【规范性文件】, marks of a converter."""
    return re.sub(r"^[#*\s]*(?:[【\[][^】\]]{2,12}[】\]](?=.))?|\*+$", "", title) if title else None


def _copies_begin(body: Sequence[Line]) -> int | None:
    """The index of the line 抄送：…, where nothing but its own names and the imprint follow."""
    for index in range(len(body) - 1, max(len(body) - 12, -1), -1):
        if re.match(r"抄\s*[送报]\s*[:：]", body[index].text):
            return index
        if body[index].label is not None or body[index].in_table:
            return None
    return None


def _is_issuer(line: Line) -> bool:
    return line.is_bare and not is_closing(line) and len(line.text) <= (80 if line.is_foreign else 25)
