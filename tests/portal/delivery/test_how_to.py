"""The how-to's SQL, as it stands there, gives what the pages publish from the sheets that they hand out; the history is proven offline."""

import datetime
import hashlib
import json
import re
import sqlite3
from pathlib import Path

import pytest
from delivering_office import lines_of
from django.test import Client
from django.urls import reverse
from offices import GEJIU, HONGHE, NOW, run_jobs
from own_sites import new_site
from read_sheets import rows_of
from screened_office import officer, screened

from huiqi.portal.delivery.board import Narrowing, by_measure, measures_of
from huiqi.portal.delivery.models import LeftOut, Line, NotReceived, Objection, Run
from huiqi.portal.delivery.run_sheets import SHEETS

PAGE = Path(__file__).resolve().parents[3] / "docs" / "how-to" / "deliver.md"
REFUND = "job-retention-refund"
TODAY = datetime.date(2022, 8, 1)


def statements():
    """The statements of the page by the names that stand before them; those that make the tables have none."""
    found, tables = {}, []
    for block in re.findall(r"```sql\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL):
        if block.startswith("CREATE"):
            tables.append(block)
        for part in re.split(r"(?m)^-- ", block)[1:]:
            name, _line, statement = part.partition("\n")
            found[name] = statement
    return "".join(tables), found


class Reviewer:
    """Somebody with the sheets and SQL alone."""

    def __init__(self):
        tables, self.asked = statements()
        self.base = sqlite3.connect(":memory:")
        self.base.executescript(tables)

    def load(self, table, answer, headings=1):
        rows = rows_of(answer)[headings:]
        self.base.execute(f"DELETE FROM {table}")
        for row in rows:
            self.base.execute(f"INSERT INTO {table} VALUES ({','.join('?' * len(row))})", row)

    def reckons(self, name):
        return self.base.execute(self.asked[name]).fetchall()


@pytest.fixture
def honghe(office):
    return officer("honghe", "leading_group", HONGHE)


@pytest.fixture
def drawn(office, honghe):
    """A run of the prefecture that was screened, drawn and fixed by its acts."""
    for number in range(1, 8):
        firm = office.entitled(number, **{"unemployment_premiums@2021": str(1_000 + number)})
        if number > 5:
            type(firm).objects.for_site("test").filter(pk=firm.pk).update(region=GEJIU)
    screened(honghe)
    run = honghe.do("run.draw", None, {"measure": REFUND, "region": HONGHE}, key="draw")
    run_jobs()
    honghe.do("run.look", run.pk, {"lines": [each.pk for each in lines_of(run)]}, key="look")
    officer("checker", "reviewer", HONGHE).do("run.check", run.pk, {}, key="check")
    run_jobs()
    run.refresh_from_db()
    assert run.state == "checked"
    return run


def lived(run):
    """Let a run's lines be in states of every kind, and have all that hangs on them."""
    first, second, third, fourth, fifth, sixth, seventh = lines_of(run)
    rows = Line.objects.for_site("test")
    rows.filter(pk__in=[first.pk, sixth.pk]).update(state="paid", paid_on=TODAY)
    rows.filter(pk=second.pk).update(state="rejected", change="more")
    rows.filter(pk=third.pk).update(state="dropped", change="begun")
    rows.filter(pk=fourth.pk).update(state="approved", account_missing=True, change="more")
    rows.filter(pk=fifth.pk).update(state="contested")
    rows.filter(pk=seventh.pk).update(state="taken_elsewhere", taken_by=first.pk)
    for number, why in ((21, "ended"), (22, "ended"), (23, "unknown")):
        firm = type(first.firm).objects.create(
            credit_code=f"91532503MA6{number}00000"[:18],
            name=f"虚构企业{number}",
            region=GEJIU,
            updated_at=NOW,
        )
        LeftOut.objects.create(run=run, firm=firm, county=GEJIU, amount=1_00, why=why)
    for line, state in ((fifth, "open"), (first, "upheld")):
        Objection.objects.create(
            run=run, line=line, firm=line.firm, county=line.county, reason="有误", state=state, at=NOW
        )
    NotReceived.objects.create(line=first, county=first.county, said="没有收到", at=NOW)


def export(person, run, sheet):
    where = reverse("delivery-export", kwargs={"number": run.pk})
    return person.client.post(where, {"key": f"{sheet}:{run.version}", "sheet": sheet})


def test_the_figures_of_a_run_are_reckoned_from_its_sheets(drawn, honghe):
    reviewer = Reviewer()
    reviewer.load("lines", export(honghe, drawn, "lines"))
    reviewer.load("left_out", export(honghe, drawn, "left_out"))
    text = "".join(f"{row[0]}\n" for row in reviewer.reckons("run.digest"))
    assert hashlib.sha256(text.encode()).hexdigest() == drawn.digest
    page = honghe.client.get(reverse("delivery-run", kwargs={"number": drawn.pk}))
    assert drawn.digest in page.content.decode()
    assert reviewer.reckons("run.screened") == [(drawn.figures["of"],)]
    lived(drawn)
    Run.objects.for_site("test").filter(pk=drawn.pk).update(state="done")
    honghe.do("sample.draw", None, {"run": drawn.pk}, key="sample")
    drawn.version += 1
    for sheet in SHEETS.keys() - {"not_reached"}:
        reviewer.load(sheet, export(honghe, drawn, sheet))
    page = honghe.client.get(reverse("delivery-run", kwargs={"number": drawn.pk})).context
    assert reviewer.reckons("run.total") == [(page["lines_count"], page["fen"])]
    assert page["lines_count"] == 5
    sums = {state: (lines, fen) for state, lines, fen in reviewer.reckons("run.states")}
    assert sorted(sums.values()) == sorted((each["lines"], each["fen"]) for _title, each in page["sums"])
    counties = [tuple(each.values()) for _code, _title, each in page["counties"]]
    assert reviewer.reckons("run.counties") == counties
    assert len(counties) == 2
    assert reviewer.reckons("run.changes") == [("begun", 1), ("more", 2)]
    whys = dict(reviewer.reckons("run.left_out"))
    assert (sum(whys.values()), whys["ended"]) == (page["left_out_count"], 2)
    not_reached = honghe.client.get(reverse("delivery-not-reached", kwargs={"number": drawn.pk})).context
    assert reviewer.reckons("run.not_reached") == [(not_reached["rows"].paginator.count,)] == [(3,)]
    assert reviewer.reckons("objections") == [("open", 1), ("upheld", 1)]
    assert reviewer.reckons("cases") == [("open", 1)]
    drawn_sample = honghe.client.get(reverse("delivery-sample", kwargs={"number": drawn.pk})).context[
        "sample"
    ]
    assert reviewer.reckons("sample.size") == [(drawn_sample.population, drawn_sample.size)]
    assert reviewer.reckons("sample.answers") == [("open", 2)]


def test_the_size_of_a_sample_is_that_of_the_site():
    from huiqi.portal.delivery.sampling import size_of

    reviewer = Reviewer()
    said = reviewer.asked["sample.size"].replace(
        "(SELECT count(*) AS n FROM lines WHERE state = 'paid')", "n"
    )
    for population in (1, 2, 40, 383, 384, 385, 1_000, 1_000_000):
        asked = f"WITH n(n) AS (SELECT {population}) {said}"
        expected = (population, size_of(population, "95%", "5%"))
        assert reviewer.base.execute(asked).fetchall() == [expected]


def test_the_figures_of_the_board_are_reckoned_from_the_sheets(drawn, honghe):
    lived(drawn)
    reviewer = Reviewer()
    reviewer.load("lines", export(honghe, drawn, "lines"))
    missed = reverse("delivery-missed-export", kwargs={"measure": REFUND})
    reviewer.load("missed", honghe.client.post(missed, {"key": "missed"}))
    entitled = reverse("measure-export", kwargs={"name": REFUND}) + "?verdict=eligible"
    reviewer.load("entitled", honghe.client.post(entitled, {"key": "entitled"}))
    asked = Narrowing(measure=REFUND)
    (row,) = by_measure(honghe.actor, asked, measures_of(honghe.actor, asked, TODAY), TODAY)
    assert reviewer.reckons("board.reached") == [(row.lines, row.reached, row.paid)]
    assert reviewer.reckons("board.missed") == [(row.missed, row.missed_fen)]
    assert reviewer.reckons("board.entitled") == [(row.entitled,)]
    assert (row.lines, row.reached, row.missed, row.entitled) == (5, 2, 5, 7)


def test_what_a_public_notice_shows_is_reckoned_from_the_lines(drawn, honghe):
    honghe.do("run.notice", drawn.pk, {}, key="notice")
    first, second, *_others = lines_of(drawn)
    Line.objects.for_site("test").filter(pk=first.pk).update(state="contested")
    Line.objects.for_site("test").filter(pk=second.pk).update(state="dropped")
    reviewer = Reviewer()
    reviewer.load("lines", export(honghe, drawn, "lines"))
    page = Client().get(reverse("delivery-notice", kwargs={"number": drawn.pk})).context
    shown = [amount for *_names, amount in page["shown"]]
    assert reviewer.reckons("notice.total") == [(page["rows"].paginator.count, sum(shown))]
    assert len(shown) == 6


def test_every_statement_of_the_page_is_asked_here():
    here = Path(__file__).read_text("utf-8")
    names = statements()[1].keys()
    assert names and all(f'("{name}")' in here or f'["{name}"]' in here for name in names)


HISTORY = """
from delivering_office import Delivery
office = Delivery()
run = office.approved(office.entitled(1), office.entitled(2))
print(json.dumps(run.pk))
"""


def test_the_runs_history_is_proven_offline(tmp_path):
    site = new_site(tmp_path / "site")
    number = site.python(HISTORY)
    events = tmp_path / "events.jsonl"
    offline = ("audit", "verify", "--language", "en", "--events", str(events))
    heads = ("--heads", str(events.with_suffix(".heads.jsonl")))
    exported, sound = site.commands(("audit", "export", "--out", str(events)), (*offline, *heads))
    assert (exported[0], sound[0]) == (0, 0), (exported, sound)
    told = [json.loads(line) for line in events.read_text("utf-8").splitlines()]
    of_run = [
        each for each in told if (each["subject_kind"], each["subject"]) == ("delivery.run", str(number))
    ]
    assert [each["act"] for each in of_run] == ["run.notice", "run.end_notice", "run.approve"]
    assert (of_run[-1]["body"]["fen"], of_run[-1]["body"]["agreed"]) == (1_800_00, 1)
    events.write_text(events.read_text("utf-8").replace('"fen":180000', '"fen":180001'), "utf-8")
    assert site.commands((*offline, *heads))[0][0] == 1
