"""The firms of the demonstration's deliveries: some rows of two counties, with facts by which something is owed to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from huiqi.portal.firms.models import Contact
from huiqi.portal.firms.rows import FirmRow
from huiqi.portal.secrets.fields import put

BANK = "虚构农村商业银行"
_STANDARD = "technology_sme_standard_met"
PREMIUMS = "unemployment_premiums@2021"
_FIRST, _SECOND = 12, 4
"""How many firms of a county are on its first and its second list, where it has so many."""
LEAST, NAMED = 8, 2
"""How many firms a county of the story has at least, and how many of them trade in their own name; one is an enterprise."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A county's firms by when they come into the register: for its first list, for its second, and all others."""

    first: list[FirmRow]
    second: list[FirmRow]
    others: list[FirmRow]


def are_enough(rows: Sequence[FirmRow]) -> bool:
    """Whether a county has firms enough: somebody to be paid, sent back and recovered, and somebody to come later."""
    enterprises, named = _of_story(rows)
    return bool(enterprises) and len(named) >= NAMED and len(enterprises) + len(named) >= LEAST


def chosen_of(rows: Sequence[FirmRow]) -> Chosen:
    """Choose firms of a county that has enough of them, enterprises first, and let them be owed something."""
    enterprises, named = _of_story(rows)
    # Small ones before others, as a small one is the owner's.
    enterprises.sort(key=lambda each: each.values.get("size") != "small")
    of_story = len(enterprises) + len(named)
    first, second = min(_FIRST, of_story // 2), min(_SECOND, of_story // 4)
    story = [*enterprises[: first * 2 // 3], *named, *enterprises[first * 2 // 3 :]][: first + second]
    for number, row in enumerate(story, start=1):
        _entitle(row, number)
    codes = {each.code for each in story}
    return Chosen(story[:first], story[first:], [each for each in rows if each.code not in codes])


def _of_story(rows: Sequence[FirmRow]) -> tuple[list[FirmRow], list[FirmRow]]:
    """Return the enterprises and those who trade in their own name: institutions have no part in the story."""
    return (
        [each for each in rows if each.subject == "enterprise"],
        [each for each in rows if each.subject == "self_employed"],
    )


def _entitle(row: FirmRow, number: int) -> None:
    """Give a firm what the refund of premiums, the waiver of rent, the halved taxes and the innovation voucher ask for."""
    row.values |= {
        PREMIUMS: f"{8_000 + 1_234 * number}.5",
        "insured_as_unit": "yes",
        "small_scale_taxpayer": "yes",
        "technology_sme": "yes",
        "industry": "H6210",
    }
    # What is computed of these is not said as well: the two might differ. The others are said on applying.
    for name in ("size", "service_small_micro", "poverty_workshop", "new_farm_operator", _STANDARD):
        row.values.pop(name, None)
    for name in ("service_deals", "interns"):
        row.records.pop(name, None)
    if row.subject == "enterprise":
        row.values |= {"employees": f"{number + 10}", "revenue": f"{1_500_000 + 100_000 * number}"}
    row.records["leases"] = [
        {"landlord": "state_enterprise", "monthly_rent": f"{2_000 + 150 * number}", "months_leased": "12"}
    ]
    row.records["tax_dues"] = [
        {"tax": "stamp_tax", "period_end": "2022-06-30", "tax_amount": f"{300 + 20 * number}"}
    ]
    row.records["receipts"] = []


def account_number(firm: int, renewed: bool = False) -> str:
    """Return the made-up number of a firm's account; `renewed` the one after the bank has sent money back."""
    return f"{6222022 if renewed else 6222021}{firm:012}"


def know_account(firm: int, *, renewed: bool = False) -> None:
    """Let the site know where a firm is paid, as the office that keeps accounts would enter it."""
    rows = Contact.objects.for_site("the demonstration's own accounts")
    row = rows.filter(firm=firm).first() or Contact(firm_id=firm)
    row.bank = BANK
    row.save()
    put(row, "account", account_number(firm, renewed))
    row.save()
