"""Programs send official texts as pages take them: checked alike, handed in by an act, read by a job."""

import pytest
from api_callers import caller, code_of_answer
from offices import run_jobs

from huiqi.portal.documents.models import OfficialText

pytestmark = pytest.mark.django_db
TEXT = "关于支持企业发展的通知\n\n各县市人民政府：\n\n一、对小微企业给予一次性补助5万元。\n".encode()


def sent(program, name, content):
    return program.client.post(
        f"/api/documents/files?name={name}",
        content,
        content_type="application/octet-stream",
        headers=program.headers,
    )


def test_a_text_is_sent_handed_in_and_read(group):
    program = caller(group)
    answer = sent(program, "通知.txt", TEXT)
    assert answer.status_code == 200, answer.content
    handed = program.post("acts/document.add", {"shared": True, **answer.json()})
    assert handed.status_code == 200, handed.content
    run_jobs()
    (row,) = program.get("documents").json()["rows"]
    assert (str(row["number"]), row["state"]) == (handed.json()["subject"], "held")
    assert OfficialText.objects.for_site("test").get().file_name == "通知.txt"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("notice.docx", TEXT, "document-lies"),
        ("notice.exe", TEXT, "document-ending"),
        ("notice.pdf", b"%PD", "document-lies"),
    ],
)
def test_a_file_is_held_to_what_the_page_holds_it_to(group, name, content, code):
    assert code_of_answer(sent(caller(group), name, content)) == (422, code)


def test_another_officers_ticket_hands_nothing_in(group, county):
    ticket = sent(caller(group), "通知.txt", TEXT).json()
    assert code_of_answer(caller(county).post("acts/document.add", ticket)) == (422, "document-missing")


def test_whoever_may_not_hand_texts_in_sends_none(appointed):
    assert code_of_answer(sent(caller(appointed("auditor", "auditor")), "通知.txt", TEXT)) == (
        404,
        "not-found",
    )
