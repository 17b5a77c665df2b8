"""Which tables make up the site, at the version at hand or at an earlier one."""

from __future__ import annotations

from typing import Any

from huiqi.portal.upkeep.values import Table, table_of

LEFT_OUT = frozenset({"django_session", "accounts_session"})
"""Who is signed in is not kept: a backup would let its reader be them."""
FURNITURE = frozenset({"django_content_type", "auth_permission", "acts_head"})
"""What stands in a new site before anybody did anything."""


def tables_of(apps: Any) -> tuple[Table, ...]:
    """Return the tables of the models of `apps`: Django's register, or that of an earlier state."""
    models = apps.get_models(include_auto_created=True)
    found = {
        each._meta.db_table: table_of(each)
        for each in models
        if each._meta.managed and not each._meta.proxy and each._meta.db_table not in LEFT_OUT
    }
    return tuple(found[name] for name in sorted(found))
