"""What officers, firms and everybody see of deliveries, and what nobody from elsewhere does."""

import datetime

import pytest
from delivering_office import lines_of, states_of
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from offices import GEJIU
from screened_office import officer

from huiqi.portal.delivery.models import LeftOut, Line, NotReceived, Objection

HOSTILE = "%00&state=x'--&county=%00&change=%3Cb%3E&mark=%00&page=-1&measure=%00&year=%00&region=%00"


def shown(client, name, status=200, query="", **where):
    answer = client.get(reverse(name, kwargs=where) + query)
    assert answer.status_code == status, answer.content.decode()[:500]
    return answer.content.decode()


def test_a_run_shows_its_lines_its_steps_and_what_may_be_done(office):
    run = office.noticed(office.entitled(1), office.entitled(2))
    text = shown(office.county_officer.client, "delivery-run", number=run.pk)
    assert "虚构企业1" in text
    assert "1,800.00" in text
    assert "公示中" in text
    assert f"公示至{run.notice_until.isoformat()}" not in text
    assert reverse("delivery-notice", kwargs={"number": run.pk}) in text
    assert "失业保险稳岗返还" in shown(office.auditor.client, "deliveries")
    assert "失业保险稳岗返还" in shown(office.approver.client, "delivery-board")


def test_lines_are_narrowed_by_what_the_address_asks(office):
    run = office.run(office.entitled(1), office.entitled(2))
    line = lines_of(run)[0]
    Line.objects.for_site("test").filter(pk=line.pk).update(state="reopened")
    text = shown(office.reviewer.client, "delivery-run", number=run.pk, query="?state=reopened")
    assert "共1条明细" in text
    assert "共1条明细" in shown(office.reviewer.client, "delivery-run", number=run.pk, query="?q=企业2")
    assert "共0条明细" in shown(office.reviewer.client, "delivery-run", number=run.pk, query="?county=532501")


def test_a_line_shows_its_facts_with_source_and_date_and_how_its_amount_came_about(office):
    run = office.run(office.entitled(1))
    (line,) = lines_of(run)
    text = shown(office.auditor.client, "delivery-line", number=line.pk)
    for words in (
        "900.00",
        "2022-06-30",
        "税务",
        "按规则计算",
        "1,000.00元",
        "2021年实际缴纳失业保险费",
        line.rule_digest,
    ):
        assert words in text


def test_what_was_drawn_is_looked_at_by_ticking_it(office):
    run = office.run(office.entitled(1), state="drawn", line_state="drawn")
    (line,) = lines_of(run)
    Line.objects.for_site("test").filter(pk=line.pk).update(sampled=True)
    assert "随机抽样" in shown(office.reviewer.client, "delivery-run", number=run.pk)
    where = reverse("delivery-look", kwargs={"number": run.pk})
    nothing = office.reviewer.client.post(where, {"key": "a"})
    assert "没有选择明细" in nothing.content.decode()
    assert office.reviewer.client.post(where, {"key": "b", "line": line.pk}).status_code == 302
    assert lines_of(run)[0].looked_by == office.reviewer.actor.id
    assert office.finance.client.post(where, {"key": "c", "line": line.pk}).status_code == 404


def test_who_has_no_line_is_named_with_the_reason(office):
    run = office.run(office.entitled(1))
    LeftOut.objects.create(run=run, firm=office.entitled(2), county="532503", amount=900_00, why="ended")
    text = shown(office.reviewer.client, "delivery-left-out", number=run.pk, query="?why=ended")
    assert "虚构企业2" in text
    assert "本次不再符合" in text


def test_another_county_finds_none_of_it(office):
    run = office.noticed(office.entitled(1))
    (line,) = lines_of(run)
    gejiu = officer("gejiu", "county_officer", GEJIU)
    for name, number in (
        ("delivery-run", run.pk),
        ("delivery-line", line.pk),
        ("delivery-left-out", run.pk),
        ("delivery-not-reached", run.pk),
        ("delivery-sample", run.pk),
    ):
        shown(gejiu.client, name, 404, number=number)
    assert "失业保险稳岗返还" not in shown(gejiu.client, "deliveries")
    assert "虚构企业1" not in shown(gejiu.client, "delivery-objections")


def test_a_public_notice_names_firms_and_hides_persons_codes_and_accounts(office):
    firm = office.entitled(1, account="6222021000000000001")
    person = office.entitled(2)
    type(person).objects.for_site("test").filter(pk=person.pk).update(name="张小明", subject="self_employed")
    run = office.noticed(firm, person)
    text = shown(Client(), "delivery-notice", number=run.pk)
    assert "虚构企业1" in text
    assert "900.00" in text
    for secret in ("张小明", firm.credit_code, person.credit_code, "6222021000000000001", "小明"):
        assert secret not in text
    assert "张**" in text
    assert "失业保险稳岗返还" in shown(Client(), "delivery-notices")
    # A person's name is no word to search for.
    assert "张**" not in shown(Client(), "delivery-notice", number=run.pk, query="?q=张小明")


def test_a_list_that_is_not_in_notice_is_public_to_nobody(office):
    run = office.run(office.entitled(1))
    shown(Client(), "delivery-notice", 404, number=run.pk)
    assert "失业保险稳岗返还" not in shown(Client(), "delivery-notices")


def test_a_firm_follows_its_own_line_and_objects_on_its_page(office):
    firm = office.entitled(1, owner="owner")
    run = office.noticed(firm, office.entitled(2))
    (line, other) = lines_of(run)
    client = office.owner.client
    text = shown(client, "own-deliveries")
    assert "公示至" in text
    assert "虚构企业2" not in text
    assert "900.00" in shown(client, "own-delivery", number=line.pk)
    shown(client, "own-delivery", 404, number=other.pk)
    where = reverse("own-object", kwargs={"run": run.pk, "firm": firm.pk})
    assert client.post(where, {"key": "a", "reason": ""}).status_code in (400, 409, 422)
    assert client.post(where, {"key": "b", "reason": "缴费数有误"}).status_code == 302
    assert states_of(run) == ["contested", "listed"]
    objection = Objection.objects.for_site("test").get()
    assert "缴费数有误" in shown(office.reviewer.client, "delivery-objection", number=objection.pk)
    assert "缴费数有误" in shown(client, "own-deliveries")


def test_a_firm_without_a_line_may_object_to_that(office):
    office.entitled(1, owner="owner")
    run = office.noticed(office.entitled(2))
    text = shown(office.owner.client, "own-deliveries")
    assert reverse("own-object", kwargs={"run": run.pk, "firm": 1}) in text or "提出异议" in text


def test_what_is_only_drawn_is_shown_to_no_firm(office):
    run = office.run(office.entitled(1, owner="owner"), state="drawn", line_state="drawn")
    (line,) = lines_of(run)
    shown(office.owner.client, "own-delivery", 404, number=line.pk)


def test_cases_are_followed_up_from_their_list(office):
    run = office.run(office.entitled(1))
    (line,) = lines_of(run)
    NotReceived.objects.create(
        line=line, county="532503", said="没有收到", at=datetime.datetime.now(datetime.UTC)
    )
    assert "没有收到" in shown(office.leading_group.client, "delivery-cases")
    assert "没有收到" not in shown(office.leading_group.client, "delivery-cases", query="?state=closed")


@pytest.mark.parametrize("name", ["deliveries", "delivery-board", "delivery-objections", "delivery-cases"])
def test_hostile_words_in_an_address_find_nothing(office, name):
    shown(office.auditor.client, name, query=f"?q=a{HOSTILE}")


def test_hostile_words_on_the_pages_of_a_run(office):
    run = office.noticed(office.entitled(1))
    for name in ("delivery-run", "delivery-left-out", "delivery-not-reached"):
        shown(office.auditor.client, name, query=f"?q=a{HOSTILE}&why=%00", number=run.pk)
    shown(Client(), "delivery-notice", query=f"?q=a{HOSTILE}", number=run.pk)
    shown(Client(), "delivery-notices", query=f"?q=a{HOSTILE}")


def test_the_cost_of_a_page_does_not_grow_with_its_rows(office, django_assert_max_num_queries):
    few = office.run(*(office.entitled(number) for number in range(1, 4)))
    many = office.run(*(office.entitled(number) for number in range(11, 41)), period="2021")
    for run in (few, many):
        with django_assert_max_num_queries(38):
            shown(office.auditor.client, "delivery-run", number=run.pk)
        with django_assert_max_num_queries(18):
            shown(office.auditor.client, "delivery-not-reached", number=run.pk)


def test_a_third_partys_list_is_taken_out_and_its_results_are_taken_back(office):
    run = office.run(office.entitled(1), way="third_party")
    office.county_officer.do("thirdparty.send", run.pk)
    (line,) = lines_of(run)
    client = office.county_officer.client
    answer = client.get(reverse("delivery-list", kwargs={"number": run.pk}))
    sent = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert "虚构企业1" in sent
    where = reverse("delivery-take-back", kwargs={"number": run.pk})
    back = f"明细编号,落实结果,落实金额,说明\n{line.pk},已落实,900.00,\n".encode()
    given = {"key": "a", "rows": "2", "total": "900.00"}
    wrong = client.post(where, {**given, "file": SimpleUploadedFile("结果.csv", back)})
    assert "文件与申报的笔数或金额不符" in wrong.content.decode()
    taken = client.post(
        where, {**given, "key": "b", "rows": "1", "file": SimpleUploadedFile("结果.csv", back)}
    )
    assert taken.status_code == 302, taken.content.decode()[:3000]
    assert states_of(run) == ["granted"]
    assert "收回结果" in shown(client, "delivery-run", number=run.pk)
    for name in ("delivery-list", "delivery-take-back"):
        shown(office.finance.client, name, 404, number=run.pk)
        shown(officer("gejiu", "county_officer", GEJIU).client, name, 404, number=run.pk)
