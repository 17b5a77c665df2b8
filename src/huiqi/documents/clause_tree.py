"""The numbered clauses of one plan: own words, heading, lists inside, children."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from huiqi.documents.formats.source_text import Mending
from huiqi.documents.headings import NONE, find_heading
from huiqi.documents.joining import join_lines
from huiqi.documents.labels import Level
from huiqi.documents.lines import Line
from huiqi.documents.model import Clause
from huiqi.documents.numbering import Opening, number_lines
from huiqi.documents.points import Point, find_points


class ClauseTree:
    """Builds clauses from lines; `mended` gathers what was read otherwise than printed."""

    def __init__(self, width: int | None, mended: list[Mending]) -> None:
        self._width = width
        self._mended = mended

    def clauses(self, body: Sequence[Line], plan: str | None) -> tuple[Clause, ...]:
        """All clauses of a plan in printed order, the text before the first number first."""
        openings = number_lines(body, self._width)
        first = openings[0].index if openings else len(body)
        preamble = [self.unnumbered(plan or "", body[:first])] if first else []
        return (*preamble, *self._tree(body, openings, plan))

    def unnumbered(self, path: str, lines: Sequence[Line]) -> Clause:
        """The text before the first number, or a covering letter."""
        return self._clause(path, lines, None, goes_on=False)

    def _tree(self, body: Sequence[Line], openings: Sequence[Opening], plan: str | None) -> list[Clause]:
        prefix = [plan] if plan else []
        above: list[str] = []
        used: Counter[str] = Counter()
        parents: list[int | None] = []
        own: list[Clause] = []
        stack: list[int] = []
        for position, opening in enumerate(openings):
            following = openings[position + 1] if position + 1 < len(openings) else None
            above, stack = above[: opening.depth], stack[: opening.depth]
            label = opening.label
            path = "/".join([*prefix, *above, label])
            used[path] += 1
            if used[path] > 1:
                # The copy prints a number twice: both stay, the later one told apart.
                label += f"#{used[path]}"
                self._note("label-repeated", body[opening.index], opening.label, label)
                path = "/".join([*prefix, *above, label])
            lines = body[opening.index : following.index if following else len(body)]
            goes_on = following is not None and following.depth > opening.depth
            own.append(self._clause(path, lines, opening, goes_on=goes_on))
            parents.append(stack[-1] if stack else None)
            above.append(label)
            stack.append(position)
        return _with_children(own, parents)

    def _clause(self, path: str, lines: Sequence[Line], opening: Opening | None, *, goes_on: bool) -> Clause:
        numbered = opening is not None and not opening.unlabelled
        joined = join_lines(lines, self._width, labelled=numbered, headed=opening is not None)
        self._mended.extend(joined.mended)
        article = opening is not None and opening.level == Level.ARTICLE
        heading = find_heading(joined.text, goes_on=goes_on, article=article) if opening else NONE
        printed = lines[0].label.printed if numbered and lines[0].label else ""
        if opening:
            self._label(lines[0], opening, printed)
        clause = Clause(
            path,
            printed,
            joined.text[heading.start : heading.end],
            joined.text,
            lines[0].start,
            lines[-1].end,
            origins=joined.origins,
            body_start=heading.body,
        )
        points = find_points(joined.text)
        return replace(clause, points=_nested(clause, points)) if points else clause

    def _label(self, line: Line, opening: Opening, printed: str) -> None:
        dash = _LIST_MARK.match(line.text) if printed else None
        if dash:
            end = line.start + len(dash[0].rstrip())
            self._mended.append(Mending("dash-dropped", line.start, end, dash[0].rstrip(), ""))
        if opening.unlabelled and opening.level != Level.HEADING:
            self._note("label-supplied", line, "", opening.label)
        elif line.label and line.label.translated:
            self._note("label-translated", line, printed, opening.label)

    def _note(self, kind: str, line: Line, printed: str, became: str) -> None:
        # The label's own place, behind a list mark.
        at = line.start + max(line.text.find(printed), 0)
        self._mended.append(Mending(kind, at, at + len(printed), printed, became))


def _nested(clause: Clause, points: Sequence[Point]) -> tuple[Clause, ...]:
    """The points of a clause as clauses, a list inside an entry below that entry."""
    out: list[Clause] = []
    position = 0
    while position < len(points):
        point = points[position]
        inner = position + 1
        while inner < len(points) and points[inner].end <= point.end:
            inner += 1
        out.append(_point_clause(clause, point, points[position + 1 : inner], clause.path))
        position = inner
    return tuple(out)


def _point_clause(clause: Clause, point: Point, inside: Sequence[Point], above: str) -> Clause:
    path = f"{above}/{point.label}" if above else point.label
    text = clause.text[point.body : point.end]
    begins = point.body + len(text) - len(text.lstrip())
    text = text.strip()
    start, end = clause.source_span(point.start, point.end)
    made = Clause(path, point.printed, "", text, start, end, origins=_cut_origins(clause, begins, len(text)))
    heading = find_heading(text, goes_on=False)
    points: list[Clause] = []
    position = 0
    while position < len(inside):
        last = position + 1
        while last < len(inside) and inside[last].end <= inside[position].end:
            last += 1
        points.append(_point_clause(clause, inside[position], inside[position + 1 : last], path))
        position = last
    return replace(
        made,
        heading=text[heading.start : heading.end],
        body_start=heading.body,
        points=tuple(points),
    )


def _cut_origins(clause: Clause, start: int, length: int) -> tuple[tuple[int, int, int], ...]:
    """The slices of the source that clause.text[start:start + length] is made of."""
    out: list[tuple[int, int, int]] = []
    for at, source, size in clause.origins:
        begins, ends = max(at, start), min(at + size, start + length)
        if begins < ends:
            out.append((begins - start, source + begins - at, ends - begins))
    return tuple(out)


def _with_children(own: list[Clause], parents: list[int | None]) -> list[Clause]:
    """The clauses with their children put in, from the last to the first so that children are complete."""
    below: dict[int, list[Clause]] = {}
    for position in range(len(own) - 1, -1, -1):
        children = tuple(reversed(below.get(position, [])))
        if children:
            own[position] = replace(own[position], children=children)
        parent = parents[position]
        if parent is not None:
            below.setdefault(parent, []).append(own[position])
    return own


_LIST_MARK = re.compile(r"(?:[-•*▪●·◆■◇□➢]{1,3}|#{1,6})\s")
QUOTES = {"«": "《", "»": "》", "‹": "〈", "›": "〉"}
_QUOTE = re.compile("[«»‹›]")


def quotes_read(text: str) -> list[Mending]:
    """The marks that a copy prints in place of title marks."""
    return [Mending("quote-read", at.start(), at.end(), at[0], QUOTES[at[0]]) for at in _QUOTE.finditer(text)]
