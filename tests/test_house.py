"""The project keeps its own house: links resolve, locks are hashed, nothing tells of one machine."""

import os
import re
import subprocess
import tomllib
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LOCKS = (
    "requirements.lock",
    "requirements-develop.lock",
    "requirements-tools.lock",
    "requirements-spark.lock",
)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
MACHINE_FOLDERS = ("work", "root", "home", "Users", "opt")
REGISTRY_ADDRESS = r"https?://[^\s\"']*/simple\b|https?://[^\s\"']+\.(?:whl|tgz|tar\.gz)\b|index-url\s*="


@cache
def tracked() -> tuple[Path, ...]:
    listing = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, encoding="utf-8"
    )
    return tuple(ROOT / name for name in listing.stdout.split("\0") if name and (ROOT / name).is_file())


def tracked_pages() -> list[Path]:
    return [path for path in tracked() if path.suffix == ".md"]


def without_code(page: str) -> str:
    return re.sub(r"`[^`\n]*`", "", re.sub(r"^```.*?^```", "", page, flags=re.M | re.S))


def anchors(page: Path) -> set[str]:
    """The anchors that a page's headings get when it is shown: lower case, words joined by hyphens."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), flags=re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def pinned(lock: str) -> dict[str, str]:
    """Name and version of each package in a lock."""
    return dict(re.findall(r"^([a-z0-9._-]+)==([^\s;\\]+)", (ROOT / lock).read_text(), flags=re.M))


def test_every_link_in_a_page_leads_somewhere():
    broken = []
    pages = tracked_pages()
    for page in pages:
        for link in LINK.findall(without_code(page.read_text(encoding="utf-8"))):
            if re.match(r"[a-z]+:", link):
                continue
            path, _, anchor = link.partition("#")
            target = (page.parent / path).resolve() if path else page
            if not target.exists() or (anchor and anchor not in anchors(target)):
                broken.append(f"{page.relative_to(ROOT)}: {link}")
    assert pages
    assert broken == []


def test_every_page_in_docs_can_be_reached_from_the_readme():
    reached: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached or page.suffix != ".md" or not page.exists():
            continue
        reached.add(page)
        links = LINK.findall(without_code(page.read_text(encoding="utf-8")))
        waiting += [(page.parent / link.partition("#")[0]).resolve() for link in links if ":" not in link]
    in_docs = {page for page in tracked_pages() if ROOT / "docs" in page.parents}
    assert sorted(str(page.relative_to(ROOT)) for page in in_docs - reached) == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_address(lock: str):
    assert not re.search(r"://|--(extra-)?index|--find-links", (ROOT / lock).read_text())


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_in_a_lock_has_its_hashes(lock: str):
    text = (ROOT / lock).read_text()
    requirements = re.split(r"^(?=[a-z0-9])", text, flags=re.M)[1:]
    assert requirements
    assert [each for each in requirements if "==" not in each or "--hash=sha256:" not in each] == []


def test_the_develop_lock_has_what_the_running_lock_has():
    running, developing = pinned("requirements.lock"), pinned("requirements-develop.lock")
    assert running.items() <= developing.items()


def test_every_named_dependency_is_locked():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    def names(requirements: list[str]) -> set[str]:
        return {re.split(r"[^\w.-]", each)[0].lower() for each in requirements} - {"huiqi"}

    extras = project["optional-dependencies"]
    assert names(project["dependencies"] + extras["install"]) <= pinned("requirements.lock").keys()
    assert names(extras["develop"]) <= pinned("requirements-develop.lock").keys()


def test_no_tracked_file_holds_a_path_of_one_machine_or_the_host_of_a_registry():
    telling = re.compile(rf"(?<![\w./:*-])/({'|'.join(MACHINE_FOLDERS)})/[\w.]|{REGISTRY_ADDRESS}")
    found = []
    for path in tracked():
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue
        found += [
            f"{path.relative_to(ROOT)}:{n}: {line.strip()[:80]}"
            for n, line in enumerate(lines, 1)
            if telling.search(line)
        ]
    assert found == []


def test_no_lock_that_records_addresses_is_kept():
    assert [path.name for path in tracked() if path.name in {"uv.lock", "pylock.toml", "poetry.lock"}] == []


def test_decisions_are_numbered_in_a_row_listed_and_say_what_they_cost():
    folder = ROOT / "docs" / "decisions"
    pages = sorted(folder.glob("[0-9]*.md"))
    listed = re.findall(r"\[(\d{4})\]\(([^)]+)\)", (folder / "README.md").read_text(encoding="utf-8"))
    assert [page.name[:4] for page in pages] == [f"{n:04}" for n in range(1, len(pages) + 1)]
    assert listed == [(page.name[:4], page.name) for page in pages]
    for page in pages:
        headings = re.findall(r"^## (.+)$", page.read_text(encoding="utf-8"), flags=re.M)
        assert headings == ["Context", "Decision", "What it costs"], page.name


def test_the_two_readmes_are_equally_complete():
    english, chinese = (
        (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh-CN.md")
    )

    def commands(page: str) -> list[str]:
        blocks = re.findall(r"^```.*?\n(.*?)^```", page, flags=re.M | re.S)
        return [line.partition("#")[0].strip() for block in blocks for line in block.splitlines()]

    def links(page: str) -> list[str]:
        return [link for link in LINK.findall(page) if not link.startswith("README")]

    def headings(page: str) -> list[str]:
        return re.findall(r"^(#+) ", page, flags=re.M)

    assert headings(english) == headings(chinese)
    assert links(english) == links(chinese)
    assert commands(english) == commands(chinese)
    assert len(english.splitlines()) <= 90


def test_every_make_target_that_a_page_names_exists():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.M))
    named = set()
    for page in tracked_pages():
        text = page.read_text(encoding="utf-8")
        code = re.findall(r"`([^`\n]+)`", text) + re.findall(r"^```.*?^```", text, flags=re.M | re.S)
        for command in re.findall(r"(?:^|\s)make ([^#`\n]*)", "\n".join(code)):
            named |= {word for word in command.split() if re.fullmatch(r"[a-z][a-z-]*", word)}
    assert {"demo", "test"} <= named
    assert sorted(named - targets) == []


def test_a_change_is_one_line():
    lines = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").splitlines()
    changes = lines[lines.index("## Unreleased") :]
    assert [line for line in changes if line and not line.startswith(("## ", "- "))] == []


def test_what_make_and_ci_run_is_executable():
    scripts = [path for path in tracked() if path.parent == ROOT / ".ci"]
    assert {"run", "install"} <= {path.name for path in scripts}
    assert [path.name for path in scripts if not os.access(path, os.X_OK)] == []


def test_an_installation_is_not_made_twice():
    """A second `make develop` has nothing to do; another lock would have."""
    developed = list((ROOT / ".venv").glob(".developing-*"))
    if not developed:  # the tests were started without make: there is no first installation to repeat
        return
    again = subprocess.run(
        ["make", "--dry-run", "develop"], cwd=ROOT, capture_output=True, check=True, text=True
    )
    assert ".ci/install" not in again.stdout
