"""A county's payment batch, its payment, a bank statement and a line that waits, for the permission matrix."""

from ledgers import MENGZI, PROVINCE, Ledger
from offices import NOW, TODAY

from huiqi.portal.accounts.capacities import site_actor
from huiqi.portal.acts.actors import Capacity
from huiqi.portal.acts.registry import Doing
from huiqi.portal.funds.posting import Entry, post
from huiqi.portal.payments.bank_files import digest_of_file
from huiqi.portal.payments.batches import open_batch
from huiqi.portal.payments.models import BankStatement, Payment, PaymentBatch, StatementLine
from huiqi.portal.payments.orders import Order


def payments_of_county(title, file_name):
    """Return the rows by name."""
    ledger = Ledger()
    numbers = [
        ledger.number("budget", PROVINCE),
        ledger.number("available", PROVINCE),
        ledger.number("available", MENGZI),
    ]
    post(
        [
            Entry("world-budget", numbers[0], numbers[1], 10_000, "appropriate"),
            Entry("world-down", numbers[1], numbers[2], 10_000, "allocate"),
        ],
        day=TODAY,
        at=NOW,
    )
    capacity = Capacity("finance", "", frozenset(), frozenset(), agency=f"{MENGZI}-own", areas=("",))
    batch = open_batch(
        Doing("run.pay", site_actor("test"), capacity, NOW, TODAY),
        programme=ledger.programme,
        region=MENGZI,
        year=2022,
        direct=True,
        orders=[Order("matrix:1", None, "rent-waiver", 100, title, "6222021000000000001", "")],
        title=title,
    )
    payment = Payment.objects.for_site("test").get(batch=batch)
    PaymentBatch.objects.for_site("test").filter(pk=batch.pk).update(
        state="sent", held_count=1, held_total=100, file_digest=digest_of_file(batch), sent_on=TODAY
    )
    batch.refresh_from_db()
    statement = BankStatement.objects.create(
        region=MENGZI,
        agency=f"{MENGZI}-own",
        file_name=file_name,
        digest="2" * 64,
        form="csv",
        state="taken",
        lines_count=1,
        taken_count=1,
        handed_in_at=NOW,
    )
    line = StatementLine.objects.create(
        statement=statement,
        number=1,
        row=2,
        day=TODAY,
        amount=100,
        way="paid",
        state="queued",
        why="no-reference",
    )
    return {"payment batch": batch, "payment": payment, "statement": statement, "statement line": line}


def batch_stands(world, state):
    """Put the batch back to an earlier state; the money is held for its one payment where it is held."""
    rows = PaymentBatch.objects.for_site("test").filter(pk=world.key("payment batch"))
    held = int(state == "held")
    rows.update(state=state, held_count=held, held_total=100 * held, file_digest="", sent_on=None)
    if held:
        _pay(world, "held", "pending")


def payment_is_paid(world):
    """Let the ledger and the payment say that it was paid."""
    _pay(world, "held", "pending")
    _pay(world, "resolved", "post")
    rows = Payment.objects.for_site("test").filter(pk=world.key("payment"))
    rows.update(state="paid", settled_on=TODAY)


def line_is_not_ours(world):
    """Somebody has proposed that the line is no payment of the site."""
    rows = StatementLine.objects.for_site("test").filter(pk=world.key("statement line"))
    rows.update(state="proposed", proposed_way="not_ours", proposed_because="管理费")


def _pay(world, word, stage):
    batch, payment = world.rows["payment batch"], world.rows["payment"]
    key = f"payment:{payment.reference}:{word}"
    resolves = f"payment:{payment.reference}:held" if stage == "post" else ""
    entry = Entry(key, batch.available_id, batch.paid_id, 100, "pay", stage, resolves=resolves)
    post([entry], day=TODAY, at=NOW)
