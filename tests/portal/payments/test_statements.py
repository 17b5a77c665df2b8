"""The bank's statement: read whole or not at all, matched by reference, amount and account, the rest left to people."""

import datetime
import io
import zipfile

import pytest
from ledgers import MENGZI
from offices import run_jobs
from paying_office import account_of, answer_file, lines, order, payments
from xlsxwriter import Workbook

from huiqi.portal.acts.models import Event
from huiqi.portal.acts.refusals import NotByYou, NotNow, NotYours, Refused
from huiqi.portal.payments.models import BankStatement
from huiqi.portal.payments.statement_files import MOST_BYTES, keep

DAY = datetime.date(2022, 8, 1)


def available(treasury):
    account = treasury.of("available", MENGZI)
    return account.credits_posted, account.debits_posted, account.debits_pending


def codes(statement):
    return [each["code"] for each in statement.findings]


def mt940(*movements, opening="100000,00", closing="99900,00", account="1234567/0123456789"):
    """A statement of one day; a movement is `D300,00 reference`."""
    made = [":20:STARTUMS", f":25:{account}", ":28C:00001/001", f":60F:C220801CNY{opening}"]
    for each in movements:
        amount, _, words = each.partition(" ")
        made += [f":61:2208010801{amount}NTRFNONREF//B1", f":86:{words}"]
    return "\n".join([*made, f":62F:C220801CNY{closing}", "-", ""])


def test_what_the_bank_paid_is_posted_and_what_it_rejected_is_free_again(treasury, heard):
    batch = treasury.sent(order(1, 300), order(2, 200))
    first, second = payments(batch)
    treasury.answered((first, "成功"), (second, "失败"))
    batch.refresh_from_db()
    first, second = payments(batch)
    assert (batch.state, batch.paid_total, batch.rejected_total) == ("closed", 300, 200)
    assert (first.state, first.settled_on) == ("paid", DAY)
    assert (second.state, second.reason) == ("rejected", "户名不符")
    assert available(treasury) == (100_000, 300, 0)
    assert [(each.key, each.state, each.amount, each.reason, each.day) for each in heard] == [
        ("test:1", "paid", 300, "", DAY),
        ("test:2", "rejected", 200, "户名不符", DAY),
    ]
    assert treasury.drafted(order(2, 200)).state == "drafted"


def test_a_batch_stays_open_until_each_payment_is_answered(treasury):
    batch = treasury.sent(order(1), order(2))
    first, second = payments(batch)
    treasury.answered((first, "成功"))
    batch.refresh_from_db()
    assert (batch.state, batch.open_count, batch.open_total) == ("sent", 1, 100)
    treasury.answered((second, "交易成功"))
    batch.refresh_from_db()
    assert batch.state == "closed"


def test_what_does_not_fit_whole_waits_in_the_queue_with_its_reason(treasury, heard):
    batch = treasury.sent(order(1), order(2), order(3), order(4))
    one, two, three, four = payments(batch)
    unsent = treasury.held(order(9))
    [nine] = payments(unsent)
    stranger = f"HQ{'0' * 12}98"
    content, _controls = answer_file(
        (one, "成功", account_of(1), 101),
        (two, "成功", account_of(77)),
        (three, "成功"),
        (three, "成功"),
        (nine, "成功"),
    )
    content += f"\n2022-08-01,,{account_of(4)},1.00,成功,"
    content += f"\n2022-08-01,{one.reference} {two.reference},,1.00,成功,"
    content += f"\n2022-08-01,{stranger},,1.00,成功,"
    statement = treasury.hand_in(content, count=8, total="8.01")
    assert statement.counts["expected"] == {
        "matched": 1,
        "other-amount": 1,
        "other-account": 1,
        "settled-before": 1,
        "not-sent": 1,
        "no-reference": 1,
        "several-references": 1,
        "unknown-reference": 1,
    }
    treasury.holder.do("statement.take", statement.pk)
    run_jobs()
    assert [(each.state, each.why) for each in lines(statement)] == [
        ("queued", "other-amount"),
        ("queued", "other-account"),
        ("matched", ""),
        ("queued", "settled-before"),
        ("queued", "not-sent"),
        ("queued", "no-reference"),
        ("queued", "several-references"),
        ("queued", "unknown-reference"),
    ]
    assert [each.key for each in heard] == ["test:3"]
    assert available(treasury) == (100_000, 100, 400)
    assert four.state == "ordered"


def test_the_same_file_twice_is_known(treasury):
    batch = treasury.sent(order(1))
    content, controls = answer_file((payments(batch)[0], "成功"))
    statement = treasury.hand_in(content, **controls)
    with pytest.raises(Refused) as refused:
        treasury.hand_in(content, "另一个名字.csv", by="sender", **controls)
    assert refused.value.findings[0].code == "statement-known"
    treasury.holder.do("statement.drop", statement.pk, {"reason": "重新导入"})
    assert {each.state for each in lines(statement)} == {"dropped"}
    assert treasury.take(content, **controls).state == "taken"


def test_a_later_file_that_says_the_same_again_pays_nothing_twice(treasury, heard):
    batch = treasury.sent(order(1))
    [payment] = payments(batch)
    treasury.answered((payment, "成功"))
    again = treasury.take(answer_file((payment, "成功"))[0] + "\n", count=1, total="1.00")
    assert [(each.state, each.why) for each in lines(again)] == [("queued", "settled-before")]
    assert available(treasury) == (100_000, 100, 0)
    assert len(heard) == 1


@pytest.mark.parametrize(
    ("declared", "code"),
    [
        ({}, "no-control"),
        ({"count": 2}, "no-control"),
        ({"count": 3, "total": "2.00"}, "control-count"),
        ({"count": 2, "total": "2.01"}, "control-total"),
        ({"opening": "10.00", "closing": "8.01"}, "control-balance"),
    ],
)
def test_a_statement_that_does_not_come_to_its_control_totals_is_not_taken(treasury, declared, code):
    batch = treasury.sent(order(1), order(2))
    content, _controls = answer_file(*((each, "成功") for each in payments(batch)))
    statement = treasury.hand_in(content, **declared)
    assert (statement.state, codes(statement), lines(statement)) == ("faulty", [code], [])
    with pytest.raises(NotNow):
        treasury.holder.do("statement.take", statement.pk)


def test_the_files_own_total_is_a_control(treasury):
    batch = treasury.sent(order(1), order(2))
    content, _controls = answer_file(*((each, "成功") for each in payments(batch)))
    good = treasury.hand_in(content + "\n合计,共2笔,,2.00,,")
    assert (good.state, good.lines_count) == ("previewed", 2)
    wrong = treasury.hand_in(content + "\n合计,共2笔,,2.50,,")
    assert codes(wrong) == ["control-total"]


def test_errors_are_told_by_row_and_cell(treasury):
    batch = treasury.sent(order(1), order(2), order(3), order(4))
    rows = [each.reference for each in payments(batch)]
    content = "\n".join(
        [
            "交易日期,业务编号,收款账号,金额,处理结果",
            f"2022-13-01,{rows[0]},,1.00,成功",
            f"2022-08-01,{rows[1]},,一元,成功",
            f"2022-08-01,{rows[2]},,1.00,处理中",
            f"2022-09-01,{rows[3]},,1.00,成功",
            f"2022-08-01,{rows[3]},,-1.00,成功",
        ]
    )
    statement = treasury.hand_in(content, count=5, total="5.00")
    found = {(each["row"], each["cell"], each["code"]) for each in statement.findings}
    assert found >= {
        (2, "A2", "not-a-date"),
        (3, "D3", "not-money"),
        (4, "E4", "unknown-result"),
        (5, "", "day-to-come"),
        (6, "D6", "not-money"),
    }
    assert statement.state == "faulty"


def workbook(rows, *, numeric=()):
    file = io.BytesIO()
    with Workbook(file) as book:
        sheet = book.add_worksheet()
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                write = sheet.write_number if row and column in numeric else sheet.write_string
                write(row, column, cell)
    return file.getvalue()


def test_an_accounts_workbook_is_followed_balance_by_balance(treasury):
    batch = treasury.sent(order(1, 300), order(2, 200))
    one, two = payments(batch)
    headings = ["交易日期", "摘要", "借方发生额", "贷方发生额", "余额", "对方账号"]
    rows = [
        headings,
        ["20220801", f"代发 {one.reference}", "3.00", "", "997.00", account_of(1)],
        ["20220801", f"代发 {two.reference}", "2.00", "", "995.00", account_of(2)],
    ]
    statement = treasury.hand_in(workbook(rows), "对账单.xlsx")
    assert (statement.state, statement.counts["opening"], statement.counts["closing"]) == (
        "previewed",
        100_000,
        99_500,
    )
    rows[2][4] = "994.00"
    wrong = treasury.hand_in(workbook(rows), "对账单.xlsx")
    assert [each["cell"] for each in wrong.findings] == ["E3", ""]
    assert set(codes(wrong)) == {"control-balance"}


def test_amounts_may_be_numbers_of_a_spreadsheet_and_accounts_may_not(treasury):
    batch = treasury.sent(order(1, 305))
    [one] = payments(batch)
    headings = ["交易日期", "业务编号", "收款账号", "金额", "处理结果"]
    fine = [headings, ["2022-08-01", one.reference, account_of(1), 3.05, "成功"]]
    statement = treasury.hand_in(workbook(fine, numeric={3}), "回单.xlsx", count=1, total="3.05")
    assert (statement.state, lines(statement)[0].amount) == ("previewed", 305)
    rounded = [headings, ["2022-08-01", one.reference, 6222021000000000001, 3.05, "成功"]]
    statement = treasury.hand_in(workbook(rounded, numeric={2, 3}), "回单.xlsx", count=1, total="3.05")
    assert "account-numeric-cell" in codes(statement)


def test_mt940_pays_and_brings_back(treasury, heard):
    batch = treasury.sent(order(1, 30_000), order(2, 10_000))
    one, two = payments(batch)
    split = f"{two.reference[:9]}\n{two.reference[9:]}"
    statement = treasury.take(
        mt940(f"D300,00 {one.reference}", f"D100,00 {split}", opening="1000,00", closing="600,00"), "一.sta"
    )
    assert [each.way for each in lines(statement)] == ["paid", "paid"]
    back = treasury.take(
        mt940(f"C300,00 RETURN {one.reference}", opening="600,00", closing="900,00"), "二.sta"
    )
    assert [(each.state, each.why) for each in lines(back)] == [("queued", "returned")]
    assert [each.state for each in heard] == ["paid", "paid"]


@pytest.mark.parametrize(
    "content",
    [
        mt940("D300,00 X", opening="1000,00", closing="701,00"),
        mt940("D300,00 X", opening="1000,00", closing="700,00")
        + mt940("D100,00 X", opening="701,00", closing="601,00"),
    ],
)
def test_mt940_whose_balances_do_not_follow_is_not_taken(treasury, content):
    statement = treasury.hand_in(content, "一.sta")
    assert (statement.state, set(codes(statement))) == ("faulty", {"control-balance"})


def bomb():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("[Content_Types].xml", "<Types/>")
        book.writestr("xl/workbook.xml", b" " * (300 << 20))
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("回单.csv", b"\x89PNG\r\n\x1a\n" + b"\0" * 50),
        ("回单.csv", b"PK\x03\x04" + b"\0" * 50),
        ("回单.xlsx", b"PK\x03\x04" + b"\0" * 50),
        ("回单.xlsx", "交易日期,业务编号".encode()),
        ("回单.xlsx", bomb()),
        ("回单.csv", b"\xff\xfe\0\0rubbish"),
        ("回单.csv", '交易日期,业务编号,金额,处理结果\n2022-08-01,"HQ,1,成功\n'.encode()),
        ("回单.csv", "姓名,电话\n甲,1\n".encode()),
        ("回单.sta", b"\0\0\0"),
        ("回单.sta", b"no statement at all"),
        ("回单.sta", b":20:X\n:60F:C220801CNY1,00\n:61:99999999D\n:62F:C220801CNY1,00\n-"),
        ("回单.sta", (":20:X\n:61:" + "9" * 100_000).encode()),
        ("回单.csv", ("交易日期,业务编号,金额,处理结果\n" + "x" * 2_000_000).encode()),
    ],
)
def test_hostile_files_end_as_statements_with_errors(treasury, name, content):
    statement = treasury.hand_in(content, name, count=1, total="1.00")
    assert statement.state == "faulty"
    assert statement.findings
    treasury.holder.do("statement.drop", statement.pk, {"reason": "不是回单"})


def test_a_file_of_another_kind_or_beyond_the_size_is_refused_at_the_door(treasury):
    for name, content, code in (
        ("回单.exe", b"MZ", "statement-ending"),
        ("回单.csv", b" \n", "empty-file"),
        ("回单.csv", b"x" * (MOST_BYTES + 1), "file-too-large"),
    ):
        with pytest.raises(Refused) as refused:
            keep(name, [content], treasury.holder.actor)
        assert refused.value.findings[0].code == code


def test_a_ticket_is_worth_something_to_who_uploaded_only(treasury):
    ticket = keep("回单.csv", [b"x,y"], treasury.holder.actor)
    for made_up in (ticket, "nonsense"):
        with pytest.raises(Refused) as refused:
            treasury.sender.do("statement.hand_in", None, {"ticket": made_up}, key=made_up[:70])
        assert refused.value.findings[0].code == "no-upload"


def test_the_file_lies_sealed_and_nothing_is_left_of_its_reading(treasury, tmp_path):
    batch = treasury.sent(order(1))
    treasury.answered((payments(batch)[0], "成功"))
    left = [each for each in (tmp_path / "statements").rglob("*") if each.is_file()]
    assert [each.suffix for each in left] == [".sealed"]
    assert account_of(1).encode() not in left[0].read_bytes()
    assert not any(account_of(1) in str(each.body) for each in Event.objects.all())


def queued(treasury, amount=100, result="成功", paid=False):
    """A payment, and a queued line that names no reference."""
    batch = treasury.sent(order(1, amount))
    [payment] = payments(batch)
    if paid:
        treasury.answered((payment, "成功"))
    if result == "退回":
        statement = treasury.take(
            mt940(f"C{amount // 100},00 RETURN", opening="10,00", closing=f"{10 + amount // 100},00"),
            "一.sta",
        )
    else:
        content = f"交易日期,业务编号,金额,处理结果\n2022-08-01,,{amount / 100:.2f},{result}"
        statement = treasury.take(content, count=1, total=f"{amount / 100:.2f}")
    [line] = lines(statement)
    assert line.state == "queued"
    return batch, payment, line


@pytest.mark.parametrize(("result", "state", "spent"), [("成功", "paid", 100), ("失败", "rejected", 0)])
def test_what_is_settled_by_hand_is_booked_when_another_person_agrees(treasury, heard, result, state, spent):
    batch, payment, line = queued(treasury, result=result)
    given = {"reference": payment.reference, "reason": "银行电话确认，附回单"}
    treasury.holder.do("statement.settle", line.pk, given)
    payment.refresh_from_db()
    assert payment.state == "ordered"
    assert not heard
    with pytest.raises(NotByYou):
        treasury.holder.do("statement.confirm", line.pk)
    with pytest.raises(NotYours):
        treasury.neighbour.do("statement.confirm", line.pk)
    treasury.sender.do("statement.confirm", line.pk)
    payment.refresh_from_db()
    batch.refresh_from_db()
    line.refresh_from_db()
    assert (payment.state, batch.state, line.state) == (state, "closed", "settled")
    assert available(treasury) == (100_000, spent, 0)
    assert [each.state for each in heard] == [state]


def test_what_came_back_is_recovered_by_hand(treasury, heard):
    _batch, payment, line = queued(treasury, result="退回", paid=True)
    treasury.holder.do("statement.settle", line.pk, {"reference": payment.reference, "reason": "退汇"})
    treasury.sender.do("statement.confirm", line.pk)
    payment.refresh_from_db()
    assert (payment.state, payment.recovered) == ("recovered", 100)
    assert available(treasury)[0] - available(treasury)[1] == 100_000
    assert [each.state for each in heard] == ["paid", "recovered"]


def test_a_line_that_is_not_ours_leaves_the_queue_with_its_reason(treasury):
    _batch, payment, line = queued(treasury)
    treasury.holder.do("statement.settle", line.pk, {"reason": "账户管理费"})
    treasury.third.do("statement.decline", line.pk, {"reason": "请附单据"})
    line.refresh_from_db()
    assert (line.state, line.why) == ("queued", "declined")
    treasury.sender.do("statement.settle", line.pk, {"reason": "账户管理费，单据已附"})
    treasury.third.do("statement.confirm", line.pk, key="agree")
    line.refresh_from_db()
    payment.refresh_from_db()
    assert (line.state, line.way, line.payment, payment.state) == ("settled", "not_ours", None, "ordered")


def test_nothing_is_matched_by_hand_that_does_not_fit(treasury):
    batch, payment, line = queued(treasury)
    other = treasury.sent(order(5, 101))
    unsent = treasury.held(order(6, 100))
    for reference in (payments(other)[0].reference, payments(unsent)[0].reference, f"HQ{'0' * 12}98", "HQ1"):
        with pytest.raises(Refused) as refused:
            treasury.holder.do(
                "statement.settle", line.pk, {"reference": reference, "reason": "x"}, key=reference
            )
        assert refused.value.findings[0].cell == "reference"
    treasury.holder.do("statement.settle", line.pk, {"reference": payment.reference, "reason": "x"})
    treasury.answered((payment, "成功"))
    with pytest.raises(Refused):
        treasury.sender.do("statement.confirm", line.pk)
    assert available(treasury) == (100_000, 100, 201)
    assert batch.state == "sent"


def test_a_statement_of_one_region_settles_nothing_of_another(treasury, heard):
    batch = treasury.sent(order(1))
    content, controls = answer_file((payments(batch)[0], "成功"))
    statement = treasury.hand_in(content, by="neighbour", **controls)
    assert statement.counts["expected"] == {"unknown-reference": 1}
    treasury.neighbour.do("statement.take", statement.pk)
    run_jobs()
    assert not heard
    assert BankStatement.objects.visible_to(treasury.holder.actor, "statements").count() == 0
