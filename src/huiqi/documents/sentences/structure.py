"""The sentences of a clause: its heading, the rows of tables, attributions apart from what they stand behind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from huiqi.documents.model import Clause
from huiqi.documents.sentences.splitting import split_sentences

_OFFICE = (
    r"(?:局|委|办|厅|政府|部门|单位|处|科|中心|银行|支行|分行|总行|分局|管委会|公司|集团|协会|商会|联合会|工会|工商联"
    r"|团委|妇联|科协|残联|组|院|所|站|署|海关|部|乡镇|街道|街道办|园区|开发区|高新区|经开区|县区|县市|县|区|市|州|税务|法院|检察院|窗口|人社|财政|工信|科技|发改|商务|农业农村|市场监管)"
)
_ROLE = (
    r"(?:负责|牵头|配合|落实|承办|协办|主办|组织实施|统筹"
    r"|(?:责任|牵头|配合|承办|协办|主办|实施|执行|参与|落实)(?:单位|部门|处室|科室|领导|人)"
    r"|(?:完成|办理|办结|落实)?(?:时限|期限)|(?:完成|办理|落实|实施)时间|长期坚持|持续推进|持续实施)"
)
_BRACKET = re.compile(r"[（(【\[〔](?:[^（）()【】\[\]]|[（(][^（）()]*[）)]){2,600}[）)】\]〕]")
_OFFICES_ONLY = re.compile(rf"(?:[^，。；：、]{{1,24}}{_OFFICE}(?:等)?[、，；]?)+")
_TIME_ONLY = re.compile(
    r"(?:^|[，；,;、])(?:于)?(?:\d{4}年|每|[上下]半年|第?[一二三四]季度|\d{1,2}月|年)[^，；,;、]{0,12}(?:完成|前|底|末|开展|实施|推进)?$"
)
_LINE = re.compile(
    r"[（(【\[〔*—\-\s]{0,4}(?:责任|牵头|配合|协同|协助|参与|承办|协办|主办|实施|落实|执行|负责|主管|支持|指导|监督|完成|办理|办结|推进)"
    r"(?:市|县|区|州|省|和)?(?:单位|部门|科室|处室|领导|人员|人|主体|机构|时限|时间|期限|分工)(?:及[^：:]{2,12})?[】\]*\s]{0,4}[：:]"
)
_DECLARES = re.compile(
    r"(?:第一(?:个|家|位)?|首(?:个|位|家)?|排名?(?:第一|首位|在前)的?|列(?:第一|首)位的?|居首的?|在前的?)的?(?:责任)?(?:单位|部门)[^，。；]{0,12}(?:牵头|负责)"
    r"|(?:以[上下]|上述|下列|本方案|本措施)[^，。；]{0,20}均(?:需|由|须)[^。]{2,40}(?:负责|落实|不再)"
)
_ASSIGNS = re.compile(
    rf"由?(?:[^，。；：]{{2,300}}?{_OFFICE}|市直各有关部门|各级)(?:等?(?:有关|相关)?(?:部门|单位))?"
    r"(?:按照?|根据)?(?:各自)?(?:职责|职能|分工|职责分工)?(?:具体|共同|分别|统一)?(?:负责|牵头|配合|落实|组织实施|抓落实|牵头负责|配合落实|负责落实)"
)
_SENTENCE_ENDS = ("。", "！", "？", "；", "：", "）", ")")


@dataclass(frozen=True, slots=True)
class Part:
    """A sentence of a clause; `form` says what its place or shape already decides, `text` where nothing."""

    start: int
    end: int
    form: str


def clause_parts(clause: Clause) -> Iterator[Part]:
    """The sentences of a clause in order. `form` is heading, table, attribution or text."""
    text = clause.text
    body = clause.body_start if _has_heading(clause) else 0
    if body and text[:body].strip():
        yield Part(*_trimmed(text, 0, body), "heading")
    at = body
    for line in text[body:].split("\n"):
        if _is_row(line):
            yield Part(*_trimmed(text, at, at + len(line)), "table")
        else:
            for start, end in split_sentences(line):
                yield from _without_attribution(text, at + start, at + end)
        at += len(line) + 1


def _has_heading(clause: Clause) -> bool:
    """Whether what stands before the body is a sentence or a line of its own, not a word before a colon."""
    before = clause.text[: clause.body_start]
    return bool(clause.heading) and (
        clause.body_start == len(clause.text) or "\n" in before or not before.rstrip().endswith(("：", ":"))
    )


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    words = text[start:end]
    begins = start + len(words) - len(words.lstrip())
    return begins, begins + len(words.strip())


def _is_row(line: str) -> bool:
    shown = line.strip()
    tabs = shown.count("\t")
    return (
        tabs > 1
        or (tabs == 1 and not shown.endswith(_SENTENCE_ENDS))
        or (shown.count("|") > 1 and shown[0] == shown[-1] == "|")
    )


def _without_attribution(text: str, start: int, end: int) -> Iterator[Part]:
    """The sentence, and behind it the bracket that attributes, where it ends in one."""
    words = text[start:end]
    if is_attribution(words):
        yield Part(start, end, "attribution")
        return
    for found in _BRACKET.finditer(words):
        if not words[found.end() :].strip("。.；; ") and is_attribution(found[0]):
            before = words[: found.start()].rstrip()
            if before:
                yield Part(start, start + len(before), "text")
            yield Part(start + found.start(), end, "attribution")
            return
    yield Part(start, end, "text")


def is_attribution(words: str) -> bool:
    """Whether the words only say who does it and by when: a bracket, a line 责任单位：…, a sentence of offices."""
    shown = re.sub(r"\s", "", words)
    if _LINE.match(shown):
        return True
    bare = shown.rstrip("。.；;")
    if found := _BRACKET.fullmatch(bare):
        inner = found[0][1:-1]
        offices = _TIME_ONLY.sub("", inner)
        return bool(re.search(_ROLE, inner)) or bool(_OFFICES_ONLY.fullmatch(offices.replace("/", "、")))
    if len(bare) <= 200 and _DECLARES.search(bare):
        return True
    parts = [each for each in re.split("[，,；;]", bare) if each]
    return len(bare) <= 400 and bool(parts) and all(_ASSIGNS.fullmatch(each) for each in parts)
