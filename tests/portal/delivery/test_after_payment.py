"""After payment: a sample that anyone can draw again, cases of money that did not come; third parties' lists; applications' lines."""

import math
from fractions import Fraction

import pytest
from delivering_office import account_for, lines_of, pay_into, states_of
from hypothesis import given
from hypothesis import strategies as st
from offices import NOW, TODAY, run_jobs

from huiqi.portal.accounts.capacities import site_actor
from huiqi.portal.acts.actors import Capacity
from huiqi.portal.acts.refusals import NotNow, NotYours, Refused
from huiqi.portal.acts.registry import Doing
from huiqi.portal.clock.models import Deadline
from huiqi.portal.delivery.lines import add
from huiqi.portal.delivery.models import Claimed, Handover, NotReceived, Run, SampleItem
from huiqi.portal.delivery.sampling import chosen, size_of
from huiqi.portal.delivery.third_party import list_csv
from huiqi.portal.payments.statement_files import keep


@pytest.mark.parametrize(
    ("population", "size"),
    [(1, 1), (20, 20), (100, 80), (1_000, 278), (10_000, 370), (100_000, 383), (10**6, 385)],
)
def test_a_sample_is_as_large_as_the_tables_say(population, size):
    # The published tables for 95% ± 5%; what they cut off is rounded up here.
    assert size_of(population, "95%", "5%") == size


@given(st.integers(1, 10**7), st.sampled_from(["90%", "95%", "99%"]), st.integers(1, 20))
def test_a_sample_is_the_least_that_keeps_the_margin(population, confidence, percent):
    from huiqi.portal.delivery.sampling import Z

    size = size_of(population, confidence, f"{percent}%")
    assert 1 <= size <= population

    def margin_squared(of):
        if of == population:
            return 0
        return Z[confidence] ** 2 * Fraction(1, 4 * of) * Fraction(population - of, max(population - 1, 1))

    asked = Fraction(percent, 100) ** 2
    assert margin_squared(size) <= asked
    assert size == 1 or margin_squared(size - 1) > asked


def test_a_sample_is_drawn_again_from_its_seed():
    numbers = range(1, 1001)
    first = chosen("a seed", numbers, 278)
    assert first == chosen("a seed", reversed(numbers), 278) != chosen("another", numbers, 278)
    assert len(set(first)) == 278
    assert math.isclose(sum(first) / 278, 500, rel_tol=0.2)


def done(office, *owners):
    firms = [office.entitled(number, owner=owner) for number, owner in enumerate(owners, start=1)]
    for each in firms:
        pay_into(each, account_for(each))
    run = office.paying(*firms)
    office.settle(run, *["成功"] * len(firms))
    office.finance.do("run.finish", run.pk)
    return run


def test_firms_of_the_sample_are_asked_and_money_that_did_not_come_opens_a_case(office):
    run = done(office, "owner1", "owner2")
    sample = office.county_officer.do("sample.draw", None, {"run": run.pk})
    assert (sample.population, sample.size) == (2, 2)
    with pytest.raises(NotNow, match="已抽取样本"):
        office.leading_group.do("sample.draw", None, {"run": run.pk})
    first, second = SampleItem.objects.for_site("test").order_by("pk")
    office.county_officer.do("sample.answer", first.pk, {"received": True})
    office.county_officer.do("sample.answer", second.pk, {"received": False, "note": "账户未见"})
    case = NotReceived.objects.for_site("test").get()
    assert (case.line_id, case.said, case.state) == (second.line_id, "账户未见", "open")
    assert Deadline.objects.for_site("test").filter(rule="delivery-case", state="open").exists()
    with pytest.raises(NotNow, match="正在办理"):
        office.owner2.do("line.not_received", second.line_id, {"said": "没收到"})

    officer = office.leading_group.user
    office.county_officer.do("case.assign", case.pk, {"assignee": officer.pk})
    with pytest.raises(Refused, match="本单位在职人员"):
        office.county_officer.do("case.assign", case.pk, {"assignee": office.owner1.user.pk}, key="owner")
    office.leading_group.do("case.close", case.pk, {"finding": "银行重发后已到账"})
    run_jobs()
    case.refresh_from_db()
    assert (case.state, case.assignee) == ("closed", officer)
    assert not Deadline.objects.for_site("test").filter(rule="delivery-case", state="open").exists()


def test_a_firm_says_itself_that_nothing_came_of_its_own_line_only(office):
    run = done(office, "owner1", "owner2")
    first, second = lines_of(run)
    with pytest.raises(NotYours):
        office.owner1.do("line.not_received", second.pk, {"said": "没收到"})
    office.owner1.do("line.not_received", first.pk, {"said": "没收到"})
    assert NotReceived.objects.for_site("test").get().line == first


def sent(office, *firms):
    run = office.run(*firms, way="third_party")
    with pytest.raises(NotNow, match="不公示"):
        office.county_officer.do("run.notice", run.pk)
    office.county_officer.do("thirdparty.send", run.pk)
    return run


def comes_back(office, run, *rows, key="back", **declared):
    text = "明细编号,统一社会信用代码,企业名称,落实结果,落实金额（元）,说明\n" + "\n".join(rows)
    ticket = keep(f"结果{key}.csv", [text.encode()], office.county_officer.actor)
    return office.county_officer.do("thirdparty.take_back", run.pk, {"ticket": ticket, **declared}, key=key)


def test_a_third_partys_answers_are_held_against_the_list_row_by_row(office):
    run = sent(office, *(office.entitled(number) for number in (1, 2, 3, 4)))
    one, two, three, four = lines_of(run)
    assert b"".join(list_csv(run)).decode("utf-8-sig").count("900.00") == 4
    rows = [
        f"{one.pk},{one.firm.credit_code},甲,已落实,900.00,",
        f"{two.pk},,乙,未落实,,合同已终止",
        f"{three.pk},{one.firm.credit_code},丙,已落实,900.00,",
        f"{four.pk},,丁,已落实,900.01,",
        f"{one.pk},,甲,已落实,900.00,",
        "987654321,,戊,已落实,1.00,",
    ]
    with pytest.raises(Refused, match="与申报的笔数或金额不符"):
        comes_back(office, run, *rows, rows=6, total="900.00")
    comes_back(office, run, *rows, rows=6, total="3601.01", key="whole")
    run.refresh_from_db()
    assert (run.state, states_of(run)) == ("returned", ["granted", "not_granted", "listed", "listed"])
    figures = Handover.objects.for_site("test").get(goes_out=False).figures
    assert figures["by_code"] == {"code-differs": 1, "amount-differs": 1, "line-twice": 1, "line-unknown": 1}
    assert [each["row"] for each in figures["findings"]] == [4, 5, 6, 7]
    assert set(Claimed.objects.values_list("line", flat=True)) == {one.pk, three.pk, four.pk}
    with pytest.raises(Refused, match="已接收过"):
        ticket_again(office, run, rows)
    # The rest comes with the next file; less than was due is what counts then.
    more = [f"{three.pk},,丙,已落实,900.00,", f"{four.pk},,丁,已落实,100.00,"]
    comes_back(office, run, *more, rows=2, total="1000.00", key="rest")
    assert [(each.state, each.amount) for each in lines_of(run)][2:] == [
        ("granted", 900_00),
        ("granted", 100_00),
    ]
    assert lines_of(run)[3].derivation["due"] == 900_00
    office.finance.do("run.finish", run.pk)
    run.refresh_from_db()
    assert run.state == "done"


def ticket_again(office, run, rows):
    comes_back(office, run, *rows, rows=6, total="3601.01", key="again")


def doing():
    capacity = Capacity("reviewer", "", frozenset(), frozenset(), agency="532503-hr", areas=("",))
    return Doing("application.grant", site_actor("test"), capacity, NOW, TODAY)


def added(firm, amount=500_00, record=""):
    return add(
        doing(),
        measure="retention-training-subsidy",
        firm=firm,
        record=record,
        period="2022",
        amount=amount,
        facts=[{"fact": "insured_paying_staff", "value": "1", "source": "application", "date": "2022-08-01"}],
        derivation={"variant": "530000"},
    )


def test_granted_applications_gather_in_one_run_until_it_is_checked(office):
    one, two, three = (office.entitled(number) for number in (1, 2, 3))
    first, second = added(one), added(two)
    run = first.run
    assert (run == second.run, run.way, run.state, run.region, run.period) == (
        True,
        "application",
        "drawn",
        "532503",
        "2022",
    )
    assert (first.state, first.account, first.rule_digest) == ("drawn", "public", run.rule_digest)
    assert Deadline.objects.for_site("test").get(subject_kind="delivery.run").rule == "delivery-check"
    with pytest.raises(Refused, match="已在本次兑现中"):
        added(one)
    with pytest.raises(Refused, match="金额应大于零"):
        added(three, amount=0)
    Run.objects.for_site("test").filter(pk=run.pk).update(state="checking")
    assert added(three).run.pk != run.pk
