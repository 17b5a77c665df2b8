"""An application from the draft to the line that is paid, and every other way that it may end."""

import datetime

import pytest
from django.db import IntegrityError, connection, transaction
from offices import HONGHE, MENGZI, NOW, TODAY, appoint
from screened_office import claim, registered

from huiqi.portal.accounts.capacities import actor_of
from huiqi.portal.accounts.models import User
from huiqi.portal.acts.performing import perform
from huiqi.portal.acts.refusals import NotByYou, NotNow, NotYours, Refused
from huiqi.portal.applications import needed
from huiqi.portal.applications.lapsing import lapse
from huiqi.portal.applications.models import Application, HandIn, Remark
from huiqi.portal.catalogue.shelf import library
from huiqi.portal.clock.models import Deadline
from huiqi.portal.delivery.judging import judged_now
from huiqi.portal.delivery.models import Line
from huiqi.portal.firms.case import case_of
from huiqi.portal.firms.models import Binding, FactChange, Firm
from huiqi.portal.jobs.registry import Working
from huiqi.portal.notices.models import Notice
from huiqi.portal.notices.whom import actor_on

pytestmark = pytest.mark.django_db
GUESTHOUSE = "guesthouse-award"
RATED = [
    ["records", "certification", "", -1, "1"],
    ["certification", "certificate", "", 0, "guesthouse_class_b"],
    ["certification", "obtained", "", 0, "2022-06-30"],
]


@pytest.fixture(autouse=True)
def nothing_to_attach(monkeypatch):
    """Files have tests of their own; here nothing is wanted."""
    monkeypatch.setattr("huiqi.portal.applications.shown.lacking", lambda slots: [])
    monkeypatch.setattr("huiqi.portal.applications.firm_acts.lacking", lambda slots: [])
    assert needed.needed_for(GUESTHOUSE)[0].required


class Owner:
    """Somebody bound to a firm of their own, and what they do."""

    def __init__(self, name, number):
        self.firm = registered(number, MENGZI)
        self.user = User.objects.create_user(name, password="a long password", name=name)
        Binding.objects.create(user=self.user, firm=self.firm, state="bound", asked_at=NOW)
        self.tried = 0

    def do(self, act, subject, values=None, today=TODAY):
        self.tried += 1
        actor = actor_on(self.user, today)
        key = f"{act} {self.tried}"
        return perform(act, actor, subject, values or {}, now=NOW, today=today, key=key).subject

    def hand_in(self, answers=RATED, measure=GUESTHOUSE):
        made = self.do("application.begin", None, {"firm": self.firm.pk, "measure": measure})
        for count in range(1, len(answers) + 1):
            self.do("application.save", made.pk, {"answers": answers[:count]})
        return self.do("application.hand_in", made.pk)


@pytest.fixture
def owner():
    return Owner("owner", 1)


@pytest.fixture
def county():
    return appoint("county", "county_officer")


@pytest.fixture
def reviewer():
    return appoint("reviewer", "reviewer")


def received(owner, county, answers=RATED, measure=GUESTHOUSE):
    made = owner.hand_in(answers, measure)
    return county.do("application.receive", made.pk, key=f"receive {made.pk} {made.round}")


def told(user):
    return set(Notice.objects.for_site("test").filter(user=user).values_list("kind", flat=True))


def test_what_is_granted_is_a_line_and_its_facts_are_the_registers(owner, county, reviewer):
    made = received(owner, county)
    assert (made.state, made.as_of) == ("received", TODAY)
    made = reviewer.do("application.grant", made.pk)
    assert (made.state, made.amount, made.verdict) == ("granted", 60_000_00, "eligible")
    [line] = Line.objects.for_site("test").all()
    assert (line.state, line.amount, line.run.way, line.run.state) == (
        "drawn",
        60_000_00,
        "application",
        "drawn",
    )
    assert {each["fact"]: each["value"] for each in line.facts}["certification.obtained"] == "2022-06-30"
    assert made.granted_lines.get().line == line
    firm = Firm.objects.for_site("test").get(pk=owner.firm.pk)
    [row] = firm.records["certifications"][0]["rows"]
    assert row == {"certificate": "guesthouse_class_b", "obtained": "2022-06-30"}
    changes = FactChange.objects.for_site("test").filter(firm=firm)
    assert list(changes.values_list("fact", "source")) == [("certifications", "office")]
    assert judged_now(line).owed[0].amount == line.amount
    assert {"application-received", "application-granted"} <= told(owner.user)
    assert (
        not Deadline.objects.for_site("test")
        .filter(subject_kind="applications.application", state="open")
        .exists()
    )


def test_an_answer_that_fails_is_refused_with_the_clause_and_nothing_is_written(owner, county, reviewer):
    last_year = [*RATED[:2], ["certification", "obtained", "", 0, "2021-06-30"]]
    made = received(owner, county, last_year)
    with pytest.raises(Refused, match="不符合条件"):
        reviewer.do("application.grant", made.pk)
    made = reviewer.do("application.refuse", made.pk, {"reason": "不是当年评定"})
    assert made.state == "refused"
    assert made.failed == [{"condition": "对新评为全国乙级、丙级", "clause": "财政惠企/二/（二）"}]
    assert made.appeal_until == datetime.date(2022, 9, 30)
    assert not Line.objects.for_site("test").exists()
    assert not FactChange.objects.for_site("test").exists()


def test_who_meets_the_rule_is_not_refused(owner, county, reviewer):
    made = received(owner, county)
    with pytest.raises(Refused, match="符合条件"):
        reviewer.do("application.refuse", made.pk, {"reason": "名额有限"})


def test_after_an_appeal_another_person_decides_anew(owner, county, reviewer):
    last_year = [*RATED[:2], ["certification", "obtained", "", 0, "2021-06-30"]]
    made = received(owner, county, last_year)
    reviewer.do("application.refuse", made.pk, {"reason": "不是当年评定"})
    made = owner.do("application.appeal", made.pk, {"reason": "证书日期填错"})
    assert made.state == "appealed"
    with pytest.raises(NotYours):
        reviewer.do("appeal.uphold", made.pk, {"reason": "自己答复"})
    head = appoint("head", "leading_group", HONGHE)
    made = head.do("appeal.uphold", made.pk, {"reason": "证书为2022年"})
    assert (made.state, made.failed, made.appeal_until) == ("received", [], None)
    finding = {"fact": "certification|obtained||0", "value": "2022-06-30", "reason": "核对证书原件"}
    county.do("application.find", made.pk, finding)
    with pytest.raises(NotByYou):
        reviewer.do("application.grant", made.pk)
    other = appoint("other reviewer", "reviewer")
    made = other.do("application.grant", made.pk)
    assert (made.state, made.amount) == ("granted", 60_000_00)
    assert "application-appeal-upheld" in told(owner.user)


def test_an_appeal_has_its_last_day_and_may_be_rejected(owner, county, reviewer):
    last_year = [*RATED[:2], ["certification", "obtained", "", 0, "2021-06-30"]]
    made = received(owner, county, last_year)
    reviewer.do("application.refuse", made.pk, {"reason": "不是当年评定"})
    with pytest.raises(NotNow, match="期限已过"):
        owner.do("application.appeal", made.pk, {"reason": "太晚"}, today=datetime.date(2022, 10, 1))
    owner.do("application.appeal", made.pk, {"reason": "请再看"}, today=datetime.date(2022, 9, 30))
    head = appoint("head", "leading_group", HONGHE)
    made = head.do("appeal.reject", made.pk, {"reason": "证书确为2021年"})
    assert made.state == "rejected"
    owner.do("application.begin", None, {"firm": owner.firm.pk, "measure": GUESTHOUSE})


def test_what_must_be_mended_is_said_once_and_handed_in_again(owner, county):
    made = owner.hand_in(RATED[:2])
    made = county.do("application.return", made.pk, {"mend": "请填评定日期\n\n请补证书 "})
    assert (made.state, made.mend) == ("returned", ["请填评定日期", "请补证书"])
    assert made.mend_until == datetime.date(2022, 8, 22)
    owner.do("application.save", made.pk, {"answers": RATED})
    made = owner.do("application.hand_in", made.pk)
    assert (made.state, made.round, made.mend, made.as_of) == ("handed_in", 2, [], TODAY)
    rounds = HandIn.objects.for_site("test").filter(application=made).order_by("round")
    assert [len(each.answers) for each in rounds] == [2, 3]
    assert list(Remark.objects.for_site("test").values_list("act", flat=True)) == ["application.return"]


def test_what_is_not_mended_in_time_lapses_by_the_job(owner, county):
    made = owner.hand_in(RATED[:2])
    made = county.do("application.return", made.pk, {"mend": "请填评定日期"})

    def ran(day):
        working = Working({}, NOW, day, actor_of(owner.user, day), lambda *told: None, 1)
        return lapse.work(working)

    assert ran(made.mend_until) == {"lapsed": 0}
    assert ran(made.mend_until + datetime.timedelta(1)) == {"lapsed": 1}
    made.refresh_from_db()
    assert made.state == "lapsed"
    assert "application-lapsed" in told(owner.user)


def test_who_received_does_not_grant(owner, county):
    made = received(owner, county)
    with pytest.raises(NotYours):
        county.do("application.grant", made.pk)
    both = appoint("both", "county_officer")
    perform_as_reviewer = appoint("both reviewer", "reviewer")
    assert both.user != perform_as_reviewer.user
    assert perform_as_reviewer.do("application.grant", made.pk).state == "granted"


def test_less_than_the_rule_gives_needs_grounds_and_more_is_refused(owner, county, reviewer):
    made = received(owner, county)
    for amount, code in (("60000.01", "beyond-the-rule"), ("0", "beyond-the-rule"), ("5", "grounds-wanted")):
        with pytest.raises(Refused, match=code):
            reviewer.do("application.grant", made.pk, {"amount": amount}, key=amount)
    made = reviewer.do("application.grant", made.pk, {"amount": "50000", "reason": "已获县级奖励1万元"})
    [line] = Line.objects.for_site("test").all()
    assert (line.amount, line.derivation["corrected"]["from"]) == (50_000_00, 60_000_00)


def test_one_application_of_a_measure_is_under_way_also_for_the_database(owner):
    made = owner.hand_in()
    with pytest.raises(NotNow, match="已有一份申请"):
        owner.do("application.begin", None, {"firm": owner.firm.pk, "measure": GUESTHOUSE})
    names = [each.column for each in Application._meta.local_fields if each.column != "id"]
    columns = ", ".join(f'"{each}"' for each in names)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO applications_application ({columns}) SELECT {columns} FROM applications_application"
        )
    owner.do("application.withdraw", made.pk, {"reason": "改日再报"})
    assert owner.do("application.begin", None, {"firm": owner.firm.pk, "measure": GUESTHOUSE}).pk != made.pk


def test_what_the_register_knows_is_not_answered(owner):
    made = owner.do("application.begin", None, {"firm": owner.firm.pk, "measure": GUESTHOUSE})
    for place in (["subject", "region", "", -1, "532501"], ["list", "hardest_hit", "", -1, "yes"]):
        with pytest.raises(Refused):
            owner.do("application.save", made.pk, {"answers": [place]})
    for nonsense in (
        [["x"]],
        [[1, 2, 3, 4, 5]],
        [["subject", "no-such", "", -1, "1"]],
        [["a", "b", "", 10**9, "1"]],
    ):
        with pytest.raises(Refused):
            owner.do("application.save", made.pk, {"answers": nonsense})
    made.refresh_from_db()
    assert made.answers == []


def test_what_a_source_has_said_since_stands_over_the_answer(owner, county, reviewer):
    made = received(owner, county)
    rows = [{"certificate": "guesthouse_class_c", "obtained": "2022-06-30"}]
    owner.firm.records["certifications"] = [{"source": "tax", "date": "2022-07-31", "rows": rows}]
    owner.firm.save()
    finding = {"fact": "certification|certificate||0", "value": "guesthouse_class_b", "reason": "证书"}
    with pytest.raises(Refused, match="登记信息已有"):
        county.do("application.find", made.pk, finding)
    made = reviewer.do("application.grant", made.pk)
    assert made.amount == 30_000_00
    assert not FactChange.objects.for_site("test").exists()


def test_another_firms_application_does_not_exist(owner):
    made = owner.hand_in()
    other = Owner("other", 2)
    for act, values in (("application.withdraw", {"reason": "x"}), ("application.save", {"answers": []})):
        with pytest.raises(NotYours):
            other.do(act, made.pk, values)
    with pytest.raises(NotYours):
        other.do("application.begin", None, {"firm": owner.firm.pk, "measure": GUESTHOUSE})


def test_a_refund_that_comes_unasked_is_not_applied_for(owner):
    with pytest.raises(Refused, match="不需要申请"):
        owner.do("application.begin", None, {"firm": owner.firm.pk, "measure": "job-retention-refund"})


STANDARD = {"fact": "subject|technology_sme_standard_met||-1", "value": "yes", "reason": "科技部门评价结果"}
SMALL = {"industry": [claim("H6210")], "employees": [claim("11")], "revenue": [claim("1600000")]}


def small(owner):
    Firm.objects.for_site("test").filter(pk=owner.firm.pk).update(facts=SMALL, industry="H6210")


def test_a_filing_is_confirmed_not_granted_once_the_office_knows_what_only_it_can(owner, county, reviewer):
    small(owner)
    made = received(owner, county, [], "title-technology-sme")
    with pytest.raises(NotNow, match="不这样办理"):
        reviewer.do("application.grant", made.pk)
    with pytest.raises(Refused, match="technology_sme_standard_met"):
        reviewer.do("application.confirm", made.pk)
    county.do("application.find", made.pk, STANDARD)
    made = reviewer.do("application.confirm", made.pk, key="now")
    assert (made.state, made.verdict, made.amount) == ("confirmed", "eligible", None)
    assert not Line.objects.for_site("test").exists()


def test_what_pays_nothing_is_granted_without_a_line_and_with_no_amount(owner, county, reviewer):
    small(owner)
    made = received(owner, county, [], "title-high-tech")
    county.do("application.find", made.pk, {**STANDARD, "fact": "subject|high_tech_standard_met||-1"})
    with pytest.raises(Refused, match="不支付资金"):
        reviewer.do("application.grant", made.pk, {"amount": "1"})
    made = reviewer.do("application.grant", made.pk, key="without")
    assert (made.state, made.amount) == ("granted", None)
    assert not Line.objects.for_site("test").exists()


def test_what_is_judged_with_others_waits_for_that(owner, county, reviewer):
    made = received(owner, county, [], "platform-award")
    assert made.state == "entered"
    with pytest.raises(NotNow):
        reviewer.do("application.grant", made.pk)
    assert county.do("application.return", made.pk, {"mend": "请补认定文件"}).state == "returned"


def test_where_the_rule_gives_a_limit_the_reviewer_says_the_amount(owner, county, reviewer):
    answers = [
        ["records", "certification", "", -1, "1"],
        ["certification", "certificate", "", 0, "national_incubator"],
        ["certification", "obtained", "", 0, "2022-06-30"],
    ]
    made = received(owner, county, answers, "incubator-award")
    with pytest.raises(Refused, match="amount-wanted"):
        reviewer.do("application.grant", made.pk)
    given = {"amount": "12345.67", "reason": "按审核结果"}
    assert reviewer.do("application.grant", made.pk, given, key="said").amount == 12_345_67
    [line] = Line.objects.for_site("test").all()
    assert line.derivation["corrected"]["to"] == line.amount == 12_345_67


def test_who_a_measure_is_not_for_does_not_apply(owner):
    Firm.objects.for_site("test").filter(pk=owner.firm.pk).update(subject="self_employed")
    with pytest.raises(Refused, match="主体类型"):
        owner.do("application.begin", None, {"firm": owner.firm.pk, "measure": "innovation-voucher"})


def test_a_measure_is_applied_for_from_its_first_day(owner):
    asked = {"firm": owner.firm.pk, "measure": GUESTHOUSE}
    with pytest.raises(Refused, match="不在本地区执行"):
        owner.do("application.begin", None, asked, today=datetime.date(2022, 7, 30))
    assert owner.do("application.begin", None, asked, today=datetime.date(2022, 7, 31)).state == "draft"


def test_the_answers_stand_in_the_firms_situation_after_the_grant(owner, county, reviewer):
    made = received(owner, county)
    reviewer.do("application.grant", made.pk)
    firm = Firm.objects.for_site("test").get(pk=owner.firm.pk)
    [row] = case_of(firm, library(), TODAY).situation.records["certification"]
    assert row["certificate"] == "guesthouse_class_b"
