"""Sessions known by the digest of their key: who reads the database or a backup cannot sign in with what stands there.

Each row tells whose it is, since when, and from which kind of browser, so that people see and end their own.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from huiqi.portal.acts.chain import sm3
from huiqi.portal.secrets.sealing import masked

BEGAN, SEEN, PROVED, BROWSER, WAY = "began", "seen", "proved", "browser", "way"
"""What a session holds of itself: when it began, was last used, when its user last proved who they are, and how."""
PASSWORD, OUTSIDE = "password", "outside"


class Session(AbstractBaseSession):
    """A session; `session_key` holds the digest of the key that the browser has."""

    session_key = models.CharField(max_length=64, primary_key=True)
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, null=True, related_name="sessions")
    began_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    browser = models.CharField(max_length=60, blank=True)
    way = models.CharField(max_length=12, blank=True)

    class Meta(AbstractBaseSession.Meta):
        abstract = False
        db_table = "accounts_session"

    def __str__(self) -> str:
        return masked(self.session_key)

    @classmethod
    def get_session_store_class(cls) -> type[SessionStore]:
        """The store that reads these rows."""
        return SessionStore


class SessionStore(DatabaseStore):
    """Django's store of sessions in the database, by the digest of the key."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """The model of the rows."""
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """The row of this session as it is to be saved."""
        row = super().create_model_instance(data)
        row.session_key = digest_of_key(row.session_key)
        row.user_id = data.get(SESSION_KEY)
        row.began_at, row.seen_at = moment_of(data, BEGAN), moment_of(data, SEEN)
        row.browser, row.way = data.get(BROWSER, "")[:60], data.get(WAY, "")
        return row

    def exists(self, session_key: str) -> bool:
        """Whether a session has this key."""
        return super().exists(digest_of_key(session_key))

    def delete(self, session_key: str | None = None) -> None:
        """Delete the session of this key, or this one."""
        key = session_key or self.session_key
        if key is not None:
            self.model.objects.filter(session_key=digest_of_key(key)).delete()

    def _get_session_from_db(self) -> Session | None:
        found = None
        if self.session_key is not None:
            found = self._unexpired(digest_of_key(self.session_key))
        if found is None:
            self._session_key = None
        return found

    def _unexpired(self, digest: str) -> Session | None:
        from django.utils import timezone

        return self.model.objects.filter(session_key=digest, expire_date__gt=timezone.now()).first()


def digest_of_key(key: str) -> str:
    """Return the digest by which a session is known: its key is random and long, so it needs no slow digest."""
    return sm3(key.encode())


def moment_of(data: Any, name: str) -> datetime | None:
    """Return one of the moments that a session holds of itself."""
    text = data.get(name)
    return datetime.fromisoformat(text) if text else None


def is_recent(data: Any, name: str, now: datetime, minutes: int) -> bool:
    """Whether a moment that a session holds lies no more than so many minutes back."""
    moment = moment_of(data, name)
    return moment is not None and timedelta(0) <= now - moment <= timedelta(minutes=minutes)
