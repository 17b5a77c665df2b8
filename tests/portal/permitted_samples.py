"""For every page, act and endpoint that is about something: what it is about, and input that fits."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from attached_files import pdf
from django.core.signing import Signer
from offices import MENGZI, TODAY, code_of, roster_of
from permitted_delivery import contested, in_notice, returned_list, run_is, without_sample
from permitted_funds import FUND_ENDPOINTS, FUND_PAGES, drafting, nothing_waits, opening
from permitted_funds_watch import FROZEN, officer_who_answers
from permitted_payments import batch_stands, line_is_not_ours, payment_is_paid
from permitted_world import LINK, NOBODY, Person, World
from screened_office import claim

from huiqi.portal.accounts.credentials import OutsideName, SecondFactor
from huiqi.portal.applications import files as attached
from huiqi.portal.applications.models import Application
from huiqi.portal.documents import incoming
from huiqi.portal.firms import files
from huiqi.portal.lists.kinds import kinds
from huiqi.portal.lists.models import Entry
from huiqi.portal.payments import statement_files
from huiqi.reference.credit_codes import make_credit_code

MEASURE = "rent-waiver"
TODAYS = TODAY.isoformat()

PAGES: dict[str, Callable[[World], dict[str, Any]]] = {
    "event": lambda world: {"number": world.key("event")},
    "entry": lambda world: {"secret": LINK},
    "entry-outside": lambda world: {"secret": LINK},
    "act": lambda world: {"name": "binding.ask", "subject": "-"},
    "person": lambda world: {"number": world.key("user")},
    "person-link": lambda world: {"number": world.key("user")},
    "person-appoint": lambda world: {"number": world.key("user")},
    "person-outside": lambda world: {"number": world.key("user")},
    "substitute": lambda world: {"number": world.key("appointment")},
    "deadline": lambda world: {"number": world.key("deadline")},
    "roster": lambda world: {"number": world.key("roster")},
    "roster-findings": lambda world: {"number": world.key("roster")},
    "firm": lambda world: {"number": world.key("firm")},
    "own-firm": lambda world: {"number": world.key("firm")},
    "firm-contact": lambda world: {"number": world.key("firm")},
    "policy": lambda world: {"region": "530000", "name": MEASURE},
    "owed-result": lambda world: {"number": world.key("firm")},
    "owed-ask": lambda world: {"number": world.key("firm")},
    "owed-change": lambda world: {"number": world.key("firm"), "step": 1},
    "owed-sheet": lambda world: {"number": world.key("firm")},
    "owed-calendar": lambda world: {"number": world.key("firm")},
    "owed-forget": lambda world: {"number": world.key("firm")},
    "answers-change": lambda world: {"step": 1},
    "measure": lambda world: {"name": MEASURE},
    "measure-export": lambda world: {"name": MEASURE},
    "entitled-firm": lambda world: {"name": MEASURE, "number": world.key("firm")},
    "screening": lambda world: {"number": world.key("screening")},
    "screening-report": lambda world: {"number": world.key("screening")},
    "screening-list": lambda world: {"number": world.key("screening"), "name": "push"},
    "alignment": lambda world: {"number": world.key("alignment")},
    "alignment-amended": lambda world: {"number": world.key("alignment")},
    "alignment-file": lambda world: {"number": world.key("alignment")},
    "alignment-json": lambda world: {"number": world.key("alignment")},
    "document": lambda world: {"number": world.key("text")},
    "document-coverage": lambda world: {"number": world.key("text")},
    "document-ledger": lambda world: {"number": world.key("text")},
    "document-targets": lambda world: {"number": world.key("text")},
    "document-ledger-file": lambda world: {"number": world.key("text")},
    "document-json": lambda world: {"number": world.key("text")},
    "notice": lambda world: {"number": world.key("notice")},
    "list-import": lambda world: {"number": world.key("list")},
    "list-batch": lambda world: {"number": world.key("batch")},
    "list-candidates": lambda world: {"number": world.key("list")},
    "list-search": lambda world: {"number": world.key("list")},
    "list-admit": lambda world: {"number": world.key("list")},
    "list-proposals": lambda world: {"number": world.key("list")},
    "list-decide": lambda world: {"number": world.key("list")},
    "list": lambda world: {"number": world.key("list")},
    "list-export": lambda world: {"number": world.key("list")},
    "list-history": lambda world: {"number": world.key("list")},
    "list-entry": lambda world: {"number": world.key("entry")},
    "delivery-run": lambda world: {"number": world.key("delivery run")},
    "delivery-line": lambda world: {"number": world.key("delivery line")},
    "delivery-objection": lambda world: {"number": world.key("objection")},
    **{
        name: lambda world: {"number": world.key("delivery run")}
        # The list of the two is not out: nobody finds it; tests/portal/delivery shows one that is.
        for name in (
            "delivery-list",
            "delivery-take-back",
            "delivery-look",
            "delivery-export",
            "delivery-left-out",
            "delivery-not-reached",
        )
    },
    "delivery-sample": lambda world: {"number": world.key("done run")},
    "delivery-missed": lambda world: {"measure": "rent-waiver"},
    "delivery-missed-export": lambda world: {"measure": "rent-waiver"},
    # Of a list that is not in notice nobody finds anything; tests/portal/delivery shows one that is.
    "delivery-notice": lambda world: {"number": world.key("delivery run")},
    "own-delivery": lambda world: {"number": world.key("delivery line")},
    "application": lambda world: {"number": world.key("application")},
    "application-file": lambda world: {"number": world.key("attachment")},
    "application-begin": lambda world: {"firm": world.key("firm"), "measure": "guesthouse-award"},
    "own-application": lambda world: {"number": world.key("application")},
    "own-application-file": lambda world: {"number": world.key("attachment")},
    "own-application-facts": lambda world: {"number": world.key("draft application")},
    "own-application-files": lambda world: {"number": world.key("draft application")},
    "own-application-hand-in": lambda world: {"number": world.key("draft application")},
    "own-object": lambda world: {"run": world.key("delivery run"), "firm": world.key("firm")},
    "payment-batch": lambda world: {"number": world.key("payment batch")},
    "payment-file": lambda world: {"number": world.key("payment batch")},
    "payment-export": lambda world: {"number": world.key("payment batch")},
    "payment": lambda world: {"number": world.key("payment")},
    "statement": lambda world: {"number": world.key("statement")},
    "statement-line": lambda world: {"number": world.key("statement line")},
    "fund-finding": lambda world: {"number": world.key("fund finding")},
    "fund-head": lambda world: {"day": FROZEN.isoformat()},
    "fund-head-export": lambda world: {"day": FROZEN.isoformat()},
    "fund-performance-programme": lambda world: {"number": world.rows["payment batch"].programme_id},
    "fund-performance-payments": lambda world: {"number": world.rows["payment batch"].programme_id},
    **FUND_PAGES,
}
"""What the address of a page takes. A page that takes something and is not here fails the test."""

TALKING = {f"answers-{each}" for each in ("ask", "change", "result", "sheet", "calendar")}
"""Pages that open once a visitor has begun to answer."""

ENDPOINTS: dict[str, Callable[[World], dict[str, Any]]] = {
    "firm": PAGES["firm"],
    "roster": PAGES["roster"],
    "measure": PAGES["policy"],
    "screening": PAGES["screening"],
    "entitled": PAGES["measure"],
    "firm-owed": PAGES["firm"],
    "firm-near-misses": PAGES["firm"],
    "list-members": PAGES["list"],
    "payment-lines": PAGES["payment-batch"],
    "delivery-lines": PAGES["delivery-run"],
    "application": PAGES["application"],
    "own-application": PAGES["own-application"],
    "delivery": PAGES["delivery-run"],
    "delivery-left-out": PAGES["delivery-run"],
    # Of a list that is not in notice nobody finds anything; tests/portal/delivery shows one that is.
    "announcement-lines": PAGES["delivery-run"],
    **FUND_ENDPOINTS,
}
QUERIES = {
    "roster-file": "?name=x.csv",
    "list-file": "?name=x.csv",
    "document-file": "?name=x.txt",
    "statement-file": "?name=x.csv",
}
"""What an endpoint must be asked besides."""


@dataclass(frozen=True)
class Sample:
    """An act done to the county's row `on`, or one that creates; `refers` are values that name a row of the county."""

    on: str = ""
    values: Callable[[World, Person], dict[str, Any]] = lambda world, person: {}
    state: str = ""
    ready: Callable[[World], object] = lambda world: None
    refers: dict[str, Any] = field(default_factory=dict)


def _reason(world, person):
    return {"reason": "理由"}


def _said(world, person):
    return {"said": "意见"}


def _note(world, person):
    return {"note": "意见"}


def _answer(world, person):
    return {"answer": "属实"}


def _signed(salt, **made):
    def values(world, person):
        said = {"asked": {}, "rows": 1, "digest": "0" * 64, "by": person.actor.id}
        said |= {name: value(world) if callable(value) else value for name, value in made.items()}
        return {"made": Signer(salt=salt).sign_object(said)}

    return values


def _uploaded_text(world, person):
    content = f"关于某事的通知\n一、给予补贴{person.user.pk}元。\n".encode()
    return {"shared": False, "ticket": incoming.keep("某事.txt", [content], person.actor).ticket}


def _uploaded_roster(world, person):
    ticket = files.keep("名册.csv", [roster_of("#9,某店,532503,3")], person.actor)
    return {"source": "statistics", "dated": "2022-06-30", "ticket": ticket}


def _uploaded_list(world, person):
    ticket = files.keep("名单.csv", [f"统一社会信用代码\n{code_of(3)}\n".encode()], person.actor)
    return {"kept": world.key("list"), "begins": "2022-07-01", "basis": "文号", "ticket": ticket}


def _member(world, doubt=None):
    rows = Entry.objects.for_site("test").filter(pk=world.key("entry"))
    rows.update(state="member", doubt=doubt)


def _in_doubt(world):
    _member(world, {"why": "office", "reason": "理由", "on": TODAYS, "by": "user:0"})


def _without_entry(world):
    Entry.objects.for_site("test").filter(pk=world.key("entry")).update(state="withdrawn")


def _fits_the_rule(world):
    _without_entry(world)
    firm = world.rows["firm"]
    firm.subject = "enterprise"
    firm.facts |= {"hit_by_epidemic": [claim("yes")]}
    firm.save()


def _uploaded_attachment(world, person):
    return {"slot": "recognition", "ticket": attached.keep("认定.pdf", [pdf()], person.actor)}


def _found(world, person):
    return {"fact": "certification|certificate||0", "value": "guesthouse_class_b", "reason": "证书原件"}


def _rated(world):
    answers = [["records", "certification", "", -1, "1"]]
    answers += [["certification", "certificate", "", 0, "guesthouse_class_b"]]
    answers += [["certification", "obtained", "", 0, "2022-06-30"]]
    Application.objects.for_site("test").filter(pk=world.key("application")).update(answers=answers)


def _filed(world):
    _rated(world)
    Application.objects.for_site("test").filter(pk=world.key("application")).update(delivery="by_filing")


def _with_factor(world):
    SecondFactor.objects.create(
        user=world.rows["user"], secret="x", made_at="2022-07-01T00:00Z", confirmed_at="2022-07-01T00:00Z"
    )


APPLICATION_ACTS = {
    "application.begin": Sample(
        values=lambda world, person: {"firm": world.key("firm"), "measure": "poverty-workshop-award"},
        refers={"firm": NOBODY},
    ),
    "application.save": Sample("draft application", lambda world, person: {"answers": [], "note": "稍后补"}),
    "application.attach": Sample("draft application", _uploaded_attachment),
    "application.detach": Sample(
        "application", lambda world, person: {"attachment": world.key("attachment")}, state="returned"
    ),
    "application.hand_in": Sample("application", state="returned"),
    "application.withdraw": Sample("application", _reason),
    "application.appeal": Sample("application", _reason, state="refused"),
    "application.receive": Sample("application"),
    "application.return": Sample("application", lambda world, person: {"mend": "请补证书"}),
    "application.find": Sample("application", _found, state="received"),
    "application.grant": Sample("application", state="received", ready=_rated),
    "application.confirm": Sample("application", state="received", ready=_filed),
    "application.refuse": Sample("application", _reason, state="received"),
    "appeal.uphold": Sample("application", _reason, state="appealed"),
    "appeal.reject": Sample("application", _reason, state="appealed"),
}

ACTS: dict[str, Sample] = {
    "events.export": Sample(values=_signed("huiqi.portal.acts.export")),
    "firms.export": Sample(values=_signed("huiqi.portal.firms.export")),
    "screening.export": Sample(values=_signed("huiqi.portal.screenings.export")),
    "list.export": Sample(
        values=_signed(
            "huiqi.portal.lists.export", list=lambda world: world.key("list"), purpose="premium-deferral"
        )
    ),
    "applications.export": Sample(values=_signed("huiqi.portal.applications.export")),
    **APPLICATION_ACTS,
    "agency.add": Sample(values=lambda world, person: {"name": "蒙自市某某局", "region": MENGZI}),
    "profile.change": Sample("owner", lambda world, person: {"name": "x", "language": "en"}),
    "user.invite": Sample(
        values=lambda world, person: {"name": "新人", "user_name": "new-one", "agency": world.key("agency")},
        refers={"agency": "no-such"},
    ),
    "user.rename": Sample("user", lambda world, person: {"reason": "更正", "name": "新名"}),
    "user.renew_link": Sample("user", _reason),
    "user.close": Sample("user", _reason),
    "job.cancel": Sample("job", _reason, state="waiting"),
    "job.retry": Sample("job", _reason, state="failed"),
    "user.reopen": Sample("user", _reason, state="closed"),
    "user.reset_factor": Sample("user", _reason, ready=_with_factor),
    "user.link_outside": Sample("user", lambda world, person: {"digest": "a" * 64}),
    "user.unlink_outside": Sample(
        "user",
        _reason,
        ready=lambda world: OutsideName.objects.create(
            user=world.rows["user"], digest="b" * 64, linked_at="2022-07-01T00:00Z"
        ),
    ),
    "appointment.give": Sample(
        values=lambda world, person: {
            "user": world.key("user"),
            "role": "reviewer",
            "agency": world.key("agency"),
            "begins": TODAYS,
        },
        refers={"user": NOBODY},
    ),
    "appointment.end": Sample("appointment", lambda world, person: {"ends": TODAYS, "reason": "调动"}),
    "substitution.give": Sample(
        values=lambda world, person: {
            "appointment": world.key("appointment"),
            "substitute": world.key("user"),
            "begins": "2022-09-05",
            "ends": "2022-09-09",
            "reason": "出差",
        },
        refers={"appointment": NOBODY},
    ),
    "substitution.end": Sample(
        "substitution", lambda world, person: {"ends": "2022-08-05", "reason": "返岗"}
    ),
    "listing.ask": Sample(
        values=lambda world, person: {
            "credit_code": make_credit_code(MENGZI, "MA6KNEW1"),
            "name": "新开的店",
            "region": MENGZI,
            "connection": "head",
        }
    ),
    "listing.settle": Sample("listing"),
    "listing.decline": Sample("listing", _reason),
    "listing.withdraw": Sample("listing"),
    "roster.hand_in": Sample(values=_uploaded_roster),
    "roster.take": Sample("roster"),
    "roster.drop": Sample("roster"),
    "roster.undo": Sample("roster", _reason, state="taken"),
    "binding.ask": Sample(
        values=lambda world, person: {
            "credit_code": code_of(1) if person.user.username != "owner" else code_of(3),
            "name": world.rows["firm" if person.user.username != "owner" else "unbound firm"].name,
            "connection": "head",
        },
        ready=lambda world: (
            type(world.rows["binding"])
            .objects.for_site("test")
            .filter(pk=world.key("binding"))
            .update(state="withdrawn")
        ),
    ),
    "binding.confirm": Sample("binding", _note),
    "binding.refuse": Sample("binding", _reason),
    "binding.withdraw": Sample("binding"),
    "fact.contest": Sample(
        values=lambda world, person: {
            "firm": world.key("firm"),
            "fact": "risk-county-2022",
            "says": "是",
            "reason": "有通告为证",
        },
        refers={"firm": NOBODY},
    ),
    "contest.uphold": Sample("contest", _answer),
    "contest.reject": Sample("contest", _answer),
    "screening.start": Sample(values=lambda world, person: {"region": MENGZI, "as_of": "2022-07-15"}),
    "screening.stop": Sample("screening", state="running"),
    "screening.resume": Sample("screening", state="stopped"),
    "screening.discard": Sample("screening", state="stopped"),
    "alignment.start": Sample(
        values=lambda world, person: {
            "superior": world.key("superior text"),
            "subordinate": world.key("text"),
        },
        refers={"superior": NOBODY},
    ),
    "alignment.again": Sample("alignment"),
    "alignment.discard": Sample("alignment"),
    "document.add": Sample(values=_uploaded_text),
    "document.share": Sample("text", lambda world, person: {"shared": True}),
    "document.remove": Sample("text", _reason),
    "notices.choose": Sample(values=lambda world, person: {"chosen": {}}),
    "notices.reach": Sample(values=lambda world, person: {"email": "someone@example.com"}),
    "list.open": Sample(values=lambda world, person: {"kind": "key-farm-enterprises"}),
    "list.check": Sample("list", _note),
    "list.complete": Sample("list", lambda world, person: {"reason": "依据"}),
    "list.propose": Sample(
        values=lambda world, person: {
            "kept": world.key("list"),
            "subject": code_of(3),
            "begins": "2022-07-01",
            "reason": "符合条件",
        },
        refers={"kept": NOBODY},
    ),
    "list.withdraw": Sample("entry", _reason),
    "list.review": Sample("entry", _note),
    "list.return": Sample("entry", _reason),
    "list.approve": Sample("entry", _note, state="reviewed"),
    "list.refuse": Sample("entry", _reason, state="reviewed"),
    "list.put_up": Sample("entry", _reason, state="member"),
    "list.keep": Sample("entry", _reason, ready=_in_doubt),
    "list.renew": Sample("entry", _reason, state="member"),
    "list.remove": Sample(
        "entry", lambda world, person: {"from_day": "2022-07-15", "reason": "理由"}, state="member"
    ),
    "list.annul": Sample("entry", _reason, state="member"),
    "list.admit": Sample(
        values=lambda world, person: {
            "kept": world.key("list"),
            "firms": [world.key("firm")],
            "rule": kinds()["difficulty-sector-firms"].digest,
        },
        ready=_fits_the_rule,
        refers={"kept": NOBODY},
    ),
    "list.hand_in": Sample(values=_uploaded_list, refers={"kept": NOBODY}),
    "list.pass": Sample("batch", _note),
    "list.take": Sample("batch", _note, state="passed"),
    "list.drop": Sample("batch"),
    "list.undo": Sample("batch", _reason, state="taken"),
    "token.create": Sample(
        values=lambda world, person: {
            "name": "第二个",
            "stands_for": "person",
            "expires": "2022-12-31",
            "pages": ["home"],
        }
    ),
    "token.revoke": Sample("token"),
    "payment.hold": Sample("payment batch", ready=lambda world: batch_stands(world, "drafted")),
    "payment.send": Sample("payment batch", ready=lambda world: batch_stands(world, "held")),
    "payment.take_file": Sample("payment batch", lambda world, person: {"form": "csv", "digest": "0" * 64}),
    "payment.export": Sample("payment batch", lambda world, person: {"rows": 1, "digest": "0" * 64}),
    "payment.void": Sample("payment batch", _reason, ready=lambda world: batch_stands(world, "held")),
    "payment.recover": Sample(
        "payment", lambda world, person: {"amount": "0.01", "reason": "理由"}, ready=payment_is_paid
    ),
    "statement.hand_in": Sample(
        values=lambda world, person: {
            "ticket": statement_files.keep("回单.csv", [f"{person.user.pk}".encode()], person.actor)
        }
    ),
    "statement.take": Sample("statement", state="previewed"),
    "statement.drop": Sample("statement", _reason, state="previewed"),
    "statement.settle": Sample("statement line", _reason),
    "statement.confirm": Sample("statement line", ready=line_is_not_ours),
    "statement.decline": Sample("statement line", _reason, state="proposed"),
    "finding.assign": Sample("fund finding", lambda world, person: {"user": officer_who_answers(world)}),
    "finding.answer": Sample("fund finding", lambda world, person: {"answer": "说明"}, state="assigned"),
    "finding.accept": Sample("fund finding", _said, state="answered"),
    "finding.return": Sample("fund finding", _said, state="answered"),
    "programme.open": Sample(values=opening),
    "programme.change": Sample("fund programme", lambda world, person: {"title": "新名称"}),
    "programme.close": Sample("fund programme", _reason, ready=nothing_waits),
    "fund.draft": Sample(values=drafting, refers={"programme": NOBODY}),
    "fund.confirm": Sample("fund order"),
    "fund.decline": Sample("fund order", _reason),
    "fund.withdraw": Sample("fund order", _reason),
    "run.draw": Sample(
        values=lambda world, person: {"measure": MEASURE, "region": MENGZI},
        refers={"region": "999999"},
    ),
    "run.look": Sample(
        "delivery run",
        lambda world, person: {"lines": [world.key("delivery line")]},
        ready=run_is("drawn", line="drawn"),
    ),
    "run.check": Sample("delivery run", _note, ready=run_is("drawn", line="drawn")),
    "run.cancel": Sample("delivery run", _reason, ready=run_is("checked")),
    "run.notice": Sample("delivery run", ready=run_is("checked")),
    "run.end_notice": Sample("delivery run", ready=run_is("noticed")),
    "run.approve": Sample("delivery run", ready=run_is("ended_notice")),
    "run.return": Sample("delivery run", _reason, ready=run_is("ended_notice")),
    "run.pay": Sample(
        "delivery run",
        lambda world, person: {"direct": True},
        ready=run_is("approved", line="approved"),
    ),
    "run.finish": Sample("delivery run", ready=run_is("paying", line="paid")),
    "run.export": Sample(
        "delivery run",
        lambda world, person: {"rows": 1, "digest": "0" * 64},
    ),
    "thirdparty.send": Sample("delivery run", ready=run_is("checked", way="third_party")),
    "thirdparty.take_back": Sample("delivery run", returned_list, ready=run_is("sent", way="third_party")),
    "sample.draw": Sample(
        values=lambda world, person: {"run": world.key("done run")},
        ready=without_sample,
        refers={"run": NOBODY},
    ),
    "sample.answer": Sample("sample item", lambda world, person: {"received": True}),
    "case.assign": Sample("case", lambda world, person: {"assignee": person.user.pk}),
    "case.close": Sample("case", lambda world, person: {"finding": "已到账"}),
    "line.drop": Sample("delivery line", _reason, ready=run_is("checked")),
    "line.keep": Sample("delivery line", _note, ready=run_is("ended_notice", line="reopened")),
    "line.release": Sample("delivery line", _reason, ready=run_is("paying", line="rejected")),
    "line.retry": Sample("delivery line", ready=run_is("paying", line="rejected")),
    "line.not_received": Sample("delivery line", _said, ready=run_is("paying", line="paid")),
    "line.object": Sample(
        values=lambda world, person: {
            "run": world.key("delivery run"),
            "firm": world.key("firm"),
            "reason": "租金有误",
        },
        ready=in_notice,
        refers={"firm": NOBODY},
    ),
    "objection.uphold": Sample("objection", _answer, ready=contested),
    "objection.reject": Sample("objection", _answer, ready=contested),
}
"""Input that fits, for every act that people do."""
