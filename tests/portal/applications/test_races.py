"""Two people at one moment on one application: one of two decisions counts, on either database."""

import pytest
from own_sites import new_site
from races import BEGIN, WAIT, race

ROUNDS = 6
OFFICE = (
    BEGIN
    + """
import huiqi.portal.applications.firm_acts, huiqi.portal.applications.shown
from offices import MENGZI
from screened_office import registered
from huiqi.portal.applications.models import Application
from huiqi.portal.firms.models import Binding
from huiqi.portal.notices.whom import actor_on

# Files have tests of their own; here nothing is wanted.
huiqi.portal.applications.firm_acts.lacking = lambda slots: []
huiqi.portal.applications.shown.lacking = lambda slots: []
ROUNDS = int(sys.argv[-1])
RATED = [
    ["records", "certification", "", -1, "1"],
    ["certification", "certificate", "", 0, "guesthouse_class_b"],
    ["certification", "obtained", "", 0, "2022-06-30"],
]

def do(name, act, subject, values, key):
    who = actor_on(User.objects.get(username=name), TODAY)
    return perform(act, who, subject, values, now=NOW, today=TODAY, key=key).subject
def application(number):
    return Application.objects.for_site("test").get(firm__credit_code=code(number))
"""
)
SET_UP = (
    OFFICE
    + """
until = sys.argv[1]
for name, role in (("county", "county_officer"), ("first", "reviewer"), ("second", "reviewer")):
    user = User.objects.create_user(name, password="a long password", name=name)
    agency, _ = Agency.objects.get_or_create(code=MENGZI, defaults={"name": "蒙自市", "region": MENGZI})
    Appointment.objects.create(user=user, agency=agency, role=role, begins=TODAY)
owner = User.objects.create_user("owner", password="a long password", name="owner")
for number in range(ROUNDS):
    firm = registered(number, MENGZI)
    Binding.objects.create(user=owner, firm=firm, state="bound", asked_at=NOW)
    made = do("owner", "application.begin", None, {"firm": firm.pk, "measure": "guesthouse-award"}, f"b{number}")
    for count in range(1, len(RATED) + 1):
        do("owner", "application.save", made.pk, {"answers": RATED[:count]}, f"s{number}-{count}")
    if until == "received":
        do("owner", "application.hand_in", made.pk, {}, f"h{number}")
        do("county", "application.receive", made.pk, {}, f"r{number}")
"""
)
RACE = (
    OFFICE
    + WAIT
    + """
me, what = sys.argv[1], sys.argv[2]
ACTS = {
    "deciding": {"first": ("first", "application.grant", {}), "second": ("second", "application.grant", {})},
    "withdrawing": {"first": ("first", "application.grant", {}),
                    "second": ("owner", "application.withdraw", {"reason": "不再申请"})},
    "handing in": {"first": ("owner", "application.hand_in", {}), "second": ("owner", "application.hand_in", {})},
}
who, act, values = ACTS[what][me]
told = []
for number in range(ROUNDS):
    try:
        do(who, act, application(number).pk, values, f"{me}:{number}")
        told.append("done")
    except Refused as refused:
        told.append("refused")
print(json.dumps(told))
"""
)
ENDED = (
    OFFICE
    + """
from huiqi.portal.applications.models import HandIn
from huiqi.portal.delivery.models import Line
lines = Line.objects.for_site("test")
print(json.dumps([
    [each.state, lines.filter(firm=each.firm).count(), HandIn.objects.for_site("test").filter(application=each).count()]
    for each in Application.objects.for_site("test").order_by("pk")
]))
"""
)


@pytest.mark.parametrize(
    ("what", "until", "ends"),
    [
        ("deciding", "received", {("granted", 1, 1)}),
        ("withdrawing", "received", {("granted", 1, 1), ("withdrawn", 0, 1)}),
        ("handing in", "draft", {("handed_in", 0, 1)}),
    ],
)
def test_of_two_at_once_one_counts_and_the_other_is_told(tmp_path, what, until, ends):
    site = new_site(tmp_path)
    site.python(SET_UP, until, ROUNDS)
    told = race(site, RACE, what, ROUNDS)
    assert [sorted(both) for both in told] == [["done", "refused"]] * ROUNDS
    assert {tuple(each) for each in site.python(ENDED, ROUNDS)} <= ends
