"""What is printed around a text and is none of it: page numbers, running heads, the frame of a web page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from huiqi.documents.comparison import normalise
from huiqi.documents.lines import Line
from huiqi.documents.margin_lines import is_number
from huiqi.documents.titles import is_title

_PAGE = re.compile(
    r"(?:[-—－–·―‐]+\s*\d{1,4}\s*[-—－–·―‐]+"  # - 3 -
    r"|第\s*\d{1,4}\s*页(?:\s*[,，/]?\s*共\s*\d{1,4}\s*页)?"
    r"|\d{1,4}\s*/\s*\d{1,4}"
    r"|Page\s+\d{1,4}(?:\s+of\s+\d{1,4})?"
    r"|[-=_*—─]{3,}"  # rules
    r"|目\s*录"
    r"|.{0,80}?[.…·]{4,}\s*\d{1,4})",  # a line of a table of contents
    re.IGNORECASE,
)
_CONTENTS = re.compile(r"目\s*[录次]")
_BARE_NUMBER = re.compile(r"\d{1,3}")
_LONGEST = 120
_REPEATS = 3
_HEAD, _TAIL = 40, 40
_KEYS = (
    "(?:发布|更新|发文|成文|生成|公开|印发|生效|实施|废止|发稿)(?:时间|日期)|时间|日期|(?:信息|文章|稿件)?来源|稿源|作者|编辑|责任编辑"
    "|索\\s?引\\s?号|(?:信息)?索引号?|发文(?:机关|机构|单位|字号)|(?:发布|制定|公开|制发)(?:机构|单位|机关|责任部门|主体)"
    "|(?:主题|信息|体裁|文种|服务对象|组配)?分类|主题词|关键词|文\\s?号|(?:公文|文件|信息)?(?:名称|标题|编号)|标\\s?题"
    "|(?:有效性|时效性|有效状态|效力状态|时效|文件状态|信息状态)|公开(?:方式|形式|范围|类别|属性)|有效期|登记号|统一编号|规范性文件(?:编号|登记号)"
    "|(?:浏览|点击|阅读|访问)(?:次数|量|数)?|字[号体](?:大小)?|视力保护色|保护视力色|背景颜色|分享(?:到|至)?|位置|(?:您|你)?(?:当前|现在|所在)?的?位置"
)
_META = re.compile(rf"[•·*●|]?\s*[【\[（(]?\s*(?:{_KEYS})\s*[】\]）)]?\s*[:：].*")
_ASIDE = re.compile(
    r"(?:首页|网站首页|返回(?:顶部|首页|上级|列表)|.{0,40}首页\s*[>＞›»/\-].*|.{0,60}\s[>＞›»]+\s.*|打印(?:本页)?|关闭(?:窗口|本页)?|收藏|分享|大\s*中\s*小|小\s*中\s*大|无障碍(?:浏览)?|繁体"
    r"|[【\[].{0,8}(?:字体|字号|打印|关闭|大|中|小).{0,20}[】\]]|正文|文件正文|通知公告|公告公示|公示公告|政策文件|政策法规|规范性文件|行政规范性文件|政务公开|政府信息公开|信息公开"
    r"|法定主动公开内容|政策解读|部门文件|文件下载|浏览次数.*|点击数.*|扫一扫.*|我要(?:打印|收藏|纠错|分享|咨询).*|听全文|朗读"
    r"|20\d\d[-/.]\d{1,2}[-/.]\d{1,2}(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?(?:\s+(?:来源|字|浏览|点击).*)?)"
)
_FOOT = re.compile(
    r"(?:扫一扫.*|.{0,10}(?:上|下)一[篇条].*|相关(?:链接|文件|解读|附件|信息|阅读|政策|文档|稿件).*|责任编辑.*|[（(【\[]?编辑[:：].*|分享(?:到|至).*|打印(?:本页)?|关闭(?:窗口|本页|此页)?"
    r"|[【\[].{0,12}(?:打印|关闭|返回).{0,12}[】\]]|返回(?:顶部|首页|列表)|版权所有.*|.{0,40}ICP备.*|网站标识码.*|.{0,20}公网安备.*|网站地图.*|Copyright.*|附件下载.*"
    r"|.{1,80}\.(?:pdf|docx?|xlsx?|wps|zip|rar|ofd)(?:\s*[（(].{0,20}[）)])?|(?:主办|承办|技术支持)(?:单位)?[:：].*|联系我们|关于我们|.{0,10}我要纠错.*|文件图解.*|一图读懂.*)",
    re.IGNORECASE,
)


def page_furniture(lines: Sequence[Line]) -> frozenset[int]:
    """Indices of page numbers, rules, entries of a table of contents, and running heads beside page numbers."""
    pages = {
        index
        for index, line in enumerate(lines)
        if not line.in_table and len(line.text) <= _LONGEST and _PAGE.fullmatch(line.text)
    }
    pages |= _counting(lines) | _contents(lines)
    beside: Counter[str] = Counter()
    every = Counter(line.text for line in lines)
    for index in pages:
        for near in (index - 1, index + 1):
            if 0 <= near < len(lines) and near not in pages:
                beside[lines[near].text] += 1
    heads = {
        text
        for text, times in beside.items()
        if times >= _REPEATS
        and times >= every[text] - 1
        and len(text) <= 40
        and not text.endswith(("。", "；"))
    }
    running = {i for i, line in enumerate(lines) if line.text in heads and line.label is None}
    return frozenset(pages | running)


def _contents(lines: Sequence[Line]) -> set[int]:
    """A table of contents below 目录: lines that come again further down, page numbers aside."""
    first = next((index for index, line in enumerate(lines) if _CONTENTS.fullmatch(line.text)), None)
    if first is None:
        return set()
    places: dict[str, int] = {}
    for index, line in enumerate(lines):
        places[_entry(line)] = index
    end = first + 1
    while end < len(lines) and (line := lines[end]) and places[_entry(line)] > end and len(line.text) <= 60:
        end += 1
    return set(range(first, end)) if end > first + 2 else set()


def _entry(line: Line) -> str:
    return normalise(re.sub(r"[\s.…·]*[（(]?\d{1,3}[）)]?$", "", line.text))


def _counting(lines: Sequence[Line]) -> set[int]:
    """Bare numbers that count pages: three or more, each one more than the one before."""
    bare = [
        index for index, line in enumerate(lines) if not line.in_table and _BARE_NUMBER.fullmatch(line.text)
    ]
    numbers = [int(lines[index].text) for index in bare]
    counts = all(later == earlier + 1 for earlier, later in pairwise(numbers))
    return set(bare) if len(bare) >= _REPEATS and counts and numbers[0] <= 3 else set()


def web_furniture(lines: Sequence[Line]) -> frozenset[int]:
    """Indices of the lines that a web page prints above the title and below the text."""
    head: set[int] = set()
    for index, line in enumerate(lines[:_HEAD]):
        if (line.label and not line.label.weak) or (line.ends_sentence and len(line.text) > 60):
            break
        if (
            _META.fullmatch(line.text)
            or _ASIDE.fullmatch(line.text)
            or (
                index
                and index - 1 in head
                and lines[index - 1].text.endswith(("：", ":"))
                and len(line.text) <= 40
                and not is_number(line)
                and not is_title(line)
            )
        ):
            head.add(index)
    return frozenset(head | _foot(lines))


def repeated_titles(lines: Sequence[Line]) -> frozenset[int]:
    """Indices of the titles that a web page prints of itself, where the text's own title stands below."""
    head = [normalise(line.text) for line in lines[:_HEAD]]
    for index, form in enumerate(head[:10]):
        if len(form) < 8 or not is_title(lines[index]):
            continue
        for below in range(index + 1, len(head)):
            joined = ""
            for following in head[below : below + 5]:
                joined += following
                if joined == form:
                    return frozenset({index})
                if not form.startswith(joined):
                    break
        if _retitled(lines, index):
            return frozenset({index})
    return frozenset()


def _retitled(lines: Sequence[Line], index: int) -> bool:
    """Whether a number and then another title of the same kind stand below, with no sentence between."""
    kind = lines[index].text[-2:]
    numbered = False
    for line in lines[index + 1 : index + 12]:
        if line.label is not None or line.ends_sentence:
            return False
        if numbered and is_title(line) and line.text.endswith(kind):
            return True
        numbered = numbered or is_number(line)
    return False


def _foot(lines: Sequence[Line]) -> set[int]:
    begins = max(len(lines) - _TAIL, 1)
    for index in range(begins, len(lines)):
        rest = lines[index:]
        if _FOOT.fullmatch(lines[index].text) and not any(_is_text(line) for line in rest):
            return set(range(index, len(lines)))
    return set()


def _is_text(line: Line) -> bool:
    return (
        line.in_table or line.text.endswith(("。", "；")) or (line.label is not None and not line.label.weak)
    )
