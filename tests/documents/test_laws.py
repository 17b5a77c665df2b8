"""Laws that hold for any text: nothing is lost, and a well-numbered text comes back as it was written."""

from hypothesis import given, settings
from hypothesis import strategies as st

from huiqi.documents import UnreadableDocument, normalise, read_document

PRINTED = """
一、总则|二、办法|（一）减租。|(3) Open|1.先付。|2、后补|（1）甲|三、|First, goals|III. Work|第二条 范围
工作目标|某市工作方案|某市行动实施方案（二）|关于印发某市工作方案的通知|某政发〔2031〕7号|2031年4月1日|某局|抄送：某局。
- 3 -|- 用于补贴|附件：1.某方案|附件2|发布时间：2031-04-01 来源：某网|责任单位：某局|1.1 目的|1.2 范围|1 总则|①甲|1）乙|措施一：丙
一是甲；二是乙。|（一）甲。（二）乙。|【标题】|——丙|第一，甲。第二，乙。|第三条某|（2031年4月1日通过）|各县人民政府：|联系人：某某|上一篇：某
的通知|附件：1.某方案|为此，制定以下措施
"""
DROPPED = ("furniture", "page")
LINES = st.lists(st.text(max_size=40) | st.sampled_from(PRINTED.replace("\n", "|").split("|")), max_size=30)


@settings(max_examples=300, deadline=None)
@given(LINES)
def test_no_visible_character_is_lost_or_counted_twice(tmp_path_factory, lines):
    text = "某市通知\n" + "\n".join(lines).replace("\0", "")
    path = tmp_path_factory.getbasetemp() / "any.txt"
    path.write_bytes(text.encode("utf-8", "replace"))
    text = path.read_bytes().decode()
    try:
        document = read_document(path)
    except UnreadableDocument as error:
        assert "no writing" in error.why
        return
    for page in (margin for margin in document.margins if margin.kind in DROPPED):
        text = text[: page.start] + " " * len(page.text) + text[page.end :]
    position = 0
    printed_matter = [margin for margin in document.margins if margin.kind not in DROPPED]
    for piece in sorted((*document.clauses(), *printed_matter), key=lambda each: each.start):
        assert not normalise(text[position : piece.start])
        assert position <= piece.start < piece.end
        position = piece.end
    assert not normalise(text[position:])
    for clause in document.clauses():
        assert document.clause(clause.path) is clause
        assert _words(clause.printed + clause.text) == _words(text[clause.start : clause.end])
        for place in (clause, *clause.points):
            assert clause.text.startswith(clause.heading) or clause.heading in clause.text
            assert "".join(place.text[at : at + size] for at, _, size in place.origins) == "".join(
                document.source.text[source : source + size] for _, source, size in place.origins
            )
            for at, char in enumerate(place.text):
                begins, ends = place.source_span(at, at + 1)
                assert document.source.text[begins:ends] == char or char in " \n"


def _words(text):
    """Without the list marks that a converter puts before lines."""
    return normalise(text).translate(dict.fromkeys(map(ord, "-•*▪●·#")))


SENTENCES = st.text("甲乙丙丁戊己庚辛", min_size=2, max_size=30).map(lambda words: words + "。")
ITEMS = st.lists(st.tuples(SENTENCES, st.lists(SENTENCES, max_size=4)), max_size=5)


@settings(max_examples=100, deadline=None)
@given(
    parts=st.lists(st.tuples(SENTENCES, ITEMS), min_size=1, max_size=8),
    runs_on=st.booleans(),
    gap=st.booleans(),
)
def test_a_well_numbered_text_comes_back_with_its_paths_and_words(tmp_path_factory, parts, runs_on, gap):
    han = "一二三四五六七八九十"
    lines, expected, point = ["某市扶持企业工作方案"], {}, 0
    for part_at, (part, items) in enumerate(parts):
        lines.append(f"{han[part_at]}、{part}")
        expected[han[part_at]] = part
        for item_at, (item, points) in enumerate(items):
            above = f"{han[part_at]}/（{han[item_at]}）"
            lines.append(f"（{han[item_at]}）{item}")
            expected[above] = item
            point = point if runs_on else 0
            for words in points:
                point += 1
                lines.append(f"{point}.{words}")
                expected[f"{above}/{point}"] = words
    path = tmp_path_factory.getbasetemp() / "numbered.txt"
    path.write_text(("\n\n" if gap else "\n").join(lines), encoding="utf-8")
    assert {clause.path: clause.text for clause in read_document(path).clauses()} == expected
