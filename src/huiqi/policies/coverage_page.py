"""The coverage page: the text on the left, what became of each sentence on the right; one file, no script."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path

from huiqi.documents.agencies import AgencyMention
from huiqi.documents.outline import Outline, OutlinedClause
from huiqi.documents.outline.ledger import deadline_words
from huiqi.documents.sentences import KINDS, ClassedSentence, Kind

Bound = Mapping[tuple[str, int], Sequence[tuple[str, str]]]
"""The measures (id, title) of a sentence, by its clause's path and its start in the clause's text."""
_CSS = Path(__file__).with_name("coverage_page.css")
_ROLES = {"lead": "牵头", "with": "配合", "by_duty": "按职责", "responsible": "负责", "implement": "落实"}
_FILTERS: tuple[Kind, ...] = (
    "benefit",
    "status",
    "target",
    "duty",
    "mechanism",
    "encouragement",
    "organisation",
    "publicity",
)
_LIMIT_OF_WHY = 60


def coverage_page(outline: Outline, bound: Bound) -> str:
    """Return the page as HTML. Everything that comes from the text is escaped."""
    return "".join(_parts(outline, bound))


def write_coverage_page(outline: Outline, bound: Bound, path: Path) -> None:
    """Write the page, whole or not at all."""
    unfinished = path.with_name(path.name + ".unfinished")
    unfinished.write_text(coverage_page(outline, bound), encoding="utf-8")
    unfinished.replace(path)


def _parts(outline: Outline, bound: Bound) -> Iterator[str]:
    document = outline.document
    title = escape(document.title or document.id)
    counts = Counter(each.kind for clause in outline.clauses() for each in clause.sentences)
    unencoded = sum(
        1
        for clause in outline.clauses()
        for each in clause.sentences
        if each.kind == "benefit" and not bound.get((clause.path, each.start))
    )
    yield '<!DOCTYPE html><html lang="zh-Hans"><head><meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{title} · 逐句对照</title><style>{_CSS.read_text('utf-8')}{_filter_rules()}</style></head><body>"
    front = (document.number, document.front.issuer, document.date.isoformat() if document.date else None)
    about = "　".join(escape(each) for each in front if each) or "文号、机关、日期未印"
    yield f'<header><h1>{title}</h1><p class="about">{about}</p>'
    yield '<ul class="counts">'
    yield f"<li>句子 <b>{counts.total()}</b></li>"
    for each, word in KINDS.items():
        if counts[each]:
            yield f"<li>{word} <b>{counts[each]}</b></li>"
    yield f"<li>惠企句未编入规则 <b>{unencoded}</b></li></ul></header>"
    # Radio buttons stand before what they filter, so that style alone can do it.
    yield '<input class="filter" type="radio" name="shown" id="f-all" checked>'
    for name in (*_FILTERS, "unencoded", "flagged"):
        yield f'<input class="filter" type="radio" name="shown" id="f-{name}">'
    yield '<div class="filters" role="group" aria-label="筛选"><label for="f-all">全部</label>'
    for kind in _FILTERS:
        yield f'<label for="f-{kind}">{KINDS[kind]}</label>'
    yield '<label for="f-unencoded">惠企未编入</label><label for="f-flagged">需核对</label></div><main>'
    for plan in outline.plans:
        if len(outline.plans) > 1:
            yield f"<h2>{escape(plan.plan.short_name or plan.plan.title or '正文')}</h2>"
        for clause in plan.clauses:
            yield from _clause(clause, bound)
    yield "</main></body></html>\n"


def _clause(outlined: OutlinedClause, bound: Bound) -> Iterator[str]:
    clause = outlined.clause
    flagged = bool(outlined.flags) or any(each.flag for each in outlined.deadlines)
    kinds = {f"has-{each.kind}" for each in outlined.sentences}
    if any(
        each.kind == "benefit" and not bound.get((clause.path, each.start)) for each in outlined.sentences
    ):
        kinds.add("has-unencoded")
    if flagged:
        kinds.add("has-flagged")
    heading = f"{escape(clause.printed)}{escape(clause.heading)}" or escape(clause.path) or "正文"
    yield f'<section class="clause {" ".join(sorted(kinds))}" id="{escape(clause.path)}"><h2>{heading}</h2>'
    marks = list(_marks(outlined))
    if marks:
        yield f'<p class="marks">{"　".join(marks)}</p>'
    for each in outlined.sentences:
        if each.kind != "heading":
            yield _pair(outlined, each, bound.get((clause.path, each.start), ()))
    yield "</section>"


def _marks(outlined: OutlinedClause) -> Iterator[str]:
    for role, word in _ROLES.items():
        named = [_office(each) for each in outlined.agencies if each.role == role]
        if named:
            yield f"{word}：{'、'.join(named)}"
    for deadline in outlined.deadlines:
        doubt = f'<span class="missing">（{escape(deadline.explanation)}）</span>' if deadline.flag else ""
        yield f"时限：{escape(deadline_words(deadline))}{doubt}"
    for mismatch in outlined.flags:
        yield f'<span class="missing">{escape(mismatch.explanation)}</span>'


def _office(mention: AgencyMention) -> str:
    if mention.agency is None:
        return f'{escape(mention.printed)}<span class="missing">（未登记）</span>'
    return f'<span title="{escape(mention.agency)}">{escape(mention.printed)}</span>'


def _pair(outlined: OutlinedClause, sentence: ClassedSentence, measures: Sequence[tuple[str, str]]) -> str:
    text = escape(outlined.clause.text[sentence.start : sentence.end]).replace("\n", "<br>")
    lost = sentence.kind == "benefit" and not measures
    became = f'<span class="kind">{KINDS[sentence.kind]}</span>'
    if measures:
        became += "；".join(f"{escape(title)}<small>（{escape(name)}）</small>" for name, title in measures)
    elif lost:
        became += '<span class="missing">未编入规则</span>'
    why = f"因“{escape(sentence.cue[:_LIMIT_OF_WHY])}”" if sentence.cue else ""
    state = " unencoded" if lost else ""
    return (
        f'<div class="pair {sentence.kind}{state}"><p>{text}</p>'
        f'<p class="became">{became} <span class="why">{why}</span></p></div>'
    )


def _filter_rules() -> str:
    rules = ["#f-all:checked~.filters label[for=f-all]{background:#d6e6f5}"]
    for kind in (*_FILTERS, "unencoded", "flagged"):
        rules.append(f"#f-{kind}:checked~.filters label[for=f-{kind}]{{background:#d6e6f5}}")
        rules.append(f"#f-{kind}:checked~main .clause:not(.has-{kind}){{display:none}}")
        if kind != "flagged":
            rules.append(f"#f-{kind}:checked~main .pair:not(.{kind}){{display:none}}")
    for kind in ("all", *_FILTERS, "unencoded", "flagged"):
        rules.append(f"#f-{kind}:focus-visible~.filters label[for=f-{kind}]{{outline:3px solid #e8a33d}}")
    return "".join(rules)
