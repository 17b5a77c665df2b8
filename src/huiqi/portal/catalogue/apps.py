"""The catalogue app."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """The measures of the policy library, open to the public. It keeps no rows: the policies are files."""

    name = "huiqi.portal.catalogue"
    label = "catalogue"
