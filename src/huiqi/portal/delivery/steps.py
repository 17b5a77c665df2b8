"""The clock of a run: each step has the working days that rules.yaml promises, met by whatever leads out of it."""

from __future__ import annotations

from collections.abc import Mapping

from huiqi.portal.acts.registry import Doing
from huiqi.portal.clock.running import begin_deadline, meet_deadlines
from huiqi.portal.delivery.models import Run
from huiqi.portal.delivery.rules import rules

STEPS = ("delivery-check", "delivery-notice", "delivery-approval", "delivery-payment")
"""The deadlines of a run, in their order."""


def enter(doing: Doing, run: Run, state: str, *, drop: bool = False) -> None:
    """End the deadline of the step that the run leaves (met, or dropped), and begin that of `state`, where it has one.

    To be called inside the act that leads to the state, once the run has its number.
    """
    meet_deadlines(doing, run, *STEPS, drop=drop)
    promised: Mapping[str, Mapping[str, str]] = rules()["steps"]
    if state in promised:
        begin_deadline(doing, promised[state]["rule"], run, run.address())
