"""Make the pictures of docs/page-patterns.md from the demonstration: `python tests/browser/pictures.py [FOLDER]`.

FOLDER keeps the demonstration for the next time. Each picture is a window of 1280 points, scaled to 960 and to 64 colours.
"""

import io
import re
import shutil
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1] / "portal"))
from conftest import QUIET, arrived, served

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
WIDE, HIGH = 1280, 800
SHOWN = 960
MOST_BYTES = 80_000
FIRMS = 400


def keep(one, name, print_it=False):
    """Keep what the window shows; as it is printed where that is asked for."""
    one.page.set_viewport_size({"width": WIDE, "height": HIGH})
    one.page.emulate_media(media="print" if print_it else "screen")
    one.page.wait_for_load_state()
    taken = Image.open(io.BytesIO(one.page.screenshot()))
    one.page.emulate_media(media="screen")
    small = taken.convert("RGB").resize(
        (SHOWN, SHOWN * taken.height // taken.width), Image.Resampling.LANCZOS
    )
    path = PICTURES / f"{name}.png"
    for colours in (64, 32, 16):
        small.quantize(colours, dither=Image.Dither.NONE).save(path, optimize=True)
        if path.stat().st_size < MOST_BYTES:
            break
    sys.stdout.write(f"{path.name} {path.stat().st_size:,} bytes, {one.page.url}\n")
    assert path.stat().st_size < MOST_BYTES


def follow(one, listing, pattern, more=""):
    """Go to the first page that a list leads to whose address fits."""
    one.go(listing)
    found = one.page.locator("main a[href]").evaluate_all("all => all.map(each => each.getAttribute('href'))")
    fitting = [each for each in found if re.fullmatch(pattern, each.split("?")[0])]
    assert fitting, (listing, pattern, found)
    one.go(fitting[0] + more)


def take(site, chromium):
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


def main():
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(tempfile.mkdtemp()) / "site"
    PICTURES.mkdir(exist_ok=True)
    with served(folder, FIRMS) as site, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(QUIET))
        take(site, chromium)
        chromium.close()


if __name__ == "__main__":
    main()
