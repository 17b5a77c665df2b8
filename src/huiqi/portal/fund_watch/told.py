"""Findings in words: what was found, with its numbers, in the language of the visit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from huiqi.portal.catalogue.shelf import library
from huiqi.portal.clock.running import calendar
from huiqi.portal.fund_watch.models import FundFinding
from huiqi.portal.fund_watch.rules import Rule, monitoring
from huiqi.portal.funds.balances import percent
from huiqi.portal.funds.shown import in_language
from huiqi.reference.money import format_yuan_grouped
from huiqi.reference.regions import full_name
from huiqi.reference.working_days import CalendarNotPublished

_SOURCES = {
    "screenings": ("最新一次筛查", "the newest screening"),
    "delivery": ("兑付批次", "the deliveries"),
}


def said_by(domain: str) -> str:
    """Return what a domain that says figures is called."""
    return in_language(_SOURCES.get(domain, (domain, domain)))


def rule_title(name: str) -> str:
    """Return what a rule is called."""
    rule = monitoring().get(name)
    return in_language((rule.zh, rule.en)) if rule is not None else name


def explained(finding: FundFinding, today: date) -> str:
    """Return what was found, with its numbers; of a finding that ended, as it was on its last day."""
    rule = monitoring().get(finding.rule)
    said = _WORDS.get(rule.check if rule is not None else "")
    if said is None:
        return ""
    try:
        return said(finding.figures, finding.cleared_on or today)
    except KeyError:
        # A rule that was changed since reads other figures.
        return ""


def source_of(rule: Rule) -> str:
    """Return the clause that a rule comes from."""
    document = next((each for each in library().documents.values() if each.id == rule.source.document), None)
    title = document.title if document is not None else rule.source.document
    return _("《%(title)s》%(clause)s：“%(words)s”") % {
        "title": title,
        "clause": rule.source.clause,
        "words": rule.source.words,
    }


def set_by(rule: Rule) -> str:
    """Return who set the figures of a rule."""
    return _("期限和数额由本单位设定") if rule.set_by == "office" else _("由条款直接规定")


def about_address(finding: FundFinding) -> tuple[str, int]:
    """Return the page that shows what a finding is about, and its number; "" where there is none."""
    kind, _colon, rest = finding.about.partition(":")
    number = rest.partition(":")[0]
    routes = {
        "account": "fund-account",
        "batch": "payment-batch",
        "programme": "fund-programme",
        "area": "fund-programme",
    }
    return routes.get(kind, ""), int(number) if number.isdecimal() else 0


def places(figures: Mapping[str, Any]) -> str:
    """Return regions with their yuan."""
    parts = [
        _("%(place)s%(fen)s元") % {"place": full_name(region), "fen": format_yuan_grouped(fen)}
        for region, fen in figures.get("where", [])
    ]
    return _("、").join(parts)


def _lain(figures: Mapping[str, Any], day: date) -> dict[str, Any]:
    since = date.fromisoformat(figures["since"])
    try:
        lain = str(calendar().working_days_between(since, day))
    except CalendarNotPublished:
        lain = _("若干")
    return {
        "fen": format_yuan_grouped(figures["fen"]),
        "since": since.isoformat(),
        "days": lain,
        "limit": figures["limit"],
    }


def _idle(figures: Mapping[str, Any], day: date) -> str:
    return _(
        "本级可用资金中有%(fen)s元停留超过%(limit)s个工作日，最早的于%(since)s到账，已停留%(days)s个工作日；本级现有可用资金%(free)s元。"
    ) % {**_lain(figures, day), "free": format_yuan_grouped(figures["free"])}


def _held_back(figures: Mapping[str, Any], day: date) -> str:
    return _(
        "本级有%(fen)s元停留超过%(limit)s个工作日（最早的于%(since)s到账，已%(days)s个工作日），而下级尚缺%(waiting)s元未能支付：%(where)s。"
    ) % {
        **_lain(figures, day),
        "waiting": format_yuan_grouped(figures["waiting"]),
        "where": places(figures),
    }


def _not_settled(figures: Mapping[str, Any], day: date) -> str:
    return _(
        "上级预拨资金中有%(fen)s元超过%(limit)s个工作日未清算，最早的于%(since)s预拨，已%(days)s个工作日；未清算余额共%(standing)s元。"
    ) % {**_lain(figures, day), "standing": format_yuan_grouped(figures["standing"])}


def _other_measure(figures: Mapping[str, Any], _day: date) -> str:
    titles = {each.id: each.title for each in library().measures}
    return _("这个支付批次中有%(count)s笔、%(fen)s元用于资金项目范围以外的政策：%(measures)s。") % {
        "count": figures["count"],
        "fen": format_yuan_grouped(figures["fen"]),
        "measures": _("、").join(titles.get(each, each) for each in figures["measures"]),
    }


def _payee_elsewhere(figures: Mapping[str, Any], _day: date) -> str:
    return _("这个支付批次中有%(count)s笔、%(fen)s元付给登记在辖区以外的企业：%(where)s。") % {
        "count": figures["count"],
        "fen": format_yuan_grouped(figures["fen"]),
        "where": places(figures),
    }


def _runs_out(figures: Mapping[str, Any], _day: date) -> str:
    by = said_by(figures["by"])
    return _(
        "按%(by)s，应享企业尚需支付%(need)s元，各级可用和支付中的资金共%(have)s元，缺口%(short)s元。需要最多的：%(where)s。"
    ) % {
        "by": by,
        **{name: format_yuan_grouped(figures[name]) for name in ("need", "have", "short")},
        "where": places(figures),
    }


def _execution(figures: Mapping[str, Any], _day: date) -> str:
    return _("截至%(by)s应支出%(promised)s以上；到位资金%(funds)s元，已支付%(paid)s元，执行率%(rate)s。") % {
        "by": figures["by"],
        "promised": figures["promised"],
        "funds": format_yuan_grouped(figures["funds"]),
        "paid": format_yuan_grouped(figures["paid"]),
        "rate": percent(figures["paid"], figures["funds"]) or "0.0%",
    }


def _slow(figures: Mapping[str, Any], _day: date) -> str:
    return _(
        "近60日从本级拨出或支付的%(fen)s元，平均在本级停留%(average)s个工作日，超过%(limit)s个工作日。"
    ) % {
        "fen": format_yuan_grouped(figures["fen"]),
        "average": figures["average"],
        "limit": figures["limit"],
    }


_WORDS: Mapping[str, Callable[[Mapping[str, Any], date], str]] = {
    "idle": _idle,
    "held_back": _held_back,
    "not_settled": _not_settled,
    "other_measure": _other_measure,
    "payee_elsewhere": _payee_elsewhere,
    "runs_out": _runs_out,
    "execution": _execution,
    "slow": _slow,
}
