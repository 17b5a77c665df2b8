"""Acts on programmes of funds: opened, changed, closed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated

from django.db.models import Q
from pydantic import Field

from huiqi.portal.acts.actors import Actor
from huiqi.portal.acts.refusals import NotYours, Refused
from huiqi.portal.acts.registry import Doing, Input, act
from huiqi.portal.catalogue.shelf import library
from huiqi.portal.funds.models import Account, FundOrder, Programme
from huiqi.portal.funds.programmes import superiors
from huiqi.portal.look.asking import Asked
from huiqi.reference.regions import UnknownRegion, children, full_name
from huiqi.reference.regions import region as region_of

MOST_MEASURES = 60


def places(actor: Actor) -> Sequence[tuple[str, str]]:
    """Return the governments that an actor may open a programme of: of the own areas, and directly below."""
    areas = sorted({area for each in actor.allowed("programme.open") for area in each.areas})
    found: dict[str, str] = {}
    for area in areas:
        whole = area.ljust(6, "0")
        for each in (region_of(whole), *children(whole)):
            found.setdefault(each.code, each.name)
    return list(found.items())


Code = Annotated[
    str,
    Field(min_length=1, max_length=40, pattern=r"^[0-9A-Za-z][0-9A-Za-z._-]*$"),
    Asked(
        "编号", "Code", "字母、数字、点和短横，全站唯一", "Letters, digits, dots and dashes; one in the site"
    ),
]
Title = Annotated[str, Field(min_length=1, max_length=120), Asked("名称", "Title")]
Measures = Annotated[
    str,
    Field(max_length=4000),
    Asked(
        "支付的政策措施",
        "Measures that it pays",
        "措施编号，以逗号分隔",
        "Ids of measures, apart by commas",
    ),
]
Share = Annotated[
    str,
    Field(max_length=20),
    Asked(
        "上级分担比例",
        "Share that the superior bears",
        "对下级支出按比例分担的填写，如3/10或30%；不分担的留空",
        "Where a share of what lower levels spend is borne: 3/10 or 30%; else leave it empty",
    ),
]
MatchedBy = Annotated[
    str,
    Field(max_length=40),
    Asked(
        "上级配套项目编号",
        "Superior's matching programme",
        "上级按比例分担本项目支出的，填写其项目编号",
        "The code of the superior's programme that bears a share of what this one spends",
    ),
]


class Opening(Input):
    """A programme: whose, what it pays, and what share of lower levels' spending it bears."""

    code: Code
    title: Title
    region: Annotated[str, Field(max_length=6), Asked("地区", "Region", choices=places)]
    measures: Measures = ""
    share: Share = ""
    matched_by: MatchedBy = ""


class Changing(Input):
    """What of a programme may change while it is open."""

    title: Title
    measures: Measures = ""
    share: Share = ""
    matched_by: MatchedBy = ""


class Closing(Input):
    """Why a programme ends."""

    reason: Annotated[str, Field(min_length=1, max_length=300), Asked("理由", "Reason", long=True)]


@act("programme.open", Programme, zh="设立资金项目", en="Open a programme", takes=Opening, creates=True)
def open_(doing: Doing, given: Opening) -> Programme:
    """Open a programme of a government; no money moves."""
    try:
        place = region_of(given.region).code
    except UnknownRegion as error:
        raise Refused(
            "没有这个地区",
            why=error.hint,
            mend="请填写六位行政区划代码",
            code="unknown-region",
            cell="region",
        ) from None
    if not any(each.reaches(Programme(region=place).scope()) for each in doing.actor.allowed(doing.act)):
        # Before anything is said of other programmes.
        raise NotYours
    if Programme.objects.for_site("codes are unique in the site").filter(code=given.code).exists():
        raise Refused(
            "这个编号已有资金项目",
            why=given.code,
            mend="请换一个编号",
            code="programme-code-taken",
            cell="code",
        )
    programme = Programme(
        code=given.code, region=place, agency=doing.capacity.agency, opened_at=doing.now, title=given.title
    )
    _fill(doing, programme, given.measures, given.share, given.matched_by)
    programme.save()
    return programme


@act("programme.change", Programme, zh="修改资金项目", en="Change the programme", takes=Changing)
def change(doing: Doing, programme: Programme, given: Changing) -> None:
    """Change what a programme is called, pays and bears; the share not once money was given by it."""
    programme.title = given.title
    before = (programme.share, programme.matched_by_id)
    _fill(doing, programme, given.measures, given.share, given.matched_by)
    rows = FundOrder.objects.for_site("whether the share was used already").filter(
        Q(programme=programme) | Q(programme=before[1]) | Q(programme=programme.matched_by_id),
        kind__in=["advance", "settle"],
        state__in=["drafted", "confirmed"],
    )
    if before != (programme.share, programme.matched_by_id) and rows.exists():
        raise Refused(
            "已有预拨或清算，分担比例和上级配套项目不能再改",
            mend="请结清后另设资金项目",
            code="share-in-use",
            cell="share",
        )


@act("programme.close", Programme, zh="结束资金项目", en="Close the programme", takes=Closing)
def close(doing: Doing, programme: Programme, given: Closing) -> None:
    """Close a programme out of which nothing is under way; what lies in it can still be settled and recalled."""
    held = Account.objects.for_site("what is held of a programme's money").filter(
        Q(debits_pending__gt=0) | Q(credits_pending__gt=0), programme=programme
    )
    waiting = FundOrder.objects.for_site("a programme's own orders").filter(
        programme=programme, state="drafted"
    )
    if held.exists() or waiting.exists():
        raise Refused(
            "还有未办结的支付或拨款单",
            mend="请先办结支付批次、审批或撤回拨款单",
            code="programme-under-way",
        )
    programme.closed_on = doing.today
    doing.say(code=programme.code, reason=given.reason)


def _fill(doing: Doing, programme: Programme, measures: str, share: str, matched_by: str) -> None:
    programme.measures = _measures(programme, measures)
    programme.share_numerator, programme.share_denominator = _share(share)
    programme.matched_by = _matching(programme, matched_by)
    doing.say(
        code=programme.code,
        measures=programme.measures,
        share=[programme.share_numerator, programme.share_denominator],
        matched_by=programme.matched_by.code if programme.matched_by else "",
    )


def _measures(programme: Programme, text: str) -> list[str]:
    names = list(dict.fromkeys(each for each in re.split(r"[\s,，、;；]+", text) if each))
    unknown = [each for each in names if each not in library().by_id]
    if unknown or len(names) > MOST_MEASURES:
        raise Refused(
            "没有这项政策措施" if unknown else f"一个项目最多{MOST_MEASURES}项政策措施",
            why="、".join(unknown[:5])[:200],
            mend="请填写政策库中的措施编号",
            code="unknown-measure",
            cell="measures",
        )
    others = Programme.objects.for_site("a measure is paid by one programme of a government").filter(
        region=programme.region, state="open"
    )
    for other in others.exclude(pk=programme.pk):
        both = [each for each in names if each in other.measures]
        if both:
            raise Refused(
                "这项政策措施已由同级另一资金项目支付",
                why=f"{'、'.join(both[:5])}：“{other.title}”",
                mend="请先从那个项目中移出",
                code="measure-paid-elsewhere",
                cell="measures",
            )
    return names


def _share(text: str) -> tuple[int, int]:
    if not text:
        return 0, 1
    plain = text.replace("％", "%").replace(" ", "")
    match = re.fullmatch(r"(\d{1,4})/(\d{1,4})|(\d{1,3})(?:\.(\d{1,4}))?%", plain)
    if match is not None:
        if match[1] is not None:
            above, below = int(match[1]), int(match[2])
        else:
            decimals = match[4] or ""
            above, below = int(match[3] + decimals), 100 * 10 ** len(decimals)
        if 0 < above <= below:
            return above, below
    raise Refused("分担比例有误", mend="请写成3/10或30%，大于零、不超过1", code="not-a-share", cell="share")


def _matching(programme: Programme, code: str) -> Programme | None:
    if not code:
        return None
    rows = Programme.objects.for_site("a superior's programme is named by its code")
    found: Programme | None = rows.filter(code=code, state="open", share_numerator__gt=0).first()
    above = full_name(programme.region)
    if found is None or found.region == programme.region or found.region not in superiors(programme.region):
        raise Refused(
            "没有这个上级配套项目",
            why=f"应为{above}的上级设立、有分担比例、仍在执行的项目",
            mend="请核对编号",
            code="no-such-matching-programme",
            cell="matched_by",
        )
    return found
