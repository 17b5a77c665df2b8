"""The pages of funds: what each level sees there, how an order is drafted, and at what cost."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from fund_office import COUNTIES, GEJIU, HONGHE, KUNMING, MENGZI, PROVINCE, YESTERDAY, lines_of
from python_calamine import CalamineWorkbook

from huiqi.portal.funds.models import FundOrder, Transfer

HOSTILE = ("a\0b", "字" * 4_000, "-1", "1e9", "'; --", "9" * 40, "2022-13-45")


def text_of(answer, status=200):
    assert answer.status_code == status, answer.status_code
    return answer.content.decode()


def sheet_of(answer):
    assert answer.status_code == 200
    content = b"".join(answer.streaming_content)
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def at(name, number=None):
    return reverse(name, kwargs={"number": number} if number else {})


@pytest.fixture
def flowing(funds):
    """The province's money at three levels; the county has paid some of it."""
    funds.funded("1000")
    funds.order("allocate", {HONGHE: "600", KUNMING: "100"})
    funds.order("allocate", {MENGZI: "200", GEJIU: "100"}, HONGHE)
    funds.spend(MENGZI, 50_00)
    return funds


def client(funds, who):
    return funds.people[who].client


def test_each_level_has_what_came_in_less_what_it_passed_down(flowing):
    page = sheet_of(
        client(flowing, "finance@province").get(at("fund-programme-export", flowing.programme.pk))
    )
    rows = {row[0]: row[2:] for row in page[1:]}
    # 下达预算, 到位, 已分解下达, 本级可用, 支付中, 已支付, 预拨未清算, 执行率
    assert rows[PROVINCE] == ["1000.00", "1000.00", "700.00", "300.00", "0.00", "50.00", "0.00", "5.0%"]
    assert rows[HONGHE] == ["0.00", "600.00", "300.00", "300.00", "0.00", "50.00", "0.00", "8.3%"]
    assert rows[MENGZI] == ["0.00", "200.00", "0.00", "150.00", "0.00", "50.00", "0.00", "25.0%"]


def test_a_lower_level_sees_its_own_of_a_superiors_programme(flowing):
    page = text_of(client(flowing, "finance@mengzi").get(at("fund-programme", flowing.programme.pk)))
    assert "蒙自市" in page
    assert "150.00" in page
    for other in ("个旧市", "1,000.00", "600.00"):
        assert other not in page
    assert at("fund-order-form", flowing.programme.pk) not in page
    orders = text_of(client(flowing, "finance@mengzi").get(at("fund-orders")))
    assert orders.count("BK0") == 1
    order = FundOrder.objects.for_site("test").get(region=HONGHE)
    shown = text_of(client(flowing, "finance@mengzi").get(order.address()))
    assert "200.00" in shown
    assert "100.00" not in shown
    assert "仅列本辖区" in shown


def test_who_has_no_account_in_a_programme_does_not_find_it(flowing):
    other = flowing.open("mengzi-own", MENGZI)
    for who, number in (("finance@gejiu", other.pk), ("finance@mengzi", 987_654)):
        assert client(flowing, who).get(at("fund-programme", number)).status_code == 404
    gejiu = client(flowing, "finance@gejiu")
    account = flowing.account("available", MENGZI)
    transfer = Transfer.objects.for_site("test").get(purpose="pay")
    for name, number in (
        ("fund-account", account.pk),
        ("fund-account-export", account.pk),
        ("fund-transfer", transfer.pk),
    ):
        assert gejiu.get(at(name, number)).status_code == 404, name
    waiting = flowing.draft("allocate", {GEJIU: "1"}, HONGHE)
    assert gejiu.get(waiting.address()).status_code == 404
    assert client(flowing, "auditor@honghe").get(waiting.address()).status_code == 200


def test_an_account_leads_to_each_transfer_and_to_the_order_that_made_it(flowing):
    account = flowing.account("available", MENGZI)
    page = text_of(client(flowing, "auditor@mengzi").get(account.address()))
    order = FundOrder.objects.for_site("test").get(region=HONGHE)
    assert f'href="{order.address()}"' in page
    transfer = Transfer.objects.for_site("test").get(credit=account)
    assert f'href="{at("fund-transfer", transfer.pk)}"' in page
    one = text_of(client(flowing, "auditor@mengzi").get(at("fund-transfer", transfer.pk)))
    assert order.number in one
    assert f"fund-order:{order.pk}:1" in one
    # The other side is another government's: named, and not linked; nor is the neighbour's line of the same order.
    assert "红河" in one
    assert at("fund-account", transfer.debit_id) not in one
    assert "个旧市" not in one


def test_an_accounts_transfers_are_narrowed_in_the_address_and_exported(flowing):
    account = flowing.account("available", MENGZI)
    who = client(flowing, "auditor@mengzi")
    assert "共1笔" in text_of(who.get(account.address() + "?purpose=pay"))
    assert "共2笔" in text_of(who.get(account.address()))
    assert "共0笔" in text_of(who.get(account.address() + "?purpose=pay&begins=2022-08-01"))
    rows = sheet_of(who.get(at("fund-account-export", account.pk)))[1:]
    assert [(row[4], row[5]) for row in rows] == [("200.00", ""), ("", "50.00")]


def test_more_than_a_sheet_takes_is_taken_out_by_parts(flowing, monkeypatch):
    monkeypatch.setattr("huiqi.portal.funds.account_pages.MOST_EXPORTED", 1)
    account = flowing.account("available", MENGZI)
    who = client(flowing, "auditor@mengzi")
    assert "请按日期或事项缩小范围" in text_of(who.get(at("fund-account-export", account.pk)), 422)
    assert len(sheet_of(who.get(at("fund-account-export", account.pk) + "?purpose=pay"))) == 2


def form(funds, who, **given):
    return client(funds, who).post(at("fund-order-form", funds.programme.pk), given)


def filled(**more):
    given = {"key": "form", "kind": "allocate", "region": PROVINCE, "year": "2022", "document": "财企1号"}
    return {**given, **more}


def test_an_order_is_tried_and_then_sent_for_confirmation(flowing):
    amounts = {f"amount-{HONGHE}": "10.50", f"amount-{KUNMING}": "", f"amount-{MENGZI}": "5"}
    page = text_of(form(flowing, "finance@province", **filled(**amounts, step="preview")))
    assert "共2行，合计15.50元" in page
    assert "284.50" in page
    assert not FundOrder.objects.for_site("test").filter(document="财企1号").exists()
    answers = [form(flowing, "finance@province", **filled(**amounts, step="draft")) for _click in range(2)]
    order = FundOrder.objects.for_site("test").get(document="财企1号")
    assert [each.headers["Location"] for each in answers] == [order.address()] * 2
    assert [(each.region, each.amount) for each in lines_of(order)] == [(HONGHE, 10_50), (MENGZI, 5_00)]
    waiting = text_of(client(flowing, "approver@province").get(order.address()))
    assert "入账后的余额" in waiting
    assert "fund.confirm" in waiting
    assert "拨款单待审批" in text_of(client(flowing, "approver@province").get("/"))


def test_who_has_nothing_to_pass_on_is_offered_no_order(flowing):
    form_of = at("fund-order-form", flowing.programme.pk)
    kinds = {
        who: re.findall(
            r'<option value="(\w+)"',
            re.search(
                r'<select id="kind".*?</select>', text_of(client(flowing, who).get(form_of)), re.DOTALL
            )[0],
        )
        for who in ("finance@province", "finance@honghe")
    }
    assert kinds == {
        "finance@province": ["appropriate", "allocate", "advance", "settle", "recall"],
        "finance@honghe": ["allocate", "recall"],
    }
    assert client(flowing, "finance@mengzi").get(form_of).status_code == 404
    assert client(flowing, "approver@province").get(form_of).status_code == 404


def test_what_is_wrong_is_said_by_its_government_and_what_was_written_stays(flowing):
    wrong = filled(**{f"amount-{HONGHE}": "很多", f"amount-{KUNMING}": "1"}, step="preview")
    page = text_of(form(flowing, "finance@province", **wrong))
    assert "红河哈尼族彝族自治州</span>：" in page
    assert 'value="很多"' in page
    assert 'value="draft"' not in page
    refused = text_of(form(flowing, "finance@province", **{**wrong, "step": "draft"}), 422)
    assert "金额应为大于零" in refused


def test_too_little_money_is_a_warning_while_it_is_drafted(flowing):
    page = text_of(
        form(flowing, "finance@province", **filled(**{f"amount-{HONGHE}": "300.01"}, step="preview"))
    )
    assert "余额不足" in page
    assert 'value="draft"' in page


def test_a_settlement_is_reckoned_on_the_page(flowing):
    given = filled(kind="settle", until=YESTERDAY.isoformat(), **{f"line-{HONGHE}": "on"}, step="preview")
    page = text_of(form(flowing, "finance@province", **given))
    assert "50.00" in page
    assert "合计15.00元" in page


@pytest.mark.parametrize(
    "pasted",
    [
        "红河州\t10\n昆明市\t1,234.5\n合计\t1244.5",
        "532500 10\n\n530100，1,234.5",
        "红河哈尼族彝族自治州;10\n530100,1234.50",
    ],
)
def test_lines_are_pasted_from_a_table(flowing, pasted):
    page = text_of(form(flowing, "finance@province", **filled(step="read", pasted=pasted)))
    assert re.search(rf'name="amount-{HONGHE}" value="10"', page)
    assert re.search(rf'name="amount-{KUNMING}" value="1,?234.50?"', page)


@pytest.mark.parametrize("pasted", ["", "某地 10", "红河州 1\n532500 2", "蒙自市\0 1"])
def test_what_cannot_be_read_is_said(flowing, pasted):
    page = form(flowing, "finance@province", **filled(step="read", pasted=pasted))
    text = text_of(page, page.status_code)
    assert page.status_code in (200, 422)
    assert "alert" in text or "蒙自" in pasted


def test_lines_come_from_a_file(flowing):
    rows = [
        "2022年分配表,",
        "地区,金额（元）",
        *(f"{each},{number}.5" for number, each in enumerate(COUNTIES, 1)),
        "合计,99",
    ]
    file = SimpleUploadedFile("分配.csv", "\n".join(rows).encode())
    page = text_of(
        client(flowing, "finance@honghe").post(
            at("fund-order-form", flowing.programme.pk), filled(region=HONGHE, step="read", file=file)
        )
    )
    assert [
        f'name="amount-{each}" value="{number}.5"' in page for number, each in enumerate(COUNTIES, 1)
    ] == [True] * 13
    wrong = SimpleUploadedFile("x.pdf", b"%PDF-1.4 x")
    answer = client(flowing, "finance@honghe").post(
        at("fund-order-form", flowing.programme.pk), filled(region=HONGHE, step="read", file=wrong)
    )
    assert "文件无法读入" in text_of(answer, 422)
    huge = SimpleUploadedFile("x.csv", b"x" * (3 << 20))
    answer = client(flowing, "finance@honghe").post(
        at("fund-order-form", flowing.programme.pk), filled(region=HONGHE, step="read", file=huge)
    )
    assert "文件超过2MB" in text_of(answer, 422)


def test_orders_are_narrowed_and_exported(flowing):
    who = client(flowing, "auditor@province")
    assert "共3张" in text_of(who.get(at("fund-orders")))
    assert "共1张" in text_of(who.get(at("fund-orders") + "?kind=appropriate"))
    assert "没有符合条件" in text_of(who.get(at("fund-orders") + "?state=declined"))
    rows = sheet_of(who.get(at("fund-orders-export") + "?kind=allocate"))[1:]
    assert sorted(row[11] for row in rows) == ["100.00", "100.00", "200.00", "600.00"]
    mine = sheet_of(client(flowing, "auditor@mengzi").get(at("fund-orders-export")))[1:]
    assert [(row[9], row[11]) for row in mine] == [(MENGZI, "200.00")]
    listed = sheet_of(who.get(at("funds-export")))[1:]
    assert listed[0][4:] == ["1000.00", "50.00", "0.00", "950.00", "5.0%"]


def test_an_empty_list_says_what_to_do(funds):
    page = text_of(client(funds, "finance@mengzi").get(at("funds")))
    assert "上级项目在资金下达到本级后出现在这里" in page
    page = text_of(client(funds, "finance@province").get(at("fund-programme", funds.programme.pk)))
    assert "这个项目还没有资金" in page


PAGES = ("funds", "funds-export", "fund-orders", "fund-orders-export")


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_addresses_are_answered(flowing, value):
    who = client(flowing, "finance@province")
    asked = dict.fromkeys(
        ("q", "state", "kind", "year", "page", "direct", "purpose", "begins", "ends", "region"), value
    )
    account = flowing.account("available", MENGZI)
    places = [at(each) for each in PAGES] + [account.address(), at("fund-account-export", account.pk)]
    places += [
        at(each, flowing.programme.pk)
        for each in ("fund-programme", "fund-programme-export", "fund-order-form")
    ]
    for place in places:
        assert who.get(place, asked).status_code == 200, place
    for step in ("preview", "draft", "read"):
        given = {
            **dict.fromkeys(("kind", "region", "year", "until", "document", "key", "pasted"), value),
            "step": step,
        }
        for more in ({}, {f"amount-{value}": value}, {"kind": "settle", f"line-{value}": "on"}):
            answer = who.post(at("fund-order-form", flowing.programme.pk), {**given, **more})
            assert answer.status_code < 500, (step, more)


@pytest.mark.parametrize("many", [3, 30])
def test_lists_cost_the_same_however_long(funds, many, django_assert_max_num_queries):
    funds.funded("10000")
    codes = COUNTIES[:3]
    for number in range(many):
        made = funds.open(f"p{number:02}", PROVINCE)
        funds.order("appropriate", {PROVINCE: "10"}, programme=made)
        if number % 2:
            funds.order("allocate", dict.fromkeys(codes, "1"))
    who = client(funds, "finance@province")
    account = funds.account("available", PROVINCE)
    places = {
        at("funds"): 14,
        at("fund-orders"): 14,
        account.address(): 14,
        at("fund-programme", funds.programme.pk): 18,
    }
    who.get("/funds/")
    for place, most in places.items():
        with django_assert_max_num_queries(most):
            assert who.get(place).status_code == 200
