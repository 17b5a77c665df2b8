"""What a demonstration of few firms leaves out: said part by part, so that nobody looks for what is not there."""

from __future__ import annotations

from collections.abc import Iterable

from huiqi.portal.demonstration.doing import Say
from huiqi.portal.demonstration.people import SECOND_OWNER
from huiqi.portal.demonstration.story_firms import LEAST, NAMED
from huiqi.reference import regions
from huiqi.rules.facts import Fact

_OF_THE_STORY = (
    (
        "未演示资金：没有从省到县的下达和分解，也没有收回",
        "left out: the funds, from the province to the counties, and what is recalled of them",
    ),
    (
        "未演示兑现：没有名单、公示、异议、支付、追回和抽查",
        "left out: the deliveries, with their lists, notices, objections, payments, a recovery and a sample",
    ),
    (
        "未演示申请：没有待受理、已备案、不予核准和已支付的申请",
        "left out: the applications, one that waits, one filed, one refused and one paid",
    ),
    (
        f"未演示第二个企业经办人：{SECOND_OWNER}没有绑定企业",
        f"left out: the second owner's firm, {SECOND_OWNER} is bound to none",
    ),
)
_LIST_DESKS = 4
"""Firms that show a list whole: two on it, one to be approved, one to be reviewed."""


def say_story(short: Iterable[str], say: Say) -> None:
    """Say which counties have too few firms for the story, and each part of it that is missing for that."""
    for county in short:
        say(
            f"{_name(county)}企业太少：要演示全部内容，至少要{LEAST}户，其中企业1户、个体工商户{NAMED}户",
            f"too few firms in {county}: all is shown with {LEAST} or more, an enterprise and {NAMED} self-employed among them",
        )
    for part in _OF_THE_STORY:
        say(*part)


def say_rosters(counties: Iterable[str], say: Say) -> None:
    """Say which counties hand in no roster, as none of the firms is theirs."""
    if empty := list(counties):
        say(
            f"未演示这些县（市）的名册，没有企业：{'、'.join(map(_name, empty))}",
            f"left out: rosters of counties without a firm: {', '.join(empty)}",
        )


def say_lists(county: str, firms: int, say: Say) -> None:
    """Say that lists have no member waiting at each desk, where the county has too few firms for that."""
    if firms < _LIST_DESKS:
        say(
            f"未演示名单的全部环节：{_name(county)}只有{firms}户企业",
            f"left out: some desks of the lists, {county} has {firms} firms",
        )


def say_bindings(county: str, firms: int, say: Say) -> None:
    """Say which bindings there are not: the owner's takes a firm, the newcomer's another."""
    if not firms:
        say(
            f"未演示企业绑定和信息异议：{_name(county)}没有企业",
            f"left out: bindings and contested facts, {county} has no firm",
        )
    elif firms == 1:
        say(
            f"未演示待核的绑定申请：{_name(county)}只有1户企业",
            f"left out: a binding that waits for its check, {county} has one firm",
        )


def say_contest(fact: Fact, say: Say) -> None:
    """Say that a fact of the owner's firm is not contested, as no source says anything of it."""
    say(
        f"未演示对“{fact.label}”的异议：名册没有这项信息",
        f"left out: contesting “{fact.english}”, the roster says nothing of it",
    )


def _name(county: str) -> str:
    return regions.region(county).name
