"""Which rows an actor may see: the one place that decides it, for pages, exports, counts and the API.

It fails closed: a scoped model's rows cannot be read, counted or exported before `visible_to` (or, for acts and
jobs, `for_site` with the reason) was called.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Self

from django.db import models
from django.db.models import Q

from huiqi.portal.acts.actors import Actor, Capacity


class NotScoped(RuntimeError):
    """Rows of a scoped model were asked for without saying for whom."""


class ScopedQuerySet(models.QuerySet[Any]):
    """Rows that can be had only after `visible_to(actor, page)` or `for_site(reason)`.

    The model says where its rows belong in `SCOPED_BY`: lookups for region, agency, firm and person. Several lookups
    for region are rows of several kinds: each row has its region in one of them.
    """

    _open = False

    def visible_to(self, actor: Actor, page: str) -> Self:
        """Only the rows that one of the actor's capacities with this page reaches."""
        wanted = Q(pk__in=[])
        for capacity in actor.capacities:
            if page in capacity.pages:
                wanted |= self._reached(capacity)
        return self._opened(self.filter(wanted))

    def for_site(self, reason: str) -> Self:
        """All rows, for an act or a job that must see them all; the reason is for the reader of the code."""
        if not reason:
            raise NotScoped("say why all rows are needed")
        return self._opened(self._chain())

    def _reached(self, capacity: Capacity) -> Q:
        by = self.model.SCOPED_BY
        if capacity.person is not None:
            return (
                Q(**{by["person"]: capacity.person.removeprefix("user:")}) if "person" in by else Q(pk__in=[])
            )
        if capacity.firms is not None:
            return Q(**{f"{by['firm']}__in": capacity.firms}) if "firm" in by else Q(pk__in=[])
        if "region" not in by:
            return Q(pk__in=[])
        reached = Q(pk__in=[])
        lookups = (by["region"],) if isinstance(by["region"], str) else by["region"]
        for area in capacity.areas:
            for lookup in lookups:
                reached |= Q(**{f"{lookup}__gte": area.ljust(6, "0"), f"{lookup}__lte": area.ljust(6, "9")})
        if capacity.own_agency_only:
            if "agency" not in by:
                return Q(pk__in=[])
            reached &= Q(**{by["agency"]: capacity.agency})
        return reached

    def _opened(self, rows: Self) -> Self:
        rows._open = True
        return rows

    def _clone(self) -> Self:
        clone = super()._clone()  # type: ignore[misc]
        clone._open = self._open
        return clone

    def _must_be_open(self) -> None:
        if not self._open:
            raise NotScoped(f"{self.model.__name__}: say visible_to(actor, page) before reading rows")

    def _fetch_all(self) -> None:
        self._must_be_open()
        super()._fetch_all()  # type: ignore[misc]

    def iterator(self, *arguments: Any, **named: Any) -> Iterator[Any]:
        """As Django's, for open rows only."""
        self._must_be_open()
        return super().iterator(*arguments, **named)

    def count(self) -> int:
        """As Django's, for open rows only."""
        self._must_be_open()
        return super().count()

    def exists(self) -> bool:
        """As Django's, for open rows only."""
        self._must_be_open()
        return super().exists()

    def aggregate(self, *arguments: Any, **named: Any) -> dict[str, Any]:
        """As Django's, for open rows only."""
        self._must_be_open()
        return super().aggregate(*arguments, **named)

    def update(self, **values: Any) -> int:
        """As Django's, for open rows only."""
        self._must_be_open()
        return super().update(**values)

    def delete(self) -> tuple[int, dict[str, int]]:
        """As Django's, for open rows only."""
        self._must_be_open()
        return super().delete()


class ScopedModel(models.Model):
    """A model whose rows belong somewhere: `SCOPED_BY` names the lookups, `scope()` says it of one row."""

    SCOPED_BY: Mapping[str, str | tuple[str, ...]] = {}
    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True
