"""The delivery app."""

from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    """Runs of measures, their lines, and what the database holds so that nothing is given twice."""

    name = "huiqi.portal.delivery"
    label = "delivery"
    verbose_name = "兑现"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let payments draw from here, hear what became of them, and tell the funds who waits."""
        from huiqi.portal.delivery.needed import needed
        from huiqi.portal.delivery.outcomes import hear
        from huiqi.portal.delivery.paying import DOMAIN, orders
        from huiqi.portal.delivery.reach import reach
        from huiqi.portal.fund_watch.figures import figures_from
        from huiqi.portal.fund_watch.needs import needs_from
        from huiqi.portal.payments.orders import orders_from
        from huiqi.portal.payments.outcomes import on_outcome

        orders_from(DOMAIN, orders)
        on_outcome(DOMAIN, hear)
        figures_from(DOMAIN, reach)
        needs_from(DOMAIN, needed)
