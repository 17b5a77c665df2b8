"""What a firm does with its application: it begins, fills in, attaches, hands in, takes back, and appeals."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction

from huiqi.portal.acts.refusals import NotNow, NotYours, Refused
from huiqi.portal.acts.registry import Doing, Nothing, act
from huiqi.portal.answers.answering import NotUnderstood, read
from huiqi.portal.applications.files import redeemed
from huiqi.portal.applications.inputs import Attaching, Beginning, Detaching, Saving, Why
from huiqi.portal.applications.models import (
    ON_APPLICATION,
    OPEN_STATES,
    Application,
    Attachment,
    HandIn,
    Remark,
)
from huiqi.portal.applications.needed import limits, needed_for
from huiqi.portal.applications.previewing import asked_facts
from huiqi.portal.applications.shown import lacking, slots_of
from huiqi.portal.applications.telling import tell_office
from huiqi.portal.catalogue.shelf import library
from huiqi.portal.clock.running import begin_deadline, meet_deadlines
from huiqi.portal.delivery.drawing import period_of
from huiqi.portal.delivery.reads import variants_of
from huiqi.portal.firms.models import Firm
from huiqi.rules.facts import SUBJECT
from huiqi.rules.reasons import LISTS
from huiqi.screening.open_facts import RECORDS, Place


@act(
    "application.begin", Application, zh="开始申请", en="Begin an application", takes=Beginning, creates=True
)
def begin(doing: Doing, given: Beginning) -> Application:
    """Begin a draft; what the measure is, and how it is delivered, is kept with it."""
    firm: Firm | None = (
        Firm.objects.for_site("the act's scope is the firm").filter(pk=given.firm, listed=True).first()
    )
    if firm is None or not any(each.reaches(firm.scope()) for each in doing.actor.allowed(doing.act)):
        raise NotYours
    if given.measure not in library().by_id:
        raise Refused("没有这项措施", mend="请从政策库中选择", code="no-such-measure", cell="measure")
    holding = [
        each
        for each in variants_of(library(), given.measure, firm.region, doing.today)
        if each.in_force.holds(doing.today)
    ]
    if not holding:
        raise Refused(
            "这项措施现在不在本地区执行",
            mend="请核对措施的执行期和地区",
            code="measure-not-in-force",
            cell="measure",
        )
    measure = holding[0]
    if firm.subject not in measure.subject:
        raise Refused(
            "这项措施不适用于本企业的主体类型",
            mend="请在“我的申请”中从可以申请的措施开始",
            code="not-for-this-subject",
            cell="measure",
        )
    if measure.delivery not in ON_APPLICATION:
        raise Refused(
            "这项措施不需要申请",
            why="由经办单位主动办理",
            mend="办理进展见“我的兑现”",
            code="not-applied-for",
        )
    period = period_of(measure, "", doing.today)
    rows = Application.objects.for_site("one application of a firm for a measure at a time")
    if rows.filter(firm=firm, measure=measure.id, record="", period=period, state__in=OPEN_STATES).exists():
        raise NotNow("这项措施已有一份申请在办理", mend="请在“我的申请”中继续")
    made = Application(
        firm=firm,
        county=firm.region,
        measure=measure.id,
        variant=measure.region,
        rule_digest=measure.digest,
        delivery=measure.delivery,
        period=period,
        begun_by_id=int(doing.actor.id.removeprefix("user:")),
        begun_at=doing.now,
    )
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError:
        raise NotNow("这项措施已有一份申请在办理", mend="请在“我的申请”中继续") from None
    doing.say(firm=firm.pk, measure=measure.id, rule=measure.digest)
    return made


@act("application.save", Application, zh="保存草稿", en="Save the draft", takes=Saving)
def save(doing: Doing, application: Application, given: Saving) -> None:
    """Keep the answers, each read by the type of its fact; nothing is judged."""
    answers = [_answer(each) for each in given.answers]
    # What the register knows is contested in the register, never overwritten by an application.
    asked = {each.place for each in asked_facts(application, doing.today)}
    if any(Place(*each[:4]) not in asked for each in answers):
        raise Refused(
            "有一项不在填报范围内",
            mend="登记信息有误的，请在企业信息页提出异议",
            code="not-asked",
            cell="answers",
        )
    application.answers = answers
    application.note = given.note
    doing.say(answers=len(application.answers))


@act("application.attach", Application, zh="上传材料", en="Attach a file", takes=Attaching)
def attach(doing: Doing, application: Application, given: Attaching) -> None:
    """Attach an uploaded file to what it proves; the same file there twice is one."""
    if given.slot not in {each.id for each in needed_for(application.measure)}:
        raise Refused("没有这项材料", mend="请从列出的材料中选择", code="no-such-slot", cell="slot")
    kept = redeemed(given.ticket, doing.actor)
    rows = _files(application).filter(until_round=None)
    sizes = list(rows.values_list("size", flat=True))
    if len(sizes) >= limits().files or sum(sizes) + kept.size > limits().total:
        raise Refused(
            "材料太多",
            why=f"最多{limits().files}个文件，共{limits().total >> 20}MB",
            mend="请先删去不需要的",
            code="too-many-files",
            cell="file",
        )
    if rows.filter(slot=given.slot, digest=kept.digest).exists():
        raise Refused("这份文件已经上传", mend="不需要再次上传", code="file-twice", cell="file")
    made = Attachment.objects.create(
        application=application,
        slot=given.slot,
        name=kept.name,
        kind=kept.kind,
        size=kept.size,
        digest=kept.digest,
        from_round=application.round + 1,
        by_id=int(doing.actor.id.removeprefix("user:")),
        at=doing.now,
    )
    doing.say(attachment=made.pk, slot=given.slot, digest=kept.digest, size=kept.size)


@act("application.detach", Application, zh="删去材料", en="Take a file away", takes=Detaching)
def detach(doing: Doing, application: Application, given: Detaching) -> None:
    """Take a file away; one that was handed in stays with that round."""
    found = _files(application).filter(pk=given.attachment, until_round=None).first()
    if found is None:
        raise NotYours
    doing.say(attachment=found.pk, slot=found.slot, digest=found.digest)
    if found.from_round > application.round:
        found.delete()
    else:
        found.until_round = application.round
        found.save(update_fields=["until_round"])


@act("application.hand_in", Application, zh="提交申请", en="Hand in", takes=Nothing)
def hand_in(doing: Doing, application: Application, _given: Nothing) -> None:
    """Hand in what stands: kept as it is now, judged on the day of the first time."""
    wanted = lacking(slots_of(application))
    if wanted:
        raise Refused("还缺少必需的材料", why="、".join(wanted), mend="请上传后提交", code="files-missing")
    application.round += 1
    application.as_of = application.as_of or doing.today
    application.handed_in_at = doing.now
    application.mend, application.mend_until = [], None
    files = _files(application).filter(until_round=None).order_by("slot", "pk")
    HandIn.objects.create(
        application=application,
        round=application.round,
        answers=application.answers,
        note=application.note,
        files=[[each.slot, each.name, each.digest, each.size] for each in files],
        by_id=int(doing.actor.id.removeprefix("user:")),
        at=doing.now,
    )
    meet_deadlines(doing, application, "application-mend")
    begin_deadline(doing, "application-receive", application, application.address())
    doing.say(round=application.round, files=[each.digest for each in files])
    tell_office(doing, application, "application-handed-in", ["application.receive"])


@act("application.withdraw", Application, zh="撤回申请", en="Withdraw", takes=Why)
def withdraw(doing: Doing, application: Application, given: Why) -> None:
    """Give the application up; a new one may be begun."""
    meet_deadlines(doing, application, drop=True)
    application.reason, application.decided_on = given.reason, doing.today
    say(doing, application, given.reason, by_firm=True)


@act("application.appeal", Application, zh="申诉", en="Appeal", takes=Why)
def appeal(doing: Doing, application: Application, given: Why) -> None:
    """Appeal against a refusal while there is time; another person answers."""
    if application.appeal_until is not None and doing.today > application.appeal_until:
        raise NotNow(
            "申诉期限已过", why=application.appeal_until.isoformat(), mend="仍可依法申请行政复议或重新申请"
        )
    begin_deadline(doing, "application-appeal", application, application.address())
    say(doing, application, given.reason, by_firm=True)
    tell_office(doing, application, "application-appealed", ["appeal.uphold"])


def say(
    doing: Doing, application: Application, text: str, items: list[Any] | None = None, by_firm: bool = False
) -> None:
    """Keep what was said at a step; the event holds that it was, not the words of a firm."""
    Remark.objects.create(
        application=application, act=doing.act, text=text, items=items or [], by_firm=by_firm, at=doing.now
    )


def read_answer(place: Place, text: str) -> list[Any]:
    """Return an answer as it is kept. Raises Refused for a fact that there is not, and for what cannot be read."""
    facts = library().facts
    known = (
        (place.record == LISTS and place.name in library().lists)
        or (place.record == RECORDS and place.name in facts.records)
        or (place.record not in (LISTS, RECORDS) and facts.fact(place.record, place.name) is not None)
    )
    at = place.index if place.record not in (SUBJECT, LISTS, RECORDS) else -1
    if not known or (at != place.index) or not -1 <= place.index < 1_000 or len(place.period) > 10:
        raise Refused(
            "没有这项事实", why=place.name, mend="请从申请表填写", code="no-such-fact", cell="answers"
        )
    try:
        said = read(place, text, library()).text
    except NotUnderstood as error:
        raise Refused(
            "有一项填写读不懂", why=place.name, mend=error.said, code="not-understood", cell=place.name
        ) from None
    return [place.record, place.name, place.period, place.index, said]


def _answer(said: list[Any]) -> list[Any]:
    if len(said) != 5 or not all(isinstance(each, str) for each in (*said[:3], said[4])):
        raise Refused("填写的内容读不懂", mend="请从申请表填写", code="not-understood", cell="answers")
    if not isinstance(said[3], int) or isinstance(said[3], bool):
        raise Refused("填写的内容读不懂", mend="请从申请表填写", code="not-understood", cell="answers")
    return read_answer(Place(said[0], said[1], said[2], said[3]), said[4])


def _files(application: Application) -> Any:
    return Attachment.objects.for_site("the act holds its application").filter(application=application)
