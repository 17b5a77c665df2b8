"""From an account of funds down to the payment: who may see payments is led to them, nobody else."""

from paying_office import order, payments

from huiqi.portal.funds.models import Transfer


def test_an_account_leads_to_the_payment_and_to_the_batch_that_moved_it(treasury):
    batch = treasury.sent(order(1, 1234), order(2, 66))
    treasury.answered(*((each, "成功") for each in payments(batch)))
    account = batch.available
    page = treasury.auditor.client.get(account.address()).content.decode()
    for each in payments(batch):
        # Held, and posted when the bank had paid.
        assert page.count(f'href="{each.address()}"') == 2
    assert f'href="{batch.address()}"' in page
    posted = Transfer.objects.for_site("test").get(key=f"payment:{payments(batch)[0].reference}:resolved")
    one = treasury.auditor.client.get(f"/funds/transfers/{posted.pk}/").content.decode()
    assert f'href="{payments(batch)[0].address()}"' in one
    assert f'href="/funds/transfers/{posted.resolves_id}/"' in one
    assert treasury.neighbour.client.get(f"/funds/transfers/{posted.pk}/").status_code == 404


def test_an_account_with_many_payments_asks_no_more(treasury, django_assert_max_num_queries):
    batch = treasury.sent(*(order(number, 10) for number in range(1, 41)))
    with django_assert_max_num_queries(16):
        assert treasury.auditor.client.get(batch.available.address()).status_code == 200
