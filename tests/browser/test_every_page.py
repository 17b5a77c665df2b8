"""Every page that the site has, as everybody who reaches it sees it: it answers, axe finds nothing, it fits a phone.

A new page is in this test by being registered: links must lead somebody of the demonstration to it, or it is told
in ways.py how one comes there.
"""

import pytest
from looking import VIEWS, looked_at
from ways import BY_HAND

from huiqi.portal.look.registry import pages

_PROVIDER = "needs a provider of single sign-on: test_single_sign_on.py looks at it"
NOT_HERE = {
    "outside": _PROVIDER,
    "outside-back": _PROVIDER,
    "entry-outside": _PROVIDER,
    "person-outside": _PROVIDER,
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
