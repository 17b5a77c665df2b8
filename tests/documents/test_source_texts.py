"""The five official texts: counts, paths and digests, where the texts are at hand."""

import datetime

import pytest

from huiqi.documents import DocumentFolder

pytestmark = pytest.mark.documents

Y42 = "yunnan-2022-42-work-plan"
Y4 = "yunnan-2022-4-ten-action-plans"
Y237 = "yunnan-2021-237-support-institutions"
H1 = "honghe-2022-1-ten-action-plans"
D37 = "datong-2022-relief-measures"

FIFTEEN_PLANS = [
    *("财政惠企", "减税降费（一）", "减税降费（二）", "融资便利（一）", "融资便利（二）", "融资便利（三）"),
    *("稳岗就业", "保通保畅", "清欠活企", "创新创业", "企业培优", "复工复产"),
    *("融通发展（一）", "融通发展（二）", "融通发展（三）"),
]

# Where the measures of the inventory stand. A name before the colon is put before each path behind it.
CITED = {
    Y42: """
        一: （一） （二） （三） （四） （五） （六） （八）
        二: （一） （二） （三） （四） （五）
        三: （一）
        : 三/（四）
    """,
    Y4: """
        财政惠企/二: （一） （二） （三） （六）
        减税降费（一）: 二/（一） 二/（二） 二/（三） 二/（四） 三/（五）
        减税降费（二）/二: （二） （三）
        融资便利（一）: 一
        融资便利（二）: 一 二/（一） 二/（六）
        融资便利（三）: 一 二/（二） 二/（五）
        稳岗就业/二: （一） （二） （三） （四） （五） （六） （七） （八） （九）
        保通保畅/二: （二） （四） （五）
        清欠活企/二: （一） （二）
        创新创业: 二/（一） 二/（二） 二/（三） 二/（四） 三/（三）
        企业培优: 一 二/（一）
        复工复产: 一 二/（四） 二/（五） 二/（六） 三/（四）
        融通发展（一）/二: （一） （二） （四） （四）/2
        融通发展（二）: 一 二/（一） 二/（二） 二/（三） 二/（五） 三/（四）
    """,
    H1: """
        财政惠企/二: （一） （二） （三） （四） （五）
        减税降费（一）: 二/（一） 二/（二） 二/（三） 二/（四） 三/（五）
        减税降费（二）/二: （二） （三）
        融资便利（一）: 二
        融资便利（二）/二: （一） （四） （七）
        融资便利（三）/二: （二）/4 （二）/5 （二）/6 （三）/8
        稳岗就业/二: （一） （二） （三） （四） （五） （六） （七） （八）
        保通保畅/二: （一） （二） （四） （五）
        清欠活企/二: （一） （二）
        创新创业: 一 二/（一） 二/（二） 二/（三） 三/（三）
        企业培优: 一 二/（一） 三/（三）
        复工复产: 二/（三） 二/（五） 二/（六） 三/（四）
        融通发展（一）/二: （一） （二） （四）
        融通发展（二）: 一 二/（一） 二/（二） 二/（三） 三/（三）
    """,
    Y237: """
        : 二/（七） 二/（八） 四/（十四） 四/（十六） 六/（二十一） 七/（二十四）
    """,
    D37: """
        二: （一）/1 （一）/2 （一）/3 （二）/4 （三）/8 （四）/12 （五）/14 （六）/15 （七）/17 （八）/20
        二: （八）/21 （九）/25 （九）/26 （九）/27 （九）/30 （十）/35
        三: （一）
    """,
}


def _cited():
    for document_id, table in CITED.items():
        for row in table.strip().splitlines():
            above, _, paths = row.strip().partition(":")
            for path in paths.split():
                yield document_id, f"{above}/{path}".lstrip("/")


@pytest.fixture(scope="module")
def texts(source_texts):
    return DocumentFolder(source_texts)


@pytest.mark.parametrize("document_id", [Y4, H1])
def test_both_notices_hold_exactly_the_fifteen_plans(texts, document_id):
    document = texts.document(document_id)
    assert [plan.short_name for plan in document.plans] == FIFTEEN_PLANS
    assert all(plan.issuer for plan in document.plans)
    assert document.letter is not None


@pytest.mark.parametrize(
    ("document_id", "counts", "digest"),
    [
        (Y42, (1, 23), "be34bd9c8dea"),
        (Y4, (15, 207), "3c1db74fb0c6"),
        (Y237, (1, 33), "582ffe36843f"),
        (H1, (15, 221), "baafbc8b5c06"),
        (D37, (1, 54), "e8e413d010c6"),
    ],
)
def test_each_text_is_read_whole(texts, document_id, counts, digest):
    document = texts.document(document_id)
    assert (len(document.plans), len(document.clauses())) == counts
    assert document.digest.startswith(digest)
    assert not any("#" in clause.path for clause in document.clauses())


@pytest.mark.parametrize(
    ("document_id", "number", "date"),
    [
        (Y42, None, datetime.date(2022, 5, 31)),
        (Y4, None, datetime.date(2022, 6, 8)),
        (Y237, "云工信中小〔2021〕237号", datetime.date(2021, 8, 26)),
        (H1, "州民营办〔2022〕1号", datetime.date(2022, 7, 31)),
        (D37, None, None),
    ],
)
def test_number_and_date_are_those_printed(texts, document_id, number, date):
    document = texts.document(document_id)
    assert (document.number, document.date) == (number, date)


@pytest.mark.parametrize(("document_id", "path"), list(_cited()))
def test_every_clause_of_the_inventory_resolves(texts, document_id, path):
    clause = texts.document(document_id).clause(path)
    assert clause.path == path
    assert clause.text


@pytest.mark.parametrize(
    ("document_id", "cited", "path"),
    [
        (D37, "15", "二/（六）/15"),
        (D37, "二/15", "二/（六）/15"),
        (Y237, "（八）", "二/（八）"),
        (H1, "融资便利（三）/二/4", "融资便利（三）/二/（二）/4"),
        (H1, "减税降费(一)/二/(二)", "减税降费（一）/二/（二）"),
        (H1, "物流保通保畅/二/（四）", "保通保畅/二/（四）"),
    ],
)
def test_shorter_citations_resolve_where_they_are_unique(texts, document_id, cited, path):
    assert texts.document(document_id).clause(cited).path == path


def test_the_text_without_numbers_still_has_its_parts(texts):
    # The copy lost the number of the first heading of this plan.
    goal = texts.document(H1).clause("创新创业/一")
    assert (goal.printed, len(goal.heading)) == ("", 4)


@pytest.mark.parametrize("document_id", [Y42, Y4, Y237, H1, D37])
def test_every_printed_line_is_in_one_clause_or_margin(texts, source_texts, document_id):
    document = texts.document(document_id)
    text = (source_texts / f"{document_id}.txt").read_text(encoding="utf-8")
    spans = sorted((each.start, each.end) for each in (*document.clauses(), *document.margins))
    position = 0
    for start, end in spans:
        assert not text[position:start].strip()
        assert position <= start
        position = end
    assert not text[position:].strip()
