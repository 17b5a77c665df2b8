"""Time limits that name no day: long-term, for the whole year, at once. They count only as a task's own limit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from huiqi.documents.deadlines.model import Deadline

_LONG = re.compile(
    r"(?:需|须|并)?(?:长期|持续|常态化?|常年|贯穿(?:全年|始终)|永久)(?:性|地)?"
    r"(?:坚持|推进|实施|落实|开展|执行|有效|任务|工作|抓好|推动|坚持推进|进行|保持|整改|巩固)?"
    r"|long[- ]term(?: (?:adherence|persistence|implementation|commitment))?|ongoing|continu(?:ous|ing)(?:ly)?",
    re.IGNORECASE,
)
_WHOLE_YEAR = re.compile(r"全年(?:推进|坚持|实施|落实|开展)?|本年度?")


def standing_limits(
    folded: str, fields: tuple[tuple[int, int], ...], issued: date | None, year: int | None
) -> Iterator[Deadline]:
    """Yield the limits that fill a field by themselves: 长期坚持, 持续推进, 全年."""
    for start, end in fields:
        value = folded[start:end]
        if _LONG.fullmatch(value):
            yield Deadline(
                value,
                start,
                end,
                "rhythm",
                rhythm="long-term",
                explanation="长期任务，不设完结日",
                field=True,
            )
        elif _WHOLE_YEAR.fullmatch(value):
            last = issued.year if issued else year
            yield Deadline(
                value,
                start,
                end,
                "within",
                date=date(last, 12, 31) if last else None,
                flag=None if last else "year-unknown",
                explanation=f"{last}年全年，末日12月31日" if last else "全年：文件年份未知",
                field=True,
            )
