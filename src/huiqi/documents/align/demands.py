"""What a superior's text says of plans that others must issue, and whether the one at hand came in time."""

from __future__ import annotations

import re

from huiqi.documents.align.model import Demand, Side
from huiqi.documents.outline import Outline

_ISSUE = re.compile(
    r"(?:出台|制定|印发|制订|研究制定|完善|报送|上报)[^。；;]{0,24}?(?:方案|细则|措施|办法|计划|意见|政策)"
)
_OTHERS = re.compile(r"各[州市县区地盟旗级]|各有关|各牵头|牵头(?:部门|单位)|各单位|各部门|成员单位|责任单位")


def demands(superior: Outline, subordinate: Outline) -> tuple[Demand, ...]:
    """Sentences of the superior that set a last day for plans of others, compared with the day of the lower text."""
    found = []
    for clause in superior.clauses():
        plan = _plan_of(superior, clause.path)
        for sentence in clause.sentences:
            words = clause.clause.text[sentence.start : sentence.end]
            issue = _ISSUE.search(words)
            if issue is None or not _OTHERS.search(words):
                continue
            for deadline in clause.deadlines:
                near = sentence.start <= deadline.start < sentence.start + issue.end()
                if deadline.kind not in {"by", "within"} or deadline.date is None or not near:
                    continue
                if abs(deadline.end - (sentence.start + issue.start())) > _FAR:
                    continue
                found.append(
                    Demand(Side(plan, clause.path), words.strip(), deadline.date, subordinate.document.date)
                )
    return tuple(found)


_FAR = 30
"""Characters that may stand between the time limit and the words that ask for a plan."""


def _plan_of(outline: Outline, path: str) -> str | None:
    for plan in outline.plans:
        if any(each.path == path for each in plan.clauses):
            return plan.plan.short_name
    return None
