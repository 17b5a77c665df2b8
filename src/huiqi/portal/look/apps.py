"""The look app."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class LookConfig(AppConfig):
    """Pages, their templates and their style."""

    name = "huiqi.portal.look"
    label = "look"

    def ready(self) -> None:
        """Register the pages of every domain: its module `pages`."""
        autodiscover_modules("pages")
