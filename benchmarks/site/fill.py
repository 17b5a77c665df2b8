"""A site's register filled with so many synthetic firms: drawn and merged as a roster is, then multiplied in the database.

Some thousand firms of Yunnan are drawn with all their records, put into the register by the code that takes rosters,
and copied by the database with credit codes and names of their own: a copy's name ends in its number.
"""

from __future__ import annotations

import datetime
import time

from django.contrib.auth.hashers import make_password
from django.db import connection

from huiqi.policies.library import PolicyLibrary
from huiqi.portal.accounts.models import Agency, Appointment, User
from huiqi.portal.firms.columns import settle
from huiqi.portal.firms.merging import Word, merged
from huiqi.portal.firms.models import SUBJECTS, Binding, Firm
from huiqi.portal.firms.rows import rows_of
from huiqi.screening.population.region import RegionPopulation

NOW = datetime.datetime(2022, 8, 1, 2, 0, tzinfo=datetime.UTC)
TODAY = datetime.date(2022, 8, 1)
PROVINCE, SEED = "530000", 7
PASSWORD = "benchmark-only-1"
_COLUMNS = (
    *("subject", "name", "region", "industry", "size", "facts", "records", "updated_at", "bigrams"),
    *("listed", "version"),
)

_EVENTS = """INSERT INTO acts_event (sequence, at, act, actor, acting_as, via, region, agency, subject_kind, subject,
  version, from_state, to_state, body, previous, digest)
  SELECT number, timestamp with time zone '2022-01-01 00:00+08' + number * interval '10 seconds', 'firms.export',
    'user:' || (number %% 500), 'auditor@province', 'page', %s, 'province', 'firms.firmexport', CAST(number AS text),
    1, '', '', '{}', '', 'benchmark ' || number FROM generate_series(1, %s) AS number"""
"""As many events as firms, in no chain: what lists of them show does not depend on it."""


def fill(library: PolicyLibrary, firms: int, drawn: int) -> dict[str, float]:
    """Fill the register; return the seconds of each step."""
    began = time.perf_counter()
    have = len(drawn_firms(library, drawn))
    taken = time.perf_counter()
    copy(have, firms)
    with connection.cursor() as cursor:
        cursor.execute(_EVENTS, [PROVINCE, firms])
        cursor.execute("UPDATE acts_head SET sequence = %s, digest = %s", [firms, f"benchmark {firms}"])
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    return {"drawn and merged": taken - began, "copied": time.perf_counter() - taken}


def copy(have: int, firms: int) -> None:
    """Multiply the first `have` firms until there are `firms`, with credit codes and names of their own."""
    names = ", ".join(_COLUMNS)
    shown = ", ".join("name || %s" if each == "name" else each for each in _COLUMNS)
    with connection.cursor() as cursor:
        for number in range(1, -(-firms // have)):
            wanted = min(have, firms - have * number)
            # The first two characters of a code name its kind: a copy takes two of its own instead.
            cursor.execute(
                f"INSERT INTO firms_firm (credit_code, {names}) SELECT %s || substr(credit_code, 4), {shown} "
                "FROM (SELECT * FROM firms_firm ORDER BY id LIMIT %s) AS first",
                [f"{number:03}", str(number), wanted],
            )


def drawn_firms(library: PolicyLibrary, count: int) -> list[Firm]:
    """Draw so many firms with all their records, and save them as rosters would."""
    word = Word("statistics", datetime.date(2022, 6, 30), 0)
    firms: list[Firm] = []
    for block in RegionPopulation(library, PROVINCE, count * 2, SEED, TODAY).blocks():
        for row in rows_of(block, library):
            if row.code and row.subject in SUBJECTS and row.values.get("name") and row.values.get("region"):
                firm = merged(None, row, word, NOW).firm
                settle(firm, library, word.date)
                firm.version = 1
                firms.append(firm)
        if len(firms) >= count:
            break
    del firms[count:]
    for begin in range(0, len(firms), 500):
        Firm.objects.for_site("the benchmark fills it").bulk_create(firms[begin : begin + 500])
    return firms


def appoint(members: int) -> tuple[User, list[tuple[User, int]]]:
    """Make an officer of the province, and members each bound to one firm: (user, firm's number)."""
    password = make_password(PASSWORD)
    officer = User.objects.create(username="officer", name="省级审计", password=password)
    agency = Agency.objects.create(code="province", name="省工业和信息化厅", region=PROVINCE)
    Appointment.objects.create(user=officer, agency=agency, role="auditor", begins=datetime.date(2022, 1, 1))
    rows = Firm.objects.for_site("the benchmark binds members").order_by("pk")
    numbers = list(rows.values_list("pk", flat=True)[: members * 3 : 3])
    bound = []
    for number in numbers:
        user = User.objects.create(username=f"member{number}", name="经办人", password=password)
        Binding.objects.create(user=user, firm_id=number, state="bound", asked_at=NOW)
        bound.append((user, number))
    return officer, bound
