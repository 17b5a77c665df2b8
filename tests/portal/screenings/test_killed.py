"""A worker that is killed (SIGKILL) in each step of a run: the next goes on, and the run comes to what it would have.

One run is killed at every place below, one worker after another; its files, its figures and its one event are those of
a run that nobody disturbed.
"""

import pyarrow.parquet as pq
import pytest
from own_sites import new_site

# What a worker is about to do when it is killed, and at which time of doing so.
PLACES = {
    "the second piece of the register is written": ("reading.PreparedWriter", 2),
    "the pieces are joined": ("reading._join", 1),
    "the joined pieces are half written": ("reading._together", 2),
    "a part is judged": ("Tallies.add", 1),
    "the sums of the counties are kept": ("Tallies.keep", 1),
    "the results are cut at the counties' borders": ("steps._split", 1),
    "the report of the whole is written": ("steps.write_report", 1),
    "the report of the second county is written": ("steps.write_report", 3),
    "the lists of the last county are written": ("steps.write_lists", 1),
    "the files of a measure are written": ("store._write", 3),
    "the figures are written": ("work.write_figures", 1),
    "the figures stand and the run is to be finished": ("work._do", 1),
    "what only a run under way needs is taken away": ("RunFolder.tidy", 1),
}
OFFICE = """
import uuid
from offices import GEJIU, HONGHE, NOW
from screened_office import officer, renter, start
from huiqi.portal.jobs.running import run_due
"""
SET_UP = (
    OFFICE
    + """
for number in range(1, 8):
    renter(number)
for number in range(8, 11):
    renter(number, GEJIU)
honghe = officer("honghe", "leading_group", HONGHE)
start(honghe, as_of="2022-07-31", measures="", key="alone")
run_due(lambda: NOW)
start(honghe, as_of="2022-07-31", measures="", key="killed")
"""
)
# The work itself, in small pieces. At the place it is told it says so, and waits for what comes.
WORK = (
    OFFICE
    + """
import time
import django.utils.timezone
from huiqi.portal.screenings import folders, reading, steps, store, tallies, work

reading.CHUNK = 4
where, times, later = sys.argv[1], int(sys.argv[2]), datetime.timedelta(minutes=int(sys.argv[3]))
homes = {"Tallies": tallies.Tallies, "RunFolder": folders.RunFolder}
homes.update(reading=reading, steps=steps, store=store, work=work)
home, name = where.split(".") if where else (None, "")
if home:
    real = getattr(homes[home], name)
    calls = []

    def watched(*arguments, **named):
        calls.append(1)
        if len(calls) == times:
            print("there", flush=True)
            time.sleep(80)
        return real(*arguments, **named)

    setattr(homes[home], name, watched)
run_due(lambda: NOW, pulse=lambda: django.utils.timezone.now() + later)
print("end", flush=True)
"""
)
FIGURES = (
    "SELECT county, firms, owed_firms, certain_fen FROM screenings_countyresult WHERE run_id = {} ORDER BY county",
    "SELECT c.county, m.measure, m.eligible, m.certain_fen FROM screenings_measureresult m"
    " JOIN screenings_countyresult c ON c.id = m.county_id WHERE c.run_id = {} ORDER BY c.county, m.measure",
)


@pytest.fixture
def site(tmp_path):
    made = new_site(tmp_path)
    made.python(SET_UP)
    return made


def test_a_run_whose_workers_are_killed_in_each_step_comes_to_the_same(site):
    [(alone,), (killed,)] = site.sql("SELECT id FROM screenings_screening ORDER BY id")
    # So that many deaths are none too many for the job.
    for number, (what, (place, times)) in enumerate(PLACES.items()):
        site.sql("UPDATE jobs_job SET attempts = 0 WHERE kind = 'screening'")
        worker = site.start(WORK, place, times, 3 * number)
        said = worker.stdout.readline()
        assert said == "there\n", (what, said, worker.communicate())
        worker.kill()
        worker.communicate()
        assert worker.returncode == -9
        states = site.sql(f"SELECT state FROM screenings_screening WHERE id = {killed}")
        assert states == [("finished" if place == "RunFolder.tidy" else "running",)], what
        shown = site.sql(f"SELECT count(*) FROM screenings_countyresult WHERE run_id = {killed}")
        assert shown == [(2 if place == "RunFolder.tidy" else 0,)], what
    last = site.start(WORK, "", 0, 3 * len(PLACES))
    out, errors = last.communicate(timeout=90)
    assert (last.returncode, out) == (0, "end\n"), errors

    assert site.sql("SELECT state FROM screenings_screening") == [("finished",)] * 2
    finished = f"SELECT count(*) FROM acts_event WHERE act = 'screening.finish' AND subject = '{killed}'"
    assert site.sql(finished) == [(1,)]
    for figures in FIGURES:
        rows = site.sql(figures.format(alone))
        assert rows
        assert rows == site.sql(figures.format(killed))
    whole, gone_on = (site.data / "screenings" / str(run) for run in (alone, killed))
    assert {each.name for each in gone_on.iterdir()} == {each.name for each in whole.iterdir()}
    for file in ("results/results.parquet", "firms.parquet"):
        assert pq.read_table(gone_on / file).to_pylist() == pq.read_table(whole / file).to_pylist()
    for folder in ("measures", "counties"):
        ours, theirs = (
            sorted(str(each.relative_to(run)) for each in (run / folder).rglob("*"))
            for run in (gone_on, whole)
        )
        assert ours == theirs
    assert site.answer("audit", "verify")["sound"]
