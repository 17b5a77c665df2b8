"""report.html: every figure is that of the totals, nothing of it runs, and nothing hostile gets through."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest

from huiqi.reference.money import parse_yuan
from huiqi.screening.report.page import report_page

_VOID = {"meta", "br", "hr", "col"}


class Page(HTMLParser):
    """Elements with their attributes, tables by caption, and whether every element is closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.tables: dict[str, list[list[str]]] = {}
        self.open: list[str] = []
        self.text = ""
        self._row: list[str] = []
        self._rows: list[list[str]] = []
        self._caption = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append(tag)
        if tag == "table":
            self._rows = []
        elif tag == "tr":
            self._row = []
        elif tag in ("td", "th"):
            self._row.append("")
        elif tag == "caption":
            self._caption = ""

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        if tag == "tr":
            self._rows.append(self._row)
        elif tag == "table":
            self.tables[self._caption] = self._rows

    def handle_data(self, data: str) -> None:
        self.text += data
        if "caption" in self.open:
            self._caption += data
        elif "td" in self.open or "th" in self.open:
            self._row[-1] += data


@pytest.fixture(params=["examples", "drawn"])
def made(request: pytest.FixtureRequest) -> Any:
    return request.getfixturevalue(request.param)


@pytest.fixture
def page(made: Any) -> Page:
    return Page((made.folder / "report.html").read_text("utf-8"))


def figures(made: Any) -> dict[str, Any]:
    return json.loads((made.folder / "totals.json").read_text("utf-8"))


def body(page: Page, caption: str) -> list[list[str]]:
    """The rows between the headings and the sum."""
    rows = page.tables[caption]
    return rows[1:-1] if rows[-1][0].endswith("合计") else rows[1:]


def test_measures_have_their_figures_to_the_fen(made: Any, page: Page) -> None:
    found = figures(made)
    shown = {row[0].split("〔")[0]: row for row in body(page, "各项措施：判定户数与金额")}
    only_open = {row[0].split("〔")[0]: row for row in page.tables.get("尚不确定的措施", [])[1:]}
    assert len(shown) > 10
    assert not shown.keys() & only_open.keys()
    for each in found["measures"]:
        row = shown.get(each["title"]) or only_open.get(each["title"])
        perhaps = each["verdicts"]["eligible"] + each["verdicts"]["likely"]
        assert (each["title"] in shown) == (perhaps > 0)
        assert (each["title"] in only_open) == (perhaps == 0 < each["verdicts"]["undetermined"])
        if row is not None:
            counts = [int(cell.replace(",", "")) for cell in row[3:7]]
            assert counts == list(each["verdicts"].values())[:4]
            assert (parse_yuan(row[1]) if row[1] != "—" else 0) == each["certain_fen"]
            assert (parse_yuan(row[7]) if row[7] != "—" else 0) == each["likely_fen"]
    assert parse_yuan(page.tables["各项措施：判定户数与金额"][-1][1]) == made.totals.certain_fen


@pytest.mark.parametrize("caption", ["各地区", "企业规模", "行业门类"])
def test_breakdowns_add_up_to_the_total(made: Any, page: Page, caption: str) -> None:
    rows = page.tables[caption]
    assert sum(parse_yuan(row[1]) for row in rows[1:-1]) == made.totals.certain_fen
    assert parse_yuan(rows[-1][1]) == made.totals.certain_fen
    assert sum(int(row[2].replace(",", "")) for row in rows[1:-1]) == made.totals.firms


def test_push_list_and_missing_facts_are_those_of_the_totals(made: Any, page: Page) -> None:
    found = figures(made)
    push = [
        (int(row[1].replace(",", "")), int(row[3].replace(",", ""))) for row in body(page, "推送清单各组")
    ]
    assert push == [(each["subjects"], each["rows"]) for each in found["push_list"]]
    missing = [(row[0], int(row[2].replace(",", ""))) for row in body(page, "缺少的信息")]
    assert missing == [(each["label"], each["openings"]) for each in found["missing"][:40]]


def test_headline_says_the_total_and_the_day(made: Any, page: Page) -> None:
    total = made.totals.certain_fen
    assert f"{total // 100:,}.{total % 100:02} 元" in page.text
    assert "截至 2022-07-31" in page.text
    assert figures(made)["rules"]["digest"] in page.text


def test_nothing_runs_and_nothing_is_fetched(page: Page, made: Any) -> None:
    text = (made.folder / "report.html").read_text("utf-8")
    assert not {"script", "link", "img", "iframe", "object", "use", "image", "a", "form"} & {
        name for name, _ in page.elements
    }
    for name, attributes in page.elements:
        for key, value in attributes.items():
            assert key not in ("style", "href", "xlink:href", "src", "srcset", "action")
            assert not key.startswith("on")
            assert key == "xmlns" or "://" not in (value or ""), (name, key)
    assert "url(" not in text
    assert "@import" not in text


def test_the_policy_allows_the_one_style_sheet_and_no_other(made: Any) -> None:
    text = (made.folder / "report.html").read_text("utf-8")
    (style,) = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"default-src &#x27;none&#x27;; style-src &#x27;sha256-{digest}&#x27;;" in text
    assert text.index("Content-Security-Policy") < text.index("<style>")


def test_every_chart_is_one_image_with_a_title_and_a_description(page: Page, made: Any) -> None:
    text = (made.folder / "report.html").read_text("utf-8")
    charts = [attributes for name, attributes in page.elements if name == "svg"]
    assert len(charts) >= 12
    ids = re.findall(r' id="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    for each in charts:
        assert each["role"] == "img"
        assert all(label in ids for label in str(each["aria-labelledby"]).split())
    for svg in re.findall(r"<svg.*?</svg>", text, re.DOTALL):
        assert "style" not in svg
        assert re.search(r"<title id=[^>]+>[^<]+</title><desc id=[^>]+>[^<]+</desc>", svg)


def test_what_is_made_up_says_so_in_red(drawn: Any, examples: Any) -> None:
    made_up = (drawn.folder / "report.html").read_text("utf-8")
    assert '<p class="synthetic" role="note">虚构数据' in made_up
    assert re.search(r"\.synthetic\{[^}]*background:var\(--red\)", made_up)
    assert "虚构数据" not in (examples.folder / "report.html").read_text("utf-8")


def test_hostile_words_are_shown_as_words(drawn: Any) -> None:
    found = figures(drawn)
    found["source"] = "</style><script>alert(1)</script>\"'\u202e"
    found["measures"][0]["title"] = "<img src=x onerror=alert(1)>"
    found["measures"][0]["verdicts"]["eligible"] += 1
    found["counties"][0]["name"] = "<b>&amp;"
    found["missing"][0]["label"] = "]]><script>"
    page = Page(report_page(found))
    assert {"script", "img"} & {name for name, _ in page.elements} == set()
    assert "</style><script>alert(1)</script>\"'\ufffd" in page.text
    assert "<img src=x onerror=alert(1)>" in page.text
    assert "]]><script>" in page.text
    assert "<b>&amp;" in page.text


def test_a_nation_is_shown_by_larger_areas(drawn: Any) -> None:
    found = figures(drawn)
    one = found["counties"][0]
    codes = [f"53{prefecture:02}{county:02}" for prefecture in range(1, 30) for county in range(1, 11)]
    found["counties"] = [{**one, "code": code, "name": code} for code in codes]
    tiles = re.findall(r'<svg[^>]*aria-labelledby="regions-wide.*?</svg>', report_page(found), re.DOTALL)
    assert tiles[0].count("<path") == 29
