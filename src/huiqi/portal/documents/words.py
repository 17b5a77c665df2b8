"""What the parts of a reading and of an alignment are called, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import get_language

from huiqi.portal.documents.models import LEVELS

Titles = Mapping[str, tuple[str, str]]

KINDS: Titles = {
    "benefit": ("惠企", "Benefit"),
    "status": ("资格", "Status"),
    "target": ("目标", "Target"),
    "duty": ("任务", "Duty"),
    "mechanism": ("机制", "Mechanism"),
    "encouragement": ("鼓励", "Encouragement"),
    "organisation": ("组织保障", "Organisation"),
    "publicity": ("宣传培训", "Publicity"),
    "citation": ("依据", "Basis"),
    "heading": ("标题", "Heading"),
    "attribution": ("责任分工", "Attribution"),
    "closing": ("附则", "Closing"),
    "table": ("表格", "Table"),
}
FILTERED = ("benefit", "status", "target", "duty", "mechanism", "encouragement", "organisation", "publicity")
ROLES: Titles = {
    "lead": ("牵头", "Leads"),
    "with": ("配合", "Assists"),
    "by_duty": ("按职责分工", "By division of duties"),
    "responsible": ("负责", "Responsible"),
    "implement": ("落实", "Implements"),
}
DIRECTIONS: Titles = {
    "exactly": ("等于", "equal to"),
    "at_least": ("不低于", "at least"),
    "at_most": ("不超过", "at most"),
    "about": ("约", "about"),
    "reach": ("达到", "reach"),
    "increase": ("增长", "increase"),
    "decrease": ("下降", "decrease"),
    "range": ("区间", "range"),
    "below": ("低于", "below"),
    "above": ("高于", "above"),
}
DIFFERENCES: Titles = {
    "figure": ("数字", "Figure"),
    "date": ("时间", "Date"),
    "rhythm": ("节奏", "Rhythm"),
    "agency": ("单位", "Office"),
    "scope": ("对象", "Scope"),
    "promise": ("承诺", "Promise"),
}
CHANGES: Titles = {
    "weakened": ("弱化", "Weakened"),
    "strengthened": ("加强", "Strengthened"),
    "changed": ("变化", "Changed"),
}
WAYS: Titles = {
    "same-place": ("顺序对应", "Same place"),
    "split": ("一条对多条", "Split"),
    "merged": ("多条对一条", "Merged"),
    "elsewhere": ("不按顺序", "Elsewhere"),
    "carried": ("由方案落实", "Carried out by a plan"),
}
SOURCES: Titles = {
    "file": ("上传", "Uploaded"),
    "pasted": ("粘贴", "Pasted"),
    "folder": ("目录收入", "From a folder"),
    "example": ("虚构例文", "Fictional example"),
}


def word(titles: Titles, key: str) -> str:
    """Return what something is called in the language of the visit; the key itself where it is not known."""
    return titles.get(key, (key, key))[(get_language() or "").startswith("en")]


def choices(titles: Titles, keys: tuple[str, ...] | None = None) -> list[tuple[str, str]]:
    """Return the keys with what they are called."""
    return [(key, word(titles, key)) for key in keys or titles]


def level_word(level: str) -> str:
    """Return what a level of government is called, "" where it is not known."""
    return word(LEVELS, level) if level else ""
