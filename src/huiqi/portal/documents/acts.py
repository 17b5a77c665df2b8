"""Acts on texts: handed in, shared, removed; and the site's own, when a text was read or was found in a folder."""

from __future__ import annotations

import contextlib
from datetime import date
from typing import Annotated

from django.db import transaction
from pydantic import Field

from huiqi.documents.errors import UnknownDocument
from huiqi.portal.accounts.models import Agency, User
from huiqi.portal.acts.refusals import Refused
from huiqi.portal.acts.registry import Doing, Input, act
from huiqi.portal.documents import alignment_acts  # noqa: F401  its acts register themselves
from huiqi.portal.documents.incoming import forget_incoming, redeemed
from huiqi.portal.documents.models import EXAMPLE, FILE, FOLDER, HELD, PASTED, READING, OfficialText
from huiqi.portal.documents.queries import texts_of
from huiqi.portal.documents.readings import forget, library
from huiqi.portal.jobs.running import ask
from huiqi.portal.look.asking import Asked
from huiqi.reference.regions import NATION


class Adding(Input):
    """A text that was uploaded or pasted; whether the whole site may see it."""

    shared: Annotated[
        bool,
        Asked(
            "供全站查阅",
            "For the whole site",
            "公开印发的文件请勾选；征求意见稿等只供本地区查阅的不要勾选",
            "Tick for published texts; leave drafts to your own area",
        ),
    ] = False
    pasted: Annotated[bool, Asked("粘贴的正文", "A pasted text")] = False
    ticket: Annotated[str, Field(max_length=1000), Asked("上传凭证", "Ticket of the upload")]


class Adopting(Input):
    """A text that lies in a folder of the installation: its digest, name, and whether it is an example."""

    digest: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    file_name: Annotated[str, Field(max_length=200)]
    example: bool = False


class ReadText(Input):
    """What was read: the columns of a row."""

    name: Annotated[str, Field(max_length=120)]
    title: Annotated[str, Field(max_length=300)]
    number: Annotated[str, Field(max_length=60)]
    issuer: Annotated[str, Field(max_length=200)]
    level: Annotated[str, Field(max_length=10)]
    place: Annotated[str, Field(max_length=6)]
    dated: date | None
    counts: dict[str, int]
    unencoded: int
    rules: Annotated[str, Field(max_length=64)]


class Unread(Input):
    """Why a text could not be read: the reader's finding."""

    refusal: dict[str, str]


class Sharing(Input):
    """Who may see the text."""

    shared: Annotated[bool, Asked("供全站查阅", "For the whole site")] = False


class Reason(Input):
    """Why."""

    reason: Annotated[str, Field(min_length=1, max_length=500), Asked("理由", "Reason", long=True)]


@act("document.add", OfficialText, zh="收入文件", en="Add a text", takes=Adding, creates=True)
def add(doing: Doing, given: Adding) -> OfficialText:
    """Hand a text in; a job reads it, if the page has not done so by then."""
    digest, name = redeemed(given.ticket, doing.actor)
    alike = texts_of(doing.actor).filter(digest=digest, state__in=[READING, HELD]).first()
    if alike is not None:
        raise Refused(
            "文件库已有这份文件",
            why=alike.title or alike.file_name,
            mend="请在文件库中查看",
            code="document-held",
            cell="text" if given.pasted else "file",
        )
    agency = Agency.objects.get(pk=doing.capacity.agency)
    text = OfficialText(
        file_name=name,
        digest=digest,
        source=PASTED if given.pasted else FILE,
        shared=given.shared,
        region=agency.region,
        agency=agency.pk,
        added_by=User.objects.get(pk=int(doing.actor.id.removeprefix("user:"))),
        added_at=doing.now,
    )
    text.save()
    ask_to_read(doing, text)
    doing.say(digest=digest, shared=given.shared)
    return text


@act(
    "document.adopt",
    OfficialText,
    zh="收入目录中的文件",
    en="Take in a text of a folder",
    takes=Adopting,
    creates=True,
)
def adopt(doing: Doing, given: Adopting) -> OfficialText:
    """Take in a text that the installation's folders hold: everybody may see it."""
    text = OfficialText(
        file_name=given.file_name,
        digest=given.digest,
        source=EXAMPLE if given.example else FOLDER,
        region=NATION,
        added_at=doing.now,
    )
    text.save()
    ask_to_read(doing, text)
    doing.say(digest=given.digest, example=given.example)
    return text


@act("document.read", OfficialText, zh="读取完成", en="The text was read", takes=ReadText)
def was_read(doing: Doing, text: OfficialText, given: ReadText) -> None:
    """Keep what lists show of a text."""
    for name in ReadText.model_fields:
        setattr(text, name, getattr(given, name))
    text.year = given.dated.year if given.dated else None
    text.refusal = {}
    doing.say(digest=text.digest, counts=given.counts, unencoded=given.unencoded, rules=given.rules)


@act("document.refuse", OfficialText, zh="读取未成", en="The text could not be read", takes=Unread)
def was_refused(doing: Doing, text: OfficialText, given: Unread) -> None:
    """Keep why a text could not be read."""
    text.refusal = given.refusal
    doing.say(digest=text.digest, code=given.refusal.get("code", ""))


@act("document.share", OfficialText, zh="改变查阅范围", en="Change who may see it", takes=Sharing)
def share(doing: Doing, text: OfficialText, given: Sharing) -> None:
    """Open a text to the whole site, or leave it to the own area."""
    text.shared = given.shared
    doing.say(digest=text.digest, shared=given.shared)


@act("document.remove", OfficialText, zh="移出文件库", en="Remove from the library", takes=Reason)
def remove(doing: Doing, text: OfficialText, given: Reason) -> None:
    """Take a text out; its file is deleted where no other office holds it."""
    others = OfficialText.objects.for_site("other offices may hold the same file").filter(
        digest=text.digest, state__in=[READING, HELD]
    )
    name, digest = text.name, text.digest
    if not others.exclude(pk=text.pk).exists():
        transaction.on_commit(lambda: _delete(name, digest))
    doing.say(digest=digest, reason=given.reason)


def ask_to_read(doing: Doing, text: OfficialText) -> None:
    """Ask for the job that reads a text."""
    ask(
        "document-read",
        f"document-read:{text.pk}",
        {"text": text.pk},
        by=doing.actor.id,
        now=doing.now,
        region=text.region,
    )


def _delete(name: str, digest: str) -> None:
    forget_incoming(digest)
    forget(digest)
    if name:
        with contextlib.suppress(UnknownDocument):
            library().remove(name)
