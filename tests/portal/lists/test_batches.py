"""Candidates of a rule admitted together, files of members, what is in doubt cell by cell, and taking it all back."""

import datetime
import io

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from offices import GEJIU, MENGZI, TODAY, code_of, run_jobs

from huiqi.portal.acts.models import Event
from huiqi.portal.acts.refusals import Refused
from huiqi.portal.lists.kinds import kinds
from huiqi.portal.lists.membership import members_on
from huiqi.portal.lists.models import Batch, Candidate, Entry, Search
from huiqi.portal.lists.replay import events_of_list, replayed
from huiqi.portal.lists.work import find_candidates, watch

pytestmark = pytest.mark.django_db
POOL, HARD = "specialised-pool", "difficulty-sector-firms"
FIT = {"size": "small", "innovative_sme": "yes", "specialised_sme": "no"}


class Working:
    def __init__(self, day=TODAY, **arguments):
        self.arguments, self.today = arguments, day
        self.now = datetime.datetime.combine(day, datetime.time(2), datetime.UTC)

    def report(self, done, total):
        return None


def search(kept, day=TODAY):
    return find_candidates.work(Working(day, list=kept.pk))[str(kept.pk)]


def candidates(kept, certain=True):
    rows = Candidate.objects.for_site("test").filter(kept=kept, certain=certain)
    return {each.firm_id: each.missing for each in rows}


def code(caught):
    return caught.value.findings[0].code


def admit(by, kept, firms, **more):
    values = {
        "kept": kept.pk,
        "firms": [each.pk for each in firms],
        "rule": kinds()[kept.kind].digest,
        **more,
    }
    return by.do("list.admit", None, values, key=f"admit:{[each.pk for each in firms]}"[:80])


def test_who_meets_the_rule_is_found_and_of_whom_too_little_is_known_is_told_apart(kept, firm):
    pool = kept(POOL)
    fits, lacks, fails = (
        firm(1, facts=FIT),
        firm(2, facts={"size": "small"}),
        firm(3, facts={**FIT, "size": "large"}),
    )
    person = firm(4, subject="self_employed", facts=FIT)
    assert search(pool) == {"certain": 1, "unknown": 1, "left_out": 0}
    assert candidates(pool) == {fits.pk: []}
    missing = candidates(pool, certain=False)
    assert set(missing) == {lacks.pk}
    assert {name for _record, name, _period in missing[lacks.pk]} == {"innovative_sme", "specialised_sme"}
    assert fails.pk not in missing
    assert person.pk not in missing


def test_the_search_leaves_nobody_out_whom_the_rule_may_take(kept, firm):
    hard = kept(HARD)
    hit = {"hit_by_epidemic": "yes"}
    shop = firm(1, industry="H6210", facts=hit)
    unknown_trade = firm(2, industry="", facts=hit)
    section_only = firm(3, industry="G", facts=hit)
    firm(4, industry="J66", facts=hit)
    search(hard)
    assert set(candidates(hard)) == {shop.pk}
    assert set(candidates(hard, certain=False)) == {unknown_trade.pk, section_only.pk}


def test_candidates_of_a_list_that_needs_no_review_become_members_by_one_act(clerk, kept, firm):
    pool, fits = kept(POOL), [firm(number, facts=FIT) for number in (1, 2)]
    batch = admit(clerk, pool, fits)
    assert batch.state == "taken"
    assert members_on(POOL, TODAY) == {each.pk for each in fits}
    said = Event.objects.get(act="list.admit").body
    assert said["became"] == "member"
    assert len(said["entries"]) == 2
    assert {each.subject for each in replayed(events_of_list(), pool.pk).values()} == {
        each.pk for each in fits
    }
    search(pool)
    assert candidates(pool) == {}


def test_candidates_of_a_list_with_review_become_proposals(clerk, reviewer, approver, kept, firm):
    hard = kept(HARD)
    shop = firm(1, facts={"hit_by_epidemic": "yes"})
    admit(clerk, hard, [shop])
    assert members_on(HARD, TODAY) == frozenset()
    entry = Entry.objects.for_site("test").get()
    assert (entry.state, entry.ground) == ("proposed", "rule")
    assert entry.until == datetime.date(2023, 7, 31)
    reviewer.do("list.review", entry.pk)
    approver.do("list.approve", entry.pk)
    assert members_on(HARD, TODAY) == {shop.pk}


def test_one_who_meets_the_rule_no_more_stops_the_whole_batch(clerk, kept, firm):
    pool = kept(POOL)
    good, bad = firm(1, facts=FIT), firm(2, facts={**FIT, "innovative_sme": "no"})
    with pytest.raises(Refused) as caught:
        admit(clerk, pool, [good, bad])
    assert code(caught) == "list-rule-unmet"
    assert "虚构企业2" in caught.value.findings[0].why
    assert not Entry.objects.for_site("test").exists()


def test_a_rule_that_changed_since_the_preview_is_not_acted_on(clerk, kept, firm):
    with pytest.raises(Refused) as caught:
        admit(clerk, kept(POOL), [firm(1, facts=FIT)], rule="0" * 64)
    assert code(caught) == "list-rule-changed"


def test_a_county_admits_its_own_firms_only(gejiu, kept, firm):
    with pytest.raises(Refused) as caught:
        admit(gejiu, kept(POOL), [firm(1, MENGZI, facts=FIT)])
    assert code(caught) == "list-no-firm"


def test_a_list_by_nomination_has_no_candidates(clerk, kept, firm):
    with pytest.raises(Refused) as caught:
        admit(clerk, kept("chain-white-list"), [firm(1)])
    assert code(caught) == "list-no-rule"


def sheet(*rows):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet("名单")
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                page.write(number, column, value)
    return out.getvalue()


def upload(office, kept, content, name="名单.csv", **more):
    given = {
        "file": SimpleUploadedFile(name, content),
        "begins": "2022-06-01",
        "basis": "虚构文〔2022〕1号",
        "key": f"{name}{len(content)}"[:80],
        **more,
    }
    return office.client.post(reverse("list-import", kwargs={"number": kept.pk}), given)


def import_file(office, kept, content, name="名单.csv", **more) -> Batch:
    answer = upload(office, kept, content, name, **more)
    assert answer.status_code == 302, answer.content.decode()
    return Batch.objects.for_site("test").order_by("-pk").first()


def csv(*rows, headings="统一社会信用代码,企业名称,列入日期,有效期至,列入理由"):
    return "\n".join([headings, *rows]).encode()


def test_a_file_is_checked_cell_by_cell_and_nobody_is_on_the_list_yet(group, kept, firm):
    titles = kept("specialised-smes")
    firm(1), firm(2), firm(3)
    batch = import_file(
        group,
        titles,
        csv(
            f"{code_of(1)},虚构企业1,2021-09-01,,",
            f"{code_of(2)},另一个名称,2021-09-01,,",
            f"{code_of(3)},虚构企业3,2021年13月1日,,",
            f"{code_of(1)},虚构企业1,2021-09-01,,",
            f"{code_of(9)},虚构企业9,2021-09-01,,",
            ",没有代码,2021-09-01,,",
            f"{code_of(3)},虚构企业3,2021-09-01,2029-09-01,",
        ),
    )
    assert batch.counts == {"rows": 7, "good": 1, "doubtful": 6, "findings": 6}
    assert [(each["row"], each["code"], each["cell"]) for each in batch.findings] == [
        (3, "list-other-name", "B3"),
        (4, "not-a-date", "C4"),
        (5, "duplicate-firm", "A5"),
        (6, "list-no-firm", "A6"),
        (7, "no-credit-code", "A7"),
        (8, "list-days", "D8"),
    ]
    assert not Entry.objects.for_site("test").exists()
    assert batch.rows[0][1:3] == ["2021-09-01", "2024-08-31"]


def test_a_file_is_taken_after_two_others_agreed_and_can_be_taken_back(group, reviewer, approver, kept, firm):
    titles, mill = kept("specialised-smes"), firm(1)
    batch = import_file(group, titles, csv(f"{mill.credit_code},,2021-09-01,,第一批"))
    with pytest.raises(Refused):
        group.do("list.pass", batch.pk)
    reviewer.do("list.pass", batch.pk)
    taken = approver.do("list.take", batch.pk)
    assert (taken.state, taken.counts["taken"]) == ("taken", 1)
    assert members_on("specialised-smes", TODAY) == {mill.pk}
    entry = Entry.objects.for_site("test").get()
    assert (entry.reason, entry.basis, entry.ground) == ("第一批", "虚构文〔2022〕1号", "file")
    approver.do("list.undo", batch.pk, {"reason": "文件有误"})
    assert members_on("specialised-smes", TODAY) == frozenset()
    assert replayed(events_of_list(), titles.pk) == {}
    again = import_file(group, titles, csv(f"{mill.credit_code},,2021-09-01,,第一批", f"{code_of(8)},,,,"))
    assert again.counts["good"] == 1


def test_a_batch_on_which_something_rests_is_not_taken_back(group, reviewer, approver, clerk, kept, firm):
    titles, mill = kept("specialised-smes"), firm(1)
    batch = import_file(group, titles, csv(f"{mill.credit_code},,2021-09-01,,"))
    reviewer.do("list.pass", batch.pk)
    approver.do("list.take", batch.pk)
    clerk.do("list.put_up", Entry.objects.for_site("test").get().pk, {"reason": "已停产"})
    with pytest.raises(Refused) as caught:
        approver.do("list.undo", batch.pk, {"reason": "文件有误"})
    assert code(caught) == "list-in-use"


def test_somebody_who_came_on_the_list_meanwhile_stops_the_file(
    group, reviewer, approver, kept, firm, on_list
):
    titles, mill = kept("specialised-smes"), firm(1)
    batch = import_file(group, titles, csv(f"{mill.credit_code},,2021-09-01,,"))
    reviewer.do("list.pass", batch.pk)
    on_list(titles, mill)
    with pytest.raises(Refused) as caught:
        approver.do("list.take", batch.pk)
    assert code(caught) == "list-already"
    assert approver.do  # the file can still be dropped by who handed it in
    assert group.do("list.drop", batch.pk).state == "dropped"


def test_counties_come_from_a_workbook_with_their_days(group, reviewer, approver, kept):
    risk = kept("risk-county-2022")
    rows = (
        ("2022年中高风险区情况", "", "", ""),
        ("县（市、区）", "自", "至", "依据"),
        ("蒙自市", "2022-02-16", "2022-03-05", "疫情防控指挥部通告"),
        ("个旧市", "2022/3/20", "2022/4/2", ""),
        ("昆明市", "2022-02-16", "", ""),
    )
    batch = import_file(group, risk, sheet(*rows), "名单.xlsx")
    assert batch.counts["good"] == 2
    assert [each["code"] for each in batch.findings] == ["list-no-county"]
    reviewer.do("list.pass", batch.pk)
    approver.do("list.take", batch.pk)
    assert members_on("risk-county-2022", TODAY) == {MENGZI, GEJIU}
    assert members_on("risk-county-2022", datetime.date(2022, 3, 1)) == {MENGZI}
    assert {each.state for each in Entry.objects.for_site("test")} == {"ended"}


@pytest.mark.parametrize(
    ("content", "name", "wanted"),
    [
        (b"", "a.csv", "file"),
        (b"MZ\x90\x00 not a table", "a.csv", ""),
        (b"PK\x03\x04 broken", "a.xlsx", ""),
        (b"a,b\n1,2", "a.exe", "不能读取这种文件"),
        ("名称,备注\n甲,乙".encode(), "a.csv", "没有找到表头"),
        (("统一社会信用代码\n" + "\n".join(str(n) for n in range(5_001))).encode(), "a.csv", "超过5,000行"),
    ],
)
def test_a_file_that_is_no_list_is_refused_and_nothing_is_kept(group, kept, content, name, wanted):
    answer = upload(group, kept("specialised-smes"), content, name)
    assert answer.status_code == 422
    assert wanted in answer.content.decode()
    assert not Batch.objects.for_site("test").exists()


def test_cells_that_look_like_formulas_are_text(group, kept, firm):
    mill = firm(1, name="=cmd|'/c calc'!A1")
    content = csv(f"{mill.credit_code},=cmd|'/c calc'!A1,2021-09-01,,=1+1")
    assert import_file(group, kept("specialised-smes"), content).counts["good"] == 1


def test_nobody_leaves_silently_a_rule_that_is_met_puts_a_member_up(clerk, approver, kept, firm):
    pool, mill = kept(POOL), firm(1, facts=FIT)
    admit(clerk, pool, [mill])
    assert watch.work(Working())["rule"] == 0
    mill.facts = {
        **mill.facts,
        "specialised_sme": [{"value": "yes", "source": "office", "date": "2022-07-30"}],
    }
    mill.save()
    assert watch.work(Working())["rule"] == 1
    assert watch.work(Working())["rule"] == 0
    entry = Entry.objects.for_site("test").get()
    assert entry.doubt["why"] == "rule"
    assert members_on(POOL, TODAY) == {mill.pk}
    approver.do("list.keep", entry.pk, {"reason": "继续培育"})
    assert watch.work(Working(TODAY + datetime.timedelta(1)))["rule"] == 0
    assert watch.work(Working(TODAY + datetime.timedelta(92)))["rule"] == 1


def test_a_term_that_ends_within_thirty_days_is_put_up_and_then_lapses(kept, firm, on_list):
    entry = on_list(kept("specialised-smes"), firm(1), "2019-09-02")
    assert entry.until == datetime.date(2022, 9, 1)
    assert watch.work(Working(datetime.date(2022, 8, 1)))["term"] == 0
    assert watch.work(Working(datetime.date(2022, 8, 2)))["term"] == 1
    entry.refresh_from_db()
    assert (entry.state, entry.doubt["why"]) == ("member", "term")
    assert watch.work(Working(datetime.date(2022, 9, 1)))["lapsed"] == 0
    assert watch.work(Working(datetime.date(2022, 9, 2)))["lapsed"] == 1
    entry.refresh_from_db()
    assert (entry.state, entry.doubt) == ("ended", None)
    assert members_on("specialised-smes", datetime.date(2022, 9, 1)) == {entry.firm_id}
    assert members_on("specialised-smes", datetime.date(2022, 9, 2)) == frozenset()


def test_a_search_that_was_asked_for_on_the_page_runs_as_a_job(clerk, kept, firm):
    pool = kept(POOL)
    firm(1, facts=FIT)
    clerk.client.post(reverse("list-search", kwargs={"number": pool.pk}))
    run_jobs()
    assert Search.objects.get(kept=pool).certain == 1


def test_what_is_in_doubt_is_told_in_english_too(clerk, kept, firm):
    white, mill = kept("chain-white-list"), firm(1)
    rows = ["统一社会信用代码,列入日期", f"{mill.credit_code},2022-07-01", f"{mill.credit_code},2022-07-01"]
    rows += ["12345,2022-07-01", f"{firm(2).credit_code},昨天"]
    file = SimpleUploadedFile("members.csv", "\n".join(rows).encode())
    given = {"file": file, "begins": "2022-07-01", "basis": "文件", "key": "english"}
    answer = clerk.client.post(reverse("list-import", kwargs={"number": white.pk}), given)
    assert answer.status_code == 302, answer.content.decode()
    clerk.client.cookies["django_language"] = "en"
    said = [each["said"] for each in clerk.client.get(answer.url).context["findings"]]
    assert said[0] == "The same as row 2: keep one of them"
    assert all(text.isascii() for text in said)
    assert len(said) == 3
    clerk.client.cookies["django_language"] = "zh-hans"
    assert "与第2行重复" in clerk.client.get(answer.url).content.decode()
