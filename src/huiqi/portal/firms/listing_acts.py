"""Acts on firms that are not in the register: asked by their people, answered by the office."""

from __future__ import annotations

from typing import Annotated

from django.utils.translation import get_language
from pydantic import Field

from huiqi.portal.accounts.models import User
from huiqi.portal.accounts.queries import regions_served
from huiqi.portal.acts.actors import Actor
from huiqi.portal.acts.refusals import Refused
from huiqi.portal.acts.registry import Doing, Input, act
from huiqi.portal.clock.running import begin_deadline, meet_deadlines
from huiqi.portal.firms.listings import ASKED, CONNECTIONS, Listing
from huiqi.portal.firms.models import Firm
from huiqi.portal.firms.notices import tell_listing_answered, tell_listing_asked
from huiqi.portal.look.asking import Asked
from huiqi.reference.credit_codes import CreditCodeError, parse_credit_code

MOST_OPEN = 5
_RULE = "listing-check"


def connection_choices(_actor: Actor) -> list[tuple[str, str]]:
    """Return how a person may be connected with a firm, in the language of the visit."""
    english = (get_language() or "").startswith("en")
    return [(name, titles[english]) for name, titles in CONNECTIONS.items()]


def _region_choices(_actor: Actor) -> list[tuple[str, str]]:
    return regions_served()


def code_of(given: str) -> str:
    """Return a credit code as it is kept. Raises Refused."""
    try:
        return parse_credit_code(given).code
    except CreditCodeError:
        raise Refused(
            "统一社会信用代码有误",
            why="应为18位字母和数字，且校验位相符",
            mend="请按营业执照核对",
            cell="credit_code",
        ) from None


def known_connection(given: str) -> str:
    """Return a connection that exists. Raises Refused."""
    if given not in CONNECTIONS:
        raise Refused("请说明您与企业的关系", mend="请从列表中选择", cell="connection")
    return given


class ListingAsked(Input):
    """The firm as its licence names it, where it is, and how the asker is connected with it."""

    credit_code: Annotated[str, Field(max_length=40), Asked("统一社会信用代码", "Unified social credit code")]
    name: Annotated[
        str,
        Field(min_length=2, max_length=120),
        Asked("企业名称（与营业执照一致）", "Name as on the licence"),
    ]
    region: Annotated[
        str, Field(max_length=6), Asked("企业所在地区", "Where the firm is", choices=_region_choices)
    ]
    connection: Annotated[
        str,
        Field(max_length=12),
        Asked("您与企业的关系", "Your connection with the firm", choices=connection_choices),
    ]


class Answered(Input):
    """Why not."""

    reason: Annotated[str, Field(min_length=1, max_length=200), Asked("理由", "Reason", long=True)]


@act("listing.ask", Listing, zh="申请登记企业", en="Ask to list a firm", takes=ListingAsked, creates=True)
def ask_listing(doing: Doing, given: ListingAsked) -> Listing:
    """Ask for a firm to be entered. Whether the code stands in the register is told to the office only."""
    code = code_of(given.credit_code)
    if given.region not in dict(regions_served()):
        raise Refused("本站没有这个地区", mend="请从列表中选择", cell="region")
    user = User.objects.select_for_update().get(pk=int(doing.actor.id.removeprefix("user:")))
    waiting = Listing.objects.for_site("the user's own").filter(user=user, state=ASKED)
    if waiting.filter(credit_code=code).exists():
        raise Refused("您已经申请登记这家企业", mend="请等待经办单位答复", cell="credit_code")
    if waiting.count() >= MOST_OPEN:
        raise Refused(f"待答复的申请已有{MOST_OPEN}件", mend="请等待答复后再申请", code="too-many-listings")
    listing = Listing(
        user=user,
        credit_code=code,
        name=given.name,
        region=given.region,
        connection=known_connection(given.connection),
        asked_at=doing.now,
    )
    listing.save()
    begun = begin_deadline(doing, _RULE, listing, listing.address())
    tell_listing_asked(doing, listing, begun.due)
    return listing


@act("listing.settle", Listing, zh="答复已入册", en="Answer that it is listed")
def settle_listing(doing: Doing, listing: Listing, given: Input) -> None:
    """Tell the asker that the firm stands in the register now; the binding is asked for as any other."""
    firms = Firm.objects.for_site("the office answers for a firm of this code")
    firm = firms.filter(credit_code=listing.credit_code, listed=True).first()
    if firm is None:
        raise Refused("名册中还没有这家企业", mend="请先用名册录入，再答复", code="not-listed")
    meet_deadlines(doing, listing, _RULE)
    tell_listing_answered(doing, listing, listed=True)
    doing.say(firm=firm.pk)


@act("listing.decline", Listing, zh="不予登记", en="Decline", takes=Answered)
def decline_listing(doing: Doing, listing: Listing, given: Answered) -> None:
    """Decline with the reason, which the asker sees."""
    listing.note = given.reason
    meet_deadlines(doing, listing, _RULE)
    tell_listing_answered(doing, listing, listed=False)


@act("listing.withdraw", Listing, zh="撤回申请", en="Withdraw the request")
def withdraw_listing(doing: Doing, listing: Listing, given: Input) -> None:
    """The asker no longer needs it."""
    meet_deadlines(doing, listing, drop=True)
