"""Where the document stands in a page: by the names that sites give it, else by where most of the prose is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from lxml import etree

from huiqi.documents.formats.page_furniture import is_furniture_line, is_furniture_name
from huiqi.documents.formats.page_lines import PageLine, data_rows, is_unshown
from huiqi.documents.formats.text_writer import one_cell

_SURE_NAMES = re.compile(
    r"(?:^|\s)(?:trs_editor|trs_ueditor|ucap-content|ucapcontent|zoom|zoomcon|fontzoom|pages_content|pages-content|"
    r"xxgk_content|xxgkcontent|articlecontent|article-content|article_content|j-fontcontent|easysite-news-text|"
    r"wp_articlecontent|v_news_content|vsb_content)(?:$|\s)",
    re.IGNORECASE,
)
_NAMES = re.compile(
    r"(?:^|\s)(?:articlecon|article-con|articlebody|article|conttxt|contxt|content_body|content-body|contentbody|"
    r"detail-content|detail_content|detailcontent|bt-content|bt_content|news_content|news-content|newscontent|"
    r"newscon|main-txt|main_content|maincontent|textcontent|txtcontent|info_content|infocontent|my_doccontent|"
    r"gknr|zwnr|wznr|wzcon|nr|arti_content|content|con_text|view)(?:$|\s)",
    re.IGNORECASE,
)
_TITLES = re.compile(
    r"(?:^|[-_\s])(?:title|tit|biaoti|bt|headline|arti_title|article_title)(?:$|[-_\s])", re.IGNORECASE
)
_CONTAINERS = {
    *("html", "body", "div", "section", "article", "main", "form", "center", "table", "tbody", "tr", "td"),
    *("ucapcontent", "span", "font", "dl", "dd", "fieldset", "blockquote"),
}
_LEAST_SURE, _LEAST_LIKELY = 0.3, 0.5
_LEAST_INNER = 0.75
_MOST_TITLE = 160


def find_body(root: etree._Element) -> etree._Element | None:
    """The element that holds the document; None when the page shows no text."""
    prose = _prose(root)
    whole = prose.get(root, 0)
    if not whole:
        return None
    sure = [
        each for each, count in prose.items() if count >= whole * _LEAST_SURE and _bears(each, _SURE_NAMES)
    ]
    if sure:
        # The outermost that holds most: editors leave their name on parts within it too.
        return max(sure, key=lambda each: (prose[each], _depth(each)))
    likely = [
        each for each, count in prose.items() if count >= whole * _LEAST_LIKELY and _bears(each, _NAMES)
    ]
    if likely:
        # The innermost: names as common as these are on the frames of the page as well.
        return min(likely, key=lambda each: (prose[each], -_depth(each)))
    return _inner(root, prose)


def _bears(each: etree._Element, names: re.Pattern[str]) -> bool:
    if each.tag not in _CONTAINERS:
        return False
    return any(names.search(each.get(name) or "") for name in ("id", "class"))


def _depth(each: etree._Element) -> int:
    return sum(1 for _ in each.iterancestors())


def _inner(start: etree._Element, prose: dict[etree._Element, int]) -> etree._Element:
    """Go inwards as long as one container holds nearly all the prose."""
    current = start
    while True:
        inner = [each for each in current if isinstance(each.tag, str) and each.tag in _CONTAINERS]
        best = max(inner, key=lambda each: prose.get(each, 0), default=None)
        if best is None or prose.get(best, 0) < prose[current] * _LEAST_INNER:
            return current
        if (best.tag in {"span", "font"} and not len(best)) or (
            best.tag == "table" and data_rows(best) is not None
        ):
            return current
        current = best


def _prose(root: etree._Element) -> dict[etree._Element, int]:
    """Characters of running words in each element: outside links, buttons and what is not shown."""
    counts: dict[etree._Element, int] = {}
    stack: list[int] = []
    links = 0
    walk = etree.iterwalk(root, events=("start", "end"))
    skipped: etree._Element | None = None
    for event, each in walk:
        if event == "start":
            if skipped is not None:
                continue
            if each is not root and (is_unshown(each) or is_furniture_name(each)):
                walk.skip_subtree()
                skipped = each
                continue
            links += each.tag == "a"
            stack.append(0 if links else _characters(each.text))
            continue
        if skipped is each:
            skipped = None
        elif skipped is None:
            count = stack.pop()
            links -= each.tag == "a"
            counts[each] = count
            if stack:
                stack[-1] += count
        if skipped is None and each is not root and stack and not links:
            stack[-1] += _characters(each.tail)
    return counts


def _characters(words: str | None) -> int:
    words = "".join((words or "").split())
    return 0 if is_furniture_line(words) else len(words)


def find_title(
    root: etree._Element, body: etree._Element, lines: Sequence[PageLine], known: str | None
) -> str | None:
    """The document's title as printed above its body; None when the body begins with it or none is found."""
    page_title = one_cell("".join(root.xpath("string(//title)") or ""))
    wanted = [each for each in (_bare(known or ""), _bare(page_title)) if len(each) >= 6]
    shown = _bare("".join(line.words for line in lines[:12]))
    for each in root.iter():
        if each is body:
            break
        if not isinstance(each.tag, str) or not (each.tag in {"h1", "h2", "h3"} or _is_titled(each)):
            continue
        words = one_cell("".join(each.itertext()))
        bare = _bare(words)
        if not 6 <= len(bare) <= _MOST_TITLE or body in each.iterdescendants():
            continue
        if any(bare in other or other in bare for other in wanted):
            return None if bare in shown else words
    return None


def _is_titled(each: etree._Element) -> bool:
    return any(_TITLES.search(each.get(name) or "") for name in ("id", "class"))


def _bare(words: str) -> str:
    return re.sub(r"[\s\W_]+", "", unicodedata.normalize("NFKC", words))
