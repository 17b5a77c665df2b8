"""Public notices (公示), for everybody: whose names are on a list, how much, until when, and how to object.

Identity numbers, phones and accounts are nowhere here; the names of persons are masked, credit codes in their middle.
"""

from __future__ import annotations

from contextlib import suppress

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from huiqi.portal.delivery.models import Line, Run
from huiqi.portal.delivery.queries import in_notice
from huiqi.portal.delivery.shown import measure_title, place, variant_of
from huiqi.portal.firms.models import Firm
from huiqi.portal.look.paging import paged
from huiqi.portal.look.registry import PUBLIC, page
from huiqi.portal.look.visits import Visit
from huiqi.reference.regions import UnknownRegion
from huiqi.reference.regions import region as region_of

SHOWN = ("listed", "reopened", "contested")
MOST_CHARACTERS = 40
_SHORTEST_BUSINESS = 5
"""A self-employed person's register name of fewer characters is the person's own."""
_BUSINESS_ENDINGS = (
    *tuple("店部行厂馆坊铺室社站场吧屋摊"),
    "中心",
    "超市",
    "餐厅",
    "公司",
    "诊所",
    "酒楼",
    "客栈",
    "学校",
)
"""What the register name of a business ends with; a long name without it may be a person's (复姓, 少数民族姓名)."""


@page("delivery-notices", "announcements/", zh="公示", en="Public notices", opens=PUBLIC, menu="public")
def notices(request: Visit) -> HttpResponse:
    """Show the lists that are in public notice today, of a region where one is asked for."""
    region, unknown = "", ""
    if asked := request.GET.get("region", "").strip():
        unknown = asked[:20]
        with suppress(UnknownRegion):
            region, unknown = region_of(asked).code, ""
    rows = paged(in_notice(request.today, region).order_by("notice_until", "pk"), request.GET.get("page"))
    context = {
        "rows": rows,
        "shown": [(each, measure_title(each.measure, each.variant), place(each.region)) for each in rows],
        "region": region,
        "unknown": unknown,
    }
    return render(request, "delivery/notices.html", context)


@page("delivery-notice", "announcements/<int:number>/", zh="公示名单", en="Public notice", opens=PUBLIC)
def notice(request: Visit, number: int) -> HttpResponse:
    """Show a list that is in public notice."""
    run: Run | None = in_notice(request.today).filter(pk=number).first()
    if run is None:
        raise Http404
    rows = Line.objects.for_site("a public notice is for everybody").filter(run=run, state__in=SHOWN)
    words = request.GET.get("q", "").replace("\0", "").strip()[:MOST_CHARACTERS]
    if words:
        rows = rows.filter(firm__name__contains=words, firm__subject="enterprise")
    lines = paged(rows.select_related("firm").order_by("county", "pk"), request.GET.get("page"), 100)
    context = {
        "run": run,
        "title": measure_title(run.measure, run.variant),
        "measure": variant_of(run.measure, run.variant),
        "place": place(run.region),
        "rows": lines,
        "shown": [
            (public_name(each.firm), public_code(each.firm), place(each.county), each.amount)
            for each in lines
        ],
        "q": words,
    }
    return render(request, "delivery/notice.html", context)


def public_name(firm: Firm) -> str:
    """Return a firm's name as everybody may read it: an enterprise's in full, a person's with what follows masked."""
    if firm.subject != "self_employed":
        return firm.name
    if len(firm.name) >= _SHORTEST_BUSINESS and firm.name.endswith(_BUSINESS_ENDINGS):
        return firm.name
    return firm.name[:1] + "*" * max(1, len(firm.name) - 1)


def public_code(firm: Firm) -> str:
    """Return the ends of a credit code; of whom is no enterprise nothing, because the code may hold an identity number."""
    if firm.subject != "enterprise":
        return _("不公开")
    return f"{firm.credit_code[:6]}********{firm.credit_code[-4:]}"
