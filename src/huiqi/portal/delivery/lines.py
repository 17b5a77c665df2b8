"""Lines as a whole: those of a run for its own acts, and those that an application adds to the run being gathered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from huiqi.portal.accounts.capacities import site_actor
from huiqi.portal.accounts.scoping import ScopedQuerySet
from huiqi.portal.acts.performing import perform
from huiqi.portal.acts.refusals import Refused
from huiqi.portal.acts.registry import Doing, Input, act
from huiqi.portal.catalogue.shelf import library
from huiqi.portal.delivery.models import APPLICATION, Line, Run
from huiqi.portal.delivery.reads import reads_of, variants_of
from huiqi.portal.delivery.rules import account_order, frozen
from huiqi.portal.delivery.seen import seen_now
from huiqi.portal.delivery.steps import enter
from huiqi.portal.firms.models import Firm
from huiqi.portal.funds.models import Account
from huiqi.portal.funds.programmes import programme_for, superiors
from huiqi.rules.measure import Measure


def of_run(run: Run) -> ScopedQuerySet:
    """Return all lines of a run, for its own acts and jobs."""
    return Line.objects.for_site("a run's own lines, in an act or a job on it").filter(run=run)


class Gathering(Input):
    """The run that granted applications of a measure go into."""

    measure: str
    region: str
    period: str
    agency: str
    as_of: date | None = None


@act(
    "run.gather", Run, zh="汇集已核准的申请", en="Gather granted applications", takes=Gathering, creates=True
)
def gather(doing: Doing, given: Gathering) -> Run:
    """Open the run in which granted applications of a measure wait to be checked, noticed and paid."""
    as_of = given.as_of or doing.today
    measure = _variant(given.measure, given.region, as_of)
    reads = reads_of(library(), library().by_id[given.measure])
    run = Run(
        measure=given.measure,
        variant=measure.region,
        rule_digest=measure.digest,
        region=given.region,
        agency=given.agency,
        as_of=as_of,
        period=given.period,
        way=APPLICATION,
        state="drawn",
        rules=frozen(measure),
        facts=list(reads.names),
        **seen_now(),
        began_at=doing.now,
    )
    run.save()
    doing.say(measure=given.measure, period=given.period, rule=measure.digest)
    enter(doing, run, "drawn")
    return run


def add(
    doing: Doing,
    *,
    measure: str,
    firm: Firm,
    record: str,
    period: str,
    amount: int,
    facts: Sequence[Mapping[str, str]],
    derivation: Mapping[str, Any],
    as_of: date | None = None,
) -> Line:
    """Add the line (`drawn`) of a granted application to the run of the measure that gathers them; amount in fen.

    To be called inside an act, and part of its transaction. The run is that of the nearest government that
    holds money for the measure, else of the firm's county; it is opened where there is none, by the rules and facts of
    `as_of` (today where none is given).

    Raises Refused: the measure holds nowhere there, the amount is not above nought, the firm has such a line in the run.
    """
    if amount <= 0:
        raise Refused("金额应大于零", mend="请核对计算依据", code="line-without-amount")
    run = _gathering(doing, measure, firm, period, as_of or doing.today)
    if of_run(run).filter(firm=firm, record=record).exists():
        raise Refused(
            "这家企业的同一事项已在本次兑现中",
            why=f"兑现{run.pk}",
            mend="请核对是否重复申请",
            code="line-twice",
        )
    line = Line(
        run=run,
        firm=firm,
        county=firm.region,
        record=record,
        period=period,
        amount=amount,
        rule_digest=run.rule_digest,
        facts=[dict(each) for each in facts],
        derivation=dict(derivation),
        account=account_order(measure)[0],
    )
    line.save()
    doing.say(run=run.pk, line=line.pk, amount=amount)
    return line


def _gathering(doing: Doing, measure: str, firm: Firm, period: str, as_of: date) -> Run:
    region = _paying(measure, firm.region, doing)
    rows = Run.objects.for_site("the run that gathers applications of a measure")
    wanted = {"measure": measure, "region": region, "period": period, "way": APPLICATION, "state": "drawn"}
    # Locked: whoever fixes the run at this moment waits, or the next one is opened.
    found: Run | None = rows.select_for_update().filter(**wanted).first()
    if found is not None:
        return found
    given = {
        **{"measure": measure, "region": region, "period": period, "agency": doing.capacity.agency},
        "as_of": as_of.isoformat(),
    }
    number = rows.filter(measure=measure, region=region, period=period, way=APPLICATION).count()
    made = perform(
        "run.gather",
        site_actor("run-gather"),
        None,
        given,
        now=doing.now,
        today=doing.today,
        key=f"run.gather:{measure[:30]}:{region}:{period}:{number}",
    )
    assert isinstance(made.subject, Run)
    return made.subject


def _paying(measure: str, county: str, doing: Doing) -> str:
    """Return the nearest government that holds money for the measure; the firm's county where none does yet."""
    programme = programme_for(measure, county, doing.today)
    rows = Account.objects.for_site("which level holds the money of a measure")
    held = rows.filter(programme=programme, kind="available", region__in=list(superiors(county)))
    regions = set(held.values_list("region", flat=True)) if programme is not None else set()
    return next((each for each in superiors(county) if each in regions), county)


def _variant(name: str, region: str, as_of: date) -> Measure:
    if name not in library().by_id:
        raise Refused("没有这项措施", why=name, mend="请从政策库中选择", code="no-such-measure")
    holding = variants_of(library(), name, region, as_of)
    if not holding:
        raise Refused(
            "这项措施现在不在这个地区执行", mend="请核对措施的执行期和地区", code="measure-not-in-force"
        )
    return holding[0]
