"""How the fields of an act's input are asked for on a page: label in both languages, choices, what helps."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from datetime import date
from types import UnionType
from typing import Any, Union, get_args, get_origin

from django import forms
from django.utils.translation import get_language

from huiqi.portal.acts.actors import Actor
from huiqi.portal.acts.refusals import Refused
from huiqi.portal.acts.registry import Input

Choices = Callable[[Actor], Sequence[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page says about a field, put into its annotation: `Annotated[date, Asked("自", "From")]`."""

    zh: str
    en: str
    help_zh: str = ""
    help_en: str = ""
    choices: Choices | None = None
    long: bool = False


def form_of(takes: type[Input], actor: Actor, without: Container[str] = ()) -> type[forms.Form]:
    """Return the form that asks for an input; the act itself checks the values, the form only shows."""
    fields = {name: _field(about, actor) for name, about in takes.model_fields.items() if name not in without}
    return type(f"{takes.__name__}Form", (forms.Form,), fields)


def tell_refusal(form: forms.Form, refused: Refused) -> None:
    """Put each finding of a refusal beside its field, or above the form where it has none.

    What the act says of a field stands for what the form itself would say of it: nobody is told the same twice.
    """
    form.is_valid()
    for cell in {each.cell for each in refused.findings} & set(form.errors):
        del form.errors[cell]
    for finding in refused.findings:
        said = "；".join(each for each in (finding.what, finding.why, finding.mend) if each)
        form.add_error(finding.cell if finding.cell in form.fields else None, said)


def given_values(takes: type[Input], form: forms.Form) -> dict[str, Any]:
    """Return the values of a bound form as the act takes them: an empty optional field is left out."""
    values = {name: form.data.get(form.add_prefix(name), "") for name in takes.model_fields}
    kinds = {name: _plain(about.annotation) for name, about in takes.model_fields.items()}
    return {
        name: value == "on" if kinds[name] is bool else value
        for name, value in values.items()
        if value != "" or takes.model_fields[name].is_required() or kinds[name] is bool
    }


def _field(about: Any, actor: Actor) -> forms.Field:
    asked = next((each for each in about.metadata if isinstance(each, Asked)), Asked(about.title or "", ""))
    english = (get_language() or "").startswith("en")
    more: dict[str, Any] = {
        "label": asked.en if english else asked.zh,
        "help_text": asked.help_en if english else asked.help_zh,
        "required": about.is_required(),
        "initial": None if about.is_required() else about.default,
    }
    kind = _plain(about.annotation)
    if asked.choices is not None:
        return forms.ChoiceField(choices=[("", "—"), *asked.choices(actor)], **more)
    if kind is bool:
        return forms.BooleanField(**{**more, "required": False})
    if kind is date:
        return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}), **more)
    if kind is int:
        return forms.IntegerField(**more)
    return forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}) if asked.long else forms.TextInput(), **more
    )


def _plain(annotation: Any) -> Any:
    """The type behind `X | None`."""
    if get_origin(annotation) in (Union, UnionType):
        return next((each for each in get_args(annotation) if each is not type(None)), str)
    return annotation
