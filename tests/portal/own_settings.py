"""The site's own settings, with passwords that cost nothing: for processes that tests start."""

from huiqi.portal.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
