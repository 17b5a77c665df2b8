"""Rosters: handed in, checked, taken once whatever happens, taken back."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from offices import MENGZI, NOW, code_of, firm, roster_of, run_jobs, said
from python_calamine import CalamineWorkbook

from huiqi.portal.acts.models import Event
from huiqi.portal.acts.refusals import NotNow, NotYours, Refused
from huiqi.portal.catalogue.shelf import library
from huiqi.portal.firms import files, taking
from huiqi.portal.firms.models import CONFIRMED, IN_REGISTER, Binding, FactChange, Firm, Roster
from huiqi.portal.firms.rows import written
from huiqi.portal.jobs.models import Job
from huiqi.portal.jobs.running import SILENCE, run_due

pytestmark = pytest.mark.django_db

TWO = roster_of("#1,蒙自虚构食品厂,532503,35", "#2,蒙自虚构餐饮店,532503,8")


def changes(**wanted):
    return FactChange.objects.for_site("test").filter(**wanted)


def test_a_roster_is_counted_before_anything_is_written(mengzi):
    roster = mengzi.hand_in(TWO)
    assert roster.state == "previewed"
    assert {name: roster.counts[name] for name in ("rows", "new", "changed", "unchanged", "doubtful")} == {
        "rows": 2,
        "new": 2,
        "changed": 0,
        "unchanged": 0,
        "doubtful": 0,
    }
    assert not Firm.objects.for_site("test").exists()


def test_a_taken_roster_is_in_the_register_with_source_and_date(mengzi):
    roster = mengzi.take(TWO)
    made = firm(1)
    assert (made.name, made.region, made.version) == ("蒙自虚构食品厂", MENGZI, 1)
    assert made.facts["employees"] == [
        {"value": "35", "source": "statistics", "date": "2022-06-30", "roster": roster.pk}
    ]
    assert roster.counts["taken"] == {"new": 2, "changed": 0, "rows": 2}
    finish = Event.objects.get(act="roster.finish")
    assert finish.body == {"digest": roster.digest, "counts": roster.counts["taken"]}
    assert changes(fact=IN_REGISTER, event=Event.objects.get(act="roster.take").sequence).count() == 2


def test_what_changed_is_kept_and_what_is_said_again_is_no_change(mengzi):
    mengzi.take(TWO)
    later = roster_of("#1,蒙自虚构食品厂,532503,40", "#2,蒙自虚构餐饮店,532503,8", "#3,新店,532503,2")
    roster = mengzi.take(later, dated="2022-07-31")
    counts = roster.counts
    assert (counts["new"], counts["changed"], counts["unchanged"]) == (1, 1, 1)
    assert said(1, "employees") == {"statistics": "40"}
    change = changes(fact="employees").get()
    assert (change.before[0]["value"], change.after[0]["value"]) == ("35", "40")
    assert firm(2).facts["employees"][0]["date"] == "2022-07-31"
    assert changes(fact=CONFIRMED, firm=firm(2)).get().before == {
        "name": "2022-06-30",
        "region": "2022-06-30",
        "employees": "2022-06-30",
    }


def test_sources_stand_beside_each_other_and_an_older_word_changes_nothing(mengzi):
    mengzi.take(TWO)
    mengzi.take(roster_of("#1,蒙自虚构食品厂,532503,33"), source="social_insurance")
    assert said(1, "employees") == {"statistics": "35", "social_insurance": "33"}
    old = mengzi.take(roster_of("#1,旧名,532503,10"), dated="2021-12-31")
    assert old.counts["unchanged"] == 1
    assert said(1, "employees")["statistics"] == "35"


def test_rows_in_doubt_are_told_by_row_and_column_and_stay_out(mengzi):
    rows = roster_of("#1,食品厂,532503,35", "#2,餐饮店,532503,很多", "91532503MA6K00010X,坏码,532503,1")
    roster = mengzi.hand_in(rows)
    assert (roster.counts["new"], roster.counts["doubtful"]) == (1, 2)
    told = {(each["row"], each["heading"]): each["code"] for each in roster.findings}
    assert told[3, "从业人员"] == "not-a-number"
    assert told[4, "统一社会信用代码"].startswith("credit-code")
    mengzi.do("roster.take", roster.pk)
    run_jobs()
    assert [each.name for each in Firm.objects.for_site("test")] == ["食品厂"]


@pytest.mark.parametrize(
    "cell", ["很\x01多", "\u202e多", "=cmd|'/c calc'!A1", "<script>alert(1)</script>", "九" * 5000]
)
def test_hostile_cells_are_quoted_as_harmless_lines(mengzi, cell):
    roster = mengzi.hand_in(roster_of(f"#1,食品厂,532503,{cell}", "#2,餐饮店,532503,8"))
    assert (roster.counts["new"], roster.counts["doubtful"]) == (1, 1)
    assert roster.findings[0]["value"].isprintable()
    page = mengzi.client.get(reverse("roster", kwargs={"number": roster.pk})).content.decode()
    assert "<script>alert" not in page


def test_the_sheet_comes_back_with_findings_beside_the_cells(mengzi):
    roster = mengzi.hand_in(roster_of("#1,=1+1,532503,35", "#2,餐饮店,532503,很多"))
    answer = mengzi.client.get(reverse("roster-findings", kwargs={"number": roster.pk}))
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
    rows = book.get_sheet_by_name("firms").to_python()
    assert rows[1][2] == "=1+1"
    assert rows[2][0] == "从业人员：不是数值"


def test_firms_of_another_county_are_not_touched(mengzi, gejiu):
    mengzi.take(TWO)
    moved = roster_of("#1,改名,532503,99", "#2,改名,532501,99", "#5,个旧店,532501,3", "#6,无地区,,1")
    roster = gejiu.hand_in(moved)
    assert (roster.counts["new"], roster.counts["doubtful"]) == (1, 3)
    told = {each["row"]: each["code"] for each in roster.findings}
    assert told == {2: "outside-area", 3: "outside-area", 5: "new-firm-without-region"}
    gejiu.do("roster.take", roster.pk)
    run_jobs()
    assert firm(1).name == "蒙自虚构食品厂"
    assert firm(5).region == "532501"


def test_columns_that_nobody_understands_stop_a_roster_unless_they_may_be_left_out(mengzi):
    content = roster_of("#1,食品厂,532503,好", headings="统一社会信用代码,企业名称,地区,心情")
    roster = mengzi.hand_in(content)
    assert roster.counts["stopped"]
    with pytest.raises(Refused, match="无法读入"):
        mengzi.do("roster.take", roster.pk)
    roster = mengzi.hand_in(content, leave_out_unknown="on")
    assert (roster.counts["stopped"], roster.counts["new"]) == (False, 1)
    assert [each["code"] for each in roster.findings] == ["unknown-column"]


def test_records_come_with_their_firms(mengzi):
    import xlsxwriter

    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        for name, rows in {
            "企业": [("统一社会信用代码", "企业名称", "地区"), (code_of(1), "食品厂", "532503")],
            "leases": [("统一社会信用代码", "monthly_rent"), (code_of(1), "1200.5")],
        }.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    roster = mengzi.take(made.getvalue(), name="名册.xlsx")
    assert roster.counts["records"] == {"leases": {"rows": 1, "left_out": 0}}
    assert firm(1).records["leases"][0]["rows"] == [{"monthly_rent": "1200.5"}]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("名册.csv", b"%PDF-1.7 not a table", "不是名册文件"),
        ("名册.xlsx", b"a,b\n1,2\n", "扩展名与内容不符"),
        ("名册.csv", b"PK\x03\x04 broken", "工作簿损坏"),
        ("名册.exe", b"MZ", "不能读取这种文件"),
        ("名册.csv", b"", ""),
        ("名册.csv", b"  \n", "文件为空"),
    ],
)
def test_an_upload_that_is_no_table_or_lies_about_its_kind_is_refused_and_not_kept(
    mengzi, settings, name, content, said
):
    before = set((settings.DATA / "rosters").glob("*"))
    answer = mengzi.upload(content, name)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert "the file" not in answer.content.decode()
    assert not Roster.objects.for_site("test").exists()
    assert set((settings.DATA / "rosters").glob("*")) == before


def test_a_file_beyond_the_limit_is_refused(mengzi, monkeypatch):
    monkeypatch.setattr("huiqi.portal.firms.roster_pages.MOST_BYTES", 20)
    answer = mengzi.upload(TWO)
    assert answer.status_code == 422
    assert "MB" in answer.content.decode()


def test_the_upload_needs_the_forms_token(mengzi):
    client = Client(enforce_csrf_checks=True)
    client.force_login(mengzi.user)
    given = {"file": SimpleUploadedFile("a.csv", TWO), "source": "tax", "dated": "2022-06-30", "key": "k"}
    assert client.post(reverse("roster-hand-in"), given).status_code == 403
    assert not Roster.objects.for_site("test").exists()


def test_anothers_ticket_and_a_made_up_one_are_refused(mengzi, gejiu):
    ticket = files.keep("a.csv", [TWO], mengzi.actor)
    given = {"source": "tax", "dated": "2022-06-30"}
    for stranger, wrong in ((gejiu, ticket), (mengzi, "made:up"), (mengzi, ticket + "x")):
        with pytest.raises(Refused, match="没有找到上传的文件"):
            stranger.do(
                "roster.hand_in", None, {**given, "ticket": wrong}, key=f"{stranger.user}{wrong}"[:80]
            )
    assert mengzi.do("roster.hand_in", None, {**given, "ticket": ticket}).file_name == "a.csv"


def test_the_users_name_of_a_file_never_becomes_a_path(mengzi):
    roster = mengzi.hand_in(TWO, name="../../etc/名册.csv")
    assert roster.file_name == "名册.csv"
    assert files.file_of(roster.digest).name == "roster.csv"


def test_a_dropped_roster_leaves_no_file(mengzi, django_capture_on_commit_callbacks):
    first, second = mengzi.hand_in(TWO), mengzi.hand_in(TWO, dated="2022-07-31")
    with django_capture_on_commit_callbacks(execute=True):
        mengzi.do("roster.drop", first.pk)
    assert files.file_of(second.digest).is_file()
    with django_capture_on_commit_callbacks(execute=True):
        mengzi.do("roster.drop", second.pk)
    assert not files.folder_of(second.digest).exists()
    with pytest.raises(NotNow):
        mengzi.do("roster.take", second.pk)


def many(count):
    return roster_of(*(f"#{number},企业{number},532503,{number}" for number in range(1, count + 1)))


@pytest.fixture
def killed(monkeypatch):
    """Makes the worker die while it writes the second batch, once."""
    whole, died = taking._write, []

    def dies(roster, rows, *more):
        whole(roster, rows, *more)
        if roster.written and not died:
            died.append(True)
            raise RuntimeError("killed")

    monkeypatch.setattr(taking, "_write", dies)
    monkeypatch.setattr("huiqi.portal.firms.work.take", lambda *given: taking.take(*given, batch=10))
    return died


def test_a_job_killed_in_the_middle_takes_every_firm_once(mengzi, killed):
    roster = mengzi.hand_in(many(35))
    mengzi.do("roster.take", roster.pk)
    run_jobs()
    roster.refresh_from_db()
    assert killed
    assert (roster.state, roster.written) == ("taking", 10)
    assert Firm.objects.for_site("test").count() == 10
    run_due(lambda: NOW + SILENCE)
    roster.refresh_from_db()
    assert (roster.state, roster.counts["taken"]) == ("taken", {"new": 35, "changed": 0, "rows": 35})
    assert Firm.objects.for_site("test").count() == changes(fact=IN_REGISTER).count() == 35
    assert {each.version for each in Firm.objects.for_site("test")} == {1}


def test_a_job_that_wrote_all_and_died_before_saying_so_writes_nothing_twice(mengzi):
    roster = mengzi.hand_in(many(3))
    mengzi.do("roster.take", roster.pk)
    roster.refresh_from_db()
    taking.take(roster, library(), NOW, lambda *_: None)
    before = list(changes().values_list("pk", flat=True))
    run_jobs()
    roster.refresh_from_db()
    assert (roster.state, roster.counts["taken"]["new"]) == ("taken", 3)
    assert list(changes().values_list("pk", flat=True)) == before


def undo(office, roster):
    office.do("roster.undo", roster.pk, {"reason": "报错了文件"})
    run_jobs()
    roster.refresh_from_db()
    return roster


def test_an_undone_roster_leaves_the_register_as_it_was(mengzi):
    mengzi.take(TWO)
    before = {
        each.pk: (each.name, each.facts, each.records, each.size) for each in Firm.objects.for_site("test")
    }
    later = roster_of("#1,改了名,532503,40", "#2,蒙自虚构餐饮店,532503,8", "#3,新店,532503,2")
    roster = undo(mengzi, mengzi.take(later, dated="2022-07-31"))
    assert roster.state == "undone"
    assert roster.counts["undone"] == {"undone": 5, "kept": 0}
    rows = Firm.objects.for_site("test").filter(listed=True)
    assert {each.pk: (each.name, each.facts, each.records, each.size) for each in rows} == before
    assert (firm(3).listed, firm(3).facts) == (False, {})
    assert firm(1).bigrams == "蒙自 自虚 虚构 构食 食品 品厂"


def test_undoing_is_refused_with_the_list_where_a_later_roster_changed_or_confirmed_the_same(mengzi):
    first = mengzi.take(TWO)
    second = mengzi.take(roster_of("#1,蒙自虚构食品厂,532503,40"), dated="2022-07-31")
    with pytest.raises(Refused, match=f"{code_of(1)}（入册）"):
        mengzi.do("roster.undo", first.pk, {"reason": "x"})
    undo(mengzi, second)
    assert undo(mengzi, first).counts["undone"] == {"undone": 2, "kept": 0}


def test_a_fact_that_a_later_roster_says_again_holds_the_earlier_one(mengzi):
    mengzi.take(TWO)
    second = mengzi.take(roster_of("#1,蒙自虚构食品厂,532503,40"), dated="2022-07-01")
    mengzi.take(roster_of("#1,蒙自虚构食品厂,532503,40"), dated="2022-07-31")
    with pytest.raises(Refused, match="（从业人员）"):
        mengzi.do("roster.undo", second.pk, {"reason": "x"})


def test_a_firm_that_somebody_is_bound_to_holds_the_roster_that_brought_it(mengzi, gejiu):
    roster = mengzi.take(TWO)
    binding = Binding(user=gejiu.user, firm=firm(1), state="bound", asked_at=NOW)
    binding.save()
    with pytest.raises(Refused, match="已绑定"):
        mengzi.do("roster.undo", roster.pk, {"reason": "x"})


def test_a_firm_taken_out_comes_back_with_a_later_roster(mengzi):
    undo(mengzi, mengzi.take(TWO))
    again = mengzi.take(TWO, dated="2022-07-31")
    assert again.counts["taken"]["new"] == 2
    assert firm(1).listed


@pytest.mark.parametrize("act", ["roster.take", "roster.drop", "roster.undo"])
def test_another_county_acts_on_no_roster_of_ours(mengzi, gejiu, act):
    roster = mengzi.hand_in(TWO)
    with pytest.raises(NotYours):
        gejiu.do(act, roster.pk, {"reason": "x"} if act == "roster.undo" else {})


def test_rosters_of_another_county_are_not_found(mengzi, gejiu):
    roster = mengzi.hand_in(TWO)
    for name in ("roster", "roster-findings"):
        address = reverse(name, kwargs={"number": roster.pk})
        assert mengzi.client.get(address).status_code == 200
        assert gejiu.client.get(address).status_code == 404
        assert mengzi.client.get(reverse(name, kwargs={"number": roster.pk + 1})).status_code == 404
    assert "名册.csv" not in gejiu.client.get(reverse("rosters")).content.decode()


def test_nobody_does_the_sites_own_acts(mengzi):
    roster = mengzi.hand_in(TWO)
    with pytest.raises(NotYours):
        mengzi.do("roster.preview", roster.pk, {"counts": {}, "findings": []})
    assert Job.objects.filter(kind="roster-preview", state="done").count() == 1


def test_parts_are_written_out_exactly():
    assert [written(12345, 100), written(-5, 100), written(700, 1), written(1250, 1000)] == [
        "123.45",
        "-0.05",
        "700",
        "1.25",
    ]
