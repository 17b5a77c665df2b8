"""A list told in words: its rules, where they come from, what it opens, what is due."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from huiqi.portal.catalogue.shelf import Shelf
from huiqi.portal.catalogue.words import in_chinese, title_of
from huiqi.portal.clock.models import OPEN, Deadline
from huiqi.portal.clock.rules import deadline_rules
from huiqi.portal.lists.kinds import ListKind, ListRule, ListSource, SetBy
from huiqi.portal.lists.models import KeptList
from huiqi.portal.lists.opens import opened_by
from huiqi.rules.render_measure import clause_name


@dataclass(frozen=True, slots=True)
class Opened:
    """A measure that reads the list: its title and its page."""

    title: str
    address: str


@dataclass(frozen=True, slots=True)
class ToldSource:
    """A clause in words, with its deciding words."""

    document: str
    clause: str
    words: str


@dataclass(frozen=True, slots=True)
class ToldRule:
    """A rule in Chinese, and who set it."""

    text: str
    set_by: str


@dataclass(frozen=True, slots=True)
class ToldKind:
    """A kind of list as its page tells it."""

    kind: ListKind
    says: str
    admission: ToldRule | None
    admission_set_by: str
    exit: ToldRule | None
    review: str
    review_set_by: str
    term_set_by: str
    sources: tuple[ToldSource, ...]
    opens: tuple[Opened, ...]


def tell(kind: ListKind, house: Shelf) -> ToldKind:
    """Return a kind in the words of the visit; rules are read out in Chinese in either language."""
    review = deadline_rules()[kind.review]
    says = ""
    if kind.says_list:
        says = house.words.label("list", kind.says_list)
    elif kind.says_fact:
        says = house.words.label("subject", kind.says_fact)
    return ToldKind(
        kind,
        says,
        _rule(kind.admission, house),
        _set_by(kind.admission_set_by, house),
        _rule(kind.exit, house),
        review.zh if in_chinese() else review.en,
        _set_by(kind.review_set_by, house),
        _set_by(kind.term_set_by, house),
        tuple(_source(each, house) for each in kind.sources),
        tuple(_opened(kind, house)),
    )


def missing_words(missing: Iterable[Iterable[str]], house: Shelf) -> str:
    """Return missing facts as labels in one line."""
    labels = [house.words.label(record, name, period) for record, name, period in missing]
    return ("、" if in_chinese() else ", ").join(dict.fromkeys(labels))


def reviews_due(rows: Iterable[KeptList]) -> dict[str, Deadline]:
    """Return the open review of each list, by the list's key as text; one query."""
    wanted = [str(each.pk) for each in rows]
    deadlines = Deadline.objects.for_site("a list's rhythm is part of the list").filter(
        subject_kind="lists.keptlist", subject__in=wanted, state=OPEN
    )
    return {each.subject: each for each in deadlines}


def _rule(rule: ListRule | None, house: Shelf) -> ToldRule | None:
    if rule is None:
        return None
    return ToldRule(house.library.renderer().text(rule.node), _set_by(rule.set_by, house))


def _set_by(who: SetBy, house: Shelf) -> str:
    if who.office:
        return _("本单位设定")
    if who.source is not None:
        told = _source(who.source, house)
        return _("%(document)s %(clause)s") % {"document": told.document, "clause": told.clause}
    return who.number


def _source(source: ListSource, house: Shelf) -> ToldSource:
    document = house.library.documents[source.document]
    title = document.title if in_chinese() else document.english or document.title
    return ToldSource(title, clause_name(source.clause, document.plans), source.words)


def _opened(kind: ListKind, house: Shelf) -> Iterable[Opened]:
    for measure in opened_by(kind, house.library):
        card = house.cards.of(measure)
        yield Opened(title_of(measure), card.address())
