"""The secrets app: it has no tables of its own."""

from django.apps import AppConfig


class SecretsConfig(AppConfig):
    """Encryption of personal values."""

    name = "huiqi.portal.secrets"
    label = "secrets"
