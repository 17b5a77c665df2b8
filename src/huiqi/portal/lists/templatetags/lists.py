"""A firm's memberships on its page in the register, and on its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template

from huiqi.portal.catalogue.shelf import library
from huiqi.portal.catalogue.words import in_chinese, title_of
from huiqi.portal.firms.models import Firm
from huiqi.portal.lists.kinds import ListKind
from huiqi.portal.lists.membership import memberships
from huiqi.portal.lists.models import Entry
from huiqi.portal.lists.opens import opened_by
from huiqi.portal.lists.queries import PAGE, seeing

register = template.Library()


@dataclass(frozen=True, slots=True)
class Shown:
    """A membership as a page shows it: with a link for who may open the entry, and the measures that read it."""

    kind: ListKind
    entry: Entry
    through_county: bool
    opens: str
    link: bool


@register.inclusion_tag("lists/memberships.html", takes_context=True)
def list_memberships(context: dict[str, Any], firm: Firm, own: bool) -> dict[str, Any]:
    """The lists that a firm is on today: those its reader may see; its own member sees what the kind shows to members."""
    request = context["request"]
    rows = []
    for each in memberships(firm, request.today):
        narrowed = seeing(request.actor, each.kind, PAGE)
        link = not own and any(one.reaches(each.entry.scope()) for one in narrowed.capacities)
        if each.kind.firms_see if own else link:
            titles = [title_of(measure) for measure in opened_by(each.kind, library())]
            opens = ("、" if in_chinese() else ", ").join(dict.fromkeys(titles))
            rows.append(Shown(each.kind, each.entry, each.through_county, opens, link))
    return {"rows": rows}
