"""Pages of bank statements: handed in, shown with what is wrong in them, and the queue of what fitted nothing."""

from __future__ import annotations

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from huiqi.portal.acts.transitions import tables
from huiqi.portal.jobs.models import Job
from huiqi.portal.look.handing_in import HandsIn, form_with_file, hand_in
from huiqi.portal.look.paging import paged
from huiqi.portal.look.registry import page
from huiqi.portal.look.uploads import LimitedUpload
from huiqi.portal.look.visits import Visit
from huiqi.portal.payments.models import BankStatement, StatementLine
from huiqi.portal.payments.queries import (
    PAYMENTS,
    STATEMENTS,
    likely_payments,
    lines_of,
    queue_of,
    statements_of,
)
from huiqi.portal.payments.shown import shown_line, states_of, why_words
from huiqi.portal.payments.statement_acts import HandingIn
from huiqi.portal.payments.statement_files import FORMS, MOST_BYTES, keep, too_large

_HANDS_IN = HandsIn("statement.hand_in", HandingIn, keep, too_large, "请选择回单文件")
_PRESSED = ("statement.take", "statement.drop")


@page(STATEMENTS, "statements/", zh="银行回单", en="Bank statements", menu="funds")
def statements(request: Visit) -> HttpResponse:
    """Show the statements of one's area, newest first."""
    states = states_of("payments.bankstatement")
    state = request.GET.get("state", "")
    rows = statements_of(request.actor)
    if state in dict(states):
        rows = rows.filter(state=state)
    context = {
        "statements": paged(rows.defer("findings").order_by("-id"), request.GET.get("page")),
        "states": states,
        "state": state,
        "waiting": queue_of(request.actor).count(),
    }
    return render(request, "payments/statements.html", context)


@page(
    "statement-import",
    "statements/import/",
    zh="导入银行回单",
    en="Import a bank statement",
    opens=STATEMENTS,
    methods=("GET", "POST"),
)
@csrf_exempt
def statement_import(request: Visit) -> HttpResponse:
    """Take a statement's file. Its size is watched while it comes in; the form's token is checked after that."""
    request.upload_handlers = [LimitedUpload(request, MOST_BYTES)]
    if not request.actor.allowed("statement.hand_in"):
        raise Http404
    answer: HttpResponse = _import(request)
    return answer


@csrf_protect
def _import(request: Visit) -> HttpResponse:
    def show(form: forms.Form, key: str, status: int = 200) -> HttpResponse:
        return render(request, "payments/import.html", {"form": form, "key": key}, status=status)

    return hand_in(
        request,
        _HANDS_IN,
        _form_class(request),
        show,
        lambda done: redirect("statement", number=done.subject.pk),
    )


@page("statement", "statements/<int:number>/", zh="银行回单", en="Bank statement", opens=STATEMENTS)
def statement(request: Visit, number: int) -> HttpResponse:
    """Show what a statement says, what is wrong in it, and what taking it does or did."""
    found: BankStatement = get_object_or_404(statements_of(request.actor), pk=number)
    states = states_of("payments.statementline")
    state = request.GET.get("state", "")
    rows = lines_of(request.actor).filter(statement=found)
    if state in dict(states):
        rows = rows.filter(state=state)
    lines = paged(rows.order_by("number"), request.GET.get("page"))
    waits = found.state in ("handed_in", "taking")
    expected = found.counts.get("expected", {})
    context = {
        "statement": found,
        "lines": lines,
        "shown": [shown_line(each, {}) for each in lines],
        "states": states,
        "state": state,
        "findings": Paginator(found.findings, 50).get_page(request.GET.get("errors")),
        "acts": [
            each for each in _PRESSED if each in tables()["payments.bankstatement"].allowed(found.state)
        ],
        "waits": waits,
        "job": _job(found) if waits else None,
        "matching": expected.get("matched", 0),
        "queueing": [
            (why_words(StatementLine(why=why)), count) for why, count in expected.items() if why != "matched"
        ],
        "ways": [
            (name, *found.counts[name])
            for name in ("paid", "rejected", "returned")
            if found.counts.get(name, [0])[0]
        ],
        "unfinished": rows.filter(state__in=["queued", "proposed"]).exists()
        if found.state == "taken"
        else False,
    }
    return render(request, "payments/statement.html", context)


@page("statement-queue", "statements/queue/", zh="待人工处理", en="To be settled by hand", opens=STATEMENTS)
def statement_queue(request: Visit) -> HttpResponse:
    """Show the lines that fitted no payment, with why, and those that wait for another person's check."""
    lines = paged(queue_of(request.actor).order_by("pk"), request.GET.get("page"))
    likely = likely_payments(lines) if request.actor.may_see(PAYMENTS) else {}
    context = {"lines": lines, "shown": [shown_line(each, likely) for each in lines]}
    return render(request, "payments/queue.html", context)


@page(
    "statement-line",
    "statements/lines/<int:number>/",
    zh="回单明细",
    en="Line of a statement",
    opens=STATEMENTS,
)
def statement_line(request: Visit, number: int) -> HttpResponse:
    """Show one line, what was proposed for it, and the payments that it may be of."""
    line: StatementLine = get_object_or_404(lines_of(request.actor), pk=number)
    likely = likely_payments([line]) if request.actor.may_see(PAYMENTS) else {}
    context = {
        "line": line,
        "shown": shown_line(line, likely),
        "acts": tables()["payments.statementline"].allowed(line.state),
    }
    return render(request, "payments/line.html", context)


def _form_class(request: Visit) -> type[forms.Form]:
    file = forms.FileField(
        label=_("回单文件"),
        help_text=_(
            "CSV、XLSX或MT940（.sta），最大%(most)sMB。须有日期、业务编号（或用途、摘要），以及金额和处理结果，或者借方、贷方金额。"
        )
        % {"most": MOST_BYTES >> 20},
        widget=forms.FileInput(attrs={"accept": ",".join(FORMS)}),
    )
    return form_with_file(HandingIn, request.actor, file)


def _job(statement: BankStatement) -> Job | None:
    rows = Job.objects.filter(kind__startswith="statement-", purpose__endswith=f":{statement.pk}")
    return rows.order_by("-pk").first()
