"""Programs read lists as pages show them: the same rows, the same days, nothing of other counties."""

import datetime

import pytest
from api_callers import caller, code_of_answer
from offices import GEJIU

from huiqi.portal.lists.files import MOST_BYTES
from huiqi.portal.lists.models import Batch

pytestmark = pytest.mark.django_db


def test_a_program_reads_the_lists_and_members_of_its_own_county(clerk, gejiu, kept, firm, on_list):
    white = kept("chain-white-list")
    mill = firm(1)
    on_list(white, mill, "2022-06-01")
    on_list(white, firm(2, GEJIU), "2022-06-01", by=gejiu)
    program = caller(clerk)
    (told,) = program.get("lists").json()["rows"]
    assert (told["kind"], told["says"], told["region"]) == ("chain-white-list", "key_supply_firm", "532500")
    rows = program.get(f"lists/{white.pk}/members").json()["rows"]
    assert [(each["credit_code"], each["begins"]) for each in rows] == [(mill.credit_code, "2022-06-01")]
    before = datetime.date(2022, 5, 31).isoformat()
    assert program.get(f"lists/{white.pk}/members", on=before).json()["rows"] == []


def test_a_list_elsewhere_is_not_found(appointed, kept):
    white = kept("chain-white-list")
    kunming = caller(appointed("kunming", "county_officer", "530102"))
    assert kunming.get("lists").json()["rows"] == []
    assert kunming.get(f"lists/{white.pk}/members").status_code == 404


def test_members_are_narrowed_as_on_the_page(clerk, kept, firm, on_list):
    white = kept("chain-white-list")
    on_list(white, firm(1, name="蒙自云岭食品厂"), "2022-06-01")
    on_list(white, firm(2, name="蒙自石榴加工厂"), "2022-06-01")
    program = caller(clerk)
    rows = program.get(f"lists/{white.pk}/members", q="石榴").json()["rows"]
    assert [each["name"] for each in rows] == ["蒙自石榴加工厂"]
    assert program.get(f"lists/{white.pk}/members", region="999999").status_code == 400
    assert program.get(f"lists/{white.pk}/members", on="x").status_code in (400, 422)


def sent(program, name, content):
    return program.client.post(
        f"/api/lists/files?name={name}",
        content,
        content_type="application/octet-stream",
        headers=program.headers,
    )


def test_a_program_hands_a_file_of_members_in(clerk, kept, firm):
    white, mill = kept("chain-white-list"), firm(1, name="蒙自云岭食品厂")
    program = caller(clerk)
    answer = sent(program, "members.csv", f"统一社会信用代码\n{mill.credit_code}\n".encode())
    assert answer.status_code == 200, answer.content
    values = {"kept": white.pk, "begins": "2022-07-01", "basis": "红工信〔2022〕1号", **answer.json()}
    handed = program.post("acts/list.hand_in", values)
    assert handed.status_code == 200, handed.content
    batch = Batch.objects.for_site("test").get(pk=handed.json()["subject"])
    assert (batch.rows[0][0], batch.counts["good"]) == (mill.pk, 1)


@pytest.mark.parametrize(
    ("name", "content", "status", "code"),
    [
        ("members.xlsx", b"MZ not a table", 422, "wrong-ending"),
        ("members.exe", b"a,b\n1,2\n", 422, "roster-ending"),
        ("members.csv", b"a,b\n" + b"1,2\n" * (MOST_BYTES // 4), 422, "file-too-large"),
        ("", b"a,b\n1,2\n", 400, "bad-value"),
    ],
)
def test_a_file_is_held_to_what_the_page_holds_it_to(clerk, name, content, status, code):
    assert code_of_answer(sent(caller(clerk), name, content)) == (status, code)


def test_a_larger_file_sent_as_a_roster_is_no_file_of_members(clerk, kept):
    program = caller(clerk)
    content = b"a,b\n" + b"1,2\n" * (MOST_BYTES // 4)
    ticket = program.client.post(
        "/api/rosters/files?name=members.csv",
        content,
        content_type="application/octet-stream",
        headers=program.headers,
    ).json()
    values = {"kept": kept("chain-white-list").pk, "begins": "2022-07-01", "basis": "文件", **ticket}
    assert code_of_answer(program.post("acts/list.hand_in", values)) == (422, "file-too-large")
