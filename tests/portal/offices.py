"""An officer on the site, in the shortest words, and rosters to hand in."""

import datetime
from dataclasses import dataclass

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from huiqi.portal.accounts.capacities import actor_of
from huiqi.portal.accounts.models import Agency, Appointment, User
from huiqi.portal.acts.performing import perform
from huiqi.portal.firms.models import Firm, Roster
from huiqi.portal.jobs.running import run_due
from huiqi.reference.credit_codes import make_credit_code

TODAY = datetime.date(2022, 8, 1)
NOW = datetime.datetime(2022, 8, 1, 2, 0, tzinfo=datetime.UTC)
MENGZI, GEJIU, HONGHE = "532503", "532501", "532500"


def code_of(number: int, region: str = MENGZI) -> str:
    return make_credit_code(region, f"MA6K{number:04}")


def roster_of(*rows: str, headings: str = "统一社会信用代码,企业名称,地区,从业人员") -> bytes:
    """A roster as CSV; `#7` in a row stands for the code of firm 7."""
    made = [headings]
    for row in rows:
        number, comma, rest = row.partition(",")
        made.append((code_of(int(number[1:])) if number.startswith("#") else number) + comma + rest)
    return "\n".join(made).encode()


@dataclass
class Office:
    """What an officer does on the site, in the shortest words."""

    user: User
    client: Client

    @property
    def actor(self):
        return actor_of(self.user, TODAY)

    def do(self, act, subject, values=None, key=None):
        made = perform(
            act, self.actor, subject, values or {}, now=NOW, today=TODAY, key=key or f"{act}:{subject}"
        )
        return made.subject

    def upload(self, content, name="名册.csv", **more):
        given = {
            "file": SimpleUploadedFile(name, content),
            "source": "statistics",
            "dated": "2022-06-30",
            "key": f"{name}{len(content)}{more}"[:80],
            **more,
        }
        return self.client.post(reverse("roster-hand-in"), given)

    def hand_in(self, content, name="名册.csv", **more) -> Roster:
        """Hand in and check."""
        answer = self.upload(content, name, **more)
        assert answer.status_code == 302, answer.content.decode()
        run_jobs()
        return Roster.objects.for_site("test").order_by("-id").first()

    def take(self, content, **more) -> Roster:
        """Hand in, check and take."""
        roster = self.hand_in(content, **more)
        self.do("roster.take", roster.pk)
        run_jobs()
        roster.refresh_from_db()
        assert roster.state == "taken"
        return roster


def appoint(
    username: str, role: str | None, region: str = MENGZI, kind: type[Office] = Office, /, **of_user
) -> Office:
    """Make a user who is signed in, with an appointment in the office of a region unless `role` is None."""
    user = User.objects.create_user(username, password="a long password", **{"name": username, **of_user})
    if role is not None:
        agency, _made = Agency.objects.get_or_create(
            code=f"{region}-office", defaults={"name": f"{region} office", "region": region}
        )
        begins = datetime.date(2022, 1, 1)
        Appointment.objects.create(user=user, agency=agency, role=role, begins=begins)
    client = Client()
    client.force_login(user)
    return kind(user, client)


def run_jobs() -> None:
    run_due(lambda: NOW)


def firm(number: int) -> Firm:
    return Firm.objects.for_site("test").get(credit_code=code_of(number))


def said(number: int, fact: str) -> dict[str, str]:
    """What each source says of a firm's fact."""
    return {each["source"]: each["value"] for each in firm(number).facts.get(fact, [])}
