"""Transfers posted: all of a call or none, the same key twice the same transfer, limits told in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import DatabaseError, IntegrityError, transaction

from huiqi.portal.acts.refusals import KeyTaken, Refused
from huiqi.portal.funds.ledger_rules import BEYOND_LIMIT
from huiqi.portal.funds.models import KINDS, Account, Transfer
from huiqi.reference.money import format_yuan
from huiqi.reference.regions import full_name

_BATCH = 1_000


@dataclass(frozen=True, slots=True)
class Entry:
    """A transfer to be made: accounts by number, amount in fen, `key` made by the caller.

    `resolves` and `reverses` are keys of earlier transfers, of this call or of any before: limits hold after each, in
    the order given.
    """

    key: str
    debit: int
    credit: int
    amount: int
    purpose: str
    stage: str = "posted"
    resolves: str = ""
    reverses: str = ""
    until: date | None = None
    reason: str = ""


def post(entries: Sequence[Entry], *, day: date, at: datetime, event: int | None = None) -> list[Transfer]:
    """Make the transfers, all or none; those that are made already by the same keys are returned as they stand.

    Args:
        day: the day that they count for.
        at: the moment; event: the event of the act that makes them.

    Raises:
        KeyTaken: a key was used for another transfer.
        Refused: an account has not so much, or a rule of the ledger does not hold; nothing was made.
    """
    if not entries:
        return []
    keys = [each.key for each in entries]
    if len(set(keys)) != len(keys):
        raise KeyTaken
    try:
        with transaction.atomic():
            return _posted(entries, keys, day, at, event)
    except IntegrityError as error:
        # Somebody may have made them at the same moment: then they stand now.
        standing = _with_referred(_standing(keys))
        if len(standing) == len(keys):
            return [_same(each, standing) for each in entries]
        raise _refused(entries, str(error)) from None
    except DatabaseError as error:
        raise _refused(entries, str(error)) from None


def _posted(
    entries: Sequence[Entry], keys: list[str], day: date, at: datetime, event: int | None
) -> list[Transfer]:
    standing = _with_referred(_standing(keys))
    wanted = [each for each in entries if each.key not in standing]
    for each in entries:
        if each.key in standing:
            _same(each, standing)
    known = _standing([key for each in wanted for key in (each.resolves, each.reverses) if key]) | standing
    linked = keys[0] if len(keys) > 1 else ""
    rows: dict[str, Transfer] = {}
    for each in wanted:
        if len(rows) == _BATCH or each.resolves in rows or each.reverses in rows:
            # What is referred to must have its number.
            known |= _added(rows)
            rows = {}
        rows[each.key] = _row(each, known, linked, day, at, event)
    known |= _added(rows)
    return [known[key] for key in keys]


def _added(rows: dict[str, Transfer]) -> dict[str, Transfer]:
    Transfer.objects.for_site("the ledger adds to itself").bulk_create(rows.values(), batch_size=_BATCH)
    return rows


def _row(
    entry: Entry, known: dict[str, Transfer], linked: str, day: date, at: datetime, event: int | None
) -> Transfer:
    refers = {name: known.get(getattr(entry, name)) for name in ("resolves", "reverses")}
    for name, found in refers.items():
        if getattr(entry, name) and found is None:
            raise Refused(
                "没有找到所对应的资金流水",
                why=getattr(entry, name),
                mend="请核对流水编号",
                code="no-such-transfer",
            )
    return Transfer(
        key=entry.key,
        stage=entry.stage,
        debit_id=entry.debit,
        credit_id=entry.credit,
        amount=entry.amount,
        purpose=entry.purpose,
        resolves=refers["resolves"],
        reverses=refers["reverses"],
        linked=linked,
        until=entry.until,
        day=day,
        event=event,
        reason=entry.reason,
        at=at,
    )


def _standing(keys: Sequence[str]) -> dict[str, Transfer]:
    found: dict[str, Transfer] = {}
    rows = Transfer.objects.for_site("the ledger looks at its own keys")
    for begin in range(0, len(keys), _BATCH):
        found |= {each.key: each for each in rows.filter(key__in=keys[begin : begin + _BATCH])}
    return found


def _with_referred(standing: dict[str, Transfer]) -> dict[str, Transfer]:
    """Return the transfers with those that they refer to, read together."""
    wanted = {
        pk for each in standing.values() for pk in (each.resolves_id, each.reverses_id) if pk is not None
    }
    rows = Transfer.objects.for_site("the ledger looks at its own keys")
    numbers = sorted(wanted)
    known: dict[int, Transfer] = {}
    for begin in range(0, len(numbers), _BATCH):
        known |= rows.in_bulk(numbers[begin : begin + _BATCH])
    for each in standing.values():
        each.resolves, each.reverses = known.get(each.resolves_id), known.get(each.reverses_id)
    return standing


def _same(entry: Entry, standing: dict[str, Transfer]) -> Transfer:
    """Return the transfer that stands under the entry's key. Raises KeyTaken where it is another one."""
    found = standing[entry.key]
    as_made = Entry(
        key=found.key,
        debit=found.debit_id,
        credit=found.credit_id,
        amount=found.amount,
        purpose=found.purpose,
        stage=found.stage,
        resolves=found.resolves.key if found.resolves else "",
        reverses=found.reverses.key if found.reverses else "",
        until=found.until,
        reason=found.reason,
    )
    if as_made != entry:
        raise KeyTaken
    return found


def _refused(entries: Sequence[Entry], said: str) -> Refused:
    """Return in words why the database refused."""
    if any(
        each in said
        for each in (BEYOND_LIMIT, "account_debits_within_credits", "account_credits_within_debits")
    ):
        return _too_little(entries)
    if "have one programme" in said:
        return Refused(
            "两个账户不属于同一资金项目、年度和直达标记",
            mend="资金不得挪作他用，请核对账户",
            code="leaves-its-programme",
        )
    if "resolves" in said or "a resolution" in said or "a pending transfer" in said:
        return Refused(
            "待入账的资金已经办结、已到期，或者金额、账户不符", mend="请刷新后核对", code="not-pending"
        )
    if "a reversal" in said:
        return Refused("追回的金额超过原支付，或者账户不符", mend="请核对原流水", code="reverses-too-much")
    return Refused(
        "资金流水不符合账务规则",
        why=said.splitlines()[0][:200],
        mend="请核对后重试",
        code="against-the-ledger",
    )


def _too_little(entries: Sequence[Entry]) -> Refused:
    """Name the account that has not so much, as it stands now."""
    leaving: dict[int, int] = {}
    for each in entries:
        if each.stage in ("posted", "pending"):
            leaving[each.debit] = leaving.get(each.debit, 0) + each.amount
    accounts = Account.objects.for_site("the refusal names what is lacking").select_related("programme")
    short = [
        f"{full_name(each.region)}“{each.programme.title}”{each.year}年{KINDS[each.kind][0]}"
        f"尚有{format_yuan(max(each.free, 0))}元，要转出{format_yuan(leaving[each.pk])}元"
        for each in accounts.filter(pk__in=leaving, limit="credits").order_by("pk")
        if leaving[each.pk] > each.free
    ]
    why = "；".join(short[:5])
    return Refused("账户余额不足", why=why, mend="请先下达或收回资金，或者减少金额", code="not-enough")
