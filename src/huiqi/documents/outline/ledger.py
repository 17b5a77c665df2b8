"""The task ledger (任务分解表) and the list of targets, as rows in the form that offices use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from huiqi.documents.agencies import AgencyMention, Place, read_agencies
from huiqi.documents.deadlines import Deadline
from huiqi.documents.outline.model import Outline, OutlinedClause
from huiqi.documents.outline.task_tables import TaskRow, task_rows
from huiqi.documents.quantities import Quantity
from huiqi.documents.sentences import ClassedSentence

_LEADING = ("lead", "responsible", "by_duty")
_RHYTHMS = {
    "real-time": "实时",
    "daily": "每日",
    "weekly": "每周",
    "monthly": "每月",
    "quarterly": "每季度",
    "half-yearly": "每半年",
    "yearly": "每年",
    "long-term": "长期",
    "other": "定期",
}
_NO_TASK = {"citation", "heading", "attribution", "closing"}
_GOAL = {"target", "benefit", "status", "duty"}


@dataclass(frozen=True, slots=True)
class Task:
    """One row: what is to be done, by whom, with whom, until when, how much, where it stands.

    `unknown` are offices that the registry does not know; `doubts` is what a person should look at. `row` counts the
    rows of a task table in the clause, 0 where the clause itself is the task.
    """

    number: int
    plan: str
    task: str
    body: str
    lead: tuple[str, ...]
    with_others: tuple[str, ...]
    deadlines: tuple[str, ...]
    targets: tuple[str, ...]
    path: str
    kind: str
    unknown: tuple[str, ...]
    doubts: tuple[str, ...]
    row: int = 0


@dataclass(frozen=True, slots=True)
class TargetRow:
    """One figure to be reached: what it is of, how much, until when, where it stands."""

    number: int
    plan: str
    of: str
    printed: str
    quantity: Quantity
    path: str
    kind: str


def tasks(outline: Outline) -> tuple[Task, ...]:
    """Return a row for each clause that gives somebody something to do, in printed order.

    A clause with clauses below has a row of its own only where it prints an office or a sentence that is a task. Of a
    table that divides the work (任务分解表) each row is one.
    """
    rows: list[Task] = []
    for plan in outline.plans:
        name = plan.plan.short_name or ""
        for clause in plan.clauses:
            of_table = task_rows(clause.clause.text)
            if _is_task(clause) and not (of_table and _only_a_table(clause)):
                rows.append(_task(len(rows) + 1, name, clause))
            for row in of_table:
                rows.append(_of_table(len(rows) + 1, name, clause, row, outline.place))
    return tuple(rows)


def targets(outline: Outline) -> tuple[TargetRow, ...]:
    """Return every figure that stands in a sentence that sets an aim, promises or demands, in printed order."""
    rows: list[TargetRow] = []
    for plan in outline.plans:
        for clause in plan.clauses:
            for quantity, sentence in _in_sentences(clause):
                if sentence is not None and sentence.kind == "target":
                    rows.append(
                        TargetRow(
                            len(rows) + 1,
                            plan.plan.short_name or "",
                            quantity.of or "",
                            quantity.printed,
                            quantity,
                            clause.path,
                            sentence.kind,
                        )
                    )
    return tuple(rows)


def deadline_words(deadline: Deadline) -> str:
    """Return a deadline for a ledger's cell: the day, the span or the rhythm; as printed where none is known."""
    if deadline.rhythm is not None:
        words = _RHYTHMS[deadline.rhythm]
        return words if deadline.printed.startswith(words) else f"{words}（{deadline.printed}）"
    if deadline.date is None:
        return deadline.printed
    if deadline.begins is not None and deadline.kind == "span":
        return f"{deadline.begins.isoformat()}至{deadline.date.isoformat()}"
    return deadline.date.isoformat()


def _is_task(clause: OutlinedClause) -> bool:
    if clause.agencies:
        return True
    kinds = {each.kind for each in clause.sentences} - _NO_TASK
    return bool(kinds) and (not clause.clause.children or bool(kinds - {"table", "encouragement"}))


def _task(number: int, plan: str, outlined: OutlinedClause) -> Task:
    clause = outlined.clause
    lead = tuple(_names(each for each in outlined.agencies if each.role in _LEADING))
    others = [each for each in outlined.agencies if each.role not in _LEADING]
    helping = [*_names([*others, *outlined.implied])]
    if outlined.and_others:
        helping.append("等有关单位")
    named = (*outlined.agencies, *outlined.implied)
    doubts = [each.explanation for each in outlined.flags]
    doubts += [f"{each.printed}：{each.explanation}" for each in outlined.deadlines if each.flag]
    heading = clause.heading or _first_words(clause.text)
    return Task(
        number,
        plan,
        heading,
        _without(clause.body, outlined),
        lead,
        tuple(dict.fromkeys(helping)),
        tuple(dict.fromkeys(deadline_words(each) for each in outlined.deadlines)),
        tuple(
            dict.fromkeys(
                f"{each.of}{each.printed}" if each.of and each.of not in each.printed else each.printed
                for each, sentence in _in_sentences(outlined)
                if sentence is not None and sentence.kind in _GOAL
            )
        ),
        clause.path,
        outlined.kind,
        tuple(dict.fromkeys(each.printed for each in named if each.agency is None)),
        tuple(doubts),
    )


def _only_a_table(clause: OutlinedClause) -> bool:
    return {each.kind for each in clause.sentences} <= {"table", *_NO_TASK}


def _of_table(number: int, plan: str, outlined: OutlinedClause, row: TaskRow, place: Place) -> Task:
    text = outlined.clause.text
    offices = read_agencies(row.offices, place)
    lead = tuple(_names(each for each in offices.mentions if each.role in _LEADING))
    helping = [*_names(each for each in offices.mentions if each.role not in _LEADING)]
    if offices.and_others:
        helping.append("等有关单位")
    deadlines = [each for each in outlined.deadlines if row.start <= each.start < row.end]
    doubts = [f"{each.printed}：{each.explanation}" for each in deadlines if each.flag]
    doubts += [each.explanation for each in outlined.flags if row.start <= each.start < row.end]
    if row.above:
        doubts.append("牵头单位一栏为空，按与上一行合并的单元格读取")
    due = [deadline_words(each) for each in deadlines]
    if not any(row.time[0] <= each.start < row.time[1] for each in deadlines) and text[slice(*row.time)]:
        due.append(text[slice(*row.time)])
    targets_of_row = [
        f"{each.of}{each.printed}" if each.of and each.of not in each.printed else each.printed
        for each in outlined.quantities
        if any(a <= each.start < b for a, b in (row.task, row.body))
    ]
    return Task(
        number,
        plan,
        text[slice(*row.task)],
        text[slice(*row.body)],
        lead,
        tuple(dict.fromkeys(helping)),
        tuple(dict.fromkeys(due)),
        tuple(dict.fromkeys(targets_of_row)),
        outlined.path,
        outlined.kind,
        tuple(dict.fromkeys(each.printed for each in offices.mentions if each.agency is None)),
        tuple(doubts),
        row.number,
    )


def _names(mentions: Iterable[AgencyMention]) -> Iterator[str]:
    return iter(dict.fromkeys(each.printed for each in mentions))


def _in_sentences(clause: OutlinedClause) -> Iterator[tuple[Quantity, ClassedSentence | None]]:
    for quantity in clause.quantities:
        holds = (each for each in clause.sentences if each.start <= quantity.start < each.end)
        yield quantity, next(holds, None)


def _without(body: str, outlined: OutlinedClause) -> str:
    """The body without its attribution: it has columns of its own."""
    offset = len(outlined.clause.text) - len(body)
    kept = [
        outlined.clause.text[max(each.start, offset) : each.end]
        for each in outlined.sentences
        if each.kind not in {"attribution", "heading"} and each.end > offset
    ]
    return "".join(kept).strip() if kept else body.strip()


def _first_words(text: str, most: int = 40) -> str:
    line = text.strip().split("\n", 1)[0]
    return line if len(line) <= most else line[: most - 1] + "…"
