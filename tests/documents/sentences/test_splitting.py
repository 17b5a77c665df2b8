"""Where sentences end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiqi.documents.sentences import split_sentences


def sentences(text):
    return [text[start:end] for start, end in split_sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("先摸底。再清偿！清了吗？", ["先摸底。", "再清偿！", "清了吗？"]),
        ("一是摸底；二是清偿：全部付清。", ["一是摸底；二是清偿：全部付清。"]),
        ("增长3.5%.完成后报送.", ["增长3.5%.", "完成后报送."]),
        ("达到３．５万户．", ["达到３．５万户．"]),
        ("见www.example.cn.另行通知。", ["见www.example.cn.", "另行通知。"]),
        ("开展“送政策。进企业。”活动。", ["开展“送政策。进企业。”活动。"]),
        ("他说：“尽快办理。”随后办结。", ["他说：“尽快办理。”随后办结。"]),
        ("免收租金（按月计算。不重复享受）三个月。", ["免收租金（按月计算。不重复享受）三个月。"]),
        ("给予补贴。（市财政局牵头）", ["给予补贴。", "（市财政局牵头）"]),
        ("给予补贴。”下一句。", ["给予补贴。”", "下一句。"]),
        ("第一段没有句号\n第二段。", ["第一段没有句号", "第二段。"]),
        ("1.免收租金。2.减半收费。", ["1.免收租金。", "2.减半收费。"]),
        ("忘了关的括号（免收租金。照常办理。", ["忘了关的括号（免收租金。", "照常办理。"]),
        ("真的吗？！真的。", ["真的吗？！", "真的。"]),
        ("First task. Second task.", ["First task.", "Second task."]),
        ("  ，  ", ["，"]),
        ("", []),
    ],
)
def test_sentences_end_at_their_marks(text, expected):
    assert sentences(text) == expected


TEXTS = st.text(alphabet="企业给予补贴，。；.．3０（）()“”\"'》\n \t①a！…", max_size=80)


@given(TEXTS)
def test_every_visible_character_stands_in_exactly_one_sentence(text):
    spans = split_sentences(text)
    held = [at for start, end in spans for at in range(start, end)]
    assert held == sorted(set(held))
    assert {at for at, each in enumerate(text) if not each.isspace()} <= set(held)


@given(TEXTS)
def test_sentences_begin_and_end_with_a_visible_character(text):
    for each in sentences(text):
        assert each == each.strip()
        assert each
        assert "\n" not in each


@given(TEXTS, TEXTS)
def test_paragraphs_are_split_apart_from_each_other(first, second):
    assert sentences(f"{first}\n{second}") == sentences(first) + sentences(second)
