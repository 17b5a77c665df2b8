"""A county with one row of everything, and people of every role: in it, beside it, above it, elsewhere."""

import datetime
from dataclasses import dataclass, field

from api_callers import Caller, make_token
from django.db import models
from django.test import Client
from django.urls import reverse
from offices import GEJIU, HONGHE, MENGZI, NOW, TODAY, Office, code_of, roster_of, run_jobs
from permitted_applications import applications_of_county
from permitted_delivery import delivery_of_county
from permitted_funds import funds_of_county
from permitted_funds_watch import finding_of_county
from permitted_payments import payments_of_county
from screened_office import renter
from texts import CITY, PROVINCE, Reader

from huiqi.portal.accounts.capacities import actor_of
from huiqi.portal.accounts.credentials import EntryLink
from huiqi.portal.accounts.models import Agency, Appointment, Substitution, User
from huiqi.portal.accounts.people_acts import digest_of_link
from huiqi.portal.accounts.roles import appointable
from huiqi.portal.acts.models import Event
from huiqi.portal.clock.models import Deadline
from huiqi.portal.documents.models import OfficialText
from huiqi.portal.firms.bound import bound_firms
from huiqi.portal.firms.listings import Listing
from huiqi.portal.firms.models import Binding, Contact
from huiqi.portal.jobs.models import FAILED, Job
from huiqi.portal.lists.kinds import kinds
from huiqi.portal.lists.models import Batch, Entry, KeptList
from huiqi.portal.notices.models import Notice
from huiqi.portal.secrets.fields import put

OWN, BESIDE, ABOVE, ELSEWHERE = "own", "beside", "above", "elsewhere"
KUNMING = "530100"
NOBODY = 987_654_321
"""The number of a row that there is none of."""
LINK = "a-link-by-which-somebody-opens-an-account"
_SECRETS = {
    "firm": "蒙自隐名餐饮店",
    "roster": "蒙自隐名名册.csv",
    "text": "虚河市",
    "person": "蒙自隐名人",
    "note": "蒙自隐名事由",
    "deadline": "/deadline-of-mengzi/",
    "statement": "蒙自隐名回单",
    "funds": "蒙自隐名资金",
}
"""Words that stand in the county's rows only."""


@dataclass
class Person(Office):
    """Somebody at the site: role and place, and a program with a token of theirs."""

    role: str = ""
    place: str = ""
    program: Caller | None = None

    @property
    def actor(self):
        return actor_of(self.user, TODAY, firms=bound_firms(self.user))


@dataclass
class World:
    """People by `role@place`, and the county's rows by name."""

    people: dict[str, Person] = field(default_factory=dict)
    rows: dict[str, models.Model] = field(default_factory=dict)

    def key(self, name):
        """The primary key of a row."""
        return self.rows[name].pk

    @property
    def words(self):
        """What tells of the county's rows: their own words, and links to them."""
        rows = [each for name, each in self.rows.items() if name not in ("other firm", "stranger")]
        links = [each.address() for each in rows if callable(getattr(each, "address", None))]
        links += [reverse(name, kwargs={"number": self.key(name)}) for name in ("event", "deadline")]
        return (*_SECRETS.values(), *(f'"{each}"' for each in links if any(map(str.isdecimal, each))))

    def of(self, role):
        """All people of a role."""
        return [each for each in self.people.values() if each.role == role]


def whole_world() -> World:
    """Make it."""
    world = World()
    for region, name in ((MENGZI, OWN), (MENGZI, BESIDE), (GEJIU, ELSEWHERE), (HONGHE, ABOVE)):
        Agency.objects.create(code=f"{region}-{name}", name=f"{region} {name}", region=region)
    Agency.objects.create(code=f"{KUNMING}-{ELSEWHERE}", name="昆明市某局", region=KUNMING)
    for role in appointable():
        for place, agency in _agencies(role):
            world.people[f"{role}@{place}"] = _officer(role, place, agency)
    rows = world.rows
    rows["firm"] = renter(1, name=_SECRETS["firm"], facts={"employees": "8"})
    rows["other firm"] = renter(2, GEJIU, name="个旧另一家店", facts={"employees": "9"})
    rows["unbound firm"] = renter(3, name=_SECRETS["firm"] + "分店")
    _bound(world, "owner", rows["firm"])
    _bound(world, "stranger", rows["other firm"])
    _asking(world)
    _roster_and_firm(world)
    _accounts(world)
    _texts(world)
    _screening(world)
    _lists(world)
    _notices(world)
    rows |= delivery_of_county(rows["firm"])
    rows |= applications_of_county(rows["firm"])
    rows |= payments_of_county(_SECRETS["firm"], _SECRETS["statement"])
    rows |= finding_of_county(rows["payment batch"].programme)
    rows |= funds_of_county(_SECRETS["funds"])
    for each in world.people.values():
        each.program = _program(each, rows)
    return world


def _agencies(role):
    levels = appointable()[role].levels or ("county",)
    if "county" in levels:
        found = [
            (OWN, f"{MENGZI}-{OWN}"),
            (BESIDE, f"{MENGZI}-{BESIDE}"),
            (ELSEWHERE, f"{GEJIU}-{ELSEWHERE}"),
        ]
    else:
        found = [(ELSEWHERE, f"{KUNMING}-{ELSEWHERE}")]
    return [*found, (ABOVE, f"{HONGHE}-{ABOVE}")] if "prefecture" in levels else found


def _officer(role, place, agency):
    office = Agency.objects.get(pk=agency)
    user = User.objects.create_user(
        f"{role}-{place}", name=f"{place} {role}", region=office.region, agency=office
    )
    Appointment.objects.create(user=user, agency=office, role=role, begins=datetime.date(2022, 1, 1))
    return _signed_in(user, role, place)


def _signed_in(user, role, place):
    client = Client()
    client.force_login(user)
    return Person(user, client, role, place)


def _bound(world, name, firm):
    user = User.objects.create_user(name, name=f"{name}经办", region=firm.region)
    world.rows[f"binding of {name}"] = Binding.objects.create(
        user=user, firm=firm, state="bound", asked_at=NOW, connection="head"
    )
    world.rows[name] = user
    world.people[name] = _signed_in(user, "firm", OWN if name == "owner" else ELSEWHERE)


def _asking(world):
    """Somebody who has no firm yet: a binding and a listing wait."""
    user = User.objects.create_user("asker", name="无企业用户", region=MENGZI)
    rows = world.rows
    rows["asker"] = user
    rows["binding"] = Binding.objects.create(
        user=user, firm=rows["unbound firm"], state="asked", asked_at=NOW, connection="employee"
    )
    rows["listing"] = Listing.objects.create(
        user=user,
        credit_code=code_of(1),
        name=_SECRETS["firm"],
        region=MENGZI,
        connection="head",
        asked_at=NOW,
    )
    world.people["asker"] = _signed_in(user, "member", OWN)
    other = User.objects.create_user("another member", name="别处的用户", region=GEJIU)
    world.people["another member"] = _signed_in(other, "member", ELSEWHERE)


def _roster_and_firm(world):
    rows, officer = world.rows, world.people[f"county_officer@{OWN}"]
    rows["roster"] = officer.hand_in(roster_of("#1,店,532503,3", "#4,店,532503,x"), _SECRETS["roster"])
    contact = Contact(firm=rows["firm"])
    contact.save()
    put(contact, "phone", "13800001234")
    contact.save()
    values = {
        "firm": rows["firm"].pk,
        "fact": "employees",
        "says": "12",
        "reason": _SECRETS["note"],
    }
    rows["contest"] = world.people["owner"].do("fact.contest", None, values)
    rows["deadline"] = Deadline.objects.for_site("test").get(subject_kind="firms.contest")
    Deadline.objects.for_site("test").update(address=_SECRETS["deadline"])
    rows["event"] = Event.objects.get(act="fact.contest")
    rows["job"] = Job.objects.create(
        kind="roster-preview",
        purpose="roster-preview:1",
        region=MENGZI,
        asked_by="test",
        asked_at=NOW,
        run_after=NOW,
        state=FAILED,
    )


def _accounts(world):
    rows, officer = world.rows, world.people[f"county_officer@{OWN}"]
    office = Agency.objects.get(pk=f"{MENGZI}-{OWN}")
    colleague = User.objects.create_user("colleague", name=_SECRETS["person"], region=MENGZI, agency=office)
    rows["user"] = colleague
    invited = User.objects.create_user(
        "invited", name="受邀的人", region=MENGZI, agency=office, is_active=False
    )
    User.objects.filter(pk=invited.pk).update(state="invited")
    EntryLink.objects.create(
        user=invited, digest=digest_of_link(LINK), expires_at=NOW + datetime.timedelta(7)
    )
    rows["appointment"] = Appointment.objects.get(user=officer.user)
    rows["agency"] = office
    rows["substitution"] = Substitution.objects.create(
        appointment=rows["appointment"],
        substitute=world.people[f"county_officer@{BESIDE}"].user,
        begins=TODAY,
        ends=TODAY + datetime.timedelta(30),
        reason=_SECRETS["note"],
    )


def _texts(world):
    officer = world.people[f"county_officer@{OWN}"]
    reader = Reader(officer.user, officer.client)
    earlier = PROVINCE.replace("6个月租金", "5个月租金")
    world.rows["earlier text"] = reader.holds(earlier, "虚江旧措施.txt", shared=None)
    world.rows["text"] = reader.holds(CITY, "虚河措施.txt", shared=None)
    world.rows["superior text"] = reader.holds(PROVINCE, "虚江措施.txt", shared=None)
    assert not OfficialText.objects.for_site("test").filter(shared=True).exists()
    made = officer.do(
        "alignment.start",
        None,
        {
            "superior": world.key("superior text"),
            "subordinate": world.key("text"),
            "before": world.key("earlier text"),
        },
    )
    run_jobs()
    made.refresh_from_db()
    assert made.state == "ready", made.error
    world.rows["alignment"] = made


def _screening(world):
    values = {"region": MENGZI, "as_of": TODAY.isoformat(), "measures": "", "note": _SECRETS["note"]}
    run = world.people[f"county_officer@{OWN}"].do("screening.start", None, values)
    run_jobs()
    run.refresh_from_db()
    assert run.state == "finished", run.error
    world.rows["screening"] = run


def _lists(world):
    rows, kind = world.rows, kinds()["difficulty-sector-firms"]
    kept = KeptList.objects.create(
        kind=kind.id, region=MENGZI, agency=f"{MENGZI}-{OWN}", opened=datetime.date(2022, 7, 1)
    )
    rows["list"] = kept
    rows["entry"] = Entry.objects.create(
        kept=kept,
        firm=rows["firm"],
        region=rows["firm"].region,
        begins=datetime.date(2022, 6, 1),
        until=datetime.date(2022, 9, 30),
        ground="nomination",
        reason=_SECRETS["note"],
        rule_digest=kind.digest,
        at=NOW,
    )
    rows["batch"] = Batch.objects.create(
        kept=kept,
        region=MENGZI,
        agency=f"{MENGZI}-{OWN}",
        ground="file",
        basis=_SECRETS["note"],
        file_name="名单.csv",
        digest="1" * 64,
        rows=[[rows["unbound firm"].pk, "2022-07-01", "2022-12-31", _SECRETS["note"]]],
        counts={"rows": 1},
        by="user:0",
        at=NOW,
    )


def _notices(world):
    owner = world.people["owner"].user
    world.rows["notice"] = Notice.objects.create(
        user=owner,
        kind="contest-upheld",
        subject_kind="firms.contest",
        subject=str(world.key("contest")),
        address="/",
        values={"fact": "employees"},
        firm=world.key("firm"),
        region=MENGZI,
        made_at=NOW,
    )


def _program(person, rows):
    """A program with all that the person may give it."""
    stands_for = ""
    if person.role == "firm":
        stands_for = f"firm:{(rows['firm'] if person.place == OWN else rows['other firm']).pk}"
    token = make_token(person, stands_for)
    if person.user.username == "owner":
        rows["token"] = token
    return Caller(token.secret, Client())
