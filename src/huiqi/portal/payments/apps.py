"""The payments app."""

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    """Payment batches, bank files and bank statements."""

    name = "huiqi.portal.payments"
    label = "payments"
    default_auto_field = "django.db.models.BigAutoField"
