"""The documents app."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Official texts of the office, and their alignments."""

    name = "huiqi.portal.documents"
    label = "documents"
    default_auto_field = "django.db.models.BigAutoField"
