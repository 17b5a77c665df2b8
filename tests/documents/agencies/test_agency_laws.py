"""What holds for any text."""

from hypothesis import given
from hypothesis import strategies as st

from huiqi.documents.agencies import Place, general_statements, read_agencies

WORDS = (
    *(
        "市财政局",
        "州工信局",
        "各县区人民政府",
        "各州",
        "市人民政府",
        "等",
        "等有关单位",
        "、",
        "，",
        "；",
        "。",
        "：",
        "\n",
    ),
    *(
        "（",
        "）",
        "【",
        "】",
        "(",
        ")",
        "责任单位",
        "牵头单位",
        "牵头",
        "配合",
        "负责",
        "按职责分工负责",
        "落实",
        "会同",
    ),
    *(
        "由",
        "和",
        "及",
        "2022年6月底前",
        "完成时限",
        "以下措施均需",
        "第一个为牵头单位",
        "企业",
        " ",
        "the Provincial Tax Office",
    ),
    *("are responsible", "takes the lead", "，不再列出", "领导小组", "成员单位"),
)
TEXTS = st.lists(st.sampled_from(WORDS), max_size=40).map("".join)
PLACES = st.sampled_from(
    [Place(), Place("nation"), *(Place.of(code) for code in ("53", "5325", "1402", "532503"))]
)


@given(TEXTS, PLACES)
def test_every_mention_stands_where_it_says(text, place):
    reading = read_agencies(text, place)
    for mention in reading.mentions:
        printed = text[mention.start : mention.end]
        assert "".join(printed.split()) == "".join(mention.printed.split()) != ""
        assert any(start <= mention.start and mention.end <= end for start, end in reading.spans)
    assert list(reading.spans) == sorted(reading.spans)
    assert all(one[1] <= other[0] for one, other in zip(reading.spans, reading.spans[1:], strict=False))


@given(TEXTS, PLACES)
def test_no_office_is_told_twice_in_one_place(text, place):
    starts = [mention.start for mention in read_agencies(text, place).mentions]
    assert starts == sorted(set(starts))


@given(TEXTS, PLACES)
def test_general_statements_are_found_or_not(text, place):
    declared = general_statements([("一", text)], place)
    assert all(text[each.mention.start : each.mention.end] for each in declared.implied)


@given(st.text(max_size=200), PLACES)
def test_any_text_is_read(text, place):
    assert read_agencies(text, place) == read_agencies(text, place)


def test_a_hostile_bracket_ends_in_an_answer():
    for text in (
        "（" + "等" * 1400 + "负责）",
        "（" * 5000 + "）" * 5000,
        "（责任单位：" + "和".join(["州财政局x"] * 150) + "）",
    ):
        assert read_agencies(text, Place.of("5325")).spans in {(), ((0, len(text)),)}
