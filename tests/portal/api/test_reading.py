"""What programs read: one's own rows, part by part; the public library and calculator; what one is owed."""

import json

import pytest
from api_callers import caller
from django.test import Client
from offices import GEJIU, MENGZI, NOW, code_of

from huiqi.cli import main as cli
from huiqi.portal.acts.chain import event_digest
from huiqi.portal.acts.models import Event
from huiqi.portal.clock.models import Deadline
from huiqi.portal.firms import api as firms_api
from huiqi.portal.firms.models import Firm, Look

pytestmark = pytest.mark.django_db


def more_firms(count, region=MENGZI, begin=100):
    for number in range(begin, begin + count):
        Firm.objects.create(
            credit_code=code_of(number, region), name=f"第{number}号店", region=region, updated_at=NOW
        )


def parts(program, path, most, **query):
    found, after = [], ""
    while True:
        told = program.get(path, most=most, after=after, **query).json()
        found.append(told["rows"])
        after = told["next"]
        if after is None:
            return found


def test_a_list_is_read_part_by_part_and_every_row_once(officers_program, restaurant):
    more_firms(6)
    more_firms(3, GEJIU, 300)
    read = parts(officers_program, "firms", 3)
    assert [len(each) for each in read] == [3, 3, 1]
    assert len({each["number"] for part in read for each in part}) == 7
    assert {each["region"] for part in read for each in part} == {MENGZI}


@pytest.mark.parametrize("count", [3, 30])
def test_a_list_costs_the_same_however_long(officers_program, count, django_assert_num_queries):
    more_firms(count)
    with django_assert_num_queries(7):
        assert officers_program.get("firms", most=200).status_code == 200


@pytest.mark.parametrize("most", [10_000, 1])
def test_a_search_gives_every_firm_once_be_they_few_or_more_than_are_counted(
    officers_program, restaurant, monkeypatch, most
):
    more_firms(6)
    monkeypatch.setattr(firms_api, "MOST_COUNTED", most)
    read = parts(officers_program, "firms", 4, q="号店")
    assert [[each["name"] for each in part] for part in read] == [
        ["第100号店", "第101号店", "第102号店", "第103号店"],
        ["第104号店", "第105号店"],
    ]


def test_filters_are_those_of_the_page(officers_program, restaurant):
    more_firms(2)
    assert [each["name"] for each in officers_program.get("firms", q="米线").json()["rows"]] == [
        "蒙自过桥米线店"
    ]
    assert len(officers_program.get("firms", industry="住宿和餐饮业").json()["rows"]) == 1
    refused = officers_program.get("firms", size="giant")
    assert refused.status_code == 400 and refused.json()["findings"][0]["cell"] == "size"


@pytest.mark.parametrize(
    "query",
    [{"most": 0}, {"most": 10**9}, {"most": "x"}, {"after": "-1"}, {"after": "9" * 19}, {"q": "x" * 9999}],
)
def test_a_query_that_cannot_be_used_is_told(officers_program, query):
    answer = officers_program.get("firms", **query)
    assert answer.status_code == 400
    assert answer.json()["findings"][0]["cell"] == next(iter(query))


def test_text_that_no_database_takes_finds_nothing(officers_program, restaurant):
    assert officers_program.get("firms", q="\0").status_code == 200
    assert officers_program.get("firms", region="\0").status_code == 400


def test_a_fact_tells_every_sources_word_and_the_one_that_counts(officers_program, restaurant, officer):
    answer = officers_program.get(f"firms/{restaurant.pk}")
    fact = answer.json()["facts"][0]
    assert fact["fact"] == "employees"
    assert {(each["source"], each["value"], each["counts"]) for each in fact["claims"]} == {
        ("statistics", "12", True),
        ("firm", "15", False),
    }
    assert answer["ETag"] == '"0"' and answer["Cache-Control"] == "no-store, private"
    look = Look.objects.for_site("test").get()
    assert (look.actor, look.what) == (f"user:{officer.user.pk}", "firm")


def test_a_firms_own_member_reads_it_without_being_noted(owners_program, restaurant):
    assert owners_program.get(f"firms/{restaurant.pk}").status_code == 200
    assert not Look.objects.for_site("test").exists()
    assert owners_program.get("firms").status_code == 404


def test_what_a_firm_is_owed_is_told_to_its_member_only(owners_program, officers_program, restaurant):
    told = owners_program.get(f"firms/{restaurant.pk}/owed").json()
    assert told["region"] == MENGZI and told["measures"] and told["unread"] == []
    assert all(each["amount"] is None or "." in each["amount"] for each in told["measures"])
    assert officers_program.get(f"firms/{restaurant.pk}/owed").status_code == 404
    near = owners_program.get(f"firms/{restaurant.pk}/near-misses").json()["near_misses"]
    assert near == told["near_misses"]


def test_the_calculator_answers_as_the_command_does(tmp_path, capsys):
    case = {
        "subject": "enterprise",
        "enterprise": {
            "region": "532503",
            "industry": "H62",
            "employees": 8,
            "revenue": {"2021": 900000},
            "leases": [],
        },
    }
    file = tmp_path / "case.json"
    file.write_text(json.dumps(case), "utf-8")
    with pytest.raises(SystemExit) as ended:
        cli(["assess", str(file), "--as-of", "2022-08-01", "--json"])
    assert ended.value.code == 0
    by_command = json.loads(capsys.readouterr().out)
    answer = Client().post("/api/assess?as_of=2022-08-01", json.dumps(case), content_type="application/json")
    assert answer.status_code == 200, answer.content
    assert answer.json() == by_command


@pytest.mark.parametrize(
    ("body", "query"),
    [
        ("", ""),
        ("{", ""),
        ("[]", ""),
        ('"x"', ""),
        ('{"enterprise": {"employees": -1}}', ""),
        ('{"enterprise": {"no_such_fact": 1}}', ""),
        ('{"enterprise": {"name": "\\u0000"}}', ""),
        ("a: &a [*a]", ""),
        ("[" * 5000, ""),
        (b"\xff", ""),
        ('{"enterprise": {}}', "?measure=no-such-measure"),
        ('{"enterprise": {}}', "?as_of=2022-02-30"),
        ('{"enterprise": {}}', "?as_of=0001-01-01"),
        ('{"enterprise": {}}', "?as_of=9999-12-31"),
    ],
)
def test_hostile_cases_are_answered_in_findings(body, query):
    answer = Client().post(f"/api/assess{query}", body, content_type="application/json")
    assert answer.status_code in (200, 400, 422)
    if answer.status_code != 200:
        assert all(each["code"] and each["what"] for each in answer.json()["findings"])


def test_the_calculator_keeps_nothing_and_asks_for_no_token(db):
    answer = Client().post(
        "/api/assess", '{"enterprise": {"region": "532503"}}', content_type="application/json"
    )
    assert answer.status_code == 200 and answer.json()["as_of"] == "2022-08-01"
    assert not Event.objects.exists() and not answer.cookies


def test_measures_are_open_to_everybody(client):
    listed = client.get("/api/measures", {"region": MENGZI, "on": "2022-08-01", "most": 5}).json()
    assert len(listed["rows"]) == 5 and listed["next"] == "5"
    row = listed["rows"][0]
    told = client.get(f"/api/measures/{row['region']}/{row['id']}").json()
    assert told["conditions"] and told["sources"][0]["words"]
    assert client.get("/api/measures/530000/no-such").status_code == 404
    assert client.get("/api/measures?region=nowhere").status_code == 400


@pytest.fixture
def contested(owners_program, restaurant):
    """The firm's member contests a fact."""
    body = {"firm": restaurant.pk, "fact": "employees", "says": "15", "reason": "新招三人"}
    return owners_program.post("acts/fact.contest", body).json()["subject"]


def test_events_are_for_auditors_in_their_order_and_check(auditor, officer, contested):
    officer.do("contest.uphold", contested, {"answer": "属实"})
    program = caller(auditor)
    told = program.get("events").json()["rows"]
    assert [each["act"] for each in told] == ["fact.contest", "contest.uphold"]
    assert all(event_digest(each["previous"], each) == each["digest"] for each in told)
    assert told[1]["previous"] == told[0]["digest"]
    assert caller(officer).get("events").status_code == 404
    assert [each["act"] for each in program.get("events", act="fact.contest").json()["rows"]] == [
        "fact.contest"
    ]


def test_deadlines_are_those_of_the_area(officers_program, gejiu_officer, contested):
    row = officers_program.get("deadlines").json()["rows"][0]
    assert (row["rule"], row["due"], row["late"]) == ("contest-answer", "2022-08-08", False)
    Deadline.objects.for_site("test").update(due="2022-07-29")
    assert officers_program.get("deadlines").json()["rows"][0]["late"] is True
    assert officers_program.get("deadlines", due_before="2022-07-01").json()["rows"] == []
    assert caller(gejiu_officer).get("deadlines").json()["rows"] == []


def test_contests_are_read_by_the_firm_and_by_its_office(owner, owners_program, officers_program, restaurant):
    body = {"firm": restaurant.pk, "fact": "employees", "says": "15", "reason": "新招三人"}
    assert owners_program.post("acts/fact.contest", body).status_code == 200
    for program in (owners_program, officers_program):
        assert [each["says"] for each in program.get("contests").json()["rows"]] == ["15"]
    assert caller(owner, "person").get("contests").status_code == 404


def test_texts_are_those_that_one_may_see(officers_program, gejiu_officer):
    from huiqi.portal.documents.models import OfficialText

    for number, shared in enumerate((True, False)):
        OfficialText.objects.create(
            file_name=f"{number}.txt",
            digest=str(number) * 64,
            title=f"第{number}号通知",
            shared=shared,
            region=MENGZI,
            added_at=NOW,
        )
    assert len(officers_program.get("documents").json()["rows"]) == 2
    told = caller(gejiu_officer).get("documents").json()["rows"]
    assert [each["title"] for each in told] == ["第0号通知"]
