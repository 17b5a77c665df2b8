"""The calculator for anybody: who, question by question, the result, a sheet to print, a calendar, a page to share."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from huiqi.portal.answers import firm_pages  # noqa: F401  the pages of a firm register themselves
from huiqi.portal.answers.flow import answer_ask, answer_calendar, answer_change, answer_result, answer_sheet
from huiqi.portal.answers.sharing import shared_of
from huiqi.portal.answers.talks import Talk, anonymous_talk, begin, forget
from huiqi.portal.answers.told import Told
from huiqi.portal.catalogue.places import place_groups
from huiqi.portal.catalogue.queries import wanted
from huiqi.portal.catalogue.shelf import shelf
from huiqi.portal.look.registry import PUBLIC, page
from huiqi.portal.look.visits import Visit
from huiqi.reference.regions import NATION, full_name
from huiqi.rules.facts import SUBJECTS


@page(
    "answers",
    "answers/",
    zh="我能享受什么",
    en="What am I owed",
    opens=PUBLIC,
    menu="public",
    methods=("GET", "POST"),
)
def answers(request: Visit) -> HttpResponse:
    """Choose place, kind of subject and day; a talk begun earlier in this session can be gone on with."""
    house = shelf()
    given = request.POST if request.method == "POST" else request.GET
    asked, refused = wanted(given.dict(), house.cards)
    said = {each.field: each.said for each in refused if each.field in ("region", "subject", "on")}
    if request.method == "POST":
        if not asked.region or asked.region == NATION:
            said["region"] = said.get("region") or _("请选择经营所在的地区。")
        if not asked.subject:
            said["subject"] = said.get("subject") or _("请选择主体类型。")
        if not said:
            begin(request, Told(asked.subject, asked.region, asked.on or request.today))
            return redirect("answers-ask")
    context = {
        "asked": asked,
        "day": asked.on or request.today,
        "said": said,
        "places": place_groups(house.library),
        "subjects": SUBJECTS.items(),
        "talk": anonymous_talk(request),
        "holding": sum(each.in_force.holds(request.today) for each in house.library.measures),
    }
    return render(
        request, "answers/start.html", context, status=422 if said and request.method == "POST" else 200
    )


@page("answers-ask", "answers/ask/", zh="问答", en="Questions", opens=PUBLIC, methods=("GET", "POST"))
def ask(request: Visit) -> HttpResponse:
    """Ask the next question."""
    talk = anonymous_talk(request)
    return answer_ask(talk) if talk is not None else _begin_first(request)


@page(
    "answers-change",
    "answers/ask/<int:step>/",
    zh="修改答案",
    en="Change an answer",
    opens=PUBLIC,
    methods=("GET", "POST"),
)
def change(request: Visit, step: int) -> HttpResponse:
    """Answer an earlier question anew."""
    talk = anonymous_talk(request)
    return answer_change(talk, step) if talk is not None else _begin_first(request)


@page("answers-result", "answers/result/", zh="测算结果", en="Result", opens=PUBLIC)
def result(request: Visit) -> HttpResponse:
    """Show the result of what is known by now."""
    talk = anonymous_talk(request)
    return answer_result(talk) if talk is not None else _begin_first(request)


@page("answers-sheet", "answers/sheet/", zh="惠企政策明白纸", en="Sheet", opens=PUBLIC)
def sheet(request: Visit) -> HttpResponse:
    """Show the result as a sheet to print."""
    talk = anonymous_talk(request)
    return answer_sheet(talk) if talk is not None else _begin_first(request)


@page("answers-calendar", "answers/calendar.ics", zh="截止日期", en="Deadlines", opens=PUBLIC)
def calendar(request: Visit) -> HttpResponse:
    """Give the deadlines as a calendar file."""
    talk = anonymous_talk(request)
    return answer_calendar(talk) if talk is not None else _begin_first(request)


@page("answers-forget", "answers/forget/", zh="清除", en="Forget", opens=PUBLIC, methods=("POST",))
def forget_answers(request: Visit) -> HttpResponse:
    """Forget all answers of this session."""
    forget(request)
    return redirect("answers")


@page("answers-shared", "answers/shared/", zh="分享的政策清单", en="A shared list", opens=PUBLIC)
def shared(request: Visit) -> HttpResponse:
    """Show measures that somebody shared: nothing of a firm is in the address or on the page."""
    made, said = shared_of(request.GET.dict(), shelf())
    context: dict[str, object] = {"shared": made, "said": said}
    if made is not None:
        context["subject"], context["place"] = _(SUBJECTS[made.subject]), full_name(made.region)
        context["groups"] = [(_("确定可享"), made.certain), (_("可能可享"), made.likely)]
    return render(request, "answers/shared.html", context, status=200 if made is not None else 400)


def _begin_first(request: Visit) -> HttpResponse:
    """Nothing was begun in this session, or it ended: begin anew."""
    talk: Talk | None = None
    context = {
        "asked": wanted({}, shelf().cards)[0],
        "day": request.today,
        "said": {},
        "places": place_groups(shelf().library),
        "subjects": SUBJECTS.items(),
        "talk": talk,
        "gone": True,
        "holding": 1,
    }
    return render(request, "answers/start.html", context, status=404)
