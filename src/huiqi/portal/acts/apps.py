"""The acts app."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ActsConfig(AppConfig):
    """Events, their chain, and the requests that were answered."""

    name = "huiqi.portal.acts"
    label = "acts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the acts of every domain: its module `acts`."""
        autodiscover_modules("acts")
