"""The sources of facts in words."""

from __future__ import annotations

from django.utils.translation import get_language

from huiqi.portal.acts.actors import Actor
from huiqi.portal.firms.outside import outside_title

SOURCES = {
    "register": ("市场监管登记", "Business register"),
    "tax": ("税务部门", "Tax office"),
    "social_insurance": ("社会保险经办", "Social insurance"),
    "statistics": ("统计部门", "Statistics"),
    "office": ("主管部门", "Responsible office"),
    "bank": ("银行", "Bank"),
    "landlord": ("出租方", "Landlord"),
    "guarantor": ("担保机构", "Guarantor"),
    "firm": ("企业自报", "The firm itself"),
}


def source_title(source: str) -> str:
    """Return a source's name in the language of the visit."""
    if source not in SOURCES and (outside := outside_title(source)):
        return outside
    chinese, english = SOURCES.get(source, (source, source))
    return english if (get_language() or "").startswith("en") else chinese


def source_choices(_actor: Actor) -> list[tuple[str, str]]:
    """Return the sources that a roster can speak for."""
    return [(name, source_title(name)) for name in SOURCES]
