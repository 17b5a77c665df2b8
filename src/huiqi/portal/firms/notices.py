"""Who is told what of bindings, contests and rosters; called inside their acts."""

from __future__ import annotations

from datetime import date

from django.urls import reverse

from huiqi.portal.acts.registry import Doing
from huiqi.portal.catalogue.shelf import library
from huiqi.portal.firms.listings import Listing
from huiqi.portal.firms.models import Binding, Contest, Roster
from huiqi.portal.notices.kinds import Values
from huiqi.portal.notices.telling import notify
from huiqi.portal.notices.whom import members_of, who_may

_UPHELD = {"zh": "已采纳", "en": "upheld"}
_REJECTED = {"zh": "未采纳", "en": "rejected"}
_BY_RULE = {"zh": "规定期限", "en": "the deadline"}


def tell_binding_asked(doing: Doing, binding: Binding, due: date | None) -> None:
    """Tell the county's officers that a binding waits for them."""
    to = who_may({"binding.confirm"}, binding.scope(), doing.today)
    values: Values = {"firm": binding.firm.name, "due": _day(due)}
    notify(doing, "binding-asked", to=to, subject=binding, values=values)


def tell_binding_settled(doing: Doing, binding: Binding, *, confirmed: bool) -> None:
    """Tell the user how it ended."""
    kind = "binding-confirmed" if confirmed else "binding-refused"
    notify(doing, kind, to=[binding.user], subject=binding, values={"firm": binding.firm.name})


def tell_listing_asked(doing: Doing, listing: Listing, due: date | None) -> None:
    """Tell the region's officers that a firm waits to be entered in the register."""
    to = who_may({"listing.settle"}, listing.scope(), doing.today)
    values: Values = {"firm": listing.name, "due": _day(due)}
    notify(doing, "listing-asked", to=to, subject=listing, values=values)


def tell_listing_answered(doing: Doing, listing: Listing, *, listed: bool) -> None:
    """Tell the asker how it ended."""
    kind = "listing-settled" if listed else "listing-declined"
    notify(doing, kind, to=[listing.user], subject=listing, values={"firm": listing.name})


def tell_contest_opened(doing: Doing, contest: Contest, due: date | None) -> None:
    """Tell the officers who answer."""
    to = who_may({"contest.uphold", "contest.reject"}, contest.scope(), doing.today)
    values: Values = {"firm": contest.firm.name, "fact": _fact(contest.fact), "due": _day(due)}
    notify(doing, "contest-opened", to=to, subject=contest, values=values, address=reverse("contests"))


def tell_contest_answered(doing: Doing, contest: Contest, *, upheld: bool) -> None:
    """Tell the firm's members."""
    notify(
        doing,
        "contest-answered",
        to=members_of(contest.firm_id),
        subject=contest,
        values={"fact": _fact(contest.fact), "outcome": _UPHELD if upheld else _REJECTED},
        address=reverse("own-firm", kwargs={"number": contest.firm_id}),
    )


def tell_roster_checked(doing: Doing, roster: Roster) -> None:
    """Tell who handed it in that it waits for their word."""
    counts = {name: str(roster.counts.get(name, 0)) for name in ("new", "changed", "findings")}
    values: Values = {"file": roster.file_name, **counts}
    notify(doing, "roster-checked", to=[roster.handed_in_by], subject=roster, values=values)


def tell_roster_taken(doing: Doing, roster: Roster) -> None:
    """Tell who handed it in that it is in the register."""
    notify(doing, "roster-taken", to=[roster.handed_in_by], subject=roster, values={"file": roster.file_name})


def _day(due: date | None) -> str | dict[str, str]:
    return due.isoformat() if due is not None else _BY_RULE


def _fact(key: str) -> dict[str, str]:
    """A fact's name in both languages: 2021年营业收入, 2021 revenue."""
    name, _at, period = key.partition("@")
    found = library().facts.subject.get(name)
    listed = library().lists.get(name)
    chinese = found.label if found is not None else listed.title if listed is not None else name
    english = (
        found.english if found is not None else listed.english if listed is not None else ""
    ) or chinese
    if not period:
        return {"zh": chinese, "en": english}
    return {"zh": f"{period}{'年' if len(period) == 4 else ' '}{chinese}", "en": f"{period} {english}"}
