"""A file of members: handed in, shown with what is in doubt, and decided by others."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from huiqi.portal.acts.transitions import tables
from huiqi.portal.firms.files import ENDINGS, keep
from huiqi.portal.firms.models import Firm
from huiqi.portal.lists.batch_acts import HandingIn
from huiqi.portal.lists.english import in_english
from huiqi.portal.lists.files import MOST_BYTES, too_large
from huiqi.portal.lists.heads import head, kept_list
from huiqi.portal.lists.models import Batch, Entry, KeptList
from huiqi.portal.lists.queries import PAGE, batches_of, entries_of
from huiqi.portal.look.handing_in import HandsIn, form_with_file, hand_in
from huiqi.portal.look.registry import page
from huiqi.portal.look.uploads import LimitedUpload
from huiqi.portal.look.visits import Visit
from huiqi.reference.regions import full_name

_HANDS_IN = HandsIn("list.hand_in", HandingIn, keep, too_large, "请选择名单文件")
_MOST_ENTRIES = 500


@page(
    "list-import",
    "lists/<int:number>/import/",
    zh="导入名单",
    en="Import a list",
    opens=PAGE,
    methods=("GET", "POST"),
)
@csrf_exempt
def list_import(request: Visit, number: int) -> HttpResponse:
    """Take a file of members. Its size is watched while it comes in; the form's token is checked after that."""
    request.upload_handlers = [LimitedUpload(request, MOST_BYTES)]
    kept = kept_list(request, number)
    if not request.actor.allowed("list.hand_in"):
        raise Http404
    answer: HttpResponse = _import(request, kept)
    return answer


@csrf_protect
def _import(request: Visit, kept: KeptList) -> HttpResponse:
    def show(form: forms.Form, key: str, status: int = 200) -> HttpResponse:
        context = {**head(request, kept, ""), "form": form, "key": key}
        return render(request, "lists/import.html", context, status=status)

    return hand_in(
        request,
        _HANDS_IN,
        _form_class(request),
        show,
        lambda done: redirect("list-batch", number=done.subject.pk),
        kept=kept.pk,
    )


@page("list-batch", "lists/batches/<int:number>/", zh="成批列入", en="Batch", opens=PAGE)
def list_batch(request: Visit, number: int) -> HttpResponse:
    """Show what a batch would bring, or has brought, on the list, and what is in doubt."""
    batch: Batch = get_object_or_404(batches_of(request.actor), pk=number)
    findings = Paginator(batch.findings, 50).get_page(request.GET.get("page"))
    english = (get_language() or "").startswith("en")
    for each in findings:
        each["said"] = in_english(each) if english else each["zh"]
    context = {
        **head(request, batch.kept, ""),
        "batch": batch,
        "findings": findings,
        "rows": _rows(batch) if batch.state in ("previewed", "passed") else [],
        "members": _entries(request, batch),
        "total": len(batch.rows),
        "acts": tables()["lists.batch"].allowed(batch.state),
        "most": _MOST_ENTRIES,
    }
    return render(request, "lists/batch.html", context)


def _entries(request: Visit, batch: Batch) -> list[Entry]:
    rows = entries_of(request.actor, batch.kept).filter(batch=batch).select_related("firm")
    return list(rows.order_by("pk")[:_MOST_ENTRIES])


def _rows(batch: Batch) -> list[dict[str, Any]]:
    """The rows of a file that can be taken, in words."""
    shown = batch.rows[:_MOST_ENTRIES]
    numbers = [subject for subject, *_rest in shown if isinstance(subject, int)]
    firms = Firm.objects.for_site("rows were scoped when the file was read").in_bulk(numbers)
    return [
        {
            "name": firms[subject].name if isinstance(subject, int) else full_name(subject),
            "code": firms[subject].credit_code if isinstance(subject, int) else subject,
            "place": full_name(firms[subject].region) if isinstance(subject, int) else "",
            "begins": begins,
            "until": until,
            "reason": reason,
        }
        for subject, begins, until, reason in shown
    ]


def _form_class(request: Visit) -> type[forms.Form]:
    file = forms.FileField(
        label=_("名单文件"),
        help_text=_(
            "CSV或XLSX，最大%(most)sMB。须有“统一社会信用代码”一列（按县列的名单为“县（市、区）”）；可有企业名称、列入日期、有效期至、列入理由。"
        )
        % {"most": MOST_BYTES >> 20},
        widget=forms.FileInput(attrs={"accept": ",".join(ENDINGS)}),
    )
    return form_with_file(HandingIn, request.actor, file, without=("kept",))
