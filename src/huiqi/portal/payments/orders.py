"""What another domain orders to be paid, and the references that the bank knows payments by."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from huiqi.portal.acts.refusals import Refused

MOST_KEY, MOST_NAME, MOST_BANK = 120, 120, 80
MOST_FEN = 10**15
"""Ten thousand billion yuan: beyond it an amount is a mistake."""
_ACCOUNT = re.compile(r"[0-9A-Za-z]{6,34}")
_REFERENCE = re.compile(r"HQ(\d{12})(\d{2})")
_MODULUS = 97


@dataclass(frozen=True, slots=True)
class Order:
    """A payment that is ordered: `key` is the ordering domain's (`delivery:12`), `amount` in fen.

    Name and account are in clear, in memory only. Of one key one payment lives: it can be ordered again only after
    the bank has rejected it, or its batch was voided.
    """

    key: str
    firm: int | None
    measure: str
    amount: int
    name: str
    account: str
    bank: str


Source = Callable[[str, str, int], Sequence[Order]]
"""`source(argument, after, most)`: the next orders in a fixed order, after the one with this key ("": the first)."""
_SOURCES: dict[str, Source] = {}


def orders_from(domain: str, source: Source) -> None:
    """Register where a domain's big batches are drawn from, piece by piece, by a job that may be cut off anywhere."""
    _SOURCES[domain] = source


def source_of(domain: str) -> Source:
    """Return a domain's source. Raises Refused where it has none."""
    if domain not in _SOURCES:
        raise Refused("没有这类支付的来源", why=domain, mend="请联系系统管理员", code="no-such-source")
    return _SOURCES[domain]


def checked(order: Order, domain: str) -> Order:
    """Return the order as it can be paid, spaces of the account taken out. Raises Refused, without naming the payee."""
    account = re.sub(r"[\s-]", "", order.account)
    name, bank = order.name.strip(), order.bank.strip()
    wrong = ""
    if not order.key.startswith(f"{domain}:") or len(order.key) > MOST_KEY or not order.key.isprintable():
        raise ValueError(f"the key {order.key!r} is not one of {domain}")
    if not 0 < order.amount <= MOST_FEN:
        wrong = "金额应大于零"
    elif not _ACCOUNT.fullmatch(account):
        wrong = "收款账号应为6至34位数字或字母"
    elif not name or len(name) > MOST_NAME or not name.isprintable():
        wrong = f"收款户名应为1至{MOST_NAME}个字"
    elif len(bank) > MOST_BANK or not (bank.isprintable() or not bank):
        wrong = f"开户行最多{MOST_BANK}个字"
    if wrong:
        raise Refused(
            "有一笔支付的收款信息不全或有误",
            why=f"{order.key}：{wrong}",
            mend="请补正后重新生成批次",
            code="order-cannot-be-paid",
        )
    return replace(order, account=account, name=name, bank=bank)


def reference_of(batch: int, number: int) -> str:
    """Return a payment's reference: 16 characters that every bank's field holds, the last two to check the rest.

    Raises Refused beyond 999,999 batches or payments of a batch.
    """
    if not (0 < batch < 10**6 and 0 < number < 10**6):
        raise Refused("一个批次最多999,999笔", mend="请分成几个批次", code="batch-too-large")
    digits = f"{batch:06}{number:06}"
    return f"HQ{digits}{_check(digits)}"


def references_in(text: str) -> tuple[str, ...]:
    """Return the different references that stand in a text, spaces within them overlooked; wrong check digits are none."""
    found = (match for match in _REFERENCE.finditer(re.sub(r"\s+", "", text.upper())))
    return tuple(dict.fromkeys(match[0] for match in found if _check(match[1]) == match[2]))


def _check(digits: str) -> str:
    # ISO 7064 MOD 97-10: any one wrong digit, and any two that change places, are seen.
    return f"{98 - int(digits) * 100 % _MODULUS:02}"
