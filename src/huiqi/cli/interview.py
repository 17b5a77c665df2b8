"""`huiqi interview`: question after question, the one that settles most first."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from huiqi.cli.options import (
    as_of_option,
    console,
    json_option,
    language_option,
    library,
    policies_option,
    print_json,
)
from huiqi.findings import BadInput, Finding

if TYPE_CHECKING:
    from huiqi.rules.facts import FactDictionary
    from huiqi.rules.situation import Situation
    from huiqi.screening.interview import Answer, Interview, Question
    from huiqi.screening.interview_answer import InterviewAnswerer

MOST_RECORDS = 100
_EXPLAIN = ("?", "？")
_UNKNOWN = ("", "u", "unknown", "skip", "不知道", "不清楚", "跳过")
_BACK = ("b", "back", "undo", "返回", "上一题")
_END = ("q", "quit", "结束")


@click.command("interview")
@click.argument("case", type=click.Path(path_type=Path))
@as_of_option(required=True)
@click.option("--skip-registers", is_flag=True, help="Ask only what no register of an authority knows.")
@click.option("--save", type=click.Path(path_type=Path), help="Write the case with all answers to this file.")
@json_option
@policies_option
@language_option
def interview_command(
    case: Path,
    as_of: datetime.date,
    skip_registers: bool,
    save: Path | None,
    as_json: bool,
    policies: Path | None,
    language: str,
) -> None:
    """Ask a firm what is worth asking, and stop when no answer can change the result.

    With --json: only the next question, why it is asked, what it decides, and what is open. Otherwise answers are
    read line by line: a value as in a case file, ? to explain, an empty line for not known, b to go back, q to end.
    """
    from huiqi.rules.facts import KNOWN_BY
    from huiqi.rules.positions import read_file
    from huiqi.screening.answer import Answerer
    from huiqi.screening.interview import OTHERS, Interviewer
    from huiqi.screening.interview_answer import InterviewAnswerer

    found = library(policies)
    situation = found.cases.read(read_file(case), as_of)
    interview = Interviewer(found).begin(situation, OTHERS if skip_registers else tuple(KNOWN_BY))
    answerer = InterviewAnswerer(Answerer(found), language)
    if as_json:
        print_json(answerer.answer(interview))
    else:
        _Talk(interview, answerer, language).run()
    if save is not None:
        _save(interview.situation, found.facts, save)


def _save(situation: Situation, facts: FactDictionary, path: Path) -> None:
    from huiqi.screening.case_text import case_text

    try:
        path.write_text(case_text(situation, facts), encoding="utf-8")
    except OSError as error:
        what = f"the case cannot be written ({error.strerror})"
        finding = Finding(str(path), 0, "", "not-written", what, "", "give another file to --save")
        raise BadInput([finding]) from None


class _Talk:
    """The questions and answers in a terminal."""

    def __init__(self, interview: Interview, answerer: InterviewAnswerer, language: str) -> None:
        self.interview = interview
        self.answerer = answerer
        self.zh = language == "zh"
        self.out = console()

    def say(self, chinese: str, english: str, style: str = "") -> None:
        self.out.print(chinese if self.zh else english, style=style or None)

    def run(self) -> None:
        self.say(
            "直接回答；? 说明，回车 不知道，b 返回上一题，q 结束。",
            "Answer; ? explains, an empty line is not known, b goes back, q ends.",
            "dim",
        )
        before = self._settled()
        while (question := self.interview.next()) is not None:
            self.out.print()
            self._put(question)
            line = sys.stdin.readline()
            if not line or line.strip() in _END:
                break
            if not self._take(question, line.strip()):
                continue
            before = self._progress(before)
        self._end()

    def _put(self, question: Question) -> None:
        self.out.print(f"{self.interview.asked + 1}. {self.answerer.words(question)}", style="bold")
        self.out.print(f"   {self.answerer.why(question)}", style="dim")
        if question.fact is not None and question.fact.type.choices:
            for number, (value, label) in enumerate(question.fact.type.choices, 1):
                self.out.print(f"   {number}) {label if self.zh else value}")

    def _take(self, question: Question, text: str) -> bool:
        """Take one line; tell whether it changed what is known."""
        if text in _EXPLAIN:
            self._explain(question)
            return False
        if text in _BACK:
            if self.interview.undo() is None:
                self.say("这是第一题。", "This is the first question.", "yellow")
                return False
            return True
        if text in _UNKNOWN:
            self.interview.decline(question.place)
            return True
        try:
            value = _parsed(question, text)
        except ValueError as error:
            self.out.print(f"   {error}", style="yellow")
            return False
        self.interview.answer(question.place, value)
        return True

    def _explain(self, question: Question) -> None:
        from huiqi.screening.interview_answer import known_by_name

        if question.fact is not None and question.fact.about:
            self.out.print(f"   {question.fact.about}")
        who = known_by_name(question.known_by, "zh" if self.zh else "en")
        self.say(f"   通常由{who}掌握。", f"   Usually known by: {who}.")
        for each in question.decides:
            measure = each.measure
            self.out.print(f"   - {measure.title if self.zh else measure.english or measure.title}")

    def _settled(self) -> dict[str, tuple[str, int | None]]:
        from huiqi.screening.assess import assess

        assessment = assess(self.answerer.library, self.interview.situation)
        self.assessment = assessment
        judgements = (each.judgement for each in assessment.measures)
        return {each.measure.id: (each.verdict, each.amount) for each in judgements}

    def _progress(self, before: dict[str, tuple[str, int | None]]) -> dict[str, tuple[str, int | None]]:
        from huiqi.reference.money import format_yuan_grouped
        from huiqi.rules.verdicts import ELIGIBLE, INELIGIBLE, LIKELY, VERDICTS

        now = self._settled()
        for each in self.assessment.measures:
            measure, judgement = each.measure, each.judgement
            if now[measure.id] == before.get(measure.id) or judgement.verdict not in (ELIGIBLE, LIKELY):
                continue
            title = measure.title if self.zh else measure.english or measure.title
            verdict = VERDICTS[judgement.verdict] if self.zh else judgement.verdict
            amount = f"  {format_yuan_grouped(judgement.amount)}" if judgement.amount is not None else ""
            self.out.print(f"   ✓ {title}: {verdict}{amount}", style="green")
        lost = sum(
            1
            for name, (verdict, _) in now.items()
            if verdict == INELIGIBLE and before.get(name, ("", None))[0] != INELIGIBLE
        )
        if lost:
            self.say(f"   {lost}项确定不符合。", f"   {lost} settled as not met.", "dim")
        certain = format_yuan_grouped(self.assessment.total_certain)
        hoped = format_yuan_grouped(self.assessment.total_if_declared)
        self.say(
            f"   确定{certain}元，可能{hoped}元。", f"   Certain {certain}, possible {hoped} yuan.", "dim"
        )
        return now

    def _end(self) -> None:
        self._settled()
        answer = self.answerer.answer(self.interview)
        self.out.print()
        asked, total = answer["asked"], answer["facts_that_could_be_asked"]
        if answer["next"] is None:
            self.say(
                f"问完了：问了{asked}项（可能涉及{total}项），再答什么都不会改变结果。",
                f"Done: {asked} questions of {total} facts; no further answer can change the result.",
                "bold",
            )
        certain, hoped = answer["total_certain"], answer["total_if_declared"]
        self.say(
            f"确定可享{certain}元，经申明或认定后合计{hoped}元。",
            f"Certain {certain}, with what is decided {hoped} yuan.",
        )
        for each in answer["open"]:
            waiting = "；".join(reason["condition"] for reason in each.get("decided_by", ()))
            if waiting:
                self.say(
                    f"  {each['title']}：待经办部门决定（{waiting}）",
                    f"  {each['id']}: an office decides ({waiting})",
                )
            else:
                names = "、".join(self._label(fact) for fact in each["missing"])
                self.say(f"  {each['title']}：还缺{names}", f"  {each['id']}: lacks {names}")

    def _label(self, fact: dict[str, Any]) -> str:
        facts = self.answerer.library.facts
        found = facts.fact(fact["record"], fact["name"])
        if found is not None:
            return found.label if self.zh else found.english
        kind = facts.by_list.get(fact["name"])
        return kind.label if kind is not None and self.zh else str(fact["name"])


def _parsed(question: Question, text: str) -> Answer:
    """Return the answer that a line gives; raise ValueError with one line that tells how to write it."""
    from huiqi.rules.types import TRUTH
    from huiqi.rules.values import BadValue, parse_plain, parse_value

    fact, place = question.fact, question.place
    try:
        if fact is not None:
            choices = fact.type.choices
            if choices and text.isascii() and text.isdigit() and 1 <= int(text) <= len(choices):
                return choices[int(text) - 1][0]
            return parse_value(text, fact)
        if place.record == "list":
            return parse_plain(text, text[:60], TRUTH, place.name)
    except BadValue as error:
        parts = (error.what, error.why, error.mend)
        raise ValueError("; ".join(part for part in parts if part)) from None
    if text.lower() in ("no", "none", "无", "没有", "否"):
        return ()
    if not (text.isascii() and text.isdigit()) or len(text) > 6 or int(text) > MOST_RECORDS:
        raise ValueError(f"请填0到{MOST_RECORDS}的整数; write a number from 0 to {MOST_RECORDS}")
    return tuple({} for _ in range(int(text)))
