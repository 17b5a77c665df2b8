"""Documents that a text names: 《…》（…〔2022〕42号）, by title, by number, or by both."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator

from huiqi.documents.comparison import normalise
from huiqi.documents.front_matter.model import CitedDocument
from huiqi.documents.margin_lines import NUMBER, normal_number

_MARKS = {"《": 1, "«": 1, "》": -1, "»": -1}
_LONGEST_TITLE = 160
_NUMBER = re.compile(NUMBER)
_BEHIND = re.compile(r"\s{0,4}[（(]([^（）()]{0,6}(?:[（(][^（）()]{0,12}[）)])?[^（）()]{0,200})[）)]")
_OFFICIAL = re.compile(
    r"(?:法|条例|规定|办法|细则|意见|通知|决定|方案|规划|计划|措施|纲要|政策|公告|要点|举措|规则|标准|目录|报告|若干条|[一二三四五六七八九十0-9]条|plan|measures|opinions|notice)"
    r"(?:（[^）]{1,10}）)?$",
    re.IGNORECASE,
)
# What running text puts before a number: 根据云政发〔2022〕1号, 和…, 按照….
_LEADING = re.compile(
    r"^(?:.*(?:根据|按照|依据|依照|贯彻|落实|执行|参照|转发|印发|废止|参见|同意|以及|关于|详见|文件)|和|与|及|或|以|按|据|由|对|原|经|以上|上述|的|见)+"
)


def find_cited(text: str) -> tuple[CitedDocument, ...]:
    """The official documents that `text` names, in printed order, each time they are named."""
    found: dict[int, CitedDocument] = {}
    titles = list(_titles(text))
    for position, (start, end) in enumerate(titles):
        title = _title(text[start + 1 : end - 1])
        following = titles[position + 1][0] if position + 1 < len(titles) else len(text)
        behind = _BEHIND.match(text, end)
        numbers = _numbers(behind[1]) if behind and behind.start(1) <= following else []
        if not numbers or behind is None:
            if _OFFICIAL.search(title):
                found[start] = CitedDocument(title, None, text[start:end], start, end)
            continue
        run = _run_of_titles(titles, position, text)[-len(numbers) :]
        for number, (from_, to) in zip(numbers, run, strict=False):
            whole = behind.end() if from_ == start else to
            found[from_] = CitedDocument(
                _title(text[from_ + 1 : to - 1]), number, text[from_:whole], from_, whole
            )
        for extra, number in enumerate(numbers[len(run) :], 1):
            begins = behind.start(1) + min(extra, len(behind[1]) - 1)
            found[begins] = CitedDocument(None, number, behind[1], behind.start(1), behind.end(1))
    with_title = sorted((each.start, each.end) for each in found.values())
    for each in _bare_numbers(text):
        at = bisect.bisect_right(with_title, (each.end, 0)) - 1
        if at < 0 or with_title[at][1] < each.start:
            found[each.start] = each
    return tuple(sorted(found.values(), key=lambda each: (each.start, each.end)))


def _titles(text: str) -> Iterator[tuple[int, int]]:
    """Outermost title marks, as offsets of the opening mark and behind the closing one."""
    depth, opened = 0, 0
    for at in re.finditer("[《》«»]", text):
        step = _MARKS[at[0]]
        if step > 0:
            if depth == 0 or at.start() - opened > _LONGEST_TITLE:
                depth, opened = 0, at.start()
            depth += 1
        elif depth:
            depth -= 1
            if depth == 0 and 2 < at.end() - opened <= _LONGEST_TITLE:
                yield opened, at.end()


def _title(printed: str) -> str:
    """A title without what the copy put into it: line breaks, and spaces between Chinese characters."""
    return re.sub(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])", "", re.sub(r"\s+", " ", printed)).strip()


def _numbers(printed: str) -> list[str]:
    """Document numbers in brackets behind a title; 〔2022〕42号、43号 gives both."""
    numbers: list[str] = []
    for piece in re.split("[、，,；;和]", re.sub(r"\s", "", printed)):
        whole = _NUMBER.search(piece)
        if whole:
            numbers.append(normal_number(whole[0]))
        elif numbers and (more := re.fullmatch(r"\s*(?:第\s*)?(\d{1,5})\s*号\s*", piece)):
            numbers.append(re.sub(r"\d+号$", f"{int(more[1])}号", numbers[-1]))
    return numbers


def _run_of_titles(titles: list[tuple[int, int]], position: int, text: str) -> list[tuple[int, int]]:
    """The title at `position` and those directly before it: 《甲》《乙》（…）."""
    run = [titles[position]]
    while position and not normalise(text[titles[position - 1][1] : run[0][0]]).strip("、,和及"):
        position -= 1
        run.insert(0, titles[position])
        if len(run) >= 8:
            break
    return run


def _bare_numbers(text: str) -> Iterator[CitedDocument]:
    for at in _NUMBER.finditer(text):
        prefix = re.match(r"[\u3400-\u9fff\s]+", at[0])
        lead = _LEADING.match(prefix[0]) if prefix else None
        start = at.start() + (lead.end() if lead and lead.end() < len(prefix[0] if prefix else "") else 0)
        line_break = text.rfind("\n", start, at.end())
        bracket = re.search("[〔［\\[【（(﹝〖„“]", text[start : at.end()])
        if line_break >= 0 and bracket and line_break < start + bracket.start() and line_break - start > 12:
            start = line_break + 1
        printed = text[start : at.end()]
        yield CitedDocument(None, normal_number(printed), printed, start, at.end())
