"""The one way an act is done: permission, lock, state, guard, change, event, request key, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, models, transaction
from pydantic import ValidationError

from huiqi.portal.acts.actors import Actor, Capacity, Scope
from huiqi.portal.acts.chain import canonical, event_digest, sm3
from huiqi.portal.acts.misfits import not_fitting
from huiqi.portal.acts.models import Acted, AnsweredRequest, Event, Head
from huiqi.portal.acts.refusals import Changed, KeyTaken, NotByYou, NotNow, NotYours, Refused, Taken
from huiqi.portal.acts.registry import ActKind, Doing, Input, acts
from huiqi.portal.acts.transitions import NEW, Move, tables
from huiqi.portal.secrets.fields import digests_of

_UNIQUE_VIOLATION = "23505"


@dataclass(frozen=True, slots=True)
class Done:
    """What an act came to. `repeated` tells that the request key was answered before and nothing was done anew."""

    event: Event
    subject: models.Model
    repeated: bool = False


def perform(
    name: str,
    actor: Actor,
    subject: object | None,
    values: Mapping[str, Any],
    *,
    now: datetime,
    today: date,
    key: str,
    seen: int | None = None,
) -> Done:
    """Do the act `name` to the subject with this primary key (None for acts that create).

    `seen` is the version that the actor looked at; `key` is the request's own key: repeating a request gives
    the first answer again. Raises Refused (or one of its kinds), and nothing is changed then.
    """
    kind = acts().get(name)
    if kind is None:
        raise NotYours
    capacities = actor.allowed(name)
    if not capacities:
        raise NotYours
    if not 1 <= len(key) <= 80 or not key.isprintable():
        raise Refused("请求缺少编号", mend="请刷新页面后重试", code="request-key-missing")
    given = _given(kind, values)
    # Keyed: who reads the database cannot try short values out against what was sent.
    said = canonical([name, str(subject), given.model_dump(mode="json")])
    content = digests_of("request", sm3(said))
    try:
        with transaction.atomic():
            return _perform(kind, actor, capacities, subject, given, now, today, key, seen, content)
    except (IntegrityError, Refused) as error:
        # Two requests with one key at the same moment: the other one won, its answer is ours. It may have been
        # seen by the key itself, or by what it changed while this one waited for the lock.
        answered = _answered(actor, key, content, kind)
        if answered is not None:
            return answered
        if isinstance(error, IntegrityError) and _is_taken(error):
            raise Taken from None
        raise


def _perform(
    kind: ActKind,
    actor: Actor,
    capacities: tuple[Capacity, ...],
    subject: object | None,
    given: Input,
    now: datetime,
    today: date,
    key: str,
    seen: int | None,
    content: list[str],
) -> Done:
    answered = _answered(actor, key, content, kind)
    if answered is not None:
        return answered
    if kind.creates:
        capacity, before, target = capacities[0], NEW, None
    else:
        target = _locked(kind, subject)
        capacity = _reaching(capacities, scope_of(target))
        before = str(getattr(target, "state", ""))
        _refuse_stale(target, seen)
    move = _move(kind, before)
    _refuse_incompatible(kind, move, actor, target)
    doing = Doing(kind.name, actor, capacity, now, today)
    if actor.token is not None:
        doing.say(token=actor.token)
    if target is None:
        target = _created(kind, doing, given, capacities)
    else:
        kind.change(doing, target, given)
    if move is not None and move.leads is not None:
        target.state = move.leads  # type: ignore[attr-defined]
    if move is not None and move.one_of and getattr(target, "state", "") not in move.one_of:
        raise ValueError(f"{kind.name} left its subject in a state that its table does not lead to")
    if isinstance(target, Acted):
        target.version += 1
    target.save()
    event = _write_event(kind, doing, target, before)
    AnsweredRequest.objects.create(actor=actor.id, key=key, content=content[0], event=event, at=now)
    return Done(event, target)


def _is_taken(error: IntegrityError) -> bool:
    """Whether what was to be written stands there already, written by somebody else meanwhile."""
    state = getattr(error.__cause__, "sqlstate", None)
    return state == _UNIQUE_VIOLATION or str(error).startswith("UNIQUE constraint failed")


def _given(kind: ActKind, values: Mapping[str, Any]) -> Input:
    try:
        return kind.takes.model_validate(dict(values))
    except ValidationError as error:
        raise not_fitting(error.errors(include_url=False, include_input=False)) from None


def _answered(actor: Actor, key: str, content: list[str], kind: ActKind) -> Done | None:
    earlier = AnsweredRequest.objects.select_related("event").filter(actor=actor.id, key=key).first()
    if earlier is None:
        return None
    if earlier.content not in content:
        raise KeyTaken
    subject = kind.model._base_manager.filter(pk=earlier.event.subject).first()
    if subject is None:
        raise NotYours
    return Done(earlier.event, subject, repeated=True)


def _locked(kind: ActKind, subject: object | None) -> models.Model:
    try:
        return kind.model._base_manager.select_for_update().get(pk=subject)
    except (kind.model.DoesNotExist, ValueError, TypeError, OverflowError):
        raise NotYours from None


def scope_of(subject: models.Model) -> Scope:
    """Where a row belongs, by its own word. A model without `scope` belongs to nobody: nobody may act on it."""
    scope = getattr(subject, "scope", None)
    return scope() if callable(scope) else Scope()


def _reaching(capacities: tuple[Capacity, ...], scope: Scope) -> Capacity:
    for capacity in capacities:
        if capacity.reaches(scope):
            return capacity
    raise NotYours


def _created(kind: ActKind, doing: Doing, given: Input, capacities: tuple[Capacity, ...]) -> models.Model:
    target: models.Model = kind.change(doing, given)
    doing.capacity = _reaching(capacities, scope_of(target))
    return target


def _refuse_stale(target: models.Model, seen: int | None) -> None:
    if seen is None or not isinstance(target, Acted) or target.version == seen:
        return
    later = Event.objects.filter(
        subject_kind=target._meta.label_lower, subject=str(target.pk), version__gt=seen
    ).order_by("sequence")
    changes = [
        {"at": f"{each.at:%Y-%m-%d %H:%M}", "by": each.actor, "title": acts()[each.act].zh, "act": each.act}
        for each in later[:5]
    ]
    raise Changed(changes)


def _move(kind: ActKind, before: str) -> Move | None:
    table = tables().get(kind.model._meta.label_lower)
    move = table.move(kind.name) if table else None
    if table is None or move is None:
        return None
    if before not in move.begins:
        title = table.states[before][0] if before in table.states else before
        possible = "、".join(table.states[each][0] for each in move.begins if each in table.states)
        raise NotNow(f"现在是“{title}”，不能{kind.zh}", mend=f"可以办理的状态：{possible}")
    return move


def _refuse_incompatible(kind: ActKind, move: Move | None, actor: Actor, target: models.Model | None) -> None:
    if move is None or not move.apart_from or target is None:
        return
    did = Event.objects.filter(
        subject_kind=target._meta.label_lower,
        subject=str(target.pk),
        actor=actor.id,
        act__in=move.apart_from,
    ).first()
    if did is not None:
        earlier = acts()[did.act].zh
        raise NotByYou(f"您已办理过“{earlier}”，不能再{kind.zh}", why="不相容岗位分离", mend="请由另一人办理")


def _write_event(kind: ActKind, doing: Doing, target: models.Model, before: str) -> Event:
    scope = scope_of(target)
    # The head is locked last and for the shortest time: every act of the site passes here.
    head = Head.objects.select_for_update().get(pk=1)
    event = Event(
        sequence=head.sequence + 1,
        at=doing.now,
        act=kind.name,
        actor=doing.actor.id,
        acting_as=doing.capacity.mark,
        via=doing.actor.via,
        region=scope.region or "",
        agency=scope.agency or "",
        subject_kind=target._meta.label_lower,
        subject=str(target.pk),
        version=getattr(target, "version", 0),
        from_state=before,
        to_state=str(getattr(target, "state", "")),
        body=doing.body,
        previous=head.digest,
    )
    event.digest = event_digest(head.digest, event.content())
    event.save(force_insert=True)
    head.sequence, head.digest = event.sequence, event.digest
    head.save(update_fields=["sequence", "digest"])
    return event
