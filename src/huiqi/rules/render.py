"""The third reading: a rule as Chinese that a policy officer would sign."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from fractions import Fraction

from huiqi.reference.industries import UnknownIndustry, group, industry
from huiqi.reference.regions import full_name
from huiqi.rules.facts import SUBJECTS, FactDictionary
from huiqi.rules.measure import Definition
from huiqi.rules.typed import (
    And,
    Arithmetic,
    AsOf,
    Calendar,
    Compare,
    Defined,
    Exact,
    FactOf,
    Greatest,
    If,
    InChoices,
    InIndustries,
    InRegions,
    Least,
    Listed,
    Literal,
    Named,
    Not,
    Or,
    Over,
    SubjectIs,
    Typed,
    Whole,
)
from huiqi.rules.units import RATIO, Unit

_WORDS = {"==": "等于", "!=": "不等于", "<": "不足", "<=": "不超过", ">": "超过", ">=": "不低于"}
_DATE_WORDS = {"==": "为", "!=": "不为", "<": "早于", "<=": "不晚于", ">": "晚于", ">=": "不早于"}


class Renderer:
    """Renders expressions with the labels of the fact dictionary and the titles of definitions and lists."""

    def __init__(
        self,
        facts: FactDictionary,
        definitions: Mapping[str, Definition],
        lists: Mapping[str, str],
        titles: Mapping[str, str] | None = None,
    ) -> None:
        self.facts = facts
        self.definitions = definitions
        self.lists = lists
        self.titles = titles or {}

    def text(self, node: Typed) -> str:
        """Return the Chinese of a node."""
        if isinstance(node, Literal):
            return self._literal(node)
        if isinstance(node, FactOf):
            return self._fact(node)
        if isinstance(node, Named):
            return self._named(node)
        if isinstance(node, (And, Or)):
            return self._joined(node)
        if isinstance(node, Not):
            return self._not(node.of)
        if isinstance(node, Compare):
            return self._compare(node)
        if isinstance(node, (InChoices, InIndustries, InRegions)):
            return self._membership(node, "属于")
        if isinstance(node, If):
            return f"（{self.text(node.condition)}的，为{self.text(node.then)}；其他的，为{self.text(node.otherwise)}）"
        if isinstance(node, Arithmetic):
            return self._arithmetic(node)
        if isinstance(node, (Least, Greatest)):
            word = "中的最小者" if isinstance(node, Least) else "中的最大者"
            return f"（{'、'.join(self.text(each) for each in node.of)}{word}）"
        return self._other(node)

    def value(self, value: object, unit: Unit | None) -> str:
        """Return a value as Chinese texts write it."""
        if isinstance(value, bool):
            return "是" if value else "否"
        if isinstance(value, datetime.date):
            return f"{value.year}年{value.month}月{value.day}日"
        if isinstance(value, (int, Fraction)):
            return written_number(value, unit)
        return str(value)

    def _other(self, node: Typed) -> str:
        if isinstance(node, AsOf):
            return "办理之日"
        if isinstance(node, SubjectIs):
            return f"主体为{SUBJECTS[node.subject]}"
        if isinstance(node, Listed):
            return f"列入“{self.lists.get(node.list_id, node.list_id)}”"
        if isinstance(node, Defined):
            definition = self.definitions[node.name]
            return definition.title if definition.cases else f"属于{definition.title}"
        if isinstance(node, Whole):
            return f"{self.text(node.of)}（{'进位' if node.up else '舍尾'}取整）"
        if isinstance(node, Calendar):
            return self._calendar(node)
        assert isinstance(node, Over)
        return self._over(node)

    def _literal(self, node: Literal) -> str:
        return self.value(node.value, node.type.unit)

    def _fact(self, node: FactOf) -> str:
        fact = self.facts.fact(node.record, node.name)
        label = fact.label if fact else node.name
        if not node.period:
            return label
        year, _, rest = node.period.partition("Q")
        if rest:
            return f"{year}年第{'一二三四'[int(rest) - 1]}季度{label}"
        year, _, month = node.period.partition("-")
        return f"{year}年{int(month)}月{label}" if month else f"{year}年{label}"

    def _named(self, node: Named) -> str:
        title = self.titles.get(node.name, "")
        if node.parameter and isinstance(node.body, Literal):
            return self._literal(node.body)
        return title or self.text(node.body)

    def _joined(self, node: And | Or) -> str:
        word = "，且" if isinstance(node, And) else "，或者"
        parts = [
            f"（{self.text(each)}）" if isinstance(each, (And, Or)) else self.text(each) for each in node.of
        ]
        return word.join(parts)

    def _not(self, of: Typed) -> str:
        if isinstance(of, (InChoices, InIndustries, InRegions)):
            return self._membership(of, "不属于")
        if isinstance(of, FactOf):
            return f"不是“{self._fact(of)}”"
        if isinstance(of, Listed):
            return "未" + self.text(of)
        if isinstance(of, SubjectIs):
            return f"主体不是{SUBJECTS[of.subject]}"
        if isinstance(of, Defined):
            return "不" + self.text(of)
        return f"不符合“{self.text(of)}”"

    def _compare(self, node: Compare) -> str:
        words = _DATE_WORDS if node.left.type.unit is None and "date" in node.left.type.kind.value else _WORDS
        return f"{self.text(node.left)}{words[node.operator]}{self.text(node.right)}"

    def _membership(self, node: InChoices | InIndustries | InRegions, word: str) -> str:
        if isinstance(node, InChoices):
            labels = dict(node.of.type.choices)
            names = [labels[value] for value in node.values]
            word = {"属于": "为", "不属于": "不为"}[word]
        elif isinstance(node, InIndustries):
            names = [industry_name(name) for name in node.names]
        else:
            names = [full_name(code) for code in node.codes]
        return f"{self.text(node.of)}{word}{_listed(names)}"

    def _arithmetic(self, node: Arithmetic) -> str:
        sign = {"+": " + ", "-": " − ", "*": " × ", "/": " ÷ "}[node.operator]
        left, right = self.text(node.left), self.text(node.right)
        if node.operator in "*/":
            left = f"（{left}）" if _is_sum(node.left) else left
            right = f"（{right}）" if isinstance(node.right, Arithmetic) else right
        elif node.operator == "-":
            right = f"（{right}）" if _is_sum(node.right) else right
        return f"{left}{sign}{right}"

    def _calendar(self, node: Calendar) -> str:
        parts = [self.text(each) for each in node.of]
        return {
            "year": "{0}所在年份",
            "add_months": "{0}后{1}",
            "add_years": "{0}后{1}",
            "months_between": "{0}至{1}的整月数",
            "days_between": "{0}至{1}的天数",
            "years_between": "{0}至{1}的整年数",
        }[node.function].format(*parts)

    def _over(self, node: Over) -> str:
        label = self.facts.records[node.record].label
        which = f"符合“{self.text(node.condition)}”的" if node.condition is not None else ""
        if node.function == "count":
            return f"{which}{label}数量"
        if node.function == "exists":
            return f"有{which}{label}"
        assert node.amount is not None
        return f"{which}各{label}的{self.text(node.amount)}之和"


def industry_name(name: str) -> str:
    """Return the Chinese of a group or a code of industries."""
    try:
        found = industry(name)
    except UnknownIndustry:
        return group(name).name
    return f"{found.name}（{found.code}）" if found.name else f"行业{found.code}"


def written_number(value: Exact, unit: Unit | None) -> str:
    """Return a number with its unit: 5000万元, 50%, 3个月."""
    if unit is None or unit == RATIO:
        if unit == RATIO:
            return f"{plain(Fraction(value) * 100)}%"
        return plain(value)
    amount = Fraction(value) / unit.scale
    if unit.power("yuan") == 1:
        for size, word in ((10**8, "亿"), (10**4, "万")):
            if abs(amount) >= size and (amount * 100 / size).denominator == 1:
                return f"{plain(amount / size)}{word}{unit.chinese}"
    return f"{plain(amount)}{unit.chinese}"


def plain(value: Exact) -> str:
    """Return an exact number in digits; a fraction without end as numerator/denominator."""
    fraction = Fraction(value)
    if fraction.denominator == 1:
        return str(fraction.numerator)
    scaled = fraction.denominator
    for prime in (2, 5):
        while scaled % prime == 0:
            scaled //= prime
    if scaled != 1:
        return f"{fraction.numerator}/{fraction.denominator}"
    digits = 0
    while (fraction * 10**digits).denominator != 1:
        digits += 1
    whole = abs(fraction * 10**digits)
    text = str(whole.numerator).rjust(digits + 1, "0")
    return ("-" if fraction < 0 else "") + f"{text[:-digits]}.{text[-digits:]}"


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else "、".join(names[:-1]) + "或" + names[-1]


def _is_sum(node: Typed) -> bool:
    return isinstance(node, Arithmetic) and node.operator in "+-"
