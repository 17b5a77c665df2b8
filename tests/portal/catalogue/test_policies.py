"""The policy library for everybody: found by words, place, kind and day; each measure with rule, words, examples."""

import pytest
from django.urls import reverse

from huiqi.portal.catalogue.places import place_groups
from huiqi.portal.catalogue.queries import found, wanted
from huiqi.portal.catalogue.shelf import library, shelf

pytestmark = pytest.mark.django_db


def titles(answer):
    return [row["card"].measure.id for row in answer.context["rows"]]


def search(client, **query):
    return client.get(reverse("policies"), query)


def test_the_library_opens_without_signing_in_and_asks_the_database_nothing(
    client, django_assert_num_queries
):
    with django_assert_num_queries(0):
        answer = search(client)
    assert answer.status_code == 200
    assert len(titles(answer)) == len(library().measures)


@pytest.mark.parametrize(
    "words", ["租金", "国有房屋 租金", "月租金", "减免３个月租金", "rent waiver", "RENT Waiver"]
)
def test_words_are_found_in_titles_facts_and_deciding_words(client, words):
    assert "rent-waiver" in titles(search(client, q=words))


def test_what_bears_the_word_in_its_title_comes_first(client):
    assert "社会保险" in search(client, q="社会保险").context["rows"][0]["card"].measure.title


def test_a_place_gives_the_variant_that_holds_there(client):
    honghe = search(client, region="532503").context["rows"]
    regions = {row["card"].measure.region for row in honghe}
    assert regions == {"000000", "530000", "532500"}
    ids = [row["card"].measure.id for row in honghe]
    assert len(ids) == len(set(ids))


def test_kind_delivery_subject_and_day_narrow_the_list(client):
    rows = search(
        client, kind="cut", delivery="by_third_party", subject="self_employed", on="2022-08-01"
    ).context["rows"]
    measures = [row["card"].measure for row in rows]
    assert "rent-waiver" in [each.id for each in measures]
    assert {each.kind for each in measures} == {"cut"}
    assert "rent-waiver" not in titles(search(client, kind="cut", on="2023-08-01"))


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("region", "999999", "没有这个地区"),
        ("region", "<script>", "没有这个地区"),
        ("kind", "x", "没有这个选项"),
        ("delivery", "' or 1=1", "没有这个选项"),
        ("subject", "everybody", "没有这个选项"),
        ("document", "no-such", "没有这个选项"),
        ("on", "1", "日期请写成"),
        ("on", "2022-02-30", "日期请写成"),
        ("q", "租" * 61, "搜索词最多60个字"),
    ],
)
def test_what_cannot_be_used_is_told_beside_its_field(client, field, value, said):
    answer = search(client, **{field: value})
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert "<script>" not in answer.content.decode().split("</head>")[1].replace("<script src", "")


def test_a_measure_is_shown_with_rule_amount_words_notes_and_examples(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get(reverse("policy", kwargs={"region": "530000", "name": "rent-waiver"}))
    text = answer.content.decode()
    for part in (
        "承租国有企业、机关或者事业单位的国有房屋",
        "减免金额 = 月租金 × 应减免月数",
        "在减免3个月的基础上增加至减免6个月租金",
        "3个月之外再减免6个月",
        "10000 × 6 = 60000",
        "60000.00",
        "<details",
    ):
        assert part in text, part


def test_every_measure_has_a_page_and_its_examples_in_words(client):
    for card in shelf().cards.all:
        answer = client.get(card.address())
        assert answer.status_code == 200, card.measure.id
        assert len(answer.context["examples"]) == len(card.measure.examples.cases)


@pytest.mark.parametrize("address", ["530000/rent-waver", "999999/rent-waiver", "x/" + "y" * 300])
def test_an_unknown_measure_is_not_found_and_the_nearest_are_named(client, address):
    answer = client.get(f"/policies/{address}/")
    assert answer.status_code == 404
    assert "没有这项政策" in answer.content.decode()
    assert ("国有房屋租金减免" in answer.content.decode()) == ("y" not in address)


def test_the_pages_are_in_english_where_english_is_wanted(client):
    client.cookies["django_language"] = "en"
    text = client.get("/policies/530000/rent-waiver/").content.decode()
    assert "Rent waiver in state-owned premises" in text
    assert "Conditions (all must hold)" in text
    assert "The rule is shown in Chinese" in text


def test_places_go_down_to_counties_where_a_prefecture_has_policies_of_its_own():
    groups = {group.title: dict(group.places) for group in place_groups(library())}
    assert groups["云南省红河哈尼族彝族自治州"]["532503"] == "蒙自市"
    assert "530100" in groups["云南省"]
    codes = [code for places in groups.values() for code in places]
    assert len(codes) == len(set(codes))


def test_nothing_wanted_takes_everything():
    asked, refused = wanted({}, shelf().cards)
    assert not refused
    assert len(found(shelf().cards, asked)) == len(library().measures)
