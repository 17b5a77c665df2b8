"""Two texts of the library aligned: the work of a job."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from huiqi.documents.align.chain import align_chain
from huiqi.documents.errors import DocumentError
from huiqi.documents.outline import Outline, outline
from huiqi.policies.align_answer import alignment_answer, amendment_answer
from huiqi.portal.accounts.capacities import site_actor
from huiqi.portal.acts.performing import perform
from huiqi.portal.catalogue.shelf import library as policy_library
from huiqi.portal.clock.running import calendar
from huiqi.portal.documents.kept_alignments import keep_result
from huiqi.portal.documents.models import Comparison, OfficialText
from huiqi.portal.documents.readings import known
from huiqi.portal.documents.taking_in import file_of

Report = Callable[[int, int], None]
_STEPS = 4
KINDS = ("figure", "date", "rhythm", "agency", "scope", "promise")
CHANGES = ("weakened", "strengthened", "changed")


class Lost(Exception):
    """A text's file is not there any more."""


def align_texts(comparison: Comparison, *, now: datetime, today: date, report: Report) -> dict[str, int]:
    """Align, keep the result and say so; a text that is lost or cannot be read is said as well."""
    actor = site_actor("document-align")
    key = f"alignment:{comparison.pk}:{comparison.version}"
    try:
        result, chain = _aligned(comparison, report)
    except (Lost, DocumentError) as error:
        why = {"error": f"读不出文件：{error}"[:500]}
        perform("alignment.fail", actor, comparison.pk, why, now=now, today=today, key=f"{key}:fail")
        return {}
    digest = keep_result(comparison.pk, result, chain)
    values = {"counts": counted(result), "digest": digest}
    perform("alignment.finish", actor, comparison.pk, values, now=now, today=today, key=f"{key}:finish")
    report(_STEPS, _STEPS)
    return counted(result)


def counted(result: dict[str, Any]) -> dict[str, int]:
    """Return how many pairs, differences by kind and change, and lone clauses there are."""
    differences = [each for pair in result["pairs"] for each in pair["differences"]]
    counts = {
        "pairs": len(result["pairs"]),
        "differing": sum(bool(pair["differences"]) for pair in result["pairs"]),
        "dropped": len(result["dropped"]),
        "added": len(result["added"]),
        "plans_missing": len(result["plans_missing"]),
        "late": sum(bool(each["days_late"]) for each in result["demands"]),
    }
    for name in KINDS:
        counts[name] = sum(each["kind"] == name for each in differences)
    for name in CHANGES:
        counts[name] = sum(each["change"] == name for each in differences)
    return counts


def _aligned(comparison: Comparison, report: Report) -> tuple[dict[str, Any], Any]:
    report(0, _STEPS)
    superior = _outline(comparison.superior, comparison.issued)
    report(1, _STEPS)
    subordinate = _outline(comparison.subordinate)
    report(2, _STEPS)
    chain = align_chain([superior, subordinate])
    result = alignment_answer(chain, policy_library())
    report(3, _STEPS)
    if comparison.before is not None:
        before = _outline(comparison.before)
        result["amended"] = amendment_answer(before, superior, subordinate, policy_library())
        result["texts_before"] = _texts(before)
    result["texts_above"], result["texts_below"] = _texts(superior), _texts(subordinate)
    return result, chain


def _outline(text: OfficialText, issued: date | None = None) -> Outline:
    file = file_of(text)
    if file is None:
        raise Lost(str(text))
    document = known(file, text.name or text.file_name)
    if issued is not None:
        document = dataclasses.replace(document, date=issued)
    return outline(document, calendar())


def _texts(outlined: Outline) -> dict[str, str]:
    return {each.path: each.clause.text for each in outlined.clauses()}
