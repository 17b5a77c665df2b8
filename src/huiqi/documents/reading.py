"""From a text file to a document: the plans, their clauses and what is printed around them."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from huiqi.documents.labels import Level
from huiqi.documents.lines import Line, first_sentence, join_lines, split_lines, usual_width
from huiqi.documents.model import LETTER, Clause, Document, Margin, Plan
from huiqi.documents.numbering import Opening, number_lines
from huiqi.documents.plan_names import short_name
from huiqi.documents.text_files import read_text_file
from huiqi.documents.titles import (
    find_title,
    is_closing,
    is_number,
    is_office,
    plan_starts,
    read_date,
    read_imprint_date,
    title_top,
)

_BETWEEN_HAN = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")
_HEAD = 16
"""Lines of a document's beginning among which its title and number are looked for."""


def read_document(path: Path) -> Document:
    """Read an official text (TXT; UTF-8, UTF-16 with its mark, GB18030). Raises UnreadableDocument."""
    file = read_text_file(path)
    return _Reader(file.text).document(path.stem, file.digest)


class _Reader:
    """Reads one text; every printed line ends up in exactly one clause or margin."""

    def __init__(self, text: str) -> None:
        self._margins: list[Margin] = []
        self._plan_names: Counter[str] = Counter([LETTER])
        lines = split_lines(text)
        self._lines = [line for line in lines if not line.is_furniture]
        for line in lines:
            if line.is_furniture:
                self._margin("furniture", [line])
        self._width = usual_width(self._lines)

    def document(self, name: str, digest: str) -> Document:
        lines = self._lines
        starts = plan_starts(lines)
        if not starts:
            starts = [find_title(lines[:_HEAD])]
        tops = [title_top(lines, start) if start >= 0 else 0 for start in starts]
        head = lines[: tops[0]]
        single = len(starts) == 1
        number = next((line for line in head[:_HEAD] if is_number(line)), None)
        letter, letter_title = self._letter(head)
        plans = []
        for position, (top, start) in enumerate(zip(tops, starts, strict=True)):
            below = tops[position + 1] if position + 1 < len(tops) else len(lines)
            plans.append(self._plan(lines[top : start + 1], lines[start + 1 : below], single=single))
        title = letter_title if letter or not single else plans[0].title
        return Document(
            id=name,
            title=title,
            number=number.text if number else None,
            date=_document_date(lines),
            plans=tuple(plans),
            digest=digest,
            letter=letter,
            margins=tuple(sorted(self._margins, key=lambda margin: margin.start)),
        )

    def _margin(self, kind: str, lines: Sequence[Line]) -> str:
        """Put the lines into the margins; their text, or nothing for no lines."""
        if not lines:
            return ""
        joined = lines[0].text if len(lines) == 1 else join_lines(lines, None).replace("\n", "")
        text = _BETWEEN_HAN.sub("", joined)
        self._margins.append(Margin(kind, text, lines[0].start, lines[-1].end))
        return text

    def _letter(self, head: Sequence[Line]) -> tuple[Clause | None, str | None]:
        """The covering letter and its title; a mere masthead above a single plan is no letter."""
        if not any(line.ends_sentence for line in head):
            for line in head:
                self._margin("number" if is_number(line) else "masthead", [line])
            return None, None
        last = find_title(head[:_HEAD])
        top = title_top(head, last) if last >= 0 else 0
        for line in head[:top]:
            self._margin("number" if is_number(line) else "masthead", [line])
        title = self._margin("title", head[top : last + 1]) or None
        body = head[last + 1 :]
        return (self._clause(LETTER, body) if body else None), title

    def _plan(self, title_lines: Sequence[Line], body: Sequence[Line], *, single: bool) -> Plan:
        title = self._margin("title", title_lines) or None
        name = None if single or not title else self._unique(short_name(title_lines[-1].text))
        body = self._without_closing(body)
        issuer = None
        if body and not single and _is_issuer(body[0]):
            issuer = self._margin("issuer", body[:1])
            body = body[1:]
        return Plan(name, title, issuer, self._clauses(body, name))

    def _unique(self, name: str) -> str:
        """The plan's name, told apart where the copy gives two plans the same."""
        self._plan_names[name] += 1
        return name if self._plan_names[name] == 1 else f"{name}#{self._plan_names[name]}"

    def _without_closing(self, body: Sequence[Line]) -> Sequence[Line]:
        keep = len(body)
        while keep and (is_closing(body[keep - 1]) or (keep < len(body) and is_office(body[keep - 1]))):
            keep -= 1
        for line in body[keep:]:
            self._margin("closing", [line])
        return body[:keep]

    def _clauses(self, body: Sequence[Line], plan: str | None) -> tuple[Clause, ...]:
        openings = number_lines(body, self._width)
        first = openings[0].index if openings else len(body)
        clauses = [self._clause(plan or "", body[:first])] if first else []
        return (*clauses, *self._tree(body, openings, plan))

    def _tree(self, body: Sequence[Line], openings: Sequence[Opening], plan: str | None) -> list[Clause]:
        """The numbered clauses in printed order, each with its children."""
        prefix = [plan] if plan else []
        above: list[tuple[Level, str]] = []
        used: Counter[str] = Counter()
        parents: list[int | None] = []
        own: list[Clause] = []
        stack: list[tuple[Level, int]] = []
        for position, opening in enumerate(openings):
            end = openings[position + 1].index if position + 1 < len(openings) else len(body)
            above = [pair for pair in above if pair[0] < opening.level]
            stack = [pair for pair in stack if pair[0] < opening.level]
            label = opening.level.label(opening.number)
            path = "/".join([*prefix, *(each for _, each in above), label])
            used[path] += 1
            if used[path] > 1:
                # The copy prints a number twice: both stay, the later one told apart.
                label += f"#{used[path]}"
                path = "/".join([*prefix, *(each for _, each in above), label])
            own.append(self._clause(path, body[opening.index : end], numbered=True))
            parents.append(stack[-1][1] if stack else None)
            above.append((opening.level, label))
            stack.append((opening.level, position))
        return _with_children(own, parents)

    def _clause(self, path: str, lines: Sequence[Line], *, numbered: bool = False) -> Clause:
        text = join_lines(lines, self._width, headed=numbered)
        heading = first_sentence(text) if numbered else ""
        printed = lines[0].label.printed if numbered and lines[0].label else ""
        return Clause(path, printed, heading, text, lines[0].start, lines[-1].end)


def _with_children(own: list[Clause], parents: list[int | None]) -> list[Clause]:
    """The clauses with their children put in, from the last to the first so that children are complete."""
    below: dict[int, list[Clause]] = {}
    for position in range(len(own) - 1, -1, -1):
        clause = own[position]
        children = tuple(reversed(below.get(position, [])))
        own[position] = Clause(
            clause.path, clause.printed, clause.heading, clause.text, clause.start, clause.end, children
        )
        parent = parents[position]
        if parent is not None:
            below.setdefault(parent, []).append(own[position])
    return own


def _is_issuer(line: Line) -> bool:
    return line.is_bare and not is_closing(line) and len(line.text) <= (80 if line.is_foreign else 25)


def _document_date(lines: Sequence[Line]) -> datetime.date | None:
    """The first date that stands alone in a line; failing that, the date of printing."""
    signed = (read_date(line) for line in lines)
    printed = (read_imprint_date(line) for line in lines)
    return next((date for date in signed if date), None) or next((date for date in printed if date), None)
