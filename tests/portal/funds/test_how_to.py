"""The how-to's SQL is asked as it stands on the page, and answers what the pages say."""

import re
from pathlib import Path

from django.db import connection
from fund_office import HONGHE, KUNMING, PROVINCE

PAGE = Path(__file__).resolve().parents[3] / "docs" / "how-to" / "follow-the-money.md"


def test_a_reader_with_sql_alone_sums_it_again(funds):
    funds.funded("100")
    order = funds.order("allocate", {HONGHE: "60", KUNMING: "1.5"})
    statements = re.search(r"```sql\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)[1].split(";")[:3]
    answers = []
    for statement in statements:
        with connection.cursor() as cursor:
            cursor.execute(statement.replace("programme_id = 1", f"programme_id = {funds.programme.pk}"))
            answers.append(cursor.fetchall())
    accounts, sums, orders = answers
    assert (PROVINCE, "available", 100_00, 61_50, 0, 0) in accounts
    assert all(stands == summed for _number, stands, summed in sums)
    ours = [row[1:] for row in orders if row[0] == order.pk]
    assert sorted(row[:5] for row in ours) == [(1, HONGHE, 60_00, 0, 60_00), (2, KUNMING, 1_50, 0, 1_50)]
