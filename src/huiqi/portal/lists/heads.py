"""What every page of one list begins with."""

from __future__ import annotations

from typing import Any

from django.http import Http404

from huiqi.portal.lists.kinds import kinds
from huiqi.portal.lists.models import KeptList
from huiqi.portal.lists.queries import lists_of
from huiqi.portal.look.visits import Visit
from huiqi.reference.regions import full_name


def kept_list(request: Visit, number: int) -> KeptList:
    """Return a list that the visitor sees. Raises Http404."""
    found = lists_of(request.actor).filter(pk=number).first()
    if found is None:
        raise Http404
    return found  # type: ignore[no-any-return]


def head(request: Visit, kept: KeptList, tab: str) -> dict[str, Any]:
    """Return what the head of every page of a list shows."""
    kind = kinds()[kept.kind]
    return {
        "kept": kept,
        "kind": kind,
        "area": full_name(kept.region),
        "tab": tab,
        "has_rule": kind.admission is not None,
    }
