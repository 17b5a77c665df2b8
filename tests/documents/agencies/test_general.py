"""Sentences that speak for all clauses."""

from huiqi.documents import read_document
from huiqi.documents.agencies import Place, general_statements, implied_for

DATONG = Place.of("1402")


def test_the_first_unit_leads_once_for_all():
    for sentence in (
        "各项任务第一个责任单位为牵头单位。",
        "责任单位排在第一位的为牵头单位。",
        "所列责任单位中，列首位的是牵头单位，其余为配合单位。",
        "（排名第一的为牵头单位，下同）",
    ):
        assert general_statements([("一", sentence)], DATONG).first_leads, sentence
    assert not general_statements([("一", "第一，市工信局牵头。")], DATONG).first_leads


def test_what_all_clauses_ask_of_the_counties():
    declared = general_statements(
        [("二/1", "（责任单位：市财政局，以下措施均需各县区人民政府、园区管委会落实，不再列出。）")], DATONG
    )
    assert [(each.mention.agency, each.mention.role, each.scope, each.path) for each in declared.implied] == [
        ("大同市各县（区）人民政府", "implement", "following", "二/1"),
        ("大同市各开发区管理委员会", "implement", "following", "二/1"),
    ]
    declared = general_statements([("一/1", "以下均需各县〔市、区〕政府落实，不再列出。")], DATONG)
    assert [(each.mention.role, each.scope) for each in declared.implied] == [("implement", "following")]
    (every,) = general_statements([("三", "各项任务均由各县（市、区）人民政府负责落实。")], DATONG).implied
    assert (every.scope, every.mention.role) == ("all", "implement")


def test_a_plain_duty_is_no_general_statement():
    assert general_statements([("三", "各县（区）、各部门要落实各项政策。")], DATONG).implied == ()


def test_the_implied_go_to_the_measures_that_follow_in_the_same_part(tmp_path):
    file = tmp_path / "notice.txt"
    file.write_text(
        "大同市帮扶企业方案\n\n一、目标\n\n办成事。\n\n二、措施\n\n（一）减租。减三个月。（责任单位：市国资委，"
        "以下措施均需各县区人民政府落实，不再列出。）\n\n（二）减税。减一半。（责任单位：市税务局）\n\n三、保障\n\n加强领导。\n",
        encoding="utf-8",
    )
    document = read_document(file)
    declared = general_statements(document, DATONG)
    assert [each.printed for each in implied_for(declared, document, "二/（二）")] == ["各县区人民政府"]
    for path in ("一", "二", "二/（一）", "三"):
        assert implied_for(declared, document, path) == ()
