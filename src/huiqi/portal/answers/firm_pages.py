"""What a firm of the register is owed, for its members: the register's facts first, questions for what is missing."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render

from huiqi.portal.answers.flow import answer_ask, answer_calendar, answer_change, answer_result, answer_sheet
from huiqi.portal.answers.talks import firm_talk, forget
from huiqi.portal.firms.models import Firm
from huiqi.portal.look.registry import page
from huiqi.portal.look.visits import Visit


@page("owed", "owed/", zh="本企业应享政策", en="What my firm is owed", menu="firm")
def owed(request: Visit) -> HttpResponse:
    """Choose among one's firms; with a single one go straight to it."""
    firms = list(Firm.objects.visible_to(request.actor, "owed").order_by("name", "pk")[:100])
    if len(firms) == 1:
        return redirect("owed-result", number=firms[0].pk)
    return render(request, "answers/firms.html", {"firms": firms})


@page("owed-result", "owed/<int:number>/", zh="应享政策", en="What it is owed", opens="owed")
def owed_result(request: Visit, number: int) -> HttpResponse:
    """Show what the firm is owed by what the register knows and what its member has said in this session."""
    return answer_result(firm_talk(request, number, "owed"))


@page(
    "owed-ask",
    "owed/<int:number>/ask/",
    zh="补充问答",
    en="Questions",
    opens="interview",
    methods=("GET", "POST"),
)
def owed_ask(request: Visit, number: int) -> HttpResponse:
    """Ask what the register does not know."""
    return answer_ask(firm_talk(request, number, "interview"))


@page(
    "owed-change",
    "owed/<int:number>/ask/<int:step>/",
    zh="修改答案",
    en="Change an answer",
    opens="interview",
    methods=("GET", "POST"),
)
def owed_change(request: Visit, number: int, step: int) -> HttpResponse:
    """Answer an earlier question anew."""
    return answer_change(firm_talk(request, number, "interview"), step)


@page("owed-sheet", "owed/<int:number>/sheet/", zh="惠企政策明白纸", en="Sheet", opens="sheet")
def owed_sheet(request: Visit, number: int) -> HttpResponse:
    """Show the result as a sheet to print."""
    return answer_sheet(firm_talk(request, number, "sheet"))


@page("owed-calendar", "owed/<int:number>/calendar.ics", zh="截止日期", en="Deadlines", opens="calendar")
def owed_calendar(request: Visit, number: int) -> HttpResponse:
    """Give the deadlines as a calendar file."""
    return answer_calendar(firm_talk(request, number, "calendar"))


@page(
    "owed-forget", "owed/<int:number>/forget/", zh="清除", en="Forget", opens="interview", methods=("POST",)
)
def owed_forget(request: Visit, number: int) -> HttpResponse:
    """Forget what was said in this session; the register stays as it is."""
    talk = firm_talk(request, number, "interview")
    forget(request, talk.firm)
    return redirect("owed-result", number=number)
