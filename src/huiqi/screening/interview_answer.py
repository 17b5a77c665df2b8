"""An interview as JSON (DESIGN section 6): the next question, why it is asked, what it decides, what is open."""

from __future__ import annotations

from typing import Any

from huiqi.reference.money import format_yuan, format_yuan_grouped
from huiqi.rules.facts import KNOWN_BY, SUBJECT
from huiqi.rules.judge import Judgement
from huiqi.rules.reasons import LISTS
from huiqi.rules.situation import Value
from huiqi.rules.types import Kind
from huiqi.rules.verdicts import ELIGIBLE, LIKELY, UNDETERMINED
from huiqi.screening.answer import Answerer
from huiqi.screening.assess import Assessment, assess
from huiqi.screening.interview import Interview, Question, Settling
from huiqi.screening.open_facts import RECORDS, Place

_MOST_TITLES = 3
_COUNTED = ("paid", "saved")


class InterviewAnswerer:
    """Turns an interview into JSON and its questions into Chinese or English."""

    def __init__(self, answerer: Answerer, language: str = "zh") -> None:
        self.answerer = answerer
        self.library = answerer.library
        self.zh = language == "zh"

    def answer(self, interview: Interview) -> dict[str, Any]:
        """Return the next question (None where there is none left), what stays open, and the totals so far."""
        question = interview.next()
        assessment = assess(self.library, interview.situation)
        readable = interview.readable()
        return {
            "next": self.question(question) if question is not None else None,
            "open": self.open(interview, assessment),
            "settled": sum(1 for each in assessment.measures if _settled(each.judgement)),
            "asked": interview.asked,
            "facts_that_could_be_asked": len(readable),
            "as_of": interview.situation.as_of.isoformat(),
            "total_certain": format_yuan(assessment.total_certain),
            "total_if_declared": format_yuan(assessment.total_if_declared),
            "total_deferred": format_yuan(assessment.total_deferred),
        }

    def question(self, question: Question) -> dict[str, Any]:
        """Return one question."""
        place, fact = question.place, question.fact
        record, name = place.record, place.name
        type_name = "yes_no" if record == LISTS else "records"
        if record == RECORDS and question.record is not None:
            record, name = SUBJECT, question.record.list_name
        made: dict[str, Any] = {"record": record, "name": name}
        if place.period:
            made["period"] = place.period
        if place.index >= 0:
            made["index"] = place.index
        made |= {
            "question": self.words(question),
            "why": self.why(question),
            "decides": [self._settling(each, question) for each in question.decides],
            "type": fact.type_name if fact is not None else type_name,
            "known_by": question.known_by,
            "burden": question.burden,
        }
        if fact is not None:
            made["about"] = fact.about or None
            if fact.type.kind is Kind.CHOICE:
                made["choices"] = dict(fact.type.choices)
        return made

    def words(self, question: Question) -> str:
        """Return the question as it is put to the firm."""
        place, fact = question.place, question.fact
        if place.record == LISTS:
            listed = self.library.lists[place.name]
            if not self.zh:
                return f"Is the {listed.of} on the list: {listed.english or listed.title}?"
            whose = "所在县（市、区）" if listed.of == "region" else ""
            return f"{whose}是否列入“{listed.title}”？"
        if fact is None:
            assert question.record is not None
            if not self.zh:
                return f"How many {question.record.english} records are there? 0 for none."
            return f"有没有“{question.record.label}”？没有填0，有的填有几笔（人、项）。"
        text = fact.question or f"{fact.label}：{'是否？' if fact.type.kind is Kind.TRUTH else '请填写。'}"
        if not self.zh:
            text = f"{fact.english or fact.name}?"
        if place.period:
            text = f"{place.period}{'年：' if self.zh and len(place.period) == 4 else ': '}{text}"
        if place.index >= 0 and question.record is not None:
            number = place.index + 1
            label = question.record.label if self.zh else question.record.english
            text = f"{label}第{number}项：{text}" if self.zh else f"{label} {number}: {text}"
        return text

    def why(self, question: Question) -> str:
        """Return in one sentence what hangs on the answer."""
        measures = [each.measure for each in question.decides]
        titles = [each.title if self.zh else each.english or each.title for each in measures]
        titles = list(dict.fromkeys(titles))
        money = sum(each.amount or 0 for each in question.decides if each.measure.amount_is in _COUNTED)
        count, best = question.settles_at_best
        shown = self.shown(best, question)
        if not self.zh:
            parts = [f"{len(titles)} measures wait for it: {', '.join(titles[:_MOST_TITLES])}"]
            parts += [f"{format_yuan_grouped(money)} yuan depend on it"] if money else []
            parts += [f'the answer "{shown}" alone settles {count} of them'] if count and shown else []
            return "; ".join(parts)
        more = "等" if len(titles) > _MOST_TITLES else ""
        names = "、".join(f"“{each}”" for each in titles[:_MOST_TITLES])
        parts = [f"{names}{more}{len(titles)}项政策措施要看这一点"]
        parts += [f"涉及{format_yuan_grouped(money)}元"] if money else []
        if count and shown:
            parts.append(f"若答“{shown}”，即可确定其中{count}项")
        elif count:
            parts.append(f"答后即可确定其中{count}项")
        return "，".join(parts)

    def shown(self, value: Value | bool | None, question: Question) -> str:
        """Return an answer in words; empty for figures and days, of which a question tries only some."""
        if question.place.record == RECORDS:
            return ("有" if value else "没有") if self.zh else ("some" if value else "none")
        if isinstance(value, bool):
            return ("是" if value else "否") if self.zh else ("yes" if value else "no")
        if question.fact is not None and question.fact.type.kind is Kind.CHOICE and isinstance(value, str):
            return dict(question.fact.type.choices).get(value, value) if self.zh else value
        return ""

    def _settling(self, settling: Settling, question: Question) -> dict[str, Any]:
        measure = settling.measure
        shown = [self.shown(each, question) for each in settling.settled_by]
        return {
            "id": measure.id,
            "title": measure.title,
            "amount_is": measure.amount_is,
            "amount": format_yuan(settling.amount) if settling.amount is not None else None,
            "settled_by": [each for each in shown if each],
        }

    def open(self, interview: Interview, assessment: Assessment) -> list[dict[str, Any]]:
        """Return the measures that are not settled: what they wait for, and who decides or knows it."""
        waiting = {each.id: interview.waits_for(each) for each in interview.open()}
        entries: list[dict[str, Any]] = []
        for each in assessment.measures:
            judgement = each.judgement
            if _settled(judgement):
                continue
            measure = judgement.measure
            places = waiting.get(measure.id, frozenset())
            entry: dict[str, Any] = {
                "id": measure.id,
                "title": measure.title,
                "verdict": judgement.verdict,
                "missing": [self._place(place, interview) for place in sorted(places)],
            }
            if not places and judgement.missing and judgement.verdict == UNDETERMINED:
                entry["missing"] = [
                    {"record": need.record, "name": need.name} for need in sorted(judgement.missing)
                ]
            decided = self._decided_by(judgement)
            if decided:
                entry["decided_by"] = decided
            entries.append(entry)
        return entries

    def _place(self, place: Place, interview: Interview) -> dict[str, Any]:
        record, name = place.record, place.name
        if record == RECORDS:
            record, name = SUBJECT, self.library.facts.records[place.name].list_name
        made: dict[str, Any] = {"record": record, "name": name}
        if place.period:
            made["period"] = place.period
        if place.index >= 0:
            made["index"] = place.index
        known_by = interview.known_by(place)
        return {**made, "known_by": known_by, "to_ask": interview.askable(place)}

    def _decided_by(self, judgement: Judgement) -> list[dict[str, Any]]:
        """Return the conditions left to an office or a third party, with the offices the text names for it."""
        found: dict[int, dict[str, Any]] = {}
        for result in judgement.results:
            if result.result is None and result.condition.discretion:
                names = dict.fromkeys(each.name for each in judgement.measure.agencies)
                found[id(result.condition)] = {
                    "condition": self.answerer.text(result.condition, judgement.measure),
                    "agencies": list(names),
                }
        return list(found.values())


def known_by_name(known_by: str, language: str) -> str:
    """Return who knows a fact, in Chinese or as its code word."""
    return KNOWN_BY.get(known_by, known_by) if language == "zh" else known_by.replace("_", " ")


def _settled(judgement: Judgement) -> bool:
    if judgement.verdict in (UNDETERMINED, LIKELY):
        return False
    if any(claim.verdict in (UNDETERMINED, LIKELY) for claim in judgement.claims):
        return False
    return judgement.verdict != ELIGIBLE or judgement.measure.amount is None or judgement.amount is not None
