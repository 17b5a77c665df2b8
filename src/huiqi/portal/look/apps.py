"""The look app."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class LookConfig(AppConfig):
    """Pages, their templates and their style."""

    name = "huiqi.portal.look"
    label = "look"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the pages of every domain (its module `pages`), and what it says on the home (`home_parts`)."""
        autodiscover_modules("pages", "home_parts")
