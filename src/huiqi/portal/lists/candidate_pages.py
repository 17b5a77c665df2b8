"""Candidates of a list's rule, and proposals to decide."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from huiqi.portal.accounts.models import prefix
from huiqi.portal.acts.performing import perform
from huiqi.portal.acts.refusals import Refused
from huiqi.portal.catalogue.shelf import shelf
from huiqi.portal.firms.queries import places_of
from huiqi.portal.jobs.running import ask
from huiqi.portal.lists.heads import head, kept_list
from huiqi.portal.lists.kinds import MEMBER, kinds
from huiqi.portal.lists.models import KeptList, Search
from huiqi.portal.lists.queries import PAGE, batches_of, candidates_of, entries_of, entry_filters
from huiqi.portal.lists.told import missing_words, tell
from huiqi.portal.look.paging import paged
from huiqi.portal.look.registry import page
from huiqi.portal.look.visits import Visit
from huiqi.reference.regions import full_name

MOST_AT_ONCE = 2_000
_DECIDED_TOGETHER = ("list.review", "list.approve")


@page("list-candidates", "lists/<int:number>/candidates/", zh="候选企业", en="Candidates", opens=PAGE)
def list_candidates(request: Visit, number: int) -> HttpResponse:
    """Show who meets the admission rule, and of whom too little is known."""
    return _show_candidates(request, kept_list(request, number))


@page(
    "list-search",
    "lists/<int:number>/search/",
    zh="重新查找",
    en="Search anew",
    opens=PAGE,
    methods=("POST",),
)
def list_search(request: Visit, number: int) -> HttpResponse:
    """Ask for a new search of the candidates; it changes nothing of the list."""
    kept = kept_list(request, number)
    if request.actor.allowed("list.admit"):
        ask(
            "list-candidates",
            f"list-candidates:{kept.pk}",
            {"list": kept.pk},
            by=request.actor.id,
            now=request.now,
            region=kept.region,
        )
        messages.success(request, _("已安排查找，稍后刷新本页。"))
    return redirect("list-candidates", number=kept.pk)


@page("list-admit", "lists/<int:number>/admit/", zh="批量列入", en="Admit", opens=PAGE, methods=("POST",))
def list_admit(request: Visit, number: int) -> HttpResponse:
    """Admit the candidates that were chosen; each is judged anew by the act."""
    kept = kept_list(request, number)
    if request.POST.get("which") == "all":
        rows = candidates_of(request.actor, kept).filter(certain=True).order_by("pk")
        firms = list(rows.values_list("firm", flat=True)[:MOST_AT_ONCE])
    else:
        given = request.POST.getlist("firm")[:MOST_AT_ONCE]
        firms = [int(each) for each in given if each.isascii() and each.isdecimal() and len(each) < 19]
    values = {"kept": kept.pk, "firms": firms, "rule": request.POST.get("rule", "")[:64]}
    try:
        if not firms:
            raise Refused(_("没有选择企业"), mend=_("请勾选要列入的企业"))
        done = perform(
            "list.admit",
            request.actor,
            None,
            values,
            now=request.now,
            today=request.today,
            key=request.POST.get("key", ""),
        )
    except Refused as refused:
        return _show_candidates(request, kept, refused)
    total = done.subject.counts["rows"]  # type: ignore[attr-defined]
    said = ngettext("已列入%(total)s户", "已列入%(total)s户", total)
    if kinds()[kept.kind].then != MEMBER:
        said = ngettext("已提名%(total)s户，待复核和审批", "已提名%(total)s户，待复核和审批", total)
    messages.success(request, said % {"total": total})
    return redirect("list-candidates", number=kept.pk)


@page("list-proposals", "lists/<int:number>/proposals/", zh="待办提名", en="Proposals", opens=PAGE)
def list_proposals(request: Visit, number: int) -> HttpResponse:
    """Show what is proposed for a list, what is up for decision, and files that wait."""
    return _show_proposals(request, kept_list(request, number))


@page("list-decide", "lists/<int:number>/decide/", zh="批量办理", en="Decide", opens=PAGE, methods=("POST",))
def list_decide(request: Visit, number: int) -> HttpResponse:
    """Pass or approve the proposals that were chosen, each an act of its own; what is refused is told by name."""
    kept = kept_list(request, number)
    act, key = request.POST.get("act", ""), request.POST.get("key", "")
    given = request.POST.getlist("entry")[:200]
    chosen = [int(each) for each in given if each.isascii() and each.isdecimal() and len(each) < 19]
    if act not in _DECIDED_TOGETHER or not request.actor.allowed(act) or not chosen:
        messages.error(request, _("请勾选要办理的提名。"))
        return redirect("list-proposals", number=kept.pk)
    done, refusals = 0, []
    for entry in entries_of(request.actor, kept).filter(pk__in=chosen).select_related("firm").order_by("pk"):
        try:
            perform(
                act,
                request.actor,
                entry.pk,
                {},
                now=request.now,
                today=request.today,
                key=f"{key[:40]}:{entry.pk}",
            )
            done += 1
        except Refused as refused:
            refusals.append((entry.name, refused))
    if done:
        said = ngettext("已办理%(total)s项", "已办理%(total)s项", done)
        messages.success(request, said % {"total": done})
    return (
        _show_proposals(request, kept, refusals) if refusals else redirect("list-proposals", number=kept.pk)
    )


def _show_candidates(request: Visit, kept: KeptList, refused: Refused | None = None) -> HttpResponse:
    kind, house = kinds()[kept.kind], shelf()
    filters = entry_filters(request.GET.dict())
    unknown = request.GET.get("show") == "unknown"
    rows = candidates_of(request.actor, kept)
    if filters.region:
        within = prefix(filters.region)
        rows = rows.filter(firm__region__gte=within.ljust(6, "0"), firm__region__lte=within.ljust(6, "9"))
    shown = paged(rows.filter(certain=not unknown).order_by("pk"), request.GET.get("page"))
    for each in shown:
        each.place = full_name(each.firm.region)
        each.lacks = missing_words(each.missing, house)
    context = {
        **head(request, kept, "candidates"),
        "told": tell(kind, house),
        "candidates": shown,
        "unknown": unknown,
        "filters": filters,
        "places": places_of(request.actor, PAGE),
        "search": Search.objects.filter(kept=kept).first(),
        "may_admit": bool(request.actor.allowed("list.admit")) and kind.admission is not None,
        "becomes_member": kind.then == MEMBER,
        "key": uuid.uuid4().hex,
        "refused": refused,
    }
    return render(request, "lists/candidates.html", context, status=refused.status if refused else 200)


def _show_proposals(
    request: Visit, kept: KeptList, refusals: list[tuple[str, Refused]] | None = None
) -> HttpResponse:
    mine = entries_of(request.actor, kept).select_related("firm")
    waiting = paged(mine.filter(state__in=["proposed", "reviewed"]).order_by("pk"), request.GET.get("page"))
    doubtful = list(mine.filter(state="member").exclude(doubt__isnull=True).order_by("pk")[:200])
    may_review, may_approve = (bool(request.actor.allowed(each)) for each in _DECIDED_TOGETHER)
    for each in [*waiting, *doubtful]:
        each.place = full_name(each.scope().region or "")
        each.can_choose = may_review if each.state == "proposed" else may_approve
    batches = list(batches_of(request.actor).filter(kept=kept).defer("rows", "findings").order_by("-pk")[:20])
    context = {
        **head(request, kept, "proposals"),
        "waiting": waiting,
        "doubtful": doubtful,
        "batches": batches,
        "refusals": refusals or [],
        "may_review": may_review,
        "may_approve": may_approve,
        "key": uuid.uuid4().hex,
    }
    return render(request, "lists/proposals.html", context, status=422 if refusals else 200)
