"""Two texts side by side."""

from __future__ import annotations

from collections.abc import Sequence

from huiqi.documents.align.carrying import carried_out
from huiqi.documents.align.demands import demands
from huiqi.documents.align.differences import differences
from huiqi.documents.align.model import Alignment, ClausePair, Side
from huiqi.documents.align.pairing import Match, Pairing, pair_elsewhere
from huiqi.documents.align.plans import PlanMatch, match_plans
from huiqi.documents.align.views import ClauseView, PlanView, Weights, plan_views
from huiqi.documents.outline import Outline

_VALUES = frozenset({"figure", "date", "rhythm", "agency"})


def align(superior: Outline, subordinate: Outline) -> Alignment:
    """Pair the clauses of a superior's text with those of a subordinate's, and say what differs.

    Figures, days and offices are compared as values, words by their likeness; nothing is told of widths,
    quotes or a machine's translation.
    """
    above, below = plan_views(superior), plan_views(subordinate)
    weights = Weights(view for plan in (*above, *below) for view in plan.all)
    plans = match_plans(above, below, weights)
    matches = _matches(plans, _left(above, below, plans), weights)
    order = {view.path: number for number, view in enumerate(v for plan in above for v in plan.all)}
    matches.sort(key=lambda each: order[each.above.path])
    shared: dict[str, list[ClauseView]] = {}
    for match in matches:
        for each in match.below:
            shared.setdefault(each.path, []).append(match.above)
    pairs = tuple(_pair(match, shared, superior, subordinate) for match in matches)
    answered = {match.above.path for match in matches}
    return Alignment(
        superior,
        subordinate,
        tuple(each.pair for each in plans),
        _missing(above, plans),
        tuple(
            plan.name
            for plan in below
            if plan.name is not None and plan.name not in {each.pair.subordinate for each in plans}
        ),
        pairs,
        _alone(above, answered),
        _alone(below, set(shared)),
        demands(superior, subordinate),
    )


def _missing(above: Sequence[PlanView], plans: Sequence[PlanMatch]) -> tuple[str, ...]:
    """Plans above that no plan below carries out; of a single text, clauses beside those that plans carry out."""
    roots = {each.root.path for each in plans if each.root is not None and each.named}
    if not roots:
        named = {each.pair.superior for each in plans}
        return tuple(plan.name for plan in above if plan.name is not None and plan.name not in named)
    beside = [
        child
        for plan in above
        for view in plan.all
        if any(child.path in roots for child in view.children)
        for child in view.children
    ]
    return tuple(child.clause.clause.heading or child.path for child in beside if child.path not in roots)


def _left(
    above: Sequence[PlanView], below: Sequence[PlanView], plans: Sequence[PlanMatch]
) -> tuple[list[ClauseView], list[ClauseView]]:
    """The clauses of plans without a pair."""
    first = {view.path for each in plans if each.root is None for view in each.above}
    second = {view.path for each in plans for view in each.below}
    return (
        [view for plan in above for view in plan.top if view.path not in first],
        [view for plan in below for view in plan.top if view.path not in second],
    )


def _matches(
    plans: Sequence[PlanMatch], left: tuple[list[ClauseView], list[ClauseView]], weights: Weights
) -> list[Match]:
    if any(plan.root is not None for plan in plans):
        return _carried(plans, left[0], weights)
    pairings = [Pairing(plan.above, plan.below, weights).run() for plan in plans]
    matches = [match for pairing in pairings for match in pairing.matches.values()]
    pairings.append(Pairing(left[0], left[1], weights))
    return [*matches, *pair_elsewhere(pairings, weights)]


def _carried(plans: Sequence[PlanMatch], above: Sequence[ClauseView], weights: Weights) -> list[Match]:
    """Pairs of a text whose clauses are carried out by whole plans, and of its other clauses with any of these."""
    matches: dict[str, Match] = {}
    for plan in plans:
        if plan.root is None or plan.root.path in matches:
            continue
        together = [each for each in plans if each.root is plan.root]
        below = [view for each in together for top in each.below for view in _all(top)]
        match = carried_out(plan.root, below, weights, named=plan.named)
        if match is not None:
            matches[plan.root.path] = match
    every = [view for plan in plans for top in plan.below for view in _all(top)]
    for view in (view for top in above for view in _all(top)):
        if view.path not in matches and not view.hollow and view.order:
            match = carried_out(view, every, weights)
            if match is not None:
                matches[view.path] = match
    return list(matches.values())


def _all(view: ClauseView) -> list[ClauseView]:
    return [view, *(each for child in view.children for each in _all(child))]


def _pair(
    match: Match, shared: dict[str, list[ClauseView]], superior: Outline, subordinate: Outline
) -> ClausePair:
    others = {view.path: view for each in match.below for view in shared[each.path]}
    against = match.against or match.below
    found = differences(match.above, against, list(others.values()), superior, subordinate)
    if match.way == "carried":
        # A plan says much more than the clause it carries out, and in other words.
        found = tuple(
            each
            for each in found
            if each.kind in _VALUES
            and (each.how == "left-out" or (each.how == "from-to" and each.kind != "agency"))
        )
    return ClausePair(
        Side(match.above.plan, match.above.path),
        tuple(Side(each.plan, each.path) for each in match.below),
        match.likeness,
        match.way,
        found,
    )


def _alone(plans: Sequence[PlanView], paired: set[str]) -> tuple[Side, ...]:
    """Clauses without a pair; a head of other clauses counts only where it has none below it."""
    return tuple(
        Side(view.plan, view.path)
        for plan in plans
        for view in plan.all
        if view.path not in paired and not view.hollow
    )
