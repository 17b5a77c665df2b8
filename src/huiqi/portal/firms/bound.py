"""Which firms a user is bound to."""

from __future__ import annotations

from huiqi.portal.accounts.models import User
from huiqi.portal.firms.models import Binding


def bound_firms(user: User) -> frozenset[int]:
    """Return the firms that the office has confirmed for the user."""
    rows = Binding.objects.for_site("a user's capacities come from their own bindings")
    return frozenset(rows.filter(user=user, state="bound").values_list("firm_id", flat=True))
