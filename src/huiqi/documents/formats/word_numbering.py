"""The numbering and styles of a DOCX file: which list a paragraph belongs to."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from huiqi.documents.formats.automatic_numbering import LEVELS, NumberedList, NumberLevel
from huiqi.documents.formats.package import attribute, child, local, number, switched_on, value

_GAPS = {"nothing": "", "space": " ", "tab": " "}
_LONGEST_CHAIN = 50


@dataclass(frozen=True, slots=True)
class Style:
    """What a style says of numbering and of hidden text; `based_on` gives what it does not say."""

    based_on: str | None
    list: str | None
    level: int | None
    hidden: bool | None


class Styles:
    """The styles of a document."""

    def __init__(self, root: etree._Element | None) -> None:
        self._styles: dict[str, Style] = {}
        self._usual: str | None = None
        for each in root if root is not None else ():
            name = attribute(each, "styleId")
            if local(each) != "style" or name is None:
                continue
            numbered = child(each, "pPr", "numPr")
            hidden = child(each, "rPr", "vanish")
            self._styles[name] = Style(
                value(each, "basedOn"),
                value(numbered, "numId"),
                number(value(numbered, "ilvl")),
                switched_on(hidden) if hidden is not None else None,
            )
            if attribute(each, "type") == "paragraph" and attribute(each, "default") in {"1", "true", "on"}:
                self._usual = name

    def chain(self, name: str | None) -> list[str]:
        """The style and those that it is based on."""
        chain: list[str] = []
        name = name if name in self._styles else self._usual
        while name is not None and name in self._styles and name not in chain and len(chain) < _LONGEST_CHAIN:
            chain.append(name)
            name = self._styles[name].based_on
        return chain

    def numbering(self, name: str | None) -> tuple[str | None, int | None, str | None]:
        """The list that a style gives its paragraphs, the level, and the style that says so."""
        level = None
        for each in self.chain(name):
            style = self._styles[each]
            level = style.level if level is None else level
            if style.list is not None:
                return style.list, level, each
        return None, None, None

    def hides(self, name: str | None) -> bool:
        """Whether text in a character style is hidden."""
        if name not in self._styles:
            return False
        return next(
            (hidden for each in self.chain(name) if (hidden := self._styles[each].hidden) is not None), False
        )


class WordLists:
    """The lists of a document, by the numbers that paragraphs give (numId)."""

    def __init__(self, root: etree._Element | None, styles: Styles) -> None:
        self._styles = styles
        self._abstract: dict[str, etree._Element] = {}
        self._uses: dict[str, etree._Element] = {}
        self._built: dict[str, NumberedList | None] = {}
        self._style_levels: dict[str, dict[str, int]] = {}
        for each in root if root is not None else ():
            if local(each) == "abstractNum" and (name := attribute(each, "abstractNumId")) is not None:
                self._abstract[name] = each
            elif local(each) == "num" and (name := attribute(each, "numId")) is not None:
                self._uses[name] = each

    def of(self, properties: etree._Element | None) -> tuple[str, NumberedList, int] | None:
        """The use, the list and the level (from 0) of a paragraph with these properties; None for no number."""
        style = value(properties, "pStyle")
        direct = child(properties, "numPr")
        level = number(value(direct, "ilvl"))
        use = value(direct, "numId")
        if use is None:
            use, styled, said_by = self._styles.numbering(style)
            if level is None:
                level = styled
            if level is None and use is not None:
                level = self._level_of_style(use, said_by)
        if use is None or use == "0":
            return None
        found = self._list(use)
        return (use, found, level or 0) if found else None

    def _level_of_style(self, use: str, style: str | None) -> int:
        if use not in self._style_levels:
            abstract = self._levels_of(use)
            self._style_levels[use] = {
                name: number(attribute(each, "ilvl")) or 0
                for each in (abstract if abstract is not None else ())
                if local(each) == "lvl" and (name := value(each, "pStyle"))
            }
        return self._style_levels[use].get(style or "", 0)

    def _levels_of(self, use: str) -> etree._Element | None:
        """The abstract list behind a use, through lists that are kept in a style."""
        for _ in range(5):
            abstract = self._abstract.get(value(self._uses.get(use), "abstractNumId") or "")
            link = value(abstract, "numStyleLink")
            if link is None:
                return abstract
            linked, _, _ = self._styles.numbering(link)
            if linked is None or linked == use:
                return abstract
            use = linked
        return None

    def _list(self, use: str) -> NumberedList | None:
        if use not in self._built:
            self._built[use] = self._build(use)
        return self._built[use]

    def _build(self, use: str) -> NumberedList | None:
        abstract = self._levels_of(use)
        if abstract is None:
            return None
        levels: dict[int, NumberLevel] = {}
        starts: dict[int, int] = {}
        for each in abstract:
            place = number(attribute(each, "ilvl"))
            if local(each) == "lvl" and place is not None and 0 <= place < LEVELS:
                levels[place] = _level(each)
        for each in self._uses[use]:
            place = number(attribute(each, "ilvl"))
            if local(each) != "lvlOverride" or place is None or not 0 <= place < LEVELS:
                continue
            changed = child(each, "lvl")
            if changed is not None:
                levels[place] = _level(changed)
            start = number(value(each, "startOverride"))
            if start is not None:
                starts[place] = start
        return NumberedList(attribute(abstract, "abstractNumId") or use, levels, starts)


def _level(element: etree._Element) -> NumberLevel:
    style = child(element, "numFmt")
    if style is None:
        # A format that Word 2007 did not know: mc:AlternateContent/mc:Choice/w:numFmt.
        style = child(element, "AlternateContent", "Choice", "numFmt")
    start = number(value(element, "start"))
    return NumberLevel(
        start=1 if start is None else start,
        style=(attribute(style, "val") if style is not None else None) or "decimal",
        text=value(element, "lvlText") or "",
        gap=_GAPS.get(value(element, "suff") or "tab", " "),
        restart=number(value(element, "lvlRestart")),
        legal=switched_on(child(element, "isLgl")),
        hidden=switched_on(child(element, "rPr", "vanish")),
        pattern=(attribute(style, "format") if style is not None else None) or "",
    )
