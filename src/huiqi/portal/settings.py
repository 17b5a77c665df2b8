"""The site's settings, from the environment: one folder of data is enough to begin.

HUIQI_DATA          folder of the database, the keys and the uploads (default: huiqi-data in the working folder)
DATABASE_URL        postgresql://user:password@host:port/name; default: SQLite in HUIQI_DATA
HUIQI_HOSTS         names the site answers to, by comma (default: this machine only)
HUIQI_KEYS          file of the keys that encrypt personal values (default: keys.json in HUIQI_DATA; keep a copy apart)
HUIQI_HTTPS         1 behind HTTPS: cookies are then sent over HTTPS only
HUIQI_POLICIES, HUIQI_DOCUMENTS   folders of measures and of official texts
"""

from __future__ import annotations

import os
from pathlib import Path

from csp.constants import NONE, SELF

from huiqi.portal.databases import database
from huiqi.portal.keys import secret_key

DATA = Path(os.environ.get("HUIQI_DATA") or "huiqi-data").resolve()
SECRET_KEY = secret_key(DATA)
POLICIES = os.environ.get("HUIQI_POLICIES", "")
DEBUG = False
HTTPS = os.environ.get("HUIQI_HTTPS") == "1"
ALLOWED_HOSTS = [
    name for name in os.environ.get("HUIQI_HOSTS", "localhost,127.0.0.1,[::1]").split(",") if name
]
CSRF_TRUSTED_ORIGINS = [f"https://{name}" for name in ALLOWED_HOSTS] if HTTPS else []

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_include_bootstrap",
    "csp",
    "huiqi.portal.acts",
    "huiqi.portal.accounts",
    "huiqi.portal.jobs",
    "huiqi.portal.clock",
    "huiqi.portal.secrets",
    "huiqi.portal.firms",
    "huiqi.portal.catalogue",
    "huiqi.portal.answers",
    "huiqi.portal.look",
]
LOGIN_URL = "sign-in"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "huiqi.portal.look.language.ChineseFirstMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "huiqi.portal.look.visits.VisitMiddleware",
]
ROOT_URLCONF = "huiqi.portal.urls"
WSGI_APPLICATION = "huiqi.portal.wsgi.application"
ASGI_APPLICATION = "huiqi.portal.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
DATABASES = {"default": database(os.environ.get("DATABASE_URL", ""), DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "CommonPasswordValidator", "NumericPasswordValidator")
] + [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    }
]
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [Path(__file__).parent / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
STATIC_URL = "/static/"
# Served from the installed packages as they lie there: nothing is collected, nothing can be stale.
WHITENOISE_USE_FINDERS = True
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
