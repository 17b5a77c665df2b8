"""A clause above that a whole plan below carries out: each of its phrases finds the clause that takes it up."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from huiqi.documents.align.model import Likeness
from huiqi.documents.align.pairing import Match
from huiqi.documents.align.views import ClauseView, Weights, grams

_PHRASE = re.compile(r"[^,.;:!?。；]{8,}")
_LEAST = 50
"""Per cent of a phrase's weight that a clause must hold to take it up."""
_LEAST_ALONE = 25
"""Per cent of the whole clause above that must be taken up."""


def carried_out(
    root: ClauseView, plan: Sequence[ClauseView], weights: Weights, *, named: bool = False
) -> Match | None:
    """The pair of `root` with the clauses of `plan` that take up its phrases.

    `named` tells that the plan bears the name of the clause: then it answers even where it says it all anew, by
    its first clause. Else None where hardly anything is taken up.
    """
    solid = [each for each in plan if not each.hollow and each.grams]
    covered: Counter[str] = Counter()
    known = {each.path: each for each in solid}
    whole = 0
    for phrase in (grams(each) for each in _PHRASE.findall(root.words)):
        size = sum(many * weights.gram(gram) for gram, many in phrase.items())
        whole += size
        scored = [(weights.shared(phrase, each.grams), -each.order, each) for each in solid]
        best = max(scored, key=lambda each: each[:2], default=None)
        if best is not None and size and 100 * best[0] >= _LEAST * size:
            covered[best[2].path] += best[0]
    points = 100 * covered.total() // whole if whole else 0
    below = sorted((known[path] for path in covered), key=lambda each: (each.plan or "", each.order))
    parts = [("上级语句见于下级", points, 1)]
    if named:
        parts.append(("方案以该条款为名", 100, 1))
        below = below or list(plan[:1])
    elif points < _LEAST_ALONE:
        return None
    score = sum(each[1] for each in parts) // len(parts)
    against = [each for each in plan if not each.hollow] if named else below
    return Match(root, below, Likeness(score, tuple(parts)), "carried", against)
