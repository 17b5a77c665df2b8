"""After payment: how many of a run's paid lines are asked whether the money came, and which; anyone can draw the same again.

The least number by which the share of those who received is known within the margin, at the confidence, with the correction
for a finite population and the most doubtful share (a half): n0 = z² / 4e², n = N·n0 / (N + n0 - 1), rounded up. The lines are
those with the smallest SHA-256 of `seed:number of the line`.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from fractions import Fraction
from typing import Annotated

from pydantic import Field

from huiqi.portal.acts.chain import canonical, sm3
from huiqi.portal.acts.refusals import NotNow, NotYours, Refused
from huiqi.portal.acts.registry import Doing, Input, act
from huiqi.portal.delivery.lines import of_run
from huiqi.portal.delivery.models import Run, Sample, SampleItem
from huiqi.portal.delivery.rules import share
from huiqi.portal.look.asking import Asked

Z = {"90%": Fraction(1645, 1000), "95%": Fraction(196, 100), "99%": Fraction(2576, 1000)}
"""The two-sided quantile of the normal distribution by confidence, as tables print it."""


class Drawing(Input):
    """Which run's paid lines."""

    run: Annotated[int, Field(ge=1, le=2**63 - 1), Asked("兑现编号", "Run")]


@act("sample.draw", Sample, zh="抽取到账抽查样本", en="Draw a sample", takes=Drawing, creates=True)
def draw(doing: Doing, given: Drawing) -> Sample:
    """Draw a run's sample, once."""
    run = Run.objects.for_site("the act's scope is the run's region").filter(pk=given.run).first()
    if run is None or not any(each.reaches(run.scope()) for each in doing.actor.allowed("sample.draw")):
        raise NotYours
    if Sample.objects.for_site("one sample of a run").filter(run=run).exists():
        raise NotNow("这次兑现已抽取样本", mend="请按已抽取的样本逐户核实")
    if run.state != "done":
        raise NotNow("兑现还没有办结", mend="办结后抽取，以免漏掉后支付的企业")
    paid = dict(of_run(run).filter(state="paid").values_list("pk", "county"))
    if not paid:
        raise Refused("没有已支付的明细", mend="无须抽查", code="nothing-paid")
    asked = run.rules["sample_after_payment"]
    seed = secrets.token_hex(32)
    size = size_of(len(paid), asked["confidence"], asked["margin"])
    sample = Sample(
        run=run,
        region=run.region,
        population=len(paid),
        size=size,
        confidence=asked["confidence"],
        margin=asked["margin"],
        seed=seed,
        at=doing.now,
    )
    sample.save()
    numbers = chosen(seed, paid, size)
    SampleItem.objects.bulk_create(
        (SampleItem(sample=sample, line_id=each, county=paid[each]) for each in numbers), batch_size=1_000
    )
    doing.say(run=run.pk, population=len(paid), size=size, seed=seed, digest=sm3(canonical(numbers)))
    return sample


def size_of(population: int, confidence: str, margin: str) -> int:
    """Return how many of a population are asked. Raises KeyError for a confidence that the table lacks."""
    z, within = Z[confidence], share(margin)
    boundless = z * z / (4 * within * within)
    size = population * boundless / (population + boundless - 1)
    return min(population, -(-size.numerator // size.denominator))


def chosen(seed: str, numbers: Iterable[int], size: int) -> list[int]:
    """Return the lines of a sample, in the order of their numbers."""
    return sorted(sorted(numbers, key=lambda each: (_rank(seed, each), each))[:size])


def _rank(seed: str, number: int) -> str:
    return hashlib.sha256(f"{seed}:{number}".encode()).hexdigest()
