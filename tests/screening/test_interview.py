"""The interview: few questions, none twice, none in vain, and the same answer as if everything had been told."""

import datetime
import random
import statistics

import pytest

from huiqi.policies.library import PolicyLibrary, load_library
from huiqi.policies.shipped import shipped_policies
from huiqi.rules.positions import read_text
from huiqi.rules.situation import Situation, Value
from huiqi.screening.answer import Answerer
from huiqi.screening.assess import Assessment, assess
from huiqi.screening.branch_firms import BranchFirms, known_to
from huiqi.screening.interview import OTHERS, REGISTERS, Answer, Interview, Interviewer, Question
from huiqi.screening.interview_answer import InterviewAnswerer
from huiqi.screening.open_facts import RECORDS, Place
from huiqi.screening.population.region import RegionPopulation
from huiqi.screening.situations import situations_of

DAY = datetime.date(2022, 8, 15)
KINDS = (*["enterprise"] * 6, *["self_employed"] * 2, "person", "institution")
FIRMS = 80
POPULATION = 240


@pytest.fixture(scope="module")
def library() -> PolicyLibrary:
    return load_library(shipped_policies())


@pytest.fixture(scope="module")
def interviewer(library: PolicyLibrary) -> Interviewer:
    return Interviewer(library)


def firm(library: PolicyLibrary, text: str) -> Situation:
    return library.cases.read(read_text(text, "firm"), DAY)


def told(library: PolicyLibrary, whole: Situation, place: Place) -> Answer | None:
    """What a firm of which everything is known answers; of a new record it tells what the registers know too."""
    if place.record == RECORDS:
        only = known_to(library, whole, (*REGISTERS, *OTHERS))
        names = {
            name for name, fact in library.facts.records[place.name].facts.items() if fact.known_by in OTHERS
        }
        return tuple(
            {
                key: value
                for key, value in row.items()
                if (key if isinstance(key, str) else key[0]) not in names
            }
            for row in only.records[place.name]
        )
    if place.record == "list":
        return whole.lists[place.name]
    row = whole.subject if place.record == "subject" else whole.records[place.record][place.index]
    return row.get(place.key)


def talk(library: PolicyLibrary, interview: Interview, whole: Situation) -> list[Question]:
    asked = []
    while (question := interview.next()) is not None:
        asked.append(question)
        assert len(asked) < 1000, "an interview ends"
        answer = told(library, whole, question.place)
        if answer is None:
            interview.decline(question.place)
        else:
            interview.answer(question.place, answer)
    return asked


def money(assessment: Assessment) -> dict[str, tuple[str, int | None, int | None]]:
    return {
        each.measure.id: (
            each.judgement.verdict,
            each.judgement.amount,
            each.judgement.amount_if_declared,
        )
        for each in assessment.measures
    }


@pytest.fixture(scope="module")
def talks(
    library: PolicyLibrary, interviewer: Interviewer
) -> list[tuple[Situation, Interview, list[Question], int]]:
    """Interviews with firms of every branch, begun from what the registers know."""
    chance = random.Random(20220815)
    firms = BranchFirms(library, interviewer.values)
    held = []
    for n in range(FIRMS):
        whole = firms.draw(chance, DAY, KINDS[n % len(KINDS)], "532500" if n % 3 else "140200")
        start = known_to(library, whole, REGISTERS)
        start.lists = dict(whole.lists)
        interview = interviewer.begin(start, OTHERS)
        asked = talk(library, interview, whole)
        readable = len(interviewer.begin(whole, OTHERS).readable())
        held.append((whole, interview, asked, readable))
    return held


@pytest.fixture(scope="module")
def honghe(
    library: PolicyLibrary, interviewer: Interviewer
) -> list[tuple[Situation, Interview, list[Question], int]]:
    """Interviews with the synthetic population of Honghe, each firm knowing all about itself."""
    chance = random.Random(20220815)
    firms = BranchFirms(library, interviewer.values)
    block = RegionPopulation(library, "532500", POPULATION, 7, DAY).block(0)
    held = []
    for firm in situations_of(block, library, DAY):
        whole = firms.completed(firm, chance)
        start = known_to(library, whole, REGISTERS)
        start.lists = dict(whole.lists)
        interview = interviewer.begin(start, OTHERS)
        asked = talk(library, interview, whole)
        held.append((whole, interview, asked, len(interviewer.begin(whole, OTHERS).readable())))
    return held


def test_every_measure_is_settled_as_far_as_a_firm_can(
    library: PolicyLibrary,
    talks: list[tuple[Situation, Interview, list[Question], int]],
    honghe: list[tuple[Situation, Interview, list[Question], int]],
) -> None:
    for _, interview, _, _ in [*talks, *honghe]:
        assert interview.open() == []
        for each in assess(library, interview.situation).measures:
            judgement = each.judgement
            left = {result.condition.discretion for result in judgement.results if result.result is None}
            assert judgement.verdict != "undetermined" or left == {True}, each.measure.id
            if judgement.verdict == "eligible" and each.measure.amount is not None:
                assert judgement.amount is not None, each.measure.id


def test_the_answer_is_that_of_a_firm_that_tells_everything(
    library: PolicyLibrary,
    talks: list[tuple[Situation, Interview, list[Question], int]],
    honghe: list[tuple[Situation, Interview, list[Question], int]],
) -> None:
    compared = 0
    for whole, interview, _, _ in [*talks, *honghe]:
        short, full = money(assess(library, interview.situation)), money(assess(library, whole))
        assert short.keys() == full.keys()
        for name, found in short.items():
            if found[0] == "likely":
                assert full[name][0] in ("likely", "eligible", "ineligible")
            else:
                assert found == full[name], name
                compared += 1
    assert compared > (FIRMS + POPULATION) * 20


def test_of_a_population_at_most_a_third_of_the_facts_is_asked(
    honghe: list[tuple[Situation, Interview, list[Question], int]],
) -> None:
    shares = [len(asked) / readable for _, _, asked, readable in honghe]
    assert statistics.median(shares) <= 1 / 3


def test_even_where_every_branch_is_met_most_facts_are_not_asked(
    talks: list[tuple[Situation, Interview, list[Question], int]],
) -> None:
    shares = [len(asked) / readable for _, _, asked, readable in talks]
    assert statistics.median(shares) <= 2 / 5


def test_nothing_is_asked_twice_and_nothing_that_a_register_knows(
    talks: list[tuple[Situation, Interview, list[Question], int]],
) -> None:
    for _, _, asked, _ in talks:
        places = [each.place for each in asked]
        assert len(places) == len(set(places))
        assert {each.known_by for each in asked} <= set(OTHERS)


def test_no_question_is_in_vain(library: PolicyLibrary, interviewer: Interviewer) -> None:
    """For each question there are facts of the rest under which two answers give two results."""
    chance = random.Random(7)
    firms = BranchFirms(library, interviewer.values)
    checked = 0
    for n in range(8):
        whole = firms.draw(chance, DAY, KINDS[n])
        interview = interviewer.begin(known_to(library, whole, REGISTERS), OTHERS)
        while (question := interview.next()) is not None:
            if question.place.index < 0 and question.place.record == "subject":
                assert _matters(library, interviewer, firms, interview, question, chance), question.place
                checked += 1
            answer = told(library, whole, question.place)
            assert answer is not None
            interview.answer(question.place, answer)
    assert checked > 50


def _matters(
    library: PolicyLibrary,
    interviewer: Interviewer,
    firms: BranchFirms,
    interview: Interview,
    question: Question,
    chance: random.Random,
) -> bool:
    s = interview.situation
    values: list[Value] = [value for value, _ in interviewer.values.at(question.place, s)]
    if len(values) == 1 and isinstance(values[0], int):
        # A figure that the rule holds within two limits moves nothing while it stays beyond one of them.
        values += [values[0] + 100, 0]
    for _ in range(400):
        rest = firms.draw(chance, DAY, s.kind)
        records = {**rest.records, **s.records}
        results = set()
        for value in values:
            subject = {**rest.subject, **s.subject, question.place.key: value, question.place.name: value}
            tried = Situation(s.as_of, s.kind, subject, records, {**rest.lists, **s.lists})
            judged = [library.judge.judge(each.measure, tried) for each in question.decides]
            results.add(tuple((each.verdict, each.amount) for each in judged))
            tried.memo.clear()
        if len(results) > 1:
            return True
    return False


def test_what_is_said_to_settle_a_measure_settles_it_for_all_of_many_records(
    library: PolicyLibrary, interviewer: Interviewer
) -> None:
    """Only the first open records are looked at, yet what a question claims holds over all of them."""
    chance = random.Random(11)
    firms = BranchFirms(library, interviewer.values)
    claimed = kept_open = 0
    for n in range(6):
        whole = firms.draw(chance, DAY, KINDS[n])
        rows = {name: tuple({} for _ in range(30)) for name in whole.records}
        whole.records = firms.completed(Situation(DAY, whole.kind, whole.subject, rows), chance).records
        interview = interviewer.begin(known_to(library, whole, REGISTERS), OTHERS)
        while (question := interview.next()) is not None and interview.asked < 25:
            if question.place.record != RECORDS:
                for each in question.decides:
                    settled = len(each.settled_by)
                    for value in each.settled_by[:2]:
                        interview.answer(question.place, value)
                        assert each.measure not in interview.open(), (each.measure.id, question.place, value)
                        interview.undo()
                        claimed += 1
                    kept_open += not settled
            answer = told(library, whole, question.place)
            assert answer is not None
            interview.answer(question.place, answer)
            waiting = {each.id for each in interview.open()}
            assert all(interview.waits_for(each) for each in interview.open())
            fresh = interviewer.begin(interview.situation, OTHERS)
            assert waiting == {each.id for each in fresh.open()}
    assert claimed > 100
    assert kept_open > 50


def test_a_list_of_thousands_is_asked_from_its_top(library: PolicyLibrary, interviewer: Interviewer) -> None:
    hires = tuple({"person_id": f"hire-{n}"} for n in range(5_000))
    interview = interviewer.begin(
        Situation(DAY, "enterprise", {"region": "532503"}, {"hire": hires}), ["firm"]
    )
    asked = [each.place for each in _some_declined(interview, 60) if each.place.record == "hire"]
    assert asked
    assert {each.index for each in asked} <= set(range(len(asked)))
    item = next(each for each in interview.open() if each.per == "hire")
    assert max(place.index for place in interview.waits_for(item)) == len(hires) - 1


def test_the_region_comes_first_for_every_measure_hinges_on_it(
    library: PolicyLibrary, interviewer: Interviewer
) -> None:
    interview = interviewer.begin(firm(library, "enterprise: {employees: 5}"))
    question = interview.next()
    assert question is not None
    assert question.place == Place("subject", "region")
    interview.answer(question.place, "532503")
    assert interview.next().place != question.place  # type: ignore[union-attr]
    interview.undo()
    interview.decline(question.place)
    following = interview.next()
    assert following is not None
    assert following.place.name != "region"


def test_none_of_a_list_settles_all_that_is_judged_on_it(
    library: PolicyLibrary, interviewer: Interviewer
) -> None:
    text = "self_employed: {region: 532503, industry: H6210, lists: {risk-county-2022: no}}"
    interview = interviewer.begin(firm(library, text))
    lease = Place(RECORDS, "lease")
    waiting = [each.id for each in interview.open() if lease in interview.waits_for(each)]
    assert "rent-waiver" in waiting
    interview.answer(lease, ())
    assert not {each.id for each in interview.open()} & set(waiting)
    interview.undo()
    assert [each.id for each in interview.open() if lease in interview.waits_for(each)] == waiting


def test_undo_brings_back_the_state_before(library: PolicyLibrary, interviewer: Interviewer) -> None:
    chance = random.Random(3)
    whole = BranchFirms(library, interviewer.values).draw(chance, DAY)
    interview = interviewer.begin(known_to(library, whole, REGISTERS), OTHERS)
    before = [money(assess(library, interview.situation))]
    questions = []
    for _ in range(8):
        question = interview.next()
        assert question is not None
        questions.append(question.place)
        answer = told(library, whole, question.place)
        assert answer is not None
        interview.answer(question.place, answer)
        before.append(money(assess(library, interview.situation)))
    for place in reversed(questions):
        before.pop()
        assert interview.undo() == place
        interview.situation.memo.clear()
        assert money(assess(library, interview.situation)) == before[-1]
        again = interview.next()
        assert again is not None
        assert again.place == place
    assert interview.undo() is None


def test_what_the_firm_does_not_know_is_not_asked_again(
    library: PolicyLibrary, interviewer: Interviewer
) -> None:
    interview = interviewer.begin(firm(library, "enterprise: {region: 532503, industry: C3250}"))
    seen = set()
    while (question := interview.next()) is not None:
        assert question.place not in seen
        seen.add(question.place)
        interview.decline(question.place)
    assert len(seen) > 20


def test_a_fact_that_offices_alone_decide_is_open_and_not_asked(
    library: PolicyLibrary, interviewer: Interviewer
) -> None:
    text = "self_employed: {region: 532503, hit_by_epidemic: yes, loans: [{extended_amount: 100, extended_to: 2022-12-01}]}"
    interview = interviewer.begin(firm(library, text), OTHERS)
    assert all(question.place.name != "extension_agreed" for question in _all_declined(interview))
    answer = InterviewAnswerer(Answerer(library)).answer(interview)
    entry = next(each for each in answer["open"] if each["id"] == "loan-extension")
    assert entry["verdict"] == "likely"
    assert entry["decided_by"][0]["condition"] == "银行同意延期还本付息"


def _all_declined(interview: Interview) -> list[Question]:
    return _some_declined(interview, 1000)


def _some_declined(interview: Interview, most: int) -> list[Question]:
    asked: list[Question] = []
    while len(asked) < most and (question := interview.next()) is not None:
        asked.append(question)
        interview.decline(question.place)
    return asked


def test_the_answer_names_question_reason_and_what_it_decides(
    library: PolicyLibrary, interviewer: Interviewer
) -> None:
    text = "self_employed: {region: 532503, industry: H6210, lists: {risk-county-2022: no}, leases: [{monthly_rent: 5000, months_leased: 12}]}"
    interview = interviewer.begin(firm(library, text), ["firm"])
    found = None
    answerer = InterviewAnswerer(Answerer(library))
    while found is None:
        question = interview.next()
        assert question is not None
        if question.place == Place("lease", "landlord", "", 0):
            found = answerer.answer(interview)["next"]
        else:
            interview.decline(question.place)
    assert found["record"] == "lease"
    assert found["index"] == 0
    assert found["question"] == "租约第1项：房屋的出租方是谁？"
    assert {"id", "title", "amount_is", "amount", "settled_by"} == set(found["decides"][0])
    waiver = next(each for each in found["decides"] if each["id"] == "rent-waiver")
    assert waiver["amount"] == "15000.00"
    assert "15,000.00元" in found["why"]
    assert "其他" in waiver["settled_by"]


def test_a_finished_interview_has_no_next(library: PolicyLibrary, interviewer: Interviewer) -> None:
    interview = interviewer.begin(firm(library, "enterprise: {region: 532503}"), [])
    answer = InterviewAnswerer(Answerer(library), "en").answer(interview)
    assert answer["next"] is None
    assert answer["open"]


def test_the_firm_given_is_left_as_it_was(library: PolicyLibrary, interviewer: Interviewer) -> None:
    situation = firm(library, "enterprise: {region: 532503, leases: [{monthly_rent: 100}]}")
    interview = interviewer.begin(situation)
    interview.answer(Place("lease", "landlord", "", 0), "government")
    interview.answer(Place("subject", "revenue", "2021"), 5)
    assert situation.records["lease"] == ({"monthly_rent": 10000},)
    assert "revenue" not in situation.subject
    assert interview.situation.subject["revenue"] == 5, "the last year's value is the plain one too"
