"""What a site puts around a document: share buttons, the path of the page, its rights and counters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from huiqi.documents.formats.page_lines import PageLine

_NAMES = re.compile(
    r"(?:^|[-_\s])(?:share|bdshare\w*|bshare\w*|jiathis\w*|social\w*|breadcrumbs?|crumbs?|position|location|"
    r"dqwz|weizhi|qrcode|ewm|erweima|toolbar|fontsize|font-size|print|copyright|footer|foot|topnav|navbar|nav|"
    r"menu|sidebar|relate\w*|related\w*|recommend\w*|xgyd|xgwz|xglj|xgjd|prevnext|pagination|pager|banquan|"
    r"fenxiang|dayin|wzfx|zrbj)(?:$|[-_\s])",
    re.IGNORECASE,
)
_LINE = re.compile(
    r"(?:"
    r"[【\[（(]?\s*(?:字\s*体|字\s*号|字体大小)\s*[：:]?.{0,30}"
    r"|[【\[（(]?\s*(?:大\s+中\s+小|大\s*中\s*小|超大\s*大\s*中\s*小)\s*[】\])）]?"
    r"|(?:[【\[（(]?\s*(?:打\s*印|关\s*闭|收\s*藏|纠\s*错|分\s*享|返\s*回|朗\s*读|下\s*载|复\s*制)"
    r"(?:本\s*页|页面|窗口|此文|正文|文章|到|至|顶部|首页|列表|全文)?\s*[：:】\])）|｜/]*\s*)+"
    r"|分\s*享\s*(?:到|至)?\s*[：:]?.{0,30}"
    r"|(?:您|你)?\s*(?:当前|现在|所在)的?\s*(?:位置|所在位置)\s*(?:是)?\s*[：:].{0,120}"
    r"|.{0,6}首\s*页\s*(?:>|›|»|＞|-|→|/|\|).{0,100}"
    r"|扫一扫.{0,30}|微信扫.{0,30}|.{0,12}二维码.{0,12}"
    r"|(?:上|下)一(?:篇|条|页)\s*[：:]?.{0,120}"
    r"|[【\[（(]?\s*(?:责任编辑|编\s*辑|审\s*核|校\s*对|信息员|录入)\s*[：:].{0,30}"
    r"|(?:浏览|阅读|点击|访问|查看)(?:次数|量|数)?\s*[：:].{0,20}"
    r"|(?:信息|文章|稿件)?来\s*源\s*[：:].{0,160}"
    r"|(?:发布|发文|更新|公开|录入|上网|成文)\s*(?:时间|日期)\s*[：:].{0,160}"
    r"|.{0,60}(?:版权所有|ICP备|公网安备|网站标识码|技术支持\s*[：:]|网站地图|联系我们|主办单位\s*[：:]|承办单位\s*[：:]).{0,160}"
    r"|(?:建议|推荐)使用.{0,60}(?:浏览器|分辨率).{0,40}"
    r"|无障碍(?:浏览|阅读)?|长者模式|关怀版|.{0,4}繁體.{0,8}|返回顶部|您访问的链接即将离开.{0,80}"
    r")",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"(?:日期|时间)\s*[：:]\s*\d{4}\s*[-年/.].{0,80}|\d{4}-\d{2}-\d{2}(?:\s+\d{2}:\d{2}(?::\d{2})?)?"
)
"""A date alone: the site's above a document, the document's own below it."""
_LISTS = re.compile(
    r"[【\[]?\s*(?:相关(?:阅读|链接|文件|解读|信息|政策|文章|报道|新闻|稿件)|政策解读|图解(?:政策)?|延伸阅读|热门(?:推荐|文章)|猜你喜欢)\s*[：:】\]]?"
)
_ATTACHED = re.compile(r"\s*(?:附件|附[：:]|附表|\d{1,2}\s*[.、．])")
_LONGEST = 260
_MOST_FURNITURE, _MOST_LOOKED_AT = 500, 5_000
"""Characters outside links, and elements, of a part of the site."""
_NEAR = 14
"""Lines at the top of a page's body among which its furniture stands."""

_LABELS = {
    "索引号": "index",
    "文号": "number",
    "发文字号": "number",
    "发文文号": "number",
    "文件编号": "number",
    "标题": "title",
    "名称": "title",
    "信息名称": "title",
    "发文机关": "issuer",
    "发文机构": "issuer",
    "发文单位": "issuer",
    "制发机关": "issuer",
    "发布机构": "publisher",
    "公开主体": "publisher",
    "成文日期": "dated",
    "成文时间": "dated",
    "发文日期": "dated",
    "发布日期": "published",
    "发布时间": "published",
    "公开日期": "published",
    "信息来源": "source",
    "来源": "source",
    "主题分类": "subject",
    "信息分类": "subject",
    "主题词": "keywords",
    "有效性": "validity",
    "效力状态": "validity",
    "公文时效": "validity",
    "公开方式": "publicity",
    "公开时限": "publicity",
    "生效日期": "effective",
    "实施日期": "effective",
    "失效日期": "expires",
    "废止日期": "expires",
    "体裁分类": "kind",
    "组配分类": "kind",
}
_PAIR = re.compile(r"[\[【]?\s*([\u4e00-\u9fff\s]{2,10}?)\s*[\]】]?\s*[：:]\s*(.*)", re.DOTALL)


def is_furniture_name(element: etree._Element) -> bool:
    """Whether an element's id or class says that it belongs to the site."""
    if element.tag in {"html", "body", "p", "td", "tr", "table", "tbody", "h1", "h2", "h3", "form"}:
        return False
    named = any(_NAMES.search(element.get(name) or "") for name in ("id", "class"))
    return named and not _holds_prose(element)


def _holds_prose(element: etree._Element) -> bool:
    """Whether an element has so many words outside links that a name like `print` must mean the document."""
    count = 0
    for number, each in enumerate(element.iter()):
        if each.tag not in {"a", "script", "style"}:
            count += len((each.text or "").strip())
        if each is not element:
            count += len((each.tail or "").strip())
        if count > _MOST_FURNITURE or number > _MOST_LOOKED_AT:
            return True
    return False


def is_furniture_line(words: str) -> bool:
    """Whether a line by itself is the site's, not the document's."""
    return len(words) <= _LONGEST and bool(_LINE.fullmatch(words))


def label_and_value(words: str, behind: str) -> tuple[str, str] | None:
    """What a cell or a line tells of the document: the name of a hint and its value."""
    found = _PAIR.fullmatch(words) if len(words) <= _LONGEST else None
    label = "".join((found[1] if found else words[:12]).split()).strip("：:")
    name = _LABELS.get(label)
    told = found[2].strip() if found else ""
    told = told or (behind.strip() if name and len(words) <= 12 and not _is_label(behind) else "")
    return (name, told) if name and told else None


def _is_label(words: str) -> bool:
    return "".join(words.split()).strip("：:【】[]") in _LABELS


def is_record(rows: Sequence[Sequence[str]]) -> bool:
    """Whether a table is the site's record of the document (索引号, 发布机构, 文号)."""
    cells = [cell for row in rows for cell in row if cell]
    labels = sum(1 for cell in cells if _is_label(cell) or _is_label(cell.partition("：")[0]))
    return labels >= 3 and labels * 3 >= len(cells)


def trim(lines: list[PageLine]) -> tuple[list[PageLine], list[PageLine], list[PageLine]]:
    """Split off what the site put above and below: the lines kept, those dropped above, those below."""
    top: list[PageLine] = []
    kept: list[PageLine] = []
    near = True
    for place, line in enumerate(lines):
        if near and place < _NEAR and _is_above(line):
            line.dropped = True
            (kept if kept else top).append(line)
        else:
            kept.append(line)
            near = near and not line.words.endswith(("。", "：", "；"))
    below: list[PageLine] = []
    _drop_link_lists(kept)
    while kept and (kept[-1].dropped or _is_below(kept[-1])):
        below.append(kept.pop())
    return kept, top, below[::-1]


def _drop_link_lists(lines: list[PageLine]) -> None:
    """Drop lists of other pages: their heading, and the links behind it."""
    within = False
    for line, following in zip(lines, [*lines[1:], None], strict=True):
        if line.rows is None and _LISTS.fullmatch(line.words):
            within = following is None or _is_link(following)
        elif within and not _is_link(line):
            within = False
        line.dropped = line.dropped or within


def _is_link(line: PageLine) -> bool:
    shown = len("".join(line.words.split()))
    return (
        line.rows is None
        and line.linked * 10 >= shown * 7
        and not line.to_file
        and not _ATTACHED.match(line.words)
    )


def _is_above(line: PageLine) -> bool:
    if line.rows is not None:
        return is_record(line.rows)
    label = label_and_value(line.words, "")
    told = bool(label and label[0] != "title") or bool(_DATE.fullmatch(line.words))
    return is_furniture_line(line.words) or told or line.dropped


def _is_below(line: PageLine) -> bool:
    if line.rows is not None:
        return False
    return is_furniture_line(line.words) or _is_link(line)
