"""The words around a figure: whether it is reached, a rise or a fall, and the noun phrase it measures."""

from __future__ import annotations

import re
from typing import Literal

from huiqi.documents.quantities.model import Change

_RISE = r"提高|提升|增加|增长|上升|上浮|上调|扩大|延长|增至|拓展"
_FALL = r"降低|下降|减少|下调|压减|压缩|缩短|缩减|下浮|精简|降"
_LINK = r"(?:[约了]|每人每月|每户每年|每[人户月年]|人民币|幅度?|比例?|至少|[:：\s])*"
_REACH = re.compile(
    rf"(?:(?:(?:(?P<rise>{_RISE})|(?P<fall>{_FALL})|调整|稳定|保持|控制|维持|恢复)(?:到|至|为|在))|增至|降至|达到?|突破|力争实现|力争|实现)"
    rf"{_LINK}\Z"
)
_BY = re.compile(
    rf"(?:(?P<rise>{_RISE}|同比增|年均增|增幅)(?<!延长)(?<!扩大)|(?P<fall>{_FALL}))(?:[了约]|幅度|比例|率|{_LINK})*\Z"
)
_RISE_NEAR = re.compile(
    rf"(?:(?P<rise>{_RISE}|增速|增幅)|(?P<fall>{_FALL}|降幅))(?!到|至)[^,，。;；]{{0,6}}\Z"
)
_AGAINST = re.compile(
    r"(?:(?P<lower>低于)|高于)(?:全[国省市州县区]|上年|去年|同期|往年|年初|基准|现行|[^,，。;；0-9]{0,12}(?:平均|水平|利率|同期|价格))[^,，。;；0-9]{0,8}\Z"
)
"""A figure behind what it is compared with is the difference: 低于去年同期0.5个百分点."""
_AFTER_RISE = re.compile(r"\s*的?(?:增长|增速|增幅)")
_EXACT_NEW = re.compile(r"(?:再|新|净|统筹财力)?增加?(?:安排|投入|到位)\Z")
_FROM = re.compile(r"(?:由|从|自)(?:[^,，。;；]{0,12}的)?\s*\Z")
_TO = re.compile(
    r"\s*(?:阶段性|逐步|进一步|统一|再|分别)?(?P<verb>提高|提升|增加|上调|扩大|降低|下降|下调|压缩|缩短|减少|调整|上升|降|增)(?:到|至|为)"
)

_SIGN = re.compile(r"[≤≦≥≧⩽⩾＜＞<>]\s*\Z")
_SIGNS: dict[str, Literal["at_least", "at_most", "above", "below"]] = {
    **dict.fromkeys("≤≦⩽", "at_most"),
    **dict.fromkeys("≥≧⩾", "at_least"),
    **dict.fromkeys("<＜", "below"),
    **dict.fromkeys(">＞", "above"),
}
_BOUND = re.compile(
    r"(?:(?P<least>至少|最少|不少于|不低于)|(?:最多|至多|最高|不超过|不高于))[\u4e00-\u9fff]{1,14}\Z"
)

# Words at which a noun phrase before or behind a figure ends.
_VERB = (
    r"培育|新增|净增|建成|建设|打造|完成|实现|达到?|力争|争取|确保|给予|安排|统筹|增加(?!值)|减免|选树|选出|评选|评出|遴选|推荐|引进|引导|推动|"
    r"以上|以下|以内|左右|且|但|举办|组织|开展|解决|实施|提高|降低|提升|增长|下降|按照?|不低于|不少于|不超过|不高于|超过|约|为|对|将|由|从|至|到|在|与|及|和|或|以|使|用|"
    r"至少|最高|最多|每|共|其中|可|要|应|须|给|享受|缴纳|收取|征收|发放|奖励|补助|扶持|支持|吸纳|涉及|下达|新建|改造|创建|认定|入库|选择|免征|的"
)
_HEAD = re.compile(rf"(?:{_VERB}|[,，。;；:：、\n\t(（)）\s])")
_BEHIND = re.compile(r"的?(?P<noun>[州县市区]\([州县市区]\)|[\u4e00-\u9fffA-Za-z“”\"·-]{2,20})")
_BEHIND_END = re.compile(
    r"(?:的|以上|以下|左右|不高于|不低于|确定|有|具有|给予|按|对|将|并|且|在|由|为|予以|可|应|要|进行|开展|实施|实行|提高|增加|纳入|享受|计入|缴纳|征收|返还|发放|扣减|加计|入库|分别|负责|先行|试点)"
)
_TRAILING = re.compile(
    r"(?:分别|总共|合计|累计|力争|同比|年均|增长|(?:提高|提升|增加|降低|下降|下调|上调)(?:到|至)?|降至|增至|控制在|由|从|超|达到?|不?低于|不?少于|不?超过|突破|比例|约|为|共|再|新增|[\s“”\"])+\Z"
)
_MONEY_NOUN = re.compile(
    r"的?(?P<noun>(?:一次性)?(?:创业|就业|科技)?(?:奖励|补助|补贴|奖补|资助|贴息|资金|经费|贷款|授信|额度|标准|限额|税率|征收率|费率|利率|份额|比例|财政补贴|扶持|支持|项目资金支持|转移支付))"
)


def reaches(before: str) -> tuple[bool, Change | None]:
    """Whether the words before a figure say that it is reached, and by rise or fall."""
    match = _REACH.search(before)
    return (match is not None, _change(match))


def changes_by(before: str, after: str) -> Change | None:
    """Whether the figure itself is a rise or a fall (增长8%, 下降2个百分点)."""
    if _EXACT_NEW.search(before):
        return None
    match = _BY.search(before)
    if match is not None:
        return _change(match)
    if against := _AGAINST.search(before):
        return "decrease" if against["lower"] else "increase"
    return "increase" if _AFTER_RISE.match(after) else None


def bound_before(before: str) -> Literal["at_least", "at_most", "above", "below"] | None:
    """The bound before a figure, a sign (≤4亿元) or with words between: 至少走访一次, 不高于参保职工总数的20%."""
    if sign := _SIGN.search(before):
        return _SIGNS[sign[0].strip()]
    match = _BOUND.search(before)
    return None if match is None else "at_least" if match["least"] else "at_most"


def rises_near(before: str) -> Change | None:
    """The rise or fall that a bounded figure belongs to (增长不低于8%: the 8% is bounded, and a rise)."""
    return _change(_RISE_NEAR.search(before))


def is_from(before: str, after: str) -> Change | None:
    """Whether the figure is the old value of a change (由1%提高至2%): which way it goes."""
    verb = _TO.match(after)
    if verb is None or not _FROM.search(before):
        return None
    return "decrease" if re.match(_FALL, verb["verb"]) else "increase"


def measured(before: str, after: str, unit: str) -> str | None:
    """The shortest sensible noun phrase that a figure measures, None where none is plain."""
    if unit in {"元", "%", "‰", "个百分点", "倍"}:
        money = _MONEY_NOUN.match(after)
        if money is not None:
            return money["noun"]
        return _before(before) or None
    return _behind(after) or _before(before) or None


def _before(before: str) -> str:
    phrase = _TRAILING.sub("", before)
    found = ""
    for match in _HEAD.finditer(phrase):
        found = phrase[match.end() :]
    if not _HEAD.search(phrase):
        found = phrase
    found = found.strip(" “”\"'»》")
    plain = 2 <= len(found) <= 24 and not re.search(r"[0-9]|\A[!-~ ]*\Z|\A[县市区州省](?!级)", found)
    return found if plain else ""


def _behind(after: str) -> str:
    match = _BEHIND.match(after)
    if match is None:
        return ""
    noun = match["noun"]
    stop = _BEHIND_END.search(noun)
    noun = noun[: stop.start()] if stop else noun
    noun = noun.strip(' “”"')
    return noun if len(noun) >= 2 and not noun.isascii() else ""


def _change(match: re.Match[str] | None) -> Change | None:
    if match is None:
        return None
    named = match.groupdict()
    return "increase" if named.get("rise") else "decrease" if named.get("fall") else None
