"""A small ledger to try transfers on."""

import datetime

from huiqi.portal.funds.models import Account, Programme

NOW = datetime.datetime(2022, 8, 1, 2, 0, tzinfo=datetime.UTC)
DAY = datetime.date(2022, 8, 1)
PROVINCE, HONGHE, MENGZI, GEJIU = "530000", "532500", "532503", "532501"


class Ledger:
    """A programme with a budget, and what is available and paid at each level; `other` is another programme."""

    def __init__(self):
        self.programme = self.made("relief", "中小微企业纾困资金")
        self.other = self.made("skills", "职业技能提升资金")
        self.accounts = {}
        for region in (PROVINCE, HONGHE, MENGZI, GEJIU):
            self.open("available", region, "credits")
            self.open("paid", region, "")
        self.open("budget", PROVINCE, "")

    def made(self, code, title):
        return Programme.objects.create(code=code, title=title, region=PROVINCE, opened_at=NOW)

    def open(self, kind, region, limit, programme=None):
        account = Account.objects.create(
            programme=programme or self.programme,
            year=2022,
            direct=True,
            region=region,
            kind=kind,
            limit=limit,
        )
        if programme is None:
            self.accounts[kind, region] = account.pk
        return account.pk

    def number(self, kind, region):
        return self.accounts[kind, region]

    def of(self, kind, region):
        return Account.objects.for_site("test").get(pk=self.accounts[kind, region])
