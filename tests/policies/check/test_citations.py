"""Words stand in their clause once, and contain the figures that they back."""

import pytest

CONDITION = "  - {if: employees < 50, words: 职工不足50人的企业}"
SOURCE = "  - {document: town-1, clause: 一/（一）, words: 职工不足50人的企业}"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (SOURCE, SOURCE.replace("town-1", "town-2"), "document-undescribed"),
        (SOURCE, SOURCE.replace("一/（一）", "三/（九）"), "clause-unknown"),
        (SOURCE, SOURCE.replace("一/（一）", "一/（二）"), "words-not-found"),
        (SOURCE, SOURCE.replace("50人的企业", "60人的企业"), "words-not-found"),
        (SOURCE, SOURCE.replace("职工不足50人的企业", "经营正常的企业"), "words-not-once"),
        (SOURCE, SOURCE.replace("职工不足50人的企业", "不足50人"), "words-too-short"),
        (CONDITION, CONDITION.replace("50人的企业", "60人的企业"), "words-not-found"),
        ("words: 每户最高不超过2万元", "words: 每户最高不超过3万元", "words-not-found"),
        ("words: 按月租金的50%补助", "words: 按月租金的5%补助", "words-not-found"),
    ],
)
def test_words_are_sought_in_the_text(found, old, new, code):
    assert code in {each.code for each in found((old, new), documents=True)}


def test_widths_spaces_and_line_breaks_do_not_matter(folder):
    text = (folder.texts / "town-1.txt").read_text(encoding="utf-8")
    (folder.texts / "town-1.txt").write_text(
        text.replace("职工不足50人的企业", "职工不足５０ 人\n的企业"), encoding="utf-8"
    )
    assert folder.check(documents=True).errors == ()


def test_without_the_texts_only_the_figures_are_asked(found):
    assert found((SOURCE, SOURCE.replace("一/（一）", "三/（九）"))) == []


def test_a_text_that_is_missing_is_told(folder):
    (folder.texts / "town-1.txt").unlink()
    assert {each.code for each in folder.check(documents=True).errors} == {"document-unknown"}


def test_a_document_that_cannot_be_had_is_not_searched(folder):
    document = (folder.root / "town-1/document.yaml").read_text(encoding="utf-8")
    folder.write("town-1/document.yaml", document + "at_hand: no\n")
    (folder.texts / "town-1.txt").unlink()
    assert folder.check(documents=True).errors == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("if: employees < 50", "if: employees < 51"),
        ("{value: 50%,", "{value: 60%,"),
        ("{value: 3,", "{value: 4,"),
        ("amount: 20_000", "amount: 20_000.01"),
        ("min(months_leased, months)", "min(months_leased, 7)"),
        ("if: employees < 50,", "if: founded < '2031-06-30',"),
    ],
)
def test_a_figure_must_stand_in_its_words(found, old, new):
    errors = found((old, new))
    assert "figure-not-in-words" in {each.code for each in errors}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("amount: 20_000", "amount: 2_0000"),
        ("amount: monthly_rent * rate *", "amount: monthly_rent / 12 * 12 * rate *"),
        ("amount: monthly_rent * rate *", "amount: monthly_rent * 1 * rate *"),
        (
            CONDITION,
            f"{CONDITION}\n  - {{if: \"as_of >= '2031-01-01' and as_of < '2032-01-01'\", words: 企业，2031年内按月租金}}",
        ),
    ],
)
def test_a_figure_may_be_written_as_the_words_mean_it(found, old, new):
    assert found((old, new), documents=True) == []


STRAY = SOURCE.replace("words: 职工不足50人的企业", "words: 各部门要加强领导")


@pytest.fixture
def text_with_a_duty(folder):
    path = folder.texts / "town-1.txt"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("从速。", "从速。各部门要加强领导，压实责任。"), encoding="utf-8")
    return path


@pytest.mark.usefixtures("text_with_a_duty")
def test_a_measure_is_cited_where_it_is_promised(found):
    (finding,) = found((SOURCE, STRAY), documents=True)
    assert (finding.code, finding.cell) == ("citation-astray", "sources")
    assert "organisation" in finding.why


@pytest.mark.usefixtures("text_with_a_duty")
def test_a_later_source_beside_the_promise_is_worth_a_note(folder, measure_text):
    folder.write("town-1/rent-help.yaml", measure_text.replace(SOURCE, f"{SOURCE}\n{STRAY}"))
    report = folder.check(documents=True)
    assert report.errors == ()
    assert "citation-astray" in {each.code for each in report.information}


def test_the_promises_that_no_measure_cites_are_counted(folder):
    path = folder.texts / "town-1.txt"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("（二）送服务。", "（二）送服务。对新办企业免费刻章。"), encoding="utf-8")
    (covered,) = folder.check(documents=True).covered
    assert (covered.document, covered.benefits, covered.unencoded) == ("town-1", 2, 1)
    assert folder.check().covered == ()
