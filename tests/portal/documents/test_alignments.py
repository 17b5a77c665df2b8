"""Two texts side by side: asked for, made by a job, shown with filters, seen by whom."""

import io
import json

import pytest
from django.urls import reverse
from offices import HONGHE, run_jobs
from python_calamine import CalamineWorkbook
from texts import CITY, PROVINCE

from huiqi.portal.acts.refusals import NotYours, Refused
from huiqi.portal.documents.kept_alignments import forget_alignment
from huiqi.portal.documents.models import Comparison
from huiqi.portal.documents.readings import library

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(group):
    return group.holds(PROVINCE, "虚江.txt"), group.holds()


def test_an_alignment_shows_pairs_what_differs_and_what_was_dropped(group, pair):
    made = group.aligned(*pair)
    assert made.state == "ready"
    assert made.counts["dropped"] == 1
    shown = group.page("alignment", number=made.pk)
    assert '<mark class="change-weakened">6个月</mark>' in shown
    assert '<mark class="change-weakened">3个月</mark>' in shown
    assert "缓缴社会保险费" in shown
    assert "相近程度" in shown


@pytest.mark.parametrize(
    ("which", "holds", "lacks"),
    [
        ("weakened", "6个月租金", "缓缴社会保险费"),
        ("dropped", "缓缴社会保险费", "6个月租金"),
        ("figure", "3个月", "缓缴社会保险费"),
        ("added", "没有这一类不同", "缓缴社会保险费"),
    ],
)
def test_it_is_narrowed_by_kind_of_difference(group, pair, which, holds, lacks):
    made = group.aligned(*pair)
    shown = group.page("alignment", number=made.pk, query=f"?which={which}")
    flat = shown.replace('<mark class="change-weakened">', "").replace("</mark>", "")
    assert holds in flat
    assert lacks not in flat


def test_words_that_an_amendment_changed_are_marked_where_nothing_else_tells_them_apart(group, pair):
    text = PROVINCE.replace("对企业反映的问题", "对企业书面反映的问题")
    assert text != PROVINCE
    made = group.aligned(group.holds(text, "虚江修订.txt", key="amended"), pair[1], before=pair[0].pk)
    assert '对企业<mark class="change-changed">书面</mark>反映' in group.page(
        "alignment-amended", number=made.pk
    )


def test_plans_are_chosen(group):
    ten = "".join(
        f"附件{n}\n虚江省{name}行动方案\n一、总体要求\n（一）{name}做到{n}0%以上。（省财政厅牵头）\n"
        for n, name in ((1, "稳岗就业"), (2, "融资畅通"))
    )
    city = ten.replace("虚江省", "虚河市").replace("省财政厅", "市财政局")
    above = group.holds(
        "虚江省人民政府关于印发行动方案的通知\n各市：\n现印发给你们。\n" + ten, "a.txt", key="a"
    )
    below = group.holds(
        "虚河市人民政府关于印发行动方案的通知\n各县：\n现印发给你们。\n" + city, "b.txt", key="b"
    )
    made = group.aligned(above, below)
    shown = group.page("alignment", number=made.pk)
    assert '<option value="融资畅通">' in shown
    narrowed = group.page("alignment", number=made.pk, query="?plan=融资畅通")
    assert "融资畅通做到" in narrowed
    assert "稳岗就业做到" not in narrowed


def test_an_amendment_says_what_hangs_on_it(group, pair):
    amended = group.holds(PROVINCE.replace("免收6个月", "免收5个月"), "虚江修订.txt", key="amended")
    made = group.aligned(amended, pair[1], before=pair[0].pk)
    shown = group.page("alignment-amended", number=made.pk)
    assert "6个月" in shown
    assert "5个月" in shown
    assert "省国资委" in shown
    assert "一/（二）" in shown
    plain = group.aligned(*pair)
    group.page("alignment-amended", number=plain.pk, status=404)


def test_files_hold_the_same(group, pair):
    made = group.aligned(*pair)
    data = json.loads(group.page("alignment-json", number=made.pk))
    assert {"pairs", "dropped", "added"} <= data.keys()
    book = CalamineWorkbook.from_object(io.BytesIO(group.page("alignment-file", number=made.pk)))
    assert book.sheet_names[:2] == ["条款对照", "不同之处"]


def test_it_begins_on_the_page_of_a_text(group, pair):
    address = reverse("act", kwargs={"name": "alignment.start", "subject": "-"})
    assert f"{address}?subordinate={pair[1].pk}" in group.page("document", number=pair[1].pk)
    form = group.client.get(f"{address}?subordinate={pair[1].pk}")
    assert form.content.decode().count("selected") >= 1
    given = {"superior": pair[0].pk, "subordinate": pair[1].pk, "key": form.context["hidden"]["key"]}
    answer = group.client.post(address, given)
    made = Comparison.objects.for_site("test").get()
    assert answer.url == made.address()
    assert "正在对照" in group.page("alignment", number=made.pk)
    run_jobs()
    assert "下级没有" in group.page("alignment", number=made.pk)


@pytest.mark.parametrize(
    "given", [{}, {"superior": 1 << 70}, {"superior": -1}, {"superior": 10**6}, {"superior": "x"}]
)
def test_texts_that_are_not_there_are_refused(group, pair, given):
    values = {"superior": pair[0].pk, "subordinate": pair[0].pk, **given}
    with pytest.raises(Refused):
        group.do("alignment.start", None, values)


def test_a_county_aligns_what_is_shared_and_others_do_not_see_it(group, county, pair, appointed):
    made = county.aligned(*pair)
    assert "虚河市" in county.page("alignments")
    assert "虚河市" in group.page("alignments"), "the prefecture sees its county's"
    other = appointed("other", "leading_group", "530100")
    assert "还没有对照" in other.page("alignments")
    for name in ("alignment", "alignment-file", "alignment-json", "alignment-amended"):
        other.page(name, number=made.pk, status=404)
    with pytest.raises(NotYours):
        other.do("alignment.discard", made.pk)


def test_a_draft_that_is_withdrawn_takes_its_alignment_out_of_sight(group, county, pair):
    made = county.aligned(*pair)
    group.do("document.share", pair[0].pk, {"shared": False})
    county.page("alignment", number=made.pk, status=404)
    assert group.page("alignment", number=made.pk)
    assert pair[0].region == HONGHE


def test_a_result_that_is_lost_is_made_anew(group, pair):
    made = group.aligned(*pair)
    forget_alignment(made.pk)
    assert "请重新对照" in group.page("alignment", number=made.pk)
    group.do("alignment.again", made.pk)
    run_jobs()
    assert "缓缴社会保险费" in group.page("alignment", number=made.pk)


def test_a_text_whose_file_is_gone_is_told(group, pair):
    library().remove(pair[0].name)
    made = group.aligned(*pair)
    assert made.state == "failed"
    assert "读不出文件" in group.page("alignment", number=made.pk)


def test_what_a_text_holds_is_shown_as_text(group):
    above = group.holds(PROVINCE.replace("免收6个月", "<img src=x>免收6个月"), "a.txt", key="a")
    below = group.holds(CITY, "b.txt", key="b")
    made = group.aligned(above, below)
    assert "<img" not in group.page("alignment", number=made.pk)


@pytest.mark.parametrize("rows", [3, 30])
def test_a_list_costs_the_same_however_long_it_is(group, pair, rows, django_assert_max_num_queries):
    Comparison.objects.bulk_create(
        Comparison(
            superior=pair[0],
            subordinate=pair[1],
            region=HONGHE,
            started_by=group.user,
            started_at=pair[0].added_at,
        )
        for _ in range(rows)
    )
    with django_assert_max_num_queries(12):
        group.page("alignments")
