"""Tables that divide the work, as tasks of the ledger: each row with its offices, its day and its figures."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from huiqi.documents import read_document
from huiqi.documents.outline import outline
from huiqi.documents.outline.ledger import tasks
from huiqi.documents.outline.ledger_workbook import write_ledger
from huiqi.documents.outline.task_tables import task_rows

LETTER = """虚河市人民政府办公室关于印发虚河市助企纾困工作方案的通知
虚政办发〔2022〕9号
各县（市、区）人民政府，市直各部门：
现将《虚河市助企纾困工作方案》印发给你们，请认真贯彻执行。
附件：虚河市助企纾困重点任务分解表
虚河市人民政府办公室
2022年5月20日
附件
虚河市助企纾困重点任务分解表"""
HEAD = ["序号", "重点任务", "具体举措", "牵头单位", "配合单位", "完成时限"]
ROWS = [
    ["1", "落实减税降费", "全年减税3.2亿元以上", "市税务局", "市财政局", "2022年6月底前"],
    ["", "", "开展政策宣讲不少于20场次", "市税务局", "", "长期坚持"],
    ["2", "加大融资支持", "新增小微企业贷款15亿元", "市金融办", "各县（市、区）人民政府", "7月15日前"],
    ["", "", "新增首贷户300户", "", "", "分阶段推进"],
]


def ledger(folder: Path, name: str, text: str):
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return outline(read_document(file))


def page(rows: list[list[str]]) -> str:
    letter = "".join(f"<p>{line}</p>" for line in LETTER.split("\n"))
    table = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<html><body>{letter}<table>{table}</table></body></html>"


def test_each_row_of_a_table_that_divides_the_work_is_a_task(tmp_path):
    rows = tasks(ledger(tmp_path, "plan.html", page([HEAD, *ROWS])))
    assert [(each.task, each.body, each.row) for each in rows] == [
        ("落实减税降费", "全年减税3.2亿元以上", 1),
        ("落实减税降费", "开展政策宣讲不少于20场次", 2),
        ("加大融资支持", "新增小微企业贷款15亿元", 3),
        ("加大融资支持", "新增首贷户300户", 4),
    ]
    assert [each.lead for each in rows] == [("市税务局",), ("市税务局",), ("市金融办",), ("市金融办",)]
    assert [each.with_others for each in rows] == [("市财政局",), (), ("各县（市、区）人民政府",), ()]
    assert [each.deadlines for each in rows] == [("2022-06-30",), ("长期",), ("2022-07-15",), ("分阶段推进",)]
    assert any("20场" in each for each in rows[1].targets)


def test_an_office_taken_from_a_merged_cell_is_said(tmp_path):
    rows = tasks(ledger(tmp_path, "plan.html", page([HEAD, *ROWS])))
    assert [bool(each.doubts) for each in rows] == [False, False, False, True]
    assert "合并" in rows[3].doubts[0]


def test_a_table_pasted_as_text_keeps_its_empty_cells(tmp_path):
    pasted = LETTER + "\n" + "\n".join("\t".join(row) for row in [HEAD, *ROWS]) + "\n"
    found = tasks(ledger(tmp_path, "plan.txt", pasted))
    assert [each.task for each in found] == ["落实减税降费", "落实减税降费", "加大融资支持", "加大融资支持"]


def test_the_sheet_says_in_which_row_a_task_stands(tmp_path):
    read = ledger(tmp_path, "plan.html", page([HEAD, *ROWS]))
    assert write_ledger(read, tmp_path / "ledger.xlsx") == 4
    sheet = CalamineWorkbook.from_path(tmp_path / "ledger.xlsx").get_sheet_by_index(0).to_python()
    assert sheet[3][-1].endswith("表第2行")


def test_a_table_of_figures_divides_no_work():
    assert task_rows("地区\t户数\t金额\n甲县\t3\t100\n乙县\t4\t200") == ()
    assert task_rows("牵头单位\t市财政局\n配合单位\t市税务局") == ()


@given(
    st.lists(
        st.lists(st.sampled_from(["", "任务", "牵头单位", "市财政局", "7月", " x "]), max_size=6), max_size=8
    )
)
def test_any_table_gives_rows_whose_places_lie_in_it(rows):
    text = "\n".join("\t".join(row) for row in rows)
    for row in task_rows(text):
        assert 0 <= row.start <= row.end <= len(text)
        assert text[slice(*row.task)].strip()
