"""Which plan below carries out which plan, or which clause, above."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from huiqi.documents.align.model import PlanPair
from huiqi.documents.align.views import ClauseView, PlanView, Weights
from huiqi.documents.plan_names import short_name

_ORDINAL = re.compile(r"（[一二三四五六七八九十]{1,3}）$")
_LEAST = 35
_LEAST_WITHIN = 30


@dataclass(frozen=True)
class PlanMatch:
    """A pair of plans with the clauses to be paired; `root` where a single clause above stands for a plan."""

    pair: PlanPair
    above: tuple[ClauseView, ...]
    below: tuple[ClauseView, ...]
    root: ClauseView | None = None
    named: bool = False


def match_plans(above: Sequence[PlanView], below: Sequence[PlanView], weights: Weights) -> list[PlanMatch]:
    """Pair the plans of two texts: by name, by name without its number, by words."""
    if len(above) == 1 and len(below) == 1:
        pair = PlanPair(above[0].name, below[0].name, None, "各只有一个方案")
        return [PlanMatch(pair, above[0].top, below[0].top)]
    if len(above) == 1 and above[0].name is None:
        return _roots(above[0], below, weights)
    found: dict[int, tuple[int, str]] = {}
    for number, plan in enumerate(below):
        same = [at for at, other in enumerate(above) if other.name == plan.name]
        if same:
            found[number] = (same[0], "方案名称相同")
    for number, plan in enumerate(below):
        if number not in found:
            best = _best(plan, above, {at for at, _ in found.values()}, weights)
            if best is not None:
                found[number] = best
    return [
        PlanMatch(PlanPair(above[at].name, below[number].name, None, why), above[at].top, below[number].top)
        for number, (at, why) in sorted(found.items())
    ]


def _best(
    plan: PlanView, above: Sequence[PlanView], taken: set[int], weights: Weights
) -> tuple[int, str] | None:
    stem = _ORDINAL.sub("", plan.name or "")
    named = [at for at, other in enumerate(above) if _ORDINAL.sub("", other.name or "") == stem]
    scored = []
    for at, other in enumerate(above):
        words = _alike(plan, other, weights)
        title = int(fuzz.ratio(stem, _ORDINAL.sub("", other.name or ""))) if stem and other.name else 0
        scored.append(
            (max(words, title if title >= 70 else 0) + (50 if at in named else 0), at not in taken, -at)
        )
    points, free, place = max(scored, default=(0, False, 0))
    if points < _LEAST or (not free and -place not in named and points < 2 * _LEAST):
        return None
    return -place, f"名称或文字相近（{min(points, 100)}）"


def _merged(plan: PlanView) -> Counter[str]:
    merged: Counter[str] = Counter()
    for each in plan.all:
        merged.update(each.grams)
    return merged


def _alike(one: PlanView, other: PlanView, weights: Weights) -> int:
    first, second = _merged(one), _merged(other)
    whole = sum(many * weights.gram(gram) for gram, many in first.items())
    whole += sum(many * weights.gram(gram) for gram, many in second.items())
    return 200 * weights.shared(first, second) // whole if whole else 0


def _roots(above: PlanView, below: Sequence[PlanView], weights: Weights) -> list[PlanMatch]:
    """A single text above that gives each plan below one clause: （一）财政惠企专项行动."""
    matches = []
    for plan in below:
        stem = _ORDINAL.sub("", plan.name or "")
        named = [each for each in above.all if each.clause.clause.heading and _stem(each) == stem]
        why = "上级条款以该方案为名"
        bears_name = bool(named)
        if not named:
            merged = _merged(plan)
            scored = [
                (100 * weights.shared(each.grams, merged) // weights.size(each.grams), -each.order, each)
                for each in above.all
                if not each.hollow and len(each.words) > 60 and each.grams
            ]
            best = max(scored, key=lambda each: each[:2], default=None)
            if best is None or best[0] < _LEAST_WITHIN:
                continue
            named, why = [best[2]], f"上级条款的文字有 {best[0]}% 见于该方案"
        root = named[0]
        pair = PlanPair(above.name, plan.name, root.path, why)
        matches.append(PlanMatch(pair, (root,), plan.top, root, bears_name))
    return matches


def _stem(view: ClauseView) -> str:
    return _ORDINAL.sub("", short_name(re.sub(r"(?:专项)?行动$", "", view.clause.clause.heading)))
