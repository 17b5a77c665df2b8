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
