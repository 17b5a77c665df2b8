"""Entries say themselves where and who they are, and follow their firm: a long list is read without the register."""

from django.db import migrations, models
from django.db.models import F, Q

from huiqi.portal.lists.following import fill_entries, follow_firms


class Migration(migrations.Migration):
    """Region and words of each entry, kept by the database."""

    dependencies = [
        ("firms", "0005_bindings_say_how_and_firms_ask_to_be_listed"),
        ("lists", "0001_the_lists"),
    ]

    operations = [
        migrations.AddField(
            model_name="entry",
            name="region",
            field=models.CharField(default="", max_length=6),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="entry",
            name="words",
            field=models.TextField(blank=True, default=""),
            preserve_default=False,
        ),
        fill_entries(),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["kept", "-begins", "id"], name="entry_list_newest"),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["kept", "region"], name="entry_list_region"),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.CheckConstraint(
                condition=Q(county="") | Q(region=F("county")), name="entry_of_its_county"
            ),
        ),
        follow_firms(),
    ]
