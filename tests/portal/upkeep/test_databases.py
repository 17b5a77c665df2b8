"""On SQLite every transaction begins as one that writes: who reads first and writes later waits, and never fails.
On PostgreSQL a connection has room to search in.
"""

import sqlite3
import time
from contextlib import closing
from dataclasses import replace

import pytest
from own_sites import SERVER, new_site, on_sqlite

COUNT = """
from django.db import transaction
from huiqi.portal.accounts.models import Agency

print("ready")
sys.stdin.readline()
for _ in range(30):
    with transaction.atomic():
        # Read first, written later: in a transaction that had begun to read only, the later one would fail at once.
        agency = Agency.objects.get(pk="counter")
        agency.area = [agency.area[0] + 1]
        agency.save()
print(agency.area[0])
"""

WORK_MEMORY = """
from django.db import connection

with connection.cursor() as cursor:
    cursor.execute("SHOW work_mem")
    print(json.dumps(cursor.fetchone()[0]))
"""


def test_two_processes_that_read_and_then_write_wait_for_each_other(tmp_path):
    site = on_sqlite(tmp_path)
    site.sql(
        "INSERT INTO accounts_agency (code, name, region, area) VALUES ('counter', 'x', '530000', '[0]')"
    )
    counting = [site.start(COUNT) for _ in range(2)]
    for each in counting:
        assert each.stdout.readline() == "ready\n", each.stderr.read()
    for each in counting:
        each.stdin.write("go\n")
        each.stdin.flush()
    ended = [each.communicate(timeout=60) for each in counting]
    assert [each.returncode for each in counting] == [0, 0], ended
    assert site.sql("SELECT area FROM accounts_agency") == [("[60]",)]


OPEN = """
from django.db import connection

print("ready", flush=True)
connection.ensure_connection()
print(connection.connection.execute("PRAGMA journal_mode").fetchone()[0])
"""


def test_a_restored_file_that_another_writes_to_is_waited_for(tmp_path):
    site = on_sqlite(tmp_path)  # without the log, as a file comes out of a backup
    with closing(sqlite3.connect(site.file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        opening = site.start(OPEN)
        assert opening.stdout.readline() == "ready\n", opening.stderr.read()
        time.sleep(0.3)
        other.execute("COMMIT")
    assert opening.communicate(timeout=60) == ("wal\n", "")


ASK = """
from django.db import connection
with connection.cursor() as cursor:
    told = {}
    for pragma in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout"):
        cursor.execute(f"PRAGMA {pragma}")
        told[pragma] = cursor.fetchone()[0]
print(json.dumps(told))
"""


def test_what_was_committed_is_on_the_disk_and_references_are_held(tmp_path):
    site = on_sqlite(tmp_path)
    # synchronous 2 is FULL.
    expected = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 20_000}
    assert site.python(ASK) == expected


if SERVER:  # only a server bounds a step's memory

    @pytest.mark.parametrize(("given", "has"), [("", "16MB"), ("&options=-c%20work_mem%3D64MB", "64MB")])
    def test_a_connection_has_room_to_search_in_and_more_where_the_server_gives_more(tmp_path, given, has):
        site = new_site(tmp_path)
        assert replace(site, url=site.url + given).python(WORK_MEMORY) == has
