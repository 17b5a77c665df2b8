"""Make the pictures of the documentation from the demonstration: `python tests/browser/pictures.py [PAGE [FOLDER]]`.

PAGE is page-patterns or tour, whose pictures are made; both without it. FOLDER keeps the demonstration for the next time.
Each picture is a window of 1280 points scaled to 960, or one of a phone as it is, in 64 colours or fewer.
"""

import io
import re
import shutil
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from conftest import QUIET, arrived, served

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
WIDE, HIGH = 1280, 800
SHOWN, PHONE = 960, 390
MOST_BYTES = 80_000
FIRMS = 400


def keep(one, name, print_it=False, high=HIGH, phone=False):
    """Keep what the window shows; as it is printed, that high, or on a phone where that is asked for."""
    one.page.set_viewport_size({"width": PHONE if phone else WIDE, "height": high})
    one.page.emulate_media(media="print" if print_it else "screen")
    one.page.wait_for_load_state()
    taken = Image.open(io.BytesIO(one.page.screenshot()))
    one.page.emulate_media(media="screen")
    wide = taken.width if phone else SHOWN
    small = taken.convert("RGB").resize((wide, wide * taken.height // taken.width), Image.Resampling.LANCZOS)
    path = PICTURES / f"{name}.png"
    for colours in (64, 32, 16):
        small.quantize(colours, dither=Image.Dither.NONE).save(path, optimize=True)
        if path.stat().st_size < MOST_BYTES:
            break
    sys.stdout.write(f"{path.name} {path.stat().st_size:,} bytes, {one.page.url}\n")
    assert path.stat().st_size < MOST_BYTES


def follow(one, listing, pattern, more="", row=""):
    """Go to the first page that a list leads to whose address fits, from a row that says something."""
    one.go(listing)
    within = (
        one.page.locator("main tr, main li, main article", has_text=row) if row else one.page.locator("main")
    )
    found = within.locator("a[href]").evaluate_all("all => all.map(each => each.getAttribute('href'))")
    fitting = [each for each in found if re.fullmatch(pattern, each.split("?")[0])]
    assert fitting, (listing, pattern, found)
    one.go(fitting[0] + more)


def take_tour(site, chromium):
    """What docs/tour.md tells of, as the people of the demonstration find it."""
    names = ("owner", "mengzi-officer", "province-finance", "auditor")
    owner, officer, finance, auditor = (arrived(site, chromium, name) for name in names)
    owner.size("phone")
    owner.go("/owed/")
    keep(owner, "tour-owed", high=1000, phone=True)
    owner.go("/own-deliveries/")
    keep(owner, "tour-own-deliveries", high=1000, phone=True)
    officer.go("/")
    keep(officer, "tour-home", high=1060)
    follow(officer, "/applications/", r"/applications/\d+/", row="科技创新券")
    keep(officer, "tour-application", high=1160)
    follow(officer, "/deliveries/?state=done", r"/deliveries/\d+/", row="稳岗返还")
    keep(officer, "tour-run", high=1720)
    follow(finance, "/funds/", r"/funds/\d+/", row="yn-retention")
    keep(finance, "tour-fund", high=1000)
    auditor.go("/events/")
    keep(auditor, "tour-events", high=1000)
    follow(auditor, "/events/?act=run.approve", r"/events/\d+/")
    keep(auditor, "tour-event", high=1120)


def take_patterns(site, chromium):
    officer, group = (arrived(site, chromium, name) for name in ("mengzi-officer", "leading-group"))
    officer.go("/firms/?section=H")
    keep(officer, "pattern-list")
    follow(officer, "/firms/", r"/firms/\d+/")
    keep(officer, "pattern-detail")
    group.go("/screenings/start/")
    keep(group, "pattern-form")
    group.go("/lists/")
    group.page.get_by_role("link", name="困难行业所属困难企业名单").first.click()
    group.page.wait_for_load_state()
    follow(group, group.page.url.removeprefix(site.address), r"/lists/\d+/candidates/")
    keep(group, "pattern-bulk")
    follow(officer, "/rosters/", r"/rosters/\d+/")
    keep(officer, "pattern-import")
    follow(officer, "/measures/", r"/measures/[a-z0-9-]+/", "?verdict=eligible")
    keep(officer, "pattern-export")
    follow(officer, "/measures/", r"/measures/[a-z0-9-]+/", "?verdict=eligible")
    keep(officer, "pattern-print", print_it=True)
    officer.go("/firms/?q=绝无此企业")
    keep(officer, "pattern-empty")
    group.go("/screenings/start/")
    group.page.fill("[name=as_of]", "1999-01-01")
    group.page.locator("main form button.btn-primary").last.click()
    keep(group, "pattern-error")


PAGES = {"page-patterns": take_patterns, "tour": take_tour}


def main():
    chosen = [PAGES[name] for name in sys.argv[1:2]] or list(PAGES.values())
    folder = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(tempfile.mkdtemp()) / "site"
    PICTURES.mkdir(exist_ok=True)
    with served(folder, FIRMS) as site, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(QUIET))
        for take in chosen:
            take(site, chromium)
        chromium.close()


if __name__ == "__main__":
    main()
