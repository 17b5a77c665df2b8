"""Requests of visitors are counted by address and minute."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_accounts_have_a_state_and_a_place"),
    ]

    operations = [
        migrations.CreateModel(
            name="VisitorUse",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("minute", models.BigIntegerField()),
                ("used", models.PositiveIntegerField()),
            ],
            options={
                "indexes": [models.Index(fields=["minute"], name="visitors_of_a_minute")],
            },
        ),
    ]
