"""What the database itself holds of the ledger, on SQLite and PostgreSQL, as a migration's step.

- Each new transfer moves the sums of its two accounts in the same transaction; the CHECKs of accounts are the limits.
- Nothing but a transfer moves them: an update of sums, or of what an account is, is refused; no account is deleted.
- A pending transfer is resolved by one that has its accounts and at most its amount; voids and expiries its whole amount.
- What is pending until a day is posted before that day, and expires from it on.
- A reversal goes the other way between the same accounts; reversals of one transfer never exceed it together.
- Both accounts of a transfer have one programme, one year and one direct-fund mark: money cannot leave its programme.

Limits hold after every transfer, in the order of their numbers. PostgreSQL takes all rows of an INSERT in one step,
accounts locked in the order of their numbers, so that batches are fast and do not wait for each other in circles; the
order within the step is kept by running sums, and rows are found by their numbers only: a plan made while the table was
small would read all of it for each batch. SQLite goes row by row: it has one writer.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_SUMS = ("debits_posted", "debits_pending", "credits_posted", "credits_pending")
_FIXED = ("programme_id", "year", "direct", "region", "kind", "limit")

_CHECKS = (
    (
        "the accounts of a transfer have one programme, year and direct-fund mark",
        "NOT EXISTS (SELECT 1 FROM funds_account d JOIN funds_account c ON d.programme_id = c.programme_id "
        "AND d.year = c.year AND d.direct = c.direct WHERE d.id = NEW.debit_id AND c.id = NEW.credit_id)",
    ),
    (
        "a resolution has the accounts of its pending transfer and at most its amount",
        "NEW.resolves_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM funds_transfer p WHERE p.id = NEW.resolves_id "
        "AND p.stage = 'pending' AND p.debit_id = NEW.debit_id AND p.credit_id = NEW.credit_id "
        "AND (p.amount = NEW.amount OR (NEW.stage = 'post' AND NEW.amount < p.amount)))",
    ),
    (
        "a pending transfer is posted before its time is over, and expires only after it",
        "EXISTS (SELECT 1 FROM funds_transfer p WHERE p.id = NEW.resolves_id AND ((NEW.stage = 'post' "
        "AND p.until IS NOT NULL AND NEW.day >= p.until) OR (NEW.stage = 'expire' "
        "AND (p.until IS NULL OR NEW.day < p.until))))",
    ),
    (
        "a reversal goes the other way between the same accounts, and never beyond what it takes back",
        "NEW.reverses_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM funds_transfer r WHERE r.id = NEW.reverses_id "
        "AND r.stage IN ('posted', 'post') AND r.debit_id = NEW.credit_id AND r.credit_id = NEW.debit_id "
        "AND r.amount >= (SELECT sum(o.amount) FROM funds_transfer o WHERE o.reverses_id = r.id))",
    ),
)
_HELD = "(SELECT p.amount FROM funds_transfer p WHERE p.id = NEW.resolves_id)"
_SQLITE_REFUSALS = "\n  ".join(f"SELECT RAISE(ABORT, '{said}') WHERE {wrong};" for said, wrong in _CHECKS)
_SQLITE = (
    "CREATE TABLE funds_posting (transfer integer PRIMARY KEY)",
    f"""CREATE TRIGGER funds_transfer_moves AFTER INSERT ON funds_transfer BEGIN
  {_SQLITE_REFUSALS}
  INSERT INTO funds_posting VALUES (NEW.id);
  UPDATE funds_account SET
    debits_posted = debits_posted + CASE WHEN NEW.stage IN ('posted', 'post') THEN NEW.amount ELSE 0 END,
    debits_pending = debits_pending + CASE WHEN NEW.stage = 'pending' THEN NEW.amount
      WHEN NEW.stage = 'posted' THEN 0 ELSE -{_HELD} END
  WHERE id = NEW.debit_id;
  UPDATE funds_account SET
    credits_posted = credits_posted + CASE WHEN NEW.stage IN ('posted', 'post') THEN NEW.amount ELSE 0 END,
    credits_pending = credits_pending + CASE WHEN NEW.stage = 'pending' THEN NEW.amount
      WHEN NEW.stage = 'posted' THEN 0 ELSE -{_HELD} END
  WHERE id = NEW.credit_id;
  DELETE FROM funds_posting;
END""",
    f"""CREATE TRIGGER funds_account_sums BEFORE UPDATE ON funds_account
WHEN NOT EXISTS (SELECT 1 FROM funds_posting)
  AND ({" OR ".join(f'NEW."{each}" IS NOT OLD."{each}"' for each in (*_SUMS, *_FIXED))})
BEGIN SELECT RAISE(ABORT, 'only a transfer moves the sums of an account'); END""",
    f"""CREATE TRIGGER funds_account_begins BEFORE INSERT ON funds_account
WHEN {" OR ".join(f"NEW.{each} <> 0" for each in _SUMS)}
BEGIN SELECT RAISE(ABORT, 'an account begins with nothing'); END""",
    """CREATE TRIGGER funds_account_stays BEFORE DELETE ON funds_account
BEGIN SELECT RAISE(ABORT, 'an account is never deleted'); END""",
)
_SQLITE_BACK = (
    "DROP TRIGGER funds_transfer_moves",
    "DROP TRIGGER funds_account_sums",
    "DROP TRIGGER funds_account_begins",
    "DROP TRIGGER funds_account_stays",
    "DROP TABLE funds_posting",
)

BEYOND_LIMIT = "an account would go beyond its limit"
_POSTED = "CASE WHEN t.stage IN ('posted', 'post') THEN t.amount ELSE 0 END"
_PENDING = "CASE WHEN t.stage = 'pending' THEN t.amount ELSE -coalesce(p.amount, 0) END"
_MOVES = f"""
  SELECT t.id, t.debit_id AS account, {_POSTED} AS dp, {_PENDING} AS dh, 0 AS cp, 0 AS ch
  FROM made t LEFT JOIN funds_transfer p ON p.id = t.resolves_id
  UNION ALL
  SELECT t.id, t.credit_id, 0, 0, {_POSTED}, {_PENDING}
  FROM made t LEFT JOIN funds_transfer p ON p.id = t.resolves_id
"""
_POSTGRESQL = f"""
CREATE FUNCTION funds_move() RETURNS trigger LANGUAGE plpgsql
SET enable_hashjoin TO off SET enable_mergejoin TO off SET enable_seqscan TO off AS $$
BEGIN
  PERFORM 1 FROM funds_account
    WHERE id IN (SELECT debit_id FROM made UNION SELECT credit_id FROM made) ORDER BY id FOR NO KEY UPDATE;
  IF EXISTS (SELECT 1 FROM made t JOIN funds_account d ON d.id = t.debit_id JOIN funds_account c ON c.id = t.credit_id
      WHERE (d.programme_id, d.year, d.direct) <> (c.programme_id, c.year, c.direct)) THEN
    RAISE EXCEPTION '{_CHECKS[0][0]}' USING ERRCODE = 'check_violation';
  END IF;
  IF EXISTS (SELECT 1 FROM made t JOIN funds_transfer p ON p.id = t.resolves_id
      WHERE p.stage <> 'pending' OR p.debit_id <> t.debit_id OR p.credit_id <> t.credit_id
        OR t.amount > p.amount OR (t.amount < p.amount AND t.stage <> 'post')) THEN
    RAISE EXCEPTION '{_CHECKS[1][0]}' USING ERRCODE = 'check_violation';
  END IF;
  IF EXISTS (SELECT 1 FROM made t JOIN funds_transfer p ON p.id = t.resolves_id
      WHERE (t.stage = 'post' AND p.until IS NOT NULL AND t.day >= p.until)
        OR (t.stage = 'expire' AND (p.until IS NULL OR t.day < p.until))) THEN
    RAISE EXCEPTION '{_CHECKS[2][0]}' USING ERRCODE = 'check_violation';
  END IF;
  IF EXISTS (SELECT 1 FROM made t JOIN funds_transfer r ON r.id = t.reverses_id
      WHERE r.stage NOT IN ('posted', 'post') OR r.debit_id <> t.credit_id OR r.credit_id <> t.debit_id
        OR r.amount < (SELECT sum(o.amount) FROM funds_transfer o WHERE o.reverses_id = r.id)) THEN
    RAISE EXCEPTION '{_CHECKS[3][0]}' USING ERRCODE = 'check_violation';
  END IF;
  IF EXISTS (
    SELECT 1 FROM (
      SELECT a."limit",
        a.credits_posted - a.debits_posted - a.debits_pending
          + sum(m.cp - m.dp - m.dh) OVER in_order AS credits_left,
        a.debits_posted - a.credits_posted - a.credits_pending
          + sum(m.dp - m.cp - m.ch) OVER in_order AS debits_left
      FROM ({_MOVES}) AS m JOIN funds_account a ON a.id = m.account
      WINDOW in_order AS (PARTITION BY m.account ORDER BY m.id)
    ) AS steps
    WHERE ("limit" = 'credits' AND credits_left < 0) OR ("limit" = 'debits' AND debits_left < 0)
  ) THEN
    RAISE EXCEPTION '{BEYOND_LIMIT}' USING ERRCODE = 'check_violation';
  END IF;
  UPDATE funds_account a SET
    debits_posted = a.debits_posted + m.dp, debits_pending = a.debits_pending + m.dh,
    credits_posted = a.credits_posted + m.cp, credits_pending = a.credits_pending + m.ch
  FROM (
    SELECT account, sum(dp) AS dp, sum(dh) AS dh, sum(cp) AS cp, sum(ch) AS ch FROM ({_MOVES}) AS each_move
    GROUP BY account
  ) AS m WHERE a.id = m.account;
  RETURN NULL;
END $$;
CREATE TRIGGER funds_transfer_moves AFTER INSERT ON funds_transfer
  REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION funds_move();
CREATE FUNCTION funds_keep_sums() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF pg_trigger_depth() < 2 THEN
    RAISE EXCEPTION 'only a transfer moves the sums of an account' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER funds_account_sums BEFORE UPDATE ON funds_account FOR EACH ROW
  WHEN ({" OR ".join(f'NEW."{each}" IS DISTINCT FROM OLD."{each}"' for each in (*_SUMS, *_FIXED))})
  EXECUTE FUNCTION funds_keep_sums();
CREATE FUNCTION funds_begin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'an account begins with nothing' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER funds_account_begins BEFORE INSERT ON funds_account FOR EACH ROW
  WHEN ({" OR ".join(f"NEW.{each} <> 0" for each in _SUMS)}) EXECUTE FUNCTION funds_begin();
CREATE FUNCTION funds_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'an account is never deleted' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER funds_account_stays BEFORE DELETE ON funds_account FOR EACH ROW EXECUTE FUNCTION funds_stay();
"""
_POSTGRESQL_BACK = """
DROP TRIGGER funds_account_stays ON funds_account;
DROP FUNCTION funds_stay();
DROP TRIGGER funds_account_begins ON funds_account;
DROP FUNCTION funds_begin();
DROP TRIGGER funds_account_sums ON funds_account;
DROP FUNCTION funds_keep_sums();
DROP TRIGGER funds_transfer_moves ON funds_transfer;
DROP FUNCTION funds_move();
"""


def hold_the_ledger() -> migrations.RunPython:
    """Return the migration step that lets the database hold the ledger."""

    def forwards(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor == "sqlite":
            for statement in _SQLITE:
                editor.execute(statement, params=None)
        else:
            editor.execute(_POSTGRESQL, params=None)

    def backwards(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor == "sqlite":
            for statement in _SQLITE_BACK:
                editor.execute(statement, params=None)
        else:
            editor.execute(_POSTGRESQL_BACK, params=None)

    return migrations.RunPython(forwards, backwards)
