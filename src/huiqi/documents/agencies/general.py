"""Sentences that speak for all clauses: 第一个为牵头单位; 以下措施均需各县区人民政府落实，不再列出."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from huiqi.documents.agencies import wording
from huiqi.documents.agencies.lists import ListReader
from huiqi.documents.agencies.model import AgencyMention, Declared, Implied, Role, Scope
from huiqi.documents.agencies.view import View, view_of
from huiqi.documents.model import Document
from huiqi.reference.agencies import Place

_ALL = re.compile(
    r"(?:(?P<below>以下|下列|下述)|(?P<above>以上|上述|前述)|本(?:方案|措施|意见|通知|政策)|各项|所有|全部|其他)[^,;。:\n]{0,10}?"
    r"(?:(?:措施|任务|工作|政策|事项|条款|内容)[^,;。\n]{0,6}?(?:均|都|还|同时|,)+(?:需要?|须|应|由|要|为)*"
    r"|(?<=以[下上])(?:各[项条款])?(?:均|都)(?:需要?|须|应|由|要|为)+)"
    r"(?P<names>[^,;。\n]{2,60}?)(?P<verb>负责落实|组织落实|抓好落实|抓落实|落实|组织实施|实施|配合|负责|为责任单位)"
)
_ROLES: dict[str, Role] = {"配合": "with", "负责": "responsible", "为责任单位": "responsible"}


def general_statements(texts: Iterable[tuple[str, str]] | Document, place: Place) -> Declared:
    """What the sentences of a document declare once for all its clauses.

    `texts` are its clauses as (path, text), or the document itself.
    """
    if isinstance(texts, Document):
        texts = [(clause.path, clause.text) for clause in texts.clauses()]
    first_leads = False
    implied: list[Implied] = []
    for path, text in texts:
        view = view_of(text)
        first_leads = first_leads or wording.FIRST_LEADS.search(view.text) is not None
        implied.extend(_implied(view, path, text, place))
    return Declared(first_leads, tuple(implied))


def _implied(view: View, path: str, text: str, place: Place) -> Iterator[Implied]:
    for found in _ALL.finditer(view.text):
        reader = ListReader(view.text, place)
        scope: Scope = "following" if found["below"] else "preceding" if found["above"] else "all"
        for name in reader.names(found.start("names"), found.end("names")):
            start, end = view.span(name.start, name.end)
            mention = AgencyMention(
                view.text[name.start : name.end],
                name.agency.name if name.agency else None,
                _ROLES.get(found["verb"], "implement"),
                start,
                end,
            )
            yield Implied(mention, path, scope)


def implied_for(declared: Declared, document: Document, path: str) -> tuple[AgencyMention, ...]:
    """The offices that general sentences put in charge of the clause `path` of `document`.

    A sentence speaks of measures: of the clauses without children in its own plan and part, those behind it
    for 以下, those before it for 以上; of the whole plan otherwise. Raises UnknownClause.
    """
    clause = document.clause(path)
    if clause.children or not path:
        return ()
    order = {each.path: position for position, each in enumerate(document.clauses())}
    found: list[AgencyMention] = []
    for each in declared.implied:
        here, there = order[clause.path], order.get(each.path, -1)
        if there < 0 or here == there or not _same_plan(document, each.path, clause.path):
            continue
        if each.scope == "following" and (here < there or not _same_part(each.path, clause.path)):
            continue
        if each.scope == "preceding" and here > there:
            continue
        found.append(each.mention)
    return tuple(found)


def _same_plan(document: Document, one: str, other: str) -> bool:
    if len(document.plans) < 2:
        return True
    return one.split("/", maxsplit=1)[0] == other.split("/", maxsplit=1)[0]


def _same_part(one: str, other: str) -> bool:
    """Whether both clauses lie under the same outermost label (or one of them is that label's own)."""
    first, second = one.split("/"), other.split("/")
    return first[:1] == second[:1]
