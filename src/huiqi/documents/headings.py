"""The heading of a clause: a line of its own, or a short first sentence with something behind it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from huiqi.documents.lines import is_foreign, is_unit_line

LONGEST_HEADING = 45
LONGEST_FOREIGN_HEADING = 160
_LONGEST_LEAD = 20

_END = re.compile(
    r"[。！？!?｡]|(?<![0-9０-９A-Za-z.．])[.．]|(?<=[0-9０-９A-Za-z])[.．](?=\s|$|[\u3400-\u9fff”\"）)])"
)
ATTRIBUTION = re.compile(r"[（(][^（）()]{2,300}(?:负责|牵头|配合|落实|单位[:：][^（）()]*)[）)]$")
"""A closing bracket that says who answers for it."""
_BRACKETED = re.compile(r"\s*(?:【([^】]{1,30})】|\[([^\]]{1,30})\]|[（(]([^（）()]{2,20})[）)])[：:。]?\s*")
_LEAD = re.compile(r"([^，,。；;：:（(]{2,20})[：:]\s*(?=\S)")
_OPENS_LIST = re.compile(r"(如下|下列|以下|包括|分别|要求|条件|之一|即|是|为|的|有|指)$")
_FIGURE = re.compile(r"\d\s*(?:[%％‰元]|万元|亿元|倍|个百分点)")
_OPERATIVE = re.compile(
    r"(?:对(?![接标口外内照])|凡是?|自(?=\d|本)|根据|依据|按照|符合|获得)[^。]*?[，,][^。]*?(?:给予|予以|实行|享受|按|免|减|可|不再|一律|执行|奖励|补[贴助])"
    r"|对(?![接标口外内照])[^，,。]{12,}(?:给予|予以|实行)"
    r"|本(?:条例|办法|规定|细则|规则|措施|方案|意见|通知|政策)(?:[自由所]|适用|有效|施行|中)"
)
"""A sentence that gives or rules something, not the name of what follows: 对…的企业，给予…; 本办法自…施行."""
_OPERATIVE_ARTICLE = re.compile(
    r"应当|不得|给予|予以|由[^，。]{2,20}(?:负责|会同)|每年安排|分别(?:奖励|给予)"
)
_SPOKEN = re.compile(r"(单位|部门|时限|时间|范围|联系人|电话|地址|邮箱)$")


@dataclass(frozen=True, slots=True)
class Heading:
    """Where the heading stands in the clause's text, and where the body behind it begins."""

    start: int
    end: int
    body: int


NONE = Heading(0, 0, 0)


def find_heading(text: str, *, goes_on: bool, article: bool = False) -> Heading:
    """The heading of a clause with this text, behind its label; an empty one where it has none.

    `goes_on` tells that clauses stand below it, so that something follows even a sentence alone. `article`
    tells that it is a 条, whose heading may stand in round brackets: 第四条（贷款贴息）…
    """
    line, _, rest = text.partition("\n")
    bracketed = _BRACKETED.match(line)
    if bracketed and (bracketed[1] or bracketed[2] or (article and bracketed[3])):
        group = next(each for each in (1, 2, 3) if bracketed[each])
        return Heading(bracketed.start(group), bracketed.end(group), _behind(text, bracketed.end()))
    longest = LONGEST_FOREIGN_HEADING if is_foreign(line) else LONGEST_HEADING
    end = _END.search(line)
    if end is None:
        if line.endswith(("：", ":")) and _is_operative(line, article=article):
            return NONE
        return _line_heading(line, text, longest) or _lead(line, text)
    follows = goes_on or _has_words(line[end.end() :] + "\n" + rest)
    first = line[: end.start()]
    named = 0 < end.start() <= longest and not _is_list_item(first)
    if follows and named and not _is_operative(first, article=article):
        return Heading(0, end.start(), _behind(text, end.end()))
    return _lead(line, text)


def _line_heading(line: str, text: str, longest: int) -> Heading | None:
    """A first line without the end of a sentence."""
    end = len(line.rstrip("：: "))
    attribution = ATTRIBUTION.search(line[:end])
    if attribution and attribution.start():
        end = attribution.start()
    bare = line[:end]
    lead = bare.replace("：", ":").partition(":")[0]
    if not 0 < end <= longest or line.endswith(("；", ";", "，", ",")) or _is_list_item(bare):
        return None
    # A colon inside: a heading before it, or what a unit line says.
    if len(lead) < len(bare) and (_SPOKEN.search(lead) or _LEAD.match(bare)):
        return None
    return Heading(0, end, _behind(text, end))


def _lead(line: str, text: str) -> Heading:
    """A short heading before a colon: 总体目标：到2025年，…"""
    lead = _LEAD.match(line)
    if lead is None or _OPENS_LIST.search(lead[1]) or _SPOKEN.search(lead[1]):
        return NONE
    return Heading(0, lead.end(1), _behind(text, lead.end()))


def _has_words(behind: str) -> bool:
    """Whether more follows than who answers for it."""
    for line in behind.split("\n"):
        words = ATTRIBUTION.sub("", line.strip(" \t\u3000”\"'’》。.")).strip(" \t\u3000”\"'’》）)。.")
        if words and not is_unit_line(words):
            return True
    return False


def _is_operative(words: str, *, article: bool) -> bool:
    """Whether a first sentence already gives or rules something, so that it is no heading."""
    if _OPERATIVE.match(words):
        return True
    if article and (_OPERATIVE_ARTICLE.search(words) or _FIGURE.search(words)):
        return True
    return bool(_FIGURE.search(words)) and ("，" in words or "," in words)


def _is_list_item(words: str) -> bool:
    """Whether the words are one of several items that semicolons part."""
    return "；" in words or ";" in words


def _behind(text: str, at: int) -> int:
    while at < len(text) and (text[at].isspace() or text[at] in "：:"):
        at += 1
    return at
