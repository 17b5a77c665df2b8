"""Two processes race one act: one does it, the other is told; every event has its number, and none is missing."""

import pytest
from own_sites import new_site
from races import BEGIN, WAIT, race

ROUNDS = 15
# An office with two officers and an owner; the owner asked to be bound to every firm.
OFFICE = (
    BEGIN
    + """
from huiqi.portal.firms.models import Binding

ROUNDS = int(sys.argv[-1])

def ask(number, key):
    values = {"credit_code": code(number), "name": f"虚构企业{number}", "connection": "head"}
    return perform("binding.ask", actor("owner"), None, values, now=NOW, today=TODAY, key=key)
"""
)
SET_UP = (
    OFFICE
    + """
agency = Agency.objects.create(code="532503-office", name="蒙自市", region="532503")
for name in ("first", "second", "owner"):
    user = User.objects.create_user(name, password="a long password", name=name)
    if name != "owner":
        Appointment.objects.create(user=user, agency=agency, role="county_officer", begins=TODAY)
for number in range(3 * ROUNDS):
    Firm.objects.create(credit_code=code(number), name=f"虚构企业{number}", region="532503", updated_at=NOW)
    if number < 2 * ROUNDS:
        ask(number, f"ask:{number}")
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
        if what == "making":
            done = ask(2 * ROUNDS + number, f"{me}:{number}")
        else:
            # Two officers with a request each, or one officer's request sent twice.
            who, key, firm = (me, me, number) if what == "officers" else ("first", "same", ROUNDS + number)
            binding = Binding.objects.for_site("test").get(firm__credit_code=code(firm))
            done = perform(
                "binding.confirm", actor(who), binding.pk, {}, now=NOW, today=TODAY, key=f"{key}:{firm}", seen=1
            )
        told.append("repeated" if done.repeated else "done")
    except Refused as refused:
        told.append(refused.findings[0].code)
print(json.dumps(told))
"""
)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    made = new_site(tmp_path_factory.mktemp("races"))
    made.python(SET_UP, ROUNDS)
    return made


def events(site, act):
    return site.sql(f"SELECT subject FROM acts_event WHERE act = '{act}' ORDER BY sequence")


def test_of_two_officers_one_confirms_and_the_other_is_told_that_it_was_done(site):
    before = len(events(site, "binding.confirm"))
    told = race(site, RACE, "officers", ROUNDS)
    assert [sorted(each) for each in told] == [["changed-meanwhile", "done"]] * ROUNDS
    assert (
        len(set(events(site, "binding.confirm"))) == len(events(site, "binding.confirm")) == before + ROUNDS
    )


def test_one_request_sent_twice_at_once_is_done_once_and_answered_twice(site):
    before = len(events(site, "binding.confirm"))
    told = race(site, RACE, "request", ROUNDS)
    assert [sorted(each) for each in told] == [["done", "repeated"]] * ROUNDS
    assert (
        len(set(events(site, "binding.confirm"))) == len(events(site, "binding.confirm")) == before + ROUNDS
    )


def test_of_two_requests_to_make_the_same_one_makes_it(site):
    told = race(site, RACE, "making", ROUNDS)
    assert all(each.count("done") == 1 for each in told)
    assert {code for each in told for code in each} <= {"done", "refused", "made-meanwhile"}
    assert site.sql("SELECT count(*), count(DISTINCT firm_id) FROM firms_binding") == [
        (3 * ROUNDS, 3 * ROUNDS)
    ]


def test_after_all_races_every_event_has_its_number_and_none_is_missing(site):
    answer = site.answer("audit", "verify")
    assert answer["sound"], answer["findings"]
    [(count, first, last)] = site.sql("SELECT count(*), min(sequence), max(sequence) FROM acts_event")
    assert (first, last) == (1, count) == (1, answer["events"])
