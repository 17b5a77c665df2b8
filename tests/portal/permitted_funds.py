"""A county's own programme of funds with its accounts, a transfer and a drafted order, for the permission matrix."""

from offices import MENGZI, NOW, TODAY

from huiqi.portal.funds.models import FundOrder, FundOrderLine, Programme
from huiqi.portal.funds.posting import Entry, post
from huiqi.portal.funds.programmes import account_of

FUNDS = {
    name: lambda world: {"number": world.key("fund programme")}
    for name in ("fund-programme", "fund-programme-export")
}
FUND_PAGES = {
    **FUNDS,
    "fund-order-form": FUNDS["fund-programme"],
    "fund-account": lambda world: {"number": world.key("fund account")},
    "fund-account-export": lambda world: {"number": world.key("fund account")},
    "fund-transfer": lambda world: {"number": world.key("fund transfer")},
    "fund-order": lambda world: {"number": world.key("fund order")},
}
FUND_ENDPOINTS = {
    "fund-accounts": FUND_PAGES["fund-programme"],
    "fund-transfers": FUND_PAGES["fund-account"],
    "fund-order-lines": FUND_PAGES["fund-order"],
}


def funds_of_county(title):
    """Return the rows by name."""
    programme = Programme.objects.create(
        code="county-relief", title=title, region=MENGZI, agency=f"{MENGZI}-own", opened_at=NOW
    )
    budget, available = (
        account_of(programme, MENGZI, 2022, False, each, create=True) for each in ("budget", "available")
    )
    made = post([Entry("county-budget", budget.pk, available.pk, 1000, "appropriate")], day=TODAY, at=NOW)
    order = FundOrder.objects.create(
        kind="appropriate",
        programme=programme,
        year=2022,
        region=MENGZI,
        agency=f"{MENGZI}-own",
        document=title,
        count=1,
        total=500,
        digest="3" * 64,
        drafted_at=NOW,
    )
    FundOrderLine.objects.create(order=order, number=1, region=MENGZI, amount=500)
    return {
        "fund programme": programme,
        "fund account": available,
        "fund transfer": made[0],
        "fund order": order,
    }


def nothing_waits(world):
    """Let no order wait, so that the programme can be closed."""
    rows = FundOrder.objects.for_site("test").filter(pk=world.key("fund order"))
    rows.update(state="withdrawn", decided_on=TODAY)


def drafting(world, person):
    """An order that the county may draft for its programme."""
    return {
        "kind": "appropriate",
        "programme": world.key("fund programme"),
        "region": MENGZI,
        "year": 2022,
        "document": f"蒙财预{person.user.pk}号",
        "lines": [{"region": MENGZI, "amount": "1.00"}],
    }


def opening(world, person):
    """A programme that the county may open."""
    return {"code": f"new-{person.user.pk}", "title": "新项目", "region": MENGZI}
