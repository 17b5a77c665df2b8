"""A run from its start to its figures: equal to what each firm alone is owed, gone on with after a kill, one at a time."""

import datetime
import json

import pyarrow.parquet as pq
import pytest
from offices import GEJIU, HONGHE, MENGZI, NOW, TODAY, code_of, run_jobs
from screened_office import claim, registered, renter, screened, start

from huiqi.portal.acts.models import Event
from huiqi.portal.acts.refusals import NotNow, NotYours, Refused
from huiqi.portal.catalogue.shelf import library
from huiqi.portal.firms import outside
from huiqi.portal.firms.case import case_of
from huiqi.portal.firms.merging import Word, merged
from huiqi.portal.firms.models import SUBJECTS, Firm
from huiqi.portal.firms.rows import rows_in
from huiqi.portal.jobs.models import Job
from huiqi.portal.jobs.running import run_due
from huiqi.portal.screenings import steps
from huiqi.portal.screenings.folders import RunFolder
from huiqi.portal.screenings.models import CountyResult, MeasureResult, Screening
from huiqi.portal.screenings.queries import Figures
from huiqi.rules.columns.judge import ORDER
from huiqi.screening.assess import assess
from huiqi.screening.population.region import RegionPopulation, write_population

pytestmark = pytest.mark.django_db
DAY = datetime.date(2022, 8, 1)


@pytest.fixture(scope="module")
def population(tmp_path_factory):
    folder = tmp_path_factory.mktemp("population") / "made"
    write_population(RegionPopulation(library(), MENGZI, 260, 11, DAY), folder)
    return [row for rows in rows_in(folder, library(), 0, 2_000) for row in rows if row.subject in SUBJECTS]


def test_two_hundred_synthetic_firms_come_out_as_each_alone(honghe, population):
    word = Word("tax", datetime.date(2022, 6, 30), 1)
    firms = [merged(None, row, word, NOW).firm for row in population[:200]]
    for firm in firms:
        firm.name, firm.region = firm.facts["name"][0]["value"], MENGZI
    Firm.objects.for_site("test").bulk_create(firms)
    run = screened(honghe, MENGZI)

    found = {}
    for row in pq.read_table(RunFolder(run.pk).results / "results.parquet").to_pylist():
        found[row["firm"], row["measure"]] = (row["verdict"], row["amount_fen"], row["counted_fen"])
    seen = money = 0
    for firm in Firm.objects.for_site("test"):
        assessment = assess(library(), case_of(firm, library(), DAY).situation)
        counted = {measure.id: amount for measure, _, amount in assessment.bundle.chosen}
        for each in assessment.measures:
            judgement = each.judgement
            row = found.pop((firm.credit_code, each.measure.id), None)
            if judgement.verdict not in ORDER[:3]:
                assert row is None
                continue
            granted = judgement.verdict in ("eligible", "likely")
            amount = judgement.amount if granted else None
            assert row[:2] == (judgement.verdict, amount), (firm.credit_code, each.measure.id)
            if judgement.verdict == "eligible" and amount is not None:
                assert row[2] == (counted.get(each.measure.id) or 0)
                money += row[2]
            seen += 1
    assert found == {}
    assert seen > 800
    assert money > 0


def test_a_run_tells_its_rules_its_register_and_its_figures(honghe):
    renter(1)
    renter(2, GEJIU, rent="2000")
    registered(3, "530102")
    run = screened(honghe)
    assert run.counts == {"firms": 2, "planned": 2, "counties": 2}
    assert run.manifest["as_of"] == "2022-08-01"
    assert "rent-waiver@530000" in run.manifest["rules"]
    assert run.register["event_before"] == Event.objects.get(act="screening.start").sequence
    event = Event.objects.get(act="screening.finish")
    assert event.body["counts"] == run.counts
    assert (event.from_state, event.to_state, event.actor) == ("running", "finished", "job:screening")
    waived = {
        each.county.county: (each.eligible, each.certain_fen)
        for each in MeasureResult.objects.for_site("test")
        .filter(measure="rent-waiver")
        .select_related("county")
    }
    assert waived == {GEJIU: (1, 600_000), MENGZI: (1, 300_000)}
    whole = json.loads((RunFolder(run.pk).results / "totals.json").read_text("utf-8"))
    figures = Figures(list(CountyResult.objects.for_site("test")))
    assert figures.sum("certain_fen") == whole["total_certain_fen"]
    assert figures.sum("owed_firms") == whole["owed_subjects"] == 2
    assert sum(each["certain_fen_sum"] for each in figures.slices("size")) == whole["total_certain_fen"]
    assert {each.name: each.rows for each in figures.groups} == {
        each["group"]: each["rows"] for each in whole["push_list"]
    }
    assert [(each["fact"], each["open"]) for each in figures.gaps] == [
        (each["fact"], each["openings"]) for each in whole["missing"][: len(figures.gaps)]
    ]


def test_only_what_a_finished_run_needs_is_kept(honghe):
    renter(1)
    run = screened(honghe)
    assert {path.name for path in RunFolder(run.pk).path.iterdir()} == {
        *("lock", "rules.json", "results", "counties", "measures", "charts", "firms.parquet")
    }


def test_a_run_of_chosen_measures_takes_those_that_they_exclude_with_it(honghe):
    renter(1)
    run = screened(honghe, measures="rent-waiver")
    ids = {key.partition("@")[0] for key in run.manifest["rules"]}
    assert "rent-waiver" in ids
    assert len(ids) < 20
    for measure in library().measures:
        tied = {each.measure for each in measure.not_with}
        assert not (tied & ids) or measure.id in ids
    assert not CountyResult.objects.for_site("test").filter(latest=True).exists()


def test_two_starts_of_one_purpose_give_one_job(honghe, appointed):
    renter(1)
    first = start(honghe, key="one")
    other = appointed("other", "analyst", HONGHE)
    with pytest.raises(NotNow, match=f"第{first.pk}号"):
        start(other)
    assert start(other, MENGZI).pk != first.pk
    assert start(other, as_of="2022-08-02").pk != first.pk
    assert Job.objects.filter(kind="screening").count() == 3
    # The same request again is the same run.
    assert start(honghe, key="one").pk == first.pk


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"as_of": "1999-01-01"}, "day-out-of-range"),
        ({"as_of": "2024-01-01"}, "day-out-of-range"),
        ({"measures": "rent-waiver,no-such"}, "unknown-measure"),
        ({"region": "999999"}, "unknown-region"),
        ({"region": "532524"}, "no-firms-to-screen"),
    ],
)
def test_what_cannot_be_screened_is_refused(honghe, given, code):
    renter(1)
    with pytest.raises(Refused) as refused:
        start(honghe, **given)
    assert refused.value.findings[0].code == code
    assert not Screening.objects.for_site("test").exists()


def test_nobody_starts_a_run_beyond_the_own_area(mengzi, appointed):
    renter(1)
    renter(2, GEJIU)
    for region in (GEJIU, HONGHE, "530000", "000000"):
        with pytest.raises(NotYours):
            start(mengzi, region)
    with pytest.raises(NotYours):
        start(appointed("auditor", "auditor", HONGHE))


class Killed(BaseException):
    """Stands for a process that ends without a chance to tidy up."""


@pytest.mark.parametrize("step", ["_screen", "_report", "write_report"])
def test_a_run_that_was_killed_goes_on_where_it_was(honghe, monkeypatch, step):
    for number in range(1, 5):
        renter(number)
    renter(5, GEJIU)
    whole = screened(honghe, as_of="2022-07-31")
    run = start(honghe, as_of="2022-07-31")
    real = getattr(steps, step)

    def killed(*arguments, **named):
        if step == "write_report":
            real(*arguments, **named)
        raise Killed

    monkeypatch.setattr(steps, step, killed)
    with pytest.raises(Killed):
        run_due(lambda: NOW)
    monkeypatch.setattr(steps, step, real)
    chunks = sorted(RunFolder(run.pk).chunks.glob("*"))
    read = [each.stat().st_mtime_ns for each in chunks]
    assert len(chunks) == 2
    Job.objects.filter(kind="screening", state="running").update(state="waiting")
    monkeypatch.setattr(steps, "read_register", _checked(steps.read_register, chunks, read))
    run_jobs()
    run.refresh_from_db()
    assert run.state == "finished"
    assert _figures(run) == _figures(whole)
    assert _rows(run) == _rows(whole)


def _checked(real, chunks, read):
    def reading(*arguments):
        assert [each.stat().st_mtime_ns for each in chunks] == read
        real(*arguments)

    return reading


def _figures(run):
    figures = json.loads((RunFolder(run.pk).results / "totals.json").read_text("utf-8"))
    return {name: value for name, value in figures.items() if name != "source"}


def _rows(run):
    return pq.read_table(RunFolder(run.pk).results / "results.parquet").to_pylist()


def test_a_run_can_be_stopped_and_gone_on_with(honghe, monkeypatch):
    renter(1)
    run = start(honghe)
    real = steps.screen_prepared

    def stopped_meanwhile(*arguments, **named):
        honghe.do("screening.stop", run.pk, key="stop")
        return real(*arguments, **named)

    monkeypatch.setattr(steps, "screen_prepared", stopped_meanwhile)
    run_jobs()
    run.refresh_from_db()
    assert run.state == "stopped"
    assert not CountyResult.objects.for_site("test").exists()
    assert RunFolder(run.pk).population.is_dir()
    monkeypatch.setattr(steps, "screen_prepared", real)
    honghe.do("screening.resume", run.pk, key="resume")
    run_jobs()
    run.refresh_from_db()
    assert run.state == "finished"


def test_what_was_stopped_can_be_discarded_with_its_files(honghe, django_capture_on_commit_callbacks):
    renter(1)
    run = start(honghe)
    honghe.do("screening.stop", run.pk)
    RunFolder(run.pk).path.mkdir(parents=True)
    run_jobs()
    with django_capture_on_commit_callbacks(execute=True):
        honghe.do("screening.discard", run.pk)
    assert not RunFolder(run.pk).path.exists()
    with pytest.raises(NotNow):
        honghe.do("screening.resume", run.pk)


def test_a_run_that_fails_says_why_and_can_be_gone_on_with(honghe, monkeypatch):
    renter(1)
    run = start(honghe)

    def refused(*arguments, **named):
        raise Refused("列中容不下这个数", code="amount-too-great")

    monkeypatch.setattr(steps, "screen_prepared", refused)
    run_jobs()
    run.refresh_from_db()
    assert (run.state, "容不下" in run.error) == ("failed", True)
    monkeypatch.undo()
    monkeypatch.setenv("HUIQI_NOW", "2022-08-01T10:00:00+08:00")


def test_other_rules_than_at_the_first_attempt_begin_anew(honghe, monkeypatch):
    renter(1)
    run = start(honghe)
    folder = RunFolder(run.pk)
    folder.path.mkdir(parents=True)
    folder.write("rules.json", {"rent-waiver@530000": "of another day"})
    folder.population.mkdir()
    run_jobs()
    run.refresh_from_db()
    assert (run.state, run.counts["firms"]) == ("finished", 1)


def test_one_worker_at_a_time_is_at_a_run(honghe):
    renter(1)
    run = start(honghe)
    with RunFolder(run.pk).held():
        run_jobs()
    job = Job.objects.get(kind="screening")
    assert (job.state, job.error) == ("waiting", "another worker is at this run")
    run.refresh_from_db()
    assert run.state == "running"


def test_a_firm_that_moves_while_the_register_is_read_is_read_once(honghe):
    from huiqi.portal.firms.models import FactChange
    from huiqi.portal.screenings.reading import _moved, plan_of

    moving = renter(1)
    run = start(honghe)
    folder = RunFolder(run.pk)
    folder.path.mkdir(parents=True)
    plan = plan_of(run, folder, NOW)
    FactChange.objects.create(
        firm=moving, fact="region", source="register", dated=TODAY, before=None, after=[], at=NOW
    )
    chunk = folder.path / "532503-000000"
    chunk.mkdir()
    import pyarrow as pa

    pq.write_table(pa.table({"pk": [moving.pk, 999]}), chunk / "registered.parquet")
    assert _moved(plan, [chunk]) == {moving.pk}
    assert _moved(plan, []) == frozenset()


def test_what_lists_say_of_firms_counts_in_a_run_as_it_does_for_one_firm(honghe, monkeypatch):
    on_list, other = renter(1), renter(2)

    def claims(regions, day):
        assert day == DAY
        return {on_list.pk: {"risk-county-2022": [claim(True, "list:risk-counties", "2022-07-01")]}}

    teller = outside.Teller(lambda: frozenset({"risk-county-2022"}), claims, lambda source: "")
    monkeypatch.setattr(outside, "_TELLERS", [teller])
    run = screened(honghe)
    rows = pq.read_table(RunFolder(run.pk).measures / "rent-waiver.parquet").to_pylist()
    assert {row["pk"]: row["amount_fen"] for row in rows} == {on_list.pk: 600_000, other.pk: 300_000}
    for firm in (on_list, other):
        alone = assess(library(), case_of(firm, library(), DAY).situation, "rent-waiver")
        assert {row["pk"]: row["amount_fen"] for row in rows}[firm.pk] == alone.measures[0].judgement.amount


def test_the_newest_run_over_all_measures_is_what_pages_of_measures_show(honghe, mengzi):
    renter(1)
    renter(2, GEJIU)

    def latest():
        rows = CountyResult.objects.for_site("test").filter(latest=True)
        return {each.county: each.run_id for each in rows}

    whole = screened(honghe)
    assert latest() == {MENGZI: whole.pk, GEJIU: whole.pk}
    own = screened(mengzi, MENGZI)
    assert latest() == {MENGZI: own.pk, GEJIU: whole.pk}
    # A look back and a look ahead take no newer one's place.
    screened(honghe, as_of="2022-07-01")
    screened(honghe, as_of="2022-12-31")
    assert latest() == {MENGZI: own.pk, GEJIU: whole.pk}


def test_a_run_is_compared_with_the_one_before(honghe):
    first, second = renter(1), renter(2)
    renter(3, rent="500")
    before = screened(honghe, as_of="2022-07-31")
    first.records["leases"][0]["rows"][0]["landlord"] = "other"
    first.save()
    Firm.objects.for_site("test").filter(pk=second.pk).update(listed=False)
    renter(4)
    run = screened(honghe)
    assert run.before == before
    [county] = CountyResult.objects.for_site("test").filter(run=run)
    assert (county.new_firms, county.gone_firms) == (1, 1)
    waiver = county.of_measures.for_site("test").get(measure="rent-waiver")
    assert (waiver.eligible, waiver.begun, waiver.ended) == (2, 1, 2)
    assert code_of(4)
