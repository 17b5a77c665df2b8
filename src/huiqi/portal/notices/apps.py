"""The notices' app."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Inbox, subscriptions, and what is sent."""

    name = "huiqi.portal.notices"
    label = "notices"
    default_auto_field = "django.db.models.BigAutoField"
