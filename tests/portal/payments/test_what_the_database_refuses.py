"""Each rule that the database holds of payments, broken in SQL."""

import pytest
from django.db import IntegrityError, connection, transaction
from paying_office import lines, order, payments

_COPIED = (
    "number, key, reference, measure, amount, name, account, account_digest, bank, state, reason, recovered"
)


def breaks(statement, *values):
    with pytest.raises(IntegrityError) as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
    return str(refused.value)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ("state = 'voiding', drawn_count = 3", "batch_within_its_control_totals"),
        ("state = 'voiding', drawn_total = 301", "batch_within_its_control_totals"),
        ("state = 'drafted', held_total = drawn_total + 1", "batch_within_its_control_totals"),
        ("drawn_count = 1, held_count = 1", "batch_drawn_as_declared"),
        ("held_total = 299", "batch_held_as_declared"),
        ("file_digest = ''", "batch_sent_with_a_file"),
        ("paid_total = 301", "batch_settles_no_more_than_it_pays"),
        ("paid_count = 1, rejected_count = 2", "batch_settles_no_more_than_it_pays"),
        ("state = 'closed'", "batch_closed_when_all_is_settled"),
        ("state = 'closed', paid_count = 2, paid_total = 299", "batch_closed_when_all_is_settled"),
        ("state = 'voided'", "batch_voided_whole"),
        ("state = 'voiding', control_count = 0, drawn_count = 0, held_count = 0", "batch_pays_something"),
    ],
)
def test_a_batch_is_what_it_declares(treasury, change, name):
    batch = treasury.sent(order(1, 100), order(2, 200))
    said = breaks(f"UPDATE payments_paymentbatch SET {change} WHERE id = %s", batch.pk)
    assert name in said


@pytest.mark.parametrize(
    "change",
    [
        "amount = 0",
        "amount = -1",
        "state = 'lost'",
        "recovered = 1",
        "state = 'recovered', settled_on = '2022-08-01'",
        "state = 'recovered', settled_on = '2022-08-01', recovered = 101",
        "state = 'paid', settled_on = '2022-08-01', recovered = 100",
        "state = 'paid', settled_on = '2022-08-01', recovered = 101",
        "state = 'paid'",
        "settled_on = '2022-08-01'",
    ],
)
def test_a_payment_is_settled_on_a_day_and_recovered_within_its_amount(treasury, change):
    [payment] = payments(treasury.sent(order(1, 100)))
    assert "payment_" in breaks(f"UPDATE payments_payment SET {change} WHERE id = %s", payment.pk)


def test_one_order_lives_in_one_payment(treasury):
    [payment] = payments(treasury.sent(order(1, 100)))
    other = treasury.drafted(order(2, 100))
    columns = _COPIED.replace("reference", "'HQ00000000000198'").replace("number", "7", 1)
    said = breaks(
        f"INSERT INTO payments_payment (batch_id, version, {_COPIED}) "
        f"SELECT %s, 0, {columns} FROM payments_payment WHERE id = %s",
        other.pk,
        payment.pk,
    )
    assert "payments_payment.key" in said or "one_live_payment_of_an_order" in said


def test_one_reference_is_one_payment(treasury):
    one, two = payments(treasury.sent(order(1), order(2)))
    said = breaks("UPDATE payments_payment SET reference = %s WHERE id = %s", one.reference, two.pk)
    assert "reference" in said


def test_one_line_settles_a_payment(treasury):
    one, two = payments(treasury.sent(order(1), order(2)))
    statement = treasury.answered((one, "成功"), (two, "失败"))
    first, second = lines(statement)
    for change in (
        f"payment_id = {one.pk}",
        "payment_id = NULL",
        "state = 'queued'",
        "way = 'perhaps'",
        "amount = 0",
        "state = 'lost'",
    ):
        breaks(f"UPDATE payments_statementline SET {change} WHERE id = %s", second.pk)
    breaks("UPDATE payments_statementline SET number = %s WHERE id = %s", first.number, second.pk)


def test_a_file_is_one_statement_and_is_taken_whole(treasury):
    [payment] = payments(treasury.sent(order(1)))
    statement = treasury.answered((payment, "成功"))
    breaks("UPDATE payments_bankstatement SET taken_count = 0 WHERE id = %s", statement.pk)
    breaks(
        "INSERT INTO payments_bankstatement (version, region, agency, file_name, digest, form, state, declared, "
        "counts, findings, lines_count, taken_count, handed_in_at) SELECT version, region, agency, file_name, digest, "
        "form, state, declared, counts, findings, lines_count, taken_count, handed_in_at FROM payments_bankstatement "
        "WHERE id = %s",
        statement.pk,
    )
