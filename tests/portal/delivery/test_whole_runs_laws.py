"""Whole runs at random: whatever is excluded, capped, objected to, sent back and tried again, nobody has anything twice."""

from collections import Counter

from delivering_office import REFUND, TRAINING, Day, account_for, after, lines_of, pay_into, run_jobs_on
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from offices import NOW, run_jobs

from huiqi.portal.accounts.models import User
from huiqi.portal.acts.refusals import Refused
from huiqi.portal.delivery.claims import claim
from huiqi.portal.delivery.models import HOLDING, CapShare, CapUse, Claimed, ExcludedBy, Line
from huiqi.portal.firms.models import Binding
from huiqi.portal.payments.models import Payment, PaymentBatch

GROUP = f"{REFUND}|{TRAINING}"
FIRMS = 3
LIMIT = 900_00

wanted = st.fixed_dictionaries(
    {
        "firm": st.integers(0, FIRMS - 1),
        "amount": st.sampled_from([100_00, 300_00, 500_00]),
        "capped": st.booleans(),
        "excluded": st.booleans(),
    }
)
course = st.fixed_dictionaries(
    {
        "measure": st.sampled_from([REFUND, TRAINING]),
        "period": st.sampled_from(["2022", "2021"]),
        "lines": st.lists(wanted, min_size=1, max_size=3, unique_by=lambda each: each["firm"]),
        "objects": st.sampled_from(["nobody", "same", "lower", "higher", "reject"]),
        "bank": st.lists(st.booleans(), min_size=6, max_size=6),
        "then": st.sampled_from(["retry", "release", "finish"]),
        "cancelled": st.sampled_from([False, False, False, True]),
    }
)


@given(courses=st.lists(course, min_size=2, max_size=3))
@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_nobody_has_anything_twice_and_what_is_not_paid_is_free_again(office, courses):
    with transaction.atomic():
        firms = [office.entitled(number) for number in range(1, FIRMS + 1)]
        for firm in firms:
            pay_into(firm, account_for(firm))
        for each in courses:
            lives(office, firms, each)
            holds()
        transaction.set_rollback(True)


def lives(office, firms, asked):
    """Let a run go from its fixed lines to its end."""
    run = office.run(measure=asked["measure"], period=asked["period"])
    run.facts = []
    run.save()
    lines = [_line(run, firms[each["firm"]], each) for each in asked["lines"]]
    claim(lines)
    holds()
    if asked["cancelled"] or not any(each.state == "listed" for each in lines_of(run)):
        office.county_officer.do("run.cancel", run.pk, {"reason": "作废"})
        run_jobs()
        assert not Claimed.objects.filter(line__run=run).exists()
        return
    office.county_officer.do("run.notice", run.pk)
    run.refresh_from_db()
    _object(office, run, asked["objects"])
    holds()
    if not any(each.state == "listed" for each in lines_of(run)):
        office.county_officer.do("run.cancel", run.pk, {"reason": "无可发放"})
        run_jobs()
        return
    run_jobs_on(after(run))
    office.approver.do("run.approve", run.pk)
    run.refresh_from_db()
    office.pay(run)
    _settle(office, run, asked["bank"][:3])
    rejected = [each for each in lines_of(run) if each.state == "rejected"]
    for line in rejected:
        if asked["then"] == "retry":
            office.finance.do("line.retry", line.pk)
        elif asked["then"] == "release":
            office.finance.do("line.release", line.pk, {"reason": "企业放弃"})
    holds()
    if rejected and asked["then"] == "retry":
        office.pay(run, key=f"again:{run.pk}")
        _settle(office, run, asked["bank"][3:])
    office.finance.do("run.finish", run.pk)


def holds():
    """What holds after every step, of all runs together."""
    lines = list(Line.objects.for_site("test").select_related("run", "firm"))
    # What the bank sent back is kept for another try until its run ends.
    kept = {each.pk for each in lines if each.state == "rejected" and each.run.state != "done"}
    holding = [each for each in lines if each.state in HOLDING]
    # Who holds has the entitlement; whoever does not has left nothing behind.
    claimed = set(Claimed.objects.values_list("line_id", flat=True))
    assert claimed == {each.pk for each in holding} | kept
    mine = Counter((each.firm_id, each.run.measure, each.record, each.period) for each in holding)
    assert not mine or max(mine.values()) == 1
    excluded = {}
    for each in holding:
        for said in each.derivation.get("excludes", ()):
            key = (each.firm_id, said["group"], each.period[:4])
            excluded.setdefault(key, set()).add(each.run.measure)
    assert all(len(measures) == 1 for measures in excluded.values())
    assert set(ExcludedBy.objects.values_list("line_id", flat=True)) <= claimed
    for use in CapUse.objects.all():
        shares = list(CapShare.objects.filter(use=use).select_related("line"))
        assert use.used == sum(each.amount for each in shares) <= use.limit
        assert all(each.amount == each.line.amount for each in shares)
        assert {each.line_id for each in shares} <= claimed
    paid = Payment.objects.for_site("test").filter(state="paid")
    by_line = Counter(paid.values_list("key", flat=True))
    assert set(by_line) == {f"delivery:{each.pk}" for each in lines if each.state == "paid"}
    assert not by_line or max(by_line.values()) == 1
    done = sum(each.amount for each in lines if each.state == "paid")
    assert sum(paid.values_list("amount", flat=True)) == done


def _line(run, firm, asked):
    caps = [{"cap": "shared#0", "holder": firm.credit_code, "span": "", "limit": LIMIT, "level": "firm"}]
    other = TRAINING if run.measure == REFUND else REFUND
    excludes = [{"group": GROUP, "subject": "", "with": other}]
    return Line.objects.create(
        run=run,
        firm=firm,
        county=firm.region,
        period=run.period,
        amount=asked["amount"],
        rule_digest=run.rule_digest,
        derivation={
            "caps": caps if asked["capped"] else [],
            "excludes": excludes if asked["excluded"] else [],
        },
        state="listed",
    )


def _settle(office, run, results):
    """Let the bank answer each payment of the run's batch."""
    batch = PaymentBatch.objects.for_site("test").get(pk=run.batch)
    count = Payment.objects.for_site("test").filter(batch=batch).count()
    office.settle(run, *("成功" if each else "失败" for each in results[:count]))
    holds()


def _object(office, run, how):
    """Let the first firm of the list object, and somebody else answer."""
    if how == "nobody":
        return
    line = next(each for each in lines_of(run) if each.state == "listed")
    given = {"run": run.pk, "firm": line.firm_id, "reason": "金额有误"}
    objection = _owner(office, line.firm, run).do("line.object", None, given, key=f"object:{run.pk}")
    amounts = {"same": line.amount, "lower": line.amount - 50_00, "higher": line.amount + 300_00}
    if how != "reject":
        answer = {"answer": "属实", "amount": f"{amounts[how] // 100}.00"}
        try:
            with transaction.atomic():
                office.reviewer.do("objection.uphold", objection.pk, answer)
            return
        except Refused as refused:
            # Beyond the cap.
            assert refused.findings[0].code == "line-taken-elsewhere"
            holds()
    office.reviewer.do("objection.reject", objection.pk, {"answer": "无误"})
    for each in lines_of(run):
        if each.state == "reopened":
            office.reviewer.do("line.drop", each.pk, {"reason": "不再符合"})


def _owner(office, firm, run):
    user = User.objects.create_user(f"owner{firm.pk}-{run.pk}", password="a long password", name="经营者")
    Binding.objects.create(user=user, firm=firm, state="bound", asked_at=NOW)
    return Day(user, None)
