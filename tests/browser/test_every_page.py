"""Every page that the site has, as everybody who reaches it sees it: it answers, axe finds nothing, it fits a phone.

A new page is in this test by being registered: links must lead somebody of the demonstration to it, or it is told
below how one comes there.
"""

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from more_people import CAREFUL, TWO_FIRMS
from page_names import page_at

from huiqi.portal.look.registry import pages

EXAMPLES = Path(__file__).parents[2] / "examples"
VIEWS = (("zh-hans", "desktop"), ("zh-hans", "phone"), ("en", "desktop"), ("en", "phone"))
NOT_HERE = {
    "outside": "leads to the province's single sign-on",
    "outside-back": "is come back to from there, once",
    "entry-outside": "leads there from an invitation",
}
"""Addresses to which nobody comes by themselves: they are in `test_single_sign_on.py`."""
SHOWN = sorted(name for name, page in pages().items() if "GET" in page.methods and name not in NOT_HERE)


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


def half_in(one):
    """Who has given the password and is asked for a code."""
    one.go("/sign-in/")
    one.page.fill("[name=username]", CAREFUL)
    one.page.fill("[name=password]", one.site.passwords[CAREFUL])
    one.press("登录")
    return urlsplit(one.page.url).path


def calendar(one):
    one.go("/owed/")
    return f"{urlsplit(one.page.url).path}calendar.ics"


def told(one):
    """A notice leads on to what it is about."""
    one.go("/notices/")
    return one.page.get_attribute(".inbox-subject a", "href")


def list_of(one, kind):
    """The page of a list by its title."""
    one.go("/lists/")
    return one.page.locator("main").get_by_role("link", name=kind, exact=True).first.get_attribute("href")


def candidates(one):
    return f"{list_of(one, '困难行业所属困难企业名单')}candidates/"


def handed_in(one):
    """An officer hands in a list of two firms, one of them in no register."""
    one.go("/firms/")
    code = one.page.locator("main tbody td.code").first.inner_text().strip()
    rows = f"统一社会信用代码,列入日期,理由\n{code},2022-07-01,符合条件\n91532503MA6KZZZZ0X,2022-07-01,符合条件\n"
    one.go(f"{list_of(one, '农业龙头企业（重点农业企业）名单')}import/")
    one.page.set_input_files(
        "[name=file]", {"name": "名单.csv", "mimeType": "text/csv", "buffer": rows.encode()}
    )
    one.page.get_by_label("列入日期").fill("2022-07-01")
    one.page.get_by_label("依据文件（文号）").fill("红政办发〔2022〕1号")
    one.press("上传并检查")
    return urlsplit(one.page.url).path


def amended(one):
    """The superior's text is amended: the amended one is held against the subordinate's and its own before."""
    text = (EXAMPLES / "xujiang-2022-5-measures.txt").read_text("utf-8").replace("30", "20")
    one.go("/documents/add/")
    one.page.set_input_files(
        "[name=file]", {"name": "xujiang-amended.txt", "mimeType": "text/plain", "buffer": text.encode()}
    )
    one.page.locator("main form button.btn-primary").first.click()
    one.page.wait_for_load_state()
    amended_text = urlsplit(one.page.url).path.strip("/").rpartition("/")[2]
    one.go("/documents/alignments/")
    one.page.locator("main a[href*='alignment.start']").first.click()
    one.page.wait_for_load_state()
    found = one.page.locator("[name=superior] option").evaluate_all(
        "all => all.map(o => [o.textContent, o.value])"
    )
    before = next(value for title, value in found if title.startswith("虚江省") and value != amended_text)
    city = next(value for title, value in found if title.startswith("虚河市"))
    for name, number in (("superior", amended_text), ("subordinate", city), ("before", before)):
        one.page.select_option(f"[name={name}]", number)
    one.page.locator("main form button.btn-primary").first.click()
    one.page.locator("main a[href$='/amended/']").wait_for(timeout=60_000)
    return one.page.get_attribute("main a[href$='/amended/']", "href")


def removed(one):
    """Take the amended text out again: beside a text of its own the library does not show the demonstration's."""
    one.go("/documents/")
    one.page.locator("main tbody a").first.click()
    one.press("移出文件库")
    one.page.fill("[name=reason]", "看过了")
    one.page.locator("main form button.btn-primary, main form button.btn-danger").first.click()
    one.page.wait_for_load_state()
    one.go("/documents/")
    assert "虚河市" in one.text()


def of_run(state, part):
    """The page of a run in this state: walking meets one run of any."""

    def way(one):
        one.go(f"/deliveries/?state={state}")
        run = one.page.locator("main table a[href^='/deliveries/']").first.get_attribute("href")
        return f"{urlsplit(run).path}{part}"

    return way


BY_HAND = {
    "delivery-left-out": ("mengzi-officer", of_run("noticed", "left-out/")),
    "delivery-sample": ("mengzi-officer", of_run("done", "sample/")),
    "delivery-list": ("leading-group", of_run("sent", "list.csv")),
    "delivery-take-back": ("leading-group", of_run("sent", "take-back/")),
    "second-step": ("", half_in),
    "owed": (TWO_FIRMS, lambda one: "/owed/"),
    "owed-calendar": ("owner", calendar),
    "notice": ("owner", told),
    "list-batch": ("mengzi-officer", handed_in),
    "list-candidates": ("mengzi-officer", candidates),
    "alignment-amended": ("leading-group", amended),
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
}
"""How somebody comes to a page to which no link leads."""
AFTERWARDS = {"alignment-amended": removed}
"""What is put back once a page was looked at."""


@pytest.mark.parametrize("name", SHOWN)
def test_the_page_is_good_for_everybody_who_reaches_it(seated, walked, name):
    where = dict(walked.get(name, {}))
    if name in BY_HAND:
        who, way = BY_HAND[name]
        one = seated(who)
        one.speak("zh-hans")
        address = way(one)
        assert page_at(address) == name, f"the way to {name} led to {address}: {one.text()[:400]}"
        where = {who: address, **where}
    assert where, f"no link leads anybody to {name}: tell in BY_HAND how one comes there"
    wrong = []
    for number, (who, address) in enumerate(where.items()):
        # What differs between people is little: the first is looked at in every way, the others in one.
        views = VIEWS if number == 0 else VIEWS[-1:]
        wrong += [f"{who or 'visitor'}: {each}" for each in looked_at(seated(who), address, views)]
    if name in AFTERWARDS:
        AFTERWARDS[name](seated(BY_HAND[name][0]))
    assert not wrong, "\n".join(wrong)


def test_what_is_told_here_is_of_pages_that_there_are():
    assert NOT_HERE.keys() | BY_HAND.keys() <= pages().keys()


def looked_at(one, address, views):
    """Look at a page in these languages and widths; what is wrong with it."""
    path, wrong = urlsplit(address).path, []
    answer = one.context.request.get(address if "://" in address else one.site.address + address)
    if answer.status >= 400:
        return [f"{path} answers {answer.status}"]
    is_file = "attachment" in answer.headers.get("content-disposition", "")
    if is_file or "text/html" not in answer.headers.get("content-type", ""):
        return [] if answer.body() else [f"{path} is empty"]
    one.troubles.clear()
    for language, width in views:
        one.speak(language)
        one.size(width)
        status = one.go(address).status
        wrong += [f"{path} ({language}, {width}): {each}" for each in seen(one, status, language, width)]
    one.speak("zh-hans")
    one.size("desktop")
    return wrong + one.troubles


def seen(one, status, language, width):
    if status >= 400:
        yield f"answers {status}"
    lang = one.page.get_attribute("html", "lang")
    if lang != language:
        yield f"speaks {lang}, not {language}"
    if len(one.text()) < 5:
        yield "is empty"
    if width == "phone" and one.overflow() > 0:
        yield f"is {one.overflow()} points wider than a phone"
    yield from one.violations()
