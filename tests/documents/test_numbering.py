"""How printed labels become paths, style by style."""

import pytest

from huiqi.documents import read_document


def paths(tmp_path, text):
    path = tmp_path / "notice.txt"
    path.write_text(text, encoding="utf-8")
    return [clause.path for clause in read_document(path).clauses()]


def test_numbers_may_run_on_through_the_whole_text(tmp_path):
    text = "一、甲\n（一）子。\n（二）丑。\n二、乙\n（三）寅。\n1、卯。\n（四）辰。\n2、巳。\n"
    assert paths(tmp_path, text) == [
        *("一", "一/（一）", "一/（二）", "二", "二/（三）", "二/（三）/1", "二/（四）", "二/（四）/2")
    ]


def test_arabic_numbers_stand_for_parts_in_a_translated_text(tmp_path):
    text = (
        "1. Goals\nPay early.\n2. Work measures\n(1) Cut rents. Two months.\n1. Ask the landlord. By May.\n"
        "(2) Cut fees. All of them.\n3. Safeguards\n(1) Lead together. Always.\n"
    )
    assert paths(tmp_path, text) == ["一", "二", "二/（一）", "二/（一）/1", "二/（二）", "三", "三/（一）"]


def test_roman_and_word_numbers_stand_for_parts(tmp_path):
    text = "First, goals\nPay early.\nII. Work measures\n(1) Cut rents. Now.\nⅢ、保障\n(一)调度。\n"
    assert paths(tmp_path, text) == ["一", "二", "二/（一）", "三", "三/（一）"]


def test_a_sentence_that_begins_like_a_label_stays_a_sentence(tmp_path):
    text = "一、甲\nFirst, we pay. Then we count.\n3.5万元以下的免收。\n2031年底前办完。\n二、乙\n"
    assert paths(tmp_path, text) == ["一", "二"]


def test_arabic_numbers_alone_are_points(tmp_path):
    assert paths(tmp_path, "某市若干措施\n1.甲。\n2.乙。\n（1）子。\n3.2031年起办。\n") == [
        "1",
        "2",
        "2/（1）",
        "3",
    ]


def test_chapters_and_articles_have_their_own_labels(tmp_path):
    text = "某市办法\n第一章 总则\n第一条 甲。\n（一）子。\n第二章 附则\n第二条 乙。\n"
    assert paths(tmp_path, text) == [
        "第一章",
        "第一章/第一条",
        "第一章/第一条/（一）",
        "第二章",
        "第二章/第二条",
    ]


def test_a_number_the_copy_lost_leaves_a_gap(tmp_path):
    assert paths(tmp_path, "一、甲。\n二、乙。\n四、丁。\n") == ["一", "二", "四"]


def test_a_number_printed_twice_is_told_apart(tmp_path):
    text = "一、甲。\n（一）子。\n（一）丑。\n（二）寅。\n"
    assert paths(tmp_path, text) == ["一", "一/（一）", "一/（一）#2", "一/（二）"]


def test_a_table_of_contents_is_furniture(tmp_path):
    text = "一、甲…………1\n二、乙…………2\n一、甲\n文。\n二、乙\n文。\n"
    assert paths(tmp_path, text) == ["一", "二"]


def test_a_text_without_numbers_is_one_preamble(tmp_path):
    assert paths(tmp_path, "某市办好实事的通知\n各区：\n请办好。\n") == [""]


@pytest.mark.parametrize("printed", ["(三)", "（三）", "( 三 )", "- (三)", "　　（三）、"])
def test_items_are_found_in_every_print(tmp_path, printed):
    text = f"一、甲\n（一）子。\n（二）丑。\n{printed}寅。\n"
    assert paths(tmp_path, text) == ["一", "一/（一）", "一/（二）", "一/（三）"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "第一条 甲。\n第二条 乙。\n（一）子。\n第三条 丙。\n",
            ["第一条", "第二条", "第二条/（一）", "第三条"],
        ),
        ("第一条为甲。\n第二条乙应当办理。\n", ["第一条", "第二条"]),
        ("第1条 甲。\n第2条 乙。\n", ["第一条", "第二条"]),
        (
            "第一章 甲\n第一节 子\n第一条 寅。\n第二节 丑\n第二条 卯。\n",
            [
                *("第一章", "第一章/第一节", "第一章/第一节/第一条", "第一章/第二节", "第一章/第二节/第二条"),
            ],
        ),
        (
            "一、总则\n第一条 甲。\n第二条 乙。\n二、附则\n第三条 丙。\n",
            [
                *("一", "一/第一条", "一/第二条", "二", "二/第三条"),
            ],
        ),
        ("第一部分 甲\n一、子。\n第二部分 乙\n一、丑。\n", ["第一编", "第一编/一", "第二编", "第二编/一"]),
        ("一、甲\n1.子。\n①寅。\n②卯。\n2.丑。\n", ["一", "一/1", "一/1/①", "一/1/②", "一/2"]),
        ("1.甲。\n1）子。\n2）丑。\n2.乙。\n", ["1", "1/1）", "1/2）", "2"]),
        ("⒈甲。\n⑴子。\n⑵丑。\n⒉乙。\n", ["1", "1/（1）", "1/（2）", "2"]),
        ("一、甲\n㈠子。\n㈡丑。\n", ["一", "一/（一）", "一/（二）"]),
        ("壹、甲。\n贰、乙。\n", ["一", "二"]),
        ("第一，甲。\n第二，乙。\n第三、丙。\n", ["第一", "第二", "第三"]),
        ("一、甲\n第一，子。\n第二，丑。\n二、乙\n", ["一", "一/第一", "一/第二", "二"]),
        ("任务1：甲\n（一）子。\n任务2：乙\n", ["任务1", "任务1/（一）", "任务2"]),
        (
            "1 总则\n1.1 目的\n甲。\n1.2 依据\n乙。\n2 附则\n2.1 解释\n",
            [
                *("1", "1/1.1", "1/1.2", "2", "2/2.1"),
            ],
        ),
        (
            "一、总则\n1.1 目的\n甲。\n1.2 依据\n乙。\n二、附则\n2.1 解释\n",
            [
                *("一", "一/1.1", "一/1.2", "二", "二/2.1"),
            ],
        ),
        ("一\n总体要求\n甲。\n二\n主要任务\n乙。\n", ["一", "二"]),
        ("一、\n总体要求\n甲。\n二、\n主要任务\n乙。\n", ["一", "二"]),
        (
            "一、甲\n（一）子。（市财政局负责）（二）丑。（市税务局负责）\n（三）寅。\n",
            [
                *("一", "一/（一）", "一/（二）", "一/（三）"),
            ],
        ),
        (
            "一、甲\n符合下列条件：（一）子；（二）丑。\n（一）寅。\n（二）卯。\n",
            ["一", "一/（一）", "一/（二）"],
        ),
        ("一、甲\n奖励1.5万元。\n1.5万元以上的2022.6前办理。\n二、乙\n", ["一", "二"]),
        ("一、甲\n同时，按照\n二、三款规定办理。\n二、乙\n", ["一", "二"]),
    ],
)
def test_every_style_has_its_paths(tmp_path, text, expected):
    assert paths(tmp_path, text) == expected


def test_a_text_that_numbers_nothing_is_cut_at_its_headings(tmp_path):
    text = (
        "减税降费\n对小规模纳税人按规定减免增值税，政策执行到年底。\n"
        "金融支持\n银行按市场化原则给予续贷，不抽贷断贷。\n"
    )
    assert paths(tmp_path, text) == ["减税降费", "金融支持"]


def test_headings_in_square_brackets_count_as_headings(tmp_path):
    text = "某市若干政策\n【稳岗返还】\n按60%返还。\n【扩岗补助】\n每人1500元。\n"
    assert paths(tmp_path, text) == ["稳岗返还", "扩岗补助"]
