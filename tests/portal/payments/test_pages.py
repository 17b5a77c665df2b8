"""The pages of payments: what finance does there, what others read, and at what cost."""

import hashlib
import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from offices import run_jobs
from paying_office import account_of, answer_file, lines, order, payments
from python_calamine import CalamineWorkbook

from huiqi.portal.acts.models import Event
from huiqi.portal.payments.models import BankStatement, PaymentBatch

HOSTILE = ("a\0b", "字" * 4_000, "-1", "1e9", "'; --", "9" * 40)


def text_of(answer):
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def press(client, address, **given):
    return client.post(address, given)


def body(answer):
    return b"".join(answer.streaming_content)


def test_a_batch_is_held_sent_and_its_file_taken_by_finance(treasury):
    batch = treasury.drafted(order(1, 1234, name="=HYPERLINK(1)"), order(2, 66))
    page = text_of(treasury.holder.client.get(batch.address()))
    assert "待锁定资金" in page
    assert "13.00" in page
    treasury.holder.do("payment.hold", batch.pk)
    run_jobs()
    treasury.sender.do("payment.send", batch.pk)
    batch.refresh_from_db()
    address = reverse("payment-file", kwargs={"number": batch.pk})
    csv = body(press(treasury.sender.client, address, form="csv", key="one"))
    assert hashlib.sha256(csv).hexdigest() == batch.file_digest
    rows = csv.decode("utf-8-sig").splitlines()
    one, two = payments(batch)
    assert rows[0] == "序号,收款账号,收款户名,开户行,金额,用途,业务编号"
    assert rows[1].split(",")[:3] == ["1", account_of(1), "'=HYPERLINK(1)"]
    assert rows[2].endswith(f"0.66,房租减免补助,{two.reference}")
    assert rows[3] == f"合计,,,,13.00,共2笔,{batch.number}"
    sheet = body(press(treasury.sender.client, address, form="xlsx", key="two"))
    assert sheet == body(press(treasury.third.client, address, form="xlsx", key="three"))
    read = CalamineWorkbook.from_filelike(io.BytesIO(sheet)).get_sheet_by_index(0).to_python()
    assert read[1] == [
        "1",
        account_of(1),
        "=HYPERLINK(1)",
        read[1][3],
        "12.34",
        "房租减免补助",
        one.reference,
    ]
    taken = Event.objects.filter(act="payment.take_file").order_by("sequence")
    assert [(each.body["form"], each.body["digest"]) for each in taken] == [
        ("csv", batch.file_digest),
        *[("xlsx", hashlib.sha256(sheet).hexdigest())] * 2,
    ]


def test_a_file_that_would_differ_from_what_was_sent_is_not_handed_out(treasury):
    batch = treasury.sent(order(1))
    PaymentBatch.objects.for_site("test").filter(pk=batch.pk).update(file_digest="0" * 64)
    address = reverse("payment-file", kwargs={"number": batch.pk})
    answer = press(treasury.sender.client, address, form="csv", key="one")
    assert answer.status_code == 422
    assert "与发送时不一致" in answer.content.decode()


def test_nobody_but_finance_takes_the_file_or_reads_a_persons_name(treasury):
    batch = treasury.sent(order(1, name="张三修理铺"))
    address = reverse("payment-file", kwargs={"number": batch.pk})
    for person in ("approver", "auditor", "neighbour"):
        assert press(treasury.people[person].client, address, form="csv", key="x").status_code == 404
    assert "张三修理铺" in text_of(treasury.holder.client.get(batch.address()))
    for person in ("approver", "auditor"):
        page = text_of(treasury.people[person].client.get(batch.address()))
        assert "张三" not in page
        assert "张**" in page
    for page in (batch.address(), payments(batch)[0].address()):
        assert account_of(1) not in text_of(treasury.holder.client.get(page))
    assert treasury.neighbour.client.get(batch.address()).status_code == 404


def test_payments_are_exported_masked_and_noted(treasury):
    batch = treasury.sent(order(1, name="张三修理铺"), order(2))
    address = reverse("payment-export", kwargs={"number": batch.pk})
    sheet = body(press(treasury.auditor.client, address, key="one"))
    assert press(treasury.approver.client, address, key="two").status_code == 404
    read = CalamineWorkbook.from_filelike(io.BytesIO(sheet)).get_sheet_by_index(0).to_python()
    assert [each[2] for each in read[1:]] == ["张**", "虚**"]
    assert account_of(1) not in str(read)
    event = Event.objects.get(act="payment.export")
    assert event.body == {"rows": 2, "digest": hashlib.sha256(sheet).hexdigest()}


def test_a_statement_is_uploaded_previewed_and_taken(treasury):
    batch = treasury.sent(order(1), order(2))
    one, two = payments(batch)
    content, controls = answer_file((one, "成功"), (two, "成功", account_of(7)))
    client = treasury.holder.client
    client.get(reverse("statement-import"))
    answer = press(
        client,
        reverse("statement-import"),
        file=SimpleUploadedFile("回单.csv", content.encode()),
        key="upload",
        **controls,
    )
    assert answer.status_code == 302, answer.content.decode()
    text_of(client.get(answer.url))
    run_jobs()
    page = text_of(client.get(answer.url))
    assert "1笔自动入账" in page
    assert "收款账号不一致：1笔" in page
    statement = BankStatement.objects.for_site("test").get()
    treasury.holder.do("statement.take", statement.pk)
    run_jobs()
    assert "有明细待人工处理" in text_of(client.get(answer.url))
    queue = text_of(client.get(reverse("statement-queue")))
    assert "收款账号不一致" in queue
    line = lines(statement)[1]
    assert "人工处理" in text_of(client.get(line.address()))
    assert "0001" in text_of(client.get(one.address()))
    assert text_of(treasury.auditor.client.get(reverse("statement-queue"))).count("收款账号不一致") == 1
    assert treasury.auditor.client.get(reverse("statement-import")).status_code == 404
    assert treasury.approver.client.get(reverse("statements")).status_code == 404
    assert "回单待人工处理" in text_of(client.get("/"))


def test_a_file_that_is_too_large_or_missing_is_told_on_the_page(treasury, monkeypatch):
    monkeypatch.setattr("huiqi.portal.payments.statement_pages.MOST_BYTES", 100)
    client = treasury.holder.client
    big = SimpleUploadedFile("回单.csv", b"x" * 101)
    answer = press(client, reverse("statement-import"), file=big, key="one")
    assert (answer.status_code, "文件超过" in answer.content.decode()) == (422, True)
    answer = press(client, reverse("statement-import"), key="two")
    assert (answer.status_code, "没有选择文件" in answer.content.decode()) == (422, True)
    # Nobody is told the same twice: what the act says of the field stands for what the form would.
    assert "必填" not in answer.content.decode()


@pytest.mark.parametrize("count", [3, 30])
def test_pages_cost_the_same_however_many_rows_they_show(treasury, django_assert_max_num_queries, count):
    batch = treasury.sent(*(order(each) for each in range(1, count + 1)))
    content, controls = answer_file(*((each, "成功", account_of(99)) for each in payments(batch)))
    statement = treasury.take(content, **controls)
    pages = [batch.address(), statement.address(), reverse("statement-queue")]
    for page in (*pages, reverse("payments"), reverse("statements")):
        treasury.holder.client.get(page)
        with django_assert_max_num_queries(13):
            text_of(treasury.holder.client.get(page))


def test_hostile_queries_are_answered(treasury):
    batch = treasury.sent(order(1))
    statement = treasury.answered((payments(batch)[0], "成功"))
    for value in HOSTILE:
        for page in (
            batch.address(),
            statement.address(),
            *map(reverse, ("payments", "statements", "statement-queue")),
        ):
            query = {"q": value, "state": value, "page": value, "errors": value}
            assert treasury.holder.client.get(page, query).status_code == 200
        address = reverse("payment-file", kwargs={"number": batch.pk})
        assert press(treasury.holder.client, address, form=value, key=value).status_code == 302


def test_pages_speak_english(treasury):
    batch = treasury.sent(order(1))
    treasury.holder.client.cookies["django_language"] = "en"
    page = text_of(treasury.holder.client.get(batch.address()))
    assert "Sent to the bank" in page
    assert not re.search(r"[一-鿿]+ ?</th>", page)
