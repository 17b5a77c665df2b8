"""The app that watches the funds."""

from django.apps import AppConfig


class FundWatchConfig(AppConfig):
    """Findings of monitoring, monthly heads, official tables and performance of funds."""

    name = "huiqi.portal.fund_watch"
    label = "fund_watch"
    verbose_name = "资金监控"
    default_auto_field = "django.db.models.BigAutoField"
