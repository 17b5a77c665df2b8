"""Events in words: what was done, by whom, in which capacity, to what; and what an event says, line by line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.apps import apps
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from huiqi.portal.accounts.models import Agency, User
from huiqi.portal.accounts.roles import roles
from huiqi.portal.acts.models import Event
from huiqi.portal.acts.registry import acts
from huiqi.portal.acts.transitions import tables
from huiqi.reference.regions import UnknownRegion, full_name

_FILE = Path(__file__).parent / "words.yaml"
_MOST_LINES = 200
_MOST_CHARACTERS = 2_000


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that an event says: `depth` counts from 0 where it lies inside another."""

    label: str
    value: str
    depth: int


@cache
def _words() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    read: Mapping[str, Mapping[str, Mapping[str, str]]] = yaml.load(
        _FILE.read_text("utf-8"), yaml.CSafeLoader
    )
    return read


def english() -> bool:
    """Whether the visit is in English."""
    return (get_language() or "").startswith("en")


def act_title(name: str) -> str:
    """An act's title; its name where this version does not know it."""
    kind = acts().get(name)
    return name if kind is None else kind.en if english() else kind.zh


def subject_title(kind: str) -> str:
    """What a kind of subject is called."""
    words = _words()["subjects"].get(kind)
    if words is not None:
        return words["en" if english() else "zh"]
    try:
        model = apps.get_model(kind)
    except (LookupError, ValueError):
        return kind
    if english():
        return re.sub(r"(?<!^)(?=[A-Z])", " ", model.__name__).capitalize()
    return str(model._meta.verbose_name)


def tell(events: Iterable[Event]) -> list[Event]:
    """Give each event its words: title, who, acted_as, subject_title, place, before and after its state."""
    rows = list(events)
    names, agencies = _names(rows), _agencies(rows)
    for each in rows:
        each.title = act_title(each.act)  # type: ignore[attr-defined]
        each.who = names.get(each.actor, who_in_words(each.actor))  # type: ignore[attr-defined]
        by_itself = each.actor.startswith("job:")
        each.acted_as = "" if by_itself else _acted_as(each.acting_as, agencies)  # type: ignore[attr-defined]
        each.subject_title = subject_title(each.subject_kind)  # type: ignore[attr-defined]
        each.place = _place(each.region)  # type: ignore[attr-defined]
        each.was = _state(each.subject_kind, each.from_state)  # type: ignore[attr-defined]
        each.became = _state(each.subject_kind, each.to_state)  # type: ignore[attr-defined]
    return rows


def lines_of(body: Mapping[str, Any]) -> list[Line]:
    """Return what an event says, one value a line."""
    lines = list(_lines(body, 0))
    if len(lines) > _MOST_LINES:
        return [*lines[:_MOST_LINES], Line("…", "", 0)]
    return lines


def _lines(body: Mapping[str, Any], depth: int) -> Iterator[Line]:
    language = "en" if english() else "zh"
    for key, value in body.items():
        words = _words()["body"].get(key)
        label = words[language] if words is not None else key
        if isinstance(value, Mapping) and value and depth < 3:
            yield Line(label, "", depth)
            yield from _lines(value, depth + 1)
        else:
            yield Line(label, _value(key, value), depth)


def _value(key: str, value: object) -> str:
    if key == "role" and isinstance(value, str) and value in roles():
        return roles()[value].en if english() else roles()[value].zh
    if key == "region" and isinstance(value, str):
        return _place(value) or "—"
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, str | int):
        return str(value)[:_MOST_CHARACTERS]
    if isinstance(value, list) and all(isinstance(each, str | int) for each in value):
        return ("；".join(str(each) for each in value) or "—")[:_MOST_CHARACTERS]
    return json.dumps(value, ensure_ascii=False)[:_MOST_CHARACTERS]


def _names(rows: list[Event]) -> dict[str, str]:
    """Officers are named; who acts for a firm or for themselves is known by number."""
    numbers = {
        int(each.actor[5:]) for each in rows if "@" in each.acting_as and each.actor.startswith("user:")
    }
    named = User.objects.filter(pk__in=numbers).values_list("pk", "name", "username")
    return {f"user:{number}": name or username for number, name, username in named}


def who_in_words(actor: str) -> str:
    """Return who an actor's id is, where no name may be told: a user or token by number, the site, its operator."""
    kind, _colon, number = actor.partition(":")
    numbered = {"user": _("用户%(number)s"), "token": _("令牌%(number)s")}
    if kind in numbered:
        return numbered[kind] % {"number": number}
    words = {
        "visitor": _("未登录的访客"),
        "job": _("系统任务"),
        "schedule": _("每日安排"),
        "operator": _("运维人员"),
    }
    return words.get(kind, actor)


def _agencies(rows: list[Event]) -> dict[str, str]:
    codes = {each.acting_as.partition(" for ")[0].partition("@")[2] for each in rows} - {""}
    return dict(Agency.objects.filter(pk__in=codes).values_list("pk", "name"))


def _acted_as(mark: str, agencies: Mapping[str, str]) -> str:
    own, _for, principal = mark.partition(" for ")
    role, _at, agency = own.partition("@")
    known = roles().get(role)
    title = role if known is None else known.en if english() else known.zh
    said = f"{agencies.get(agency, agency)} {title}".strip()
    if principal:
        return _("%(capacity)s（代%(principal)s）") % {"capacity": said, "principal": who_in_words(principal)}
    return said


def _place(region: str) -> str:
    try:
        return full_name(region) if region else ""
    except UnknownRegion:
        return region


def _state(kind: str, state: str) -> str:
    table = tables().get(kind)
    if not state or state == "new":
        return ""
    if table is None or state not in table.states:
        return state
    return table.states[state][1 if english() else 0]
