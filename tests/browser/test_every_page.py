"""Every page that the site has, as everybody who reaches it sees it: it answers, axe finds nothing, it fits a phone.

A new page is in this test by being registered: links must lead somebody of the demonstration to it, or it is told
below how one comes there.
"""

from urllib.parse import urlsplit

import pytest

from huiqi.portal.look.registry import pages

VIEWS = (("zh-hans", "desktop"), ("zh-hans", "phone"), ("en", "desktop"), ("en", "phone"))
NOT_HERE = {
    "outside": "needs a province's single sign-on",
    "outside-back": "needs a province's single sign-on",
    "entry-outside": "needs a province's single sign-on",
    "person-outside": "needs a province's single sign-on",
    "second-step": "needs a second factor",
    "owed": "asks which of several firms is meant: the owner has one",
    "owed-calendar": "needs a firm with a dated measure; the visitor's calendar is the same page",
    "notice": "needs a notice of a kind that leads nowhere else",
    "alignment-amended": "needs a text that amends another",
    "list-batch": "needs a workbook handed in for a list",
    "list-candidates": "needs a list that a rule fills",
}
"""Pages that the demonstration cannot show, and why."""
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


@pytest.mark.parametrize("name", SHOWN)
def test_the_page_is_good_for_everybody_who_reaches_it(seated, walked, name):
    where = dict(walked.get(name, {}))
    if name in BY_HAND:
        who, way = BY_HAND[name]
        one = seated(who)
        one.speak("zh-hans")
        where = {who: way(one), **where}
    assert where, f"no link leads anybody to {name}: tell in BY_HAND how one comes there"
    wrong = []
    for number, (who, address) in enumerate(where.items()):
        # What differs between people is little: the first is looked at in every way, the others in one.
        views = VIEWS if number == 0 else VIEWS[-1:]
        wrong += [f"{who or 'visitor'}: {each}" for each in looked_at(seated(who), address, views)]
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
