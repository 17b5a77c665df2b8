"""Long lists of a site with a million firms: a list of 100,000 members, all lists with their numbers, 100,000 jobs.

First what is served is checked: how many members the page says, that a county's are the county's, that a word finds the
firms of that name. Then each page is asked for over one connection; printed are the median and the 95th percentile, and the
requests that one core of the server answers in a second. Beside them the time of a fixed loop, the yardstick.

Run: .venv/bin/python benchmarks/site/long.py [--firms 1000000] [--members 100000] [--jobs 100000] [--keep FOLDER]
`--keep` takes a folder that `load.py --keep` filled, or fills it.
"""

from __future__ import annotations

import argparse
import datetime
import os
import tempfile
from pathlib import Path
from typing import Any

from load import _database, _print_head, _serving, _session, _time, _yardstick

DAY = datetime.date(2022, 8, 1)
COUNTY = "532503"
WORD = "企业"
RARE = "企业000050"
EVERY = (
    ("members, first page", "/lists/{kept}/"),
    ("members, page 200", "/lists/{kept}/?page=200"),
    ("members, a word of the name", "/lists/{kept}/?q=" + WORD),
    ("members, a rare word", "/lists/{kept}/?q=" + RARE),
    ("members of a county", "/lists/{kept}/?region=" + COUNTY),
    ("members of a county, a word", "/lists/{kept}/?region=" + COUNTY + "&q=" + WORD),
    ("members up for decision", "/lists/{kept}/?doubtful=1"),
    ("members on an earlier day", "/lists/{kept}/?on=2022-03-01"),
    ("one member", "/lists/entries/{entry}/"),
    ("history of the list", "/lists/{kept}/history/"),
    ("all lists with their numbers", "/lists/"),
    ("jobs, all", "/operations/"),
    ("jobs that failed", "/operations/?state=failed"),
    ("jobs of a purpose", "/operations/?purpose=benchmark:77"),
)


def main() -> None:
    arguments = _arguments()
    folder = Path(arguments.keep or tempfile.mkdtemp(prefix="huiqi-long-"))
    folder.mkdir(parents=True, exist_ok=True)
    with _database(arguments.at, folder) as url:
        os.environ |= {
            "DATABASE_URL": url,
            "HUIQI_DATA": str(folder / "site"),
            "HUIQI_NOW": "2022-08-01T10:00:00+08:00",
            "HUIQI_VISITOR_LIMIT": "0",
            "DJANGO_SETTINGS_MODULE": "huiqi.portal.settings",
        }
        _run(arguments)


def _run(arguments: argparse.Namespace) -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    from fill import appoint, fill

    from huiqi.portal.accounts.models import User
    from huiqi.portal.catalogue.shelf import shelf
    from huiqi.portal.firms.models import Firm
    from huiqi.portal.lists.models import Entry

    rows = Firm.objects.for_site("the benchmark counts them")
    if rows.count() < arguments.firms:
        took = fill(shelf().library, arguments.firms, arguments.drawn)
        print("filled: " + ", ".join(f"{name} {seconds:.0f} s" for name, seconds in took.items()))
        appoint(50)
    kept = _fill(arguments.members, arguments.jobs)
    entry = Entry.objects.for_site("the benchmark shows one").filter(kept=kept).first()
    place = {"kept": kept.pk, "entry": entry.pk}
    print(f"{rows.count():,} firms, yardstick {_yardstick():.3f} s")
    officer = User.objects.get(username="officer")
    chief = User.objects.get(username="chief")
    _check(officer, kept, arguments.members)
    _count(officer, chief, place)
    of_officer, of_chief = _session(officer), _session(chief)
    with _serving() as server:
        _print_head()
        for name, address in EVERY:
            session = of_chief if address.startswith("/operations") else of_officer
            _time(server, name, [(address.format(**place), session, "")], arguments.requests, 1)
    print(f"yardstick {_yardstick():.3f} s")


def _fill(members: int, jobs: int) -> Any:
    """Open the chain white list for the province and put every tenth firm on it; write jobs that were done."""
    from django.contrib.auth.hashers import make_password
    from django.db import connection
    from fill import NOW, PASSWORD, PROVINCE

    from huiqi.portal.accounts.models import Agency, Appointment, User
    from huiqi.portal.jobs.models import Job
    from huiqi.portal.lists.models import Entry, KeptList

    agency = Agency.objects.get(code="province")
    chief, made = User.objects.get_or_create(
        username="chief", defaults={"name": "省级管理员", "password": make_password(PASSWORD)}
    )
    if made:
        Appointment.objects.create(
            user=chief, agency=agency, role="administrator", begins=datetime.date(2022, 1, 1)
        )
    kept, _ = KeptList.objects.for_site("the benchmark opens it").get_or_create(
        kind="chain-white-list", region=PROVINCE, defaults={"agency": agency.code, "opened": DAY}
    )
    with connection.cursor() as cursor:
        if Entry.objects.for_site("the benchmark fills it").filter(kept=kept).count() < members:
            cursor.execute(
                "INSERT INTO lists_entry (version, kept_id, firm_id, county, region, words, state, begins, ground, reason, basis, "
                "rule_digest, proposed_by, reviewed_by, approved_by, at, left_because, doubt) "
                "SELECT 1, %s, id, '', region, bigrams || ' ' || lower(credit_code), 'member', DATE '2022-01-01' + (row_number() OVER () %% 200)::int, 'file', "
                "'符合条件', '', repeat('0', 64), 'user:1', '', 'user:2', %s, '', "
                'CASE WHEN id %% 700 = 0 THEN \'{"why": "rule"}\'::jsonb END '
                "FROM firms_firm WHERE id %% 10 = 0 ORDER BY id LIMIT %s",
                [kept.pk, NOW, members],
            )
        if Job.objects.count() < jobs:
            cursor.execute(
                "INSERT INTO jobs_job (kind, purpose, region, arguments, asked_by, asked_at, run_after, state, attempts, "
                "worker, done, total, ended_at, result, error, changed_by) SELECT 'clock.tick', 'benchmark:' || number, "
                "CASE WHEN number %% 3 = 0 THEN '' ELSE '532503' END, '{}', 'system:jobs', %s, %s, "
                "CASE WHEN number %% 500 = 0 THEN 'failed' ELSE 'done' END, 1, '', 1, 1, %s, '{}', '', '' "
                "FROM generate_series(1, %s) AS number",
                [NOW, NOW, NOW, jobs],
            )
        cursor.execute("ANALYZE")
    return kept


def _check(officer: Any, kept: Any, members: int) -> None:
    """Refuse to time pages that show another list than the one that was written."""
    from django.test import Client
    from django.test.utils import setup_test_environment

    from huiqi.portal.lists.models import Entry

    setup_test_environment()
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(officer)
    every = Entry.objects.for_site("the benchmark counts them").filter(kept=kept)
    assert every.count() == members, every.count()
    assert "10,000+" in client.get(f"/lists/{kept.pk}/").content.decode()
    for asked, wanted in (
        ({"region": COUNTY}, every.filter(firm__region=COUNTY)),
        ({"q": RARE}, every.filter(firm__name__contains=RARE)),
        ({"doubtful": "1"}, every.exclude(doubt=None)),
    ):
        shown = client.get(f"/lists/{kept.pk}/", asked).context["members"].paginator.count
        assert 0 < shown == min(wanted.count(), 10_000), (asked, shown, wanted.count())


def _count(officer: Any, chief: Any, place: dict[str, int]) -> None:
    """Print how many queries each page takes."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    told = []
    for name, address in EVERY:
        client = Client(SERVER_NAME="127.0.0.1")
        client.force_login(chief if address.startswith("/operations") else officer)
        with CaptureQueriesContext(connection) as caught:
            answer = client.get(address.format(**place))
        assert answer.status_code == 200, (name, answer.status_code)
        told.append(f"{name} {len(caught)}")
    print("queries a page: " + ", ".join(told))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Long lists of a site with a million firms.")
    parser.add_argument("--firms", type=int, default=1_000_000)
    parser.add_argument("--drawn", type=int, default=20_000, help="firms that are drawn; the rest are copies")
    parser.add_argument("--members", type=int, default=100_000, help="firms on the list")
    parser.add_argument("--jobs", type=int, default=100_000)
    parser.add_argument("--requests", type=int, default=40)
    parser.add_argument("--at", default="", help="DATABASE_URL of a PostgreSQL")
    parser.add_argument("--keep", default="", help="folder of the site, filled once")
    return parser.parse_args()


if __name__ == "__main__":
    main()
