"""Lines that stand around a text: numbers, offices, attachments, notes, what is printed below."""

from __future__ import annotations

import re
import unicodedata

from huiqi.documents.lines import Line

NUMBER = (
    r"[\u3400-\u9fff][\u3400-\u9fff \u3000]{1,24}[〔［\[【（(﹝〖„“]\s*(?:[1１][9９]|[2２][0０])\d{2}\s*年?\s*[〕］\]】）)﹞〗‟”]\s*"
    r"(?:第\s*)?\d{1,5}\s*号"
)
_NUMBER = re.compile(rf"(?:发?文[号字]*号?[:：]\s*)?({NUMBER})(?:\s*签发人[:：].*)?")
_ORDER_NUMBER = re.compile(r"[（(]?\s*((?:(?:19|20)\d{2}\s*年\s*)?第\s*\d{1,4}\s*号)\s*[）)]?")
_CLOSING = re.compile(
    r"(?:抄\s*[送报发]|[主分]\s*送)\s*[:：].*|[（(]?(?:此件|本文).{0,6}公开.{0,8}[)）]?|[（(]?(?:信息)?公开(?:属性|方式|形式|选项)[:：].{0,12}[)）]?"
    r"|[（(]此页无正文[）)]|[（(]附件略[）)]|\(This item is public\)|.{0,80}日\s*印发|印发机关[:：].*|主题词[:：].*|[（(]?联\s*系\s*(?:人|电\s*话|方式)[^。]{1,80}。?|[（(].{2,40}代\s*章?[）)]|校对[:：].*|共印\s*\d+\s*份"
)
OFFICE_NAME = (
    r"[^，。；：,;:]{1,40}(?:办公室|办公厅|指挥部|联席会议|领导小组|管委会|委员会|党委|委|厅|局|院|部|署|政府|分行|支行|中心支行"
    r"|银行|行|总队|支队|法院|检察院|联合会|总工会|海关|协会|集团|公司|办|中心|组)"
)
_OFFICE = re.compile(rf"{OFFICE_NAME}(?:\s*[（(][^）)]{{0,24}}[）)])?")
ATTACHMENT_HEADING = re.compile(
    r"[【（(]?附\s*(?P<kind>[件表录])?\s*(?P<number>\d{1,2}|[一二三四五六七八九十]{1,2})?(?P<sub>[-－—]\d{1,2})?\s*[】）)]?\s*[:：]?"
)
URGENCY = re.compile(
    r"特\s*急|加\s*急|平\s*急|急\s*件|(?:绝密|机密|秘密).{0,12}|内部.{0,6}|明\s*电|传真电报|\d{4,8}|签发人[:：].*|密级.*"
)
_TITLE_NOTE = re.compile(
    r"[（(【\[]\s*(?:第.{1,3}次)?(?:公开)?(?:征求意见稿|征求意见建议稿|意见征集稿|试\s*行|暂\s*行|草\s*案|讨论稿|送审稿|代拟稿|报批稿|修订稿?|修正稿?"
    r"|\d{4}\s*年?(?:修订|修正|版|本).{0,3})\s*[）)】\]]"
)
CODE = re.compile(r"[A-Z]{2,10}\s*[-—－–]\s*[\dA-Z][-—－–\dA-Z\s]{3,30}")
ATTACHMENT = re.compile(r"附\s*[件表录]\s*[\d一二三四五六七八九十]{0,3}(?:[-－]\d)?\s*(?:[:：]?.*)")


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


def is_imprint(line: Line) -> bool:
    """Whether the line is printed below a document: copies to, published, printed on, contact."""
    return line.label is None and bool(_CLOSING.fullmatch(line.text))


def is_office(line: Line) -> bool:
    """Whether the line is the name of an office alone, such as a signature."""
    return line.is_bare and bool(_OFFICE.fullmatch(line.text))


def is_title_note(line: Line) -> bool:
    """Whether the line in brackets belongs to the title above it: （征求意见稿）."""
    return line.label is None and bool(_TITLE_NOTE.fullmatch(line.text))


def is_attachment_heading(line: Line) -> bool:
    """Whether the line is nothing but the heading of an attachment: 附件2."""
    return line.label is None and bool(ATTACHMENT_HEADING.fullmatch(line.text))
