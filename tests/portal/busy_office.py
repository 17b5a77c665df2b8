"""An office with something in every kind of column: firms, a sealed telephone number, files, events, jobs."""

SET_UP = """
from huiqi.portal.accounts.capacities import actor_of
from huiqi.portal.accounts.models import Agency, Appointment, User
from huiqi.portal.acts.performing import perform
from huiqi.portal.firms.files import keep
from huiqi.portal.firms.models import Contact, Firm
from huiqi.portal.jobs.running import ask, run_due
from huiqi.portal.secrets.fields import put
from huiqi.reference.credit_codes import make_credit_code
from django.conf import settings
from importlib import import_module

TODAY = datetime.date(2022, 8, 1)
NOW = datetime.datetime(2022, 8, 1, 2, 0, 0, 123456, tzinfo=datetime.UTC)
agency = Agency.objects.create(code="532503-office", name="蒙自市", region="532503", area=["532503"])
user = User.objects.create_user("clerk", password="a long password", name="经办\\\\ \\t'\\"%—😀")
gone = User.objects.create_user("gone", password="a long password", name="x")
User.objects.filter(pk=gone.pk)._raw_delete("default")
Appointment.objects.create(user=user, agency=agency, role="county_officer", begins=TODAY)
actor = actor_of(user, TODAY)
rows = ["统一社会信用代码,企业名称,地区,从业人员"]
for number in range(int(sys.argv[1])):
    rows.append(f"{make_credit_code('532503', f'MA6K{number:04}')},虚构企业{number},532503,{number + 1}")
ticket = keep("名册.csv", ["\\n".join(rows).encode()], actor)
values = {"source": "statistics", "dated": "2022-06-30", "ticket": ticket}
roster = perform("roster.hand_in", actor, None, values, now=NOW, today=TODAY, key="hand in").subject
run_due(lambda: NOW)
perform("roster.take", actor, roster.pk, {}, now=NOW, today=TODAY, key="take")
ask("publish-head", "publish-head:2022-08-01", {"day": "2022-08-01"}, by="schedule", now=NOW)
run_due(lambda: NOW)
firm = Firm.objects.for_site("test").order_by("pk").first()
firm.facts["asked"] = [{"value": 2**62, "nested": {"b": [None, True, "\\\\u0041"], "a": -1}}]
firm.save(update_fields=["facts"])
contact = Contact.objects.create(firm=firm)
put(contact, "phone", "13800001234")
contact.save()
import_module(settings.SESSION_ENGINE).SessionStore().create()
from attached_files import picture
from huiqi.portal.applications.files import keep as keep_attachment
keep_attachment("a.png", [picture()], actor)
(settings.DATA / "working_days.csv").write_text("date,kind,name,notice\\n", "utf-8")
(settings.DATA / "backups").mkdir()
(settings.DATA / "backups" / "old.huiqi").write_text("an old one")
(settings.DATA / "keys-of-last-year.json").write_text("never kept")
"""
GOES_ON = """
from huiqi.portal.accounts.models import User
from huiqi.portal.firms.models import Contact
from huiqi.portal.secrets.fields import get
phones = [get(each, "phone") for each in Contact.objects.for_site("test")]
newcomer = User.objects.create_user("newcomer", password="a long password", name="x").pk
print(json.dumps({"phones": phones, "newcomer": newcomer}))
"""
