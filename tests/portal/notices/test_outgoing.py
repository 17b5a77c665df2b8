"""E-mail and SMS are off until the environment names them, and go nowhere unencrypted but on this machine."""

import pytest

from huiqi.findings import BadInput
from huiqi.portal.outgoing import mail_settings, sms_settings


@pytest.fixture
def secret(tmp_path):
    file = tmp_path / "secret"
    file.write_text("a secret\n")
    return str(file)


def test_nothing_is_sent_by_default(settings):
    assert mail_settings({}) == {"EMAIL_HOST": ""} and sms_settings({}) == {}


def test_a_mail_server_is_used_with_starttls_and_its_password_stands_in_a_file(secret):
    made = mail_settings(
        {
            "HUIQI_SMTP": "mail.office.example",
            "HUIQI_SMTP_USER": "huiqi",
            "HUIQI_SMTP_PASSWORD_FILE": secret,
            "HUIQI_MAIL_FROM": "huiqi@office.example",
        }
    )
    assert (made["EMAIL_HOST"], made["EMAIL_PORT"], made["EMAIL_USE_TLS"]) == (
        "mail.office.example",
        587,
        True,
    )
    assert made["EMAIL_HOST_PASSWORD"] == "a secret"


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ({"HUIQI_SMTP": "mail:x"}, "HUIQI_SMTP"),
        ({"HUIQI_SMTP": ":25"}, "HUIQI_SMTP"),
        ({"HUIQI_SMTP": "mail"}, "HUIQI_MAIL_FROM"),
        ({"HUIQI_SMTP": "mail", "HUIQI_SMTP_TLS": "none"}, "HUIQI_SMTP_TLS"),
        ({"HUIQI_SMTP": "mail", "HUIQI_SMTP_TLS": "ssl"}, "HUIQI_SMTP_TLS"),
        (
            {"HUIQI_SMTP": "mail", "HUIQI_MAIL_FROM": "a@b", "HUIQI_SMTP_PASSWORD_FILE": "/no/such/file"},
            "HUIQI_SMTP_PASSWORD_FILE",
        ),
    ],
)
def test_what_is_wrong_with_the_mail_server_is_said(given, where):
    with pytest.raises(BadInput) as refused:
        mail_settings(given)
    assert refused.value.findings[0].file == where


@pytest.mark.parametrize("url", ["http://sms.example/messages", "ftp://sms.example", "sms.example"])
def test_a_gateway_is_reached_by_https_only(url, secret):
    with pytest.raises(BadInput):
        sms_settings({"HUIQI_SMS_URL": url, "HUIQI_SMS_SECRET_FILE": secret})


def test_a_gateway_on_this_machine_may_speak_http(secret):
    made = sms_settings({"HUIQI_SMS_URL": "http://127.0.0.1:8080/m", "HUIQI_SMS_SECRET_FILE": secret})
    assert made == {"url": "http://127.0.0.1:8080/m", "secret_file": secret}


def test_a_gateway_without_its_secret_is_refused():
    with pytest.raises(BadInput):
        sms_settings({"HUIQI_SMS_URL": "https://sms.example/m"})
