"""An application in a real browser: handed in from a phone and granted, and a refusal appealed and decided anew by another."""


def done(one, act, **fields):
    """Follow the button of an act, fill its form in, and send it."""
    one.press(act)
    for name, value in fields.items():
        one.page.fill(f"[name={name}]", value)
    one.page.locator("main form.act-form button").first.click()
    one.page.wait_for_load_state()
    assert "已办理" in one.text(), one.text()[:600]


def opened(one, listing, title):
    """Go to the first application of a list that bears a title."""
    one.go(listing)
    of_title = one.page.locator("main tbody tr, main li.card").filter(has_text=title)
    of_title.locator("a[href*='applications/']").first.click()
    one.page.wait_for_load_state()


def test_what_a_firm_hands_in_is_received_and_granted_and_its_money_waits_to_be_checked(person):
    owner, officer = person("owner", width="phone"), person("mengzi-officer")
    opened(owner, "/own-applications/", "科技创新券")
    assert "待受理" in owner.text()
    mine = owner.page.url
    opened(officer, "/applications/?state=handed_in", "科技创新券")
    its = officer.page.url
    done(officer, "受理")
    reviewer = person("mengzi-reviewer")
    reviewer.page.goto(its)
    done(reviewer, "核准", reason="合同和付款凭证齐全")
    reviewer.go("/deliveries/?measure=innovation-voucher")
    assert "科技创新券" in reviewer.text()
    owner.page.goto(mine)
    assert "已核准" in owner.text()
    assert "10,000.00" in owner.text()


def test_a_refusal_is_appealed_upheld_and_another_decides_anew(person):
    owner, head = person("second-owner", width="phone"), person("leading-group")
    opened(owner, "/own-applications/", "就业帮扶车间")
    mine = owner.page.url
    assert "不予核准" in owner.text()
    assert "对就业帮扶车间吸纳5人以上脱贫劳动力就业1个月以上的" in owner.text()
    assert "稳岗就业/二/（九）" in owner.text()
    done(owner, "申诉", reason="花名册漏报2人")
    opened(head, "/applications/?state=appealed", "就业帮扶车间")
    done(head, "采纳申诉", reason="漏报属实，请重新审核")
    owner.page.goto(mine)
    assert "审核中" in owner.text()
    assert "漏报属实" in owner.text()
    first = person("mengzi-reviewer")
    opened(first, "/applications/?state=received", "就业帮扶车间")
    first.press("不予核准")
    first.page.fill("[name=reason]", "再次不予核准")
    first.page.locator("main form.act-form button").first.click()
    first.page.wait_for_load_state()
    assert "不相容岗位分离" in first.text()
