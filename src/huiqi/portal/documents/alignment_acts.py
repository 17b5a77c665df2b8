"""Acts on alignments: asked for, made anew, discarded; and the site's own, when one is ready or failed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from django.db import transaction
from pydantic import Field

from huiqi.portal.accounts.models import Agency, User
from huiqi.portal.acts.actors import Actor
from huiqi.portal.acts.refusals import NotYours, Refused
from huiqi.portal.acts.registry import Doing, Input, act
from huiqi.portal.documents.kept_alignments import forget_alignment
from huiqi.portal.documents.models import HELD, Comparison, OfficialText
from huiqi.portal.documents.queries import texts_of
from huiqi.portal.jobs.running import ask
from huiqi.portal.look.asking import Asked

_MOST_CHOICES = 500


def text_choices(actor: Actor) -> Sequence[tuple[str, str]]:
    """Return the texts that an actor may align, the newest first."""
    rows = texts_of(actor).filter(state=HELD).order_by("-dated", "-id")[:_MOST_CHOICES]
    return [(str(each.pk), f"{each}（{each.number}）" if each.number else str(each)) for each in rows]


class Starting(Input):
    """The two texts; the superior's earlier version, where what an amendment touches is asked for."""

    superior: Annotated[int, Asked("上级文件", "Superior's text", choices=text_choices)]
    subordinate: Annotated[int, Asked("下级文件", "Subordinate's text", choices=text_choices)]
    before: Annotated[
        int | None,
        Asked(
            "上级文件修订前的版本",
            "Superior's text before it was amended",
            "需要查看修订牵连了哪些条款、任务和政策措施时选择",
            "Choose it to see which clauses, duties and measures the amendment touches",
            choices=text_choices,
        ),
    ] = None
    issued: Annotated[
        date | None,
        Asked(
            "上级文件印发日期",
            "Day the superior's text was issued",
            "文件上没有印日期时填写，用来计算“印发之日起”的时限",
            "Where the copy prints none: periods that run from the day of issue are counted from it",
        ),
    ] = None


class Finished(Input):
    """What an alignment came to."""

    counts: dict[str, int]
    digest: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class Unfinished(Input):
    """Why it could not be made."""

    error: Annotated[str, Field(max_length=500)]


@act("alignment.start", Comparison, zh="开始对照", en="Align two texts", takes=Starting, creates=True)
def start(doing: Doing, given: Starting) -> Comparison:
    """Ask for an alignment; a job makes it."""
    texts = {name: _text(doing.actor, getattr(given, name), name) for name in ("superior", "subordinate")}
    before = _text(doing.actor, given.before, "before") if given.before is not None else None
    if texts["superior"].digest == texts["subordinate"].digest:
        raise Refused("两份文件是同一份", mend="请选择另一份下级文件", cell="subordinate")
    if before is not None and before.digest in {each.digest for each in texts.values()}:
        raise Refused("修订前的版本与所选文件相同", mend="请选择修订前的版本，或留空", cell="before")
    agency = Agency.objects.get(pk=doing.capacity.agency)
    comparison = Comparison(
        **texts,
        before=before,
        issued=given.issued,
        region=agency.region,
        agency=agency.pk,
        started_by=User.objects.get(pk=int(doing.actor.id.removeprefix("user:"))),
        started_at=doing.now,
    )
    comparison.save()
    _ask(doing, comparison)
    doing.say(**{name: each.digest for name, each in texts.items()}, before=before.digest if before else "")
    return comparison


@act("alignment.finish", Comparison, zh="对照完成", en="The alignment is ready", takes=Finished)
def finish(doing: Doing, comparison: Comparison, given: Finished) -> None:
    """Say what it came to."""
    comparison.counts, comparison.digest, comparison.error = given.counts, given.digest, ""
    doing.say(counts=given.counts, digest=given.digest)


@act("alignment.fail", Comparison, zh="对照未成", en="The alignment could not be made", takes=Unfinished)
def fail(doing: Doing, comparison: Comparison, given: Unfinished) -> None:
    """Say why it could not be made."""
    comparison.error = given.error
    doing.say(error=given.error)


@act("alignment.again", Comparison, zh="重新对照", en="Align again")
def again(doing: Doing, comparison: Comparison, given: Input) -> None:
    """Make it anew: by the rules and the way of reading as they are now."""
    for text in (comparison.superior, comparison.subordinate):
        _text(doing.actor, text.pk, "")
    _ask(doing, comparison)


@act("alignment.discard", Comparison, zh="删除对照", en="Discard the alignment")
def discard(doing: Doing, comparison: Comparison, given: Input) -> None:
    """Delete what was kept of it."""
    number = comparison.pk
    transaction.on_commit(lambda: forget_alignment(number))
    doing.say(digest=comparison.digest)


def _text(actor: Actor, number: int, cell: str) -> OfficialText:
    if not 0 < number < 1 << 62:
        raise NotYours
    found: OfficialText | None = texts_of(actor).filter(pk=number, state=HELD).first()
    if found is None:
        raise Refused("没有这份文件，或您无权查看", mend="请从列表中选择已在库的文件", cell=cell)
    return found


def _ask(doing: Doing, comparison: Comparison) -> None:
    ask(
        "document-align",
        f"document-align:{comparison.pk}",
        {"alignment": comparison.pk},
        by=doing.actor.id,
        now=doing.now,
        region=comparison.region,
    )
