"""A backup or a restoration that is killed leaves nothing half done behind."""

import shutil

import pytest
from busy_office import SET_UP
from own_sites import new_site

BACK_UP = """
from huiqi.portal.upkeep.backup import back_up
from pathlib import Path

def told(what, done, total):
    print(what, done)
    if what == sys.argv[2]:
        sys.stdin.readline()

back_up(Path(sys.argv[1]), datetime.datetime.now(datetime.UTC), told)
"""
RESTORE = """
from huiqi.portal.upkeep.restore import restore
from pathlib import Path

def told(what, done, total):
    print(what, done)
    if what == sys.argv[2]:
        sys.stdin.readline()

restore(Path(sys.argv[1]), replace=True, progress=told)
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    made = new_site(tmp_path_factory.mktemp("killed"))
    made.python(SET_UP, 20)
    return made


def killed_at(site, code, path, what):
    """Kill a program when it says that it is at this point, where it waits."""
    started = site.start(code, path, what)
    for line in started.stdout:
        if line.startswith(what + " "):
            break
    assert started.poll() is None, started.stderr.read()
    started.kill()
    started.communicate()
    assert started.returncode == -9


@pytest.mark.parametrize("what", ["firms_firm", "files"])
def test_a_killed_backup_leaves_no_file_at_all(site, what, tmp_path):
    killed_at(site, BACK_UP, tmp_path / "site.huiqi", what)
    assert list(tmp_path.iterdir()) == []
    assert not (site.data / "last-backup.json").exists()


@pytest.mark.parametrize("what", ["files", "firms_firm"])
def test_a_site_whose_restoration_was_killed_is_as_it_was(site, what, tmp_path):
    assert site.huiqi("backup", "--out", tmp_path / "site.huiqi")[0] == 0
    target = new_site(tmp_path)
    shutil.copy(site.data / "keys.json", target.data / "keys.json")
    target.sql("INSERT INTO auth_group (name) VALUES ('somebody')")
    killed_at(target, RESTORE, tmp_path / "site.huiqi", what)
    assert target.sql("SELECT name FROM auth_group") == [("somebody",)]
    assert target.sql("SELECT count(*) FROM firms_firm") == [(0,)]
    assert not (target.data / "rosters").exists()
    # The next attempt sweeps up, and ends it.
    assert target.huiqi("restore", tmp_path / "site.huiqi", "--replace")[0] == 0
    assert target.sql("SELECT count(*) FROM firms_firm") == [(20,)]
    assert not list(target.data.glob(".restoring-*"))
    (site.data / "last-backup.json").unlink()
