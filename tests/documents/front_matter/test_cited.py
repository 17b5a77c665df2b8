"""Documents cited, in the prints that official texts use."""

import pytest

from huiqi.documents.front_matter import find_cited


def cited(text):
    return [(each.title, each.number) for each in find_cited(text)]


@pytest.mark.parametrize(
    "number", ["〔2031〕42号", "[2031]42号", "【2031】42号", "（2031）42号", "﹝２０３１﹞４２号"]
)
def test_numbers_are_read_in_every_bracket(number):
    assert cited(f"根据《甲市工作方案》（甲政办发{number}）制定") == [
        ("甲市工作方案", "甲政办发〔2031〕42号")
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("按照《甲省条例》和《乙办法》执行", [("甲省条例", None), ("乙办法", None)]),
        (
            "根据《甲意见》《乙通知》（甲发〔2031〕1号、乙发〔2031〕2号）",
            [
                *(("甲意见", "甲发〔2031〕1号"), ("乙通知", "乙发〔2031〕2号")),
            ],
        ),
        (
            "《关于印发〈甲方案〉的通知》（甲办〔2031〕3号，以下简称《方案》）",
            [
                *(("关于印发〈甲方案〉的通知", "甲办〔2031〕3号"), ("方案", None)),
            ],
        ),
        ("贯彻落实甲政发〔2031〕5号文件精神", [(None, "甲政发〔2031〕5号")]),
        ("《甲工作\n方案》（甲政办\n发〔2031〕6号）", [("甲工作方案", "甲政办发〔2031〕6号")]),
        ("阅读《红楼梦》并填写《申请表》", []),
        ("« 甲意见 »(甲发[2031]7号)", [("甲意见", "甲发〔2031〕7号")]),
    ],
)
def test_titles_and_numbers_are_paired(text, expected):
    assert cited(text) == expected


def test_places_are_those_of_the_text():
    text = "前文。根据《甲意见》（甲发〔2031〕8号）。"
    (found,) = find_cited(text)
    assert text[found.start : found.end] == found.printed == "《甲意见》（甲发〔2031〕8号）"


def test_open_marks_without_end_are_no_title():
    assert cited("《" * 50 + "甲意见") == []
