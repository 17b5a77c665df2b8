"""Numbers that belong to names: titles, slogans in quotes, plans of three years, groups called by their number."""

from __future__ import annotations

import re

from huiqi.documents.deadlines.places import Spans, merged, names

_QUOTED = re.compile(r"[“\"「『](?P<inside>[^“”\"「」『』\n]{1,14})[”\"」』]")
_REAL_IN_QUOTES = re.compile(r"元|%|‰|百分|工作日|[0-9]{2,}")
_NAMES = re.compile(
    r"[一二三四五六七八九十百两]{1,3}大(?=[\u4e00-\u9fff\"“])"
    r"|(?:[0-9]{1,2}|[一二三四五六七八九十两]{1,3})年(?:行动|规划|计划|攻坚|滚动|提升|倍增|跃升|专项)"
    r"|第[0-9〇零一二三四五六七八九十百]{1,6}[^\s,，。]"
    r"|[一二三四]级|[一二三四]上(?=企业)|[一二三]产|四套?班子|[二三]重[一二三]?|两新|两会|两个(?:毫不动摇|健康|维护|确立|循环|市场|大局)"
    r"|[一二三四五六七八九两]位一体|[一二三四五六七八九](?=项(?:制度|费用|补贴|社保费|社会保险|改革|基本))|一[站窗网件条张揽对盘体]|一(?:次性|系列|整套|揽子|体化|方面|定|般|批|切|律|致|线|流)"
    r"|(?:十[三四五六])?五年规划|一二三产|三农|三品一标|双[百千万]|[百千万][名家企户人](?=[\u4e00-\u9fff]{2,8}(?:行动|工程|计划|活动))"
    r"|[一二三四五六七八九十]届|[一二三四五六七八九十]{1,3}中全会|[一二三四五六]期(?:工程|项目|建设)|[一二三四]季度"
    r"|(?<=每)[两一二三四五六七八九]个?(?:周|月|年|季度|天)"
)
_ONE = re.compile(r"一(?=[个种项类条件套支座处份款场张所篇次])")
_ITEM_LABEL = re.compile(
    r"(?:(?<=\n)|\A|(?<=[。;；]))\s*[(（]?[0-9]{1,3}(?:[)）.．、]|\.[0-9]{1,2})(?![0-9])"
)
_LIMIT_BEFORE = re.compile(
    r"(?:至少|最少|不少于|不低于|最多|不超过|只能|只可|限|每|各|新增|增加|建成|建设)[^,，。;；]{0,8}\Z"
)


def closed_places(folded: str) -> Spans:
    """Where a number counts nothing: in a title or document number, a short slogan in quotes, a name."""
    spans = list(names(folded).spans)
    spans += [m.span() for m in _QUOTED.finditer(folded) if not _REAL_IN_QUOTES.search(m["inside"])]
    spans += [match.span() for match in _NAMES.finditer(folded)]
    spans += [match.span() for match in _ITEM_LABEL.finditer(folded)]
    spans += [
        match.span()
        for match in _ONE.finditer(folded)
        if not _LIMIT_BEFORE.search(folded[max(0, match.start() - 14) : match.start()])
    ]
    return merged(spans)
