"""The pages of lists: what each sees of them, on any day; exports that name their purpose; hostile visits."""

import io

import pytest
from django.urls import reverse
from offices import GEJIU, HONGHE, MENGZI, TODAY, code_of
from python_calamine import CalamineWorkbook

from huiqi.portal.acts.models import Event
from huiqi.portal.lists.kinds import kinds
from huiqi.portal.lists.models import Batch, Candidate, Entry, ListExport

pytestmark = pytest.mark.django_db
WHITE, POOL, HARD = "chain-white-list", "specialised-pool", "difficulty-sector-firms"


def page(office, name, number=None, query=None, status=200):
    address = reverse(name, kwargs={} if number is None else {"number": number})
    answer = office.client.get(address, query or {})
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer


def shown(answer):
    return {each.name for each in answer.context["members"]}


@pytest.fixture
def white(kept, firm, on_list, clerk, gejiu):
    made = kept(WHITE)
    on_list(made, firm(1, name="蒙自云岭食品厂"), "2022-06-01")
    on_list(made, firm(2, name="蒙自石榴加工厂"), "2022-07-01", basis="虚构文〔2022〕3号")
    on_list(made, firm(3, GEJIU, name="个旧锡业厂"), "2022-06-01", by=gejiu)
    return made


def test_a_county_sees_of_the_prefectures_list_its_own_members_only(clerk, gejiu, group, white):
    assert shown(page(clerk, "list", white.pk)) == {"蒙自云岭食品厂", "蒙自石榴加工厂"}
    assert shown(page(gejiu, "list", white.pk)) == {"个旧锡业厂"}
    assert len(shown(page(group, "list", white.pk))) == 3
    counted = {row["kept"].pk: row["numbers"].members for row in page(clerk, "lists").context["lists"]}
    assert counted == {white.pk: 2}
    other = Entry.objects.for_site("test").get(firm__region=GEJIU)
    assert page(clerk, "list-entry", other.pk, status=404)
    assert page(gejiu, "list-entry", other.pk)


def test_a_list_elsewhere_is_not_found(appointed, white):
    kunming = appointed("kunming", "county_officer", "530102")
    for name in ("list", "list-proposals", "list-history", "list-candidates"):
        page(kunming, name, white.pk, status=404)
        page(kunming, name, 999_999, status=404)
    assert page(kunming, "lists").context["lists"] == []


def test_a_role_that_may_not_see_lists_finds_no_page(appointed, white):
    finance = appointed("money", "finance", HONGHE)
    page(finance, "lists", status=404)
    page(finance, "list", white.pk, status=404)


def test_the_members_of_any_day_are_shown_and_found(clerk, white):
    assert shown(page(clerk, "list", white.pk, {"on": "2022-06-15"})) == {"蒙自云岭食品厂"}
    assert shown(page(clerk, "list", white.pk, {"on": "2022-05-31"})) == set()
    assert shown(page(clerk, "list", white.pk, {"q": "石榴"})) == {"蒙自石榴加工厂"}
    assert shown(page(clerk, "list", white.pk, {"q": code_of(1)})) == {"蒙自云岭食品厂"}
    assert shown(page(clerk, "list", white.pk, {"region": GEJIU})) == set()
    assert shown(page(clerk, "list", white.pk, {"doubtful": "1"})) == set()


def test_a_county_is_found_by_name(kept, clerk, gejiu, group, on_list):
    risk = kept("risk-county-2022")
    on_list(risk, MENGZI, "2022-02-16")
    on_list(risk, GEJIU, "2022-02-16", by=gejiu)
    found = page(group, "list", risk.pk, {"q": "蒙自"}).context["members"]
    assert [each.county for each in found] == [MENGZI]


def test_the_page_says_what_the_list_is_and_opens(group, kept):
    told = page(group, "list", kept(HARD).pk).content.decode()
    assert "困难行业企业阶段性缓缴社会保险费" in told
    assert "上述5个特困行业和17个行业所属困难企业" in told
    assert "办理阶段性缓缴社会保险费" in told
    assert "未列入视为“不清楚”" in told


@pytest.mark.parametrize(
    "query",
    [
        {"on": "x"},
        {"on": "9" * 10_000},
        {"on": "2022-02-30"},
        {"q": "\0" * 3},
        {"q": "%_" * 40},
        {"q": "'; drop table lists_entry; --"},
        {"region": "999999"},
        {"region": "\0"},
        {"page": "-1"},
        {"page": "9" * 400},
        {"show": "\0"},
    ],
)
def test_hostile_addresses_are_answered_calmly(clerk, white, kept, query):
    for name in ("list", "list-candidates", "list-proposals", "list-history"):
        address = reverse(name, kwargs={"number": white.pk})
        assert clerk.client.get(address, query).status_code in (200, 400)
    assert clerk.client.get(reverse("lists"), query).status_code == 200


def test_a_number_beyond_all_numbers_is_not_found(clerk, white):
    for name in ("list", "list-entry", "list-batch", "list-candidates", "list-import"):
        assert (
            clerk.client.get(
                f"{reverse(name, kwargs={'number': 1})}".replace("/1/", f"/{10**30}/")
            ).status_code
            == 404
        )


def test_an_export_names_its_purpose_and_is_an_event(clerk, white):
    address = reverse("list-export", kwargs={"number": white.pk})
    refused = clerk.client.post(address, {"key": "a", "purpose": ""})
    assert refused.status_code == 422
    assert clerk.client.post(address, {"key": "b", "purpose": "rent-relief"}).status_code == 422
    assert not Event.objects.filter(act="list.export").exists()
    answer = clerk.client.post(address, {"key": "c", "purpose": "freight-passage"})
    assert answer.status_code == 200
    rows = (
        CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
        .get_sheet_by_index(0)
        .to_python()
    )
    assert rows[0][:2] == ["名称", "统一社会信用代码"]
    assert {row[0] for row in rows[1:]} == {"蒙自云岭食品厂", "蒙自石榴加工厂"}
    said = Event.objects.get(act="list.export").body
    assert (said["purpose"], said["rows"]) == ("freight-passage", 2)
    assert "物流" in said["shared_with"]
    assert "货运物流保通保畅" in page(clerk, "list-history", white.pk).content.decode()


def test_an_export_on_a_day_and_of_one_search_is_what_the_page_shows(clerk, white):
    address = reverse("list-export", kwargs={"number": white.pk}) + "?on=2022-06-15&q=食品"
    answer = clerk.client.post(address, {"key": "c", "purpose": "freight-passage"})
    rows = (
        CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
        .get_sheet_by_index(0)
        .to_python()
    )
    assert [row[0] for row in rows[1:]] == ["蒙自云岭食品厂"]
    assert ListExport.objects.for_site("test").get().asked == {"text": "食品", "on": "2022-06-15"}


def test_a_ticket_of_an_export_is_worth_nothing_to_another(gejiu, white):
    answer = gejiu.client.post(
        reverse("act", kwargs={"name": "list.export", "subject": "-"}), {"made": "forged", "key": "k"}
    )
    assert answer.status_code == 422


def test_cells_of_an_export_are_never_formulas(clerk, kept, firm, on_list):
    made = kept(WHITE)
    on_list(made, firm(1, name="=1+1"), "2022-06-01")
    answer = clerk.client.post(
        reverse("list-export", kwargs={"number": made.pk}), {"key": "c", "purpose": "freight-passage"}
    )
    rows = (
        CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
        .get_sheet_by_index(0)
        .to_python()
    )
    assert rows[1][0] == "=1+1"


def test_an_entrys_page_says_what_the_rules_say_of_it_now(clerk, kept, firm, on_list):
    hard = kept(HARD)
    shop = firm(1, industry="H62", facts={"hit_by_epidemic": "yes", "zombie": "no"})
    told = page(clerk, "list-entry", on_list(hard, shop).pk).context["found"]
    assert [(each["met"], each["missing"]) for each in told] == [(True, ""), (None, "严重违法失信")]


def test_many_proposals_are_decided_together_each_by_its_own_act(clerk, reviewer, approver, kept, firm):
    white = kept(WHITE)
    for number in range(4):
        values = {
            "kept": white.pk,
            "subject": firm(number).credit_code,
            "begins": "2022-06-01",
            "reason": "符合",
        }
        clerk.do("list.propose", None, values, key=f"p{number}")
    entries = [each.pk for each in Entry.objects.for_site("test").order_by("pk")]
    address = reverse("list-decide", kwargs={"number": white.pk})
    given = {"entry": entries[:3], "act": "list.review", "key": "k"}
    assert reviewer.client.post(address, given).status_code == 302
    assert reviewer.client.post(address, given).status_code == 302  # sent twice: done once
    assert Event.objects.filter(act="list.review").count() == 3
    mixed = approver.client.post(address, {"entry": entries, "act": "list.approve", "key": "k"})
    assert mixed.status_code == 422
    assert "虚构企业3" in mixed.content.decode()
    assert Entry.objects.for_site("test").filter(state="member").count() == 3
    assert (
        approver.client.post(address, {"entry": entries, "act": "list.annul", "key": "z"}).status_code == 302
    )
    assert Entry.objects.for_site("test").filter(state="member").count() == 3


def test_another_countys_proposals_are_not_decided_by_forged_numbers(appointed, gejiu, kept, firm):
    other = appointed("other", "reviewer", MENGZI)
    white = kept(WHITE)
    values = {
        "kept": white.pk,
        "subject": firm(1, GEJIU).credit_code,
        "begins": "2022-06-01",
        "reason": "符合",
    }
    entry = gejiu.do("list.propose", None, values)
    other.client.post(
        reverse("list-decide", kwargs={"number": white.pk}),
        {"entry": [entry.pk], "act": "list.review", "key": "k"},
    )
    entry.refresh_from_db()
    assert entry.state == "proposed"


def test_candidates_are_shown_with_the_reason_and_admitted_from_the_page(clerk, gejiu, kept, firm):
    pool = kept(POOL)
    fit = {"size": "small", "innovative_sme": "yes", "specialised_sme": "no"}
    mine, theirs, lacks = firm(1, facts=fit), firm(2, GEJIU, facts=fit), firm(3, facts={"size": "small"})
    for each, certain in ((mine, True), (theirs, True)):
        Candidate.objects.create(kept=pool, firm=each, certain=certain)
    Candidate.objects.create(
        kept=pool, firm=lacks, certain=False, missing=[["subject", "innovative_sme", ""]]
    )
    answer = page(clerk, "list-candidates", pool.pk)
    assert [each.firm for each in answer.context["candidates"]] == [mine]
    unknown = page(clerk, "list-candidates", pool.pk, {"show": "unknown"})
    assert "创新型中小企业" in unknown.content.decode()
    address = reverse("list-admit", kwargs={"number": pool.pk})
    rule = kinds()[POOL].digest
    nobody = clerk.client.post(address, {"rule": rule, "key": "a"})
    assert nobody.status_code == 422
    forged = clerk.client.post(address, {"rule": rule, "key": "b", "firm": [theirs.pk]})
    assert forged.status_code == 422
    assert clerk.client.post(address, {"rule": rule, "key": "c", "which": "all"}).status_code == 302
    assert [each.firm for each in Entry.objects.for_site("test")] == [mine]


def test_the_form_of_a_proposal_names_the_lists_that_one_sees(clerk, appointed, white):
    address = reverse("act", kwargs={"name": "list.propose", "subject": "-"})
    assert WHITE_TITLE in clerk.client.get(address).content.decode()
    elsewhere = appointed("kunming", "county_officer", "530102")
    assert WHITE_TITLE not in elsewhere.client.get(address).content.decode()


WHITE_TITLE = "重点产业链供应链“白名单”"


def test_a_firms_page_shows_its_lists_to_who_may_see_them(clerk, gejiu, owner, white, kept, on_list):
    mill = Entry.objects.for_site("test").get(firm__name="蒙自云岭食品厂").firm
    on_list(kept("risk-county-2022"), MENGZI, "2022-02-16")
    officers = clerk.client.get(reverse("firm", kwargs={"number": mill.pk})).content.decode()
    assert WHITE_TITLE in officers
    assert (
        reverse("list-entry", kwargs={"number": Entry.objects.for_site("test").get(firm=mill).pk}) in officers
    )
    own = owner(mill).client.get(reverse("own-firm", kwargs={"number": mill.pk})).content.decode()
    assert WHITE_TITLE in own
    assert "所在县（市、区）列入" in own
    assert "/lists/entries/" not in own


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_is_shown_in_both_languages(clerk, group, reviewer, white, firm, language):
    group.user.language = clerk.user.language = language
    entry = Entry.objects.for_site("test").first()
    for office in (clerk, group):
        office.client.cookies["django_language"] = language
        for name, number in (
            ("lists", None),
            ("list", white.pk),
            ("list-proposals", white.pk),
            ("list-history", white.pk),
            ("list-import", white.pk),
            ("list-entry", entry.pk),
        ):
            page(office, name, number)


@pytest.mark.parametrize("name", ["lists", "list", "list-proposals", "list-history", "list-candidates"])
def test_the_cost_of_a_page_does_not_grow_with_the_list(
    name, clerk, kept, firm, django_assert_max_num_queries
):
    hard = kept(HARD)

    def fill(first, last):
        for number in range(first, last):
            each = firm(number, facts={"hit_by_epidemic": "yes"})
            Entry.objects.create(
                kept=hard,
                firm=each,
                region=each.region,
                state=["member", "proposed", "reviewed"][number % 3],
                begins=TODAY,
                ground="nomination",
                reason="符合",
                rule_digest="0" * 64,
                at="2022-08-01T02:00:00Z",
            )
            Candidate.objects.create(kept=hard, firm=firm(number + 1000), certain=True)

    number = None if name == "lists" else hard.pk
    fill(0, 3)
    page(clerk, name, number)
    with django_assert_max_num_queries(24) as few:
        page(clerk, name, number)
    fill(3, 30)
    with django_assert_max_num_queries(len(few)):
        page(clerk, name, number)


def test_the_page_of_a_batch_is_seen_in_the_offices_area_only(group, reviewer, clerk, kept, firm):
    batch = Batch.objects.create(
        kept=kept(WHITE),
        region=HONGHE,
        agency="532500-office",
        ground="file",
        by=group.actor.id,
        at="2022-08-01T02:00:00Z",
        counts={"rows": 1, "good": 1, "doubtful": 0, "findings": 0},
        rows=[[firm(1).pk, "2022-06-01", None, "符合"]],
    )
    assert "虚构企业1" in page(reviewer, "list-batch", batch.pk).content.decode()
    page(clerk, "list-batch", batch.pk, status=404)
