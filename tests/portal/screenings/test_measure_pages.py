"""The officer's measures: what is in force here, who is entitled, which fact is missing, why; only in the own area."""

import datetime
import io
import zipfile

import pytest
from django.urls import reverse
from offices import GEJIU, HONGHE, MENGZI, code_of
from python_calamine import CalamineWorkbook
from screened_office import made_once, officer, page, registered, renter, screened

from huiqi.portal.acts.models import Event
from huiqi.portal.catalogue.shelf import library
from huiqi.portal.firms.models import Firm, Look
from huiqi.portal.screenings.entitled import Asked, Entitled
from huiqi.portal.screenings.models import CountyResult, Screening

pytestmark = pytest.mark.django_db
WAIVER = "rent-waiver"
FORMULA = "=cmd|'/c calc'!A1"


def build():
    """Two counties: three firms surely waived their rent, one that does not say from whom it rents."""
    renter(1, name="蒙自小巷餐饮店", size="self_employed")
    renter(2, name="蒙自云岭餐饮店", rent="3000.50", size="self_employed")
    renter(3, GEJIU, rent="2000", name="个旧锡都餐饮店")
    renter(4, landlord="", name="蒙自没说房东的店")
    registered(5, name="蒙自什么都没说的厂", industry="C13")
    screened(officer("honghe", "leading_group", HONGHE))


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker, tmp_path_factory):
    return made_once(build, tmp_path_factory.mktemp("made"), django_db_blocker)


@pytest.fixture
def run(made, db, tmp_path) -> Screening:
    return made.set_up(tmp_path)


def measure(office, called=WAIVER, **query):
    return page(office, "measure", query, name=called)


def names(answer):
    return [each["row"].name for each in answer.context["shown"]]


def test_what_is_in_force_here_stands_with_what_the_newest_run_came_to(mengzi, honghe, run):
    answer = page(mengzi, "measures")
    ids = {each["card"].measure.id for each in answer.context["rows"]}
    today = datetime.date(2022, 8, 1)
    assert ids == {variants[0].id for variants in library().applying(MENGZI, today)}
    [waiver] = [each for each in answer.context["rows"] if each["card"].measure.id == WAIVER]
    assert (waiver["sums"]["eligible"], waiver["sums"]["certain_fen"]) == (2, 300_000 + 900_150)
    assert waiver["until"] == datetime.date(2022, 12, 31)
    [whole] = [each for each in page(honghe, "measures").context["rows"] if each["card"].measure.id == WAIVER]
    assert whole["sums"]["eligible"] == 3
    text = answer.content.decode()
    assert "国有房屋租金减免" in text
    assert f"第{run.pk}次" in text


def test_without_a_run_the_measures_lead_to_a_start(mengzi, appointed):
    text = page(mengzi, "measures").content.decode()
    assert "还没有完成过全部措施的筛查" in text
    assert reverse("screening-start") in text
    assert measure(mengzi).status_code == 200
    finance = appointed("finance", "finance", HONGHE)
    assert reverse("screening-start") not in page(finance, "measures").content.decode()


@pytest.mark.parametrize(
    ("query", "holds"),
    [
        ({"q": "房租"}, False),
        ({"q": "租金"}, True),
        ({"kind": "waiver"}, None),
        ({"only": "owed"}, True),
        ({"delivery": "by_third_party"}, True),
        ({"delivery": "automatic"}, False),
    ],
)
def test_measures_are_narrowed(mengzi, run, query, holds):
    answer = page(mengzi, "measures", query)
    if holds is None:
        assert answer.status_code in (200, 400)
        return
    assert any(each["card"].measure.id == WAIVER for each in answer.context["rows"]) is holds


def test_firms_come_by_verdict_then_by_money_with_what_each_lacks(mengzi, run):
    answer = measure(mengzi)
    assert names(answer)[:3] == ["蒙自云岭餐饮店", "蒙自小巷餐饮店", "蒙自没说房东的店"]
    rows = answer.context["shown"]
    assert [each["row"].amount for each in rows[:3]] == [900_150, 300_000, None]
    assert rows[2]["missing"] == ["租约：出租方"]
    assert answer.context["total_fen"] == 1_200_150
    text = answer.content.decode()
    assert "承租国有企业、机关或者事业单位的国有房屋" in text
    assert reverse("firm", kwargs={"number": rows[0]["row"].pk}) in text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"verdict": "eligible"}, {"蒙自云岭餐饮店", "蒙自小巷餐饮店"}),
        ({"verdict": "undetermined"}, {"蒙自没说房东的店"}),
        ({"q": "云岭"}, {"蒙自云岭餐饮店"}),
        ({"q": "蒙自 小巷"}, {"蒙自小巷餐饮店"}),
        ({"q": code_of(1).lower()}, {"蒙自小巷餐饮店"}),
        ({"q": "个旧"}, set()),
        ({"q": "%"}, set()),
        ({"size": "self_employed", "verdict": "eligible"}, {"蒙自云岭餐饮店", "蒙自小巷餐饮店"}),
        ({"size": "large"}, set()),
        ({"section": "C"}, set()),
        ({"section": "H", "verdict": "eligible"}, {"蒙自云岭餐饮店", "蒙自小巷餐饮店"}),
        ({"fact": "lease.landlord"}, {"蒙自没说房东的店"}),
        ({"fact": "no_such"}, set()),
        ({"change": "begun"}, set()),
    ],
)
def test_firms_are_narrowed(mengzi, run, query, found):
    assert set(names(measure(mengzi, **query))) == found


@pytest.mark.parametrize(
    "query",
    [
        *({"verdict": "x"}, {"county": GEJIU}, {"county": "\0"}, {"section": "ZZ"}, {"size": "x" * 10_000}),
        {"change": "maybe"},
    ],
)
def test_a_filter_that_means_nothing_is_told(mengzi, run, query):
    answer = measure(mengzi, **query)
    assert answer.status_code == 400
    assert "已不作筛选" in answer.content.decode()


@pytest.mark.parametrize(
    "query", [{"q": "\0" * 9}, {"q": "长" * 10_000}, {"page": "-3"}, {"page": "9" * 99}, {"fact": "\0"}]
)
def test_hostile_queries_do_no_harm(mengzi, run, query):
    assert measure(mengzi, **query).status_code == 200
    assert page(mengzi, "measures", query).status_code == 200


def test_a_county_never_sees_anothers_firms(mengzi, gejiu, honghe, run):
    assert "个旧锡都餐饮店" not in measure(mengzi).content.decode()
    assert names(measure(gejiu)) == ["个旧锡都餐饮店"]
    assert set(names(measure(honghe, county=GEJIU))) == {"个旧锡都餐饮店"}
    assert len(names(measure(honghe))) == 4


def test_rows_are_read_only_of_counties_that_were_given(run):
    own = list(CountyResult.objects.for_site("test").filter(county=GEJIU))
    assert [each.name for each in Entitled(own, WAIVER, Asked())] == ["个旧锡都餐饮店"]
    assert len(Entitled(own, WAIVER, Asked(county=MENGZI))) == 0
    assert len(Entitled([], WAIVER, Asked())) == 0
    assert len(Entitled(own, "no-such-measure", Asked())) == 0


def test_who_sees_no_lists_of_firms_sees_figures(appointed, run):
    analyst = appointed("analyst", "analyst", HONGHE)
    answer = measure(analyst)
    assert answer.context["sums"]["eligible"] == 3
    assert "餐饮店" not in answer.content.decode()
    first = Firm.objects.for_site("test").first()
    assert page(analyst, "entitled-firm", name=WAIVER, number=first.pk).status_code == 404
    assert analyst.client.post(reverse("measure-export", kwargs={"name": WAIVER})).status_code == 404


def test_the_newly_and_the_no_longer_entitled_are_found(honghe, mengzi, run):
    firm = Firm.objects.for_site("test").get(name="蒙自小巷餐饮店")
    firm.records["leases"][0]["rows"][0]["landlord"] = "other"
    firm.save()
    renter(6, name="蒙自新店")
    screened(honghe)
    assert names(measure(mengzi, change="begun")) == ["蒙自新店"]
    ended = measure(mengzi, change="ended")
    assert names(ended) == ["蒙自小巷餐饮店"]
    assert ended.context["shown"][0]["verdict"] == "不符合"
    assert "蒙自小巷餐饮店" not in names(measure(mengzi))


def test_two_counties_runs_stand_together_for_the_prefecture(honghe, mengzi, gejiu, run):
    renter(7, name="蒙自后来的店", rent="50000")
    screened(mengzi, MENGZI)
    answer = measure(honghe)
    assert len(answer.context["about"]["runs"]) == 2
    assert names(answer)[0] == "蒙自后来的店"
    assert {"个旧锡都餐饮店", "蒙自云岭餐饮店"} <= set(names(answer))
    verdicts = [each["row"].verdict for each in answer.context["shown"]]
    assert verdicts == sorted(verdicts, key=["eligible", "likely", "undetermined"].index)


def exported(office, key="k", **query):
    address = reverse("measure-export", kwargs={"name": WAIVER})
    return office.client.post(f"{address}?{'&'.join(f'{k}={v}' for k, v in query.items())}", {"key": key})


def test_an_export_is_an_act_holds_what_the_list_shows_and_no_formula(mengzi, honghe):
    renter(1, name=FORMULA)
    renter(2, GEJIU)
    run = screened(honghe)
    answer = exported(mengzi, verdict="eligible")
    content = b"".join(answer.streaming_content)
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    rows = book.get_sheet_by_index(0).to_python()
    assert [row[1] for row in rows] == ["名称", FORMULA]
    assert rows[1][6:8] == [3000.0, 3000.0]
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")
    event = Event.objects.get(act="screening.export")
    assert event.body["asked"] == {"measure": WAIVER, "verdict": "eligible", "runs": [run.pk]}
    assert (event.body["rows"], event.region) == (1, MENGZI)


def test_an_export_without_a_key_is_refused(mengzi, run):
    assert exported(mengzi, key="").status_code == 422
    assert not Event.objects.filter(act="screening.export").exists()


def reason(office, firm, name=WAIVER):
    return page(office, "entitled-firm", name=name, number=firm.pk)


def test_the_reasons_of_a_firm_are_shown_and_the_look_is_noted(mengzi, run):
    firm = Firm.objects.for_site("test").get(name="蒙自小巷餐饮店")
    answer = reason(mengzi, firm)
    text = answer.content.decode()
    assert "3,000.00" in text
    assert "1000元" in text or "1,000.00元" in text
    assert "行政机关" in text
    assert "承租国有企业、机关事业单位国有房屋" in text
    assert not answer.context["changed"]
    look = Look.objects.for_site("test").get()
    assert (look.firm, look.actor) == (firm, mengzi.actor.id)


def test_reasons_say_where_the_register_has_moved_on(mengzi, run):
    firm = Firm.objects.for_site("test").get(name="蒙自小巷餐饮店")
    firm.records["leases"][0]["rows"][0]["landlord"] = "other"
    firm.save()
    text = reason(mengzi, firm).content.decode()
    assert "不符合" in text
    assert "那时为“符合”，金额3,000.00元" in text


def test_what_did_not_apply_then_and_does_not_now_is_no_change(mengzi, run):
    factory = Firm.objects.for_site("test").get(name="蒙自什么都没说的厂")
    answer = reason(mengzi, factory)
    assert answer.status_code == 200
    assert not answer.context["changed"]


def test_reasons_of_others_firms_are_not_found(mengzi, gejiu, run):
    other = Firm.objects.for_site("test").get(name="个旧锡都餐饮店")
    assert reason(mengzi, other).status_code == 404
    assert reason(gejiu, other, "no-such-measure").status_code == 404
    assert page(gejiu, "entitled-firm", name=WAIVER, number=10**30).status_code == 404
    assert not Look.objects.for_site("test").exists()


@pytest.mark.parametrize("name", ["no-such", "..", "x" * 300])
def test_measures_that_do_not_exist_are_not_found(mengzi, run, name):
    assert measure(mengzi, name).status_code == 404


def test_the_pages_cost_the_same_whatever_stands_on_them(honghe, mengzi, run, django_assert_max_num_queries):
    def cost(called, **values):
        with django_assert_max_num_queries(24) as seen:
            page(mengzi, called, **values)
        return len(seen)

    few = cost("measures"), cost("measure", name=WAIVER)
    for number in range(30):
        renter(100 + number)
    screened(honghe)
    assert (cost("measures"), cost("measure", name=WAIVER)) == few


def test_a_list_is_paged(mengzi, honghe):
    for number in range(1, 61):
        renter(number, rent=str(1000 + number))
    screened(honghe)
    first, second = measure(mengzi, verdict="eligible"), measure(mengzi, verdict="eligible", page="2")
    amounts = [each["row"].amount for answer in (first, second) for each in answer.context["shown"]]
    assert len(first.context["shown"]) == 50
    assert amounts == sorted(amounts, reverse=True)
    assert len(set(amounts)) == 60


def test_the_pages_read_in_english(mengzi, run):
    mengzi.client.cookies["django_language"] = "en"
    text = measure(mengzi).content.decode()
    assert "Firms here" in text
    assert "lacks" in text or "lack it" in text
    assert "measures in force here" in page(mengzi, "measures").content.decode()
    firm = Firm.objects.for_site("test").get(name="蒙自小巷餐饮店")
    assert "Verdict: " in reason(mengzi, firm).content.decode()
