"""What an order of money said when it was decided is never changed."""

from django.db import migrations

from huiqi.portal.funds.order_rules import keep_decided_orders


class Migration(migrations.Migration):
    """Decided orders for ever."""

    dependencies = [("funds", "0003_orders_of_money_and_programmes_that_close")]

    operations = [keep_decided_orders()]
