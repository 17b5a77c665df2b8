"""Titles, numbers, dates and closing matter: the lines of a document that are no clause."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Sequence

from huiqi.documents.labels import Level
from huiqi.documents.lines import Line
from huiqi.documents.numerals import han_number

_TRIAL = r"(\s*[（(【\[][^）)】\]]{1,8}[）)】\]]){0,2}"
_PLAN_KINDS = "方案|计划|措施|意见|办法|细则|规定|规划|政策|预案|要点|举措|条例|规则|纲要|[一二三四五六七八九十0-9]{1,3}条"
_PLAN_TITLE = re.compile(rf".{{0,80}}(?:{_PLAN_KINDS})[”\"]?{_TRIAL}$")
_FOREIGN_PLAN_TITLE = re.compile(r"(the )?(implementation|work|action) plan\b.*", re.IGNORECASE)
_ANY_TITLE = re.compile(
    rf".{{0,160}}(?:{_PLAN_KINDS}|通知|决定|公告|通告|批复|函|公示|通报|纪要|倡议书|指南|清单){_TRIAL}$"
)
_LONGEST_TITLE_LINE = 90
NUMBER = (
    r"[\u3400-\u9fff][\u3400-\u9fff \u3000]{1,24}[〔［\[【（(﹝〖„“]\s*(?:[1１][9９]|[2２][0０])\d{2}\s*年?\s*[〕］\]】）)﹞〗‟”]\s*"
    r"(?:第\s*)?\d{1,5}\s*号"
)
_NUMBER = re.compile(rf"(?:发?文[号字]*号?[:：]\s*)?({NUMBER})(?:\s*签发人[:：].*)?")
_ORDER_NUMBER = re.compile(r"[（(]?\s*((?:(?:19|20)\d{2}\s*年\s*)?第\s*\d{1,4}\s*号)\s*[）)]?")
_DATE = re.compile(
    r"[（(]?(?P<year>\d{4}|[〇零○Ｏo0一二三四五六七八九]{4})年\s*(?P<month>\d{1,2}|[一二三四五六七八九十]{1,2})月"
    r"\s*(?P<day>\d{1,2}|[一二三四五六七八九十]{1,3})日[）)]?"
)
_PLAIN_DATE = re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})")
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_FOREIGN_DATE = re.compile(rf"(?P<month>{'|'.join(_MONTHS)}) (?P<day>\d{{1,2}}), (?P<year>\d{{4}})")
_CLOSING = re.compile(
    r"(?:抄\s*[送报发]|[主分]\s*送)\s*[:：].*|[（(]?(?:此件|本文).{0,6}公开.{0,8}[)）]?|[（(]?(?:信息)?公开(?:属性|方式|形式|选项)[:：].{0,12}[)）]?"
    r"|[（(]此页无正文[）)]|[（(]附件略[）)]|\(This item is public\)|.{0,80}日\s*印发|印发机关[:：].*|主题词[:：].*|[（(]?联\s*系\s*(?:人|电\s*话|方式)[^。]{1,80}。?|[（(].{2,40}代\s*章?[）)]|校对[:：].*|共印\s*\d+\s*份"
)
_OFFICE_NAME = (
    r"[^，。；：,;:]{1,40}(?:办公室|办公厅|指挥部|联席会议|领导小组|管委会|委员会|党委|委|厅|局|院|部|署|政府|分行|支行|中心支行"
    r"|银行|行|总队|支队|法院|检察院|联合会|总工会|海关|协会|集团|公司|办|中心|组)"
)
_OFFICE = re.compile(rf"{_OFFICE_NAME}(?:\s*[（(][^）)]{{0,24}}[）)])?")
ATTACHMENT_HEADING = re.compile(
    r"[【（(]?附\s*(?P<kind>[件表录])?\s*(?P<number>\d{1,2}|[一二三四五六七八九十]{1,2})?(?P<sub>[-－—]\d{1,2})?\s*[】）)]?\s*[:：]?"
)
_URGENCY = re.compile(
    r"特\s*急|加\s*急|平\s*急|急\s*件|(?:绝密|机密|秘密).{0,12}|内部.{0,6}|明\s*电|传真电报|\d{4,8}|签发人[:：].*|密级.*"
)
_TITLE_NOTE = re.compile(
    r"[（(【\[]\s*(?:第.{1,3}次)?(?:公开)?(?:征求意见稿|征求意见建议稿|意见征集稿|试\s*行|暂\s*行|草\s*案|讨论稿|送审稿|代拟稿|报批稿|修订稿?|修正稿?"
    r"|\d{4}\s*年?(?:修订|修正|版|本).{0,3})\s*[）)】\]]"
)
_DATE_NOTE = re.compile(r"[（(]\s*((?:[12１２]\d{3}|[二一][〇零○一二三四五六七八九]{3})\s*年.{3,80})[）)]")
_CODE = re.compile(r"[A-Z]{2,10}\s*[-—－–]\s*[\dA-Z][-—－–\dA-Z\s]{3,30}")
_LONGEST_TITLE = 4
_LONGEST_DATE_LINE = 120
_SIGNED = re.compile(rf"(?P<office>{_OFFICE_NAME})\s+(?=[\d一二〇])")
_ATTACHMENT = re.compile(r"附\s*[件表录]\s*[\d一二三四五六七八九十]{0,3}(?:[-－]\d)?\s*(?:[:：]?.*)")


def _is_title_like(line: Line) -> bool:
    """Whether the line holds no sentence, and is no longer than titles are."""
    if line.label or line.in_table:
        return False
    if line.is_bare:
        return True
    marks = re.search(r"[。；;！？]", line.text) or line.text.endswith(("，", ",", "、", "：", ":"))
    return len(line.text) <= _LONGEST_TITLE_LINE and not marks


def is_plan_title(line: Line) -> bool:
    """Whether the line could be the (last line of the) title of a plan."""
    if not _is_title_like(line) or line.begins_paragraph:
        return False
    if line.is_foreign:
        return bool(_FOREIGN_PLAN_TITLE.fullmatch(line.text))
    return bool(_PLAN_TITLE.fullmatch(line.text)) and not _ATTACHMENT.fullmatch(line.text)


def is_title(line: Line) -> bool:
    """Whether the line could be the (last line of the) title of any official text."""
    return is_plan_title(line) or (_is_title_like(line) and bool(_ANY_TITLE.fullmatch(line.text)))


def is_number(line: Line) -> bool:
    """Whether the line is the document's number, 云政办发〔2022〕1号, or 第3号 of an order or announcement."""
    return read_number(line.text) is not None


def read_number(text: str) -> str | None:
    """The document's number, where the text is nothing else: 云政办发〔2022〕1号 whatever its brackets."""
    found = _NUMBER.fullmatch(unicodedata.normalize("NFKC", text))
    if found:
        return normal_number(found[1])
    order = _ORDER_NUMBER.fullmatch(text)
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", order[1])) if order else None


def normal_number(printed: str) -> str:
    """A document's number in its one form: 〔2022〕 brackets, half-width digits, no spaces."""
    form = re.sub(r"\s", "", unicodedata.normalize("NFKC", printed))
    return re.sub(r"[〔\[【(〖„“](\d{4})年?[〕\]】)〗‟”](?:第)?", r"〔\1〕", form)


def may_begin_title(line: Line) -> bool:
    """Whether the line could be an earlier line of a title that was broken."""
    return (
        line.is_bare
        and not line.begins_paragraph
        and not is_number(line)
        and read_date(line) is None
        and not _ATTACHMENT.fullmatch(line.text)
        and not line.text.endswith(("文件", "）", ")"))
        and not _CODE.fullmatch(line.text)
        and not _URGENCY.fullmatch(line.text)
    )


def is_closing(line: Line) -> bool:
    """Whether the line is printed below a document: copies to, published, printed on, or a bare date."""
    return line.label is None and (bool(_CLOSING.fullmatch(line.text)) or read_date(line) is not None)


def is_office(line: Line) -> bool:
    """Whether the line is the name of an office alone, such as a signature."""
    return line.is_bare and bool(_OFFICE.fullmatch(line.text))


def read_date(line: Line) -> datetime.date | None:
    """The date, where the line is nothing but a date."""
    if len(line.text) > _LONGEST_DATE_LINE:
        return None
    text = unicodedata.normalize("NFKC", line.text)
    bare = re.sub(r"\s", "", text).removesuffix("公布").removesuffix("发布")
    found = _DATE.fullmatch(bare) or _PLAIN_DATE.fullmatch(bare) or _FOREIGN_DATE.fullmatch(text)
    if found is None and (signed := _SIGNED.match(text)):
        # Office and day in one line.
        found = _DATE.fullmatch(re.sub(r"\s", "", text[signed.end() :]))
    return _date(found) if found else None


def signing_office(line: Line) -> str:
    """The office that stands before the date in the line, or nothing."""
    found = _SIGNED.match(line.text) if read_date(line) else None
    return found["office"] if found else ""


def read_imprint_date(line: Line) -> datetime.date | None:
    """The date of printing, where the line says 印发."""
    if len(line.text) > _LONGEST_DATE_LINE:
        return None
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", line.text))
    found = re.search(_DATE.pattern + "(?:印发|印)$", text)
    return _date(found) if found else None


def is_date_note(line: Line) -> bool:
    """Whether the line in brackets below a title says when the text was made: （2022年5月30日…通过）."""
    inside = _DATE_NOTE.fullmatch(line.text)
    return line.label is None and inside is not None and first_date(inside[1]) is not None


def is_title_note(line: Line) -> bool:
    """Whether the line in brackets belongs to the title above it: （征求意见稿）."""
    return line.label is None and bool(_TITLE_NOTE.fullmatch(line.text))


def first_date(text: str) -> datetime.date | None:
    """The date with which `text` begins: 2022年5月31日, 2022-05-31, 2022/5/31, 2022.5.31."""
    form = unicodedata.normalize("NFKC", text).strip()
    found = _DATE.match(re.sub(r"\s", "", form)) or _PLAIN_DATE.match(form)
    return _date(found) if found else None


def _date(found: re.Match[str]) -> datetime.date | None:
    year, month, day = found["year"], found["month"], found["day"]
    try:
        return datetime.date(
            int(year)
            if year.isdecimal()
            else int("".join(str("〇一二三四五六七八九".index(c)) for c in re.sub("[零○Oo0]", "〇", year))),
            _MONTHS.index(month) + 1 if month in _MONTHS else _ordinal(month),
            _ordinal(day),
        )
    except ValueError:
        return None


def _ordinal(printed: str) -> int:
    return int(printed) if printed.isdecimal() else han_number(printed) or 0


def find_title(lines: Sequence[Line]) -> int:
    """The index of the last line of the first title among `lines`, before any label; -1 for none."""
    for index, line in enumerate(lines):
        if line.label:
            break
        if is_title(line) and not _goes_on(lines, index):
            return index
    return -1


def first_bare(lines: Sequence[Line]) -> int:
    """The index of a first line that stands like a title, though it has no word of one; -1 for none."""
    for index, line in enumerate(lines[:4]):
        if is_number(line) or line.text.endswith("文件"):
            continue
        last = index + 1 == len(lines) or not lines[index + 1].is_bare or lines[index + 1].label is not None
        titled = line.is_bare and 8 <= len(line.text) <= 60 and not line.begins_paragraph
        return (
            index
            if titled and last and not is_closing(line) and not is_office(line) and not line.is_foreign
            else -1
        )
    return -1


def title_top(lines: Sequence[Line], last: int) -> int:
    """The index of the first line of the title that ends at `last`."""
    top = last
    while top and last - top < _LONGEST_TITLE and may_begin_title(lines[top - 1]):
        opened = "".join(line.text for line in lines[top : last + 1])
        whole = opened.count("《") >= opened.count("》")
        if whole and is_plan_title(lines[top - 1]) and not _goes_on(lines, top - 1):
            break
        top -= 1
    return top


def plan_starts(lines: Sequence[Line]) -> list[int]:
    """Indices of the last title line of each plan: a title behind which the numbering begins anew."""
    starts: list[int] = []
    outermost: Level | None = None
    last_part = 0
    pending: int | None = None
    pending_attached = False
    attached = -10
    for index, line in enumerate(lines):
        if is_plan_title(line) and not _goes_on(lines, index) and not _is_running_text(lines, index):
            pending, pending_attached = index, index - attached <= _LONGEST_TITLE + 1
        if is_attachment_heading(line):
            attached = index
        if line.label is None or (line.label.weak and (line.label.above or line.label.number > 1)):
            continue
        level, number = line.label.levels[0], line.label.number
        # The number of part one may be lost in the copy.
        anew = number == 1 or (level == Level.PART and number == 2 and last_part != 1)
        if pending is not None and anew and (outermost is None or level <= outermost or pending_attached):
            starts.append(pending)
            outermost, last_part = level, 0
        pending = None
        outermost = level if outermost is None else min(level, outermost)
        last_part = number if level == Level.PART else last_part
    return starts


def is_attachment_heading(line: Line) -> bool:
    """Whether the line is nothing but the heading of an attachment: 附件2."""
    return line.label is None and bool(ATTACHMENT_HEADING.fullmatch(line.text))


def _goes_on(lines: Sequence[Line], index: int) -> bool:
    """Whether the next line goes on with the same title: 实施方案 | 的通知, 《…措施 | 》的通知."""
    if index + 1 == len(lines):
        return False
    following = lines[index + 1].text
    if following.startswith("的"):
        return True
    top = index
    while top and index - top < _LONGEST_TITLE and lines[top - 1].is_bare:
        top -= 1
    printed = "".join(line.text for line in lines[top : index + 1])
    return (
        printed.count("《") > printed.count("》")
        and "》" in following
        and "《" not in following.partition("》")[0]
    )


def _is_running_text(lines: Sequence[Line], index: int) -> bool:
    """Whether what looks like a title is the last line of a sentence that the copy broke."""
    top = title_top(lines, index)
    first = lines[top].text
    if re.match(r"(为|根据|按照)", first) and re.search("[，,]", first):
        return True
    if top == 0:
        return False
    above = lines[top - 1]
    known = above.ends_sentence or above.ends_paragraph or is_number(above) or is_closing(above)
    known = known or above.label is not None or is_attachment_heading(above)
    return not known and not above.text.endswith("文件")
