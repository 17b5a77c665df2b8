"""The order of the menu, and the doors of the home: pages under the heading of their group."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from huiqi.portal.acts.actors import Actor
from huiqi.portal.look.registry import PUBLIC, Page, pages

GROUPS = {
    "home": ("首页", "Home"),
    "firm": ("本企业", "My firm"),
    "public": ("政策公开", "Policies"),
    "register": ("企业与应享", "Firms and what they are owed"),
    "delivery": ("兑现", "Delivery"),
    "funds": ("资金和支付", "Funds and payments"),
    "documents": ("文件", "Documents"),
    "system": ("系统", "System"),
    "self": ("本人", "Myself"),
}
_ORDER = {name: number for number, name in enumerate(GROUPS)}


def entries_for(actor: Actor) -> list[Page]:
    """Return the pages of the menu that an actor may open, group by group."""
    open_ones = (
        each for each in pages().values() if each.menu and (each.opens == PUBLIC or actor.may_see(each.opens))
    )
    return sorted(open_ones, key=lambda each: _ORDER.get(each.menu, len(_ORDER)))


def doors(entries: Iterable[Page], english: bool) -> Iterator[tuple[str, list[Page]]]:
    """Yield the headings with their pages, the home itself left out."""
    grouped: dict[str, list[Page]] = {}
    for each in entries:
        if each.menu != "home":
            grouped.setdefault(each.menu, []).append(each)
    for name, its in grouped.items():
        yield GROUPS.get(name, ("其他", "Other"))[english], its
