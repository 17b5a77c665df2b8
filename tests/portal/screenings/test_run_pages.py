"""The pages of screenings: who sees which run and which part of it, its downloads, its progress, what has changed since."""

import io
import zipfile

import pytest
from django.urls import reverse
from offices import GEJIU, HONGHE, MENGZI, NOW, TODAY
from python_calamine import CalamineWorkbook
from screened_office import made_once, officer, page, registered, renter, screened, start

from huiqi.portal.acts.models import Event
from huiqi.portal.firms.models import CONFIRMED, FactChange
from huiqi.portal.jobs.registry import Report
from huiqi.portal.screenings.folders import RunFolder
from huiqi.portal.screenings.models import Handout, Screening
from huiqi.portal.screenings.progress import Progress, Stopped, standing

pytestmark = pytest.mark.django_db
HOSTILE = [{"page": "-1"}, {"page": "x" * 10_000}, {"state": "\0"}, {"state": "no"}, {"next": "//evil"}]


def build():
    """Screen a prefecture with two counties."""
    renter(1, name="蒙自小巷餐饮店")
    renter(2, GEJIU, rent="2000", name="个旧锡都餐饮店")
    screened(officer("honghe", "leading_group", HONGHE))


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker, tmp_path_factory):
    return made_once(build, tmp_path_factory.mktemp("made"), django_db_blocker)


@pytest.fixture
def run(made, db, tmp_path) -> Screening:
    return made.set_up(tmp_path)


def shown(office, run, **query):
    return page(office, "screening", query, number=run.pk)


def test_a_prefecture_sees_the_whole_and_a_county_its_own(honghe, mengzi, gejiu, run):
    whole = shown(honghe, run).content.decode()
    assert "9,000.00" in whole
    assert "只含本辖区" not in whole
    own = shown(mengzi, run)
    text = own.content.decode()
    assert own.context["sums"]["certain_fen"] == 300_000
    assert "只含本辖区" in text
    assert "个旧" not in text
    assert shown(gejiu, run).context["sums"]["certain_fen"] == 600_000


def test_runs_are_listed_to_those_whose_area_they_take_in(honghe, mengzi, gejiu, appointed, run):
    own = screened(gejiu, GEJIU)
    under_way = start(honghe, as_of="2022-07-01")

    def listed(office):
        return {each.pk for each in page(office, "screenings").context["runs"]}

    assert listed(honghe) == {run.pk, own.pk, under_way.pk}
    assert listed(mengzi) == {run.pk}
    assert listed(gejiu) == {run.pk, own.pk}
    assert shown(mengzi, own).status_code == 404
    assert shown(mengzi, under_way).status_code == 404
    assert listed(appointed("elsewhere", "reviewer", "530100")) == set()
    figures = {each.pk: each.sums["certain_fen"] for each in page(mengzi, "screenings").context["runs"]}
    assert figures == {run.pk: 300_000}


def test_the_empty_list_leads_to_a_start(mengzi, appointed):
    text = page(mengzi, "screenings").content.decode()
    assert "还没有筛查" in text
    assert reverse("screening-start") in text
    auditor = appointed("auditor", "auditor", HONGHE)
    assert reverse("screening-start") not in page(auditor, "screenings").content.decode()
    assert page(auditor, "screening-start").status_code == 404


def test_a_run_is_started_on_its_page(honghe):
    renter(1)
    form = page(honghe, "screening-start")
    assert form.context["form"].initial["region"] == HONGHE
    given = {
        "region": MENGZI,
        "as_of": "2022-08-01",
        "measure": ["rent-waiver"],
        "note": "先看房租",
        "key": "k",
    }
    answer = honghe.client.post(reverse("screening-start"), given)
    made = Screening.objects.for_site("test").get()
    assert answer["Location"] == reverse("screening", kwargs={"number": made.pk})
    assert (made.region, made.measures, made.note, made.state) == (
        MENGZI,
        ["rent-waiver"],
        "先看房租",
        "running",
    )


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"region": "530100"}, "没有找到"),
        ({"as_of": "yesterday"}, "as_of"),
        ({"as_of": "2050-01-01"}, "这个日期不能筛查"),
        ({"measure": ["no-such-measure"]}, "没有这些政策措施"),
        ({"note": "长" * 300}, "note"),
    ],
)
def test_a_start_that_is_refused_says_why_and_keeps_the_form(honghe, given, said):
    renter(1)
    asked = {"region": HONGHE, "as_of": "2022-08-01", "key": "k", **given}
    answer = honghe.client.post(reverse("screening-start"), asked)
    if said == "没有找到":
        assert answer.status_code in (404, 422)
    else:
        assert answer.status_code == 422
        assert "field-error" in answer.content.decode() or "alert-danger" in answer.content.decode()
    assert not Screening.objects.for_site("test").exists()


def sheets(content):
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def taken(office, run, name, key="k", **more):
    address = reverse("screening-list", kwargs={"number": run.pk, "name": name})
    return office.client.post(address, {"key": key, **more})


def content(answer):
    return b"".join(answer.streaming_content)


def test_a_county_takes_its_own_list_out_of_a_prefectures_run(mengzi, run):
    answer = taken(mengzi, run, "push")
    assert answer["Content-Type"].endswith("sheet")
    books = sheets(content(answer))
    assert list(books) == ["可直接兑付", "告知办理", "只需确认", "须补信息", "说明"]
    firms = {row[1] for name, rows in books.items() if name != "说明" for row in rows[1:]}
    assert firms == {"蒙自小巷餐饮店"}
    event = Event.objects.get(act="screening.export")
    assert event.body["asked"] == {"run": run.pk, "list": "push", "counties": [MENGZI]}
    assert event.region == MENGZI
    assert Handout.objects.for_site("test").get().digest == event.body["digest"]


def test_a_prefecture_takes_all_counties_in_one_file_or_one_by_one(honghe, run):
    with zipfile.ZipFile(io.BytesIO(content(taken(honghe, run, "firms")))) as together:
        assert sorted(together.namelist()) == ["532501-个旧市.xlsx", "532503-蒙自市.xlsx"]
    one = sheets(content(taken(honghe, run, "firms", county=GEJIU)))
    assert {row[1] for row in one["应享"][1:]} == {"个旧锡都餐饮店"}


@pytest.mark.parametrize("name", ["confirm", "ask"])
def test_what_to_confirm_and_what_to_ask_are_lists_of_their_own(mengzi, run, name):
    rows = sheets(content(taken(mengzi, run, name)))["只需确认" if name == "confirm" else "须补信息"]
    pushed = sheets(content(taken(mengzi, run, "push")))["只需确认" if name == "confirm" else "须补信息"]
    assert rows[0] == pushed[0]
    assert len(rows) == len(pushed) > 1
    assert [row[:3] for row in rows] == [row[:3] for row in pushed]


def test_lists_of_others_are_not_found(mengzi, honghe, appointed, run):
    assert taken(mengzi, run, "push", county=GEJIU).status_code == 404
    assert taken(mengzi, run, "missed").status_code == 404
    assert taken(mengzi, run, "no-such-list").status_code == 404
    assert taken(appointed("analyst", "analyst", HONGHE), run, "push").status_code == 404
    assert taken(appointed("approver", "approver", HONGHE), run, "push").status_code == 404
    assert taken(honghe, run, "push", key="").status_code == 422
    assert not Event.objects.filter(act="screening.export").exists()


def test_an_export_that_nobody_made_is_not_noted(mengzi, run):
    address = reverse("act", kwargs={"name": "screening.export", "subject": "-"})
    assert mengzi.client.post(address, {"made": "forged:token", "key": "k"}).status_code == 422
    assert not Handout.objects.for_site("test").exists()


def test_analysts_see_figures_and_no_list_of_firms(appointed, run):
    analyst = appointed("analyst", "analyst", HONGHE)
    text = shown(analyst, run).content.decode()
    assert "9,000.00" in text
    assert "/lists/push/" not in text


def test_the_report_of_the_whole_is_for_those_who_see_the_whole(honghe, mengzi, run):
    def report(office, **query):
        return page(office, "screening-report", query, number=run.pk)

    whole = content(report(honghe)).decode()
    assert "个旧市" in whole
    assert "第" in whole
    assert report(mengzi).status_code == 404
    assert report(mengzi, county=GEJIU).status_code == 404
    own = report(mengzi, county=MENGZI)
    assert own["Content-Disposition"].startswith("attachment")
    text = content(own).decode()
    assert "蒙自市" in text
    assert "个旧市" not in text
    assert report(honghe, county="../532501").status_code == 404


def test_what_changed_since_is_told(honghe, mengzi, run):
    assert not shown(honghe, run).context["stale"]
    firm = registered(7, GEJIU)
    about = {"firm": firm, "source": "tax", "dated": TODAY, "before": None, "after": [], "at": NOW}
    FactChange.objects.create(fact=CONFIRMED, **about)
    assert not shown(honghe, run).context["stale"]
    FactChange.objects.create(fact="employees", **about)
    FactChange.objects.create(fact="revenue", **about)
    assert "有1户企业的信息有变动" in shown(honghe, run).content.decode()
    # What changed elsewhere is nothing to a county.
    assert not shown(mengzi, run).context["stale"]
    run.manifest["rules"]["rent-waiver@530000"] = "another digest"
    run.manifest["rules"]["some-measure@440100"] = "of another province"
    run.save()
    assert shown(mengzi, run).context["stale"].rules == 1
    assert "有1份规则文件有变动" in shown(mengzi, run).content.decode()


def test_the_difference_to_the_run_before_is_shown(honghe, mengzi, run):
    renter(3, rent="500")
    later = screened(honghe, as_of="2022-08-01")
    context = shown(honghe, later).context
    assert context["difference"]["certain_fen"] == 150_000
    assert context["sums"]["new_firms"] == 1
    [waiver] = [each for each in context["measures"]["shown"] if each["measure"] == "rent-waiver"]
    assert (waiver["more_fen"], waiver["begun"], waiver["ended"]) == (150_000, 1, 0)
    assert "+1,500.00" in shown(mengzi, later).content.decode()


def test_a_page_under_way_shows_its_steps_and_how_far_it_is(honghe):
    renter(1)
    run = start(honghe)
    assert "等待后台处理" in shown(honghe, run).content.decode()
    RunFolder(run.pk).path.mkdir(parents=True)
    said = {"step": "screen", "done": 30, "total": 100, "first": 0}
    said |= {"began": "2022-08-01T00:00:00+00:00", "at": "2022-08-01T00:03:00+00:00"}
    RunFolder(run.pk).write("progress.json", said)
    text = shown(honghe, run).content.decode()
    assert "第2步，已完成30%" in text
    assert "本步约剩7分钟" in text
    assert 'hx-trigger="every 3s"' in text
    honghe.do("screening.stop", run.pk)
    text = shown(honghe, run).content.decode()
    assert "继续筛查" in text
    assert "hx-trigger" not in text


def test_progress_is_told_stops_and_never_runs_backwards(tmp_path, settings):
    settings.DATA = tmp_path
    folder = RunFolder(1)
    folder.path.mkdir(parents=True)
    moments = iter(NOW.replace(second=second) for second in range(60))
    told: list[int] = []
    report: Report = lambda done, total: told.append(done)  # noqa: E731
    going = [True]
    progress = Progress(folder, report, lambda: going[0], lambda: next(moments))
    for step in ("read", "screen"):
        progress.begin(step)
        for done in range(0, 101, 10):
            progress.tell(done, 100)
    assert told == sorted(told)
    at = standing(folder)
    assert (at.step, at.percent, at.seconds_left) == ("screen", 100, 0)
    going[0] = False
    with pytest.raises(Stopped):
        progress.begin("report")


def queries(office, called, django_assert_max_num_queries, most, **values):
    with django_assert_max_num_queries(most) as seen:
        page(office, called, **values)
    return len(seen)


def test_pages_cost_the_same_whatever_stands_on_them(honghe, run, django_assert_max_num_queries):
    shown(honghe, run)
    few = queries(honghe, "screening", django_assert_max_num_queries, 32, number=run.pk)
    listed = queries(honghe, "screenings", django_assert_max_num_queries, 16)
    for number in range(30):
        renter(100 + number, ["532502", "532504", "532523"][number % 3])
        run.pk, run.state, run.choice, run.before = None, "finished", f"{number}", None
        run.save()
    later = screened(honghe)
    shown(honghe, later)
    assert queries(honghe, "screening", django_assert_max_num_queries, 32, number=later.pk) <= few + 3
    assert queries(honghe, "screenings", django_assert_max_num_queries, 16) == listed


@pytest.mark.parametrize("query", HOSTILE)
@pytest.mark.parametrize("name", ["screenings", "screening-start"])
def test_hostile_queries_do_no_harm(honghe, run, name, query):
    assert page(honghe, name, query).status_code in (200, 400)


@pytest.mark.parametrize("number", [0, 10**9, 10**30])
def test_numbers_of_nothing_are_not_found(honghe, run, number):
    assert page(honghe, "screening", number=number).status_code == 404
    assert page(honghe, "screening-report", number=number).status_code == 404


def test_the_pages_read_in_english(honghe, run):
    honghe.client.cookies["django_language"] = "en"
    text = shown(honghe, run).content.decode()
    assert "Surely owed (yuan)" in text
    assert "Facts missing most" in text
    assert "Only your own area" not in text
    assert "Start a screening" in page(honghe, "screenings").content.decode()
