"""A small model of the ledger in memory, and trials that do the same to both: `trial(operations, seed)` on a site of its own."""

import datetime
from collections import Counter
from dataclasses import replace
from random import Random

from django.db import connection, transaction
from ledgers import DAY, GEJIU, HONGHE, MENGZI, NOW, PROVINCE, Ledger

from huiqi.portal.acts.refusals import KeyTaken, Refused
from huiqi.portal.funds.models import Account, Transfer
from huiqi.portal.funds.posting import Entry, post


class Against(Exception):
    """The model refuses."""


class Crash(Exception):
    """The program ends in the middle of a transaction."""


class Book:
    """What the ledger must do, in few words: sums by account, and an undo for every step of a call."""

    def __init__(self, limited):
        self.limited = limited
        self.made = {}
        self.resolved = set()
        self.back = Counter()
        self.posted_in, self.posted_out = Counter(), Counter()
        self.held_in, self.held_out = Counter(), Counter()

    def post(self, entries, day):
        done = []
        try:
            for each in entries:
                if each.key in self.made and self.made[each.key] != each:
                    raise Against("key")
            new = [each for each in entries if each.key not in self.made]
            for each in new:
                self.allow(each, day)
                self.do(each, 1)
                done.append(each)
                out = self.posted_out[each.debit] + self.held_out[each.debit]
                if each.debit in self.limited and out > self.posted_in[each.debit]:
                    raise Against("limit")
        except Against:
            for each in reversed(done):
                self.do(each, -1)
            raise

    def allow(self, each, day):
        if each.resolves:
            held = self.made.get(each.resolves)
            if held is None or held.stage != "pending" or each.resolves in self.resolved:
                raise Against("resolves")
            over = held.until is not None and day >= held.until
            if (each.stage == "post" and over) or (each.stage == "expire" and not over):
                raise Against("time")
            if each.amount > held.amount or (each.amount < held.amount and each.stage != "post"):
                raise Against("amount")
        if each.reverses:
            first = self.made.get(each.reverses)
            if (
                first is None
                or first.stage not in ("posted", "post")
                or (first.debit, first.credit) != (each.credit, each.debit)
                or self.back[each.reverses] + each.amount > first.amount
            ):
                raise Against("reverses")

    def do(self, each, sign):
        """Do a transfer, or undo it (-1)."""
        if sign > 0:
            self.made[each.key] = each
        if each.stage in ("posted", "post"):
            self.posted_out[each.debit] += sign * each.amount
            self.posted_in[each.credit] += sign * each.amount
        held = each.amount if each.stage == "pending" else 0
        if each.resolves:
            held = -self.made[each.resolves].amount
            (self.resolved.add if sign > 0 else self.resolved.discard)(each.resolves)
        self.held_out[each.debit] += sign * held
        self.held_in[each.credit] += sign * held
        if each.reverses:
            self.back[each.reverses] += sign * each.amount
        if sign < 0:
            del self.made[each.key]


class Trial:
    """Draws operations, does each on both, and compares."""

    def __init__(self, ledger, seed):
        self.chance = Random(seed)
        self.ledger = ledger
        limited = frozenset(number for (kind, _), number in ledger.accounts.items() if kind == "available")
        self.book = Book(limited)
        self.day = DAY
        self.count = 0
        self.outcomes = {}
        self.sent = []
        self.ways = [
            (ledger.number("budget", PROVINCE), ledger.number("available", PROVINCE), "appropriate"),
            (ledger.number("available", PROVINCE), ledger.number("available", HONGHE), "allocate"),
            *(
                (ledger.number("available", HONGHE), ledger.number("available", county), "allocate")
                for county in (MENGZI, GEJIU)
            ),
            *(
                (ledger.number("available", county), ledger.number("paid", county), "pay")
                for county in (MENGZI, GEJIU)
            ),
        ]

    def draw(self):
        """Return some entries: new ones, an earlier call again, or one that refers to an earlier one."""
        chance = self.chance
        kind = chance.random()
        if kind < 0.12 and self.sent:
            again = chance.choice(self.sent[-200:])
            if chance.random() < 0.2:
                again = [replace(again[0], amount=again[0].amount + 1), *again[1:]]
            return chance.sample(again, len(again))
        if kind < 0.42 and self.sent:
            return [self.refer()]
        entries = [self.new() for _ in range(chance.choice((1, 1, 1, 2, 5)))]
        if chance.random() < 0.2 and entries[0].stage == "pending":
            entries.insert(chance.randrange(2), self.resolve(entries[0]))
        return entries

    def key(self):
        self.count += 1
        return f"t{self.count}"

    def new(self):
        debit, credit, purpose = self.chance.choice(self.ways)
        pending = self.chance.random() < 0.35
        until = None
        if pending and self.chance.random() < 0.5:
            until = self.day + datetime.timedelta(self.chance.randrange(1, 4))
        amount = self.chance.randrange(1, 200)
        if purpose == "appropriate":
            amount *= 3
        return Entry(
            self.key(), debit, credit, amount, purpose, stage="pending" if pending else "posted", until=until
        )

    def refer(self):
        earlier = self.book.made.get(self.chance.choice(self.sent[-200:])[0].key)
        if earlier.stage == "pending":
            return self.resolve(earlier)
        amount = self.chance.randrange(1, earlier.amount + 2)
        return Entry(
            self.key(), earlier.credit, earlier.debit, amount, "recover", reverses=earlier.key, reason="错付"
        )

    def resolve(self, held):
        stage = self.chance.choice(("post", "post", "void", "expire"))
        amount = held.amount
        if stage == "post" and self.chance.random() < 0.3:
            amount = self.chance.randrange(1, held.amount + 30)
        return Entry(
            self.key(), held.debit, held.credit, amount, held.purpose, stage=stage, resolves=held.key
        )

    def step(self):
        if self.chance.random() < 0.03:
            self.day += datetime.timedelta(1)
        entries = self.draw()
        expected = ""
        try:
            self.book.post(entries, self.day)
        except Against as against:
            expected = str(against)
        if self.chance.random() < 0.1:
            self.crash(entries)
        found = ""
        try:
            post(entries, day=self.day, at=NOW)
        except KeyTaken:
            found = "key"
        except Refused as refused:
            found = refused.findings[0].code
        assert bool(expected) == bool(found), (expected, found, entries)
        assert (expected == "key") == (found == "key"), (expected, found, entries)
        if len(entries) == 1:
            # Of several transfers another one may be refused first.
            assert (expected == "limit") == (found == "not-enough"), (expected, found, entries)
        self.outcomes[expected] = self.outcomes.get(expected, 0) + 1
        if not expected:
            self.sent.append(entries)

    def crash(self, entries):
        """End in the middle: nothing of it may stay."""
        try:
            with transaction.atomic():
                post(entries, day=self.day, at=NOW)
                raise Crash
        except (Crash, Refused):
            pass

    def compare(self):
        for account in Account.objects.for_site("test"):
            book, number = self.book, account.pk
            assert (account.credits_posted, account.credits_pending) == (
                book.posted_in[number],
                book.held_in[number],
            )
            assert (account.debits_posted, account.debits_pending) == (
                book.posted_out[number],
                book.held_out[number],
            )
        assert Transfer.objects.for_site("test").count() == len(self.book.made)


def trial(operations, seed):
    """Do so many operations on both and compare; how often each end was met."""
    with connection.cursor() as cursor:
        # What a power cut does is not the question here.
        quick = "PRAGMA synchronous=OFF" if connection.vendor == "sqlite" else "SET synchronous_commit = off"
        cursor.execute(quick)
    made = Trial(Ledger(), seed)
    for number in range(operations):
        made.step()
        if number % 1_000 == 999:
            made.compare()
    made.compare()
    return made.outcomes
