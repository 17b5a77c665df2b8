"""Thirty measures with exclusions and caps: the bundle is proved, and its order is by the last day."""

import datetime
from dataclasses import replace
from functools import cache
from random import Random

from huiqi.policies.library import PolicyLibrary, load_library
from huiqi.policies.shipped import shipped_policies
from huiqi.rules.judge import Claim, Judgement
from huiqi.rules.measure import NEVER, Cap, Exclusion, InForce, Measure
from huiqi.rules.positions import Position
from huiqi.rules.situation import Situation
from huiqi.rules.typed import Literal
from huiqi.rules.types import number
from huiqi.rules.units import YUAN
from huiqi.screening.application_order import application_order
from huiqi.screening.bundle import Bundle, best_bundle

NOWHERE = Position("", 0, 0)
FIRST = datetime.date(2022, 1, 1)


@cache
def library() -> PolicyLibrary:
    return load_library(shipped_policies())


def a_measure(
    name: str, not_with: tuple[Exclusion, ...] = (), caps: tuple[Cap, ...] = (), **other: object
) -> Measure:
    plain = next(each for each in library().measures if not each.parameters)
    amount = Literal(type=number(YUAN), value=1)
    made = replace(plain, id=name, per="hire", amount=amount, amount_is="paid", not_with=not_with, caps=caps)
    period = {"in_force": InForce(FIRST, NEVER), "delivery": "on_application"}
    return replace(made, **{**period, **other})  # type: ignore[arg-type]


def excludes(name: str, level: str) -> Exclusion:
    return Exclusion(name, level, "person_id" if level == "person" else "", "不重复享受", 1, NOWHERE)


def judged(measure: Measure, *amounts: int) -> Judgement:
    claims = tuple(
        Claim(place, {"person_id": f"{place}"}, "eligible", (), amount)
        for place, amount in enumerate(amounts)
    )
    return Judgement(measure, "eligible", claims)


def bundled(judgements: list[Judgement]) -> Bundle:
    firm = Situation(datetime.date(2022, 7, 31), "enterprise", {})
    return best_bundle(judgements, firm, library().judge, likely=False)


def thirty(random: Random, levels: tuple[str, ...]) -> list[Judgement]:
    names = [f"m{n:02d}" for n in range(30)]
    made = []
    for name in names:
        others = [other for other in names if other != name and random.random() < 0.08]
        caps = (
            Cap(
                Literal(type=number(YUAN), value=random.randrange(300_00)),
                "firm",
                False,
                None,
                "",
                "",
                1,
                NOWHERE,
            ),
        )
        measure = a_measure(
            name,
            tuple(excludes(other, random.choice(levels)) for other in others),
            caps[: random.randrange(2)],
        )
        made.append(judged(measure, *(random.randrange(1, 200_00) for _ in range(random.randrange(1, 4)))))
    return made


def test_thirty_measures_are_proved_best() -> None:
    for seed in range(12):
        judgements = thirty(Random(seed), (("firm",), ("record", "person"), ("firm", "record"))[seed % 3])
        bundle = bundled(judgements)
        assert bundle.exact
        assert bundle.bound == bundle.counted(("paid",))
        chosen = {measure.id for measure, _, _ in bundle.chosen}
        for measure, _, _ in bundle.chosen:
            assert not any(each.level == "firm" and each.measure in chosen for each in measure.not_with)
        for loser in bundle.losers:
            assert loser.by in chosen
            assert loser.words == "不重复享受"


def test_what_ends_first_is_applied_for_first_and_what_comes_by_itself_last() -> None:
    def ends(year: int) -> dict[str, object]:
        return {"in_force": InForce(FIRST, datetime.date(year, 1, 1))}

    bundle = bundled(
        [
            judged(a_measure("open-ended"), 9),
            judged(a_measure("ends-2024", **ends(2024)), 1),
            judged(a_measure("ends-2023-small", (excludes("loses", "firm"),), **ends(2023)), 5),
            judged(a_measure("ends-2023-large", **ends(2023)), 7),
            judged(replace(a_measure("by-itself", **ends(2023)), delivery="automatic"), 99),
            judged(a_measure("loses"), 2),
        ]
    )
    order = application_order(bundle)
    assert [each.measure.id for each in order] == [
        "ends-2023-large",
        "ends-2023-small",
        "ends-2024",
        "open-ended",
        "by-itself",
    ]
    assert order[0].last_day == datetime.date(2022, 12, 31)
    assert order[3].last_day is None
    assert [each.to_apply for each in order] == [True] * 4 + [False]
    assert [(each.id, each.why) for each in order[1].instead_of] == [
        ("loses", "同一主体不可与 ends-2023-small 同时享受：“不重复享受”")
    ]
