"""An office that pays: money to pay out of, finance people, orders and batches, in the shortest words."""

from django.test import Client
from ledgers import GEJIU, MENGZI, PROVINCE, Ledger
from offices import NOW, TODAY, Office, run_jobs

from huiqi.portal.accounts.capacities import site_actor
from huiqi.portal.accounts.models import Agency, Appointment, User
from huiqi.portal.acts.actors import Capacity
from huiqi.portal.acts.registry import Doing
from huiqi.portal.funds.models import Transfer
from huiqi.portal.funds.posting import Entry, post
from huiqi.portal.payments.batches import open_batch
from huiqi.portal.payments.models import BankStatement, Payment, PaymentBatch, StatementLine
from huiqi.portal.payments.orders import Order
from huiqi.portal.payments.statement_files import keep
from huiqi.reference.money import format_yuan

BANK = "虚构农村商业银行蒙自支行"


def order(number: int, amount: int = 100, **more) -> Order:
    """The order of line `number` of a test's own domain."""
    given = {
        "key": f"test:{number}",
        "firm": None,
        "measure": "rent-waiver",
        "amount": amount,
        "name": f"虚构企业{number}",
        "account": account_of(number),
        "bank": BANK,
    }
    return Order(**{**given, **more})


def account_of(number: int) -> str:
    return f"6222021{number:012}"


class Treasury(Ledger):
    """The county has money of one programme; two finance people, an approver and an auditor work there."""

    def __init__(self, money: int = 100_000):
        super().__init__()
        self.people = {}
        for region, name in ((MENGZI, "蒙自市财政局"), (GEJIU, "个旧市财政局")):
            Agency.objects.create(code=f"{region}-finance", name=name, region=region)
        for name, role, region in (
            ("holder", "finance", MENGZI),
            ("sender", "finance", MENGZI),
            ("third", "finance", MENGZI),
            ("approver", "approver", MENGZI),
            ("auditor", "auditor", MENGZI),
            ("neighbour", "finance", GEJIU),
        ):
            self.appoint(name, role, region)
        self.give(money)

    def appoint(self, name, role, region):
        user = User.objects.create_user(name, password="a long password", name=name)
        Appointment.objects.create(user=user, agency_id=f"{region}-finance", role=role, begins=TODAY)
        client = Client()
        client.force_login(user)
        self.people[name] = Office(user, client)

    def __getattr__(self, name):
        people = self.__dict__.get("people", {})
        if name in people:
            return people[name]
        raise AttributeError(name)

    def give(self, money, region=MENGZI):
        number = Transfer.objects.for_site("test").count()
        post(
            [
                Entry(
                    f"budget-{number}",
                    self.number("budget", PROVINCE),
                    self.number("available", PROVINCE),
                    money,
                    "appropriate",
                ),
                Entry(
                    f"down-{number}",
                    self.number("available", PROVINCE),
                    self.number("available", region),
                    money,
                    "allocate",
                ),
            ],
            day=TODAY,
            at=NOW,
        )

    def doing(self, act="run.pay"):
        capacity = Capacity("finance", "", frozenset(), frozenset(), agency=f"{MENGZI}-finance", areas=("",))
        return Doing(act, site_actor("test"), capacity, NOW, TODAY)

    def drafted(self, *orders, region=MENGZI) -> PaymentBatch:
        return open_batch(
            self.doing(),
            programme=self.programme,
            region=region,
            year=2022,
            direct=True,
            orders=orders,
            title="房租减免补助",
        )

    def held(self, *orders) -> PaymentBatch:
        batch = self.drafted(*orders)
        self.holder.do("payment.hold", batch.pk)
        run_jobs()
        batch.refresh_from_db()
        assert batch.state == "held"
        return batch

    def sent(self, *orders) -> PaymentBatch:
        batch = self.held(*orders)
        self.sender.do("payment.send", batch.pk)
        batch.refresh_from_db()
        return batch

    def hand_in(self, content, name="回单.csv", by="holder", **declared) -> BankStatement:
        """Hand in a statement, and let it be read."""
        person = self.people[by]
        ticket = keep(name, [content if isinstance(content, bytes) else content.encode()], person.actor)
        key = f"hand-in-{BankStatement.objects.for_site('test').count()}"
        statement = person.do("statement.hand_in", None, {**declared, "ticket": ticket}, key=key)
        run_jobs()
        statement.refresh_from_db()
        return statement

    def take(self, content, name="回单.csv", **declared) -> BankStatement:
        """Hand in a statement and take it."""
        statement = self.hand_in(content, name, **declared)
        assert statement.state == "previewed", statement.findings
        self.holder.do("statement.take", statement.pk)
        run_jobs()
        statement.refresh_from_db()
        assert statement.state == "taken"
        return statement

    def answered(self, *answers, **declared) -> BankStatement:
        """Take the bank's answer: for each payment (amount, result)."""
        content, controls = answer_file(*answers)
        return self.take(content, **{**controls, **declared})


def answer_file(*answers, headings="交易日期,业务编号,收款账号,金额,处理结果,失败原因"):
    """The bank's answer to a file of ours, as CSV, and its control totals: (payment, result[, account[, fen]])."""
    rows, total = [headings], 0
    for payment, result, *more in answers:
        account = more[0] if more else account_of(int(payment.key.partition(":")[2]))
        fen = more[1] if len(more) > 1 else payment.amount
        total += fen
        why = "户名不符" if result == "失败" else ""
        rows.append(f"2022-08-01,{payment.reference},{account},{format_yuan(fen)},{result},{why}")
    return "\n".join(rows), {"count": len(answers), "total": format_yuan(total)}


def payments(batch: PaymentBatch) -> list[Payment]:
    return list(Payment.objects.for_site("test").filter(batch=batch).order_by("number"))


def lines(statement: BankStatement) -> list[StatementLine]:
    return list(StatementLine.objects.for_site("test").filter(statement=statement).order_by("number"))
