"""Two people at one moment: of two approvals one counts, of two proposals of one firm one stands, on either database."""

import pytest
from own_sites import new_site
from races import BEGIN, WAIT, race

ROUNDS = 8
OFFICE = (
    BEGIN
    + """
from huiqi.portal.lists.models import Entry, KeptList

ROUNDS = int(sys.argv[-1])

def do(name, act, subject, values, key):
    return perform(act, actor(name), subject, values, now=NOW, today=TODAY, key=key).subject
def propose(name, number):
    kept = KeptList.objects.for_site("test").get()
    values = {"kept": kept.pk, "subject": code(number), "begins": "2022-06-01", "reason": "符合条件"}
    return do(name, "list.propose", None, values, f"{name}:propose:{number}")
"""
)
SET_UP = (
    OFFICE
    + """
for name, role, region in (
    ("group", "leading_group", "532500"), ("clerk", "county_officer", "532503"), ("other", "county_officer", "532503"),
    ("reviewer", "reviewer", "532500"), ("first", "approver", "532500"), ("second", "approver", "532500"),
):
    user = User.objects.create_user(name, password="a long password", name=name)
    agency, _ = Agency.objects.get_or_create(code=region, defaults={"name": region, "region": region})
    Appointment.objects.create(user=user, agency=agency, role=role, begins=TODAY)
for number in range(2 * ROUNDS):
    Firm.objects.create(credit_code=code(number), name=f"虚构企业{number}", region="532503", updated_at=NOW)
do("group", "list.open", None, {"kind": "chain-white-list"}, "open")
for number in range(ROUNDS):
    entry = propose("clerk", number)
    do("reviewer", "list.review", entry.pk, {}, f"review:{number}")
"""
)
RACE = (
    OFFICE
    + WAIT
    + """
me, what = sys.argv[1], sys.argv[2]
told = []
for number in range(ROUNDS):
    try:
        if what == "approving":
            entry = Entry.objects.for_site("test").get(firm__credit_code=code(number))
            do(me, "list.approve", entry.pk, {}, f"{me}:{number}")
        else:
            propose({"first": "clerk", "second": "other"}[me], ROUNDS + number)
        told.append("done")
    except Refused as refused:
        told.append(refused.findings[0].code)
print(json.dumps(told))
"""
)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    made = new_site(tmp_path_factory.mktemp("list-races"))
    made.python(SET_UP, ROUNDS)
    return made


def test_of_two_approvals_at_once_one_counts(site):
    told = race(site, RACE, "approving", ROUNDS)
    assert [sorted(each) for each in told] == [["done", "not-in-this-state"]] * ROUNDS
    assert site.sql("SELECT count(*) FROM acts_event WHERE act = 'list.approve'") == [(ROUNDS,)]
    assert site.sql("SELECT count(*) FROM lists_entry WHERE state = 'member'") == [(ROUNDS,)]


def test_of_two_proposals_of_one_firm_at_once_one_stands(site):
    told = race(site, RACE, "proposing", ROUNDS)
    assert all(each.count("done") == 1 for each in told)
    assert {code for each in told for code in each} <= {"done", "list-already", "made-meanwhile"}
    assert site.sql("SELECT count(*) FROM lists_entry WHERE state = 'proposed'") == [(ROUNDS,)]
