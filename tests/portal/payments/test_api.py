"""A program of finance hands in what the bank answered, as the page does; nobody else's ticket or office will do."""

import pytest
from api_callers import caller, code_of_answer
from offices import run_jobs
from paying_office import answer_file, order, payments

from huiqi.portal.payments.models import BankStatement
from huiqi.portal.payments.statement_files import MOST_BYTES

pytestmark = pytest.mark.django_db


def sent(program, name, content):
    return program.client.post(
        f"/api/statements/files?name={name}",
        content,
        content_type="application/octet-stream",
        headers=program.headers,
    )


def test_a_program_hands_a_banks_answer_in_and_takes_it(treasury):
    batch = treasury.sent(order(1), order(2))
    content, controls = answer_file(*((each, "成功") for each in payments(batch)))
    program = caller(treasury.people["holder"])
    ticket = sent(program, "answer.csv", content.encode())
    assert ticket.status_code == 200, ticket.content
    handed = program.post("acts/statement.hand_in", {**controls, **ticket.json()})
    assert handed.status_code == 200, handed.content
    run_jobs()
    statement = BankStatement.objects.for_site("test").get(pk=handed.json()["subject"])
    assert (statement.state, statement.lines_count) == ("previewed", 2)
    assert program.post(f"acts/statement.take/{statement.pk}", {}, key="k2").status_code == 200
    run_jobs()
    assert {each.state for each in payments(batch)} == {"paid"}


@pytest.mark.parametrize(
    ("name", "content", "status", "code"),
    [
        ("answer.exe", b"a,b", 422, "statement-ending"),
        ("answer.csv", b"", 422, "empty-file"),
        ("answer.csv", b"x" * (MOST_BYTES + 1), 422, "file-too-large"),
        ("", b"a,b", 400, "bad-value"),
    ],
)
def test_a_file_is_held_to_what_the_page_holds_it_to(treasury, name, content, status, code):
    assert code_of_answer(sent(caller(treasury.people["holder"]), name, content)) == (status, code)


def test_a_ticket_is_worth_something_to_its_sender_only(treasury):
    batch = treasury.sent(order(1))
    content, controls = answer_file((payments(batch)[0], "成功"))
    ticket = sent(caller(treasury.people["holder"]), "answer.csv", content.encode()).json()
    other = caller(treasury.people["third"])
    assert code_of_answer(other.post("acts/statement.hand_in", {**controls, **ticket})) == (422, "no-upload")
    auditor = sent(caller(treasury.people["auditor"]), "answer.csv", content.encode())
    assert auditor.status_code == 404
