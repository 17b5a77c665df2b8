"""The money's way in a real browser: an objection upheld, a changed fact, a payment sent back and mended, a recovery.

The demonstration's story has brought everything to where these people go on.
"""

import csv
import io
import re


def done(one, act, **fields):
    """Follow the button of an act, fill its form in, and send it."""
    one.press(act)
    for name, value in fields.items():
        one.page.fill(f"[name={name}]", value)
    one.page.locator("main form.act-form button").first.click()
    one.page.wait_for_load_state()
    assert "已办理" in one.text(), one.text()[:600]


def ready(one, act):
    """Look again until the act can be done: a job goes on meanwhile."""
    for _ in range(120):
        if one.page.locator("main").get_by_role("link", name=act, exact=True).count():
            return
        one.page.wait_for_timeout(500)
        one.page.reload()
    raise AssertionError(f"{act!r} cannot be done on {one.page.url}: {one.text()[:600]}")


def first(one, listing, pattern, row=""):
    """Go to the first page that a list leads to whose address fits, of a row that says something."""
    one.go(listing)
    rows = one.page.locator("main table tbody tr").filter(has_text=row)
    found = rows.locator("a[href]").evaluate_all("all => all.map(each => each.getAttribute('href'))")
    fitting = [each for each in found if re.fullmatch(pattern, each.split("?")[0])]
    assert fitting, (listing, pattern, found)
    one.go(fitting[0])
    return fitting[0]


def test_an_objection_to_a_notice_is_upheld_by_another_and_the_firm_sees_the_new_amount(person):
    owner, reviewer = person("second-owner", width="phone"), person("mengzi-reviewer")
    owner.go("/own-deliveries/")
    owner.page.locator("main .card h2 a").first.click()
    mine = owner.page.url
    owner.press("提出异议")
    owner.page.fill("[name=reason]", "2021年11月补缴的失业保险费没有计入")
    owner.page.locator("main form button.btn-primary").click()
    owner.page.wait_for_load_state()
    owner.go(mine)
    assert "有异议" in owner.text()
    first(reviewer, "/delivery-objections/?state=open", r"/delivery-objections/\d+/", "11月补缴")
    done(reviewer, "采纳异议", answer="已核对缴费凭证，按实缴数更正", amount="23456.78")
    owner.go(mine)
    assert "23,456.78" in owner.text()
    visitor = person()
    visitor.go("/announcements/")
    visitor.page.locator("main a[href^='/announcements/']").first.click()
    assert "23,456.78" in visitor.text()


def test_a_changed_fact_is_looked_at_the_list_approved_paid_sent_back_by_the_bank_and_mended(
    person, tmp_path
):
    reviewer, approver = person("reviewer"), person("approver")
    holder, sender = person("gejiu-finance"), person("finance")
    run = first(reviewer, "/deliveries/?state=ended_notice", r"/deliveries/\d+/")
    first(reviewer, f"{run}?state=reopened", r"/delivery-lines/\d+/")
    assert "信息变动" in reviewer.text()
    done(reviewer, "保留", note="缴费数以更正名册为准")
    assert "5,400.00" in reviewer.text()

    approver.go(run)
    done(approver, "审批同意")
    holder.go(run)
    done(holder, "支付")
    paid_by_bank(holder, sender, run, tmp_path, sends_back=1)
    first_when_there(holder, f"{run}?state=rejected", r"/delivery-lines/\d+/")
    assert "户名不符" in holder.text()
    done(holder, "重新支付")
    holder.go(run)
    done(holder, "支付")
    paid_by_bank(holder, sender, run, tmp_path)
    first_when_there(holder, f"{run}?state=paid", r"/delivery-lines/\d+/", rows=3)
    holder.go(run)
    done(holder, "办结")
    holder.go(run)
    assert "已办结" in holder.text()


def paid_by_bank(holder, sender, run, folder, sends_back=0):
    """The newest batch of a run: one holds the money, another sends it; the bank sends some back, the rest is paid."""
    address = first_batch(holder)
    ready(holder, "锁定资金")
    done(holder, "锁定资金")
    sender.go(address)
    ready(sender, "发送银行")
    done(sender, "发送银行")
    holder.go(address)
    with holder.page.expect_download() as file:
        holder.page.locator("main").get_by_role("button", name="取出银行文件（CSV）", exact=True).click()
    text = file.value.path().read_text("utf-8-sig")
    payments = [each for each in csv.DictReader(io.StringIO(text)) if each["序号"].isdecimal()]
    rows, total = ["交易日期,业务编号,收款账号,金额,处理结果,失败原因"], 0
    for number, each in enumerate(payments):
        result = "失败" if number < sends_back else "成功"
        why = "户名不符" if number < sends_back else ""
        amount = each["金额"].replace(",", "")
        rows.append(f"2022-08-01,{each['业务编号']},{each['收款账号']},{amount},{result},{why}")
        total += int(amount.replace(".", ""))
    answer = folder / f"回单{len(rows)}-{sends_back}.csv"
    answer.write_text("\n".join(rows), "utf-8")
    holder.go("/statements/import/")
    holder.page.set_input_files("[name=file]", answer)
    holder.page.fill("[name=count]", str(len(payments)))
    holder.page.fill("[name=total]", f"{total // 100}.{total % 100:02}")
    holder.press("上传并检查")
    ready(holder, "确认入账")
    done(holder, "确认入账")


def first_batch(one):
    """The newest batch, which is drawn by a job."""
    return first_when_there(one, "/payments/?state=drafted", r"/payments/\d+/")


def first_when_there(one, listing, pattern, rows=1):
    """Look again until the list has so many rows, and go to the first."""
    for _ in range(120):
        one.go(listing)
        if one.page.locator("main table tbody tr").count() >= rows:
            return first(one, listing, pattern)
        one.page.wait_for_timeout(500)
    raise AssertionError(f"{listing} has not {rows} rows: {one.text()[:600]}")


def test_a_wrong_payment_is_recovered_by_an_opposite_entry(person):
    one, auditor = person("mengzi-finance"), person("auditor")
    batch = first(one, "/payments/?state=closed", r"/payments/\d+/")
    first(one, f"{batch}?state=paid", r"/payments/one/\d+/")
    payment = one.page.url
    done(one, "追回", amount="100.00", reason="多发，企业已退回")
    auditor.go(payment)
    assert "100.00" in auditor.text()
    assert "多发，企业已退回" in auditor.text()


def test_the_money_is_followed_from_the_appropriation_to_the_firm(person):
    province, prefecture, auditor = person("province-finance"), person("finance"), person("auditor")
    first(province, "/funds/orders/?kind=appropriate", r"/funds/orders/\d+/", "5,000,000.00")
    assert "省级失业保险稳岗返还资金" in province.text()
    first(province, "/funds/orders/?kind=allocate", r"/funds/orders/\d+/", "2,000,000.00")
    assert "红河" in province.text()
    first(prefecture, "/funds/orders/?kind=allocate", r"/funds/orders/\d+/", "900,000.00")
    assert "蒙自" in prefecture.text()
    programme = first(auditor, "/funds/", r"/funds/\d+/", "省级失业保险稳岗返还资金")
    account = first(auditor, programme, r"/funds/accounts/\d+/", "蒙自")
    first(auditor, account, r"/funds/transfers/\d+/", "8,491.05")
    auditor.page.locator("main .key-value a[href^='/payments/one/']").first.click()
    assert "8,491.05" in auditor.text()
    owner = person("owner", width="phone")
    owner.go("/own-deliveries/")
    owner.page.locator("main .card").filter(has_text="8,491.05").locator("h2 a").first.click()
    assert "已支付" in owner.text()
    assert "8,491.05" in owner.text()
