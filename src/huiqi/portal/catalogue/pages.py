"""The public pages of the policy library: the list with search and filters, and each measure."""

from __future__ import annotations

import difflib

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control

from huiqi.portal.catalogue.cards import common_facts, shown_examples
from huiqi.portal.catalogue.places import place_groups
from huiqi.portal.catalogue.queries import found, wanted
from huiqi.portal.catalogue.shelf import shelf
from huiqi.portal.look.registry import PUBLIC, page
from huiqi.portal.look.visits import Visit
from huiqi.rules.facts import SUBJECTS
from huiqi.rules.measure import DELIVERIES, KINDS
from huiqi.screening.application_order import WITHOUT_APPLYING

_APPLYING = "own-applications"


@page("policies", "policies/", zh="政策库", en="Policies", opens=PUBLIC, menu="public")
def policies(request: Visit) -> HttpResponse:
    """List the measures that fit; a field that cannot be used is told, and the status is 400."""
    house = shelf()
    asked, refused = wanted(request.GET.dict(), house.cards)
    rows = [
        {"card": each, "state": each.state(asked.on or request.today)} for each in found(house.cards, asked)
    ]
    narrowed = any((asked.region, asked.kind, asked.delivery, asked.subject, asked.document, asked.on))
    context = {
        "rows": rows,
        "asked": asked,
        "query": request.GET.get("q", "")[:60],
        "narrowed": narrowed,
        "refused": {each.field: each.said for each in refused},
        "places": place_groups(house.library),
        "kinds": KINDS.items(),
        "deliveries": DELIVERIES.items(),
        "subjects": SUBJECTS.items(),
        "document": house.library.documents.get(asked.document),
    }
    answer = render(request, "catalogue/policies.html", context, status=400 if refused else 200)
    patch_cache_control(answer, private=True)
    return answer


@page("policy", "policies/<str:region>/<str:name>/", zh="政策措施", en="Policy measure", opens=PUBLIC)
def policy(request: Visit, region: str, name: str) -> HttpResponse:
    """Show one measure: its rule, amount, sources, examples and interpretation notes."""
    house = shelf()
    card = house.cards.get(region, name)
    if card is None:
        known = house.library.by_id
        near = [name] if name in known else difflib.get_close_matches(name[:60], known, n=3)
        meant = [house.cards.of(variant) for each in near for variant in known[each]]
        return render(request, "catalogue/no_policy.html", {"meant": meant}, status=404)
    context = {
        "card": card,
        "state": card.state(request.today),
        "subjects": [SUBJECTS[each] for each in card.measure.subject],
        "others": [house.cards.of(each) for each in house.library.by_id[name] if each is not card.measure],
        "common": common_facts(card, house.words),
        "examples": shown_examples(card, house.words),
        "to_apply": card.measure.delivery not in WITHOUT_APPLYING and _may_apply(request),
    }
    return render(request, "catalogue/policy.html", context)


def _may_apply(request: Visit) -> bool:
    """Whether the way to apply is for this visitor: a firm's member, or who may be one and has not signed in."""
    return not request.user.is_authenticated or request.actor.may_see(_APPLYING)
