"""What happened in the demonstration before the site's day: money from the province to firms, and what went wrong on the way."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from huiqi.policies.library import PolicyLibrary
from huiqi.portal.delivery.models import Objection, Run, SampleItem
from huiqi.portal.demonstration import deliveries as do
from huiqi.portal.demonstration.doing import Say, act, actor, run_daily, run_jobs
from huiqi.portal.demonstration.granted import came_to_money, internship_granted
from huiqi.portal.demonstration.left_out import say_story
from huiqi.portal.demonstration.money import GEJIU, MENGZI, give_money, settle_and_recall, watch
from huiqi.portal.demonstration.people import OWNER, PREFECTURE, SECOND_OWNER, officer_of
from huiqi.portal.demonstration.rosters import workbook
from huiqi.portal.demonstration.story_firms import PREMIUMS, Chosen, are_enough, chosen_of, know_account
from huiqi.portal.firms.files import keep
from huiqi.portal.firms.models import Firm
from huiqi.portal.firms.rows import FirmRow
from huiqi.portal.payments.models import Payment
from huiqi.reference.money import format_yuan

REFUND, RENT, TAXES = "job-retention-refund", "rent-waiver", "six-taxes-two-fees"
_MEASURES = f"{REFUND},{RENT},{TAXES}"
_DATED = datetime.date(2022, 6, 30)


def _july(day: int) -> datetime.date:
    return datetime.date(2022, 7, day)


def choose(by_county: Mapping[str, list[FirmRow]], say: Say) -> dict[str, Chosen]:
    """Choose the firms of the story's counties; where one has too few, none, and what is left out then is said."""
    rows = {each: by_county.get(each, []) for each in (MENGZI, GEJIU)}
    if short := [county for county, each in rows.items() if not are_enough(each)]:
        say_story(short, say)
        return {}
    return {county: chosen_of(each) for county, each in rows.items()}


def tell(chosen: Mapping[str, Chosen], library: PolicyLibrary, say: Say) -> None:
    """Do everything that happened from the budget in June to the working day before the set-up."""
    say("资金：下达预算、分解、预拨", "funds: appropriation, allocation, advance")
    give_money()
    say("首批名册、筛查、测算", "first rosters, screening, runs drawn")
    for county, each in chosen.items():
        _registered(county, each.first, library, _july(14), "首批")
        accounts = [_number(row.code) for row in each.first]
        # Nobody knows where the last firm is paid.
        for number in accounts[:-1]:
            know_account(number)
    _bound(OWNER, chosen[MENGZI].first[0].code, _july(14))
    say("企业申请见习补贴，核准", "an internship subsidy is applied for and granted")
    internship = internship_granted(_july(14), _july(15))
    _screened(_july(14))
    refund = do.drawn(MENGZI, REFUND, _july(14), "首批")
    gejiu = do.drawn(GEJIU, REFUND, _july(14), "首批")
    granted = [do.drawn(MENGZI, each, _july(14)) for each in (RENT, TAXES)]
    refund, gejiu = (do.noticed(do.checked(each, _july(15)), _july(15)) for each in (refund, gejiu))
    granted = [do.sent(do.checked(each, _july(15)), _july(15)) for each in granted]
    say("公示、异议", "public notice, an objection")
    _objected(refund)
    waiting = _second_of_gejiu(chosen[GEJIU], library)
    granted = [do.come_back(each, _july(20)) for each in granted]
    for each in granted:
        do.finished(each, _july(21))
    say("审批、支付、银行回单", "approval, payments, the bank's answers")
    do.notices_end(_july(25))
    refund, gejiu = (do.approved(each, _july(25)) for each in (refund, gejiu))
    came_to_money(internship, _july(25))
    refund = _paid_in_two(refund)
    do.paid(gejiu, _july(26), direct=False, bank=lambda _payment: do.GOOD)
    do.notices_end(_july(27))
    _screened_again(chosen[MENGZI], library)
    _recovered(refund, chosen[MENGZI], library)
    do.finished(refund, _july(27))
    say("第二批、信息变动、抽查、收回资金", "second lists, a changed fact, a sample, money recalled")
    _second_of_mengzi()
    _changed(waiting, chosen[GEJIU], library)
    settle_and_recall()
    _sampled(refund)
    watch()


def _registered(
    county: str,
    rows: list[FirmRow],
    library: PolicyLibrary,
    day: datetime.date,
    name: str,
    dated: datetime.date = _DATED,
) -> None:
    officer = officer_of(county)
    ticket = keep(f"{county}-{name}.xlsx", [workbook(rows, library)], actor(officer, day))
    given = {"source": "tax", "dated": dated.isoformat(), "ticket": ticket}
    roster = act(officer, "roster.hand_in", None, given, day)
    run_jobs(day)
    act(officer, "roster.take", roster.pk, {}, day)
    run_jobs(day)


def _screened(day: datetime.date) -> None:
    given = {"region": PREFECTURE, "as_of": day.isoformat(), "measures": _MEASURES, "note": "兑现前筛查"}
    act("leading-group", "screening.start", None, given, day)
    run_jobs(day)


def _bound(user: str, code: str, day: datetime.date) -> None:
    firm = Firm.objects.for_site("the demonstration chooses firms").get(credit_code=code)
    given = {"credit_code": code, "name": firm.name, "connection": "employee"}
    asked = act(user, "binding.ask", None, given, day)
    act(officer_of(MENGZI), "binding.confirm", asked.pk, {}, day)


def _objected(run: Run) -> None:
    """The owner objects to the amount; somebody who did not make the list finds that it was too low."""
    line = do.line_of(run, _of_owner(run))
    given = {
        "run": run.pk,
        "firm": line.firm_id,
        "reason": "2021年12月补缴的失业保险费没有计入",
        "line": line.pk,
    }
    objection: Objection = act(OWNER, "line.object", None, given, _july(18))
    run_jobs(_july(18))
    right = {"answer": "已核对补缴凭证，按实缴数更正", "amount": format_yuan(line.amount + 180_00)}
    act("mengzi-reviewer", "objection.uphold", objection.pk, right, _july(19))
    run_jobs(_july(19))


def _of_owner(run: Run) -> int:
    """The number of the owner's firm, which has a line of the run."""
    own = {number for each in actor(OWNER, _july(18)).capacities for number in each.firms or ()}
    return next(each.firm_id for each in do.lines_of(run) if each.firm_id in own)


def _second_of_gejiu(chosen: Chosen, library: PolicyLibrary) -> Run:
    """Gejiu's second list, in notice; the waiver of rent is with the landlords."""
    _registered(GEJIU, chosen.second, library, _july(19), "第二批")
    for row in chosen.second:
        know_account(_number(row.code))
    _screened(_july(19))
    run = do.noticed(do.checked(do.drawn(GEJIU, REFUND, _july(19), "第二批"), _july(19)), _july(19))
    do.sent(do.checked(do.drawn(GEJIU, RENT, _july(19)), _july(20)), _july(20))
    return run


def _paid_in_two(run: Run) -> Run:
    """The bank sends one payment back; the account is mended and it is paid once more."""
    wrong = do.lines_of(run, "approved")[1]

    def bank(payment: Payment) -> str:
        return do.BAD if payment.firm_id == wrong.firm_id else do.GOOD

    do.paid(run, _july(25), direct=True, bank=bank)
    know_account(wrong.firm_id, renewed=True)
    act("mengzi-finance", "line.retry", wrong.pk, {}, _july(26))
    return do.paid(run, _july(26), direct=True, bank=lambda _payment: do.GOOD)


def _recovered(run: Run, chosen: Chosen, library: PolicyLibrary) -> None:
    """One was paid by mistake: the county finds that it is not insured as a unit, and what has come back is booked."""
    named = {each.code: each for each in chosen.first if each.subject == "self_employed"}
    line = next(each for each in reversed(do.lines_of(run, "paid")) if each.firm.credit_code in named)
    row = named[line.firm.credit_code]
    row.values["insured_as_unit"] = "no"
    _registered(MENGZI, [row], library, _july(27), "更正", _july(27))
    given = {"amount": format_yuan(line.amount), "reason": "经核查，不是以单位形式参保，款项已退回"}
    act("mengzi-finance", "payment.recover", do.payment_of(line).pk, given, _july(27))
    run_jobs(_july(27))


def _screened_again(chosen: Chosen, library: PolicyLibrary) -> None:
    """Mengzi's second list comes into the register, the second owner's firm with it, and is screened."""
    _registered(MENGZI, chosen.second, library, _july(27), "第二批")
    for row in chosen.second:
        know_account(_number(row.code))
    _bound(SECOND_OWNER, chosen.second[0].code, _july(27))
    _screened(_july(27))


def _second_of_mengzi() -> None:
    """Mengzi's second list, in notice on the site's day: who was found not to be entitled since the screening is left out."""
    do.noticed(do.checked(do.drawn(MENGZI, REFUND, _july(27), "第二批"), _july(28)), _july(28))
    do.drawn(GEJIU, TAXES, _july(28))


def _changed(run: Run, chosen: Chosen, library: PolicyLibrary) -> None:
    """After the notice of Gejiu's second list a source says something else of one firm: its line is held up."""
    row = chosen.second[0]
    row.values[PREMIUMS] = "6000"
    _registered(GEJIU, [row], library, _july(28), "更正", _july(28))
    run_daily(_july(28), "delivery-reopen")
    assert [each.state for each in do.lines_of(run)].count("reopened") == 1


def _sampled(run: Run) -> None:
    """Firms of the sample are asked; one has not received anything, and the office follows it up."""
    sample = act("mengzi-officer", "sample.draw", None, {"run": run.pk}, _july(28))
    items = SampleItem.objects.for_site("the demonstration's own sample").filter(sample=sample).order_by("pk")
    owner = _of_owner(run)
    own = [each for each in items if each.line.firm_id == owner]
    others = [each for each in items if each.line.firm_id != owner]
    for each in (*own, *others[1:3]):
        act("mengzi-officer", "sample.answer", each.pk, {"received": True}, _july(28))
    missing = {"received": False, "note": "企业反映账户未见入账"}
    act("mengzi-officer", "sample.answer", others[0].pk, missing, _july(28))
    run_jobs(_july(28))


def _number(code: str) -> int:
    return int(Firm.objects.for_site("the demonstration chooses firms").get(credit_code=code).pk)
