"""A file handed in to an act: asked for with the act's other fields, kept under a ticket, refused beside its field."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from django import forms
from django.http import HttpResponse

from huiqi.portal.acts.actors import Actor
from huiqi.portal.acts.performing import Done, perform
from huiqi.portal.acts.refusals import Refused
from huiqi.portal.acts.registry import Input
from huiqi.portal.look.asking import form_of, given_values, tell_refusal
from huiqi.portal.look.visits import Visit

TICKET = "ticket"
"""The field of the act that holds the ticket of the kept file."""


class Shows(Protocol):
    """Shows the page that asks for the file: with its form, the key of the act, and a status."""

    def __call__(self, form: forms.Form, key: str, status: int = 200) -> HttpResponse:
        """Show it."""


@dataclass(frozen=True, slots=True)
class HandsIn:
    """An act that takes a file: its name and input, how a file is kept, and what is said where there is none or too much of it.

    `keep` returns the ticket and raises Refused; `none` tells whoever chose no file what to choose.
    """

    act: str
    takes: type[Input]
    keep: Callable[[str, Iterable[bytes], Actor], str]
    too_large: Callable[[], Refused]
    none: str


def form_with_file(
    takes: type[Input], actor: Actor, file: forms.FileField, without: Container[str] = ()
) -> type[forms.Form]:
    """Return the form that asks for a file first, then for the act's other fields."""
    fields = form_of(takes, actor).base_fields  # type: ignore[attr-defined]
    asked = {name: each for name, each in fields.items() if name != TICKET and name not in without}
    return type("HandInForm", (forms.Form,), {"file": file, **asked})


def hand_in(
    request: Visit,
    how: HandsIn,
    form_class: type[forms.Form],
    show: Shows,
    onward: Callable[[Done], HttpResponse],
    *,
    subject: int | None = None,
    **fixed: Any,
) -> HttpResponse:
    """Ask for the file, or keep what came, do the act and go on; a refusal is shown beside its field.

    The page has checked the size while the file came in (`uploads.LimitedUpload`). `fixed` are values that the page gives.
    """
    if request.method != "POST":
        return show(form_class(), uuid.uuid4().hex)
    form = form_class(request.POST, request.FILES)
    key = request.POST.get("key", "")
    try:
        file = request.FILES.get("file")
        if file is None:
            too_big = getattr(request, "too_large", False)
            raise how.too_large() if too_big else Refused("没有选择文件", mend=how.none, cell="file")
        given = given_values(how.takes, form)
        ticket = how.keep(file.name or "", file.chunks(), request.actor)
        values = {**given, **fixed, TICKET: ticket}
        done = perform(how.act, request.actor, subject, values, now=request.now, today=request.today, key=key)
    except Refused as refused:
        tell_refusal(form, refused)
        return show(form, key or uuid.uuid4().hex, refused.status)
    return onward(done)
