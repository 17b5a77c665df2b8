"""What the pages of a talk do, whether a visitor's or a firm's: ask, change, result, sheet, calendar."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from huiqi.portal.answers.answering import NotUnderstood, read
from huiqi.portal.answers.asking import Asking, asking_again, asking_of
from huiqi.portal.answers.calendar import calendar_text
from huiqi.portal.answers.result import Result, result_of, shared_address
from huiqi.portal.answers.talks import Talk
from huiqi.portal.answers.told import MOST_STEPS, place_of
from huiqi.portal.catalogue.shelf import shelf
from huiqi.reference.regions import full_name
from huiqi.rules.facts import SUBJECTS
from huiqi.rules.reasons import LISTS
from huiqi.screening.assess import assess
from huiqi.screening.open_facts import RECORDS, Place


def answer_ask(talk: Talk) -> HttpResponse:
    """Put the next question (GET), or take its answer (POST) and go on; to the result where nothing is left to ask."""
    if talk.request.method == "POST":
        return _take(talk)
    return _put(talk)


def _put(talk: Talk, said: str = "", meant: Any = (), text: str = "", status: int = 200) -> HttpResponse:
    question = talk.interview.next()
    if question is None or len(talk.told.steps) >= MOST_STEPS:
        return redirect(talk.address("result"))
    return _show(talk, asking_of(question, shelf()), talk.address("ask"), said, meant, text, status)


def _show(
    talk: Talk,
    asking: Asking,
    action: str,
    said: str = "",
    meant: Any = (),
    text: str = "",
    status: int = 200,
) -> HttpResponse:
    assessment = assess(shelf().library, talk.situation)
    context = {
        "talk": talk,
        "links": talk.addresses,
        "asking": asking,
        "action": action,
        "changing": action != talk.address("ask"),
        "said": said,
        "meant": meant,
        "text": text[:60],
        "number": len(talk.told.steps) + 1,
        "open": len(talk.interview.open()),
        "assessment": assessment,
    }
    return render(talk.request, "answers/question.html", context, status=status)


def _take(talk: Talk) -> HttpResponse:
    """Take an answer, a skip or a step back; the form tells which question it was put for."""
    post, library = talk.request.POST, shelf().library
    move = post.get("move", "")
    if move == "back":
        talk.keep(talk.told.without_last())
        return redirect(talk.address("ask"))
    place = place_of(post.get("place", ""), library)
    if place is None:
        return _put(talk, _("没有这个问题，请回答下面的问题。"), status=422)
    question = talk.interview.next()
    asked_before = any(each.place == place for each in talk.told.steps)
    if not asked_before and (question is None or question.place != place):
        return _put(talk, _("问题已经变了，请回答下面的问题。"), status=409)
    if move == "skip":
        talk.keep(talk.told.with_answer(place, None))
        return redirect(talk.address("ask"))
    text = post.get("answer", "")
    try:
        talk.keep(talk.told.with_answer(place, read(place, text, library).text))
    except NotUnderstood as error:
        if asked_before:
            asking = asking_again(place, shelf())
            return _show(talk, asking, talk.address("ask"), error.said, error.meant, text, 422)
        return _put(talk, error.said, error.meant, text, 422)
    return redirect(talk.address("ask"))


def answer_change(talk: Talk, step: int) -> HttpResponse:
    """Answer an earlier question anew; the later answers stay."""
    if not 1 <= step <= len(talk.told.steps):
        raise Http404
    was = talk.told.steps[step - 1]
    asking, action = asking_again(was.place, shelf()), talk.address("change", step=step)
    if talk.request.method != "POST":
        return _show(talk, asking, action, text=was.text or "")
    if talk.request.POST.get("move") == "skip":
        talk.keep(talk.told.with_answer(was.place, None))
        return redirect(talk.address("result"))
    text = talk.request.POST.get("answer", "")
    try:
        talk.keep(talk.told.with_answer(was.place, read(was.place, text, shelf().library).text))
    except NotUnderstood as error:
        return _show(talk, asking, action, error.said, error.meant, text, 422)
    return redirect(talk.address("result"))


def answer_result(talk: Talk) -> HttpResponse:
    """Show the result."""
    return render(talk.request, "answers/result.html", _context(talk))


def answer_sheet(talk: Talk) -> HttpResponse:
    """Show the result as a sheet to print."""
    return render(talk.request, "answers/sheet.html", _context(talk))


def answer_calendar(talk: Talk) -> HttpResponse:
    """Give the deadlines as a file."""
    made = result_of(shelf(), talk.interview)
    site = talk.request.build_absolute_uri("/").rstrip("/")
    text = calendar_text(made.deadlines, talk.request.now, site)
    answer = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="huiqi.ics"'
    return answer


def _context(talk: Talk) -> dict[str, Any]:
    made: Result = result_of(shelf(), talk.interview)
    s = talk.situation
    return {
        "talk": talk,
        "links": talk.addresses,
        "result": made,
        "subject": _(SUBJECTS[s.kind]),
        "place": full_name(s.region) if s.region else "",
        "share": talk.request.build_absolute_uri(shared_address(made)),
        "asking_more": talk.interview.next() is not None and len(talk.told.steps) < MOST_STEPS,
        "answered": [_said(number, each.place, each.text) for number, each in enumerate(talk.told.steps, 1)],
    }


def _said(number: int, place: Place, text: str | None) -> dict[str, Any]:
    words, library = shelf().words, shelf().library
    record = "" if place.record == RECORDS else place.record
    fact = library.facts.fact(place.record, place.name) if place.record not in (LISTS, RECORDS) else None
    value: Any = text
    if text is not None and text.lower() in ("yes", "no") and (fact is None or not fact.type.choices):
        value = text.lower() == "yes"
    return {
        "number": number,
        "label": words.label(record, place.name, place.period, place.index),
        "value": words.shown(fact, value),
    }
