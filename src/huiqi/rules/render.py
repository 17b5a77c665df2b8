"""The third reading: an expression as Chinese that a policy officer would sign.

以上 and 以下 include the number (marked 含), 超过, 不满 and 低于 exclude it, as Civil Code art. 1259 has it.
Parts of 或者 and 且 never stand side by side without a bracket or a semicolon between the levels.
"""

from __future__ import annotations

import copy
import datetime
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from huiqi.reference.industries import UnknownIndustry, group, industry
from huiqi.reference.regions import full_name
from huiqi.rules.facts import SUBJECTS, FactDictionary
from huiqi.rules.measure import Definition
from huiqi.rules.statements import affirmed, denied
from huiqi.rules.typed import (
    And,
    Arithmetic,
    AsOf,
    Calendar,
    Compare,
    Defined,
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
    walk,
)
from huiqi.rules.types import TRUTH, Kind
from huiqi.rules.units import ITEM, PERSON, RATIO, Unit
from huiqi.rules.wording import counter_of, listed, plain, written_date, written_number, written_period

__all__ = ["Renderer", "industry_name", "plain", "written_number"]

_OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_MIRRORED = {"==": "==", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}
_AS_OF = "办理之日"
# A choice whose title denies something cannot be denied again: 不为“不是孵化载体” says nothing to a reader.
_DENYING = ("不", "未", "没有", "都不", "都没", "其他", "非")
_MOST_LISTED = 6
_MOST_LEFT = 3
OTHERWISE = "其他情形"


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
        self.known: Mapping[Typed, Sequence[str]] = {}
        """The values that a choice can have where this text stands; others need no mention."""
        self._counter = "项"
        self._name_parameters = False

    def text(self, node: Typed) -> str:
        """Return the Chinese of a condition or a value; figures stand in it themselves."""
        method = _METHODS.get(type(node))
        if method is not None:
            text: str = getattr(self, method)(node)
            return text
        assert isinstance(node, AsOf)
        return _AS_OF

    def denial(self, node: Typed) -> str:
        """Return the Chinese of the opposite of a condition."""
        return self._denied(node)

    def formula(self, node: Typed) -> str:
        """Return the Chinese of an amount, in which a figure that has a title stands under it."""
        named = copy.copy(self)
        named._name_parameters = True
        return named.text(node)

    def branches(self, node: Typed) -> list[tuple[str, Typed]]:
        """Return the cases of a choice as (condition in Chinese, value); the last condition is 其他情形."""
        rows: list[tuple[str, Typed]] = []
        tests: list[Typed] = []
        node = self._opened(node)
        valued = self._valued()
        while isinstance(node, If):
            rows.append((valued.text(node.condition), node.then))
            tests.append(self._opened(node.condition))
            node = self._opened(node.otherwise)
        rest = self._rest(tests)
        return [*rows, (valued.text(rest) if rest is not None else OTHERWISE, node)]

    def _rest(self, tests: Sequence[Typed]) -> Typed | None:
        """Return what is left of a choice whose values the tests use up in part, if that is short to say."""
        first = tests[0] if tests else None
        if not (isinstance(first, InChoices) and isinstance(first.of, FactOf)):
            return None
        left = list(self.known.get(first.of, [value for value, _ in first.of.type.choices]))
        for each in tests:
            if not isinstance(each, InChoices) or each.of != first.of:
                return None
            left = [value for value in left if value not in each.values]
        return InChoices(type=TRUTH, of=first.of, values=tuple(left)) if 0 < len(left) <= _MOST_LEFT else None

    def _valued(self) -> Renderer:
        """Return a renderer in which figures stand themselves."""
        valued = copy.copy(self)
        valued._name_parameters = False
        return valued

    def value(self, value: object, unit: Unit | None) -> str:
        """Return a value as Chinese texts write it."""
        if isinstance(value, bool):
            return "是" if value else "否"
        if isinstance(value, datetime.date):
            return written_date(value)
        if isinstance(value, (int, Fraction)):
            return written_number(value, unit, self._counter)
        return str(value)

    def constant(self, node: Typed) -> Literal | None:
        """Return the figure or date that a node stands for whatever the case, or None."""
        inner = node.body if isinstance(node, Named) else node
        return inner if isinstance(inner, Literal) and inner.type.kind is not Kind.TRUTH else None

    # Leaves

    def _literal(self, node: Literal) -> str:
        if node.type.kind is Kind.TRUTH:
            return "任何情形" if node.value is True else "没有任何情形"
        return self.value(node.value, node.type.unit)

    def _fact(self, node: FactOf) -> str:
        label = self._label(node)
        return affirmed(label) if node.type.kind is Kind.TRUTH and not node.period else label

    def _label(self, node: FactOf) -> str:
        fact = self.facts.fact(node.record, node.name)
        label = fact.label if fact else node.name
        if not node.period:
            return label
        period = written_period(node.period)
        return period + (label[1:] if label.startswith("年") and period.endswith("年") else label)

    def _named(self, node: Named) -> str:
        title = self.titles.get(node.name, "")
        constant = self.constant(node)
        if constant is not None and (node.parameter or not title):
            return title if title and self._name_parameters else self._literal(constant)
        if title and node.type.kind is Kind.TRUTH:
            return affirmed(title)
        return title or self.text(node.body)

    def _defined(self, node: Defined) -> str:
        definition = self.definitions[node.name]
        return definition.title if definition.cases else f"属于{definition.title}"

    def _subject(self, node: SubjectIs) -> str:
        return f"主体为{SUBJECTS[node.subject]}"

    def _listed(self, node: Listed) -> str:
        title = self.lists.get(node.list_id, node.list_id)
        of_places = title.endswith(("区域", "地区", "县", "县（市、区）"))
        return f"{'所在地' if of_places else ''}列入“{title}”名单"

    # Truth

    def _and(self, node: And) -> str:
        parts = list(self._conjuncts(node.of))
        return (
            parts[0][0]
            if len(parts) == 1
            else "，且".join(f"（{text}）" if open_ else text for text, open_ in parts)
        )

    def _conjuncts(self, parts: Sequence[Typed]) -> Iterator[tuple[str, bool]]:
        """Yield each part's text and whether it needs brackets; two bounds of one value are said together."""
        place = 0
        while place < len(parts):
            pair = self._range(parts[place], parts[place + 1]) if place + 1 < len(parts) else None
            if pair is not None:
                yield pair, False
                place += 2
                continue
            each = self._opened(parts[place])
            yield self.text(each), isinstance(each, (Or, If))
            place += 1

    def _or(self, node: Or) -> str:
        same = self._same_value(node)
        if same is not None:
            return same
        parts = [self._opened(each) for each in node.of]
        mixed = any(isinstance(each, (And, Or)) and not self._single(each) for each in parts)
        texts = [
            f"（{self.text(each)}）" if isinstance(each, (Or, If)) else self.text(each) for each in parts
        ]
        return ("；或者" if mixed else "，或者").join(texts)

    def _single(self, node: Typed) -> bool:
        """Tell whether the parts of an `and` are said in one (a range)."""
        return isinstance(node, And) and len(list(self._conjuncts(node.of))) == 1

    def _same_value(self, node: Or) -> str | None:
        """Return 甲为1人、2人或者3人 for a value that is compared with a set of figures."""
        values: list[str] = []
        first = node.of[0]
        for each in node.of:
            if not (isinstance(each, Compare) and each.operator == "==" and isinstance(first, Compare)):
                return None
            constant = self.constant(each.right)
            if constant is None or each.left != first.left:
                return None
            values.append(self._with_counter(each.left).text(constant))
        assert isinstance(first, Compare)
        return f"{self.text(first.left)}为{listed(values)}"

    def _not(self, node: Not) -> str:
        return self._denied(node.of)

    def _denied(self, of: Typed) -> str:
        of = self._opened(of)
        if isinstance(of, Not):
            return self.text(of.of)
        if isinstance(of, (InChoices, InIndustries, InRegions)):
            return self._membership(of, False)
        if isinstance(of, FactOf):
            return denied(self._label(of))
        if isinstance(of, Named):
            return denied(self.titles[of.name])
        if isinstance(of, Listed):
            return self.text(of).replace("列入", "未列入", 1)
        if isinstance(of, SubjectIs):
            return f"主体不是{SUBJECTS[of.subject]}"
        if isinstance(of, Defined):
            return f"不属于{self.definitions[of.name].title}"
        if isinstance(of, Compare):
            return self._compare(
                Compare(type=TRUTH, operator=_OPPOSITE[of.operator], left=of.left, right=of.right)
            )
        if isinstance(of, (And, Or)):
            # A denied conjunction is a choice of denials, also where something is unknown.
            turned = tuple(Not(type=TRUTH, of=each) for each in of.of)
            return (
                self._or(Or(type=TRUTH, of=turned))
                if isinstance(of, And)
                else self._and(And(type=TRUTH, of=turned))
            )
        if isinstance(of, Over):
            return f"没有{self._which(of)}{self._record_label(of)}"
        return f"不符合“{self.text(of)}”"

    def _in(self, node: InChoices | InIndustries | InRegions) -> str:
        return self._membership(node, True)

    def _membership(self, node: InChoices | InIndustries | InRegions, inside: bool) -> str:
        if isinstance(node, InIndustries):
            names = [industry_name(name) for name in node.names]
            return f"{self.text(node.of)}{'属于' if inside else '不属于'}{listed(names)}"
        if isinstance(node, InRegions):
            places = listed([full_name(code) for code in node.codes])
            return f"{self.text(node.of)}{'在' if inside else '不在'}{places}"
        labels = dict(node.of.type.choices)
        values = list(node.values)
        others = [value for value in labels if value not in node.values]
        denying = any(labels[value].startswith(_DENYING) for value in values)
        if denying and 0 < len(others) <= _MOST_LISTED:
            values, inside = others, not inside
        names = [labels[value] for value in values]
        classes = isinstance(node.of, Defined) and all(name.endswith(("企业", "工商户")) for name in names)
        if classes:
            return f"{'属于' if inside else '不属于'}{listed(names)}"
        return f"{self.text(node.of)}{'为' if inside else '不是'}{listed(names)}"

    # Comparisons

    def _compare(self, node: Compare) -> str:
        left, operator, right = self._turned(node)
        if left.type.kind is Kind.DATE:
            return self._compare_dates(left, operator, right)
        for special in (self._compare_years, self._compare_age):
            text = special(left, operator, right)
            if text is not None:
                return text
        subject = self.text(left)
        constant = self.constant(right)
        with_counter = self._with_counter(left)
        if constant is None:
            words = {"==": "等于", "!=": "不等于", "<": "低于", "<=": "不超过", ">": "超过", ">=": "不低于"}
            return f"{subject}{words[operator]}{with_counter.text(right)}"
        if constant.value == 0 and operator != "<=":
            words = {"==": "为零", "!=": "不为零", "<": "小于零", ">": "大于零", ">=": "不小于零"}
            return subject + words[operator]
        return subject + _bound(operator, with_counter.text(constant), constant)

    def _turned(self, node: Compare) -> tuple[Typed, str, Typed]:
        """Return the comparison with what is asked about first and the figure second."""
        asked_second = self.constant(node.left) is not None and self.constant(node.right) is None
        if asked_second:
            return node.right, _MIRRORED[node.operator], node.left
        return node.left, node.operator, node.right

    def _compare_dates(self, left: Typed, operator: str, right: Typed) -> str:
        subject = self.text(left)
        if isinstance(right, Calendar) and operator in ("<", "<=", ">", ">="):
            start, length = (self.text(each) for each in right.of)
            words = {"<": "不满", "<=": "不超过", ">": "超过", ">=": "已满"}
            return f"自{start}起至{subject}{words[operator]}{length}"
        other = self.text(right)
        if self.constant(right) is None:
            words = {
                "==": "与{}为同一日",
                "!=": "与{}不是同一日",
                "<": "早于{}",
                "<=": "不晚于{}",
                ">": "晚于{}",
                ">=": "不早于{}",
            }
        else:
            words = {
                **{"==": "为{}", "!=": "不是{}", "<": "早于{}", ">": "晚于{}"},
                **{"<=": "在{}（含当日）以前", ">=": "在{}（含当日）以后"},
            }
        return subject + words[operator].format(other)

    def _compare_years(self, left: Typed, operator: str, right: Typed) -> str | None:
        if not (isinstance(left, Calendar) and left.function == "year"):
            return None
        day = self.text(left.of[0])
        if isinstance(right, Calendar) and right.function == "year":
            if isinstance(right.of[0], AsOf):
                words = {
                    **{
                        "==": "在办理当年",
                        "!=": "不在办理当年",
                        "<": "在办理当年以前的年度",
                        ">": "在办理当年以后的年度",
                    },
                    **{"<=": "在办理当年或者以前年度", ">=": "在办理当年或者以后年度"},
                }
                return day + words[operator]
            other = self.text(right.of[0])
            words = {
                **{
                    "==": "与{}在同一年度",
                    "!=": "与{}不在同一年度",
                    "<": "的年度早于{}的年度",
                    ">": "的年度晚于{}的年度",
                },
                **{"<=": "的年度不晚于{}的年度", ">=": "的年度不早于{}的年度"},
            }
            return day + words[operator].format(other)
        constant = self.constant(right)
        if constant is None:
            return None
        words = {
            **{"==": "在{}", "!=": "不在{}", "<": "早于{}", ">": "晚于{}"},
            **{"<=": "在{}（含）以前", ">=": "在{}（含）以后"},
        }
        return day + words[operator].format(self.text(constant))

    def _compare_age(self, left: Typed, operator: str, right: Typed) -> str | None:
        constant = self.constant(right)
        if not _is_age(left) or constant is None:
            return None
        age = self.text(constant).removesuffix("年") + "周岁"
        return self.text(left) + _bound(operator, age, constant)

    def _range(self, first: Typed, second: Typed) -> str | None:
        """Return two bounds of one value as one phrase, or None where they are no such pair."""
        if not (isinstance(first, Compare) and isinstance(second, Compare)):
            return None
        (left, low, least), (other, high, most) = self._turned(first), self._turned(second)
        if low in ("<", "<=") and high in (">", ">="):
            low, least, high, most = high, most, low, least
        from_, to = self.constant(least), self.constant(most)
        if left != other or low not in (">", ">=") or high not in ("<", "<=") or from_ is None or to is None:
            return None
        subject = self.text(left)
        if isinstance(from_.value, datetime.date) and isinstance(to.value, datetime.date):
            day = datetime.timedelta(days=1)
            start = from_.value + (day if low == ">" else 0 * day)
            end = to.value - (day if high == "<" else 0 * day)
            return f"{subject}在{written_date(start)}至{written_date(end)}期间（含起止日）"
        spoken = self._with_counter(left)
        if isinstance(left, Calendar) and left.function == "year":
            if (low, high) == (">=", "<="):
                day_text = self.text(left.of[0])
                return f"{day_text}在{spoken.text(from_)}至{spoken.text(to)}期间（含起止年）"
            return None
        start_text, end_text = spoken.text(from_), spoken.text(to)
        if _is_age(left):
            start_text, end_text = (each.removesuffix("年") + "周岁" for each in (start_text, end_text))
        if (low, high) == (">=", "<="):
            return f"{subject}在{start_text}至{end_text}之间（含本数）"
        return f"{subject}{_bound(low, start_text, from_)}、{_bound(high, end_text, to)}"

    # Numbers

    def _arithmetic(self, node: Arithmetic) -> str:
        sign = {"+": " + ", "-": " − ", "*": " × ", "/": " ÷ "}[node.operator]
        counted = self._with_counter(node)
        right = counted._opened(node.right)
        if node.operator == "-" and isinstance(node.left, Literal) and node.left.value == 0:
            return f"负的{counted._operand(right, True)}"
        left_text = counted._operand(node.left, node.operator in "*/")
        open_right = node.operator in "*/" or (node.operator == "-" and _is_sum(right))
        return f"{left_text}{sign}{counted._operand(right, open_right, right_of=node.operator)}"

    def _operand(self, node: Typed, factor: bool, right_of: str = "") -> str:
        node = self._opened(node)
        text = self.text(node)
        is_product = isinstance(node, Arithmetic) and node.operator in "*/"
        open_ = isinstance(node, (If, Least, Greatest)) or (factor and _is_sum(node))
        return f"（{text}）" if open_ or (is_product and right_of in ("*", "/")) else text

    def _choice(self, node: If) -> str:
        rows = self.branches(node)
        holds = "" if node.type.kind is Kind.TRUTH else "为"
        return "；".join(
            f"{condition}{'' if condition == OTHERWISE else '的'}，{holds}{self._result(value)}"
            for condition, value in rows
        )

    def _result(self, node: Typed) -> str:
        node = self._opened(node)
        if node.type.kind is Kind.TRUTH:
            text = self.text(node)
            return f"（{text}）" if "；" in text else text
        return self._valued().text(node) if self.constant(node) is not None else self._operand(node, False)

    def _extreme(self, node: Least | Greatest) -> str:
        least = isinstance(node, Least)
        parts = [self._opened(each) for each in node.of]
        between = self._between(parts) if least else None
        if between is not None:
            return between
        if not least and len(parts) == 2:
            zero = [isinstance(each, Literal) and each.value == 0 for each in parts]
            if zero in ([True, False], [False, True]):
                return f"{self._operand(parts[zero.index(False)], False)}，小于零的按零计算"
        early, late = ("较早", "较晚") if node.type.kind is Kind.DATE else ("较小", "较大")
        word = early if least else late
        if len(parts) > 2:
            word = word.replace("较", "最")
        count = {2: "两者", 3: "三者", 4: "四者"}.get(len(parts), "各项")
        texts = [
            f"（{self.text(each)}）" if isinstance(each, Arithmetic) else self._operand(each, False)
            for each in parts
        ]
        return f"{listed(texts, '与')}{count}中{word}者"

    def _between(self, parts: Sequence[Typed]) -> str | None:
        """Return the text of a value held between two limits, or None where the parts are no such."""
        inner = [each for each in parts if isinstance(each, Greatest) and len(each.of) == 2]
        if len(parts) != 2 or len(inner) != 1:
            return None
        high = next(each for each in parts if each is not inner[0])
        facts = [each for each in inner[0].of if isinstance(self._opened(each), FactOf)]
        if len(facts) != 1:
            return None
        low = next(each for each in inner[0].of if each is not facts[0])
        least, most = self._operand(low, False), self._operand(high, False)
        return f"{self.text(facts[0])}，低于{least}的按{least}计算，高于{most}的按{most}计算"

    def _whole(self, node: Whole) -> str:
        unit = node.type.unit
        step = "1" + (unit.chinese if unit is not None and unit != RATIO else "")
        rule = f"不足{step}的按{step}计算" if node.up else f"不足{step}的部分不计"
        of = self._opened(node.of)
        text = f"（{self.text(of)}）" if isinstance(of, Arithmetic) else self._operand(of, False)
        return f"{text}（{rule}）"

    def _calendar(self, node: Calendar) -> str:
        parts = [self.text(each) for each in node.of]
        if _is_age(node):
            return f"{parts[1]}时的年龄"
        days = [each.value for each in map(self.constant, node.of) if each is not None]
        fixed = ""
        if node.function == "days_between" and len(days) == 2:
            start, end = days
            assert isinstance(start, datetime.date) and isinstance(end, datetime.date)
            fixed = f"（{(end - start).days}天）"
        words = {
            "year": "{0}所在年份",
            "add_months": "{0}起满{1}之日",
            "add_years": "{0}起满{1}之日",
            "months_between": "{0}至{1}的整月数",
            "days_between": "{0}至{1}的天数",
            "years_between": "{0}至{1}的整年数",
        }
        return words[node.function].format(*parts) + fixed

    def _over(self, node: Over) -> str:
        label = self._record_label(node)
        if node.function == "count":
            return f"{self._which(node)}{label}{'人数' if node.type.unit == PERSON else '数量'}"
        if node.function == "exists":
            return f"有{self._which(node)}{label}"
        assert node.amount is not None
        return f"{self._which(node)}各{label}的{self._operand(node.amount, True)}合计"

    def _which(self, node: Over) -> str:
        return f"符合“{self.text(node.condition)}”的" if node.condition is not None else ""

    def _record_label(self, node: Over) -> str:
        return self.facts.records[node.record].label

    # Names and counters

    def _opened(self, node: Typed) -> Typed:
        """Return what an untitled name stands for, so that brackets and negations see it."""
        while isinstance(node, Named) and not self.titles.get(node.name) and self.constant(node) is None:
            node = node.body
        return node

    def _with_counter(self, node: Typed) -> Renderer:
        """Return a renderer that counts items as the facts below the node do: 户, 次, else 项."""
        facts = (
            self._label(each)
            for each in walk(node)
            if isinstance(each, FactOf) and each.type.unit is not None
        )
        counter = next((word for word in map(counter_of, facts) if word != "项"), self._counter)
        if counter == self._counter:
            return self
        counted = copy.copy(self)
        counted._counter = counter
        return counted


_METHODS = {
    Literal: "_literal",
    FactOf: "_fact",
    Named: "_named",
    Defined: "_defined",
    SubjectIs: "_subject",
    Listed: "_listed",
    And: "_and",
    Or: "_or",
    Not: "_not",
    Compare: "_compare",
    InChoices: "_in",
    InIndustries: "_in",
    InRegions: "_in",
    If: "_choice",
    Arithmetic: "_arithmetic",
    Least: "_extreme",
    Greatest: "_extreme",
    Whole: "_whole",
    Calendar: "_calendar",
    Over: "_over",
}


def _bound(operator: str, text: str, constant: Literal) -> str:
    """Return 在30人（含）以上, 超过5.5%, 不满3个月: a figure as a bound."""
    unit = constant.type.unit
    money = unit is not None and (unit == RATIO or unit.power("yuan") != 0)
    below = "低于" if money else "少于" if unit in (PERSON, ITEM) else "不满"
    return {
        "==": f"为{text}",
        "!=": f"不是{text}",
        "<": f"{below}{text}",
        "<=": f"不超过{text}",
        ">": f"超过{text}",
        ">=": f"在{text}（含）以上",
    }[operator]


def _is_age(node: Typed) -> bool:
    if not (isinstance(node, Calendar) and node.function == "years_between"):
        return False
    start = node.of[0]
    return isinstance(start, FactOf) and start.name == "born"


def industry_name(name: str) -> str:
    """Return the Chinese of a group or a code of industries."""
    try:
        found = industry(name)
    except UnknownIndustry:
        return group(name).name
    return f"{found.name}（{found.code}）" if found.name else f"行业{found.code}"


def _is_sum(node: Typed) -> bool:
    return isinstance(node, Arithmetic) and node.operator in "+-"
