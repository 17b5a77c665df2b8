"""A worker that is killed (SIGKILL) by the moment at which the mail server has the whole text."""

import os
import signal

import pytest
from own_sites import new_site
from smtp_server import smtp_server

ACT = """
from huiqi.portal.accounts.models import Agency, Appointment, User
from huiqi.portal.accounts.capacities import actor_of
from huiqi.portal.acts.performing import perform
from huiqi.portal.firms.models import Binding, Firm
from django.conf import settings

settings.EMAIL_HOST = "127.0.0.1"
TODAY = datetime.date(2022, 8, 1)
NOW = datetime.datetime(2022, 8, 1, 2, 0, tzinfo=datetime.UTC)
agency = Agency.objects.create(code="532503-office", name="蒙自市", region="532503")
officer = User.objects.create_user("clerk", password="a long password", name="经办")
Appointment.objects.create(user=officer, agency=agency, role="county_officer", begins=TODAY)
owner = User.objects.create_user("owner", email="owner@shop.example", password="a long password", name="店主")
firm = Firm.objects.create(credit_code="91532503MA6K000011", name="米线店", region="532503", updated_at=NOW)
binding = Binding.objects.create(user=owner, firm=firm, asked_at=NOW)
perform("binding.confirm", actor_of(officer, TODAY), binding.pk, {}, now=NOW, today=TODAY, key="c")
"""
WORK = """
from django.conf import settings
from django.utils import timezone
from huiqi.portal.jobs.running import run_due

settings.EMAIL_BACKEND = "huiqi.portal.notices.mail.WatchedBackend"
settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", int(sys.argv[1]), 10
settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
settings.DEFAULT_FROM_EMAIL = "huiqi@office.example"
later = datetime.timedelta(minutes=int(sys.argv[2]))
NOW = datetime.datetime(2022, 8, 1, 3, 0, tzinfo=datetime.UTC)
print(run_due(lambda: NOW, pulse=lambda: timezone.now() + later))
"""


@pytest.fixture
def site(tmp_path):
    made = new_site(tmp_path)
    made.python(ACT)
    return made


def test_a_worker_killed_with_the_text_handed_over_has_it_sent_once_more_under_its_number(site):
    with smtp_server() as server:
        first = site.start(WORK, server.port, 0)
        server.on_text = lambda: os.kill(first.pid, signal.SIGKILL)
        first.communicate(timeout=60)
        assert first.returncode == -signal.SIGKILL
        assert site.sql("SELECT state, unsure FROM notices_sending") == [("sending", 0)]
        server.on_text = None
        second = site.start(WORK, server.port, 3)
        out, errors = second.communicate(timeout=60)
        assert second.returncode == 0, errors
        assert out.strip() == "1"
        third = site.start(WORK, server.port, 9)
        assert third.communicate(timeout=60)[0].strip() == "0"
    assert site.sql("SELECT state, unsure, attempts FROM notices_sending") == [("sent", 1, 2)]
    assert len(server.taken) == 2 and len(set(server.numbers)) == 1
