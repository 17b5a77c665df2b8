"""What the bank did, told by the payments in their own transaction: paid, rejected, voided, recovered; and the run's end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db.models import Count, F

from huiqi.portal.accounts.capacities import site_actor
from huiqi.portal.accounts.scoping import ScopedQuerySet
from huiqi.portal.acts.refusals import NotNow
from huiqi.portal.acts.registry import Doing, Nothing, act
from huiqi.portal.delivery.claims import release
from huiqi.portal.delivery.lines import of_run
from huiqi.portal.delivery.models import Line, Run
from huiqi.portal.delivery.paying import DOMAIN, PIECE
from huiqi.portal.delivery.steps import enter
from huiqi.portal.delivery.telling import tell_lines
from huiqi.portal.payments.models import Payment
from huiqi.portal.payments.outcomes import Outcome
from huiqi.reference.money import format_yuan

TOLD = {"paid": "delivery-paid", "rejected": "delivery-rejected", "recovered": "delivery-recovered"}
UNSETTLED = ("paying", "reopened", "contested")
NOT_PAID = {
    "approved": "办结时仍没有可以收款的账户",
    "listed": "办结时尚未审批或第三方没有反馈",
}
"""Why what was still open is let go when a run is finished."""


class Heard:
    """A moment at which payments tell, to write notices as of."""

    def __init__(self, at: datetime, day: date) -> None:
        self.actor, self.now, self.today = site_actor("delivery-outcomes"), at, day


def hear(outcomes: Sequence[Outcome], at: datetime, day: date, event: int | None) -> None:
    """Let lines follow their payments. What raises here takes the payment back too: none is left behind."""
    heard = Heard(at, day)
    for state in ("paid", "rejected", "voided", "recovered"):
        of_state = [each for each in outcomes if each.state == state]
        if of_state:
            _HEARD[state](of_state)
            if state in TOLD:
                mark = f"{state}-{event}" if event is not None else f"{state}-{at:%Y%m%dT%H%M%S%f}"
                tell_lines(heard, _numbers(of_state), TOLD[state], mark)


def _paid(outcomes: Sequence[Outcome]) -> None:
    for day in {each.day for each in outcomes}:
        numbers = _numbers(each for each in outcomes if each.day == day)
        _moved(numbers, "paying", "paid", paid_on=day, reason="")


def _rejected(outcomes: Sequence[Outcome]) -> None:
    for reason in {each.reason for each in outcomes}:
        numbers = _numbers(each for each in outcomes if each.reason == reason)
        _moved(numbers, "paying", "rejected", reason=reason[:500])


def _voided(outcomes: Sequence[Outcome]) -> None:
    _moved(_numbers(outcomes), "paying", "approved")


def _recovered(outcomes: Sequence[Outcome]) -> None:
    payments = Payment.objects.for_site("whether all of a payment was recovered")
    whole = set(
        payments.filter(key__in=[each.key for each in outcomes], state="recovered").values_list(
            "key", flat=True
        )
    )
    for each in outcomes:
        line = _rows([each]).get()
        line.reason = f"已追回{format_yuan(each.amount)}元：{each.reason}"[:500]
        if each.key in whole:
            line.state = "recovered"
            release([line])
        line.version += 1
        line.save()


_HEARD = {"paid": _paid, "rejected": _rejected, "voided": _voided, "recovered": _recovered}


@act("run.finish", Run, zh="办结", en="Finish")
def finish(doing: Doing, run: Run, _given: Nothing) -> None:
    """Close a run of which nothing is under way any more. What no account could receive is let go, and so is what the
    bank sent back: the entitlement is free for a later run."""
    rows = of_run(run)
    waiting = rows.filter(state__in=UNSETTLED).count()
    if waiting:
        raise NotNow(f"还有{waiting}条明细正在支付或待复核", mend="请等银行回单，或先逐条办结")
    payable = rows.filter(state="approved", account_missing=False).count()
    if payable and run.state != "returned":
        raise NotNow(f"还有{payable}条明细已审批未支付", mend="请办理支付")
    dropped = sorted(rows.filter(state__in=NOT_PAID).values_list("pk", flat=True))
    release([*rows.filter(state__in=[*NOT_PAID, "rejected", "not_granted"])])
    for state, reason in NOT_PAID.items():
        rows.filter(state=state).update(state="dropped", reason=reason, version=F("version") + 1)
    for begin in range(0, len(dropped), PIECE):
        tell_lines(doing, dropped[begin : begin + PIECE], "delivery-dropped", f"finished-{run.pk}")
    counts = rows.order_by().values("state").annotate(lines=Count("pk"))
    run.ended_at = doing.now
    doing.say(counts={each["state"]: each["lines"] for each in counts})
    enter(doing, run, "done")


def _numbers(outcomes: Iterable[Outcome]) -> list[int]:
    return [int(each.key.partition(":")[2]) for each in outcomes]


def _rows(outcomes: Iterable[Outcome]) -> ScopedQuerySet:
    rows = Line.objects.for_site(f"what became of payments of {DOMAIN}")
    return rows.select_for_update().filter(pk__in=_numbers(outcomes))


def _moved(numbers: Sequence[int], before: str, after: str, **values: object) -> None:
    rows = Line.objects.for_site(f"what became of payments of {DOMAIN}")
    moved = rows.filter(pk__in=numbers, state=before).update(state=after, version=F("version") + 1, **values)
    if moved != len(set(numbers)):
        raise ValueError(f"{len(numbers) - moved} lines are not {before}: payments and lines do not agree")
