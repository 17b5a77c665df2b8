"""A site backed up and restored, on either database: the same rows, the same files, the same head of the chain."""

import contextlib
import json
import shutil
import sqlite3
import zipfile

import pytest
from busy_office import GOES_ON, SET_UP
from own_sites import SERVER, new_site, on_postgresql, on_sqlite

FIRMS = 60


@pytest.fixture(scope="module")
def busy(tmp_path_factory):
    """A site with its backup, made once; tests that write take another."""
    folder = tmp_path_factory.mktemp("busy")
    site = new_site(folder)
    site.python(SET_UP, FIRMS)
    site.backup = folder / "site.huiqi"
    made, again = site.commands(["backup", "--out", site.backup, "--json"], ["backup", "--out", site.backup])
    assert made[0] == 0, made
    site.made = json.loads(made[1])
    # A backup never takes the place of another.
    assert (again[0], "file-exists" in again[2]) == (2, True)
    return site


def with_keys_of(site, other):
    shutil.copy(other.data / "keys.json", site.data / "keys.json")
    return site


def content(path):
    """Tables with their rows, JSON columns as what they say; files with what they hold."""
    tables, files = {}, {}
    with zipfile.ZipFile(path) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        for part in manifest["tables"]:
            kinds = [kind for _name, kind in part["columns"]]
            names = [name for name, _kind in part["columns"]]
            rows = []
            for line in archive.read(f"tables/{part['name']}.jsonl").splitlines():
                values = [
                    json.loads(value) if kind == "json" and value is not None else value
                    for value, kind in zip(json.loads(line), kinds, strict=True)
                ]
                rows.append(sorted(zip(names, map(repr, values), strict=True)))
            tables[part["name"]] = sorted(rows), part["counted_to"]
        for name in archive.namelist():
            if name.startswith("files/"):
                files[name] = archive.read(name)
    return manifest["head"], tables, files


KINDS = ["sqlite", "postgresql"] if SERVER else ["sqlite"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("through", KINDS)
def test_a_restored_site_is_the_site(busy, kind, through, tmp_path):
    """From this run's database into one of either kind, there backed up, and into one of either kind again."""

    def empty(of_kind):
        made = (
            on_sqlite(tmp_path, empty=True)
            if of_kind == "sqlite"
            else on_postgresql(tmp_path, SERVER, empty=True)
        )
        return with_keys_of(made, busy)

    first, second = empty(through), empty(kind)
    [(status, out, errors), (copied, _out, _errors)] = first.commands(
        ["restore", busy.backup, "--json"], ["backup", "--out", tmp_path / "copy.huiqi"]
    )
    assert (status, copied) == (0, 0), errors
    assert (
        json.loads(out)["head"] == busy.made["head"] == {"sequence": 4, "digest": busy.made["head"]["digest"]}
    )
    assert json.loads(out)["tables"] == busy.made["tables"]
    told = second.commands(
        ["restore", tmp_path / "copy.huiqi"],
        ["audit", "verify"],
        ["backup", "--out", tmp_path / "again.huiqi"],
    )
    assert [status for status, _out, _errors in told] == [0, 0, 0], told
    assert content(tmp_path / "copy.huiqi") == content(busy.backup)
    assert content(tmp_path / "again.huiqi") == content(busy.backup)
    # It goes on: sealed values open, a number that was given to a user since deleted is not given to another.
    assert second.python(GOES_ON) == {"phones": ["13800001234"], "newcomer": 3}
    with pytest.raises(Exception, match="append-only"):
        second.sql("UPDATE acts_event SET actor = 'x'")


def test_a_backup_holds_files_but_neither_keys_nor_sessions_nor_other_backups(busy):
    _head, tables, files = content(busy.backup)
    assert not {"django_session", "accounts_session"} & tables.keys()
    assert {name.split("/")[1] for name in files} == {"attachments", "rosters", "working_days.csv"}
    assert len(files) == busy.made["files"]
    keys = json.loads((busy.data / "keys.json").read_text())
    secrets = [*keys.values(), (busy.data / "secret.key").read_text()]
    with zipfile.ZipFile(busy.backup) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
    assert b"13800001234" not in everything
    assert not any(secret.encode() in everything for secret in secrets if len(secret) > 1)
    assert busy.backup.stat().st_mode & 0o777 == 0o600


def rewritten(backup, out, change):
    """A backup whose entries were changed, in a ZIP file that is whole."""
    with zipfile.ZipFile(backup) as before, zipfile.ZipFile(out, "w") as after:
        for name in before.namelist():
            for new_name, data in change(name, before.read(name)):
                after.writestr(new_name, data)
    return out


def without_roster(name, data):
    return [] if name.startswith("files/rosters/") and name.endswith(".csv") else [(name, data)]


def other_actor(name, data):
    if name == "tables/acts_event.jsonl":
        data = data.replace(b"user:", b"user;")
    return [(name, data)]


def other_head(name, data):
    return [(name, data.replace(b'"sequence": 4', b'"sequence": 3') if name == "manifest.json" else data)]


def one_more(name, data):
    more = [("files/rosters/more", b"x")] if name == "seal" else []
    return [(name, data), *more]


def other_file(name, data):
    return [(name, b"x" * len(data) if name.startswith("files/rosters/") else data)]


@pytest.fixture(scope="module")
def damaged(busy, tmp_path_factory):
    """Backups that must be refused, by what was done to them."""
    folder = tmp_path_factory.mktemp("damaged")
    whole = busy.backup.read_bytes()
    made = {}
    for share in (0, 1, 50, 99):
        made[f"cut at {share}%"] = folder / f"cut{share}.huiqi"
        made[f"cut at {share}%"].write_bytes(whole[: len(whole) * share // 100])
    with zipfile.ZipFile(busy.backup) as archive:
        entries = {each.filename: each for each in archive.infolist() if each.compress_size > 20}
    for name, entry in entries.items():
        flipped = bytearray(whole)
        # Behind the entry's own head stand its name, and its size in long form.
        flipped[entry.header_offset + 30 + len(name) + 20 + entry.compress_size // 2] ^= 0x20
        made[f"flipped in {name}"] = folder / f"flipped{len(made)}.huiqi"
        made[f"flipped in {name}"].write_bytes(flipped)
    for change in (without_roster, other_actor, other_head, one_more, other_file):
        made[change.__name__] = rewritten(busy.backup, folder / f"{change.__name__}.huiqi", change)
    (folder / "text.huiqi").write_text("no backup at all")
    made["text"] = folder / "text.huiqi"
    made["none"] = folder / "none.huiqi"
    return made


def test_what_is_cut_off_damaged_or_changed_is_refused_before_anything_is_touched(busy, damaged, tmp_path):
    site = with_keys_of(new_site(tmp_path, empty=True), busy)
    told = site.commands(*(["restore", path, "--json"] for path in damaged.values()))
    for name, (status, out, _errors) in zip(damaged, told, strict=True):
        assert status == 2, name
        code = json.loads(out)["findings"][0]["code"]
        assert code in {"backup-unreadable", "backup-changed", "file-unreadable"}, name
    assert {each.name for each in site.data.iterdir()} == {"keys.json", "secret.key"}
    if site.url:
        assert site.sql("SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'") == [
            (0,)
        ]


FORGE = """
import hashlib, zipfile
from django.conf import settings
from huiqi.portal.keys import encryption_keys
from huiqi.portal.upkeep.manifest import seal_of

def forged(source, out, what, sealed):
    with zipfile.ZipFile(source) as before:
        entries = {name: before.read(name) for name in before.namelist()}
    manifest = json.loads(entries["manifest.json"])
    table = "accounts_appointment" if what == "reference" else "jobs_job"
    part = next(each for each in manifest["tables"] if each["name"] == table)
    rows = [json.loads(line) for line in entries[f"tables/{table}.jsonl"].splitlines()]
    place = {name: number for number, (name, _kind) in enumerate(part["columns"])}
    if what == "earlier":
        # As the version before job cancelling made it: two columns less, two changes less.
        for row in [part["columns"], *rows]:
            for later in sorted((place["changed_by"], place["region"]), reverse=True):
                del row[later]
        for change in ("0002_cancelled_and_by_whom", "0003_whose_business_a_job_is"):
            manifest["migrations"].remove(["jobs", change])
    elif what == "later":
        manifest["migrations"].append(["jobs", "0099_of_the_future"])
    elif what == "outside":
        text = entries["files.jsonl"].replace(b'"path":"rosters/', b'"path":"../rosters')
        entries["files.jsonl"] = text
        manifest["files_list"] = {"bytes": len(text), "sha256": hashlib.sha256(text).hexdigest()}
    elif what == "reference":
        rows[0][place["agency_id"]] = "nowhere"
    text = b"".join(json.dumps(row).encode() + b"\\n" for row in rows)
    part["bytes"], part["sha256"] = len(text), hashlib.sha256(text).hexdigest()
    entries[f"tables/{table}.jsonl"] = text
    entries["manifest.json"] = json.dumps(manifest).encode()
    if sealed:
        entries["seal"] = seal_of(entries["manifest.json"], encryption_keys(settings.DATA)).encode()
    with zipfile.ZipFile(out, "w") as after:
        for name, data in entries.items():
            after.writestr(name, data)

for out, what, sealed in json.loads(sys.argv[2]):
    forged(sys.argv[1], out, what, sealed)
"""


def test_a_forged_one_is_refused_and_an_earlier_one_is_brought_to_this_version(busy, tmp_path):
    """Digests can be made to agree by anybody; the seal cannot. What it seals is looked through all the same."""
    wanted = {
        ("earlier", False): "backup-changed",
        ("later", True): "backup-later",
        ("outside", True): "backup-changed",
        ("reference", True): "restore-failed",
        ("earlier", True): None,
    }
    files = [[str(tmp_path / f"{what}-{sealed}.huiqi"), what, sealed] for what, sealed in wanted]
    busy.python(FORGE, busy.backup, json.dumps(files))
    site = with_keys_of(new_site(tmp_path, empty=True), busy)
    told = site.commands(*(["restore", out, "--json"] for out, _what, _sealed in files), ["audit", "verify"])
    for (what, sealed), code, (status, out, errors) in zip(wanted, wanted.values(), told, strict=False):
        answer = json.loads(out)
        if code is None:
            assert (status, answer["brought_forward"]) == (0, True), errors
        else:
            assert (status, answer["findings"][0]["code"]) == (2, code), (what, sealed)
    assert told[-1][0] == 0
    assert site.sql("SELECT DISTINCT changed_by FROM jobs_job") == [("",)]
    assert not list(site.data.glob(".restoring-*"))


def test_a_folder_is_named_in_the_command(busy, tmp_path):
    (tmp_path / "new").mkdir()
    shutil.copy(busy.data / "keys.json", tmp_path / "new" / "keys.json")
    status, out, errors = busy.afresh("restore", busy.backup, "--into", tmp_path / "new", "--language", "en")
    assert status == 0, errors
    assert "all row counts and the chain's head equal the backup's" in out
    with contextlib.closing(sqlite3.connect(tmp_path / "new" / "huiqi.sqlite3")) as made:
        assert made.execute("SELECT count(*) FROM firms_firm").fetchone() == (FIRMS,)
    assert "database-unknown" in busy.huiqi("restore", busy.backup, "--into", "mysql://x")[2]


def test_without_the_keys_a_site_is_restored_only_where_that_is_said(busy, tmp_path):
    site = new_site(tmp_path, empty=True)
    [(refused, _out, errors), (status, _said, _errors)] = site.commands(
        ["restore", busy.backup], ["restore", busy.backup, "--without-keys"]
    )
    assert (refused, status) == (2, 0)
    assert "keys-missing" in errors
    other = new_site(tmp_path, empty=True)
    (other.data / "keys.json").write_text(json.dumps({"1": "0" * 32, "lookup": "1" * 64}))
    assert "backup-other-keys" in other.huiqi("restore", busy.backup)[2]


def test_a_site_that_stands_is_given_up_only_where_that_is_said(busy, tmp_path):
    site = with_keys_of(new_site(tmp_path), busy)
    site.sql("INSERT INTO auth_group (name) VALUES ('somebody')")
    (site.data / "rosters").mkdir()
    (site.data / "rosters" / "of the site that stood").write_text("x")
    with contextlib.ExitStack() as stack:
        if not site.url:
            # Somebody has the site open.
            reader = stack.enter_context(contextlib.closing(sqlite3.connect(site.file)))
            reader.execute("PRAGMA journal_mode=WAL")
            reader.execute("SELECT count(*) FROM firms_firm").fetchone()
        commands = [["restore", busy.backup]] + [["restore", busy.backup, "--replace"]] * (not site.url)
        codes = [errors for _status, _out, errors in site.commands(*commands)]
    assert "site-not-empty" in codes[0]
    assert all("site-in-use" in each for each in codes[1:])
    assert (site.data / "rosters" / "of the site that stood").exists()
    assert site.sql("SELECT name FROM auth_group") == [("somebody",)]

    (status, _out, errors), (_status, verified, _errors) = site.commands(
        ["restore", busy.backup, "--replace"], ["audit", "verify", "--json"]
    )
    assert status == 0, errors
    assert json.loads(verified)["head"] == busy.made["head"]
    assert not (site.data / "rosters" / "of the site that stood").exists()
    assert site.sql("SELECT count(*) FROM auth_group") == [(0,)]
    assert site.sql("SELECT count(*) FROM firms_firm") == [(FIRMS,)]


FOREIGN = """
CREATE TABLE a_later_version (id bigint PRIMARY KEY, firm bigint REFERENCES firms_firm (id));
CREATE VIEW seen AS SELECT id, name FROM firms_firm;
CREATE MATERIALIZED VIEW kept AS SELECT count(*) FROM firms_firm;
CREATE SEQUENCE counted;
CREATE TYPE mood AS ENUM ('good', 'bad');
CREATE TYPE pair AS (one int, other mood);
CREATE DOMAIN fen AS bigint CHECK (value >= 0);
CREATE FUNCTION meddle() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.name := ''changed''; RETURN NEW; END';
CREATE FUNCTION takes(pair) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE PROCEDURE proceeds() LANGUAGE sql AS 'SELECT 1';
CREATE AGGREGATE sums(bigint) (SFUNC = int8pl, STYPE = bigint, INITCOND = '0');
CREATE TRIGGER meddling BEFORE INSERT OR UPDATE ON firms_firm FOR EACH ROW EXECUTE FUNCTION meddle();
CREATE RULE nothing_new AS ON DELETE TO auth_group DO INSTEAD NOTHING;
ALTER TABLE firms_firm ADD COLUMN by_hand text;
CREATE INDEX by_hand ON firms_firm (subject)
"""
SCHEMA = """
SELECT 'relation', c.relname::text, c.relkind::text FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
UNION ALL SELECT 'routine', oid::regprocedure::text, md5(prosrc) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
UNION ALL SELECT 'type', typname::text, typtype::text FROM pg_type WHERE typnamespace = 'public'::regnamespace
UNION ALL SELECT 'trigger', tgrelid::regclass || '.' || tgname, tgenabled::text FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT 'rule', tablename || '.' || rulename, definition FROM pg_rules WHERE schemaname = 'public'
UNION ALL SELECT 'column', table_name || '.' || column_name, data_type FROM information_schema.columns
  WHERE table_schema = 'public'
UNION ALL SELECT 'constraint', conrelid::regclass || '.' || conname, pg_get_constraintdef(oid) FROM pg_constraint
  WHERE connamespace = 'public'::regnamespace
ORDER BY 1, 2, 3
"""


if SERVER:  # only a server's schema can hold what others put there

    def test_a_schema_is_exactly_the_sites_after_a_restoration(busy, tmp_path):
        fresh = with_keys_of(on_postgresql(tmp_path, SERVER, empty=True), busy)
        assert fresh.huiqi("restore", busy.backup)[0] == 0
        site = with_keys_of(on_postgresql(tmp_path, SERVER), busy)
        assert site.sql(SCHEMA) == fresh.sql(SCHEMA)
        site.sql(*FOREIGN.strip().split(";\n"))
        assert "schema-not-empty" in site.huiqi("restore", busy.backup)[2]
        assert ("relation", "a_later_version", "r") in site.sql(SCHEMA)

        (status, _out, errors), (verified, _out, _errors) = site.commands(
            ["restore", busy.backup, "--replace"], ["audit", "verify"]
        )
        assert (status, verified) == (0, 0), errors
        assert site.sql(SCHEMA) == fresh.sql(SCHEMA)
        assert site.sql("SELECT count(*) FROM firms_firm WHERE name = 'changed'") == [(0,)]
