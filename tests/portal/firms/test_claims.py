"""Which source's word counts, and what stays of the others."""

from hypothesis import given
from hypothesis import strategies as st

from huiqi.portal.firms.claims import counting, disagree, sources, with_claim


def claim(value, source, date, **more):
    return {"value": value, "source": source, "date": date, **more}


def test_the_most_trusted_source_counts_and_of_one_source_the_latest():
    claims = [claim("35", "firm", "2022-07-01"), claim("33", "social_insurance", "2022-05-31")]
    assert counting(claims, "social_insurance")["value"] == "33"
    assert counting(claims, "firm")["value"] == "35"
    assert disagree(claims)
    assert counting([], "tax") is None


def test_an_older_word_of_a_source_changes_nothing():
    claims = [claim("33", "tax", "2022-05-31")]
    assert with_claim(claims, claim("30", "tax", "2022-03-31")) == claims
    assert with_claim(claims, claim("36", "tax", "2022-06-30")) == [claim("36", "tax", "2022-06-30")]


def test_what_the_office_settled_holds_until_a_source_says_something_later():
    claims = [claim("33", "tax", "2022-05-31"), claim("35", "office", "2022-08-01", settled=True)]
    assert counting(claims, "tax")["value"] == "35"
    later = with_claim(claims, claim("36", "tax", "2022-08-31"))
    assert counting(later, "tax")["value"] == "36"


@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.sampled_from(sorted(sources())), st.dates()).map(
            lambda each: claim(str(each[0]), each[1], each[2].isoformat())
        )
    )
)
def test_the_order_in_which_claims_come_does_not_matter_but_for_equal_days(claims):
    forward: list = []
    for each in claims:
        forward = with_claim(forward, each)
    latest = {
        each["source"]: max(c["date"] for c in claims if c["source"] == each["source"]) for each in claims
    }
    assert {each["source"]: each["date"] for each in forward} == latest
