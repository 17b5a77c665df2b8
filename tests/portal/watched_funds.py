"""Money on its way from a province to firms, with the people who watch it, in the shortest words."""

import datetime

from django.test import Client
from ledgers import GEJIU, HONGHE, MENGZI, PROVINCE, Ledger
from offices import NOW, TODAY, Office

from huiqi.portal.accounts.capacities import site_actor
from huiqi.portal.accounts.models import Agency, Appointment, User
from huiqi.portal.fund_watch.head_acts import FREEZE  # noqa: F401
from huiqi.portal.fund_watch.models import FundFinding, FundHead
from huiqi.portal.fund_watch.watching import watch
from huiqi.portal.fund_watch.work import freeze_funds
from huiqi.portal.funds.models import Account, Transfer
from huiqi.portal.funds.posting import Entry, post
from huiqi.portal.jobs.registry import Working

_NAMES = {PROVINCE: "province", HONGHE: "honghe", MENGZI: "mengzi", GEJIU: "gejiu"}


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(f"2022-{text}")


class WatchedFunds(Ledger):
    """People by `leading_group@mengzi`; money by `move`, on any day."""

    def __init__(self):
        super().__init__()
        self.people = {}
        self.tried = 0
        for region, name in _NAMES.items():
            Agency.objects.create(code=f"{region}-finance", name=f"{name}财政局", region=region)
            for role in ("finance", "leading_group", "auditor"):
                self.appoint(role, region, f"{role}@{name}")

    def appoint(self, role, region, name):
        user = User.objects.create_user(name, password="a long password", name=name)
        begins = datetime.date(2022, 1, 1)
        Appointment.objects.create(user=user, agency_id=f"{region}-finance", role=role, begins=begins)
        client = Client()
        client.force_login(user)
        self.people[name] = Office(user, client)

    def do(self, who, act, subject, values=None):
        self.tried += 1
        return self.people[who].do(act, subject, values or {}, key=f"try-{self.tried}")

    def move(self, purpose, source, target, fen, on, **more) -> Transfer:
        """Move money between (kind, region) and (kind, region) on a day."""
        number = Transfer.objects.for_site("test").count()
        entry = Entry(f"test:{number}", self.number(*source), self.number(*target), fen, purpose, **more)
        return post([entry], day=on, at=NOW)[0]

    def appropriate(self, fen, on):
        return self.move("appropriate", ("budget", PROVINCE), ("available", PROVINCE), fen, on)

    def pass_down(self, source, target, fen, on, purpose="allocate"):
        return self.move(purpose, ("available", source), ("available", target), fen, on)

    def pay(self, region, fen, on):
        return self.move("pay", ("available", region), ("paid", region), fen, on)

    def account(self, kind, region) -> Account:
        return Account.objects.for_site("test").get(pk=self.number(kind, region))

    def watch(self, on=TODAY):
        """Let monitoring look on a day."""
        return watch(datetime.datetime.combine(on, NOW.timetz()), on, lambda done, total: None)

    def found(self, rule, **more) -> list[FundFinding]:
        return list(FundFinding.objects.for_site("test").filter(rule=rule, **more).order_by("pk"))

    def freeze(self, on):
        """Let the job freeze what is over on a day."""
        now = datetime.datetime.combine(on, NOW.timetz())
        working = Working({"day": on.isoformat()}, now, on, site_actor("freeze-funds"), lambda *_: None, 1)
        return freeze_funds.work(working)["frozen"]

    def heads(self) -> list[FundHead]:
        return list(FundHead.objects.for_site("test").order_by("day"))
