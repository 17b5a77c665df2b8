import pytest

from huiqi.documents.formats.number_formats import format_number


@pytest.mark.parametrize(
    ("style", "number", "printed"),
    [
        ("decimal", 12, "12"),
        ("chineseCounting", 10, "十"),
        ("chineseCounting", 12, "十二"),
        ("chineseCounting", 20, "二十"),
        ("chineseCountingThousand", 21, "二十一"),
        ("chineseCountingThousand", 103, "一百零三"),
        ("chineseCountingThousand", 110, "一百一十"),
        ("chineseCountingThousand", 1003, "一千零三"),
        ("chineseLegalSimplified", 12, "壹拾贰"),
        ("japaneseCounting", 11, "十一"),
        ("japaneseCounting", 120, "百二十"),
        ("ideographDigital", 10, "一〇"),
        ("ideographTraditional", 3, "丙"),
        ("ideographTraditional", 11, "11"),
        ("ideographZodiac", 12, "亥"),
        ("decimalEnclosedCircle", 1, "①"),
        ("decimalEnclosedCircleChinese", 20, "⑳"),
        ("decimalEnclosedCircle", 21, "21"),
        ("decimalEnclosedParen", 4, "⑷"),
        ("decimalFullWidth", 12, "１２"),
        ("decimalZero", 7, "07"),
        ("upperRoman", 14, "XIV"),
        ("lowerRoman", 4, "iv"),
        ("upperLetter", 27, "AA"),
        ("lowerLetter", 2, "b"),
        ("ordinal", 12, "12th"),
        ("ordinal", 22, "22nd"),
        ("none", 3, ""),
        ("a style of tomorrow", 3, "3"),
        ("chineseCounting", 0, "0"),
        ("upperRoman", 10**9, str(10**9)),
    ],
)
def test_numbers_are_printed_as_word_prints_them(style, number, printed):
    assert format_number(number, style) == printed


def test_a_custom_format_pads_as_its_example_does():
    assert format_number(7, "custom", "001, 002, 003, ...") == "007"
