"""A finding about the county's funds and a frozen month's end, for the permission matrix."""

import datetime

from offices import MENGZI, NOW, TODAY

from huiqi.portal.fund_watch.models import FundFinding, FundHead

FROZEN = datetime.date(2022, 7, 31)
"""The month's end that stands frozen: its digest is everybody's to see."""


def finding_of_county(programme):
    """Return the rows by name."""
    finding = FundFinding.objects.create(
        rule="idle",
        about="account:0",
        programme=programme,
        year=2022,
        direct=True,
        region=MENGZI,
        figures={"fen": 10_000, "since": "2022-07-01", "limit": 20, "free": 10_000},
        found_on=TODAY,
    )
    FundHead.objects.create(
        day=FROZEN,
        region=MENGZI,
        last=0,
        count=0,
        previous="0" * 64,
        digest="1" * 64,
        at=NOW,
    )
    return {"fund finding": finding}


def officer_who_answers(world):
    return world.people["leading_group@own"].user.pk
