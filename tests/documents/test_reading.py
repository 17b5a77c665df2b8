"""Two notices of places that do not exist, printed as badly as real ones are."""

import datetime
from pathlib import Path

import pytest

from huiqi.documents import LETTER, DocumentFolder, UnknownClause, UnknownDocument, find_words, read_document
from huiqi.documents.__main__ import main

TEXTS = Path(__file__).parent / "texts"


@pytest.fixture(scope="module")
def linhai():
    return read_document(TEXTS / "linhai-work-plan.txt")


@pytest.fixture(scope="module")
def qinghe():
    return read_document(TEXTS / "qinghe-three-plans.txt")


def test_a_single_plan_has_paths_without_a_plan_name(linhai):
    assert [clause.path for clause in linhai.clauses()] == [
        *("", "一", "二", "二/（一）", "二/（二）", "二/（二）/1", "二/（二）/2"),
        *("二/（二）/2/（1）", "二/（二）/2/（2）", "二/（二）/3", "二/（三）", "二/（三）/4", "三"),
    ]


def test_title_number_and_date_are_read_from_the_margins(linhai, qinghe):
    assert linhai.title == "临海市扶持小微企业轻装前行工作方案"
    assert linhai.number == "临政办发〔2031〕7号"
    assert linhai.date == datetime.date(2031, 3, 5)
    assert qinghe.title == "清河州中小企业工作领导小组办公室关于印发三个行动实施方案的通知"
    assert qinghe.number == "清企办〔2031〕12号"
    assert qinghe.date == datetime.date(2031, 4, 1)


def test_lines_broken_in_mid_sentence_are_joined(linhai):
    clause = linhai.clause("二/（一）")
    assert clause.heading == "减房租"
    assert "减免２个月租金" in clause.text
    assert "减免４个月" in clause.text
    assert linhai.clause("二/（二）/1").text == "先付后补.由银行先行计收利息."


def test_a_heading_line_keeps_its_own_line(linhai):
    assert linhai.clause("二/（三）").text == "送服务\n每家企业配一名服务专员。"


def test_a_reference_at_the_beginning_of_a_line_opens_no_clause(linhai):
    assert linhai.clause("二/（二）").text.endswith("按照第一条第（二）项规定办理的除外.")


def test_page_numbers_and_what_stands_below_the_text_are_no_clause(linhai):
    assert linhai.clause("三").text == "附则\n本方案由市财政局解释."
    kinds = {margin.text: margin.kind for margin in linhai.margins}
    assert kinds["- 3 -"] == "furniture"
    assert kinds["抄送：市委办公室."] == "closing"
    assert kinds["临海市人民政府办公室文件"] == "masthead"


def test_a_covering_letter_is_no_plan_though_it_is_numbered(qinghe):
    assert [plan.short_name for plan in qinghe.plans] == [
        "灯塔企业（一）",
        "灯塔企业（二）",
        "融资便利（三）",
    ]
    assert qinghe.letter is not None
    assert qinghe.letter.path == LETTER
    assert "按月报送进度" in qinghe.clause(LETTER).text


def test_each_plan_has_its_title_and_issuer(qinghe):
    first, second, third = qinghe.plans
    assert first.title == "清河州帮扶中小企业灯塔企业专项行动实施方案（一）"
    assert [plan.issuer for plan in (first, second, third)] == [
        "州工信局",
        "州科技局",
        "Qinghe Finance Bureau",
    ]


def test_numbers_that_run_on_through_the_items_stay_below_them(qinghe):
    assert qinghe.clause("灯塔企业（一）/二/（二）/3").text == "先拨一半。"


def test_a_first_heading_that_lost_its_number_is_still_the_first(qinghe):
    clause = qinghe.clause("灯塔企业（二）/一")
    assert (clause.heading, clause.printed) == ("工作目标", "")
    assert clause.text == "工作目标\n每家灯塔企业带动5家。"


def test_translated_numbering_gives_the_same_paths(qinghe):
    assert [clause.path.removeprefix("融资便利（三）/") for clause in qinghe.plans[2].clauses] == [
        *("一", "二", "二/（一）", "二/（二）", "二/（二）/1", "二/（二）/2"),
        *("二/（三）", "二/（三）/1", "二/（三）/2", "三", "三/（一）"),
    ]
    assert qinghe.clause("融资便利（三）/三").heading == "Organizational safeguards"


@pytest.mark.parametrize(
    "cited",
    ["灯塔企业（一）/二/（二）/3", "灯塔企业(一)/二/(二)/３", "灯塔企业（一）/二/3", " 灯塔企业（一） / 3、"],
)
def test_a_clause_is_found_whatever_the_widths_and_with_upper_labels_left_out(qinghe, cited):
    assert qinghe.clause(cited).path == "灯塔企业（一）/二/（二）/3"


def test_a_plan_is_cited_by_any_of_its_names(qinghe):
    assert qinghe.clause("Financing Facilitation (3)/一") == qinghe.clause("融资便利（三）/一")


def test_an_unknown_path_names_the_nearest(qinghe):
    with pytest.raises(UnknownClause) as caught:
        qinghe.clause("灯塔企业（一）/二/（九）")
    assert "灯塔企业（一）/二/（一）" in caught.value.nearest
    assert "qinghe-three-plans" in str(caught.value)


def test_a_short_path_that_fits_several_clauses_is_refused(qinghe):
    with pytest.raises(UnknownClause, match="4 clauses answer"):
        qinghe.clause("（一）")


def test_full_text_includes_the_clauses_below(linhai):
    assert "按天计算" in linhai.clause("二/（二）").full_text
    assert "按天计算" not in linhai.clause("二/（二）").text


def test_words_are_found_whatever_the_widths_quotes_and_line_breaks(linhai):
    assert find_words(linhai, "二/（一）", "减免2个月租金") == 1
    assert find_words(linhai, "二/(一)", "位于《老城更新区名录》所列街道的减免4个月") == 1
    assert find_words(linhai, "二/（二）", "不高于3.5%的利率给予40%贴息") == 1
    assert find_words(linhai, "二/（二）", "5%") == 0
    assert find_words(linhai, "三", "减免2个月租金") == 0


def test_a_folder_reads_its_texts_by_id():
    folder = DocumentFolder(TEXTS)
    assert list(folder) == sorted(path.stem for path in TEXTS.glob("*.txt"))
    assert len(folder) == len(list(folder))
    assert "linhai-work-plan" in folder
    assert folder.document("linhai-work-plan") is folder.document("linhai-work-plan")
    with pytest.raises(UnknownDocument, match="baishan-department-notice"):
        folder.document("../linhai-work-plan")


def test_every_path_is_printed_with_its_heading(capsys):
    assert main([str(TEXTS / "linhai-work-plan.txt")]) == 0
    assert "二/（二）/1\t先付后补\n" in capsys.readouterr().out
    assert main([str(TEXTS / "missing.txt")]) == 2
    assert capsys.readouterr().err.count("\n") == 1
