"""E-mail through a real SMTP server that dies at each point: taken once, or sent again under the same Message-ID."""

import datetime

import pytest
from offices import NOW
from smtp_server import smtp_server

from huiqi.portal.jobs.models import DONE, FAILED, Job
from huiqi.portal.jobs.running import SILENCE, run_due
from huiqi.portal.notices.mail import WatchedBackend
from huiqi.portal.notices.models import DOUBTFUL, DROPPED, SENDING, SENT, WAITING, Notice, Sending
from huiqi.portal.notices.models import FAILED as NOT_SENT

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def to(settings):
    """Points the site at a server."""

    def pointed(server):
        settings.EMAIL_BACKEND = "huiqi.portal.notices.mail.WatchedBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 5
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.DEFAULT_FROM_EMAIL = "惠企平台 <huiqi@office.example>"
        settings.SITE_ADDRESS = "https://huiqi.example"
        return server

    return pointed


@pytest.fixture
def confirmed(officer, asked, settings):
    """The office has confirmed a binding: one e-mail waits for its reader."""

    def done():
        officer.do("binding.confirm", asked.pk)
        return Sending.objects.get(notice__user=asked.user)

    return done


def run(hours=0, beats=0):
    run_due(lambda: NOW + hours * HOUR, pulse=lambda: NOW + beats * SILENCE * 2)


def state_of(sending):
    sending.refresh_from_db()
    return sending.state, sending.unsure


def test_a_notice_is_sent_once_in_its_readers_language_after_the_act(to, confirmed, asked):
    with smtp_server() as server:
        to(server)
        asked.user.language = "en"
        asked.user.save()
        sending = confirmed()
        assert server.taken == []
        run()
        run(1)
        [mail] = server.taken
        assert state_of(sending) == (SENT, 0)
    assert mail["To"] == "owner@shop.example" and mail["Subject"] == "Your binding is confirmed"
    assert mail["Message-ID"] == f"<{sending.message_id}@office.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    body = mail.get_content()
    assert '"蒙自过桥米线店"' in body and "https://huiqi.example/bindings/" in body
    assert Job.objects.get().state == DONE


@pytest.mark.parametrize("point", ["greeting", "mail", "rcpt", "data"])
def test_a_server_that_dies_before_the_text_has_surely_not_taken_it(to, confirmed, point):
    with smtp_server(dies_at=point) as server:
        to(server)
        sending = confirmed()
        run()
        surely_not = point != "data"
        assert state_of(sending) == (WAITING, 0 if surely_not else 1)
        assert server.taken == []
        server.dies_at = ""
        run(1)
        assert state_of(sending)[0] == SENT and len(server.taken) == 1


def test_a_server_that_dies_before_its_answer_gets_it_again_under_the_same_number(to, confirmed):
    with smtp_server(dies_at="text") as server:
        to(server)
        sending = confirmed()
        run()
        assert state_of(sending) == (WAITING, 1)
        server.dies_at = ""
        run(1)
        assert state_of(sending) == (SENT, 1)
    assert len(server.taken) == 2 and len(set(server.numbers)) == 1


def test_after_a_second_lost_answer_it_is_sent_no_more(to, confirmed, administrator):
    with smtp_server(dies_at="text") as server:
        to(server)
        sending = confirmed()
        for hour in range(6):
            run(hour)
        assert state_of(sending) == (DOUBTFUL, 2)
        assert len(server.taken) == 2 and len(set(server.numbers)) == 1
        job = Job.objects.get()
        assert job.state == FAILED and "邮件交出后没有收到答复" in job.error
        assert "owner@shop.example" not in job.error
        # An operator who asks for it again says that it may be sent again.
        server.dies_at = ""
        administrator.do("job.retry", job.pk, {"reason": "邮件服务器已修复"})
        run(8)
        assert state_of(sending)[0] == SENT and len(server.taken) == 3


def test_a_server_that_dies_after_its_answer_has_taken_it(to, confirmed):
    with smtp_server(dies_at="answer") as server:
        to(server)
        sending = confirmed()
        run()
        run(1)
        assert state_of(sending) == (SENT, 0) and len(server.taken) == 1


def test_a_server_that_is_away_is_asked_again_and_again_then_operators_are_told(
    to, confirmed, administrator, settings
):
    with smtp_server() as server:
        to(server)
        sending = confirmed()
    for hour in range(12):
        run(hour)
    assert state_of(sending) == (NOT_SENT, 0) and sending.attempts == 8
    assert Job.objects.get().state == FAILED
    [notice] = Notice.objects.for_site("test").filter(user=administrator.user)
    assert (notice.kind, notice.address) == ("notice-not-sent", "/operations/")
    shown = administrator.client.get("/operations/").content.decode()
    assert "不能连接邮件服务器" in shown and "owner@shop.example" not in shown


@pytest.mark.parametrize(
    ("answers", "state"),
    [
        ({"rcpt": "550 no such user"}, NOT_SENT),
        ({"mail": "553 sender refused"}, NOT_SENT),
        ({"data": "554 no"}, NOT_SENT),
        ({"text": "554 looks like spam"}, NOT_SENT),
        ({"rcpt": "451 try again"}, WAITING),
        ({"data": "451 try again"}, WAITING),
        ({"text": "452 full"}, WAITING),
        ({"mail": "421 busy"}, WAITING),
    ],
)
def test_a_server_that_answers_no_is_believed(to, confirmed, administrator, answers, state):
    with smtp_server(answers=answers) as server:
        to(server)
        sending = confirmed()
        run()
        assert state_of(sending) == (state, 0)
        assert server.taken == []


class Died(BaseException):
    """As a process that is killed: nothing below catches it."""


class DiesBefore(WatchedBackend):
    def send_messages(self, messages):
        raise Died


class DiesAfter(WatchedBackend):
    def send_messages(self, messages):
        super().send_messages(messages)
        raise Died


@pytest.mark.parametrize(("dies", "mails"), [(DiesBefore, 1), (DiesAfter, 2)])
def test_a_worker_that_dies_between_claim_and_note_has_it_sent_again_under_the_same_number(
    to, confirmed, settings, dies, mails
):
    with smtp_server() as server:
        to(server)
        sending = confirmed()
        settings.EMAIL_BACKEND = backend_path(dies)
        with pytest.raises(Died):
            run()
        assert state_of(sending) == (SENDING, 0)
        to(server)
        run(1)
        assert state_of(sending) == (SENDING, 0)
        run(1, beats=1)
        assert state_of(sending) == (SENT, 1)
        assert len(server.taken) == mails and len(set(server.numbers)) == 1
        run(2, beats=2)
        assert len(server.taken) == mails


def test_a_worker_that_dies_twice_leaves_it_doubtful(to, confirmed, settings, administrator):
    with smtp_server() as server:
        to(server)
        sending = confirmed()
        settings.EMAIL_BACKEND = backend_path(DiesAfter)
        for beat in range(2):
            with pytest.raises(Died):
                run(beat, beats=beat)
        to(server)
        run(3, beats=3)
        assert state_of(sending) == (DOUBTFUL, 2)
        assert len(server.taken) == 2 and len(set(server.numbers)) == 1
    assert Notice.objects.for_site("test").filter(user=administrator.user, kind="notice-not-sent").exists()


def backend_path(backend):
    """Where Django finds a class of this module, which no import by name reaches."""
    import sys
    import types

    module = sys.modules.setdefault("backends_that_die", types.ModuleType("backends_that_die"))
    setattr(module, backend.__name__, backend)
    return f"backends_that_die.{backend.__name__}"


def test_who_may_no_longer_see_it_gets_no_mail_of_it(to, officer, stranger, asked, confirmed):
    with smtp_server() as server:
        to(server)
        sending = confirmed()
        stranger.user.is_active = False
        stranger.user.save()
        run()
        assert state_of(sending)[0] == DROPPED and server.taken == []


def test_a_hostile_name_writes_no_header(to, officer, asked, restaurant):
    restaurant.name = "店\r\nBcc: everybody@example.com\r\n\r\n<script>"
    restaurant.save()
    with smtp_server() as server:
        to(server)
        officer.do("binding.confirm", asked.pk)
        run()
        [mail] = server.taken
    assert mail["Bcc"] is None and "\\r\\nBcc" in mail.get_content()


def test_what_lies_without_a_job_is_ended_and_told(to, confirmed, administrator):
    from huiqi.portal.jobs.running import ask

    with smtp_server() as server:
        to(server)
        sending = confirmed()
    administrator.do("job.cancel", Job.objects.get().pk, {"reason": "邮件服务器停用"})
    later = NOW + 24 * HOUR
    ask("notices-left", "left", {"day": "2022-08-02"}, by="schedule", now=later)
    run_due(lambda: later)
    assert state_of(sending) == (NOT_SENT, 0)
    assert Notice.objects.for_site("test").filter(user=administrator.user).count() == 1
