"""The size class (划型) as a definition that rules use by name: `size in {small, micro}`.

Built from the table of the SME size standard, so that the table has two readings and no copy.
"""

from __future__ import annotations

from huiqi.reference.size_classes import CLASSES as RISING
from huiqi.reference.size_classes import SizeRow, size_rows
from huiqi.rules.examples import NO_EXAMPLES
from huiqi.rules.facts import SUBJECT, FactDictionary
from huiqi.rules.measure import Case, Definition
from huiqi.rules.positions import Position
from huiqi.rules.typed import And, Compare, FactOf, InIndustries, Literal, Not, Or, SubjectIs, Typed
from huiqi.rules.types import INDUSTRY, TRUTH, Kind, Type, number
from huiqi.rules.units import PERSON

SIZE = "size"
CLASSES = (
    ("self_employed", "个体工商户"),
    ("not_covered", "不适用划型标准"),
    ("large", "大型企业"),
    ("medium", "中型企业"),
    ("small", "小型企业"),
    ("micro", "微型企业"),
)
_TYPE = Type(Kind.CHOICE, None, CLASSES)


def size_definition(facts: FactDictionary | None) -> Definition:
    """Return the definition; without facts only its name and type are of use."""
    cases = _cases(facts) if facts is not None else ()
    return Definition(
        id=SIZE,
        title="企业规模",
        english="size class",
        sources=(),
        subject=(),
        per="",
        parameters=(),
        let=(),
        type=_TYPE,
        test=None,
        cases=cases,
        interpretation=(),
        examples=NO_EXAMPLES,
        equivalent_mutants=(),
        at=Position("", 0, 0),
    )


def _cases(facts: FactDictionary) -> tuple[Case, ...]:
    industry = FactOf(type=INDUSTRY, record=SUBJECT, name="industry")
    covered = [row for row in size_rows() if row.bounds]
    household = SubjectIs(type=TRUTH, subject="self_employed")
    codes = tuple(code for row in covered for code in row.codes)
    is_enterprise = SubjectIs(type=TRUTH, subject="enterprise")
    left_out = Or(
        type=TRUTH, of=(Not(type=TRUTH, of=is_enterprise), Not(type=TRUTH, of=_within(industry, codes)))
    )
    guards: dict[str, Typed | None] = {"self_employed": household, "not_covered": left_out, "micro": None}
    for level in range(len(RISING) - 1, 0, -1):
        guards[RISING[level]] = Or(
            type=TRUTH, of=tuple(_reaches(row, level, industry, facts) for row in covered)
        )
    return tuple(Case(value, title, guards[value]) for value, title in CLASSES)


def _within(industry: FactOf, codes: tuple[str, ...]) -> InIndustries:
    return InIndustries(type=TRUTH, of=industry, names=codes, members=codes)


def _reaches(row: SizeRow, level: int, industry: FactOf, facts: FactDictionary) -> Typed:
    """Return the test that a firm of the row meets every lower bound of a class."""
    parts: list[Typed] = [_within(industry, row.codes)]
    for name, bounds in row.bounds.items():
        fact = facts.subject[name]
        value = FactOf(type=fact.type, record=SUBJECT, name=name)
        bound = Literal(type=number(fact.type.unit or PERSON), value=bounds[level - 1])
        parts.append(Compare(type=TRUTH, operator=">=", left=value, right=bound))
    return And(type=TRUTH, of=tuple(parts))
