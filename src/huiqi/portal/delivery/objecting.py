"""Objections to a public notice: a firm objects to its line or to having none; another person than who made the list answers."""

from __future__ import annotations

from typing import Annotated

from django.db import IntegrityError, transaction
from django.urls import reverse
from pydantic import Field

from huiqi.portal.acts.models import Event
from huiqi.portal.acts.refusals import NotByYou, NotNow, NotYours, Refused
from huiqi.portal.acts.registry import Doing, act
from huiqi.portal.clock.running import begin_deadline, meet_deadlines
from huiqi.portal.delivery.claims import release
from huiqi.portal.delivery.inputs import Answering, Objecting
from huiqi.portal.delivery.judging_anew import anew, differs, hold, judged_for, put
from huiqi.portal.delivery.lines import of_run
from huiqi.portal.delivery.models import HOLDING, Line, Objection, Run
from huiqi.portal.delivery.rules import account_order
from huiqi.portal.delivery.telling import measure_of
from huiqi.portal.firms.models import Firm
from huiqi.portal.look.asking import Asked
from huiqi.portal.notices.telling import notify
from huiqi.portal.notices.whom import members_of, who_may
from huiqi.portal.payments.payment_acts import fen_of

MADE_BY = ("run.draw", "run.check", "run.notice")
"""Acts on a run whose doers do not answer the objections to it."""
ALONE = ("listed", "reopened", "contested")
"""States of a line that an answer may still change."""


class Upholding(Answering):
    """The answer, and the right amount where the facts of the register do not give it."""

    amount: Annotated[
        str,
        Field(max_length=20),
        Asked(
            "更正后金额（元）",
            "Right amount (yuan)",
            "不填则按现有信息重新计算；填写的须在答复中写明依据",
            "Left empty, it is worked out anew by what is known now; give the grounds for another one in the answer",
        ),
    ] = ""


@act("line.object", Objection, zh="提出异议", en="Object", takes=Objecting, creates=True)
def object_(doing: Doing, given: Objecting) -> Objection:
    """Object while the notice lasts; the line is contested until the answer."""
    run = Run.objects.for_site("a public notice is for everybody").filter(pk=given.run).first()
    firm = Firm.objects.for_site("the act's scope is the firm").filter(pk=given.firm).first()
    if (
        run is None
        or firm is None
        or not any(each.firms is not None and firm.pk in each.firms for each in doing.actor.capacities)
    ):
        raise NotYours
    if run.state != "noticed" or run.notice_from is None or run.notice_until is None:
        raise NotNow("这份名单不在公示期", mend="公示结束后可向经办单位申诉")
    if not run.notice_from <= doing.today <= run.notice_until:
        raise NotNow(
            "不在公示期内",
            why=f"公示期{run.notice_from.isoformat()}至{run.notice_until.isoformat()}",
            mend="公示结束后可向经办单位申诉",
        )
    line = _line_of(run, firm, given.line)
    objection = Objection(
        run=run,
        line=line,
        firm=firm,
        county=line.county if line is not None else firm.region,
        reason=given.reason,
        before=line.amount if line is not None else None,
        at=doing.now,
    )
    try:
        with transaction.atomic():
            objection.save()
    except IntegrityError:
        raise NotNow("您的异议正在办理", mend="请等待答复") from None
    if line is not None and line.state in ("listed", "reopened"):
        line.state = "contested"
        line.version += 1
        line.save()
    begin_deadline(doing, "delivery-objection", objection, objection.address())
    doing.say(run=run.pk, line=line.pk if line is not None else None)
    to = who_may({"objection.uphold"}, objection.scope(), doing.today)
    notify(doing, "delivery-objected", to=to, subject=objection, values={"measure": measure_of(run.measure)})
    return objection


@act("objection.uphold", Objection, zh="采纳异议", en="Uphold", takes=Upholding)
def uphold(doing: Doing, objection: Objection, given: Upholding) -> None:
    """Put the line right: judged anew, added, or its amount corrected with the grounds."""
    _refuse_maker(doing, objection.run)
    fen = fen_of(given.amount, "amount") if given.amount else None
    if fen == 0:
        raise Refused(
            "更正后金额应大于零", mend="不予发放的，请不予采纳并写明理由", code="not-money", cell="amount"
        )
    if objection.line_id is None:
        objection.after = _added(doing, objection, fen)
    else:
        objection.after = _corrected(doing, objection, fen)
    objection.answer = given.answer
    doing.say(
        answer=given.answer,
        before=objection.before,
        after=objection.after,
        corrected=fen,
        run=objection.run_id,
    )
    _answered(doing, objection, "delivery-objection-upheld")


@act("objection.reject", Objection, zh="不予采纳", en="Reject", takes=Answering)
def reject(doing: Doing, objection: Objection, given: Answering) -> None:
    """Leave the line as it stands; the answer says why, and the notice where to appeal."""
    _refuse_maker(doing, objection.run)
    objection.answer, objection.after = given.answer, objection.before
    doing.say(answer=given.answer, run=objection.run_id)
    line = _locked(objection)
    if line is not None and line.state == "contested":
        # What changed while it was contested was not looked at: the reviewer decides on it.
        changed = "corrected" not in line.derivation and differs(line, anew(line))
        _save(line, "reopened" if changed else "listed")
    _answered(doing, objection, "delivery-objection-rejected")


def _line_of(run: Run, firm: Firm, number: int | None) -> Line | None:
    rows = of_run(run).select_for_update().filter(firm=firm).order_by("pk")
    if number is not None:
        named: Line | None = rows.filter(pk=number).first()
        if named is None:
            raise NotYours
        return named
    found = list(rows[:2])
    if len(found) > 1:
        raise Refused("本企业在名单中有多条明细", mend="请从其中一条提出异议", code="which-line", cell="line")
    return found[0] if found else None


def _refuse_maker(doing: Doing, run: Run) -> None:
    did = Event.objects.filter(
        subject_kind=run._meta.label_lower, subject=str(run.pk), actor=doing.actor.id, act__in=MADE_BY
    )
    if did.exists():
        raise NotByYou("您办理过这份名单的测算、核对或公示", why="不相容岗位分离", mend="请由另一人答复")


def _locked(objection: Objection) -> Line | None:
    rows = Line.objects.for_site("the objection's own line").select_for_update()
    found: Line | None = rows.filter(pk=objection.line_id).first()
    return found


def _corrected(doing: Doing, objection: Objection, fen: int | None) -> int:
    line = _locked(objection)
    assert line is not None
    if line.state not in (*ALONE, "dropped", "taken_elsewhere"):
        raise NotNow("这条明细已进入支付", mend="请通过追回或补发办理")
    if fen is None:
        now = anew(line)
        if now.owed is None:
            raise _not_entitled(now.verdict)
        put(line, now.owed)
    else:
        _by_hand(line, fen, doing)
    line.reason = ""
    _save(line, "listed")
    return line.amount


def _added(doing: Doing, objection: Objection, fen: int | None) -> int:
    run, firm = objection.run, objection.firm
    judged = judged_for(run, firm)
    if not judged.owed and fen is None:
        raise _not_entitled(judged.verdict)
    made = [
        Line(
            amount=each.amount,
            record=each.record,
            facts=list(each.facts),
            derivation=dict(each.derivation),
        )
        for each in judged.owed
    ] or [Line(amount=0, record="")]
    if fen is not None and len(made) > 1:
        raise Refused(
            "这家企业有多项应享，不能用一个金额更正", mend="请不填金额，按现有信息计算", code="which-line"
        )
    for line in made:
        line.run, line.firm, line.county = run, firm, firm.region
        line.period, line.rule_digest = run.period, run.rule_digest
        line.account, line.state = account_order(run.measure)[0], "listed"
        line.save()
        if fen is not None:
            _by_hand(line, fen, doing)
        else:
            hold(line)
        line.save()
    objection.line = made[0]
    doing.say(added=[each.pk for each in made])
    return sum(each.amount for each in made)


def _by_hand(line: Line, fen: int, doing: Doing) -> None:
    """Correct an amount that the register's facts do not give; the derivation says that a person did."""
    if line.state in HOLDING:
        release([line])
    line.derivation = {**line.derivation, "corrected": {"from": line.amount, "to": fen, "by": doing.actor.id}}
    line.amount = fen
    hold(line)


def _save(line: Line, state: str) -> None:
    line.state = state
    line.version += 1
    line.save()


def _not_entitled(verdict: str) -> Refused:
    return Refused(
        "按现有信息这家企业仍不符合",
        why=verdict,
        mend="信息有误的先由企业提出事实异议并更正；确有依据的填写更正后金额",
        code="line-not-entitled",
        cell="amount",
    )


def _answered(doing: Doing, objection: Objection, kind: str) -> None:
    meet_deadlines(doing, objection, "delivery-objection")
    values = {"measure": measure_of(objection.run.measure)}
    to = members_of(objection.firm_id)
    notify(doing, kind, to=to, subject=objection, values=values, address=reverse("own-deliveries"))
