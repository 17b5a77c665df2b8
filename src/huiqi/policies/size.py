"""The size class (划型) as a definition that rules use by name: `size in {small, micro}`.

Built from the table of the SME size standard, so that the table has two readings and no copy.
"""

from __future__ import annotations

from huiqi.rules.examples import NO_EXAMPLES
from huiqi.rules.facts import FactDictionary
from huiqi.rules.measure import Case, Definition
from huiqi.rules.positions import Position
from huiqi.rules.types import Kind, Type

SIZE = "size"
CLASSES = (
    ("self_employed_household", "个体工商户"),
    ("not_covered", "不适用划型标准"),
    ("large", "大型企业"),
    ("medium", "中型企业"),
    ("small", "小型企业"),
    ("micro", "微型企业"),
)
_TYPE = Type(Kind.CHOICE, None, CLASSES)


def size_definition(facts: FactDictionary | None) -> Definition:
    """Return the definition; without facts only its name and type are of use."""
    cases: tuple[Case, ...] = ()
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
