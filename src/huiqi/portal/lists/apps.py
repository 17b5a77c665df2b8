"""The lists app."""

from django.apps import AppConfig


class ListsConfig(AppConfig):
    """Lists of firms and counties, and what being on them says to rules."""

    name = "huiqi.portal.lists"
    label = "lists"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let a firm's case know its memberships, and rosters what rests on them."""
        import huiqi.portal.lists.resting  # noqa: F401
        from huiqi.portal.firms.outside import told_by
        from huiqi.portal.lists.membership import LISTS_TELL

        told_by(LISTS_TELL)
