"""Front matter from what is printed around a text."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from huiqi.documents.comparison import normalise
from huiqi.documents.front_matter import offices
from huiqi.documents.front_matter.cited import find_cited
from huiqi.documents.front_matter.model import CitedDocument, FrontMatter
from huiqi.documents.lines import Line
from huiqi.documents.margin_lines import NUMBER, normal_number, read_number
from huiqi.documents.printed_days import first_date, read_date, read_imprint_date

_OPEN_NOTE = re.compile(
    r"[（(]?(?:此件|本文).{0,6}公开.{0,8}[)）]?|[（(]?(?:信息)?公开(?:属性|方式|形式)[:：].{0,12}[)）]?|\(This item is public\)"
)
_CONTACT = re.compile(r"[（(]?联\s*系\s*(?:人|电\s*话|方式).*")
_KEY = r"(?:^|[\s　；;|])(?:{})\s*[】\]]?\s*[:：]\s*"
_NUMBER_KEY = re.compile(_KEY.format("发文字号|文\\s?号|公文编号|文件编号|文件字号") + f"({NUMBER})")
_ISSUER_KEY = re.compile(
    _KEY.format("发文(?:机关|机构|单位)|(?:发布|制定|制发|公开)(?:机构|单位|机关)")
    + r"([\u3400-\u9fff、 ]{3,60})"
)
_TEXT_DATE_KEY = re.compile(_KEY.format("成文(?:日期|时间)|发文(?:日期|时间)"))
_PAGE_DATE_KEY = re.compile(_KEY.format("(?:发布|公开|更新|发稿)(?:日期|时间)|日期|时间"))


@dataclass
class Around:
    """The lines around a text, by what they are. `signed` are all lines among which signatures are looked for."""

    title: str | None = None
    plan_titles: Sequence[str] = ()
    masthead: list[Line] = field(default_factory=list)
    number: list[Line] = field(default_factory=list)
    page: list[Line] = field(default_factory=list)
    dated: list[Line] = field(default_factory=list)
    addressees: list[Line] = field(default_factory=list)
    closing: list[Line] = field(default_factory=list)
    signed: Sequence[Line] = ()


def read_front_matter(text: str, around: Around) -> FrontMatter:
    """What a document says of itself; `text` is all that is printed, for the documents that it cites."""
    page = "\n".join(unicodedata.normalize("NFKC", line.text) for line in around.page)
    number = next((read_number(line.text) for line in around.number), None)
    if number is None and (found := _NUMBER_KEY.search(page)):
        number = normal_number(found[1])
    dates = [(index, day) for index, line in enumerate(around.signed) if (day := read_date(line))]
    issuers: tuple[str, ...] = ()
    for index, _ in dates:
        issuers = issuers or offices.signatories(around.signed, index)
    titled = offices.title_offices(around.title)
    if len(titled) == len(issuers) and any(short[0] in "省市县区州" for short in issuers):
        # A signature 省政府办公厅 below a title that names the office in full.
        issuers = titled
    issuers = (
        issuers
        or offices.masthead_offices(around.masthead)
        or titled
        or _page_issuer(page)
        or offices.printing_office(around.closing)
    )
    own = {line.start for line in around.dated}
    signed = next((day for index, day in dates if around.signed[index].start not in own), None)
    signed = signed or _page_date(_TEXT_DATE_KEY, page)
    text_date = next((day for line in around.dated if (day := first_date(line.text.strip("（( ")))), signed)
    printed_on = next((day for line in around.signed if (day := read_imprint_date(line))), None)
    return FrontMatter(
        title=around.title,
        number=number,
        issuer=issuers[0] if issuers else None,
        issuers=issuers,
        date=signed or text_date or printed_on,
        text_date=text_date,
        printed_on=printed_on,
        published_on=_page_date(_PAGE_DATE_KEY, page),
        addressees=offices.split_offices("".join(line.text for line in around.addressees)),
        cited=_cited(text, around, number),
        copies=offices.read_copies(around.closing),
        contact=tuple(line.text for line in around.closing if _CONTACT.fullmatch(line.text)),
        open_note=next((line.text for line in around.closing if _OPEN_NOTE.fullmatch(line.text)), None),
    )


def _cited(text: str, around: Around, number: str | None) -> tuple[CitedDocument, ...]:
    own = {_bare_title(each) for each in (around.title, *around.plan_titles) if each}
    chars = list(text)
    for line in (*around.page, *around.masthead):
        chars[line.start : line.end] = " " * (line.end - line.start)
    return tuple(
        each
        for each in find_cited("".join(chars))
        if not (_bare_title(each.title) in own if each.title else each.number == number)
    )


def _bare_title(title: str) -> str:
    """A title for comparison, without （试行） and （征求意见稿）."""
    return normalise(re.sub(r"[（(][^（）()]{1,8}[）)]$", "", title.strip()))


def _page_issuer(page: str) -> tuple[str, ...]:
    found = _ISSUER_KEY.search(page)
    return offices.split_offices(found[1].split("  ")[0]) if found else ()


def _page_date(key: re.Pattern[str], page: str) -> datetime.date | None:
    for found in key.finditer(page):
        if days := first_date(page[found.end() : found.end() + 24]):
            return days
    return None
