"""The documents library: its list with search, and taking in a text."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from huiqi.documents.errors import UnreadableDocument
from huiqi.portal.acts.performing import perform
from huiqi.portal.acts.refusals import Refused
from huiqi.portal.documents import alignment_pages, text_pages  # noqa: F401  their pages register themselves
from huiqi.portal.documents.acts import Adding
from huiqi.portal.documents.folders import folder_files, signature
from huiqi.portal.documents.incoming import ENDINGS, MOST_BYTES, Incoming, keep, keep_pasted, too_large
from huiqi.portal.documents.models import LEVELS, OfficialText
from huiqi.portal.documents.queries import MOST_HITS, filters_of, hits, texts_of, without_examples
from huiqi.portal.documents.readings import read
from huiqi.portal.documents.said import refused, said_of
from huiqi.portal.documents.shown import anchor_of
from huiqi.portal.documents.taking_in import take_in
from huiqi.portal.documents.words import SOURCES, choices, level_word, word
from huiqi.portal.jobs.models import Job
from huiqi.portal.jobs.running import ask
from huiqi.portal.look.asking import form_of, given_values, tell_refusal
from huiqi.portal.look.paging import paged
from huiqi.portal.look.registry import page
from huiqi.portal.look.uploads import LimitedUpload
from huiqi.portal.look.visits import Visit

AT_ONCE_BYTES = 300_000
"""Bytes of a plain text, web page or DOCX that the page itself reads; what is larger, or needs a process of its own
(PDF, DOC), is read by a job."""
_AT_ONCE = (".txt", ".docx", ".html", ".htm")


@page("documents", "documents/", zh="文件库", en="Documents", menu="documents")
def documents(request: Visit) -> HttpResponse:
    """List the texts that fit; with words, the clauses that hold them."""
    _look_into_folders(request)
    filters = filters_of(request.GET.dict())
    rows = filters.on(without_examples(texts_of(request.actor)))
    context: dict[str, Any] = {
        "filters": filters,
        "levels": choices(LEVELS),
        "years": _years(request),
        "may_add": bool(request.actor.allowed("document.add")),
        "may_align": bool(request.actor.allowed("alignment.start")),
        "most": MOST_HITS,
    }
    if filters.words:
        found, more = hits(rows, filters.words)
        context["found"] = [{"text": text, "hits": [_marked(each) for each in its]} for text, its in found]
        context["clauses"] = sum(len(each["hits"]) for each in context["found"])
        context["more"] = more
    else:
        shown = paged(rows.order_by("-id"), request.GET.get("page"))
        for each in shown:
            describe(each)
        context["texts"] = shown
    return render(request, "documents/documents.html", context, status=400 if filters.unread else 200)


@page(
    "document-add",
    "documents/add/",
    zh="收入文件",
    en="Add a text",
    opens="documents",
    methods=("GET", "POST"),
)
@csrf_exempt
def add(request: Visit) -> HttpResponse:
    """Take in a file or a pasted text. The size is watched while it comes in, before the form's token is checked."""
    request.upload_handlers = [LimitedUpload(request, MOST_BYTES)]
    if not request.actor.allowed("document.add"):
        raise Http404
    answer: HttpResponse = _add(request)
    return answer


@csrf_protect
def _add(request: Visit) -> HttpResponse:
    form_class = _form_class(request)
    if request.method != "POST":
        return _ask(request, form_class(initial={"shared": True}), uuid.uuid4().hex)
    form = form_class(request.POST, request.FILES)
    key = request.POST.get("key", "")
    try:
        incoming, pasted = _incoming(request)
        at_once = _read_at_once(incoming)
        given = {**given_values(Adding, form), "ticket": incoming.ticket, "pasted": pasted}
        now, today = request.now, request.today
        done = perform("document.add", request.actor, None, given, now=now, today=today, key=key)
    except Refused as error:
        tell_refusal(form, error)
        return _ask(request, form, key or uuid.uuid4().hex, status=error.status)
    text = done.subject
    if at_once and isinstance(text, OfficialText):
        take_in(text, now=request.now, today=request.today)
    return redirect("document", number=text.pk)


def describe(text: OfficialText) -> None:
    """Put what a text is called in the language of the visit beside its columns."""
    text.level_word = level_word(text.level)  # type: ignore[attr-defined]
    text.source_word = word(SOURCES, text.source)  # type: ignore[attr-defined]
    text.refused = said_of(text.refusal) if text.refusal else ""  # type: ignore[attr-defined]


def _incoming(request: Visit) -> tuple[Incoming, bool]:
    file, text = request.FILES.get("file"), request.POST.get("text", "")
    if file is not None:
        return keep(file.name or "", file.chunks(), request.actor), False
    if getattr(request, "too_large", False):
        raise too_large()
    if not text.strip():
        raise Refused(_("没有选择文件，也没有粘贴正文"), mend=_("请选择文件，或把正文粘贴进来"), cell="file")
    return keep_pasted(text, "", request.actor), True


def _read_at_once(incoming: Incoming) -> bool:
    """Read what is small before anything is written, so that a refusal stands beside its field."""
    if incoming.path.suffix not in _AT_ONCE or incoming.path.stat().st_size > AT_ONCE_BYTES:
        return False
    try:
        read(incoming.path, incoming.name.rpartition(".")[0], incoming.digest)
    except UnreadableDocument as error:
        incoming.path.unlink(missing_ok=True)
        raise refused(error.findings[0]) from None
    return True


def _form_class(request: Visit) -> type[forms.Form]:
    made = form_of(Adding, request.actor)
    fields: dict[str, Any] = {
        "file": forms.FileField(
            label=_("选择文件，或把文件拖到这里"),
            help_text=_("TXT、DOCX、DOC、WPS、PDF、HTML，最大%(most)sMB") % {"most": MOST_BYTES >> 20},
            required=False,
            widget=forms.FileInput(attrs={"accept": ",".join(ENDINGS)}),
        ),
        "text": forms.CharField(
            label=_("或者粘贴正文"),
            help_text=_("从网页上复制全文，连同标题、文号一起粘贴"),
            required=False,
            widget=forms.Textarea(attrs={"rows": 10}),
        ),
        "shared": made.base_fields["shared"],  # type: ignore[attr-defined]
    }
    return type("AddForm", (forms.Form,), fields)


def _ask(request: Visit, form: forms.Form, key: str, status: int = 200) -> HttpResponse:
    return render(request, "documents/add.html", {"form": form, "key": key}, status=status)


def _years(request: Visit) -> list[int]:
    rows = texts_of(request.actor).exclude(year=None).order_by("-year")
    return list(rows.values_list("year", flat=True).distinct())


def _marked(hit: Any) -> dict[str, Any]:
    """A hit in pieces: (words, whether they were looked for)."""
    pieces, at = [], 0
    for start, end in hit.marks:
        if start < at:
            continue
        pieces += [(hit.excerpt[at:start], False), (hit.excerpt[start:end], True)]
        at = end
    pieces.append((hit.excerpt[at:], False))
    return {"path": hit.path, "heading": hit.heading, "pieces": pieces, "anchor": anchor_of(hit.path)}


def _look_into_folders(request: Visit) -> None:
    """Ask for what lies in the installation's folders to be taken in, once for each state of the folders."""
    purpose = f"document-adopt:{signature(folder_files())}"
    if not Job.objects.filter(purpose=purpose).exists():
        ask("document-adopt", purpose, {}, by="schedule", now=request.now)
