"""Deliveries for programs: what an office's program reads of runs, and everybody of public notices."""

import datetime

from api_callers import caller
from delivering_office import lines_of
from django.test import Client
from offices import GEJIU, HONGHE, NOW
from screened_office import officer, screened

from huiqi.portal.delivery.models import Approval, LeftOut, Line, NotReceived, Objection


def rows(answer):
    assert answer.status_code == 200, answer.content
    return answer.json()["rows"]


def test_a_run_says_who_approved_it_and_what_its_lines_come_to(office):
    run = office.approved(office.entitled(1), office.entitled(2))
    told = caller(office.auditor).get(f"deliveries/{run.pk}").json()
    assert told["states"] == {"approved": {"lines": 2, "fen": 1_800_00}}
    (approval,) = told["approvals"]
    assert (approval["role"], approval["round"]) == ("approver", 1)
    assert approval["by"] == Approval.objects.for_site("test").get().by


def test_who_has_no_line_objects_or_received_nothing_is_told_to_the_own_area(office):
    run = office.run(office.entitled(1), region=HONGHE)
    (line,) = lines_of(run)
    LeftOut.objects.create(run=run, firm=office.entitled(2), county=line.county, amount=1_00, why="ended")
    Objection.objects.create(
        run=run, line=line, firm=line.firm, county=line.county, reason="有误", before=900_00, at=NOW
    )
    NotReceived.objects.create(line=line, county=line.county, said="没有收到", at=NOW)
    program, elsewhere = caller(office.auditor), caller(officer("gejiu", "auditor", GEJIU))
    for path, expected in (
        (f"deliveries/{run.pk}/left-out", {"firm": "虚构企业2", "why": "ended", "amount": "1.00"}),
        ("delivery-objections", {"line": line.pk, "before": "900.00", "after": "", "state": "open"}),
        ("delivery-cases", {"line": line.pk, "said": "没有收到", "state": "open"}),
    ):
        (told,) = rows(program.get(path))
        assert {name: told[name] for name in expected} == expected
        assert rows(elsewhere.get(path)) == []


def test_the_board_is_told_of_the_own_areas_firms(office):
    gejiu = office.entitled(2)
    type(gejiu).objects.for_site("test").filter(pk=gejiu.pk).update(region=GEJIU)
    gejiu.refresh_from_db()
    first = office.entitled(1)
    screened(officer("honghe", "leading_group", HONGHE))
    run = office.run(first, gejiu, region=HONGHE, state="paying")
    Line.objects.for_site("test").filter(run=run, firm=first).update(state="paid")
    told = caller(office.auditor).get("delivery-board", measure="job-retention-refund").json()
    assert [(each["entitled"], each["reached"], each["missed"], each["paid"]) for each in told] == [
        (1, 1, 0, "900.00")
    ]


def test_public_notices_are_read_without_a_token_and_hide_persons(office):
    firm, person = office.entitled(1), office.entitled(2)
    type(person).objects.for_site("test").filter(pk=person.pk).update(name="张小明", subject="self_employed")
    run = office.noticed(firm, person)
    (notice,) = rows(Client().get("/api/announcements", {"region": HONGHE}))
    assert (notice["number"], notice["notice_until"]) == (run.pk, run.notice_until.isoformat())
    assert rows(Client().get("/api/announcements", {"region": "110000"})) == []
    assert Client().get("/api/announcements", {"region": "火星"}).status_code == 400
    answer = Client().get(f"/api/announcements/{run.pk}/lines")
    assert [(each["name"], each["amount"]) for each in rows(answer)] == [
        ("虚构企业1", "900.00"),
        ("张**", "900.00"),
    ]
    for secret in ("张小明", firm.credit_code, person.credit_code):
        assert secret not in answer.content.decode()
    type(run).objects.for_site("test").update(notice_from=datetime.date(2022, 8, 2))
    assert Client().get(f"/api/announcements/{run.pk}/lines").status_code == 404
    assert rows(Client().get("/api/announcements")) == []
