"""Pages of findings: all of an area, one with what is behind it, and the list taken out as a sheet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from huiqi.portal.acts.transitions import tables
from huiqi.portal.fund_watch.models import FundFinding
from huiqi.portal.fund_watch.queries import (
    OPEN_STATES,
    WATCH,
    findings_seen,
    known_region,
    known_rule,
    narrowed,
)
from huiqi.portal.fund_watch.rules import monitoring
from huiqi.portal.fund_watch.told import about_address, explained, rule_title, set_by, source_of
from huiqi.portal.funds.models import Transfer
from huiqi.portal.funds.origins import origins_of
from huiqi.portal.funds.programme_pages import sheet
from huiqi.portal.funds.shown import purpose_words
from huiqi.portal.look.paging import paged
from huiqi.portal.look.registry import page, pages
from huiqi.portal.look.visits import Visit
from huiqi.reference.regions import full_name

_ACTS = ("finding.assign", "finding.answer", "finding.accept", "finding.return")


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """A finding with its words."""

    finding: FundFinding
    title: str
    said: str
    place: str
    state: str
    late: bool


@page(WATCH, "funds/findings/", zh="资金监控", en="Monitoring of funds", menu="funds")
def fund_findings(request: Visit) -> HttpResponse:
    """Show the findings of one's area, the newest first."""
    asked = _asked(request)
    rows = narrowed(findings_seen(request.actor), asked)
    findings = paged(rows.order_by("-pk"), request.GET.get("page"))
    context = {
        "findings": findings,
        "shown": [_shown(each, request) for each in findings],
        "states": [("open", _("未办结")), *_states()],
        "rules": [(name, rule_title(name)) for name in monitoring()],
        **asked,
    }
    return render(request, "fund_watch/findings.html", context)


@page(
    "fund-findings-export", "funds/findings/export/", zh="导出资金监控疑点", en="Export findings", opens=WATCH
)
def fund_findings_export(request: Visit) -> HttpResponse:
    """Hand out the findings that the page shows as a sheet."""
    rows = narrowed(findings_seen(request.actor), _asked(request)).order_by("-pk")
    headings = (
        *(_("编号"), _("规则"), _("地区"), _("资金项目"), _("年度"), _("情况"), _("状态"), _("发现日期")),
        *(_("消除日期"), _("经办人"), _("说明期限"), _("情况说明"), _("审核意见")),
    )
    return sheet(_("资金监控疑点"), headings, _lines(rows, request))


@page(
    "fund-finding", "funds/findings/<int:number>/", zh="资金监控疑点", en="Finding about funds", opens=WATCH
)
def fund_finding(request: Visit, number: int) -> HttpResponse:
    """Show a finding: what was found and by which rule, the transfers behind it, and what was answered."""
    finding: FundFinding = get_object_or_404(findings_seen(request.actor), pk=number)
    rule = monitoring().get(finding.rule)
    transfers = _behind(finding)
    origins = origins_of(request.actor, transfers)
    context = {
        "finding": finding,
        "shown": _shown(finding, request),
        "rule": rule,
        "source": source_of(rule) if rule is not None else "",
        "set_by": set_by(rule) if rule is not None else "",
        "about": _about(finding, request),
        "transfers": [(each, purpose_words(each.purpose), origins.get(each.key)) for each in transfers],
        "acts": [each for each in _ACTS if each in tables()["fund_watch.fundfinding"].allowed(finding.state)],
    }
    return render(request, "fund_watch/finding.html", context)


def _asked(request: Visit) -> dict[str, Any]:
    state = request.GET.get("state", "open")
    user = request.actor.id.removeprefix("user:")
    return {
        "state": state if state in ("open", *dict(_states())) else "",
        "rule": known_rule(request.GET.get("rule", "")),
        "region": known_region(request.GET.get("region", "")),
        "mine": int(user) if request.GET.get("mine") == "1" and user.isdecimal() else 0,
    }


def _states() -> list[tuple[str, str]]:
    english = (get_language() or "").startswith("en")
    return [(name, words[english]) for name, words in tables()["fund_watch.fundfinding"].states.items()]


def _shown(finding: FundFinding, request: Visit) -> ShownFinding:
    return ShownFinding(
        finding,
        rule_title(finding.rule),
        explained(finding, request.today),
        full_name(finding.region),
        dict(_states())[finding.state],
        finding.state in OPEN_STATES and finding.due is not None and finding.due < request.today,
    )


def _behind(finding: FundFinding) -> list[Transfer]:
    rows = Transfer.objects.for_site("of a finding that is seen; the other side is another government's")
    return list(rows.filter(pk__in=finding.transfers).select_related("debit", "credit").order_by("day", "pk"))


def _about(finding: FundFinding, request: Visit) -> str:
    """The page of what it is about, where the visitor may open it."""
    route, number = about_address(finding)
    if not route or route not in pages() or not request.actor.may_see(pages()[route].opens):
        return ""
    return reverse(route, kwargs={"number": number})


def _lines(rows: Any, request: Visit) -> Iterator[tuple[str, ...]]:
    for each in rows.iterator(chunk_size=500):
        shown = _shown(each, request)
        yield (
            each.number,
            shown.title,
            shown.place,
            each.programme.title,
            str(each.year),
            shown.said,
            shown.state,
            each.found_on.isoformat(),
            each.cleared_on.isoformat() if each.cleared_on else "",
            each.assigned_to.name if each.assigned_to else "",
            each.due.isoformat() if each.due else "",
            each.answer,
            each.said,
        )
