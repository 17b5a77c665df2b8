"""The API's app."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ApiConfig(AppConfig):
    """Tokens, and the endpoints of every domain."""

    name = "huiqi.portal.api"
    label = "api"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the endpoints of every domain: its module `api`."""
        autodiscover_modules("api")
