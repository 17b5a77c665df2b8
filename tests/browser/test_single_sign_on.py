"""A province's single sign-on in a real browser: an empty site, a provider beside it, and its pages as pictures."""

import datetime

import pytest
from looking import VIEWS, looked_at, seen
from oidc_provider import CLIENT, SECRET, Provider

PASSWORD = "a-long-enough-pass-7"


class Running(Provider):
    """A provider whose clock runs."""

    now = property(lambda _: datetime.datetime.now(datetime.UTC), lambda _, _moment: None)


@pytest.fixture(scope="module")
def provider():
    made = Running(None)
    yield made
    made.close()


@pytest.fixture(scope="module")
def office(an_empty_site, provider, tmp_path_factory):
    """The site, and the link of its first administrator."""
    secret = tmp_path_factory.mktemp("secret") / "client"
    secret.write_text(SECRET)
    settings = {
        "HUIQI_OIDC_ISSUER": provider.issuer,
        "HUIQI_OIDC_CLIENT": CLIENT,
        "HUIQI_OIDC_SECRET_FILE": str(secret),
        "HUIQI_OIDC_TITLE": "虚江省统一身份认证",
    }
    with an_empty_site(**settings) as (site, huiqi):
        who = ("--user-name", "head", "--name", "管理员", "--agency", "虚构的办公室", "--region", "532500")
        yield site, huiqi("administrator", *who, "--site", site.address).splitlines()[-1]


def opened_by_password(one, link):
    """Open an account by its link, with a password of the site's own."""
    one.go(link)
    for field in ("password", "again"):
        one.page.fill(f"[name={field}]", PASSWORD)
    one.page.locator("main form button").first.click()
    one.page.wait_for_load_state()


def invited(one, name, user_name):
    """Invite somebody; their link."""
    one.go("/people/invite/")
    one.page.fill("[name=name]", name)
    one.page.fill("[name=user_name]", user_name)
    one.page.locator("[name=agency]").select_option(index=1)
    one.page.locator("main form.act-form button").click()
    return one.page.locator("main .once").inner_text().strip()


def person_of(one, name):
    """The address of somebody's page."""
    one.go("/people/")
    return one.page.locator("main a").filter(has_text=name).first.get_attribute("href")


def test_people_come_by_the_provinces_sign_in_and_every_page_on_the_way_is_good(office, provider, arriving):
    site, link = office
    head, invitee, other, stranger = (arriving(site) for _ in range(4))
    opened_by_password(head, link)
    wrong = []

    # Who was invited opens the account there, and is linked by it.
    entry = invited(head, "张三", "zhangsan")
    wrong += looked_at(invitee, entry)
    provider.subject = "5301-77"
    invitee.go(entry)
    invitee.press("虚江省统一身份认证")
    assert invitee.go("/profile/").status == 200
    assert "已关联" in invitee.text()
    wrong += looked_at(invitee, "/profile/")

    # An administrator links somebody who has an account.
    opened_by_password(other, invited(head, "李四", "lisi"))
    address = person_of(head, "李四")
    head.go(address)
    head.press("关联统一身份认证")
    wrong += looked_at(head, f"{address}outside/")
    head.go(f"{address}outside/")
    head.page.fill("[name=subject]", "5301-88")
    head.press("关联")
    assert "已关联" in head.text()
    wrong += looked_at(head, address)

    # They come in by it, prove again who they are, and leave.
    other.page.get_by_role("button", name="退出").click()
    wrong += looked_at(other, "/sign-in/")
    provider.subject = "5301-88"
    other.go("/sign-in/?next=/notices/")
    other.press("虚江省统一身份认证")
    assert other.page.url == f"{site.address}/notices/"
    wrong += looked_at(other, "/confirm/?next=/profile/")
    other.go("/confirm/?next=/profile/")
    other.press("虚江省统一身份认证")
    assert other.page.url == f"{site.address}/profile/"
    other.page.get_by_role("button", name="退出").click()
    other.page.wait_for_load_state()
    wrong += seen(other, 200, "zh-hans", "desktop")
    other.size("phone")
    wrong += seen(other, 200, "zh-hans", "phone")

    # Who is not linked is told their number; who comes back unasked is sent to begin anew.
    provider.subject = "5301-99"
    stranger.go("/sign-in/outside/")
    assert "5301-99" in stranger.text()
    wrong += looked_at(stranger, "/sign-in/outside/", VIEWS, refused=403)
    wrong += looked_at(stranger, "/sign-in/outside/back/?state=x&code=y", VIEWS, refused=403)
    assert not wrong, "\n".join(wrong)
