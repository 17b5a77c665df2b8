"""Members and proposals rest on what the register says: a roster that is undone must not leave them silently wrong.

A firm that only the roster brought stays in the register while it is on a list or proposed for one. Members who were
taken in by a rule are judged again by what stands without the roster: who no longer meets it is put up for decision.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from huiqi.portal.acts.registry import Doing
from huiqi.portal.catalogue.shelf import library
from huiqi.portal.firms.holding import Hold, hold_firms, when_undone
from huiqi.portal.firms.models import FactChange, Roster
from huiqi.portal.jobs.registry import Working, job
from huiqi.portal.jobs.running import ask
from huiqi.portal.lists.entry_acts import RULE_DOUBT
from huiqi.portal.lists.judging import batched, judged
from huiqi.portal.lists.kinds import kinds
from huiqi.portal.lists.models import OPEN_STATES, Entry
from huiqi.portal.lists.work import put_up

_JOB = "list-undone-roster"
_TOGETHER = 500


def _on_lists(firms: Sequence[int]) -> set[int]:
    rows = Entry.objects.for_site("who is on a list stays in the register")
    return set(rows.filter(firm__in=firms, state__in=OPEN_STATES).values_list("firm", flat=True))


@when_undone
def _judge_again(doing: Doing, roster: Roster) -> None:
    ask(
        _JOB,
        f"{_JOB}:{roster.pk}",
        {"roster": roster.pk},
        by=doing.actor.id,
        now=doing.now,
        region=roster.region,
    )


@job(_JOB, zh="撤销名册后核对名单成员", en="Judge members again after a roster was taken back")
def judge_members_again(working: Working) -> Mapping[str, Any] | None:
    """Put up for decision the members whom the admission rule no longer takes, or of whom it can no longer be told."""
    roster = working.arguments["roster"]
    changes = FactChange.objects.for_site("what the roster had changed").filter(roster=roster)
    touched = changes.exclude(undoes=None).values("firm")
    members = Entry.objects.for_site("members of whom the roster spoke").filter(
        state="member", doubt__isnull=True, firm__in=touched
    )
    counts = {"judged": 0, "doubted": 0}
    for some in batched(members.select_related("firm", "kept").order_by("pk").iterator(), _TOGETHER):
        by_kind: dict[str, dict[int, Entry]] = {}
        for entry in some:
            by_kind.setdefault(entry.kept.kind, {})[entry.firm_id] = entry
        for name, entries in by_kind.items():
            kind = kinds().get(name)
            if kind is None or kind.admission is None:
                continue
            firms = [each.firm for each in entries.values()]
            for firm, verdict in judged(kind.admission, firms, library(), working.today):
                counts["judged"] += 1
                if not verdict.met:
                    said = "不再符合列入条件" if verdict.met is False else "已不能确认是否符合列入条件"
                    reason = f"第{roster}号名册撤销后，{said}"
                    values = {"why": RULE_DOUBT, "reason": reason}
                    counts["doubted"] += put_up(working, "list.doubt", entries[firm.pk], values)
    return counts


hold_firms(Hold("名单成员或待审核的提名", "请先撤回提名，或由名单管理部门将其移出名单", _on_lists))
