"""Tickets of exports: the site signs what it has made for an actor, and the act that notes it believes nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from typing import IO, Annotated, Any

from django.core.signing import BadSignature, Signer
from pydantic import Field

from huiqi.portal.acts.actors import Actor
from huiqi.portal.acts.performing import perform
from huiqi.portal.acts.refusals import Refused
from huiqi.portal.acts.registry import Input
from huiqi.portal.look.asking import Asked


class Exporting(Input):
    """What was made, as the site itself says it."""

    made: Annotated[str, Field(max_length=2000), Asked("导出凭证", "Ticket of the export")]


def noted(
    file: IO[bytes],
    act: str,
    salt: str,
    actor: Actor,
    made: Mapping[str, Any],
    *,
    now: datetime,
    today: date,
    key: str,
) -> IO[bytes]:
    """Do the act that notes an export, then return the file, set to its beginning; `made` is what was asked and the rows.

    Raises Refused; the file is closed then, and nobody has it.
    """
    try:
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        ticket = Signer(salt=salt).sign_object({**made, "digest": digest, "by": actor.id})
        perform(act, actor, None, {"made": ticket}, now=now, today=today, key=key)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def exported_as(salt: str, ticket: str, actor: Actor, mend: str) -> dict[str, Any]:
    """Return what a ticket says was made. Raises Refused for a made-up one and another's; `mend` says where to export."""
    try:
        made = Signer(salt=salt).unsign_object(ticket)
    except (BadSignature, ValueError):
        made = {}
    if made.get("by") != actor.id:
        raise Refused("没有可导出的内容", mend=mend)
    return dict(made)
