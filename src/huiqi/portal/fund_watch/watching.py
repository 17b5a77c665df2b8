"""One round of monitoring: what the rules find is opened, renewed or ended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from huiqi.portal.accounts.capacities import site_actor
from huiqi.portal.acts.performing import perform
from huiqi.portal.acts.refusals import Changed, Refused
from huiqi.portal.fund_watch.books import Books
from huiqi.portal.fund_watch.checks import Found, check
from huiqi.portal.fund_watch.models import FundFinding
from huiqi.portal.fund_watch.rules import Rule, monitoring
from huiqi.portal.jobs.registry import Report
from huiqi.reference.working_days import CalendarNotPublished


def watch(now: datetime, today: date, report: Report) -> dict[str, Any]:
    """Let every rule look; return how many findings were opened, renewed and ended, and which rules could not look."""
    books = Books(today)
    did: Counter[str] = Counter()
    blind = []
    rules = list(monitoring().values())
    for number, rule in enumerate(rules, start=1):
        try:
            found = {each.about: each for each in check(rule, books)}
        except CalendarNotPublished:
            # Days of an unknown calendar are not counted: what was found stays as it is.
            blind.append(rule.name)
            continue
        did += _reconciled(rule, found, now, today)
        report(number, len(rules))
    return {**did, "blind": blind}


def _reconciled(rule: Rule, found: Mapping[str, Found], now: datetime, today: date) -> Counter[str]:
    did: Counter[str] = Counter()
    rows = FundFinding.objects.for_site("monitoring goes through what it found before").filter(rule=rule.name)
    standing = {each.about: each for each in rows.filter(cleared_on=None)}

    def do(act: str, finding: FundFinding | None, values: Mapping[str, Any], key: str) -> None:
        subject = finding.pk if finding is not None else None
        seen = finding.version if finding is not None else None
        try:
            perform(act, site_actor("watch-funds"), subject, values, now=now, today=today, key=key, seen=seen)
        except Changed:
            # Somebody answered it at this moment: the next round sees.
            return
        except Refused:
            # Another worker did it already.
            return
        did[act.partition(".")[2]] += 1

    for about, each in found.items():
        now_found = {"figures": dict(each.figures), "transfers": each.transfers}
        earlier = standing.get(about)
        if earlier is None:
            before = rows.filter(about=about).count()
            values = {
                **now_found,
                "rule": rule.name,
                "about": about,
                "programme": each.programme,
                "year": each.year,
                "direct": each.direct,
                "region": each.region,
            }
            do("finding.find", None, values, f"find:{rule.name}:{about}:{before}")
        elif (earlier.figures, earlier.transfers) != (now_found["figures"], each.transfers):
            do("finding.renew", earlier, now_found, f"renew:{earlier.pk}:{earlier.version}")
    for about, earlier in standing.items():
        if about not in found:
            act = "finding.cease" if earlier.state == "accepted" else "finding.clear"
            do(act, earlier, {}, f"end:{earlier.pk}:{earlier.version}")
    return did
