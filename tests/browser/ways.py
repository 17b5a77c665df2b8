"""How somebody comes to a page of the site to which no link leads, or to what is worth seeing on it."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pyotp

from huiqi.reference.credit_codes import make_credit_code

SUPERIOR = Path(__file__).parents[2] / "examples" / "xujiang-2022-5-measures.txt"
AMENDED = (
    ("虚江政发〔2022〕5号", "虚江政发〔2022〕25号"),
    ("2022年免收6个月租金", "2022年免收9个月租金"),
    ("2022年5月16日", "2022年7月20日"),
    ("5个工作日内答复", "3个工作日内答复"),
)
"""What the later version of the made-up province's text says otherwise."""
PASSWORD = "a-long-enough-pass-7"


def begun(one):
    """Begin to answer as a visitor, and skip a question, so that there is an answer to change."""
    one.go("/answers/")
    one.page.check("[name=subject][value=enterprise]")
    one.page.select_option("[name=region]", "532503")
    one.press("开始")
    one.press("不清楚，跳过")


def result(one):
    begun(one)
    return "/answers/result/"


def shared(one):
    one.go(result(one))
    return one.page.get_attribute("a[href*='/answers/shared/']", "href")


def changed(one):
    begun(one)
    return "/answers/ask/1/"


def owner_changed(one):
    one.go("/owed/")
    one.press("继续回答")
    path = urlsplit(one.page.url).path
    one.press("不清楚，跳过")
    return f"{path}1/"


def invited(one):
    """An administrator makes a link; whoever has it opens the page."""
    one.go("/people/invite/")
    number = one.page.evaluate("Date.now() % 100000")
    one.page.fill("[name=name]", "新同事")
    one.page.fill("[name=user_name]", f"newone{number}")
    one.page.locator("[name=agency]").select_option(index=1)
    one.page.locator("main form [type=submit], main form button.btn-primary").first.click()
    one.page.wait_for_load_state()
    return one.page.locator("main .once").inner_text().strip()


def of_run(state, part):
    """The page of a run in this state: walking meets one run of any."""

    def way(one):
        one.go(f"/deliveries/?state={state}")
        run = one.page.locator("main table a[href^='/deliveries/']").first.get_attribute("href")
        return f"{urlsplit(run).path}{part}"

    return way


def a_notice(one):
    """The first notice that leads somewhere: its page marks it as read, and goes on to what it is about."""
    one.go("/notices/")
    return one.page.get_attribute("main .inbox-subject a", "href")


def kept_list(one, title):
    """Open the list of this title; its address."""
    one.go("/lists/")
    one.press(title)
    return urlsplit(one.page.url).path


def batch(one):
    """Hand in a file of members for a list: one can be taken, one is not in the register, one code is wrong."""
    one.go("/firms/?region=532503")
    known = re.search(r"91532503[0-9A-Z]{10}", one.text())[0]
    one.go(f"{kept_list(one, '优质中小企业培育库')}import/")
    rows = (
        f"{known},2022-07-15",
        f"{make_credit_code('532503', 'MA6B9998')},",
        "91532503MA6K0001X0,不知何日",
    )
    text = "\n".join(("统一社会信用代码,列入日期", *rows))
    file = {"name": "培育库名单.csv", "mimeType": "text/csv", "buffer": text.encode()}
    one.page.set_input_files("[name=file]", file)
    one.page.fill("[name=begins]", "2022-07-01")
    one.page.fill("[name=basis]", "虚构文号〔2022〕9号")
    one.press("上传并检查")
    return urlsplit(one.page.url).path


def candidates(one):
    """Have the candidates of a list looked for by its rule."""
    address = f"{kept_list(one, '困难行业所属困难企业名单')}candidates/"
    one.go(address)
    one.press("重新查找")
    return address


def amended(one):
    """Put in a later version of the superior's text, and ask what the amendment touches in the city's."""
    text = SUPERIOR.read_text("utf-8")
    for stood, stands in AMENDED:
        assert stood in text
        text = text.replace(stood, stands)
    one.go("/documents/add/")
    one.page.fill("[name=text]", text)
    one.press("读取文件")
    one.page.locator("main a[href$='/ledger/']").first.wait_for(timeout=60_000)
    one.go("/act/alignment.start/-/")
    for field, number in (
        ("superior", "〔2022〕25号"),
        ("subordinate", "〔2022〕12号"),
        ("before", "〔2022〕5号"),
    ):
        chosen = one.page.locator(f"[name={field}] option").filter(has_text=number)
        one.page.select_option(f"[name={field}]", chosen.get_attribute("value"))
    one.page.locator("main form.act-form button").click()
    link = one.page.locator("main a[href$='/amended/']").first
    link.wait_for(timeout=60_000)
    return link.get_attribute("href")


def signed_up(one, begins):
    """Somebody new, in a window of their own, who can sign in by name from now on."""
    new = one.another()
    new.go("/sign-up/")
    new.page.fill("[name=name]", "企业新来的人")
    new.page.fill("[name=begins]", begins)
    new.page.select_option("[name=region]", "532503")
    for field in ("password", "again"):
        new.page.fill(f"[name={field}]", PASSWORD)
    new.page.check("[name=agrees]")
    new.press("注册")
    name = re.search(rf"{begins}-\d+", new.text())[0]
    one.site.passwords[name] = PASSWORD
    return name, new


def bound_twice(seated):
    """Somebody new whom an officer binds to two firms, so that it is asked which of them is meant; their name."""
    officer = seated("mengzi-officer")
    officer.speak("zh-hans")
    name, new = signed_up(officer, "agent")
    officer.go("/firms/?region=532503")
    of_firms = officer.page.locator("main table a[href^='/firms/']").evaluate_all(
        "all => all.map(each => each.href)"
    )
    for address in of_firms[-2:]:
        officer.go(address)
        new.go("/act/binding.ask/-/")
        new.page.fill("[name=credit_code]", re.search(r"[0-9A-Z]{18}", officer.text())[0])
        new.page.fill("[name=name]", officer.page.locator("main h1").inner_text())
        new.page.select_option("[name=connection]", "agent")
        new.press("申请绑定企业")
        officer.go("/bindings/?state=asked")
        # Newest first.
        officer.page.locator("main .cards > li").first.get_by_role("link", name="确认绑定").click()
        officer.page.locator("main form.act-form button").first.click()
        officer.page.wait_for_load_state()
    new.context.close()
    return name


def half_way(one):
    """Give the name and password of somebody who has a second factor."""
    name, new = signed_up(one, "careful")
    new.go("/profile/second-factor/")
    if urlsplit(new.page.url).path == "/confirm/":
        new.page.fill("[name=password]", PASSWORD)
        new.page.locator("main form button").first.click()
        new.page.wait_for_load_state()
    new.press("开始设置")
    phone = pyotp.TOTP(new.page.locator("main .once").inner_text().replace(" ", ""))
    new.page.fill("[name=code]", phone.at(one.site.moment()))
    new.press("启用")
    assert "恢复码" in new.text()
    new.context.close()
    one.go("/sign-in/")
    one.page.fill("[name=username]", name)
    one.page.fill("[name=password]", PASSWORD)
    one.press("登录")
    return urlsplit(one.page.url).path


BY_HAND = {
    "delivery-left-out": ("mengzi-officer", of_run("noticed", "left-out/")),
    "delivery-sample": ("mengzi-officer", of_run("done", "sample/")),
    "delivery-list": ("leading-group", of_run("sent", "list.csv")),
    "delivery-take-back": ("leading-group", of_run("sent", "take-back/")),
    "answers-ask": ("", lambda one: begun(one) or "/answers/ask/"),
    "answers-change": ("", changed),
    "answers-result": ("", result),
    "answers-sheet": ("", lambda one: begun(one) or "/answers/sheet/"),
    "answers-calendar": ("", lambda one: begun(one) or "/answers/calendar.ics"),
    "answers-shared": ("", shared),
    "owed-change": ("owner", owner_changed),
    "confirm": ("reviewer", lambda one: "/confirm/"),
    "welcome": ("newcomer", lambda one: "/welcome/"),
    "entry": ("administrator", invited),
    "notice": ("mengzi-officer", a_notice),
    "list-batch": ("leading-group", batch),
    "list-candidates": ("leading-group", candidates),
    "alignment-amended": ("leading-group", amended),
    "owed": (bound_twice, lambda one: "/owed/"),
    "owed-calendar": ("owner", lambda one: one.go("/owed/") and f"{urlsplit(one.page.url).path}calendar.ics"),
    "second-step": ("", half_way),
}
"""How somebody comes to a page to which no link leads, or to what is worth seeing on it: who, or what makes them, and
their way."""
