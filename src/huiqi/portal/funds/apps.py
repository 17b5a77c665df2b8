"""The fund ledger as a Django app."""

from django.apps import AppConfig


class FundsConfig(AppConfig):
    """Funds."""

    name = "huiqi.portal.funds"
    label = "funds"
    verbose_name = "资金"
