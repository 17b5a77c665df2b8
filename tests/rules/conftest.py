"""A small house of facts, a list and definitions, in which the rule language is tried out."""

import datetime
from dataclasses import dataclass, field

import pytest

from huiqi.findings import Finding
from huiqi.reference.industries import GROUPS
from huiqi.rules.case import CaseReader
from huiqi.rules.evaluate import Evaluator
from huiqi.rules.expressions import ExpressionError, typed_expression
from huiqi.rules.facts import FactDictionary, read_facts
from huiqi.rules.judge import Judge, Judgement
from huiqi.rules.measure import Definition, Measure
from huiqi.rules.positions import Position, Scalar, read_text
from huiqi.rules.read_measure import name_of_definition, read_definition, read_measure
from huiqi.rules.scope import Scope
from huiqi.rules.situation import Situation, Value
from huiqi.rules.typed import Typed
from huiqi.rules.types import Type

SUBJECT = """
record: subject
label: 主体
facts:
  - {name: name, label: 名称, type: text, known_by: firm}
  - {name: region, label: 所在地, type: region, known_by: firm}
  - {name: industry, label: 行业, type: industry, known_by: firm}
  - {name: employees, label: 从业人员, type: person, known_by: firm, most: 1000000}
  - {name: revenue, label: 营业收入, type: yuan, period: year, known_by: tax}
  - {name: staff_let_go, label: 裁员人数, type: person, period: year, known_by: firm}
  - {name: assets, label: 资产总额, type: yuan, known_by: tax}
  - {name: months_open, label: 经营月数, type: month, positive: yes, known_by: firm}
  - {name: established, label: 成立日期, type: date, known_by: firm}
  - {name: share, label: 占比, type: ratio, known_by: firm}
  - {name: honest, label: 诚信, type: yes_no, known_by: office}
  - {name: insured, label: 参保, type: yes_no, known_by: office}
  - {name: wage, label: 工资, type: yuan/person/month, known_by: firm}
  - {name: trade, label: 业态, type: choice, known_by: firm, choices: {shop: 商店, hotel: 旅馆, farm: 农场}}
  - {name: beds, label: 床位, type: item, known_by: firm, subjects: [institution]}
"""
LOAN = """
record: loan
list: loans
label: 贷款
facts:
  - {name: principal, label: 本金, type: yuan, known_by: bank}
  - {name: rate, label: 利率, type: ratio, known_by: bank}
  - {name: drawn, label: 发放日期, type: date, known_by: bank}
  - {name: person_id, label: 人, type: text, known_by: bank}
  - {name: agreed, label: 同意, type: yes_no, known_by: bank}
"""
HIRE = """
record: hire
list: hires
label: 招用
counts: person
facts:
  - {name: person_id, label: 人, type: text, known_by: firm}
  - {name: pay, label: 月薪, type: yuan/month, known_by: firm}
  - {name: agreed, label: 同意, type: yes_no, known_by: firm}
"""
MEASURE = """
id: grant
title: 补助
kind: pay
sources: [{document: notice, clause: 一, words: 给予一次性补助}]
subject: [enterprise]
region: 530000
in_force: {from: 2022-01-01, to: 2023-01-01}
when: [honest]
amount: 1000
amount_is: paid
delivery: on_application
agencies: [{name: 财政局, role: lead}]
"""
DAY = datetime.date(2022, 7, 31)


@dataclass
class House:
    """Reads expressions, rules and cases against the small house."""

    facts: FactDictionary = field(repr=False)
    definitions: dict[str, Definition] = field(default_factory=dict, repr=False)
    lists: frozenset[str] = frozenset({"good-firms"})

    @property
    def scope(self) -> Scope:
        nodes = dict(self._names)
        return Scope(self.facts, nodes, self.lists, frozenset(GROUPS))

    def __post_init__(self) -> None:
        self._names: dict = {}
        self.evaluator = Evaluator(self.definitions)

    def define(self, text: str) -> Definition:
        node = read_text(text, "definition.yaml")
        name = name_of_definition(node)
        assert name is not None
        self._names[name.name] = name
        definition, findings = read_definition(node, self.scope)
        assert findings == []
        assert definition is not None
        self.definitions[definition.id] = definition
        return definition

    def typed(self, text: str, wanted: Type | None = None, record: str = "") -> Typed:
        scope = self.scope.within(record)
        return typed_expression(Scalar(text, Position("rule.yaml", 7, 10)), scope, "when", wanted)

    def refused(self, text: str, wanted: Type | None = None, record: str = "") -> Finding:
        """The finding of an expression that must be refused."""
        with pytest.raises(ExpressionError) as error:
            self.typed(text, wanted, record)
        return error.value.finding

    def value(self, text: str, record: str = "", **facts: object) -> Value | None:
        return self.evaluator.value(self.typed(text, record=record), self.situation(**facts))

    def situation(
        self,
        as_of: datetime.date = DAY,
        kind: str = "enterprise",
        records: dict | None = None,
        lists: dict | None = None,
        given: dict | None = None,
        row: dict | None = None,
        **facts: object,
    ) -> Situation:
        subject = {name: value for name, value in facts.items() if value is not None}
        return Situation(as_of, kind, subject, records or {}, lists or {}, given or {}, {}, row or {})  # type: ignore[arg-type]

    def read(self, *changes: str) -> tuple[Measure | None, list[Finding]]:
        """Read the plain measure with keys replaced or added: `amount: 5`, `cap: […]`; `-amount` drops one."""
        keys: dict[str, str] = {}
        for line in (*MEASURE.strip().splitlines(), *changes):
            if line.startswith("-"):
                keys.pop(line[1:], None)
            else:
                keys[line.partition(":")[0]] = line
        return read_measure(read_text("\n".join(keys.values()), "grant.yaml"), self.scope)

    def measure(self, *changes: str) -> Measure:
        made, findings = self.read(*changes)
        assert [str(each) for each in findings] == []
        assert made is not None
        return made

    def faults(self, *changes: str) -> list[Finding]:
        return self.read(*changes)[1]

    def judged(self, measure: Measure, **facts: object) -> Judgement:
        return Judge(self.evaluator).judge(measure, self.situation(**facts))

    @property
    def cases(self) -> CaseReader:
        return CaseReader(self.facts, self.evaluator, self.lists)


@pytest.fixture
def house() -> House:
    return make_house()


@pytest.fixture(scope="session")
def shared_house() -> House:
    """The house for tests that define nothing; hypothesis asks for one house over all examples."""
    return make_house()


def make_house() -> House:
    facts, findings = read_facts(read_text(each, "facts.yaml") for each in (SUBJECT, LOAN, HIRE))
    assert findings == []
    return House(facts)
