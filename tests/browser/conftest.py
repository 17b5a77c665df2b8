"""A demonstration of few firms, made once and served by `huiqi serve`, and a real Chromium to look at it."""

import datetime
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from urllib.parse import urljoin, urlsplit
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import Resolver404, resolve
from playwright.sync_api import sync_playwright

FIRMS = 160
QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"),
    *("--disable-sync", "--no-first-run", "--disable-dev-shm-usage"),
)
PEOPLE = (
    *("", "owner", "newcomer", "mengzi-officer", "leading-group", "reviewer", "approver"),
    *("analyst", "auditor", "administrator", "finance", "second-owner", "mengzi-finance", "province-finance"),
)
"""Who is sent over the site: a visitor, and one of each role."""
TODAY = "2022-08-01"
"""The day that the site shows; the time runs as ever."""
_HREF = re.compile(r'<a\s[^>]*?href="([^"]+)"')
WIDTHS = {"desktop": (1280, 900), "phone": (390, 844)}
_MAKE = """
import sys
from pathlib import Path
from huiqi.cli.demo_site import demo_site
demo_site(Path(sys.argv[1]), "en")
"""


@dataclass
class Site:
    """Where the demonstration is served, and its users' passwords."""

    address: str
    passwords: dict[str, str]

    def moment(self):
        """This moment by the site's clock, which is moved by whole days."""
        real = datetime.datetime.now(ZoneInfo("Asia/Shanghai"))
        return real + (datetime.date.fromisoformat(TODAY) - real.date())


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demonstration") / "site"
    with served(folder, FIRMS) as made:
        yield made


@contextmanager
def served(folder, firms):
    """Make a demonstration of so many firms, unless one lies in the folder already, and serve it."""
    environment = own_environment(HUIQI_DEMO_FIRMS=str(firms))
    if not (folder / "demonstration-users.json").is_file():
        made = subprocess.run(
            [sys.executable, "-c", _MAKE, str(folder)],
            env=environment,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        assert made.returncode == 0, made.stderr[-3000:]
    environment |= {"HUIQI_DATA": str(folder), "HUIQI_NOW": TODAY}
    users = json.loads((folder / "demonstration-users.json").read_text("utf-8"))
    with answering(folder.with_suffix(".log"), environment) as address:
        yield Site(address, {each["name"]: each["password"] for each in users})


@contextmanager
def answering(log_file, environment):
    """Serve the site of this environment; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = log_file.open("w")
    server = subprocess.Popen(
        [sys.executable, "-c", "from huiqi.cli import main; main()", "serve", "--port", str(port)],
        env=environment,
        stdout=log,
        stderr=log,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(f"{address}/sign-in/", server)
        yield address
    finally:
        server.terminate()
        server.wait(30)
        log.close()


def own_environment(**more):
    """This process's environment without what it says of other sites, and what is said here."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HUIQI_", "DJANGO_"))}
    kept.pop("DATABASE_URL", None)
    return kept | more


def _wait(address, server):
    end = time.monotonic() + 90
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=30):
                return
        except OSError:
            time.sleep(0.3)
    raise AssertionError("the site did not answer")


@pytest.fixture(scope="session")
def an_empty_site(tmp_path_factory):
    """Serve a site that holds nothing yet, with more in its environment; its address, and what runs `huiqi` on it."""

    @contextmanager
    def of(**more):
        folder = tmp_path_factory.mktemp("empty")
        environment = own_environment(HUIQI_DATA=str(folder / "site"), **more)

        def huiqi(*arguments):
            command = [sys.executable, "-c", "from huiqi.cli import main; main()", *arguments]
            done = subprocess.run(
                command, env=environment, capture_output=True, text=True, timeout=120, check=False
            )
            assert done.returncode == 0, done.stderr[-3000:]
            return done.stdout

        with answering(folder / "site.log", environment) as address:
            yield Site(address, {}), huiqi

    return of


@pytest.fixture(scope="session")
def chromium():
    found = shutil.which("chromium")
    assert found, "the browser tests need Chromium: .ci/browser installs it, or says what to type"
    # Playwright's own loop is running while the browser is: Django would take the tests for asynchronous ones.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(QUIET))
        yield browser
        browser.close()


@dataclass
class Person:
    """Somebody at the site: a window of a width, a language, and whatever went wrong in it."""

    site: Site
    context: object
    page: object
    troubles: list[str] = field(default_factory=list)
    left: str = ""
    """The page that was left last."""

    def hear(self, said):
        """Keep what the browser complains of: scripts, styles and images that are not let in among it."""
        # That a form was refused is said by the answer, which `receive` judges.
        if said.type == "error" and not said.text.startswith("Failed to load resource"):
            self.troubles.append(said.text)

    def receive(self, answer):
        """Keep what the server should not have answered: errors of its own, and parts of a page that are not there."""
        least = 500 if answer.request.resource_type == "document" else 400
        if answer.status >= least:
            self.troubles.append(f"{answer.status} {answer.url}")

    def miss(self, request):
        """Keep what was asked for and did not come; a download ends the page's own request, and who leaves a page that
        asks again by itself (htmx) gives up what it was asking for at that moment.
        """
        given_up = (
            request.failure == "net::ERR_ABORTED" and request.headers.get("hx-current-url") == self.left
        )
        if request.resource_type != "document" and not given_up:
            self.troubles.append(f"{request.failure} {request.url}")

    def sign_in(self, name):
        self.go("/sign-in/")
        self.page.fill("[name=username]", name)
        self.page.fill("[name=password]", self.site.passwords[name])
        self.page.click("main [type=submit], main button.btn-primary")
        self.page.wait_for_load_state()
        assert "/sign-in/" not in self.page.url, f"{name} could not sign in"
        return self

    def another(self, name=""):
        """Somebody else at the site, in a window of their own that whoever asked for it closes."""
        return arrived(self.site, self.context.browser, name)

    def go(self, path):
        """Go to a page; what the server answered."""
        self.left = self.page.url
        return self.page.goto(self.site.address + path if path.startswith("/") else path)

    def get(self, path):
        """What the server answers, without looking at it."""
        answer = self.context.request.get(self.site.address + path)
        assert answer.status == 200, (answer.status, path)
        return answer.text()

    def speak(self, language):
        self.context.add_cookies([{"name": "django_language", "value": language, "url": self.site.address}])

    def size(self, width):
        self.page.set_viewport_size(dict(zip(("width", "height"), WIDTHS[width], strict=True)))

    def press_download(self, name):
        """Press what gives a file: no page follows."""
        self.page.locator("main").get_by_role("link", name=name, exact=True).click()

    def text(self):
        return self.page.inner_text("main")

    def press(self, name):
        """Press the button, or follow the link, of this name."""
        main = self.page.locator("main")
        for role in ("button", "link"):
            found = main.get_by_role(role, name=name, exact=True)
            if found.count():
                found.first.click()
                self.page.wait_for_load_state()
                return self
        raise AssertionError(f"{name!r} stands nowhere on {self.page.url}: {self.text()[:800]}")

    def violations(self):
        """What axe finds on the page, each with its first place."""
        found = Axe().run(self.page).response["violations"]
        return [f"{each['id']}: {each['nodes'][0]['html'][:160]}" for each in found]

    def overflow(self):
        """By how many points the page is wider than its window."""
        return self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")


def arrived(site, chromium, name="", language="zh-hans", width="desktop", script=True):
    """Somebody at the site, signed in unless it is a visitor ("")."""
    size = dict(zip(("width", "height"), WIDTHS[width], strict=True))
    context = chromium.new_context(viewport=size, java_script_enabled=script, accept_downloads=True)
    page = context.new_page()
    one = Person(site, context, page)
    page.on("console", one.hear)
    page.on("pageerror", lambda error: one.troubles.append(str(error)))
    page.on("response", one.receive)
    page.on("requestfailed", one.miss)
    one.speak(language)
    if name:
        one.sign_in(name)
        one.speak(language)
    return one


@pytest.fixture
def person(site, chromium):
    """Make a person: person("mengzi-officer", language="en", width="phone", script=False); "" is a visitor.

    At the end of the test nothing may have gone wrong in any of their windows.
    """
    made = []

    def begin(*arguments, **named):
        made.append(arrived(site, chromium, *arguments, **named))
        return made[-1]

    yield begin
    leave(made)


def leave(people):
    """Close people's windows: nothing may have gone wrong in them."""
    troubles = [(each.page.url, each.troubles) for each in people if each.troubles]
    for each in people:
        each.context.close()
    assert not troubles, troubles


@pytest.fixture
def arriving(chromium):
    """Make visitors of any site: arriving(site, language="en"); nothing may have gone wrong in their windows."""
    made = []

    def begin(site, **named):
        made.append(arrived(site, chromium, **named))
        return made[-1]

    yield begin
    leave(made)


@pytest.fixture(scope="session")
def seated(site, chromium):
    """Everybody who was asked for by name, with a window that stays: signing in is slow on purpose."""
    made = {}

    def of(name):
        if name not in made:
            made[name] = arrived(site, chromium, name)
        return made[name]

    yield of
    for each in made.values():
        each.context.close()


@pytest.fixture(scope="session")
def walked(seated):
    """Where following links leads everybody: {page: {person: address}}, each page once a person."""
    found = {}
    for name in PEOPLE:
        one, met = seated(name), set()
        waiting = [one.site.address + "/"]
        while waiting:
            address = waiting.pop(0)
            page = page_at(address)
            if not page or page in met:
                continue
            met.add(page)
            answer = one.context.request.get(address)
            assert answer.status < 400, (name, answer.status, address)
            found.setdefault(page_at(answer.url), {}).setdefault(name, answer.url.partition("#")[0])
            if "text/html" in answer.headers.get("content-type", ""):
                hrefs = (urljoin(answer.url, unescape(each)) for each in _HREF.findall(answer.text()))
                waiting += [each for each in hrefs if each.startswith(one.site.address + "/")]
    return found


def page_at(address):
    """The name of the page at an address, "" where there is none."""
    try:
        return resolve(urlsplit(address).path).url_name or ""
    except Resolver404:
        return ""


def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.browser)
            # One site and one browser for all: they run on one worker.
            item.add_marker(pytest.mark.xdist_group("browser"))
