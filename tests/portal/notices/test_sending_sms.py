"""SMS through a real gateway that dies at each point: nothing is sent twice."""

import datetime

import pytest
from offices import NOW
from sms_gateway import sms_gateway

from huiqi.portal.jobs.models import FAILED, Job
from huiqi.portal.jobs.running import run_due
from huiqi.portal.notices.models import DOUBTFUL, SENDING, SENT, WAITING, Sending
from huiqi.portal.notices.models import FAILED as NOT_SENT

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def to(settings, tmp_path):
    def pointed(gateway, secret="gateway-secret"):
        file = tmp_path / "sms.secret"
        file.write_text(f"{secret}\n")
        settings.SMS_GATEWAY = {"url": gateway.url, "secret_file": str(file)}
        return gateway

    return pointed


@pytest.fixture
def confirmed(officer, asked, by_phone):
    def done():
        officer.do("binding.confirm", asked.pk)
        return Sending.objects.get(channel="sms")

    return done


def run(hours=0):
    run_due(lambda: NOW + hours * HOUR)


def state_of(sending):
    sending.refresh_from_db()
    return sending.state, sending.unsure


def asked_as(gateway):
    return [method for method, _number in gateway.asked]


def test_an_sms_says_nothing_of_anybody(to, confirmed):
    with sms_gateway() as gateway:
        to(gateway)
        sending = confirmed()
        run()
        run(1)
    assert state_of(sending) == (SENT, 0)
    [body] = gateway.taken.values()
    assert body["to"] == "13887654321" and body["id"] == sending.message_id
    assert body["text"] == "您的企业绑定申请已通过，请登录惠企平台查看。"


def test_the_number_stands_nowhere_in_clear(to, confirmed, by_phone):
    with sms_gateway(dies_at="after") as gateway:
        to(gateway)
        confirmed()
        run()
    from huiqi.portal.acts.models import Event

    kept = [str(vars(each)) for model in (Job, Sending, Event) for each in model.objects.all()]
    assert not any("13887654321" in each for each in [*kept, by_phone.phone])


def test_a_gateway_that_took_it_and_died_is_asked_and_not_sent_again(to, confirmed):
    with sms_gateway(dies_at="after") as gateway:
        to(gateway)
        sending = confirmed()
        run()
        assert state_of(sending) == (WAITING, 1)
        gateway.dies_at = ""
        run(1)
    assert state_of(sending)[0] == SENT
    assert asked_as(gateway) == ["POST", "GET"] and len(gateway.taken) == 1


def test_a_gateway_that_died_before_it_took_it_is_asked_and_then_sent_to(to, confirmed):
    with sms_gateway(dies_at="before") as gateway:
        to(gateway)
        sending = confirmed()
        run()
        gateway.dies_at = ""
        run(1)
    assert state_of(sending)[0] == SENT
    assert asked_as(gateway) == ["POST", "GET", "POST"] and len(gateway.taken) == 1


@pytest.mark.parametrize("looks_up", [405, 501])
def test_where_the_gateway_cannot_tell_it_stays_doubtful(to, confirmed, looks_up, administrator):
    with sms_gateway(dies_at="after", looks_up=looks_up) as gateway:
        to(gateway)
        sending = confirmed()
        run()
        run(1)
        run(2)
    assert state_of(sending)[0] == DOUBTFUL
    assert asked_as(gateway) == ["POST", "GET"]
    assert Job.objects.get().state == FAILED


def test_while_the_gateway_does_not_say_it_is_asked_later(to, confirmed):
    with sms_gateway(dies_at="after", looks_up=500) as gateway:
        to(gateway)
        sending = confirmed()
        run()
        run(1)
        assert state_of(sending) == (WAITING, 1)
        gateway.looks_up = 0
        run(2)
    assert state_of(sending)[0] == SENT and asked_as(gateway) == ["POST", "GET", "GET"]


def test_a_worker_that_died_after_handing_it_over_has_it_looked_up(to, confirmed):
    with sms_gateway() as gateway:
        to(gateway)
        sending = confirmed()
        # As the worker left it: claimed, handed over, not noted.
        gateway.taken[sending.message_id] = {}
        Sending.objects.update(state=SENDING, attempts=1)
        run()
    assert state_of(sending) == (SENT, 1)
    assert asked_as(gateway) == ["GET"]


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (409, SENT),
        (200, SENT),
        (400, NOT_SENT),
        (422, NOT_SENT),
        (401, WAITING),
        (429, WAITING),
        (503, WAITING),
        (302, WAITING),
    ],
)
def test_what_the_gateway_answers_decides(to, confirmed, administrator, status, state):
    with sms_gateway(status=status) as gateway:
        to(gateway)
        sending = confirmed()
        run()
    assert state_of(sending) == (state, 0)


def test_a_gateway_that_is_away_or_refuses_the_secret_is_tried_again(to, confirmed):
    with sms_gateway() as gateway:
        to(gateway, secret="wrong")
        sending = confirmed()
        run()
        assert state_of(sending) == (WAITING, 0) and "401" in sending.said
        to(gateway)
        run(1)
        assert state_of(sending)[0] == SENT


def test_a_gateway_that_is_away_has_surely_not_taken_it(to, confirmed):
    with sms_gateway() as gateway:
        to(gateway)
        sending = confirmed()
    run()
    assert state_of(sending) == (WAITING, 0)
