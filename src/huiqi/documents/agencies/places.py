"""Whose text a document is: the division named in its head and foot, else the one its body speaks of."""

from __future__ import annotations

import re
from collections import Counter

from huiqi.documents.model import Document
from huiqi.reference import regions
from huiqi.reference.agencies import Place
from huiqi.reference.regions import NATION, Level, Region

_HAN = re.compile(r"[\u3400-\u9fff]+")
_GENERIC = "省区市州县旗盟"
_LONGEST = 11
_NATIONAL = re.compile(
    r"^(?:国务院|财政部|工业和信息化部|国家(?:发展|税务|市场|金融)|中国人民银行|中共中央|人力资源社会保障部)"
)
_OWN_WORDS: tuple[tuple[str, Level], ...] = (
    ("省自", "province"),
    ("州盟", "prefecture"),
    ("市", "prefecture"),
    ("县区旗", "county"),
)
_JOINTLY = re.compile(r"(?<=[局委办厅部院署会府行门位])会同")
"""A verb, and the name of a county: 县工信局会同县财政局."""
_BRANCHES = re.compile(
    r"([\u3400-\u9fff]{2,6}?)(?:市|州)?(?:中心支行|银保监分局|银保监局|金融监管分局|金融监管局|海关|供电局|供电公司)"
)


def place_of(document: Document) -> Place:
    """The place of a document: its level, division and date; Place() where nothing tells."""
    heads = [margin.text for margin in document.margins if margin.kind in {"masthead", "issuer", "title"}]
    feet = [margin.text for margin in document.margins if margin.kind == "closing"]
    for text in [document.title or "", *heads, *feet]:
        if _NATIONAL.match(text):
            return Place("nation", NATION, document.date)
        found = _opening(text)
        if found is not None:
            return Place(found.level, found.code, document.date)
    found = _spoken_of("\n".join(clause.text for clause in document.clauses()))
    return Place(found.level, found.code, document.date) if found else Place(on=document.date)


def _opening(text: str) -> Region | None:
    """The one division that a line opens with, printed with its kind (红河州, 大同市)."""
    han = _HAN.search(text)
    if han is None or han.start() > 2:
        return None
    words = han[0]
    for length in range(min(_LONGEST, len(words)), 2, -1):
        if words[length - 1] in _GENERIC:
            found = regions.find(words[:length])
            if len(found) == 1:
                return found[0]
    return None


def _spoken_of(body: str) -> Region | None:
    """The division of the body's own level (我市, 全州, 市级) that it names most often."""
    body = _JOINTLY.sub("，", body)
    levels: Counter[str] = Counter()
    for words, _ in _OWN_WORDS:
        for found in re.finditer(rf"(?:[我本全](?P<own>[{words}])|(?P<tier>[{words}])级)", body):
            levels[found["own"] or found["tier"]] += 3 if found["own"] else 1
    if not levels:
        return None
    own = max(levels, key=lambda word: levels[word])
    level = next(level for words, level in _OWN_WORDS if own in words)
    named: Counter[str] = Counter()
    for found in re.finditer(rf"[\u3400-\u9fff]{{2,{_LONGEST - 1}}}(?={own})", body):
        for length in range(2, len(found[0]) + 1):
            _count(named, found[0][-length:] + own, level)
    for found in _BRANCHES.finditer(body):
        for start in range(len(found[1]) - 1):
            _count(named, found[1][start:], level)
    return regions.region(named.most_common(1)[0][0]) if named else None


def _count(named: Counter[str], name: str, level: Level) -> None:
    found = [each for each in regions.find(name) if each.level == level]
    if len(found) == 1:
        named[found[0].code] += 1
