"""What firms use works without any script: the calculator, the policies, and a firm's own pages."""

import pytest


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_visitor_calculates_without_script(person, language):
    one = person("", language, "phone", script=False)
    one.go("/answers/")
    one.page.check("[name=subject][value=enterprise]")
    one.page.select_option("[name=region]", "532503")
    one.page.locator("main form.start-form button").click()
    for _ in range(3):
        one.page.click("main button[name=move][value=skip]")
    one.page.click("main .moves a")
    assert one.page.url.endswith("/answers/result/")
    one.go("/answers/sheet/")
    assert one.page.locator("main h1").inner_text()


def test_a_policy_is_found_and_read_without_script(person):
    one = person(width="phone", script=False)
    one.go("/policies/")
    one.page.fill("#q", "房租")
    one.press("搜索")
    one.page.locator(".policy-list a").first.click()
    assert "“" in one.text()


def test_an_owner_works_without_script(person):
    one = person("owner", width="phone", script=False)
    one.go("/owed/")
    owed = one.page.url
    one.go(f"{owed}ask/")
    if one.page.url != owed:
        one.page.click("main button[name=move][value=skip]")
    for path in (owed, f"{owed}sheet/", "/bindings/", "/notices/", "/profile/"):
        assert one.go(path).status == 200
        assert one.page.locator("main h1").inner_text()
        assert one.overflow() <= 0
    one.go("/bindings/")
    one.page.locator("main .cards a[href*='/my-firm/']").first.click()
    one.page.locator("main a[href*='fact.contest']").last.click()
    one.page.fill("[name=says]", "1")
    one.page.fill("[name=reason]", "")
    one.page.locator("main form.act-form button").click()
    # What is wrong stands beside its field, from the server.
    assert one.page.locator("main [role=alert], main .field-error, main .errorlist").count()


def test_signing_up_and_asking_for_a_binding_works_without_script(person):
    one = person(width="phone", script=False)
    one.go("/sign-up/")
    assert one.page.locator("main form").count()
    one.page.locator("main form button.btn-primary, main form [type=submit]").first.click()
    assert one.page.locator("main .field-error, main [role=alert], main .errorlist").count()
