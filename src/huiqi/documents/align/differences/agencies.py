"""Offices that answer for a clause, compared by what they do: 省财政厅 and 州财政局 are counterparts."""

from __future__ import annotations

from collections.abc import Sequence

from huiqi.documents.align.model import Difference, Passage
from huiqi.documents.align.offices import Office, same
from huiqi.documents.align.views import ClauseView


def agency_differences(
    above: ClauseView, below: Sequence[ClauseView], sharers: Sequence[ClauseView]
) -> list[Difference]:
    """Offices without a counterpart, and counterparts that take or give up the lead.

    Nothing is said where one side prints no offices at all: then a general sentence speaks for it.
    """
    mine = [(above, each) for each in above.offices]
    theirs = [(view, each) for view in below for each in view.offices]
    shared = [each for view in sharers for each in view.offices]
    if not mine or not theirs:
        return []
    found = []
    for view, office in mine:
        if not any(same(office, other) for _, other in theirs):
            why = f"上级由{office.mention.printed}承担，下级没有对应单位"
            found.append(Difference("agency", _passage(view, office), None, "changed", why))
    translated = any(view.english for view in sharers)
    told: list[Office] = []
    for view, office in theirs:
        again = any(same(office, other) for other in told if office.collective or office.name == other.name)
        if not again and not any(same(office, other) for other in shared):
            if translated and _may_be_meant(office, sharers):
                continue
            told.append(office)
            why = f"下级增加{office.mention.printed}"
            found.append(Difference("agency", None, _passage(view, office), "changed", why))
    if not any(view.english for view in (above, *below)):
        found += _leads(mine, theirs)
    return found


def _may_be_meant(office: Office, sharers: Sequence[ClauseView]) -> bool:
    """Whether a translated clause names a body of many in words that the registry does not know."""
    if office.function and not office.collective and office.function != "group":
        return False
    text = " ".join(view.clause.clause.text for view in sharers).casefold()
    return any(word in text for word in ("leading group", "member unit", "joint meeting", "institution"))


def _leads(
    mine: list[tuple[ClauseView, Office]], theirs: list[tuple[ClauseView, Office]]
) -> list[Difference]:
    """Counterparts of which one leads and the other does not, where both sides name a lead."""
    if not any(each.leads for _, each in mine) or not any(each.leads for _, each in theirs):
        return []
    found = []
    for view, office in mine:
        matches = [(other_view, other) for other_view, other in theirs if same(office, other)]
        if matches and not any(other.leads == office.leads for _, other in matches):
            other_view, other = matches[0]
            why = "上级牵头、下级不牵头" if office.leads else "上级不牵头、下级牵头"
            passages = _passage(view, office), _passage(other_view, other)
            found.append(Difference("agency", *passages, "changed", f"{why}：{other.mention.printed}"))
    return found


def _passage(view: ClauseView, office: Office) -> Passage:
    mention = office.mention
    return Passage(view.clause.agencies_at or view.path, mention.printed, mention.start, mention.end)
