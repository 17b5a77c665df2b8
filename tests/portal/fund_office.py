"""Finance people, approvers and auditors of a province, a prefecture and its counties, and orders in the shortest words."""

import datetime

from django.test import Client
from offices import NOW, TODAY, Office

from huiqi.portal.accounts.models import Agency, Appointment, User
from huiqi.portal.funds.models import Account, FundOrder, FundOrderLine, Programme, Transfer
from huiqi.portal.funds.posting import Entry, post
from huiqi.portal.funds.programmes import account_of
from huiqi.reference.regions import children

PROVINCE, HONGHE, MENGZI, GEJIU, KUNMING = "530000", "532500", "532503", "532501", "530100"
COUNTIES = [each.code for each in children(HONGHE)]
YESTERDAY = TODAY - datetime.timedelta(1)
_NAMES = {PROVINCE: "province", HONGHE: "honghe", MENGZI: "mengzi", GEJIU: "gejiu", KUNMING: "kunming"}


class FundOffice:
    """People by `finance@mengzi`; `programme` is the province's, it bears 3/10 of what lower levels spend."""

    def __init__(self):
        self.people = {}
        for region, name in _NAMES.items():
            Agency.objects.create(code=f"{region}-finance", name=name, region=region)
            for role in ("finance", "approver", "auditor"):
                self.appoint(role, region)
        self.appoint("finance", PROVINCE, "second@province")
        self.tried = 0
        self.programme = self.open("relief", PROVINCE, share="3/10")

    def appoint(self, role, region, name=""):
        name = name or f"{role}@{_NAMES[region]}"
        user = User.objects.create_user(name, password="a long password", name=name)
        Appointment.objects.create(
            user=user, agency_id=f"{region}-finance", role=role, begins=datetime.date(2022, 1, 1)
        )
        client = Client()
        client.force_login(user)
        self.people[name] = Office(user, client)

    def do(self, who, act, subject, values=None, key=None):
        self.tried += 1
        return self.people[who].do(act, subject, values or {}, key=key or f"try-{self.tried}")

    def open(self, code, region, by="", **more) -> Programme:
        values = {"code": code, "title": f"项目{code}", "region": region, **more}
        return self.do(by or f"finance@{_NAMES[region]}", "programme.open", None, values)

    def values(self, kind, lines, region=PROVINCE, programme=None, document="", **more):
        self.tried += 1
        pairs = lines.items() if isinstance(lines, dict) else [(each, "") for each in lines]
        return {
            "kind": kind,
            "programme": (programme or self.programme).pk,
            "region": region,
            "year": 2022,
            "document": document or f"财企〔2022〕{self.tried}号",
            "lines": [{"region": place, "amount": amount} for place, amount in pairs],
            **more,
        }

    def draft(self, kind, lines, region=PROVINCE, by="", key=None, **more) -> FundOrder:
        who = by or f"finance@{_NAMES[region]}"
        return self.do(who, "fund.draft", None, self.values(kind, lines, region, **more), key)

    def order(self, kind, lines, region=PROVINCE, **more) -> FundOrder:
        """Draft an order, and let the approver confirm it."""
        order = self.draft(kind, lines, region, **more)
        return self.do(f"approver@{_NAMES[region]}", "fund.confirm", order.pk)

    def funded(self, amount="1000.00"):
        """The province has so much; nothing is passed down."""
        return self.order("appropriate", {PROVINCE: amount})

    def free(self, region, programme=None) -> int:
        found = self.account("available", region, programme)
        return found.free if found is not None else 0

    def advanced(self, region) -> int:
        found = self.account("advanced", region)
        return found.credits_posted - found.debits_posted if found is not None else 0

    def account(self, kind, region, programme=None):
        return (
            Account.objects.for_site("test")
            .filter(kind=kind, region=region, programme=programme or self.programme)
            .first()
        )

    def spend(self, region, fen, programme=None, day=YESTERDAY):
        """Pay so much out of what the region has."""
        which = programme or self.programme
        available, paid = (
            account_of(which, region, 2022, False, kind, create=True) for kind in ("available", "paid")
        )
        key = f"payment:HQ{Transfer.objects.for_site('test').count():014}:resolved"
        return post([Entry(key, available.pk, paid.pk, fen, "pay")], day=day, at=NOW)[0]


def lines_of(order) -> list[FundOrderLine]:
    return list(FundOrderLine.objects.for_site("test").filter(order=order).order_by("number"))


def code_of_refusal(refused) -> str:
    return refused.value.findings[0].code
