"""The site's settings, from the environment: one folder of data is enough to begin.

HUIQI_DATA          folder of the database, the keys and the uploads (default: huiqi-data in the working folder)
DATABASE_URL        postgresql://user:password@host:port/name; default: SQLite in HUIQI_DATA
HUIQI_HOSTS         names the site answers to, by comma (default: this machine only)
HUIQI_KEYS          file of the keys that encrypt personal values (default: keys.json in HUIQI_DATA; keep a copy apart)
HUIQI_HTTPS         1 behind HTTPS: cookies are then sent over HTTPS only
HUIQI_API_LIMIT     requests that one token may make in a minute (default 600)
HUIQI_VISITOR_LIMIT requests that visitors of one address may make in a minute (default 240; 0: as many as they like)
HUIQI_PROXIES       how many proxies of one's own stand before the site (default 0): whose X-Forwarded-For is believed
HUIQI_IDLE          minutes after which an officer's unused session ends (default 30)
HUIQI_SECOND_FACTOR required: the roles that roles.yaml names sign in with a second factor (default: who wants to)
HUIQI_OIDC_ISSUER, HUIQI_OIDC_CLIENT and more   a province's single sign-on: see accounts/oidc_settings.py
HUIQI_NOW           the site's day or moment, for demonstrations and tests only: see look/clock.py
HUIQI_POLICIES, HUIQI_DOCUMENTS   folders of measures and of official texts
HUIQI_SMTP, HUIQI_SMS_URL, HUIQI_ADDRESS and more   what e-mail and SMS are sent by: see portal/outgoing.py
"""

from __future__ import annotations

import os
from pathlib import Path

from csp.constants import NONE, SELF

from huiqi.portal.accounts.oidc_settings import oidc_settings
from huiqi.portal.databases import database
from huiqi.portal.keys import secret_key
from huiqi.portal.outgoing import mail_settings, sms_settings

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
    "huiqi.portal.screenings",
    "huiqi.portal.documents",
    "huiqi.portal.funds",
    "huiqi.portal.payments",
    "huiqi.portal.fund_watch",
    "huiqi.portal.delivery",
    "huiqi.portal.applications",
    "huiqi.portal.notices",
    "huiqi.portal.lists",
    "huiqi.portal.api",
    "huiqi.portal.look",
]
LOGIN_URL = "sign-in"
MIDDLEWARE = [
    "huiqi.portal.look.refused.RefusedMiddleware",
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
    "huiqi.portal.accounts.course.CourseMiddleware",
    "huiqi.portal.accounts.visitors.VisitorLimitMiddleware",
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
        "NAME": "huiqi.portal.accounts.passwords.LongEnough",
        "OPTIONS": {"min_length": 10},
    }
]
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
STATIC_URL = "/static/"
# Served from the installed packages as they lie there: nothing is collected, nothing can be stale.
WHITENOISE_USE_FINDERS = True
SESSION_ENGINE = "huiqi.portal.accounts.sessions"
SESSION_COOKIE_AGE = 8 * 3600
IDLE_MINUTES = int(os.environ.get("HUIQI_IDLE") or 30)
PROXIES = int(os.environ.get("HUIQI_PROXIES") or 0)
SECOND_FACTOR_REQUIRED = os.environ.get("HUIQI_SECOND_FACTOR") == "required"
OIDC = oidc_settings(os.environ)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
# A proxy speaks HTTPS with the browser and HTTP with the site: without its word every page would redirect for ever.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS and PROXIES else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
VISITOR_REQUESTS_A_MINUTE = int(os.environ.get("HUIQI_VISITOR_LIMIT") or 240)
API_REQUESTS_A_MINUTE = int(os.environ.get("HUIQI_API_LIMIT") or 600)
globals().update(mail_settings(os.environ))
SMS_GATEWAY = sms_settings(os.environ)
SITE_ADDRESS = os.environ.get("HUIQI_ADDRESS", "")
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
