"""What a name means, and where."""

from huiqi.rules.typed import AsOf, Defined, FactOf, Literal, Named, SubjectIs, plain_number
from huiqi.rules.types import BARE


def test_facts_of_the_subject_are_known_everywhere_and_of_a_record_inside_it(house):
    found = house.scope.find("employees")
    assert isinstance(found, FactOf)
    assert (found.record, found.name) == ("subject", "employees")
    assert house.scope.find("principal") is None
    inside = house.scope.within("loan").find("principal")
    assert isinstance(inside, FactOf)
    assert inside.record == "loan"


def test_a_name_of_two_records_means_the_record_in_scope(house):
    for record in ("loan", "hire"):
        found = house.scope.within(record).find("agreed")
        assert isinstance(found, FactOf)
        assert found.record == record


def test_the_words_of_the_language(house):
    assert isinstance(house.scope.find("as_of"), AsOf)
    assert isinstance(house.scope.find("yes"), Literal)
    assert isinstance(house.scope.find("self_employed"), SubjectIs)
    assert house.scope.find("nobody") is None


def test_a_definition_of_a_record_is_known_only_beside_it(house):
    house.define(
        "{id: cheap, title: 低息, sources: [{document: d, clause: 一, words: 六个字的词}], per: loan, is: rate < 0.05}"
    )
    assert house.scope.find("cheap") is None
    assert isinstance(house.scope.within("loan").find("cheap"), Defined)


def test_names_of_the_measure_come_first_and_are_offered_as_hints(house):
    scope = house.scope.with_name(Named(type=BARE, name="limit", body=plain_number(3)))
    assert isinstance(scope.find("limit"), Named)
    assert {"limit", "employees", "as_of", "enterprise"} <= set(scope.names())
    assert "principal" in set(scope.within("loan").names())
