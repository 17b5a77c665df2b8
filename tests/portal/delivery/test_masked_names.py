"""What a public notice masks, and numbers that are too large or no year."""

import pytest
from django.test import Client
from django.urls import reverse


@pytest.mark.parametrize(
    ("name", "public"),
    [("阿卜杜拉·买买提", "阿*******"), ("欧阳小明月", "欧****"), ("蒙自市虚构水果店", "蒙自市虚构水果店")],
)
def test_a_long_name_of_a_person_is_masked_and_that_of_a_shop_is_not(office, name, public):
    person = office.entitled(2)
    type(person).objects.for_site("test").filter(pk=person.pk).update(name=name, subject="self_employed")
    where = reverse("delivery-notice", kwargs={"number": office.noticed(person).pk})
    text = Client().get(where).content.decode()
    assert public in text
    assert public == name or name[1:] not in text


def test_numbers_that_no_database_holds_find_nothing(office):
    run = office.run(office.entitled(1), state="drawn", line_state="drawn")
    assert office.auditor.client.get(reverse("deliveries") + "?year=0000").status_code == 200
    where = reverse("delivery-look", kwargs={"number": run.pk})
    for digits in (30, 5000):
        answer = office.reviewer.client.post(where, {"key": f"k{digits}", "line": "9" * digits})
        assert "没有选择明细" in answer.content.decode()
