"""A province's single sign-on in a browser: who is known to nobody is told so, is linked by an administrator or by an
invitation, and comes in from then on without a password of the site.
"""

import pytest

UNKNOWN, LINKED, INVITED = "5301-77", "5301-78", "5301-79"


def is_good(one):
    """Nothing on this page is wrong, on a desktop and on a phone."""
    for width in ("desktop", "phone"):
        one.size(width)
        assert not one.violations()
        assert one.overflow() <= 0
    one.size("desktop")


def by_the_province(site, one, who, start="/sign-in/"):
    site.at_the_province(who)
    try:
        one.go(start)
        is_good(one)
        one.page.locator("main a[href*='/outside/']").first.click()
        one.page.wait_for_load_state()
    finally:
        site.at_the_province("")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_who_is_known_to_nobody_is_told_the_number_to_give(site, person, language):
    one = person(language=language)
    by_the_province(site, one, UNKNOWN)
    assert one.page.locator(".once").inner_text() == UNKNOWN
    assert ("没有登录" if language == "zh-hans" else "Not signed in") in one.text()
    is_good(one)


def test_an_administrator_links_somebody_who_then_comes_in(site, person):
    chief = person("administrator")
    chief.go("/people/?q=auditor")
    chief.page.locator("main a[href^='/people/']", has_text="审计").first.click()
    chief.press("关联统一身份认证")
    is_good(chief)
    chief.page.fill("[name=subject]", LINKED)
    chief.press("关联")
    one = person()
    by_the_province(site, one, LINKED)
    assert "/sign-in/" not in one.page.url
    assert one.go("/profile/").status == 200
    is_good(one)


def test_who_is_invited_links_the_account_by_the_first_visit(site, person):
    chief = person("administrator")
    chief.go("/people/invite/")
    chief.page.fill("[name=name]", "由统一认证登录的同事")
    chief.page.fill("[name=user_name]", "outside")
    chief.page.locator("[name=agency]").select_option(index=1)
    chief.page.locator("main form [type=submit], main form button.btn-primary").first.click()
    chief.page.wait_for_load_state()
    link = chief.page.locator("main .once").inner_text().strip()
    by_the_province(site, person(), INVITED, link)
    again = person()
    by_the_province(site, again, INVITED)
    assert again.go("/profile/").status == 200
    assert "由统一认证登录的同事" in again.text() + again.page.inner_text("header")
