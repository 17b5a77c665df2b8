"""The database holds the ledger's rules, and transfers are only ever added."""

from django.db import migrations

from huiqi.portal.acts.append_only import keep_rows
from huiqi.portal.funds.ledger_rules import hold_the_ledger


class Migration(migrations.Migration):
    """Sums by triggers, transfers for ever."""

    dependencies = [("funds", "0001_initial"), ("acts", "0002_append_only")]

    operations = [hold_the_ledger(), keep_rows("funds_transfer")]
