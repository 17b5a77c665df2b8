"""The jobs app."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JobsConfig(AppConfig):
    """Jobs of all domains: their module `work`."""

    name = "huiqi.portal.jobs"
    label = "jobs"

    def ready(self) -> None:
        """Register the kinds of jobs."""
        autodiscover_modules("work")
