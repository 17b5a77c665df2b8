"""The calculator for anybody: facts in, amounts out, equal to what `huiqi assess` says; hostile input refused."""

import datetime
import re

import pytest
from django.test import Client
from django.urls import reverse
from offices import GEJIU, HONGHE, MENGZI, NOW, appoint

from huiqi.portal.answers.result import result_of
from huiqi.portal.answers.told import MOST_STEPS
from huiqi.portal.catalogue.shelf import shelf
from huiqi.portal.lists.models import Entry, KeptList
from huiqi.rules.reasons import LISTS
from huiqi.rules.situation import Origin, Situation
from huiqi.screening.assess import assess

pytestmark = pytest.mark.django_db
DAY = datetime.date(2022, 8, 1)
ASK = "/answers/ask/"
SHOP = {
    "industry": "H62",
    "lease": "1",
    "landlord": "state_enterprise",
    "monthly_rent": "4200",
    "months_leased": "12",
    "risk-county-2022": "no",
    "tax_due": "1",
    "tax": "stamp_tax",
    "period_end": "2022-06-30",
    "tax_amount": "84.35",
}
"""A shop that rents state-owned premises in Mengzi; what is not here is not known."""


@pytest.fixture(autouse=True)
def _day(monkeypatch):
    monkeypatch.setenv("HUIQI_NOW", "2022-08-01T10:00:00+08:00")


@pytest.fixture
def begun(client):
    answer = client.post("/answers/", {"subject": "self_employed", "region": "532503"})
    assert answer.url == ASK
    return client


WALKED = {}
"""What sessions hold after a whole talk, by what was said: a talk is walked through once."""


def talk_through(client, said):
    """Answer what is said, skip the rest, up to the end; return what was asked."""
    key = tuple(said.items())
    if key not in WALKED:
        WALKED[key] = (walk_through(client, said), client.session["answers"])
    asked, kept = WALKED[key]
    session = client.session
    session["answers"] = kept
    session.save()
    return asked


def walk_through(client, said, most=120):
    """Answer question by question on the pages."""
    asked = []
    for _ in range(most):
        shown = client.get(ASK)
        if shown.status_code == 302:
            return asked
        token = shown.context["asking"].token
        name = token.split("|")[1]
        asked.append(name)
        given = {"answer": said[name]} if name in said else {"move": "skip"}
        assert client.post(ASK, {"place": token, **given}).status_code == 302
    raise AssertionError("the interview does not end")


def test_facts_in_amounts_out_as_assess_says(begun):
    asked = talk_through(begun, SHOP)
    assert set(SHOP) <= set(asked)
    result = begun.get("/answers/result/").context["result"]
    lease = {"landlord": "state_enterprise", "monthly_rent": 420000, "months_leased": 12}
    tax = {"tax": "stamp_tax", "period_end": datetime.date(2022, 6, 30), "tax_amount": 8435}
    known = Situation(
        DAY,
        "self_employed",
        {"region": "532503", "industry": "H62"},
        {"lease": (lease,), "tax_due": (tax,)},
        {"risk-county-2022": False},
    )
    direct = assess(shelf().library, known)
    assert result.assessment.total_certain == direct.total_certain == 1_264_218
    amounts = {each.measure.id: each.amount for each in result.certain}
    assert amounts["rent-waiver"] == 1_260_000
    assert amounts == {
        each.measure.id: each.judgement.amount
        for each in direct.measures
        if each.judgement.verdict == "eligible"
    }


def test_the_amount_is_shown_with_its_arithmetic_and_its_clause(begun):
    talk_through(begun, SHOP)
    text = begun.get("/answers/result/").content.decode()
    assert "减免金额 = 月租金 × 应减免月数" in text
    assert "4200元/月 × （3个月与12个月中较小者） = 12,600.00元" in text
    assert (
        "国有房屋的服务业小微企业和个体工商户减免３个月租金" in text
        or "承租国有企业、机关事业单位国有房屋" in text
    )


def test_a_question_says_why_it_is_asked_and_what_it_decides(begun):
    shown = begun.get(ASK)
    asking = shown.context["asking"]
    assert asking.why
    assert asking.decides
    assert asking.words in shown.content.decode()


def test_back_takes_the_last_answer_away_and_skip_leaves_it_open(begun):
    first = begun.get(ASK).context["asking"].token
    begun.post(ASK, {"place": first, "move": "skip"})
    second = begun.get(ASK).context["asking"].token
    assert second != first
    begun.post(ASK, {"move": "back"})
    assert begun.get(ASK).context["asking"].token == first


def test_an_earlier_answer_is_changed_and_the_later_ones_stay(begun):
    asked = talk_through(begun, SHOP)
    begun.post(f"{ASK}{asked.index('monthly_rent') + 1}/", {"answer": "5000"})
    result = begun.get("/answers/result/").context["result"]
    assert {each.measure.id: each.amount for each in result.certain}["rent-waiver"] == 1_500_000
    assert begun.get(f"{ASK}{asked.index('monthly_rent') + 1}/").context["text"] == "5000.00"


def test_fewer_records_drop_what_was_said_of_the_others(begun):
    asked = talk_through(begun, SHOP)
    begun.post(f"{ASK}{asked.index('lease') + 1}/", {"answer": "0"})
    result = begun.get("/answers/result/").context["result"]
    assert "rent-waiver" in [each.measure.id for each in result.failed]


def test_what_is_missing_names_the_fact_and_the_money():
    lease = {"monthly_rent": 420000, "months_leased": 12}
    subject = {"region": "532503", "industry": "H62"}
    known = Situation(DAY, "self_employed", subject, {"lease": (lease,)}, {"risk-county-2022": False})
    wanting = result_of(shelf(), shelf().interviewer.begin(known)).wanting
    landlord = next(each for each in wanting if each.label == "租约1：出租方")
    assert (landlord.money, landlord.known_by, landlord.askable) == (1_260_000, "企业自己", True)
    assert "rent-waiver" in [card.measure.id for card in landlord.waiting]
    assert [each.money for each in wanting] == sorted((each.money for each in wanting), reverse=True)


def test_what_is_not_granted_tells_the_failing_condition_and_what_is_not_in_force(begun):
    talk_through(begun, {**SHOP, "landlord": "other"})
    result = begun.get("/answers/result/").context["result"]
    failed = next(each for each in result.failed if each.measure.id == "rent-waiver")
    assert "出租方" in failed.failed[0]
    assert {each.state for each in result.outside} <= {"ended", "later"}
    near = (
        next(each for each in result.near if each.card.measure.id == "rent-waiver") if result.near else None
    )
    assert near is None or near.last_day == datetime.date(2022, 12, 31)


def test_industries_are_found_by_name_and_offered_for_a_choice(begun):
    while not (token := begun.get(ASK).context["asking"].token).startswith("subject|industry"):
        begun.post(ASK, {"place": token, "move": "skip"})
    offered = begun.post(ASK, {"place": token, "answer": "餐饮"})
    assert offered.status_code == 422
    assert ("H62", "餐饮业（H62）") in offered.context["meant"]
    assert begun.post(ASK, {"place": token, "answer": "餐饮业"}).status_code == 302


@pytest.mark.parametrize(
    "given",
    [
        {"place": "subject|no_such|\u200b|-1", "answer": "yes"},
        {"place": "subject|industry|", "answer": "H62"},
        {"place": "x" * 5000, "answer": "yes"},
        {"place": "lease|landlord||99999999999999999999", "answer": "other"},
        {"place": "lease|landlord||-7", "answer": "other"},
        {"place": "list|no-such||-1", "answer": "yes"},
        {"answer": "yes"},
        {},
    ],
)
def test_a_question_that_does_not_exist_is_refused_and_the_current_one_is_put(begun, given):
    before = begun.get(ASK).context["asking"].token
    answer = begun.post(ASK, given)
    assert answer.status_code in (409, 422)
    assert answer.context["asking"].token == before
    assert answer.context["said"]
    assert not answer.wsgi_request.session["answers"]["steps"]


@pytest.mark.parametrize(
    "text", ["", "x" * 100_000, "NaN", "-1", "1e9", "99999999999999999999", "<b>", "\x00", "0.001"]
)
def test_a_wrong_answer_is_told_and_not_kept(begun, text):
    answer = begun.post(ASK, {"place": begun.get(ASK).context["asking"].token, "answer": text})
    assert answer.status_code == 422
    assert answer.context["said"]
    assert len(answer.content) < 20_000
    assert not answer.wsgi_request.session["answers"]["steps"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "请选择主体类型"),
        ({"subject": "self_employed"}, "请选择经营所在的地区"),
        ({"subject": "self_employed", "region": "000000"}, "请选择经营所在的地区"),
        ({"subject": "king", "region": "532503"}, "没有这个选项"),
        ({"subject": "self_employed", "region": "999999"}, "没有这个地区"),
        ({"subject": "self_employed", "region": "532503", "on": "tomorrow"}, "日期请写成"),
    ],
)
def test_a_beginning_that_lacks_something_is_told(client, given, said):
    answer = client.post("/answers/", given)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert "answers" not in client.session


@pytest.mark.parametrize("page", ["ask/", "ask/1/", "result/", "sheet/", "calendar.ics"])
def test_nobody_sees_another_visitors_answers(begun, page):
    talk_through(begun, SHOP)
    other = Client()
    answer = other.get(f"/answers/{page}")
    assert answer.status_code == 404
    assert "请重新开始" in answer.content.decode()
    forged = Client()
    forged.cookies["sessionid"] = "a" * 32
    assert forged.get(f"/answers/{page}").status_code == 404


@pytest.mark.parametrize(
    "kept",
    [None, [], "x", {"subject": "king"}, {"subject": "person", "region": "1", "as_of": "x", "steps": [[1]]}],
)
def test_a_session_that_holds_something_else_begins_anew(client, kept):
    session = client.session
    session["answers"] = kept
    session.save()
    assert client.get(ASK).status_code == 404


def test_an_interview_never_grows_without_end(begun):
    session = begun.session
    kept = session["answers"]
    kept["steps"] = [["subject", "zombie", "", -1, None]] * (MOST_STEPS + 1)
    session["answers"] = kept
    session.save()
    assert begun.get("/answers/result/").status_code == 404


def test_an_answer_number_that_does_not_exist_is_not_found(begun):
    assert begun.get(f"{ASK}1/").status_code == 404
    assert begun.get(f"{ASK}99999999999999999999/").status_code == 404


def test_forgetting_empties_the_session(begun):
    talk_through(begun, SHOP)
    assert begun.post("/answers/forget/").url == reverse("answers")
    assert begun.get("/answers/result/").status_code == 404


def test_the_deadlines_are_a_calendar_file(begun):
    talk_through(begun, {**SHOP, "hit_by_epidemic": "yes"})
    answer = begun.get("/answers/calendar.ics")
    assert answer["Content-Type"].startswith("text/calendar")
    lines = answer.content.decode().split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert all(len(line.encode()) <= 75 for line in lines)
    deadlines = begun.get("/answers/result/").context["result"].deadlines
    assert deadlines
    assert sum(line == "BEGIN:VEVENT" for line in lines) == len(deadlines)
    assert f"DTSTART;VALUE=DATE:{deadlines[0].last_day:%Y%m%d}" in lines


def test_the_shared_page_names_measures_and_nothing_of_the_firm(begun):
    talk_through(begun, SHOP)
    share = begun.get("/answers/result/").context["share"]
    shown = Client().get(share.replace("http://testserver", ""))
    text = shown.content.decode()
    assert "国有房屋租金减免" in text
    assert not re.search(r"4,?200|12,?600|H62|餐饮业", text + share)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "region=532503&subject=x&on=2022-08-01",
        "region=532503&subject=person&on=x",
        "region=532503&subject=person&on=2022-08-01&certain=no-such",
        "region=532503&subject=person&on=2022-08-01&certain=" + "x" * 3000,
    ],
)
def test_a_broken_shared_address_is_told(client, query):
    assert client.get(f"/answers/shared/?{query}").status_code == 400


def test_the_pages_ask_the_database_only_for_the_session_and_the_lists_of_counties(
    begun, django_assert_num_queries, settings
):
    settings.VISITOR_REQUESTS_A_MINUTE = 0  # Where visitors are counted, that is one more.
    talk_through(begun, SHOP)
    for page in ("result/", "sheet/", "calendar.ics"):
        with django_assert_num_queries(3):
            begun.get(f"/answers/{page}")


def test_what_lists_say_of_a_county_is_known_of_whoever_is_there(client):
    group = appoint("group", "leading_group", HONGHE)
    kept = group.do("list.open", None, {"kind": "risk-county-2022"})
    Entry.objects.create(
        kept=kept,
        county=GEJIU,
        region=GEJIU,
        state="member",
        begins=DAY,
        ground="file",
        reason="x",
        rule_digest="0" * 64,
        at=NOW,
    )
    KeptList.objects.for_site("test").update(complete_from=datetime.date(2022, 1, 1))

    def known(region):
        client.post("/answers/", {"subject": "self_employed", "region": region})
        context = client.get(ASK).context
        talk = context["talk"]
        return talk.situation.lists.get("risk-county-2022"), talk.base.origins.get(
            (LISTS, 0, "risk-county-2022")
        )

    assert known(GEJIU) == (True, Origin("list:risk-county-2022", "2022-08-01"))
    assert known(MENGZI) == (False, Origin("list:risk-county-2022", "2022-01-01"))
    # Of a prefecture nothing is told: its counties differ. Elsewhere no list is complete.
    assert known(HONGHE) == (None, None)
    assert known("530102") == (None, None)


def test_what_lists_say_of_a_county_is_not_asked_again(client):
    group = appoint("group", "leading_group", HONGHE)
    group.do("list.open", None, {"kind": "risk-county-2022"})
    asked = {}
    for complete in (False, True):
        since = datetime.date(2022, 1, 1) if complete else None
        KeptList.objects.for_site("test").update(complete_from=since)
        client.post("/answers/", {"subject": "self_employed", "region": MENGZI})
        asked[complete] = walk_through(client, {**SHOP, "risk-county-2022": "no"})
    assert "risk-county-2022" in asked[False]
    assert "risk-county-2022" not in asked[True]


def test_every_page_holds_to_the_policy_of_content_and_works_without_scripts(begun):
    pages = [begun.get("/answers/"), begun.get(ASK)]
    talk_through(begun, SHOP)
    pages += [begun.get("/answers/result/"), begun.get("/answers/sheet/")]
    for answer in pages:
        text = answer.content.decode()
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?! src=)", text)
        assert 'name="viewport"' in text


def test_the_interview_is_in_english_where_english_is_wanted(begun):
    begun.cookies["django_language"] = "en"
    asking = begun.get(ASK).context["asking"]
    assert re.fullmatch(r"[\x00-\x7f]+", asking.words)
    wrong = begun.post(ASK, {"place": asking.token, "answer": "~~"})
    assert re.fullmatch(r"[\x00-\x7f“”餐饮]+", wrong.context["said"])
    text = begun.get("/answers/result/").content.decode()
    assert "What is still missing" in text
