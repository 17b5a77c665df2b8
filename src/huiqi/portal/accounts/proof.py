"""Acts that are asked for again: whoever does them has proved within the last quarter of an hour who they are.

A session that somebody else got hold of, or a screen left alone, is then not enough for them.
"""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from huiqi.portal.accounts.sessions import PROVED, is_recent
from huiqi.portal.look.visits import Visit

MINUTES = 15
_ACTS: set[str] = set()


def ask_again(*acts: str) -> None:
    """Let the pages of these acts ask again who is there, where that was not proved lately."""
    _ACTS.update(acts)


def asked_again() -> frozenset[str]:
    """The acts that are asked for again."""
    return frozenset(_ACTS)


def owes_proof(request: Visit) -> bool:
    """Whether the visitor is to prove again who they are."""
    return not is_recent(request.session, PROVED, request.now, MINUTES)


def to_proof(request: Visit) -> HttpResponse:
    """Send the visitor to prove who they are; they come back to this page, to send the form themselves."""
    return redirect(f"{reverse('confirm')}?{urlencode({'next': request.get_full_path()})}")


ask_again(
    "appointment.give",
    "substitution.give",
    "user.invite",
    "user.renew_link",
    "user.reset_factor",
    "user.reopen",
    "user.link_outside",
)
