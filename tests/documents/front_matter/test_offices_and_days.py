"""Issuers, addressees, copies and days, print by print."""

import datetime

import pytest

from huiqi.documents import read_document
from huiqi.documents.front_matter.offices import split_offices

BODY = "为支持企业，现通知如下。\n一、甲。\n二、乙。\n"


def front(tmp_path, text):
    path = tmp_path / "notice.txt"
    path.write_text(text, encoding="utf-8")
    return read_document(path).front


@pytest.mark.parametrize(
    "printed",
    [
        "2031年6月8日",
        "２０３１年６月８日",
        "二〇三一年六月八日",
        "二○三一年六月八日",
        "二零三一年六月八日",
        "2031 年 6 月 8 日",
        "2031.6.8",
    ],
)
def test_days_are_read_in_every_print(tmp_path, printed):
    read = front(tmp_path, f"某市财政局关于减租的通知\n{BODY}某市财政局\n{printed}\n")
    assert (read.date, read.issuers) == (datetime.date(2031, 6, 8), ("某市财政局",))


@pytest.mark.parametrize(
    ("signature", "issuers"),
    [
        ("某市财政局\n某市税务局", ("某市财政局", "某市税务局")),
        ("某市财政局　　某市税务局", ("某市财政局", "某市税务局")),
        ("某市促进就业工作领导小组\n（某市人力资源和社会保障局代章）", ("某市促进就业工作领导小组",)),
        ("某县人民政府办公室（代章）", ("某县人民政府办公室",)),
    ],
)
def test_signatures_name_the_issuers(tmp_path, signature, issuers):
    assert front(tmp_path, f"关于减租的通知\n{BODY}{signature}\n2031年6月8日\n").issuers == issuers


def test_office_and_day_may_stand_in_one_line(tmp_path):
    read = front(tmp_path, f"关于减租的通知\n{BODY}某市人民政府  2031年6月8日\n")
    assert (read.issuers, read.date) == (("某市人民政府",), datetime.date(2031, 6, 8))


def test_without_signature_masthead_title_or_imprint_name_the_issuer(tmp_path):
    assert front(tmp_path, f"某市财政局文件\n关于减租的通知\n{BODY}").issuers == ("某市财政局",)
    assert front(tmp_path, f"某市财政局关于减租的通知\n{BODY}").issuers == ("某市财政局",)
    imprint = front(tmp_path, f"关于减租的通知\n{BODY}某省财政厅办公室　2031年6月8日印发\n")
    assert (imprint.issuers, imprint.printed_on) == (("某省财政厅",), datetime.date(2031, 6, 8))


def test_a_short_signature_goes_by_the_full_name_in_the_title(tmp_path):
    text = f"甲省人民政府办公厅关于减租的通知\n{BODY}省政府办公厅\n2031年6月8日\n"
    assert front(tmp_path, text).issuers == ("甲省人民政府办公厅",)


def test_what_is_not_printed_is_none(tmp_path):
    read = front(tmp_path, "一、甲。\n二、乙。\n")
    assert (read.title, read.number, read.issuer, read.date, read.addressees) == (None, None, None, None, ())


@pytest.mark.parametrize(
    ("printed", "offices"),
    [
        ("各县市人民政府，州直各委、办、局：", ("各县市人民政府", "州直各委、办、局")),
        ("各州、市人民政府，省直各部门：", ("各州、市人民政府", "省直各部门")),
        ("市财政局、市税务局，各县（市、区）人民政府：", ("市财政局", "市税务局", "各县（市、区）人民政府")),
    ],
)
def test_offices_of_a_list_are_told_apart(printed, offices):
    assert split_offices(printed) == offices


def test_a_sentence_that_ends_with_a_colon_is_no_addressee(tmp_path):
    assert front(tmp_path, f"关于减租的通知\n现将有关事项通知如下：\n{BODY}").addressees == ()


def test_urgency_and_codes_are_no_part_of_the_title(tmp_path):
    read = front(tmp_path, f"000012\n特急\nABCD-2031-00001\n某市关于减租的通知\n（试行）\n{BODY}")
    assert read.title == "某市关于减租的通知（试行）"
