"""Facts and values in the words of a visitor's language."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from huiqi.policies.library import PolicyLibrary
from huiqi.reference.money import format_yuan_grouped, parse_yuan
from huiqi.reference.regions import UnknownRegion, full_name
from huiqi.rules.facts import SUBJECT, Fact
from huiqi.rules.measure import Measure
from huiqi.rules.positions import Mapping, Node, Scalar, Sequence
from huiqi.rules.reasons import LISTS
from huiqi.rules.render import industry_name, plain
from huiqi.rules.types import Kind
from huiqi.rules.units import RATIO

_MOST_SHOWN = 120
_DECIMAL = re.compile(r"\d{1,15}(\.\d{1,6})?", re.ASCII)


def in_chinese() -> bool:
    """Whether this visit reads Chinese."""
    return not (get_language() or "").startswith("en")


def title_of(measure: Measure) -> str:
    """Return a measure's title in the language of the visit."""
    return measure.title if in_chinese() else measure.english or measure.title


class FactWords:
    """The words of one library's facts."""

    def __init__(self, library: PolicyLibrary) -> None:
        self.library = library

    def label(self, record: str, name: str, period: str = "", index: int = -1) -> str:
        """Return a fact's name in words: 2021年营业收入, 租约1：月租金."""
        chinese, facts = in_chinese(), self.library.facts
        if record == LISTS:
            listed = self.library.lists[name]
            return listed.title if chinese else listed.english or listed.title
        found = facts.fact(record, name)
        if found is not None:
            label = found.label if chinese else found.english or found.label
        else:
            kind = facts.by_list.get(name) or facts.records.get(name)
            defined = self.library.definitions.get(name)
            if kind is not None:
                label = kind.label if chinese else kind.english
            elif defined is not None:
                label = defined.title if chinese else defined.english or defined.title
            else:
                label = name
        if period:
            label = f"{period}{'年' if chinese and len(period) == 4 else ' '}{label}"
        if index >= 0 and record in facts.records and record != SUBJECT:
            kind = facts.records[record]
            label = f"{kind.label if chinese else kind.english}{index + 1}{'：' if chinese else ': '}{label}"
        return label

    def shown(self, fact: Fact | None, value: Any) -> str:
        """Return a value as JSON holds it (see `json_value`) in words, with its unit."""
        chinese = in_chinese()
        if value is None:
            return _("不清楚")
        if isinstance(value, bool):
            return _("是") if value else _("否")
        text = str(value)[:_MOST_SHOWN]
        if fact is None:
            return text
        kind, unit = fact.type.kind, fact.unit
        if kind is Kind.CHOICE and chinese:
            return dict(fact.type.choices).get(text, text)
        if kind is Kind.CHOICE:
            return text.replace("_", " ")
        if kind is Kind.INDUSTRY:
            return industry_name(text)
        if kind is Kind.REGION:
            try:
                return full_name(text)
            except UnknownRegion:
                return text
        if kind is Kind.NUMBER and unit == RATIO:
            return f"{plain(Fraction(text) * 100)}%" if _DECIMAL.fullmatch(text) else text
        if kind is Kind.NUMBER and unit is not None and unit.powers:
            if unit.power("yuan") == 1 and _DECIMAL.fullmatch(text):
                text = format_yuan_grouped(parse_yuan(text))
            return f"{text}{unit.chinese}" if chinese else f"{text} {unit}"
        return text

    def written(self, record: str, name: str, node: Node) -> list[tuple[str, str]]:
        """Return a fact of a case as (label, value) lines; a list of records gives one line a record."""
        facts = self.library.facts
        if name == "lists" and isinstance(node, Mapping):
            return [
                (self.label(LISTS, each), self._scalar(None, inner)) for each, inner in node.entries.items()
            ]
        kind = facts.by_list.get(name) or (facts.records.get(name) if isinstance(node, Mapping) else None)
        if kind is not None and kind.name != SUBJECT:
            label = kind.label if in_chinese() else kind.english
            rows = node.items if isinstance(node, Sequence) else (node,)
            return [(label, self._row(kind.name, each)) for each in rows] or [(label, _("没有"))]
        fact = facts.fact(record, name)
        if isinstance(node, Mapping) and "value" not in node.entries:
            return [
                (self.label(record, name, period), self._scalar(fact, inner))
                for period, inner in node.entries.items()
            ]
        defined = self.library.definitions.get(name)
        if defined is not None and isinstance(node, Scalar) and in_chinese():
            return [(defined.title, dict(defined.type.choices).get(node.text, self._scalar(None, node)))]
        return [(self.label(record, name), self._scalar(fact, node))]

    def _row(self, record: str, node: Node) -> str:
        if not isinstance(node, Mapping):
            return ""
        parts = [pair for name, inner in node.entries.items() for pair in self.written(record, name, inner)]
        return ("，" if in_chinese() else ", ").join(" ".join(pair) for pair in parts)

    def _scalar(self, fact: Fact | None, node: Node) -> str:
        inner = node.get("value") if isinstance(node, Mapping) else node
        text = inner.text if isinstance(inner, Scalar) else ""
        if fact is None or fact.type.kind is Kind.TRUTH:
            word = {"yes": True, "true": True, "no": False, "false": False}.get(text.lower())
            return text if word is None else self.shown(fact, word)
        return self.shown(fact, text)
