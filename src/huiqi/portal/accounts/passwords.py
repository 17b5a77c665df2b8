"""Setting a password: asked for twice, checked, and kept by a slow digest; it never passes through an act or an event."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import MinimumLengthValidator, validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiqi.portal.accounts.models import User

_MOST = 200
NEW = {"autocomplete": "new-password"}


class LongEnough(MinimumLengthValidator):
    """Django's least length, said in both languages of the site."""

    def get_error_message(self) -> str:
        """What is said of a shorter one."""
        return _("密码太短，至少%(least)s位。") % {"least": self.min_length}


class NewPassword(forms.Form):
    """A new password, twice. `who` is the user it is for, saved or not yet."""

    password = forms.CharField(
        label=gettext_lazy("密码"),
        max_length=_MOST,
        strip=False,
        widget=forms.PasswordInput(attrs=NEW),
        help_text=gettext_lazy("至少10位，不要只用数字，也不要用常见的密码"),
    )
    again = forms.CharField(
        label=gettext_lazy("再填一次密码"),
        max_length=_MOST,
        strip=False,
        widget=forms.PasswordInput(attrs=NEW),
    )

    def __init__(self, *arguments: Any, who: User, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.who = who

    def clean(self) -> dict[str, Any]:
        """Compare the two, and refuse what is too easily guessed."""
        given = super().clean() or self.cleaned_data
        password = given.get("password")
        if password and given.get("again") is not None and password != given["again"]:
            self.add_error("again", _("两次填写的密码不一致。"))
        if password:
            try:
                validate_password(password, self.who)
            except ValidationError as error:
                self.add_error("password", error)
        return given


def keep_password(user: User, password: str) -> None:
    """Set the password of a user whose act was just done."""
    user.set_password(password)
    user.save(update_fields=["password"])
