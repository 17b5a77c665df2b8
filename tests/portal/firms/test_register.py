"""The list of firms: found by two characters, by place, industry and size; exported with an act; in scope everywhere."""

import io

import pytest
from django.urls import reverse
from offices import GEJIU, HONGHE, MENGZI, code_of, roster_of
from python_calamine import CalamineWorkbook

from huiqi.portal.acts.models import Event
from huiqi.portal.firms.models import Export, Firm
from huiqi.portal.firms.queries import Filters, firms_of, found, industries_of
from huiqi.portal.look import paging

pytestmark = pytest.mark.django_db
HEADINGS = "统一社会信用代码,企业名称,地区,行业,从业人员,上年营业收入（万元）"


@pytest.fixture
def register(mengzi, gejiu):
    mengzi.take(
        roster_of(
            "#1,蒙自云岭食品有限公司,532503,C13,35,1200",
            "#2,蒙自小巷餐饮店,532503,H62,8,90",
            "#3,=cmd|'/c calc'!A1,532503,H62,2,",
            headings=HEADINGS,
        )
    )
    gejiu.take(roster_of("#4,个旧锡业食品厂,532501,C32,400,60000", headings=HEADINGS))


def names(rows):
    return {each.name for each in rows}


def listed(client, **query):
    answer = client.get(reverse("firms"), query)
    return names(answer.context["firms"])


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("食品", {"蒙自云岭食品有限公司"}),
        ("云岭食品", {"蒙自云岭食品有限公司"}),
        ("岭食", {"蒙自云岭食品有限公司"}),
        ("蒙自 餐饮", {"蒙自小巷餐饮店"}),
        ("餐", {"蒙自小巷餐饮店"}),
        ("食品云岭", set()),
        (code_of(2), {"蒙自小巷餐饮店"}),
        (code_of(2).lower()[:14], {"蒙自小巷餐饮店", "蒙自云岭食品有限公司", "=cmd|'/c calc'!A1"}),
        ("'; drop table firms_firm; --", set()),
        ("%", set()),
        ("_", set()),
        ("个旧", set()),
    ],
)
def test_words_of_two_characters_are_found_within_ones_own_area(mengzi, register, text, wanted):
    assert names(found(firms_of(mengzi.actor), text)) == wanted
    assert listed(mengzi.client, q=text) == wanted


def test_filters_narrow_together_and_stay_in_the_address(mengzi, register):
    assert listed(mengzi.client, industry="餐饮业", region=MENGZI) == {"蒙自小巷餐饮店", "=cmd|'/c calc'!A1"}
    assert listed(mengzi.client, industry="C") == {"蒙自云岭食品有限公司"}
    assert listed(mengzi.client, size="micro") == {"蒙自小巷餐饮店", "=cmd|'/c calc'!A1"}
    assert listed(mengzi.client, size="small") == {"蒙自云岭食品有限公司"}
    page = mengzi.client.get(reverse("firms"), {"industry": "餐饮业", "q": "餐饮"}).content.decode()
    assert 'value="餐饮业"' in page
    assert "/firms/export/?industry=%E9%A4%90%E9%A5%AE%E4%B8%9A&amp;q=%E9%A4%90%E9%A5%AE" in page


@pytest.mark.parametrize(
    "query", [{"size": "x"}, {"region": "99"}, {"industry": "没有的"}, {"subject": "person"}]
)
def test_a_filter_that_means_nothing_is_told(mengzi, register, query):
    answer = mengzi.client.get(reverse("firms"), query)
    assert answer.status_code == 400
    assert "已不作筛选" in answer.content.decode()


@pytest.mark.parametrize("query", [{"q": "\0" * 9}, {"q": "长" * 5000}, {"page": "-1"}, {"page": "x" * 999}])
def test_hostile_queries_do_no_harm(mengzi, register, query):
    assert mengzi.client.get(reverse("firms"), query).status_code == 200


def test_a_prefecture_sees_its_counties_and_a_county_itself(appointed, mengzi, register):
    honghe = appointed("honghe", "reviewer", HONGHE)
    assert len(listed(honghe.client)) == 4
    assert listed(honghe.client, region=GEJIU) == {"个旧锡业食品厂"}
    assert len(listed(mengzi.client)) == 3
    assert listed(mengzi.client, region=GEJIU) == set()


def test_a_page_of_firms_costs_the_same_whatever_stands_on_it(mengzi, register, django_assert_num_queries):
    with django_assert_num_queries(8):
        mengzi.client.get(reverse("firms"))
    mengzi.take(
        roster_of(
            *(f"#{number},企业{number},532503" for number in range(10, 60)),
            headings="统一社会信用代码,企业名称,地区",
        )
    )
    with django_assert_num_queries(8):
        mengzi.client.get(reverse("firms"))


def test_great_numbers_are_not_counted_out(mengzi, register, monkeypatch):
    monkeypatch.setattr(paging, "MOST_COUNTED", 2)
    assert "共2+户" in mengzi.client.get(reverse("firms")).content.decode()


def sheet(answer):
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
    return book.get_sheet_by_index(0).to_python()


def test_an_export_is_an_act_holds_what_was_asked_and_no_formula(mengzi, register):
    answer = mengzi.client.post(reverse("firms-export") + "?industry=H62", {"key": "one"})
    rows = sheet(answer)
    assert [row[1] for row in rows] == ["名称", "蒙自小巷餐饮店", "=cmd|'/c calc'!A1"]
    event = Event.objects.get(act="firms.export")
    assert (event.body["rows"], event.body["asked"], event.region) == (2, {"industry": "H62"}, MENGZI)
    assert Export.objects.for_site("test").get().digest == event.body["digest"]


def test_the_cells_of_an_export_are_texts_even_to_those_who_look_closely(mengzi, register):
    import zipfile

    answer = mengzi.client.post(reverse("firms-export"), {"key": "one"})
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as book:
        page, styles = (book.read(f"xl/{name}.xml") for name in ("worksheets/sheet1", "styles"))
    assert b"<f>" not in page
    assert b'quotePrefix="1"' in styles


def test_an_export_holds_no_more_than_its_office_sees(gejiu, register):
    rows = sheet(gejiu.client.post(reverse("firms-export"), {"key": "one"}))
    assert [row[1] for row in rows[1:]] == ["个旧锡业食品厂"]


def test_who_may_not_export_cannot(appointed, register):
    approver = appointed("approver", "approver", HONGHE)
    assert "导出为表格" not in approver.client.get(reverse("firms")).content.decode()
    assert approver.client.post(reverse("firms-export"), {"key": "one"}).status_code == 404
    assert not Event.objects.filter(act="firms.export").exists()


def test_an_export_that_nobody_made_is_not_noted(mengzi, register):
    address = reverse("act", kwargs={"name": "firms.export", "subject": "-"})
    answer = mengzi.client.post(address, {"made": "forged:token", "key": "k"})
    assert answer.status_code == 422
    assert not Export.objects.for_site("test").exists()


def test_an_industry_is_meant_by_code_or_by_words():
    assert industries_of("C26") == ("C26",)
    assert industries_of("餐饮业") == ("H62",)
    assert "C13" in industries_of("食品")


@pytest.mark.parametrize(("code", "begins"), [("C", 1), ("C39", 1), ("C4", 0), ("D", 0), ("C392", 1)])
def test_an_industry_takes_in_what_lies_within_it(mengzi, code, begins):
    about = {"region": MENGZI, "updated_at": "2022-08-01T00:00Z", "industry": "C3921"}
    Firm.objects.create(credit_code=code_of(9), name="通信设备厂", **about)
    rows = Filters(industry=code).on(firms_of(mengzi.actor))
    assert rows.count() == begins
    assert industries_of("没有的行业") == ()


def test_a_name_saved_alone_is_found(mengzi):
    Firm.objects.create(
        credit_code=code_of(9), name="独存商行", region=MENGZI, updated_at="2022-08-01T00:00Z"
    )
    assert listed(mengzi.client, q="独存") == {"独存商行"}


def test_great_numbers_are_counted_in_no_order(mengzi, register, django_assert_max_num_queries):
    with django_assert_max_num_queries(8) as caught:
        mengzi.client.get(reverse("firms") + "?industry=62")
    (counting,) = [
        each["sql"] for each in caught if "COUNT(*)" in each["sql"] and "firms_firm" in each["sql"]
    ]
    assert "ORDER BY" not in counting


@pytest.mark.parametrize(("most", "gathers"), [(10_000, True), (1, False)])
def test_few_firms_of_a_search_are_gathered_before_they_are_put_in_order(
    mengzi, register, monkeypatch, django_assert_num_queries, most, gathers
):
    monkeypatch.setattr(paging, "MOST_COUNTED", most)
    with django_assert_num_queries(8) as caught:
        mengzi.client.get(reverse("firms"), {"q": "蒙自"})
    (ordered,) = [each["sql"] for each in caught if "firms_firm" in each["sql"] and "ORDER BY" in each["sql"]]
    assert ('("firms_firm"."id" + 0) ASC' in ordered) is gathers
