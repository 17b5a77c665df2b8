"""The screenings app."""

from django.apps import AppConfig


class ScreeningsConfig(AppConfig):
    """Runs over the register, what came of them, and the officer's pages of measures."""

    name = "huiqi.portal.screenings"
    label = "screenings"
    default_auto_field = "django.db.models.BigAutoField"
