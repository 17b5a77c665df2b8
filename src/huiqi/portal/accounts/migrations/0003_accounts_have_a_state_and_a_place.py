"""What stood before: closed accounts get their state, officers the agency of their first appointment."""

from django.db import migrations


def forwards(apps, _editor):
    user_model = apps.get_model("accounts", "User")
    appointment_model = apps.get_model("accounts", "Appointment")
    user_model.objects.filter(is_active=False).update(state="closed")
    held = appointment_model.objects.select_related("agency").order_by("-id")
    for user, agency in {each.user_id: each.agency for each in held}.items():
        user_model.objects.filter(pk=user).update(agency=agency, region=agency.region)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_people_prove_who_they_are")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
