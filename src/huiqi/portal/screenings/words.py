"""What the pages of screenings call things, in the language of the visit."""

from __future__ import annotations

from django.utils.translation import gettext as _

from huiqi.portal.catalogue.shelf import Shelf
from huiqi.portal.catalogue.words import in_chinese
from huiqi.rules.facts import KNOWN_BY
from huiqi.rules.reasons import LISTS
from huiqi.screening.report.fact_names import FactNames
from huiqi.screening.report.groups import ENGLISH, TITLES


class FactLabels:
    """Facts as results write them (lease.landlord, revenue[2021]), for people."""

    def __init__(self, house: Shelf) -> None:
        self.house = house
        self.names = FactNames(house.library)

    def label(self, written: str) -> str:
        """Return the name of a fact."""
        fact = self.names.fact(written)
        return self.names.label(fact) if in_chinese() else self.names.english(fact)

    def who(self, written: str) -> str:
        """Return who knows it."""
        fact = self.names.fact(written)
        if in_chinese():
            return self.names.who(fact)
        facts = self.house.library.facts
        if fact.record == LISTS:
            return _(KNOWN_BY["office"])
        known = facts.fact(fact.record, fact.name)
        return _(KNOWN_BY[known.known_by if known is not None else "firm"])


def group_title(name: str) -> str:
    """Return the title of a group of the push list."""
    return TITLES[name] if in_chinese() else ENGLISH[name]


def step_titles() -> dict[str, str]:
    """Return the titles of a run's steps."""
    return {
        "read": _("读取企业名册"),
        "screen": _("逐户判定"),
        "report": _("汇总并生成清单"),
        "store": _("整理查询结果"),
    }


def list_titles() -> dict[str, str]:
    """Return the titles of a run's lists."""
    return {
        "push": _("推送清单"),
        "confirm": _("只需确认清单"),
        "ask": _("须补信息清单"),
        "missed": _("应享未享清单"),
        "firms": _("分县市逐户清单"),
    }
