import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("firms", "0004_industry_and_size_first"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="binding",
            name="connection",
            field=models.CharField(blank=True, max_length=12),
        ),
        migrations.AddField(
            model_name="binding",
            name="explained",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.CreateModel(
            name="Listing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
                ("credit_code", models.CharField(max_length=18, verbose_name="统一社会信用代码")),
                ("name", models.CharField(max_length=120, verbose_name="名称")),
                ("region", models.CharField(max_length=6, verbose_name="地区")),
                ("connection", models.CharField(max_length=12)),
                ("state", models.CharField(default="asked", max_length=12)),
                ("asked_at", models.DateTimeField()),
                ("note", models.CharField(blank=True, max_length=200)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="listings",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "企业登记申请",
                "indexes": [models.Index(fields=["region", "-id"], name="listing_region")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "asked")),
                        fields=("user", "credit_code"),
                        name="one_listing_of_a_user",
                    )
                ],
            },
        ),
    ]
