"""The measures for officers: what is in force here and who is entitled, from the newest screenings; the reasons of one firm."""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Sum
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from huiqi.policies.library import PolicyLibrary
from huiqi.policies.size import CLASSES
from huiqi.portal.acts.actors import Actor
from huiqi.portal.acts.refusals import Refused
from huiqi.portal.answers.result import Entry, result_of
from huiqi.portal.catalogue.cards import Card
from huiqi.portal.catalogue.queries import folded
from huiqi.portal.catalogue.shelf import shelf
from huiqi.portal.catalogue.words import in_chinese
from huiqi.portal.firms.case import case_of
from huiqi.portal.firms.models import Firm, Look
from huiqi.portal.look.registry import page
from huiqi.portal.look.visits import Visit
from huiqi.portal.screenings.charts import name_of
from huiqi.portal.screenings.entitled import BEGUN, ENDED, Asked, Entitled, Row, asked_of
from huiqi.portal.screenings.exports import hand_out, may_export
from huiqi.portal.screenings.models import CountyResult, FactGap, MeasureResult
from huiqi.portal.screenings.queries import FIRMS, MEASURES, Staleness, latest_of, staleness
from huiqi.portal.screenings.sheets import write_entitled
from huiqi.portal.screenings.words import FactLabels
from huiqi.reference.industries import industry, listed
from huiqi.rules.measure import AMOUNT_IS, DELIVERIES, KINDS, NEVER
from huiqi.rules.verdicts import ELIGIBLE, LIKELY, UNDETERMINED, VERDICTS
from huiqi.screening.assess import COUNTED

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 200_000
_MOST_FACTS = 12
_A_PAGE = 50
_MOST_CHARACTERS = 60
_FIGURES = ("eligible", "likely", "undetermined", "certain_fen", "likely_fen", "begun", "ended")


@page("measures", "measures/", zh="政策措施", en="Measures", menu="register")
def measures(request: Visit) -> HttpResponse:
    """List the measures in force in the visitor's area with what the newest screening came to."""
    house, actor = shelf(), request.actor
    latest = list(latest_of(actor))
    rows = MeasureResult.objects.visible_to(actor, MEASURES).filter(county__latest=True)
    sums = {
        each["measure"]: each
        for each in rows.order_by().values("measure").annotate(**{name: Sum(name) for name in _FIGURES})
    }
    asked = _wanted(request)
    shown = []
    for cards in _in_force(house.library, actor, request.today):
        figures = sums.get(cards[0].measure.id)
        first = cards[0].measure
        row = {
            "card": cards[0],
            "others": cards[1:],
            "sums": figures,
            "until": _last_day(cards),
            "counts": first.amount_is in COUNTED,
            "nature": _(AMOUNT_IS[first.amount_is]),
        }
        if _takes(asked, cards, figures):
            shown.append(row)
    shown.sort(key=_most_money)
    context = {
        "rows": shown,
        "asked": asked,
        "kinds": KINDS.items(),
        "deliveries": DELIVERIES.items(),
        "about": _about(latest),
        "stale": _staleness(actor, latest, house.library),
    }
    return render(request, "screenings/measures.html", context, status=400 if asked["unread"] else 200)


@page("measure", "measures/<str:name>/", zh="政策措施", en="Measure", opens="measures")
def measure(request: Visit, name: str) -> HttpResponse:
    """Show a measure's rule, what the newest screening came to, and who is entitled, filtered and paged."""
    house, actor = shelf(), request.actor
    cards = _cards_of(house.library, actor, name)
    latest = list(latest_of(actor))
    counties = [each.county for each in latest]
    asked = asked_of(request.GET, counties)
    sums = (
        MeasureResult.objects.visible_to(actor, MEASURES)
        .filter(county__latest=True, measure=name)
        .aggregate(**{each: Sum(each) for each in _FIGURES})
    )
    sees_firms = actor.may_see(FIRMS)
    context: dict[str, Any] = {
        "card": cards[0],
        "cards": cards,
        "states": [(each, each.state(request.today)) for each in cards],
        "sums": sums if sums["eligible"] is not None else None,
        "about": _about(latest),
        "stale": _staleness(actor, latest, house.library),
        "asked": asked,
        "facts": _facts(actor, name, asked),
        "sees_firms": sees_firms,
        "sees_firm": actor.may_see("firm"),
        "unread": asked.unread,
    }
    if sees_firms and latest:
        entitled = Entitled(list(latest_of(actor, FIRMS)), name, asked)
        rows = Paginator(entitled, _A_PAGE).get_page(request.GET.get("page"))
        context |= {
            "firms": rows,
            "shown": _shown(actor, list(rows)),
            "total_fen": entitled.counted_fen,
            "counties": [(each, name_of(each)) for each in counties],
            "sizes": _sizes(),
            "sections": [(each.code, f"{each.code} {each.name}") for each in listed("section")],
            "verdicts": _verdicts(),
            "changes": [(BEGUN, _("新增符合")), (ENDED, _("不再符合"))],
            "has_before": any(each.run.before_id for each in latest),
            "may_export": may_export(actor),
            "key": uuid.uuid4().hex,
        }
    return render(request, "screenings/measure.html", context, status=400 if asked.unread else 200)


@page(
    "measure-export",
    "measures/<str:name>/export/",
    zh="导出",
    en="Export",
    opens=FIRMS,
    methods=("POST",),
)
def measure_export(request: Visit, name: str) -> HttpResponse:
    """Give the firms that the list shows as a workbook; who took it is an event."""
    house, actor = shelf(), request.actor
    cards = _cards_of(house.library, actor, name)
    if not may_export(actor):
        raise Http404
    latest = list(latest_of(actor, FIRMS))
    asked = asked_of(request.GET, [each.county for each in latest])
    entitled = Entitled(latest, name, asked)
    try:
        if len(entitled) > MOST_ROWS:
            said = _("超过%(most)s户，不能一次导出") % {"most": f"{MOST_ROWS:,}"}
            raise Refused(said, mend=_("请缩小范围"), code="export-too-large")
        with tempfile.TemporaryDirectory(prefix="huiqi-entitled-") as folder:
            path = write_entitled(Path(folder), cards[0].measure, entitled, house, request.today)
            file = path.open("rb")
        about = {"measure": name, **asked.as_json(), "runs": sorted({each.run_id for each in latest})}
        key = request.POST.get("key", "")
        hand_out(file, about, len(entitled), actor, now=request.now, today=request.today, key=key)
    except Refused as refused:
        return render(request, "screenings/refused.html", {"refused": refused}, status=refused.status)
    called = f"{cards[0].measure.title}-{request.today.isoformat()}.xlsx"
    return FileResponse(file, as_attachment=True, filename=called, content_type=_XLSX)


@page(
    "entitled-firm",
    "measures/<str:name>/firms/<int:number>/",
    zh="判定理由",
    en="Why",
    opens=FIRMS,
)
def entitled_firm(request: Visit, name: str, number: int) -> HttpResponse:
    """Show why a measure comes out as it does for a firm, by what the register says now; the look is noted."""
    house, actor = shelf(), request.actor
    firm: Firm = get_object_or_404(Firm.objects.visible_to(actor, FIRMS).filter(listed=True), pk=number)
    _cards_of(house.library, actor, name)
    result = latest_of(actor, FIRMS).filter(county=firm.region).first()
    day = result.run.as_of if result is not None else request.today
    _note(request, firm)
    case = case_of(firm, house.library, day)
    made = result_of(house, house.interviewer.begin(case.situation))
    entries = (*made.certain, *made.likely, *made.open, *made.failed)
    entry = next((each for each in entries if each.measure.id == name), None)
    then = _then(result, name, firm) if result is not None else None
    context = {
        "firm": firm,
        "entry": entry,
        "day": day,
        "then": then,
        "then_verdict": _(VERDICTS[then.verdict]) if then is not None else "",
        "verdict": _verdict_title(entry),
        "changed": then is not None and not _same(then, entry),
        "sees_firm": actor.may_see("firm"),
        "card": entry.card if entry is not None else _cards_of(house.library, actor, name)[0],
    }
    return render(request, "screenings/reason.html", context)


def _wanted(request: Visit) -> dict[str, Any]:
    unread = []

    def chosen(name: str, known: Iterable[str]) -> str:
        value = request.GET.get(name, "").strip()
        if value and value not in known:
            unread.append(name)
            return ""
        return value

    return {
        "q": request.GET.get("q", "").replace("\0", "").strip()[:_MOST_CHARACTERS],
        "kind": chosen("kind", KINDS),
        "delivery": chosen("delivery", DELIVERIES),
        "only": chosen("only", ("owed",)),
        "unread": unread,
    }


def _takes(asked: dict[str, Any], cards: list[Card], figures: dict[str, int] | None) -> bool:
    first = cards[0].measure
    if asked["kind"] not in ("", first.kind) or asked["delivery"] not in ("", first.delivery):
        return False
    if asked["only"] and not (figures and (figures["eligible"] or figures["likely"])):
        return False
    return all(any(word in each.text for each in cards) for word in folded(asked["q"]).split())


def _areas(actor: Actor, opens: str) -> list[str]:
    """Return the regions of the areas that a page shows the actor, as six digits."""
    areas = {area for each in actor.capacities if opens in each.pages for area in each.areas}
    return sorted(area.ljust(6, "0") for area in areas)


def _in_force(library: PolicyLibrary, actor: Actor, day: date) -> list[list[Card]]:
    """Return the cards of each measure that may hold somewhere in the actor's area on a day."""
    found: dict[str, dict[tuple[str, str], Card]] = {}
    for area in _areas(actor, MEASURES):
        for variants in library.applying(area, day):
            for each in variants:
                found.setdefault(each.id, {})[each.id, each.region] = shelf().cards.of(each)
    return [list(cards.values()) for cards in found.values()]


def _cards_of(library: PolicyLibrary, actor: Actor, name: str) -> list[Card]:
    """Return the cards of a measure that hold in the actor's area, now or at another time. Raises Http404."""
    found: dict[str, Card] = {}
    for area in _areas(actor, MEASURES):
        for each in library.possible(name, area)[0]:
            found[each.region] = shelf().cards.of(each)
    if not found:
        raise Http404
    return list(found.values())


def _last_day(cards: list[Card]) -> date | None:
    days = [
        each.last_day for each in cards if each.measure.in_force.to != NEVER and each.last_day is not None
    ]
    return min(days, default=None)


def _most_money(row: dict[str, Any]) -> tuple[int, int, str]:
    figures = row["sums"] or {"certain_fen": 0, "eligible": 0}
    money = figures["certain_fen"] if row["counts"] else 0
    return -money, -figures["eligible"], row["card"].measure.id


def _about(latest: list[CountyResult]) -> dict[str, Any] | None:
    """Return which runs the figures come from, None where there is none yet."""
    if not latest:
        return None
    runs = {each.run_id: each.run for each in latest}
    days = sorted({run.as_of for run in runs.values()})
    return {"runs": sorted(runs.values(), key=lambda run: -run.pk), "first": days[0], "last": days[-1]}


def _staleness(actor: Actor, latest: list[CountyResult], library: PolicyLibrary) -> Staleness | None:
    """Return what changed since the oldest of the runs."""
    if not latest:
        return None
    oldest = min((each.run for each in latest), key=lambda run: run.register.get("change_before", 0))
    return staleness(actor, oldest, library, MEASURES)


def _facts(actor: Actor, name: str, asked: Asked) -> list[dict[str, Any]]:
    """Return the facts that firms lack for a measure, those that most lack first."""
    gaps = FactGap.objects.visible_to(actor, MEASURES).filter(county__latest=True)
    labels = FactLabels(shelf())
    counts: dict[str, int] = {}
    for fact, measures in gaps.filter(measures__has_key=name).values_list("fact", "measures"):
        counts[fact] = counts.get(fact, 0) + measures[name]
    top = sorted(counts.items(), key=lambda each: (-each[1], each[0]))[:_MOST_FACTS]
    if asked.fact and asked.fact not in dict(top) and asked.fact in counts:
        top.append((asked.fact, counts[asked.fact]))
    return [
        {"fact": fact, "label": labels.label(fact), "who": labels.who(fact), "count": count}
        for fact, count in top
    ]


def _shown(actor: Actor, rows: list[Row]) -> list[dict[str, Any]]:
    """Return rows as a page shows them; those of firms that the actor does not see now are closed."""
    firms = Firm.objects.visible_to(actor, FIRMS).filter(pk__in=[each.pk for each in rows], listed=True)
    names = dict(firms.values_list("pk", "name"))
    labels, verdicts, sizes = FactLabels(shelf()), dict(_verdicts()), dict(_sizes())
    return [
        {
            "row": each,
            "name": names.get(each.pk, each.name),
            "open": each.pk in names,
            "county": name_of(each.county),
            "trade": industry(each.section).name if each.section else "",
            "size": sizes.get(each.size, ""),
            "verdict": verdicts.get(each.verdict, _(VERDICTS[each.verdict])),
            "missing": [labels.label(fact) for fact in each.missing],
            "gives_way": each.counted is not None and each.amount is not None and each.counted < each.amount,
            "begun": each.verdict == ELIGIBLE and each.before not in (None, ELIGIBLE),
        }
        for each in rows
    ]


def _verdicts() -> list[tuple[str, str]]:
    return [(each, _(VERDICTS[each])) for each in (ELIGIBLE, LIKELY, UNDETERMINED)]


def _sizes() -> list[tuple[str, str]]:
    titles = [(name, title if in_chinese() else name.replace("_", " ")) for name, title in CLASSES]
    return [*titles, ("unknown", _("尚不能确定"))]


def _then(result: CountyResult, name: str, firm: Firm) -> Row | None:
    """Return what the newest screening said of a firm."""
    found = Entitled([result], name, Asked(text=firm.credit_code))
    return next((each for each in found[:5] if each.pk == firm.pk), None)


def _same(then: Row, entry: Entry | None) -> bool:
    return entry is not None and (then.verdict, then.amount) == (entry.verdict, entry.amount)


def _verdict_title(entry: Entry | None) -> str:
    return _(VERDICTS[entry.verdict]) if entry is not None else _("不适用")


def _note(request: Visit, firm: Firm) -> None:
    """Note the look: the reasons show what the register knows of the firm."""
    reaching = (
        each for each in request.actor.capacities if FIRMS in each.pages and each.reaches(firm.scope())
    )
    capacity = next(reaching, None)
    Look.objects.create(
        firm=firm,
        actor=request.actor.id,
        acting_as=capacity.mark if capacity is not None else "",
        what="firm",
        at=request.now,
    )
