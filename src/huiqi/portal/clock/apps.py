"""The clock app."""

from django.apps import AppConfig


class ClockConfig(AppConfig):
    """Deadlines of all domains."""

    name = "huiqi.portal.clock"
    label = "clock"
    default_auto_field = "django.db.models.BigAutoField"
