"""The whole answer to an alignment, as `huiqi align --json` gives it: with the measures that hang on each clause."""

from __future__ import annotations

from typing import Any

from huiqi.documents.align import align
from huiqi.documents.align.as_json import amendment_as_json, chain_as_json
from huiqi.documents.align.chain import Chain
from huiqi.documents.align.versions import amend, hanging_below
from huiqi.documents.outline import Outline
from huiqi.policies.align_measures import Touched, measures_hanging, measures_touched
from huiqi.policies.library import PolicyLibrary


def alignment_answer(chain: Chain, measures: PolicyLibrary) -> dict[str, Any]:
    """Return the alignment of each level with the next; pairs and lone clauses name the measures that cite them."""
    answer = chain_as_json(chain)
    levels = answer.get("levels", [answer])
    for alignment, plain in zip(chain.alignments, levels, strict=True):
        touched = measures_touched(measures, alignment)
        for pair, row in zip(alignment.pairs, plain["pairs"], strict=True):
            found = touched.of_pair(pair.superior, pair.subordinate)
            row["measures"] = [_measure(each) for each in found]
        for side, row in zip(alignment.dropped, plain["dropped"], strict=True):
            row["measures"] = [_measure(each) for each in touched.superior.get(side.path, ())]
        for side, row in zip(alignment.added, plain["added"], strict=True):
            row["measures"] = [_measure(each) for each in touched.subordinate.get(side.path, ())]
    if levels[0] is not answer:
        for key in ("pairs", "dropped", "added"):
            answer[key] = levels[0][key]
    return answer


def amendment_answer(
    before: Outline, after: Outline, lower: Outline, measures: PolicyLibrary
) -> dict[str, Any]:
    """Return what an amended superior text changed, and which duties, lower clauses and measures hang on it."""
    amendment = amend(before, after)
    answer = amendment_as_json(amendment, hanging_below(amendment, align(before, lower).pairs))
    answer["measures"] = [
        {"path": path, **_measure(each)}
        for path, found in measures_hanging(measures, amendment).items()
        for each in found
    ]
    return answer


def _measure(touched: Touched) -> dict[str, str]:
    return {"id": touched.id, "title": touched.title, "region": touched.region}
