"""A whole measure as a page of Chinese: conditions, amount, delivery, offices and sources with clauses."""

from __future__ import annotations

import datetime
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol

from huiqi.reference.agency_names import chinese_agency_name
from huiqi.reference.regions import NATION, full_name
from huiqi.rules.facts import KNOWN_BY, SUBJECTS, FactDictionary
from huiqi.rules.measure import (
    AGENCY_ROLES,
    AMOUNT_IS,
    DELIVERIES,
    KINDS,
    NEVER,
    Agency,
    Cap,
    Condition,
    Definition,
    Exclusion,
    Measure,
    Parameter,
)
from huiqi.rules.render import OTHERWISE, Renderer
from huiqi.rules.typed import Defined, Exact, FactOf, If, InChoices, Least, Named, Typed, walk
from huiqi.rules.types import Kind
from huiqi.rules.units import PERSON, RATIO
from huiqi.rules.wording import written_date, written_number

_NUMERALS = "零一二三四五六七八九十"
_LEVELS = {"firm": "每户", "person": "每人", "record": "每笔", "programme": "全部资金合计"}
_LEVELS_TOGETHER = {"firm": "同一户", "person": "同一人", "record": "同一笔"}


class Cited(Protocol):
    """What a page says of a document."""

    @property
    def title(self) -> str:
        """Its Chinese title."""

    @property
    def number(self) -> str:
        """Its number (文号), empty where none is printed."""

    @property
    def plans(self) -> tuple[str, ...]:
        """The short names of the plans it holds."""


class Shelf(Protocol):
    """The library as far as a page needs it."""

    @property
    def facts(self) -> FactDictionary:
        """The fact dictionary."""

    @property
    def definitions(self) -> Mapping[str, Definition]:
        """Definitions by id."""

    @property
    def documents(self) -> Mapping[str, Cited]:
        """Documents by id."""

    @property
    def by_id(self) -> Mapping[str, tuple[Measure, ...]]:
        """Measures by id."""

    def renderer(self, measure: Measure | Definition | None = None) -> Renderer:
        """Return a renderer that knows the measure's own names."""


@dataclass(frozen=True, slots=True)
class RenderedMeasure:
    """A measure in Chinese, part by part; every text is ready to print."""

    id: str
    title: str
    kind: str
    region: str
    subjects: str
    judged_per: str
    in_force: str
    delivery: str
    information: str
    conditions: tuple[RenderedCondition, ...]
    terms: tuple[tuple[str, str], ...]
    definitions: tuple[RenderedDefinition, ...]
    amount: RenderedAmount | None
    not_with: tuple[str, ...]
    adds_to: tuple[str, ...]
    offices: tuple[str, ...]
    practical: tuple[tuple[str, str], ...]
    interpretation: tuple[tuple[str, str, str], ...]
    sources: tuple[tuple[str, tuple[str, ...]], ...]
    """Each document with its numbered clauses."""


@dataclass(frozen=True, slots=True)
class RenderedCondition:
    """A condition: its words, the rule behind them where they differ, who settles it, its source's number."""

    text: str
    rule: str
    mark: str
    source: int
    words: str


@dataclass(frozen=True, slots=True)
class RenderedDefinition:
    """A definition that the measure uses: one line, or one a class; the terms in it, and its clause."""

    title: str
    lines: tuple[str, ...]
    terms: tuple[tuple[str, str], ...]
    source: str


@dataclass(frozen=True, slots=True)
class RenderedAmount:
    """An amount: what it is, its formula (several lines: by case), the terms in it, caps."""

    name: str
    formula: tuple[str, ...]
    terms: tuple[tuple[str, str], ...]
    baseline: str
    caps: tuple[str, ...]


def measure_text(library: Shelf, measure: Measure) -> str:
    """Return the page of a measure as plain text, for people with a terminal and for golden files."""
    return "\n".join(_lines(rendered_measure(library, measure))) + "\n"


def rendered_measure(library: Shelf, measure: Measure) -> RenderedMeasure:
    """Return a measure in Chinese, part by part."""
    return _Page(library, measure).page()


class _Wording:
    """The Chinese of a rule's own parts: formulas, and what their names mean."""

    def __init__(self, library: Shelf, rule: Measure | Definition) -> None:
        self.library = library
        self.renderer = library.renderer(rule)
        self.parameters = {each.name: each for each in rule.parameters}
        self.labels = [*self.renderer.titles.values(), *(fact.label for fact in library.facts)]

    def formula(self, node: Typed) -> Iterator[str]:
        """Yield the lines of a formula: one, or one a case."""
        inner = self.plain(node)
        if isinstance(inner, If):
            for condition, value in self.renderer.branches(inner):
                said = self.written(value)
                yield f"{condition}{'' if condition == OTHERWISE else '的'}：{said}"
        else:
            yield self.written(inner)

    def written(self, node: Typed) -> str:
        """Return a formula in one line; a ceiling is said after what it limits."""
        inner = self.plain(node)
        if isinstance(inner, Least) and len(inner.of) == 2:
            fixed = [each for each in inner.of if self.renderer.constant(each) is not None]
            free = [each for each in inner.of if self.renderer.constant(each) is None]
            if len(fixed) == 1 and len(free) == 1:
                return f"{self.renderer.formula(free[0])}，最高不超过{self.renderer.text(fixed[0])}"
        if self.renderer.constant(inner) is not None:
            return self.renderer.text(inner)
        return self.renderer.formula(inner)

    def plain(self, node: Typed) -> Typed:
        """Return the body of a `let` without a title, which has no name that a reader could look up."""
        while isinstance(node, Named) and not self.renderer.titles.get(node.name) and not node.parameter:
            node = node.body
        return node

    def terms(
        self, nodes: Sequence[Typed], texts: Sequence[str], defined: frozenset[str] = frozenset()
    ) -> Iterator[tuple[str, str]]:
        """Yield (name, meaning) of every titled part that the texts of the nodes, or meanings, show."""
        said = list(texts)
        waiting = list(nodes)
        seen = set(defined)
        for node in waiting:
            for each in walk(node):
                title = self.renderer.titles.get(each.name, "") if isinstance(each, Named) else ""
                if not isinstance(each, Named) or not title or title in seen:
                    continue
                if any(self.mentions(text, title) for text in said):
                    seen.add(title)
                    meaning = self.meaning(each)
                    said.append(meaning)
                    yield title, meaning

    def mentions(self, text: str, title: str) -> bool:
        """Tell whether a text names a part, and not only another name or label that holds the same words."""
        for longer in self.labels:
            if title in longer and title != longer:
                text = text.replace(longer, "")
        return title in text

    def meaning(self, named: Named) -> str:
        parameter = self.parameters.get(named.name)
        if parameter is not None:
            return self.figure(parameter)
        body = self.plain(named.body)
        if body.type.kind is Kind.TRUTH:
            return self.renderer.text(body)
        if isinstance(body, If):
            rows = [
                f"{condition}{'' if condition == OTHERWISE else '的'}，为{self.written(value)}"
                for condition, value in self.renderer.branches(body)
            ]
            return "；".join(rows)
        return self.written(body)

    def figure(self, parameter: Parameter) -> str:
        """Return a parameter's value; a dated one with the days it holds, by the date that decides."""
        values = [self.value(each.value, parameter) for each in parameter.values]
        if len(values) == 1:
            return values[0]
        by = self.renderer.text(parameter.by) if parameter.by is not None else "办理之日"
        parts = [f"{by}早于{_day(parameter.values[1].first)}的，为{values[0]}"]
        for place in range(1, len(values)):
            until = parameter.values[place + 1].first if place + 1 < len(values) else None
            start = _day(parameter.values[place].first)
            span = (
                f"自{start}起"
                if until is None
                else f"自{start}起至{_day(until - datetime.timedelta(days=1))}止"
            )
            parts.append(f"{span}的，为{values[place]}")
        return "；".join(parts)

    def value(self, value: Exact | datetime.date, parameter: Parameter) -> str:
        if isinstance(value, datetime.date):
            return written_date(value)
        unit = parameter.unit
        if unit is None and any(each.percent for each in parameter.values):
            unit = RATIO
        # 每家…补助 of 20000 yuan an item is 2万元/家.
        counter = next((word for word in "户家个台辆次" if f"每{word}" in parameter.title), "项")
        return written_number(value, unit, counter)


class _Page(_Wording):
    def __init__(self, library: Shelf, measure: Measure) -> None:
        super().__init__(library, measure)
        self.measure = measure
        self.renderer.known = _known_choices(each.test for each in measure.when)

    def page(self) -> RenderedMeasure:
        m = self.measure
        conditions = tuple(self.condition(each) for each in m.when)
        terms = tuple(
            self.terms([each.test for each in m.when], [each.rule or each.text for each in conditions])
        )
        return RenderedMeasure(
            id=m.id,
            title=m.title,
            kind=KINDS[m.kind],
            region="全国" if m.region == NATION else full_name(m.region),
            subjects="、".join(SUBJECTS[each] for each in m.subject),
            judged_per=self.judged_per(),
            in_force=_period(m.in_force.first, m.in_force.to),
            delivery=DELIVERIES[m.delivery],
            information=self.information(),
            conditions=conditions,
            terms=terms,
            definitions=tuple(self.definitions()),
            amount=self.amount(frozenset(name for name, _ in terms)) if m.amount is not None else None,
            not_with=tuple(self.exclusion(each) for each in m.not_with),
            adds_to=tuple(self.title_of(each) for each in m.adds_to),
            offices=tuple(self.offices()),
            practical=tuple(self.practical()),
            interpretation=tuple((each.chosen, each.instead, each.why) for each in m.interpretation),
            sources=tuple(self.sources()),
        )

    def definitions(self) -> Iterator[RenderedDefinition]:
        """Yield each definition that the measure uses, and those that these use."""
        m = self.measure
        waiting = [*(each.test for each in m.when), *(each.amount for each in m.caps)]
        waiting += [m.amount] if m.amount is not None else []
        seen: set[str] = set()
        for node in waiting:
            for each in walk(node):
                if not isinstance(each, Defined) or each.name in seen:
                    continue
                seen.add(each.name)
                definition = self.library.definitions[each.name]
                tests = [definition.test, *(case.test for case in definition.cases)]
                waiting.extend(test for test in tests if test is not None)
                # The size classes are the national table itself, not a rule with words of its own.
                if definition.sources:
                    yield self.definition(definition)

    def definition(self, definition: Definition) -> RenderedDefinition:
        wording = _Wording(self.library, definition)
        text = wording.renderer.text
        source = definition.sources[0]
        document = self.library.documents.get(source.document)
        name = f"《{document.title}》" if document is not None else source.document
        where = name + clause_name(source.clause, document.plans if document is not None else ())
        if definition.test is not None:
            lines = [text(definition.test)]
        else:
            lines = [
                f"{case.title}：{text(case.test) if case.test is not None else OTHERWISE}"
                for case in definition.cases
            ]
        tests = [definition.test, *(case.test for case in definition.cases)]
        terms = wording.terms([test for test in tests if test is not None], lines)
        return RenderedDefinition(definition.title, tuple(lines), tuple(terms), where)

    def information(self) -> str:
        if not self.measure.information:
            return ""
        head = "本项没有写明金额" if states_no_figure(self.measure) else "本项不计算金额"
        return f"{head}：{self.measure.information}"

    def judged_per(self) -> str:
        if not self.measure.per:
            return ""
        record = self.library.facts.records[self.measure.per]
        return f"按{record.label}{'逐人' if record.counts == PERSON else '逐项'}计算"

    def condition(self, condition: Condition) -> RenderedCondition:
        rule = self.renderer.text(condition.test)
        text = condition.title or rule
        mark = "自行申明" if condition.declared else self.decider(condition) if condition.discretion else ""
        words = condition.words or self.measure.sources[condition.source - 1].words
        return RenderedCondition(text, rule if rule != text else "", mark, condition.source, words)

    def decider(self, condition: Condition) -> str:
        """Return who decides a condition at discretion, by who knows its facts."""
        found = (
            self.library.facts.fact(each.record, each.name)
            for each in walk(condition.test)
            if isinstance(each, FactOf)
        )
        known_by = {fact.known_by for fact in found if fact is not None} - {"firm"}
        who = KNOWN_BY[known_by.pop()] if len(known_by) == 1 else KNOWN_BY["office"]
        return f"由{who}认定"

    def amount(self, defined: frozenset[str]) -> RenderedAmount:
        m = self.measure
        assert m.amount is not None
        formula = tuple(self.formula(m.amount))
        caps = tuple(self.cap(each) for each in m.caps)
        nodes = [m.amount, *(each.amount for each in m.caps)]
        terms = tuple(self.terms(nodes, [*formula, *caps], defined))
        return RenderedAmount(AMOUNT_IS[m.amount_is], formula, terms, m.baseline, caps)

    def cap(self, cap: Cap) -> str:
        year = "每年" if cap.yearly else ""
        by = f"（按{self.renderer.text(cap.by)}所在年度）" if cap.by is not None and cap.yearly else ""
        return f"{_LEVELS[cap.level]}{year}不超过{self.written(cap.amount)}{by}"

    def exclusion(self, exclusion: Exclusion) -> str:
        words = f"：{quoted(exclusion.words)}" if exclusion.words else ""
        level, other = _LEVELS_TOGETHER[exclusion.level], self.title_of(exclusion.measure)
        return f"{level}不与“{other}”同时享受〔{exclusion.source}〕{words}"

    def title_of(self, measure_id: str) -> str:
        found = self.library.by_id.get(measure_id)
        return found[0].title if found else measure_id

    def offices(self) -> Iterator[str]:
        """Yield the offices of each source, 牵头 first; sources that name the same offices share a line."""
        lines: dict[str, str] = {}
        for number in dict.fromkeys(each.source for each in self.measure.agencies):
            named = [each for each in self.measure.agencies if each.source == number]
            by_role = ((_offices(named, role), word) for role, word in AGENCY_ROLES.items())
            line = "；".join(names + word for names, word in by_role if names)
            lines[line] = lines.get(line, "") + f"〔{number}〕"
        for line, numbers in lines.items():
            yield line + numbers

    def practical(self) -> Iterator[tuple[str, str]]:
        m = self.measure
        for name, text in (("资金来源", m.paid_by), ("办理渠道", m.apply_at), ("收款账户", m.account)):
            if text:
                yield name, text
        if m.documents:
            yield "所需材料", "；".join(m.documents)

    def sources(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield each document with its numbered clauses, in the order of the sources."""
        for document_id, group in groupby(enumerate(self.measure.sources, 1), lambda pair: pair[1].document):
            document = self.library.documents.get(document_id)
            plans = document.plans if document is not None else ()
            number = f"（{document.number}）" if document is not None and document.number else ""
            name = f"《{document.title}》{number}" if document is not None else document_id
            yield (
                name,
                tuple(
                    f"〔{at}〕{clause_name(each.clause, plans)}：{quoted(each.words)}" for at, each in group
                ),
            )


def _known_choices(tests: Iterable[Typed]) -> dict[Typed, tuple[str, ...]]:
    """Return the values that a choice can have at all under the conditions."""
    return {each.of: each.values for each in tests if isinstance(each, InChoices)}


def states_no_figure(measure: Measure) -> bool:
    """Tell whether an information measure has a figure that the text leaves out, not none at all (a right)."""
    return "没有金额" not in measure.information


def clause_name(clause: str, plans: Sequence[str] = ()) -> str:
    """Return a clause path as one would cite it: “稳岗就业”方案二（三）, 第八条."""
    first, *rest = clause.split("/")
    if first in plans:
        return f"“{first}”方案{_joined(rest)}"
    if not rest and first and all(each in _NUMERALS for each in first):
        return f"第{first}条"
    return _joined([first, *rest])


def _joined(parts: Iterable[str]) -> str:
    text = ""
    for part in parts:
        needs_point = text and text[-1] not in "）" and part[:1] not in "（"
        text += f"、{part}" if needs_point else part
    return text


def _offices(agencies: Sequence[Agency], role: str) -> str:
    return "、".join(dict.fromkeys(chinese_agency_name(each.name) for each in agencies if each.role == role))


def _period(first: datetime.date, to: datetime.date) -> str:
    if to == NEVER:
        return f"自{written_date(first)}起"
    last = to - datetime.timedelta(days=1)
    return f"{written_date(first)}至{written_date(last)}"


def _day(value: datetime.date | None) -> str:
    assert value is not None
    return written_date(value)


def quoted(words: str) -> str:
    """Return words in Chinese quotation marks, marks within them turned to single ones."""
    return f"“{words.replace('“', '‘').replace('”', '’')}”"


def _lines(page: RenderedMeasure) -> Iterator[str]:
    yield page.title
    yield "═" * _width(page.title)
    heads = [
        ("编号", page.id),
        ("类别", page.kind),
        ("适用地区", page.region),
        ("适用主体", page.subjects),
        ("计算方式", page.judged_per),
        ("有效期", page.in_force),
        ("兑现方式", page.delivery),
        *page.practical,
    ]
    yield from _table(heads)
    yield ""
    yield "享受条件（同时符合）" if len(page.conditions) > 1 else "享受条件"
    if not page.conditions:
        yield "  没有另外的条件"
    for number, condition in enumerate(page.conditions, 1):
        mark = f"（{condition.mark}）" if condition.mark else ""
        yield f"  （{numeral(number)}）{condition.text}{mark}"
        if condition.rule:
            yield f"        即：{condition.rule}"
        yield f"        依据〔{condition.source}〕：{quoted(condition.words)}"
    yield from _terms(page.terms)
    if page.definitions:
        yield ""
        yield "用语"
        for definition in page.definitions:
            if len(definition.lines) == 1:
                yield f"  {definition.title}：{definition.lines[0]}"
            else:
                yield f"  {definition.title}（依次判断，符合在先者为准）："
                yield from (f"    {line}" for line in definition.lines)
            yield from _terms(definition.terms)
            yield f"    见{definition.source}"
    yield ""
    yield from _amount(page)
    if page.not_with or page.adds_to:
        yield ""
        yield "与其他政策的关系"
        for text in page.not_with:
            yield f"  {text}"
        for text in page.adds_to:
            yield f"  可与“{text}”同时享受"
    yield ""
    yield "责任单位"
    yield from (f"  {text}" for text in page.offices or ("文件没有写明",))
    if page.interpretation:
        yield ""
        yield "解释口径"
        for number, (chosen, instead, why) in enumerate(page.interpretation, 1):
            yield f"  {number}. {chosen}"
            if instead:
                yield f"     未采用：{instead}"
            if why:
                yield f"     理由：{why}"
    yield ""
    yield "依据"
    for document, clauses in page.sources:
        yield f"  {document}"
        for clause in clauses:
            yield f"    {clause}"


def _amount(page: RenderedMeasure) -> Iterator[str]:
    if page.information:
        yield "金额"
        yield f"  {page.information}"
        return
    if page.amount is None:
        yield "金额"
        yield "  本项不涉及金额"
        return
    amount = page.amount
    yield "金额"
    if len(amount.formula) == 1:
        yield f"  {amount.name} = {amount.formula[0]}"
    else:
        yield f"  {amount.name}："
        for line in amount.formula:
            yield f"    {line}"
    yield from _terms(amount.terms)
    if amount.baseline:
        yield f"  减免以此为准：{amount.baseline}"
    for cap in amount.caps:
        yield f"  上限：{cap}"


def _terms(terms: Sequence[tuple[str, str]]) -> Iterator[str]:
    if terms:
        yield "  其中："
        for name, meaning in terms:
            yield f"    {name} = {meaning}"


def _table(rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Yield two columns, aligned though Chinese characters are two columns wide; empty rows are left out."""
    kept = [row for row in rows if row[1]]
    widest = max(_width(name) for name, _ in kept)
    for name, text in kept:
        yield f"{name}{' ' * (widest - _width(name))}  {text}"


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)


def numeral(number: int) -> str:
    """Return 一, 十, 十一, 二十三 for a number below 100."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else _NUMERALS[tens] + "十"
    return head + (_NUMERALS[ones] if ones else "")
