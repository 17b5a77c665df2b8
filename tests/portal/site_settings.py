"""The site's settings as tests use them: a data folder of this run, SQLite unless DATABASE_URL says PostgreSQL."""

import os
import tempfile

os.environ["HUIQI_DATA"] = tempfile.mkdtemp(prefix="huiqi-site-")
os.environ.pop("HUIQI_HTTPS", None)

from huiqi.portal.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
