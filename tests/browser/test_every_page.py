"""Every page that the site has, as everybody who reaches it sees it: it answers, axe finds nothing, it fits a phone.

A new page is in this test by being registered: links must lead somebody of the demonstration to it, or it is told
in ways.py how one comes there.
"""

from urllib.parse import urlsplit

import pytest
from ways import BY_HAND

from huiqi.portal.look.registry import pages

VIEWS = (("zh-hans", "desktop"), ("zh-hans", "phone"), ("en", "desktop"), ("en", "phone"))
NOT_HERE = {
    "outside": "needs a province's single sign-on",
    "outside-back": "needs a province's single sign-on",
    "entry-outside": "needs a province's single sign-on",
    "person-outside": "needs a province's single sign-on",
}
"""Pages that the demonstration cannot show, and why."""
SHOWN = sorted(name for name, page in pages().items() if "GET" in page.methods and name not in NOT_HERE)


@pytest.mark.parametrize("name", SHOWN)
def test_the_page_is_good_for_everybody_who_reaches_it(seated, walked, name):
    where = dict(walked.get(name, {}))
    if name in BY_HAND:
        who, way = BY_HAND[name]
        who = who if isinstance(who, str) else who(seated)
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
