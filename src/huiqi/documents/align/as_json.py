"""An alignment as JSON: the shape of DESIGN section 6, `pairs`, `dropped`, `added`, and more beside them."""

from __future__ import annotations

from typing import Any

from huiqi.documents.align.chain import Chain
from huiqi.documents.align.model import Alignment, ClausePair, Demand, Difference, Passage, Side
from huiqi.documents.align.versions import Amendment, Hanging, duties
from huiqi.documents.outline import Outline, OutlinedClause


def as_json(alignment: Alignment) -> dict[str, Any]:
    """Return the alignment as plain values; scores are whole numbers, 0 to 100."""
    return {
        "superior": _text(alignment.superior),
        "subordinate": _text(alignment.subordinate),
        "plans": [
            {"superior": each.superior, "clause": each.root, "subordinate": each.subordinate, "why": each.why}
            for each in alignment.plans
        ],
        "plans_missing": list(alignment.missing_plans),
        "plans_added": list(alignment.added_plans),
        "demands": [_demand(each) for each in alignment.demands],
        "pairs": [_pair(alignment, each) for each in alignment.pairs],
        "dropped": [_alone(each, alignment.above(each)) for each in alignment.dropped],
        "added": [_alone(each, alignment.below(each)) for each in alignment.added],
    }


def chain_as_json(chain: Chain) -> dict[str, Any]:
    """Return the first alignment, the further ones under `levels`, and what was `lost` on the way."""
    answer = as_json(chain.alignments[0])
    if len(chain.alignments) > 1:
        answer["levels"] = [as_json(each) for each in chain.alignments]
        answer["lost"] = [
            {
                **side(each.clause),
                "steps": [[side(found) for found in step] for step in each.steps],
                "lost_at": each.lost_at,
            }
            for each in chain.lost
        ]
    return answer


def amendment_as_json(amendment: Amendment, hanging: tuple[Hanging, ...]) -> dict[str, Any]:
    """Return what changed between two versions, and the duties and lower clauses that hang on it."""
    alignment = amendment.alignment
    return {
        "before": _text(alignment.superior),
        "after": _text(alignment.subordinate),
        "changed": [_pair(alignment, each) for each in amendment.changed],
        "repealed": [_alone(each, alignment.above(each)) for each in amendment.repealed],
        "new": [_alone(each, alignment.below(each)) for each in amendment.new],
        "duties": [
            {
                **side(each.clause),
                "agencies": [mention.printed for mention in each.agencies],
                "deadlines": [deadline.printed for deadline in each.deadlines],
            }
            for each in duties(amendment)
        ],
        "lower": [{**side(each.clause), "lower": [side(found) for found in each.lower]} for each in hanging],
    }


def side(clause: Side) -> dict[str, str | None]:
    """Return plan and path."""
    return {"plan": clause.plan, "path": clause.path}


def _text(outline: Outline) -> dict[str, str | None]:
    document = outline.document
    return {
        "title": document.title,
        "number": document.number,
        "date": document.date.isoformat() if document.date else None,
        "digest": document.digest,
    }


def _pair(alignment: Alignment, pair: ClausePair) -> dict[str, Any]:
    return {
        "superior": side(pair.superior),
        "subordinate": [side(each) for each in pair.subordinate],
        "score": pair.likeness.score,
        "way": pair.way,
        "parts": [
            {"part": name, "points": points, "weight": weight} for name, points, weight in pair.likeness.parts
        ],
        "headings": {
            "superior": alignment.above(pair.superior).clause.heading,
            "subordinate": [alignment.below(each).clause.heading for each in pair.subordinate],
        },
        "differences": [_difference(each) for each in pair.differences],
    }


def _difference(difference: Difference) -> dict[str, Any]:
    return {
        "kind": difference.kind,
        "superior": difference.superior.printed if difference.superior else None,
        "subordinate": difference.subordinate.printed if difference.subordinate else None,
        "change": difference.change,
        "how": difference.how,
        "why": difference.why,
        "superior_at": _passage(difference.superior),
        "subordinate_at": _passage(difference.subordinate),
    }


def _passage(passage: Passage | None) -> dict[str, str | int] | None:
    return {"path": passage.path, "start": passage.start, "end": passage.end} if passage else None


def _alone(clause: Side, outlined: OutlinedClause) -> dict[str, Any]:
    return {**side(clause), "heading": outlined.clause.heading, "class": outlined.kind}


def _demand(demand: Demand) -> dict[str, Any]:
    return {
        **side(demand.side),
        "printed": demand.printed,
        "last_day": demand.last_day.isoformat() if demand.last_day else None,
        "issued": demand.issued.isoformat() if demand.issued else None,
        "days_late": demand.days_late,
    }
