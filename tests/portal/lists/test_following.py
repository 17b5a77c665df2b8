"""An entry is where its firm is and is found by its name; both follow the firm, whoever changes it and however."""

import pytest
from django.db import IntegrityError, connection, transaction
from offices import GEJIU, MENGZI
from own_sites import new_site
from races import BEGIN

from huiqi.portal.firms.models import Firm
from huiqi.portal.lists.models import Entry
from huiqi.portal.lists.queries import entry_filters
from huiqi.reference.bigrams import bigrams

pytestmark = pytest.mark.django_db
RISK = "risk-county-2022"
BEFORE = (
    BEGIN
    + """
from django.core.management import call_command
from huiqi.portal.lists.models import Entry, KeptList

firm = Firm.objects.create(credit_code=code(1), name="虚构企业", region="532503", updated_at=NOW)
said = {"begins": TODAY, "at": NOW, "ground": "nomination", "reason": "符合条件", "rule_digest": "0" * 64}
for kind, whom in (("specialised-smes", {"firm": firm}), ("risk-county-2022", {"county": "532503"})):
    kept = KeptList.objects.create(kind=kind, region="530000", agency="province", opened=TODAY)
    Entry.objects.create(kept=kept, region="532503", **whom, **said)
Firm.objects.for_site("it moves").update(region="532501")
call_command("migrate", "lists", "0001", verbosity=0)
call_command("migrate", verbosity=0)
print(json.dumps(list(Entry.objects.for_site("test").order_by("pk").values_list("region", flat=True))))
"""
)


def regions():
    return list(Entry.objects.for_site("test").order_by("pk").values_list("region", flat=True))


def test_an_entry_is_where_its_firm_or_county_is(kept, firm, on_list):
    on_list(kept("specialised-smes"), firm(1, MENGZI))
    on_list(kept(RISK), MENGZI, "2022-02-16", last_day="2022-03-05")
    assert regions() == [MENGZI, MENGZI]


@pytest.mark.parametrize("by", ["the register", "sql"])
def test_entries_move_with_their_firm_and_no_others(kept, firm, on_list, by):
    moving, staying = firm(1, MENGZI), firm(2, MENGZI)
    for each in (moving, staying):
        on_list(kept("specialised-smes"), each)
    if by == "sql":
        with connection.cursor() as cursor:
            cursor.execute("UPDATE firms_firm SET region = %s WHERE id = %s", [GEJIU, moving.pk])
    else:
        moving.region = GEJIU
        Firm.objects.for_site("test").bulk_update([moving], ["region"])
    assert regions() == [GEJIU, MENGZI]


def found(text, kept):
    rows = Entry.objects.for_site("test").filter(kept=kept)
    return [each.name for each in entry_filters({"q": text}).on(rows)]


def test_an_entry_is_found_by_words_of_the_name_and_the_beginning_of_the_code(kept, firm, on_list):
    titles = kept("specialised-smes")
    one = on_list(titles, firm(1, MENGZI)).firm
    name, code = one.name, one.credit_code
    for text in (name, name[:2], name[1:3], code, code.lower(), code[:12]):
        assert found(text, titles) == [name], text
    for text in (code[3:], "无此名称", "%", "' OR"):
        assert found(text, titles) == [], text


def test_a_firm_that_changes_its_name_is_found_by_the_new_one(kept, firm, on_list):
    titles = kept("specialised-smes")
    one = on_list(titles, firm(1, MENGZI)).firm
    one.name, one.bigrams = "改名后的企业", bigrams("改名后的企业")
    Firm.objects.for_site("test").bulk_update([one], ["name", "bigrams"])
    assert found("改名", titles) == ["改名后的企业"]


def test_a_county_on_a_list_is_where_it_is(kept, on_list):
    on_list(kept(RISK), MENGZI, "2022-02-16", last_day="2022-03-05")
    with pytest.raises(IntegrityError, match="entry_of_its_county"), transaction.atomic():
        Entry.objects.for_site("test").update(region=GEJIU)


def test_entries_from_before_are_given_their_regions(tmp_path):
    assert new_site(tmp_path).python(BEFORE) == [GEJIU, MENGZI]
