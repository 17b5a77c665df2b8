"""The applications app."""

from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    """Applications of firms, their attachments, and what was decided on them."""

    name = "huiqi.portal.applications"
    label = "applications"
    verbose_name = "申请"
    default_auto_field = "django.db.models.BigAutoField"
