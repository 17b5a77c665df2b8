"""The accounts app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Users, agencies, appointments and substitutes."""

    name = "huiqi.portal.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
