"""Read a case: one subject, its facts and records, as a situation that rules are evaluated in.

The shape is DESIGN section 6: `subject`, then a mapping under the subject's own word with facts, lists of
records and `lists`. An absent fact is unknown; a list that stands there is complete.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping

from huiqi.findings import BadInput, Finding, nearest
from huiqi.rules.evaluate import Evaluator
from huiqi.rules.facts import SUBJECTS, Fact, FactDictionary
from huiqi.rules.measure import Definition
from huiqi.rules.positions import Mapping as MappingNode
from huiqi.rules.positions import Node, Position, Scalar, Sequence
from huiqi.rules.reading import Reader
from huiqi.rules.situation import Origin, Record, Situation, Value
from huiqi.rules.types import TRUTH
from huiqi.rules.values import NOTHING, BadValue, parse_plain, parse_value

MOST_RECORDS = 10_000
_PERIOD = re.compile(r"(\d{4})(?:Q([1-4])|-(0[1-9]|1[0-2]))?")
_FACT_KEYS = {"value", "source", "date"}
_FINER = {"year": ("quarter", "month"), "quarter": ("month",), "month": ()}


class CaseReader:
    """Reads cases against one fact dictionary, its definitions and lists."""

    def __init__(self, facts: FactDictionary, evaluator: Evaluator, lists: Iterable[str]) -> None:
        self.facts = facts
        self.evaluator = evaluator
        self.lists = frozenset(lists)

    def read(self, node: Node, as_of: datetime.date) -> Situation:
        """Return the situation; raise BadInput with every finding."""
        findings: list[Finding] = []
        reader = Reader(node, findings, ("subject", "lists", *SUBJECTS), "case")
        if not reader.usable:
            raise BadInput(findings)
        kind = reader.choice("subject", SUBJECTS)
        present = [word for word in SUBJECTS if reader.has(word)]
        if not kind:
            kind = present[0] if len(present) == 1 else "enterprise"
        for word in present:
            if word != kind:
                reader.say(
                    "wrong-subject",
                    f"the facts stand under {word}",
                    f"the subject is {kind}",
                    "name one",
                    word,
                )
        body = reader.node.get(kind)
        if body is None and not findings:
            reader.say("no-subject", f"there is no {kind}", "", f"write its facts under `{kind}:`")
        if isinstance(body, MappingNode):
            situation = self.situation(body, kind, as_of, findings, reader.node.get("lists"))
        else:
            if body is not None:
                reader.say(
                    "not-a-mapping", f"{kind} must be a mapping of facts", "", "write `fact: value`", kind
                )
            situation = Situation(as_of, kind, {})
        if findings:
            raise BadInput(findings)
        return situation

    def situation(
        self,
        body: MappingNode,
        kind: str,
        as_of: datetime.date,
        findings: list[Finding],
        lists: Node | None = None,
    ) -> Situation:
        """Return the situation of a subject's facts, noting what is wrong with them."""
        reading = _Reading(self, as_of, findings)
        subject: Record = {}
        records: dict[str, tuple[Record, ...]] = {}
        given: dict[str, Value] = {}
        membership = reading.lists(lists)
        definitions = self.evaluator.definitions
        for name, node in body.entries.items():
            if name == "lists":
                membership.update(reading.lists(node))
            elif name in self.facts.by_list:
                kind_of_record = self.facts.by_list[name]
                rows = reading.rows(node, kind_of_record.name, kind_of_record.facts)
                if rows is not None:
                    records[kind_of_record.name] = rows
            elif name in self.facts.subject:
                reading.fact(node, self.facts.subject[name], subject, 0, kind)
            elif name in definitions and not definitions[name].per:
                reading.given(name, node, definitions[name], given)
            else:
                names = (*self.facts.subject, *self.facts.by_list, *definitions, "lists")
                hint = nearest(name, names) or "`huiqi facts` lists every name"
                if name in self.lists:
                    hint = f"it is a list: write lists: {{{name}: yes}}"
                reading.say(body.key_positions[name], name, "unknown-fact", f"{name} is no fact", "", hint)
        situation = Situation(as_of, kind, subject, records, membership, given, reading.origins)
        if not findings:
            self._agree(situation, body, reading)
        return situation

    def _agree(self, situation: Situation, body: MappingNode, reading: _Reading) -> None:
        """Note each definition that is given and computed otherwise."""
        for name, value in situation.given.items():
            computed = self.evaluator.definition_reading(name)(situation)
            if (
                computed is None
                or computed == value
                or (isinstance(computed, frozenset) and value in computed)
            ):
                continue
            shown = (
                {True: "yes", False: "no"}.get(computed, computed) if isinstance(computed, bool) else computed
            )
            shown = " or ".join(sorted(shown)) if isinstance(shown, frozenset) else shown
            reading.say(
                body.entries[name].at,
                name,
                "given-and-computed",
                f"{name} is given, but the other facts make it {shown}",
                "a computed fact may stand instead of its inputs, not against them",
                "drop one of them",
            )


class _Reading:
    def __init__(self, reader: CaseReader, as_of: datetime.date, findings: list[Finding]) -> None:
        self.reader = reader
        self.as_of = as_of
        self.findings = findings
        self.origins: dict[tuple[str, int, str], Origin] = {}

    def say(self, at: Position, cell: str, code: str, what: str, why: str, mend: str) -> None:
        self.findings.append(Finding(at.file, at.line, cell, code, what, why, mend))

    def lists(self, node: Node | None) -> dict[str, bool]:
        membership: dict[str, bool] = {}
        if node is None:
            return membership
        if not isinstance(node, MappingNode):
            self.say(node.at, "lists", "not-a-mapping", "lists must be a mapping", "", "write `list-id: yes`")
            return membership
        for name, value in node.entries.items():
            if name not in self.reader.lists:
                hint = nearest(name, self.reader.lists) or "`huiqi facts` lists every list"
                self.say(node.key_positions[name], name, "unknown-list", f"{name} is no list", "", hint)
            elif isinstance(value, Scalar) and value.text.strip() not in NOTHING:
                try:
                    membership[name] = (
                        parse_plain(value.text.strip(), value.text.strip()[:60], TRUTH, name) is True
                    )
                except BadValue as error:
                    self.say(value.at, name, error.code, error.what, error.why, error.mend)
            elif not isinstance(value, Scalar):
                self.say(value.at, name, "not-yes-no", f"{name} must be yes or no", "", "write yes or no")
        return membership

    def rows(self, node: Node, record: str, facts: Mapping[str, Fact]) -> tuple[Record, ...] | None:
        if isinstance(node, Scalar) and node.text.strip() in NOTHING:
            return None
        if not isinstance(node, Sequence):
            self.say(node.at, record, "not-a-list", f"{record} records must be a list", "", "[] means none")
            return None
        if len(node.items) > MOST_RECORDS:
            mend = "use huiqi screen for large rosters"
            self.say(node.at, record, "too-many-records", f"more than {MOST_RECORDS:,} records", "", mend)
            return None
        rows: list[Record] = []
        for index, item in enumerate(node.items):
            row: Record = {}
            rows.append(row)
            if not isinstance(item, MappingNode):
                self.say(
                    item.at, f"{record}[{index}]", "not-a-mapping", "a record is a mapping of facts", "", ""
                )
                continue
            for name, value in item.entries.items():
                fact = facts.get(name)
                if fact is None:
                    hint = nearest(name, facts) or f"a {record} has: {', '.join(facts)}"
                    what = f"{name} is no fact of a {record}"
                    self.say(
                        item.key_positions[name], f"{record}[{index}].{name}", "unknown-fact", what, "", hint
                    )
                else:
                    self.fact(value, fact, row, index, "")
        return tuple(rows)

    def given(self, name: str, node: Node, definition: Definition, given: dict[str, Value]) -> None:
        scalar = node.get("value") if isinstance(node, MappingNode) else node
        if not isinstance(scalar, Scalar):
            self.say(node.at, name, "not-a-value", f"{name} must be a value", "", "")
        elif scalar.text.strip() not in NOTHING:
            try:
                given[name] = parse_plain(
                    scalar.text.strip(), scalar.text.strip()[:60], definition.type, name
                )
            except BadValue as error:
                self.say(scalar.at, name, error.code, error.what, error.why, error.mend)

    def fact(self, node: Node, fact: Fact, into: Record, index: int, kind: str) -> None:
        """Read a fact: a value, {value, source, date}, or values by period."""
        if kind and fact.subjects and kind not in fact.subjects:
            mend = f"it belongs to {', '.join(fact.subjects)}"
            self.say(
                node.at, fact.name, "fact-of-other-subject", f"{fact.name} is no fact of a {kind}", "", mend
            )
            return
        if isinstance(node, MappingNode) and "value" not in node.entries:
            self._by_period(node, fact, into, index)
            return
        value = self._value(node, fact, index)
        if value is None:
            return
        into[fact.name] = value
        if fact.period:
            into[(fact.name, latest_period(fact.period, self.as_of))] = value

    def _value(self, node: Node, fact: Fact, index: int) -> Value | None:
        scalar: Node | None = node
        if isinstance(node, MappingNode):
            for key in node.entries:
                if key not in _FACT_KEYS:
                    self.say(
                        node.key_positions[key],
                        fact.name,
                        "unknown-key",
                        f"{key} is no part of a fact",
                        "",
                        "",
                    )
            scalar = node.get("value")
            texts = {key: inner.text for key, inner in node.entries.items() if isinstance(inner, Scalar)}
            self.origins[(fact.record, index, fact.name)] = Origin(
                texts.get("source", ""), texts.get("date", "")
            )
        if not isinstance(scalar, Scalar):
            what = f"{fact.name} must be a value"
            self.say(node.at, fact.name, "not-a-value", what, "", "write a value, or {value, source, date}")
            return None
        if scalar.text.strip() in NOTHING:
            return None
        try:
            return parse_value(scalar.text, fact)
        except BadValue as error:
            self.say(scalar.at, fact.name, error.code, error.what, error.why, error.mend)
            return None

    def _by_period(self, node: MappingNode, fact: Fact, into: Record, index: int) -> None:
        if not fact.period:
            mend = "write one value, or {value, source, date}"
            self.say(node.at, fact.name, "no-periods", f"{fact.name} is not a fact by period", "", mend)
            return
        values: dict[str, Value] = {}
        for period, inner in node.entries.items():
            length = period_length(period)
            if length is None or (length != fact.period and length not in _FINER[fact.period]):
                what = f"{period} is no {fact.period}"
                mend = {"year": "write 2021", "quarter": "write 2022Q1", "month": "write 2022-03"}[
                    fact.period
                ]
                self.say(node.key_positions[period], fact.name, "period-form", what, "", mend)
                continue
            value = self._value(inner, fact, index)
            if value is not None:
                values[period] = value
        for year, parts in tuple(whole_years(values, fact)):
            if values.get(year, parts) != parts:
                at = node.key_positions.get(year, node.at)
                what = f"{fact.name} of {year} is not what its quarters or months make"
                why = "two figures of one year, and only one can be right"
                self.say(at, fact.name, "periods-disagree", what, why, "leave one out or correct it")
            values[year] = parts
        for period, value in values.items():
            into[(fact.name, period)] = value
        latest = into.get((fact.name, latest_period(fact.period, self.as_of)))
        if latest is not None:
            into[fact.name] = latest


def period_length(period: str) -> str | None:
    """Return year, quarter or month for 2021, 2022Q1, 2022-03; None for anything else."""
    match = _PERIOD.fullmatch(period)
    if match is None:
        return None
    return "quarter" if match[2] else "month" if match[3] else "year"


def latest_period(length: str, as_of: datetime.date) -> str:
    """Return the last period that ended before as-of: the one that a value without a period is the value of."""
    if length == "year":
        return str(as_of.year - 1)
    if length == "quarter":
        index = as_of.year * 4 + (as_of.month - 1) // 3 - 1
        return f"{index // 4}Q{index % 4 + 1}"
    index = as_of.year * 12 + as_of.month - 2
    return f"{index // 12}-{index % 12 + 1:02d}"


def whole_years(values: Mapping[str, Value], fact: Fact) -> Iterator[tuple[str, Value]]:
    """Yield the years of which every quarter or month is given, for money: the sum.

    Of other numbers nothing is made: staff let go would be added up, staff insured is the last month's.
    """
    if fact.period != "year" or fact.unit is None or fact.unit.power("yuan") != 1:
        return
    for year in sorted({period[:4] for period in values}):
        for parts in ([f"{year}Q{n}" for n in range(1, 5)], [f"{year}-{n:02d}" for n in range(1, 13)]):
            if all(part in values for part in parts):
                yield year, sum(values[part] for part in parts)  # type: ignore[misc]
