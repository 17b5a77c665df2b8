"""Texts of three and more levels: each with the next, and what was lost on the way down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from huiqi.documents.align.aligning import align
from huiqi.documents.align.model import Alignment, Side
from huiqi.documents.outline import Outline


@dataclass(frozen=True, slots=True)
class Lost:
    """A clause of the first text that no clause answers from some level on.

    `steps` are the clauses that answered it on each level reached; `lost_at` the number of the text that has none
    (1 is the first below).
    """

    clause: Side
    steps: tuple[tuple[Side, ...], ...]
    lost_at: int


@dataclass(frozen=True)
class Chain:
    """Alignments of neighbours, the highest first, and the clauses that did not reach the lowest text."""

    alignments: tuple[Alignment, ...]
    lost: tuple[Lost, ...]


def align_chain(outlines: Sequence[Outline]) -> Chain:
    """Align each text with the next. Raises ValueError for fewer than two texts."""
    if len(outlines) < 2:
        raise ValueError("a chain needs two texts at least")
    alignments = tuple(align(one, other) for one, other in pairwise(outlines))
    first = alignments[0]
    answers = [{pair.superior: pair.subordinate for pair in alignment.pairs} for alignment in alignments]
    lost = []
    for clause in [*(pair.superior for pair in first.pairs), *first.dropped]:
        if first.above(clause).kind == "heading":
            continue
        steps: list[tuple[Side, ...]] = []
        reached: tuple[Side, ...] = (clause,)
        for answer in answers:
            reached = tuple(dict.fromkeys(each for side in reached for each in answer.get(side, ())))
            if not reached:
                break
            steps.append(reached)
        if len(steps) < len(alignments):
            lost.append(Lost(clause, tuple(steps), len(steps) + 1))
    order = {each.path: number for number, each in enumerate(first.superior.clauses())}
    return Chain(alignments, tuple(sorted(lost, key=lambda each: order[each.clause.path])))
