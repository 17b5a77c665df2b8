"""A county's run of a measure with its line, an objection, a sample and a case, for the permission matrix."""

import datetime

from ledgers import MENGZI
from offices import NOW, TODAY

from huiqi.portal.catalogue.shelf import library
from huiqi.portal.delivery.claims import claim
from huiqi.portal.delivery.judging_anew import Judges
from huiqi.portal.delivery.models import Line, NotReceived, Objection, Run, Sample, SampleItem
from huiqi.portal.delivery.reads import reads_of
from huiqi.portal.delivery.rules import frozen
from huiqi.portal.funds.models import Programme
from huiqi.portal.payments.statement_files import keep

MEASURE = "rent-waiver"


def delivery_of_county(firm):
    """Return the rows by name: a run that is checked, and one of last year that is done."""
    run, before = _run("checked", "2022"), _run("done", "2021")
    owed = Judges(run).firms([firm])[firm.pk].owed
    line, paid = (_line(each, firm, owed[0]) for each in (run, before))
    assert claim([line, paid]) == []
    _set(paid, state="paid", paid_on=TODAY)
    objection = Objection.objects.create(
        run=run, line=line, firm=firm, county=MENGZI, reason="租金有误", before=line.amount, at=NOW
    )
    sample = Sample.objects.create(
        run=before, region=MENGZI, population=1, size=1, confidence="95%", margin="5%", seed="0" * 64, at=NOW
    )
    item = SampleItem.objects.create(sample=sample, line=paid, county=MENGZI)
    case = NotReceived.objects.create(line=paid, county=MENGZI, said="没有收到", at=NOW)
    return {
        "delivery run": run,
        "done run": before,
        "delivery line": line,
        "objection": objection,
        "sample item": item,
        "case": case,
    }


def run_is(state, *, way="automatic", line="listed", **more):
    """Let the county's run, and its line, be in a state; nothing is open of it."""

    def ready(world):
        days = {"notice_from": TODAY, "notice_until": TODAY}
        if state == "noticed":
            days = {
                "notice_from": TODAY - datetime.timedelta(9),
                "notice_until": TODAY - datetime.timedelta(1),
            }
        _set(world.rows["delivery run"], state=state, way=way, **days, **more)
        _set(world.rows["delivery line"], state=line)
        _set(world.rows["objection"], state="rejected")
        paying = world.rows["payment batch"].programme_id
        for programme in Programme.objects.for_site("test"):
            programme.measures = [MEASURE] if programme.pk == paying else []
            programme.save()

    return ready


def in_notice(world):
    """Let the county's run be in notice today, without an objection."""
    run_is("noticed")(world)
    _set(world.rows["delivery run"], notice_until=TODAY)


def contested(world):
    """Let the county's line wait for the answer to its objection."""
    run_is("noticed", line="contested")(world)
    _set(world.rows["objection"], state="open")


def without_sample(world):
    """Let no sample of the county's earlier run be drawn yet."""
    SampleItem.objects.for_site("test").delete()
    Sample.objects.for_site("test").delete()


def returned_list(world, person):
    """What comes back from the third party."""
    line = world.rows["delivery line"]
    text = f"明细编号,落实结果,落实金额,说明\n{line.pk},未落实,,{person.user.pk}\n"
    return {"ticket": keep("结果.csv", [text.encode()], person.actor), "rows": 1, "total": "0"}


def _run(state, period):
    variant = library().possible(MEASURE, MENGZI, TODAY)[0][0]
    return Run.objects.create(
        measure=MEASURE,
        variant=variant.region,
        rule_digest=variant.digest,
        region=MENGZI,
        agency=f"{MENGZI}-own",
        as_of=TODAY,
        period=period,
        way="automatic",
        state=state,
        rules=frozen(variant),
        facts=list(reads_of(library(), library().by_id[MEASURE]).names),
        began_at=NOW,
    )


def _line(run, firm, owed):
    return Line.objects.create(
        run=run,
        firm=firm,
        county=MENGZI,
        record=owed.record,
        period=run.period,
        amount=owed.amount,
        facts=list(owed.facts),
        derivation=dict(owed.derivation),
        rule_digest=run.rule_digest,
        state="listed",
    )


def _set(row, **values):
    type(row).objects.for_site("test").filter(pk=row.pk).update(**values)
