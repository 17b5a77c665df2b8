"""People of the demonstration at their work, in a real browser: a visitor, a firm's owner, officers, an auditor."""

import re

import pytest

ROSTER = """统一社会信用代码,企业名称,地区,从业人员
{code},虚构的过桥米线店,532503,9
91532503MA6K0001X0,代码有误的店,532503,3
"""


def code_of(number):
    from huiqi.reference.credit_codes import make_credit_code

    return make_credit_code("532503", f"MA6B{number:04}")


@pytest.mark.parametrize(("language", "width"), [("zh-hans", "phone"), ("en", "desktop")])
def test_a_visitor_calculates_and_reads_a_policy(person, language, width):
    one = person("", language, width)
    one.go("/answers/")
    one.page.check("[name=subject][value=self_employed]")
    one.page.select_option("[name=region]", "532503")
    one.page.locator("main form.start-form button").click()
    for _ in range(4):
        one.page.click("main button[name=move][value=skip]")
    one.page.click("main .moves a")
    assert one.page.url.endswith("/answers/result/")
    one.page.locator("main a[href*='/policies/']").first.click()
    assert one.page.locator("main h1").inner_text()
    assert one.overflow() <= 0


def test_policies_are_found_by_two_characters(person):
    one = person()
    one.go("/policies/")
    one.page.fill("#q", "房租")
    one.press("搜索")
    assert "租" in one.page.locator(".policy-list").inner_text()
    one.page.fill("#q", "绝无此事")
    one.press("搜索")
    assert "没有符合条件的政策措施" in one.text()


@pytest.mark.parametrize(("language", "width"), [("zh-hans", "phone"), ("en", "phone")])
def test_an_owner_reads_what_the_firm_is_owed_and_answers_until_nothing_can_change(person, language, width):
    one = person("owner", language, width)
    one.go("/owed/")
    owed = one.page.url
    one.page.locator("main details summary").first.click()
    for _ in range(200):
        one.go(f"{owed}ask/")
        if one.page.url == owed:
            break
        answered(one)
    assert one.page.url == owed, "the questions did not end"
    assert not one.page.locator(
        f"main a.btn-primary[href='{owed.removeprefix(one.site.address)}ask/']"
    ).count()
    assert one.page.locator("main .not-now, main .entitlements").count()
    one.go(f"{owed}sheet/")
    assert one.page.locator("main h1").inner_text()
    calendar = one.context.request.get(f"{owed}calendar.ics")
    assert calendar.text().startswith("BEGIN:VCALENDAR")
    one.go(owed)
    one.page.locator("main form[action$='/forget/'] button").evaluate("each => each.closest('form').submit()")


def answered(one):
    """Answer the question that is put, whatever it is, or skip it."""
    form = one.page.locator("main form").first
    yes = form.locator("button[name=answer][value=no]")
    if yes.count():
        yes.click()
        return
    radio = form.locator("input[type=radio][name=answer]")
    if radio.count():
        radio.first.check()
        form.locator("button.btn-primary").click()
        return
    form.locator("button[name=move][value=skip]").click()


def test_an_owner_contests_a_fact_and_the_county_settles_it(person):
    owner, officer = person("owner", width="phone"), person("mengzi-officer")
    owner.go("/bindings/")
    owner.page.locator("main .cards a[href*='/my-firm/']").first.click()
    contest = owner.page.locator("main a[href*='fact.contest']").filter(has_text="行业").first
    contest.click()
    owner.page.fill("[name=says]", "I65")
    owner.page.fill("[name=reason]", "主营业务已变更，见营业执照")
    owner.page.locator("main form.act-form button").click()
    assert "已办理" in owner.text()
    officer.go("/contests/?state=open")
    card = officer.page.locator("main .cards > li").filter(has_text="主营业务已变更")
    card.get_by_role("link", name="采纳异议").click()
    officer.page.fill("[name=answer]", "已核对营业执照")
    officer.page.locator("main form.act-form button").click()
    assert "已办理" in officer.text()
    owner.page.reload()
    fact = owner.page.locator("main .fact").filter(has_text="异议核定").first
    assert "I65" in fact.inner_text() or "软件" in fact.inner_text()


def test_a_county_officer_hands_in_a_roster_sees_what_is_wrong_takes_it_and_takes_it_back(person, tmp_path):
    one = person("mengzi-officer")
    file = tmp_path / "新名册.csv"
    file.write_text(ROSTER.format(code=code_of(1)), "utf-8")
    one.go("/rosters/hand-in/")
    one.page.set_input_files("[name=file]", file)
    one.page.select_option("[name=source]", "statistics")
    one.page.fill("[name=dated]", "2022-07-31")
    one.press("上传并检查")
    waited(one, "检查结果")
    assert "91532503MA6K0001X0" in one.text()
    with one.page.expect_download() as sheet:
        one.press_download("下载标明问题的原表")
    assert sheet.value.suggested_filename.endswith(".xlsx")
    done(one, "确认入库")
    waited(one, "已入库")
    one.go("/firms/")
    one.page.fill("#q", "米线")
    one.page.locator("main form[role=search] button.btn-primary").click()
    one.page.locator("main table a").filter(has_text="虚构的过桥米线店").click()
    assert code_of(1) in one.text()
    one.go("/rosters/")
    one.page.locator("main table a").filter(has_text="新名册").first.click()
    one.press("撤销入库")
    one.page.fill("[name=reason]", "报送错误")
    one.page.locator("main form.act-form button").click()
    waited(one, "已撤销")


def done(one, act):
    """Follow the button of an act and send its form."""
    one.press(act)
    one.page.locator("main form.act-form button").first.click()
    one.page.wait_for_load_state()


def waited(one, word):
    """Wait until the page, which asks again by itself, says this."""
    one.page.locator("main").get_by_text(re.compile(word)).first.wait_for(timeout=60_000)


def test_an_officer_checks_a_binding_and_the_newcomer_sees_the_firm(person):
    officer, newcomer = person("mengzi-officer"), person("newcomer", width="phone")
    officer.go("/bindings/?state=asked")
    officer.page.locator("main .cards > li").first.get_by_role("link", name="确认绑定").click()
    officer.page.locator("main form.act-form button").first.click()
    newcomer.go("/owed/")
    assert "/owed/" in newcomer.page.url
    assert newcomer.page.locator("main h1").inner_text()
    newcomer.go("/notices/")
    assert "绑定" in newcomer.text()


def test_a_reviewer_and_an_approver_put_a_firm_on_a_list_and_neither_does_both(person):
    reviewer, approver = person("reviewer"), person("approver")
    reviewer.go("/lists/")
    entry = waiting_entry(reviewer, "复核通过")
    done(reviewer, "复核通过")
    reviewer.go(entry)
    assert not reviewer.page.locator("main").get_by_role("link", name="审批同意").count()
    approver.go(entry)
    done(approver, "审批同意")
    approver.go(entry)
    assert "在册" in approver.text()


def waiting_entry(one, act):
    """Find the entry of some list that waits for this act."""
    lists = one.page.eval_on_selector_all("main a[href^='/lists/']", "all => all.map(each => each.href)")
    for each in sorted(
        {re.match(r".*/lists/\d+/", one)[0] for one in lists if re.match(r".*/lists/\d+/", one)}
    ):
        one.go(f"{each}proposals/")
        for address in one.page.eval_on_selector_all(
            "main a[href*='/lists/entries/']", "all => all.map(each => each.href)"
        ):
            one.go(address)
            if one.page.locator("main").get_by_role("link", name=act, exact=True).count():
                return address
    raise AssertionError(f"no entry waits for {act}")


def test_a_leading_group_screens_its_area_and_sees_who_is_entitled(person):
    one = person("leading-group")
    one.go("/screenings/start/")
    one.page.select_option("[name=region]", "532503")
    one.page.fill("[name=as_of]", "2022-08-01")
    one.page.locator("main form button.btn-primary").last.click()
    waited(one, "完成|已完成")
    one.go("/measures/")
    one.page.locator("main table a[href^='/measures/']").first.click()
    assert one.page.locator("main .counts, main table").count()


def test_an_officer_adds_a_text_and_reads_its_ledger(person):
    one = person("leading-group")
    one.go("/documents/add/")
    one.page.fill(
        "[name=text]",
        "虚溪市人民政府关于印发助企若干措施的通知\n虚溪政发〔2022〕3号\n各县人民政府：\n一、减免房租\n"
        "对承租国有房屋的小微企业免收3个月租金。（责任单位：市国资委）\n虚溪市人民政府\n2022年5月1日\n",
    )
    one.press("读取文件")
    waited(one, "减免房租|虚溪")
    one.page.locator("main a[href$='/ledger/']").first.click()
    assert "国资委" in one.text()


def test_an_auditor_finds_an_act_and_the_heads_of_the_chain(person):
    one = person("auditor")
    one.go("/events/")
    one.page.select_option("#act", "roster.take")
    one.press("查找")
    one.page.locator("main table tbody a").first.click()
    assert re.search(r"[0-9a-f]{64}", one.text())
    one.go("/published-heads/")
    assert re.search(r"[0-9a-f]{64}", one.text())
    one.go("/rosters/")
    assert not one.page.locator("main").get_by_role("link", name="报送名册", exact=True).count()
    with one.page.expect_download() as sheet:
        one.go("/events/")
        one.page.locator("main form[action*='/events/export/'] button").click()
    assert sheet.value.suggested_filename.endswith(".xlsx")


def test_an_auditor_reads_in_words_what_each_kind_of_event_says(person):
    one = person("auditor")
    one.go("/events/")
    acts = one.page.eval_on_selector_all("#act option", "all => all.map(each => each.value).filter(Boolean)")
    read, untold = 0, set()
    for act in acts:
        found = re.search(r'href="(/events/\d+/)"', one.get(f"/events/?act={act}"))
        if found:
            read += 1
            labels = re.findall(r'<th scope="row" class="depth-\d">([^<]*)</th>', one.get(found[1]))
            untold |= {(act, each) for each in labels if re.fullmatch(r"[a-z][a-z_]*", each)}
    assert read > 40
    assert not untold, untold


def test_an_administrator_invites_somebody_who_sets_a_password_and_is_appointed(person):
    administrator, invited = person("administrator"), person(width="phone")
    administrator.go("/people/invite/")
    administrator.page.fill("[name=name]", "新来的同事")
    administrator.page.fill("[name=user_name]", "colleague7")
    administrator.page.locator("[name=agency]").select_option(index=1)
    administrator.page.locator("main form.act-form button").click()
    link = administrator.page.locator("main .once").inner_text().strip()
    invited.go(link)
    for field in invited.page.locator("main input[type=password]").all():
        field.fill("a-long-enough-pass-7")
    invited.page.locator("main form button").first.click()
    invited.page.wait_for_load_state()
    administrator.page.locator("main a.btn-outline-primary").click()
    assert "新来的同事" in administrator.text()


def test_one_county_does_not_see_another(person):
    mengzi, gejiu = person("mengzi-officer"), person("gejiu-officer")
    mengzi.go("/firms/")
    path = mengzi.page.get_attribute("main table a[href^='/firms/']", "href")
    assert mengzi.go(path).status == 200
    refused, nothing = gejiu.go(path), gejiu.go("/firms/987654321/")
    assert refused.status == nothing.status == 404
    gejiu.go("/firms/?region=532503")
    assert not gejiu.page.locator(f"main a[href='{path}']").count()
