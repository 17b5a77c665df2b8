"""What the lists say in Chinese, and how charts and markup are kept safe."""

from __future__ import annotations

from typing import Any

import pytest

from huiqi.rules.reasons import MissingFact
from huiqi.screening.report.charts import Bar, bars, short_yuan
from huiqi.screening.report.fact_names import FactNames
from huiqi.screening.report.markup import Html, joined, tag
from huiqi.screening.report.measure_texts import BY_FIRM, BY_OFFICE, MeasureTexts
from huiqi.screening.report.workbooks import county_name, file_name
from huiqi.screening.results import fact_name


@pytest.mark.parametrize(
    ("written", "label", "who"),
    [
        ("lease.landlord", "租约：出租方", "企业自己"),
        ("leases", "租约清单", "企业自己"),
        ("region", "所在地", "市场监管部门"),
        ("revenue[2021]", "2021年营业收入", None),
        ("list.risk-county-2022", "是否列入“2022年曾被列为疫情中高风险区的县级行政区域”", "州卫生健康委"),
    ],
)
def test_a_missing_fact_has_a_label_and_somebody_who_knows_it(
    library: Any, written: str, label: str, who: str | None
) -> None:
    names = FactNames(library)
    fact = names.fact(written)
    assert names.label(fact) == label
    assert who is None or names.who(fact) == who
    assert names.english(fact)


def test_every_fact_is_read_back_as_it_is_written(library: Any) -> None:
    names = FactNames(library)
    facts = [MissingFact(each.record, each.name) for each in library.facts]
    facts += [MissingFact("subject", name) for name in library.facts.records if name != "subject"]
    facts += [MissingFact("list", name) for name in library.lists]
    for fact in facts:
        assert names.fact(fact_name(fact, library)) == fact


def test_open_conditions_are_those_that_read_what_is_missing(library: Any) -> None:
    texts = MeasureTexts(library)
    for number, measure in enumerate(texts.rules):
        soft = [each for each in measure.when if each.soft]
        for each in soft:
            read = sorted(MissingFact(*pair) for pair in texts._read(each.test))
            found = texts.open_conditions(number, tuple(read))
            assert found.text
            assert set(found.who.split("、")) <= {BY_FIRM, BY_OFFICE}
            if len(soft) == 1:
                assert found.declared_only == each.declared
                assert "；" not in found.text or each.title.count("；") == found.text.count("；")


@pytest.mark.parametrize(
    ("fen", "text"),
    [
        *((0, "0元"), (49, "0元"), (50, "1元"), (999_949, "9,999元"), (1_000_000, "1.0万元")),
        *(
            (1_234_567, "1.2万元"),
            (1_250_000, "1.3万元"),
            (9_994_999_999, "9,995.0万元"),
            (9_999_950_000, "1.00亿元"),
        ),
        *((10_000_000_000, "1.00亿元"), (1_234_500_000_000, "123.45亿元"), (-1_250_000, "-1.3万元")),
    ],
)
def test_chart_amounts_are_rounded_half_up(fen: int, text: str) -> None:
    assert short_yuan(fen) == text


def test_markup_escapes_everything_that_is_not_markup() -> None:
    assert (
        tag("p", "<b>", Html("<i></i>"), 3, None, class_='"x"')
        == '<p class="&quot;x&quot;">&lt;b&gt;<i></i>3</p>'
    )
    assert joined("a&b", "\x00\u202e") == "a&amp;b\ufffd\ufffd"


@pytest.mark.parametrize("attribute", ["style", "onclick", "on_load"])
def test_markup_refuses_what_the_policy_forbids(attribute: str) -> None:
    with pytest.raises(ValueError, match="no attribute"):
        tag("p", **{attribute: "x"})
    with pytest.raises(ValueError, match="no element"):
        tag("script", "x")


def test_a_chart_holds_hostile_labels_as_text_and_no_style() -> None:
    svg = bars("one", "题", "说", [Bar("</text><script>x</script>", 3, "3&"), Bar("乙", 0, "0")])
    assert "<script" not in svg
    assert "&lt;/text&gt;&lt;script&gt;x&lt;/script&gt;" in svg
    assert "style" not in svg
    assert svg.count('role="img"') == 2


def test_a_file_bears_the_name_of_its_county_and_nothing_hostile() -> None:
    assert file_name("532503") == "532503-蒙自市"
    assert file_name("") == "unknown-不明"
    assert file_name("../../etc").startswith("other-")
    assert "/" not in file_name("../../etc")
    assert county_name("532503") == "蒙自市"
