"""Every act of the site, by name, with what it takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import models
from pydantic import BaseModel, ConfigDict, model_validator

from huiqi.portal.acts.actors import Actor, Capacity
from huiqi.portal.acts.misfits import refuse_unwritable


class Input(BaseModel):
    """What an act takes: unknown keys are refused, text is trimmed; numbers and days may come as text from a form."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _can_be_written(cls, given: Any) -> Any:
        refuse_unwritable(given)
        return given


class Nothing(Input):
    """The input of an act that takes none."""


@dataclass(slots=True)
class Doing:
    """One act under way: who does it, in which capacity, when, with what; `body` goes into the event.

    `now` is the moment, `today` the civil day of the office. `say` adds to the event's body: ids, digests,
    figures and reasons only, never a personal value.
    """

    act: str
    actor: Actor
    capacity: Capacity
    now: datetime
    today: date
    body: dict[str, Any] = field(default_factory=dict)

    def say(self, **values: Any) -> None:
        """Add to the event's body."""
        self.body.update(values)


@dataclass(frozen=True, slots=True)
class ActKind:
    """An act: its name, the model it is done to, what it takes, its titles and the function that changes.

    `creates` marks acts whose subject does not exist before: the function gets no subject and returns it.
    """

    name: str
    model: type[models.Model]
    takes: type[Input]
    change: Callable[..., Any]
    zh: str
    en: str
    creates: bool
    bulk: bool


_ACTS: dict[str, ActKind] = {}


def act(
    name: str,
    model: type[models.Model],
    *,
    zh: str,
    en: str,
    takes: type[Input] = Nothing,
    creates: bool = False,
    bulk: bool = False,
) -> Callable[[Callable[..., Any]], ActKind]:
    """Register the function below as the act `name`; it guards (raises Refused) and changes, nothing else.

    The function is called `change(doing, subject, given)`, or `change(doing, given)` for an act that creates
    and then returns the new subject. `bulk` marks acts that touch many rows and put their digest in the event.
    """

    def registered(change: Callable[..., Any]) -> ActKind:
        if name in _ACTS:
            raise ValueError(f"the act {name} is registered twice")
        kind = ActKind(name, model, takes, change, zh, en, creates, bulk)
        _ACTS[name] = kind
        return kind

    return registered


def acts() -> Mapping[str, ActKind]:
    """All acts by name; complete once Django's apps are ready."""
    return _ACTS


def acts_on(model: type[models.Model]) -> Iterator[ActKind]:
    """The acts that are done to a model."""
    return (each for each in _ACTS.values() if each.model is model)
