"""Heads and their lines are only ever added."""

from django.db import migrations

from huiqi.portal.acts.append_only import keep_rows


class Migration(migrations.Migration):
    """Heads for ever."""

    dependencies = [("fund_watch", "0001_initial"), ("acts", "0002_append_only")]

    operations = [keep_rows("fund_watch_fundhead"), keep_rows("fund_watch_fundheadline")]
