"""Files are kept sealed, found by their ticket, and forgotten where nothing names them."""

import os
from dataclasses import replace

import pytest
from attached_files import active_pdf, pdf, picture
from django.conf import settings

from huiqi.portal.accounts.capacities import site_actor
from huiqi.portal.acts.refusals import Refused
from huiqi.portal.applications import files
from huiqi.portal.applications.needed import limits
from huiqi.portal.keys import encryption_keys, rotated, write_keys
from huiqi.portal.upkeep.uploads import is_kept, uploads

ONE = replace(site_actor("test"), id="user:1")
OTHER = replace(site_actor("test"), id="user:2")


def kept(content=None, name="回单.pdf", actor=ONE):
    return files.redeemed(files.keep(name, [content or pdf()], actor), actor)


def test_a_file_is_kept_sealed_and_opened_again():
    content = pdf()
    made = kept(content)
    assert (made.kind, made.size, made.name) == ("pdf", len(content), "回单.pdf")
    assert files.content_of(made.digest) == content
    [path] = (settings.DATA / "attachments").iterdir()
    assert path.stem == made.digest
    assert b"%PDF" not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0


def test_a_refused_file_leaves_nothing():
    with pytest.raises(Refused):
        files.keep("a.pdf", [active_pdf()], ONE)
    with pytest.raises(Refused, match="超过10MB"):
        files.keep("a.pdf", [b"x" * (1 << 20)] * 11, ONE)
    assert not list((settings.DATA).glob("attachments/*"))


@pytest.mark.parametrize(
    "change", [lambda ticket: ticket + "x", lambda _ticket: "", lambda _ticket: "\0:a:b"]
)
def test_a_made_up_ticket_is_worth_nothing(change):
    ticket = files.keep("a.pdf", [pdf()], ONE)
    with pytest.raises(Refused) as caught:
        files.redeemed(change(ticket), ONE)
    assert caught.value.findings[0].code == "no-upload"


def test_anothers_ticket_is_worth_nothing():
    with pytest.raises(Refused):
        files.redeemed(files.keep("a.pdf", [pdf()], ONE), OTHER)


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("../../etc/cron.d/a.pdf", "a.pdf"),
        ("C:\\Users\\me\\营业执照.pdf", "营业执照.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie x.pdf"),
        ("gpj.\u202efdp.pdf", "gpj.fdp.pdf"),
        ("\0", "file"),
        ("長" * 300 + ".pdf", "長" * 76 + ".pdf"),
    ],
)
def test_names_hold_no_folders_and_no_controls(name, plain):
    assert files.plain_name(name) == plain


def test_files_that_nothing_names_are_forgotten_after_a_day():
    named, unnamed, fresh = kept(pdf()), kept(picture(), "a.png"), kept(picture("JPEG"), "a.jpg")
    for each in (named, unnamed):
        path = settings.DATA / "attachments" / f"{each.digest}.sealed"
        before = path.stat().st_mtime - 2 * files.FORGOTTEN_AFTER
        os.utime(path, (before, before))
    assert set(files.old_files()) == {named.digest, unnamed.digest}
    assert files.forget_unnamed([named.digest]) == 1
    assert {path.stem for path in (settings.DATA / "attachments").iterdir()} == {named.digest, fresh.digest}


def test_files_are_sealed_anew_after_a_rotation():
    content = pdf()
    made = kept(content)
    write_keys(settings.DATA, rotated(encryption_keys(settings.DATA)))
    assert files.sealed_files() == ["1"]
    keys = encryption_keys(settings.DATA)
    assert (files.reseal_files(keys), files.reseal_files(keys)) == (1, 0)
    write_keys(settings.DATA, {name: key for name, key in keys.items() if name != "1"})
    assert files.content_of(made.digest) == content


def test_a_file_that_was_changed_or_lost_is_told():
    made = kept()
    path = settings.DATA / "attachments" / f"{made.digest}.sealed"
    other = kept(picture(), "a.png")
    path.write_text((settings.DATA / "attachments" / f"{other.digest}.sealed").read_text())
    with pytest.raises(Refused) as caught:
        files.content_of(made.digest)
    assert caught.value.findings[0].code == "file-sealed"
    path.unlink()
    with pytest.raises(Refused) as caught:
        files.content_of(made.digest)
    assert caught.value.findings[0].code == "file-lost"


def test_a_backup_takes_the_folder():
    made = kept()
    name = f"attachments/{made.digest}.sealed"
    assert name in [each for each, _path in uploads(settings.DATA)]
    assert is_kept(name)


def test_limits_are_those_of_the_office():
    assert limits().file * limits().files >= limits().total
