"""Keys rotated on a site at work: every value is sealed anew, everything is found again, and the old keys can go."""

import json
import re

import pyotp
import pytest
from django.apps import apps
from django.db import models
from offices import MENGZI, NOW, TODAY, code_of
from own_sites import new_site
from paying_office import Treasury, account_of, answer_file, lines, order, payments

from huiqi.portal.accounts import limits, second_factor
from huiqi.portal.accounts.credentials import OutsideName, SecondFactor
from huiqi.portal.acts.models import Event
from huiqi.portal.acts.refusals import KeyTaken
from huiqi.portal.delivery.models import TaxAccount
from huiqi.portal.delivery.records import person_digest
from huiqi.portal.firms.models import Contact, Firm
from huiqi.portal.keys import encryption_keys, rotated, write_keys
from huiqi.portal.notices.models import Reach
from huiqi.portal.payments.models import Payment, StatementLine
from huiqi.portal.payments.payees import keys, revealed
from huiqi.portal.payments.queries import likely_payments
from huiqi.portal.payments.statement_files import reseal_files
from huiqi.portal.secrets.columns import sealed_columns
from huiqi.portal.secrets.fields import digest_of, digests_of, get, put
from huiqi.portal.secrets.renewing import keys_in_use, renew
from huiqi.portal.upkeep.manifest import is_marked, is_sealed, mark_of, seal_of

SEALED_WITH_THE_FIRST = re.compile(r"^1\.[\w-]{16}\.")


@pytest.fixture
def treasury(db, settings, tmp_path, monkeypatch):
    settings.DATA = tmp_path
    monkeypatch.setenv("HUIQI_NOW", "2022-08-01T10:00:00+08:00")
    return Treasury()


def rotate(settings):
    write_keys(settings.DATA, rotated(encryption_keys(settings.DATA)))


def firm_with_values():
    firm = Firm.objects.create(
        credit_code=code_of(1), subject="enterprise", name="虚构企业1", region=MENGZI, updated_at=NOW
    )
    contact, _ = Contact.objects.for_site("test").get_or_create(firm=firm)
    for column, value in (("person", "某人"), ("phone", "13800001234"), ("account", account_of(1))):
        put(contact, column, value)
    contact.save()
    tax = TaxAccount.objects.create(firm=firm, dated=TODAY)
    put(tax, "account", account_of(2))
    tax.save()
    return contact, tax


def user_with_values(user):
    chosen = Reach.objects.create(user=user)
    put(chosen, "phone", "13800005678")
    chosen.save()
    return second_factor.begin(user, NOW), second_factor.new_codes(user)


def sealed_texts():
    for model in apps.get_models():
        for column in model._meta.concrete_fields:
            if isinstance(column, models.TextField | models.CharField):
                for value in model._base_manager.values_list(column.attname, flat=True):
                    if isinstance(value, str) and SEALED_WITH_THE_FIRST.match(value):
                        yield f"{model._meta.label}.{column.name}"


def test_after_a_rotation_no_value_needs_the_old_key_and_each_still_opens(treasury, settings):
    contact, tax = firm_with_values()
    user = treasury.people["holder"].user
    factor, _ = user_with_values(user)
    secret = second_factor.secret_of(factor)
    batch = treasury.sent(order(1), order(2))
    assert set(sealed_texts()) == {
        *("firms.Contact.person", "firms.Contact.phone", "firms.Contact.account"),
        *("delivery.TaxAccount.account", "notices.Reach.phone", "accounts.SecondFactor.secret"),
        *("payments.Payment.name", "payments.Payment.account"),
    }
    assert {f"{each.model._meta.label}.{each.column}" for each in sealed_columns()} >= set(sealed_texts())

    rotate(settings)
    made = renew(encryption_keys(settings.DATA))
    assert (made.changed, made.closed) == (made.looked, {})
    assert list(sealed_texts()) == []
    assert {key for _, key in keys_in_use()} == {"2"}
    write_keys(settings.DATA, {n: k for n, k in encryption_keys(settings.DATA).items() if n != "1"})
    contact.refresh_from_db()
    assert [get(contact, each) for each in ("person", "phone", "account")] == [
        *("某人", "13800001234", account_of(1))
    ]
    assert contact.phone_digest == digest_of("phone", "13800001234")
    assert contact.account_digest == digest_of("account", account_of(1))
    tax.refresh_from_db()
    assert tax.account_digest == digest_of("account", account_of(2))
    assert second_factor.secret_of(SecondFactor.objects.get(user=user)) == secret
    assert second_factor.take(user, pyotp.TOTP(secret).at(NOW), NOW)
    for number, payment in enumerate(payments(batch), start=1):
        assert revealed(payment, keys()) == (f"虚构企业{number}", account_of(number))
        assert payment.account_digest == digest_of("account", account_of(number))
    # Once more changes nothing: it can be killed and run again.
    assert renew(encryption_keys(settings.DATA)).changed == 0


def test_what_stands_as_a_digest_alone_is_still_found_by_the_key_from_before(treasury, settings):
    user = treasury.people["holder"].user
    codes = second_factor.new_codes(user)
    for _ in range(limits.NAME.most):
        assert limits.try_once(limits.NAME, "holder", NOW)
    known = digest_of("outside", "issuer|5301-77")
    OutsideName.objects.create(user=user, digest=known, linked_at=NOW)
    rotate(settings)
    renew(encryption_keys(settings.DATA))
    assert digest_of("outside", "issuer|5301-77") != known
    assert OutsideName.objects.get(digest__in=digests_of("outside", "issuer|5301-77")).user == user
    assert second_factor.take(user, codes[0], NOW)
    assert not second_factor.take(user, codes[0], NOW)
    # Who was locked out is not let in by a rotation.
    assert not limits.try_once(limits.NAME, "holder", NOW)
    # Twice rotated is found as well; without the keys from before it is not.
    rotate(settings)
    assert second_factor.take(user, codes[1], NOW)
    kept = {n: k for n, k in encryption_keys(settings.DATA).items() if not n.startswith("lookup.")}
    write_keys(settings.DATA, kept)
    assert not second_factor.take(user, codes[2], NOW)


def test_a_request_repeated_after_a_rotation_gets_its_first_answer(treasury, settings):
    holder = treasury.people["holder"]
    batch = treasury.drafted(order(1))
    first = holder.do("payment.hold", batch.pk, key="once")
    events = Event.objects.count()
    rotate(settings)
    assert holder.do("payment.hold", batch.pk, key="once") == first
    assert Event.objects.count() == events
    with pytest.raises(KeyTaken):
        holder.do("payment.hold", batch.pk + 1, key="once")


def test_what_a_person_was_paid_for_stays_known_by_the_same_digest(treasury, settings):
    before = person_digest("payee", "532503198001010017", encryption_keys(settings.DATA))
    for _ in range(2):
        rotate(settings)
        assert person_digest("payee", "532503198001010017", encryption_keys(settings.DATA)) == before


def test_a_banks_answer_is_matched_though_the_keys_were_rotated_in_between(treasury, settings):
    batch = treasury.sent(order(1), order(2), order(3))
    rotate(settings)
    # Before any payment was brought to the new keys: lines bear digests by the new key, payments by the old.
    content, controls = answer_file(*((each, "成功") for each in payments(batch)))
    treasury.take(content, **controls)
    assert {each.state for each in payments(batch)} == {"paid"}


def test_a_line_in_the_queue_follows_its_account_to_the_new_key(treasury, settings):
    batch = treasury.sent(order(1), order(2))
    first, second = payments(batch)
    content, controls = answer_file((first, "成功"), (second, "成功"))
    # Without its reference a line waits for a person.
    statement = treasury.take(content.replace(second.reference, "无"), **controls)
    [queued] = [each for each in lines(statement) if each.state == "queued"]
    assert likely_payments([queued])[queued.pk] == [second]
    rotate(settings)
    made = renew(encryption_keys(settings.DATA))
    assert made.followed == 1
    queued = StatementLine.objects.for_site("test").get(pk=queued.pk)
    second = Payment.objects.for_site("test").get(pk=second.pk)
    assert queued.account_digest == second.account_digest == digest_of("account", account_of(2))
    assert likely_payments([queued])[queued.pk] == [second]
    # The bank's own file is sealed anew too.
    assert reseal_files(encryption_keys(settings.DATA)) == 1
    assert reseal_files(encryption_keys(settings.DATA)) == 0


def test_a_backup_sealed_before_is_known_again_and_a_forged_one_is_not(treasury, settings):
    before = encryption_keys(settings.DATA)
    seal = seal_of(b"manifest", before)
    after = rotated(rotated(before))
    assert is_sealed(b"manifest", seal, after)
    assert is_marked(mark_of(before), after)
    assert not is_sealed(b"another", seal, after)
    assert not is_marked(mark_of(rotated(before)), before)


def test_a_value_that_no_key_opens_is_told_and_left_alone(treasury, settings):
    contact, _ = firm_with_values()
    closed = contact.phone
    write_keys(settings.DATA, {**encryption_keys(settings.DATA), "1": "ab" * 16})
    made = renew(encryption_keys(settings.DATA))
    assert made.closed["firms_contact.phone"] == 1
    contact.refresh_from_db()
    assert contact.phone == closed


SET_UP = """
from offices import NOW, MENGZI, code_of
from huiqi.portal.firms.models import Contact, Firm
from huiqi.portal.secrets.fields import put
for number in range(60):
    firm = Firm.objects.create(
        credit_code=code_of(number), subject="enterprise", name=f"虚构企业{number}", region=MENGZI, updated_at=NOW
    )
    contact, _ = Contact.objects.for_site("test").get_or_create(firm=firm)
    put(contact, "phone", f"138{number:08}")
    contact.save()
from attached_files import picture
from huiqi.portal.accounts.capacities import site_actor
from huiqi.portal.applications.files import keep, redeemed
actor = site_actor("test")
print(json.dumps(redeemed(keep("a.png", [picture()], actor), actor).digest))
"""
OPENED = """
from huiqi.portal.applications.files import content_of
print(json.dumps(len(content_of(sys.argv[1]))))
"""
ROTATE = """
import time
from huiqi.portal.secrets import renewing
renewing.PIECE = 10
real, pieces = renewing._renew_piece, []
def told(*arguments):
    if len(pieces) == 3:
        print("there", flush=True)
        time.sleep(80)
    pieces.append(1)
    return real(*arguments)
renewing._renew_piece = told
from huiqi.cli import main
main(["keys", "rotate"])
"""
FOUND = """
from huiqi.portal.firms.models import Contact
from huiqi.portal.secrets.fields import digest_of, get
rows = Contact.objects.for_site("test")
print(json.dumps([
    [get(each, "phone"), each.phone_digest == digest_of("phone", get(each, "phone"))] for each in rows.order_by("pk")
]))
"""


def test_a_rotation_that_is_killed_is_gone_on_with(tmp_path):
    site = new_site(tmp_path)
    attached = site.python(SET_UP)
    size = site.python(OPENED, attached)
    worker = site.start(ROTATE)
    assert worker.stdout.readline() == "there\n"
    worker.kill()
    worker.communicate()
    assert worker.returncode == -9
    shown = site.answer("keys", "show")
    assert {(each["key"], each["values"]) for each in shown["values"]} == {("1", 30), ("2", 30)}
    # What is half renewed can be read throughout.
    assert [each[0] for each in site.python(FOUND)] == [f"138{number:08}" for number in range(60)]
    assert site.answer("keys", "renew") == {
        **{"newest": "2", "values": 60, "renewed": 30, "followed": 0, "files": 0, "attachments": 1},
        "closed": {},
    }
    assert site.answer("keys", "drop") == {"dropped": ["1"], "kept_for_files": []}
    # What firms attached opens with the new key alone.
    assert site.python(OPENED, attached) == size > 0
    assert site.python(FOUND) == [[f"138{number:08}", True] for number in range(60)]
    kept = json.loads((site.data / "keys.json").read_text("utf-8"))
    assert sorted(kept) == ["2", "lookup", "lookup.1", "standing"]
    assert (site.data / "keys.json").stat().st_mode & 0o777 == 0o600
    assert site.answer("keys", "drop", "--lookup") == {"dropped": ["lookup.1"], "kept_for_files": []}
