"""The chain begins with one head; events and published heads are never changed."""

from django.db import migrations

from huiqi.portal.acts.append_only import keep_rows


def begin(apps, _editor):
    """Write the one head."""
    apps.get_model("acts", "Head").objects.get_or_create(id=1)


class Migration(migrations.Migration):
    """One head, events for ever."""

    dependencies = [("acts", "0001_initial")]

    operations = [
        migrations.RunPython(begin, migrations.RunPython.noop),
        keep_rows("acts_event"),
        keep_rows("acts_publishedhead"),
        keep_rows("acts_answeredrequest"),
    ]
