"""What a member's firm is owed, in one line, on the home: what is certain, what is missing, what ends when."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from huiqi.portal.catalogue.cards import Card
from huiqi.portal.catalogue.shelf import shelf
from huiqi.portal.firms.case import case_of
from huiqi.portal.firms.models import Firm
from huiqi.portal.look.home import HomeLine, HomePart, Tone, home_part
from huiqi.portal.look.visits import Visit
from huiqi.reference.money import format_yuan_grouped
from huiqi.rules.verdicts import ELIGIBLE, UNDETERMINED
from huiqi.screening.application_order import application_order
from huiqi.screening.assess import Assessment, assess

_MOST_FIRMS = 20
_MOST_DEADLINES = 3
_NEAR = 60
"""Days within which the end of a measure is told."""


@home_part("owed", opens="owed", order=1, group="own")
def owed(request: Visit) -> HomePart | None:
    """What the firm is owed by what the register knows; where one has several, the first is worked out."""
    firms = list(Firm.objects.visible_to(request.actor, "owed").order_by("name", "pk")[:_MOST_FIRMS])
    if not firms:
        return None
    house, first = shelf(), firms[0]
    assessed = assess(house.library, case_of(first, house.library, request.today).situation)
    lines = [*_lines(first, assessed, request)]
    lines += [HomeLine(each.name, _result(each)) for each in firms[1:]]
    return HomePart(first.name, tuple(lines), more=_result(first))


def _lines(firm: Firm, assessed: Assessment, request: Visit) -> Iterator[HomeLine]:
    certain = sum(each.judgement.verdict == ELIGIBLE for each in assessed.measures)
    if assessed.total_certain:
        said = ngettext(
            "%(total)s项确定可享，合计%(money)s元", "%(total)s项确定可享，合计%(money)s元", certain
        )
    else:
        said = ngettext("%(total)s项确定可享", "%(total)s项确定可享", certain)
    values = {"total": certain, "money": format_yuan_grouped(assessed.total_certain)}
    yield HomeLine(said % values, _result(firm), tone="good" if certain else "")
    if missing := sum(each.judgement.verdict == UNDETERMINED for each in assessed.measures):
        said = ngettext(
            "还有%(total)s项缺信息，答几个问题就能确定",
            "还有%(total)s项缺信息，答几个问题就能确定",
            missing,
        )
        yield HomeLine(
            said % {"total": missing}, reverse("owed-ask", kwargs={"number": firm.pk}), tone="soon"
        )
    steps = [
        each for each in application_order(assessed.bundle) if each.to_apply and each.last_day is not None
    ]
    for each in steps[:_MOST_DEADLINES]:
        assert each.last_day is not None
        days = (each.last_day - request.today).days
        if 0 <= days <= _NEAR:
            card: Card = shelf().cards.of(each.measure)
            tone: Tone = "late" if days <= 14 else "soon"
            note = ngettext("还有%(days)s天截止", "还有%(days)s天截止", days) % {"days": days}
            yield HomeLine(_("抓紧申请：%(title)s") % {"title": card.title}, card.address(), note, tone)


def _result(firm: Firm) -> str:
    return reverse("owed-result", kwargs={"number": firm.pk})
