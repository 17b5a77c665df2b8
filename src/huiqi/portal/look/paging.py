"""Lists page by page: of a great many rows only so many are counted, so that a page costs the same everywhere."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import F

MOST_COUNTED = 10_000


def counted(rows: Any) -> int:
    """Return how many rows there are, MOST_COUNTED + 1 where there are more."""
    # In no order: an order would let the database read by it, past rows that are not wanted.
    found: int = (rows.order_by() if hasattr(rows, "order_by") else rows)[: MOST_COUNTED + 1].count()
    return found


def said(count: int) -> str:
    """Return a count in words: 1,234 or 10,000+."""
    return f"{min(count, MOST_COUNTED):,}{'+' if count > MOST_COUNTED else ''}"


def gathered(rows: Any) -> Any:
    """Return rows of a search in the order of their numbers, for the case that it finds few: they are gathered first and
    then put in order.

    Left to choose, a database that takes a rare word beside a common one for common reads by number, past all other rows.
    """
    return rows.order_by(F("pk") + 0)


class CappedPaginator(Paginator):  # type: ignore[type-arg]
    """Counts up to MOST_COUNTED rows and pages through these; `said` is the count as a page shows it."""

    @property
    def all_counted(self) -> bool:
        """Whether there are no more rows than are counted."""
        return self._reached <= MOST_COUNTED

    @cached_property
    def _reached(self) -> int:
        return counted(self.object_list)

    @cached_property
    def count(self) -> int:
        """The rows that can be paged through."""
        return min(self._reached, MOST_COUNTED)

    @property
    def said(self) -> str:
        """The count in words: 1,234 or 10,000+."""
        return said(self._reached)


def paged(rows: Any, number: str | None, per_page: int = 50, *, searched: bool = False) -> Page[Any]:
    """Return one page of rows; a number that is none, or beyond the end, gives the nearest page.

    Rows that were searched for by words come in the order of their numbers.
    """
    paginator = CappedPaginator(rows, per_page)
    if searched and paginator.all_counted:
        paginator.object_list = gathered(rows)
    return paginator.get_page(number)
