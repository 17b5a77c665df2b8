"""An office that delivers: people of every role, firms entitled to a refund, runs with their lines, in the shortest words."""

import datetime

from django.test import Client
from ledgers import HONGHE, MENGZI
from offices import NOW, TODAY, Office, code_of, run_jobs
from paying_office import Treasury, answer_file, payments
from screened_office import registered

from huiqi.portal.accounts.capacities import actor_of
from huiqi.portal.accounts.models import Agency, Appointment, User
from huiqi.portal.acts.performing import perform
from huiqi.portal.catalogue.shelf import library
from huiqi.portal.delivery.claims import claim
from huiqi.portal.delivery.digests import digest_of
from huiqi.portal.delivery.judging_anew import Judges
from huiqi.portal.delivery.models import Line, Run, TaxAccount
from huiqi.portal.delivery.reads import reads_of
from huiqi.portal.delivery.rules import frozen
from huiqi.portal.delivery.seen import seen_now
from huiqi.portal.firms.bound import bound_firms
from huiqi.portal.firms.models import Binding, Contact, FactChange, Firm
from huiqi.portal.jobs.running import run_due
from huiqi.portal.payments.models import PaymentBatch
from huiqi.portal.secrets.fields import put

REFUND, TRAINING = "job-retention-refund", "retention-training-subsidy"
ENTITLED = {
    "size": "micro",
    "months_premiums_paid": "12",
    "paying_premiums_now": True,
    "industrial_policy_kept": True,
    "gravely_dishonest": False,
    "zombie": False,
    "staff_let_go@2021": "0",
    "insured_staff@2020": "10",
    "unemployment_premiums@2021": "1000",
}
"""Facts by which a micro enterprise gets 90% of a thousand yuan back."""
ROLES = ("county_officer", "leading_group", "reviewer", "approver", "finance", "auditor")


class Delivery(Treasury):
    """Mengzi with money for the refund, two people of each role (`reviewer`, `reviewer2`), and firms' owners."""

    def __init__(self, money: int = 100_000_00, measures=(REFUND, TRAINING)):
        super().__init__(money)
        self.pays(*measures)
        Agency.objects.create(code=f"{MENGZI}-hr", name="蒙自市人社局", region=MENGZI)
        for role in ROLES:
            for name in (role, f"{role}2"):
                self._officer(name, role)

    def pays(self, *measures):
        """Let the programme pay these measures."""
        self.programme.measures = list(measures)
        self.programme.save()

    def _officer(self, name, role):
        user = User.objects.filter(username=name).first() or User.objects.create_user(
            name, password="a long password", name=name
        )
        Appointment.objects.get_or_create(
            user=user, agency_id=f"{MENGZI}-hr", role=role, defaults={"begins": TODAY}
        )
        client = Client()
        client.force_login(user)
        self.people[name] = Day(user, client)

    def entitled(self, number, account="", owner="", **facts) -> Firm:
        """A firm that is entitled; with an account of its own, and an owner who is bound to it."""
        known = {name: value for name, value in {**ENTITLED, **facts}.items() if value is not None}
        firm = registered(number, facts=known, size="micro")
        if account:
            pay_into(firm, account)
        if owner:
            user = User.objects.create_user(owner, password="a long password", name=owner)
            Binding.objects.create(user=user, firm=firm, state="bound", asked_at=NOW)
            client = Client()
            client.force_login(user)
            self.people[owner] = Day(user, client)
        return firm

    def run(self, *firms, state="checked", measure=REFUND, region=MENGZI, line_state="listed", **more) -> Run:
        """A run whose lines are judged as the drawing judges them, and have what they are to have."""
        of_id = library().by_id[measure]
        variant = library().possible(measure, MENGZI, TODAY)[0][0]
        run = Run.objects.create(
            **{
                "measure": measure,
                "variant": variant.region,
                "rule_digest": variant.digest,
                "region": region,
                "agency": f"{MENGZI}-hr",
                "as_of": TODAY,
                "period": "2022",
                "way": "automatic",
                "state": state,
                "rules": frozen(variant),
                "facts": list(reads_of(library(), of_id).names),
                **seen_now(),
                "digest": "d" * 64,
                "began_at": NOW,
                **more,
            }
        )
        lines = []
        for number, judged in Judges(run).firms(firms).items():
            firm = next(each for each in firms if each.pk == number)
            assert judged.owed, judged.details
            for each in judged.owed:
                line = Line(run=run, firm=firm, county=firm.region, record=each.record, period=run.period)
                line.amount, line.facts, line.derivation = each.amount, each.facts, each.derivation
                line.rule_digest, line.state = run.rule_digest, line_state
                line.save()
                lines.append(line)
        assert claim(lines) == []
        if "digest" not in more:
            run.digest, _lines, _fen = digest_of(run)
            run.save(update_fields=["digest"])
        return run

    def noticed(self, *firms, **more) -> Run:
        run = self.run(*firms, **more)
        self.county_officer.do("run.notice", run.pk)
        run.refresh_from_db()
        return run

    def ended(self, *firms, **more) -> Run:
        """A run whose notice is over."""
        run = self.noticed(*firms, **more)
        run_jobs_on(after(run))
        run.refresh_from_db()
        assert run.state == "ended_notice"
        return run

    def approved(self, *firms, **more) -> Run:
        run = self.ended(*firms, **more)
        self.approver.do("run.approve", run.pk)
        run.refresh_from_db()
        assert run.state == "approved"
        return run

    def paying(self, *firms, **more) -> Run:
        """A run whose batch is drawn."""
        run = self.approved(*firms, **more)
        self.pay(run)
        return run

    def pay(self, run, key=""):
        self.finance.do("run.pay", run.pk, {"direct": True}, key=key or f"pay:{run.pk}:{run.version}")
        run_jobs()
        run.refresh_from_db()

    def settle(self, run, *results) -> PaymentBatch:
        """Hold and send the run's batch, and take the bank's answer: a result for each payment, in the order of lines."""
        batch = PaymentBatch.objects.for_site("test").get(pk=run.batch)
        assert batch.state == "drafted", batch.state
        self.holder.do("payment.hold", batch.pk)
        run_jobs()
        self.sender.do("payment.send", batch.pk)
        answers = [
            (payment, result, account_in(payment))
            for payment, result in zip(payments(batch), results, strict=True)
        ]
        content, controls = answer_file(*answers)
        self.take(content, name=f"回单{batch.pk}.csv", **controls)
        run_jobs()
        run.refresh_from_db()
        batch.refresh_from_db()
        return batch


class Day(Office):
    """A person whose day may be another one."""

    day = TODAY

    @property
    def actor(self):
        return actor_of(self.user, self.day, firms=bound_firms(self.user))

    def do(self, act, subject, values=None, key=None, day=None):
        now = NOW if day is None else NOW + (day - TODAY)
        made = perform(
            act,
            self.actor,
            subject,
            values or {},
            now=now,
            today=day or TODAY,
            key=key or f"{act}:{subject}:{day or ''}",
        )
        return made.subject


def account_for(firm) -> str:
    """An account of a firm's own."""
    return f"6222021{firm.pk:012}"


def account_in(payment) -> str:
    """The account that a payment goes to, by its firm."""
    from huiqi.portal.payments.payees import keys, revealed

    return revealed(payment, keys())[1]


def pay_into(firm, account, kind=Contact):
    """Let the office know an account of a firm."""
    row = kind.objects.for_site("test").filter(firm=firm).first() or kind(firm=firm)
    if kind is TaxAccount:
        row.dated = TODAY
    row.save()
    put(row, "account", account)
    row.save()


def lines_of(run) -> list[Line]:
    return list(Line.objects.for_site("test").filter(run=run).select_related("firm", "run").order_by("pk"))


def states_of(run) -> list[str]:
    return [each.state for each in lines_of(run)]


def says_now(firm, fact, value):
    """A source says something else of a firm's fact: the register changes, and keeps the change."""
    before = firm.facts.get(fact)
    firm.facts = {**firm.facts, fact: [{"value": value, "source": "tax", "date": "2022-07-31", "roster": 2}]}
    firm.save()
    FactChange.objects.create(
        firm=firm,
        fact=fact,
        source="tax",
        dated=datetime.date(2022, 7, 31),
        before=before,
        after=firm.facts[fact],
        at=NOW,
    )


def after(run) -> datetime.date:
    """The day after a run's notice."""
    return run.notice_until + datetime.timedelta(1)


def run_jobs_on(day) -> None:
    """Run the daily jobs of delivery as of a day, and what they ask for."""
    from huiqi.portal.jobs.running import ask

    now = NOW + (day - TODAY)
    for kind in ("delivery-end-notices", "delivery-reopen"):
        ask(
            kind,
            f"{kind}:{day}:{FactChange.objects.for_site('test').count()}",
            {"day": day.isoformat()},
            by="test",
            now=now,
        )
    run_due(lambda: now)


__all__ = ["HONGHE", "MENGZI", "code_of"]
