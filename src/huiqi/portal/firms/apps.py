"""The firms app."""

from django.apps import AppConfig


class FirmsConfig(AppConfig):
    """Firms, their facts, rosters, bindings, contests."""

    name = "huiqi.portal.firms"
    label = "firms"
    default_auto_field = "django.db.models.BigAutoField"
