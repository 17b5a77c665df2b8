"""An alignment as one HTML page: the clauses side by side, differences marked, filters that need no script."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path

from huiqi.documents.align.model import Alignment, ClausePair, Difference, Passage, Side
from huiqi.documents.align.wording import CHANGES, KINDS, WAYS
from huiqi.documents.model import Document
from huiqi.documents.outline import OutlinedClause

_STYLE = Path(__file__).parent / "data" / "page.css"
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]"
)
_FILTERS = (
    ("all", "全部"),
    ("differs", "有不同"),
    *((change, name) for change, name in CHANGES.items()),
    *((kind, name) for kind, name in KINDS.items()),
    ("dropped", "下级没有"),
    ("added", "下级增加"),
)


def write_page(alignment: Alignment, path: Path) -> None:
    """Write the page to a file that does not exist yet or is replaced whole."""
    unfinished = path.with_name(path.name + ".unfinished")
    unfinished.write_text(page(alignment), encoding="utf-8")
    unfinished.replace(path)


def page(alignment: Alignment) -> str:
    """Return the page; it loads nothing from elsewhere and holds no script."""
    above, below = (_title(each.document) for each in (alignment.superior, alignment.subordinate))
    parts = [
        '<!doctype html><html lang="zh-Hans"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width,initial-scale=1">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        f"<title>{above} 对照 {below}</title>",
        f"<style>{_STYLE.read_text(encoding='utf-8')}{_filter_rules()}</style></head><body>",
        *_inputs(),
        f"<header><h1>{above}<br><small>上级文件</small></h1><h1>{below}<br><small>下级文件</small></h1>",
        f"<p>{_counts(alignment)}</p></header>",
        _menu(),
        "<main>",
        _plans(alignment),
        "<h2>条款对照</h2>",
        *(_pair(alignment, each) for each in alignment.pairs),
        "<h2>上级有、下级没有</h2>",
        *(_alone(each, alignment.above(each), "dropped") for each in alignment.dropped),
        "<h2>下级增加</h2>",
        *(_alone(each, alignment.below(each), "added") for each in alignment.added),
        "</main></body></html>\n",
    ]
    return "\n".join(parts)


def _title(document: Document) -> str:
    return _escaped(document.title or document.id)


def _escaped(text: str) -> str:
    return html.escape(_UNSEEN.sub("\ufffd", text))


def _filter_rules() -> str:
    rules = []
    for name, _ in _FILTERS[1:]:
        rules.append(f"#only-{name}:checked~main article:not(.{name}){{display:none}}")
    for name, _ in _FILTERS:
        rules.append(
            f'#only-{name}:checked~nav label[for="only-{name}"]{{background:var(--green);color:#fff}}'
        )
    return "\n".join(rules)


def _inputs() -> Iterable[str]:
    for number, (name, label) in enumerate(_FILTERS):
        checked = "" if number else " checked"
        yield (
            f'<input class="filter" type="radio" name="only" id="only-{name}" aria-label="只看：{label}"{checked}>'
        )


def _menu() -> str:
    labels = "".join(f'<label for="only-{name}">{label}</label>' for name, label in _FILTERS)
    return f"<nav>{labels}</nav>"


def _counts(alignment: Alignment) -> str:
    differing = sum(bool(pair.differences) for pair in alignment.pairs)
    return (
        f"对应 {len(alignment.pairs)} 条，其中 {differing} 条有不同；下级没有 {len(alignment.dropped)} 条，"
        f"下级增加 {len(alignment.added)} 条"
    )


def _plans(alignment: Alignment) -> str:
    rows = [
        f"<tr><td>{_escaped(each.superior or each.root or '正文')}</td>"
        f"<td>{_escaped(each.subordinate or '正文')}</td><td>{_escaped(each.why)}</td></tr>"
        for each in alignment.plans
    ]
    rows += [
        f"<tr><td>{_escaped(each)}</td><td>—</td><td>下级没有印发</td></tr>"
        for each in alignment.missing_plans
    ]
    rows += [
        f"<tr><td>—</td><td>{_escaped(each)}</td><td>上级没有</td></tr>" for each in alignment.added_plans
    ]
    for demand in alignment.demands:
        late = demand.days_late
        judged = "未知" if late is None else "按时" if late == 0 else f"迟{late}天"
        rows.append(
            f"<tr><td>{_escaped(demand.side.path)}：{demand.last_day}前印发</td>"
            f"<td>{demand.issued or '未印日期'}</td><td>{judged}</td></tr>"
        )
    head = "<tr><th>上级方案</th><th>下级方案</th><th>依据</th></tr>"
    return (
        f"<details><summary>方案（{len(alignment.plans)}）</summary>"
        f"<table><thead>{head}</thead><tbody>{''.join(rows)}</tbody></table></details>"
    )


def _pair(alignment: Alignment, pair: ClausePair) -> str:
    classes: set[str] = {each.kind for each in pair.differences} | {each.change for each in pair.differences}
    if pair.differences:
        classes.add("differs")
    left = _side(
        pair.superior,
        alignment.above(pair.superior),
        [(d, d.superior) for d in pair.differences if d.superior],
    )
    right = "".join(
        _side(each, alignment.below(each), [(d, d.subordinate) for d in pair.differences if d.subordinate])
        for each in pair.subordinate
    )
    listed = "".join(_line(each) for each in pair.differences)
    differences = f"<ul>{listed}</ul>" if listed else ""
    return (
        f'<article class="{" ".join(sorted(classes))}">'
        f'<p class="faint">{WAYS[pair.way]}，相近程度 {pair.likeness.score}（{_escaped(str(pair.likeness))}）</p>'
        f'<div class="sides"><div class="side">{left}</div><div class="side">{right}</div></div>{differences}</article>'
    )


def _line(difference: Difference) -> str:
    tags = (
        f'<span class="tag {difference.change}">{KINDS[difference.kind]} {CHANGES[difference.change]}</span>'
    )
    return f"<li>{tags}{_escaped(difference.why)}</li>"


def _side(side: Side, clause: OutlinedClause, marks: Sequence[tuple[Difference, Passage]]) -> str:
    own = [(difference, passage) for difference, passage in marks if passage.path == side.path]
    return f'<p class="path">{_escaped(side.path)}</p>{_marked(clause.clause.text, own)}'


def _marked(text: str, marks: Sequence[tuple[Difference, Passage]]) -> str:
    """The text, every stretch with the kinds and changes of all differences that it belongs to."""
    edges = {0, len(text)}
    for _, passage in marks:
        edges |= {min(passage.start, len(text)), min(passage.end, len(text))}
    parts = []
    ordered = sorted(edges)
    for start, end in pairwise(ordered):
        words = _escaped(text[start:end])
        over = [each for each, passage in marks if passage.start <= start and end <= passage.end]
        # A figure within a promise is shown as a figure.
        shown = [each for each in over if each.kind != "promise"] or over
        names = {name for each in shown for name in (each.kind, each.change)}
        parts.append(f'<mark class="{" ".join(sorted(names))}">{words}</mark>' if names else words)
    return "".join(parts)


def _alone(side: Side, clause: OutlinedClause, name: str) -> str:
    words = f'<p class="path">{_escaped(side.path)}</p>{_escaped(clause.clause.text)}'
    empty = '<div class="side faint">—</div>'
    own = f'<div class="side">{words}</div>'
    sides = own + empty if name == "dropped" else empty + own
    return f'<article class="{name}"><div class="sides">{sides}</div></article>'
