"""Why a measure came out as it did: each condition, the facts used with their source, the clause and its words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from huiqi.portal.catalogue.shelf import Shelf
from huiqi.portal.firms.source_words import source_title
from huiqi.rules.facts import SUBJECT
from huiqi.rules.render_measure import clause_name

SOURCES = {
    "register": "登记机关",
    "tax": "税务部门",
    "social_insurance": "人力资源社会保障部门",
    "statistics": "统计部门",
    "office": "经办部门",
    "bank": "银行",
    "landlord": "出租方",
    "guarantor": "担保机构",
    "firm": "企业自己",
}
"""The sources of the register (firms/trust.yaml) in words."""


@dataclass(frozen=True, slots=True)
class Used:
    """A fact that a condition used: where it comes from and of which day, empty where the visitor said it."""

    label: str
    value: str
    source: str
    date: str


@dataclass(frozen=True, slots=True)
class Reason:
    """One condition: pass, fail or unknown; its clause with the deciding words."""

    text: str
    result: str
    facts: tuple[Used, ...]
    document: str
    number: str
    clause: str
    words: str
    decided_by: str
    record: str


def reasons_of(said: dict[str, Any], house: Shelf) -> tuple[Reason, ...]:
    """Return the reasons of a measure as `Answerer` gives it."""
    return tuple(_reason(each, house) for each in said["reasons"])


def _reason(each: dict[str, Any], house: Shelf) -> Reason:
    document = house.library.documents.get(each["document"])
    kind = house.library.facts.records.get(each.get("record", ""))
    return Reason(
        each["condition"],
        each["result"],
        tuple(_used(fact, house) for fact in each["facts"] if fact["value"] is not None),
        document.title if document is not None else each["document"],
        document.number if document is not None else "",
        clause_name(each["clause"], document.plans if document is not None else ()),
        each["words"],
        {"declaration": _("由您申明"), "discretion": _("由经办部门认定")}.get(each.get("decided_by", ""), ""),
        f"{kind.label}{each['index'] + 1}" if kind is not None and kind.name != SUBJECT else "",
    )


def _used(fact: dict[str, Any], house: Shelf) -> Used:
    found = house.library.facts.fact(fact["record"], fact["name"])
    source = fact.get("source") or ""
    return Used(
        house.words.label(fact["record"], fact["name"], fact.get("period", "")),
        house.words.shown(found, fact["value"]),
        _(SOURCES[source]) if source in SOURCES else source_title(source),
        fact.get("date") or "",
    )
