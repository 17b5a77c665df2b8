"""Headings of columns, in Chinese or English, as facts: 营业收入（万元）, 2021年营业收入, is 僵尸企业, Monthly rent."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from huiqi.findings import nearest
from huiqi.policies.library import PolicyLibrary
from huiqi.rules.case import period_length
from huiqi.rules.facts import SUBJECT, SUBJECTS, Fact
from huiqi.rules.types import TEXT, TRUTH, Kind, Type
from huiqi.rules.values import BadValue
from huiqi.screening.prepared import FIRM, KIND_OF_SUBJECT

CREDIT_CODE = "credit_code"
LEFT_OUT = "-"
_FINER = {"year": ("year", "quarter", "month"), "quarter": ("quarter", "month"), "month": ("month",)}

# Names that rosters use besides those of the dictionary. Words with two meanings (从业人数, 收入) are not here.
_ALSO = {
    CREDIT_CODE: (
        *(
            "信用代码",
            "社会信用代码",
            "统一信用代码",
            "统一社会信用代码证号",
            "纳税人识别号",
            "credit code",
            "uscc",
        ),
    ),
    "name": (
        *(
            "企业名称",
            "单位名称",
            "公司名称",
            "纳税人名称",
            "主体名称",
            "市场主体名称",
            "机构名称",
            "个体工商户名称",
        ),
        *("firm name", "company", "company name", "enterprise name"),
    ),
    "region": (
        *(
            "行政区划",
            "行政区划代码",
            "区划代码",
            "区划",
            "地区",
            "所在地区",
            "所在县区",
            "所在县市",
            "所在区县",
            "县区",
        ),
        *("县市", "区县", "县市区", "县（市、区）", "所属地区", "county", "region code"),
    ),
    "industry": (
        *(
            "行业",
            "行业代码",
            "行业类别",
            "国民经济行业",
            "国民经济行业代码",
            "国民经济行业分类",
            "所属行业代码",
        ),
        *("行业名称", "industry code"),
    ),
    "employees": ("员工人数", "从业人员数", "从业人员人数", "从业人员数量", "期末从业人员", "staff"),
    "revenue": ("营收", "营业总收入", "turnover"),
    "assets": ("资产总计", "总资产", "资产合计", "assets"),
    "established": ("成立时间", "注册日期", "登记日期", "注册时间", "登记时间"),
    "size": ("规模", "划型", "企业划型", "规模类型", "企业规模划型", "size class"),
    KIND_OF_SUBJECT: ("主体类型", "主体类别", "市场主体类型", "市场主体类别", "subject type", "subject"),
    FIRM: ("企业编号", "主体编号", "企业序号", "firm id", "firm no", "firm number"),
}
_NO_FACTS = (
    "序号",
    "行号",
    "编号",
    "备注",
    "说明",
    "no",
    "no.",
    "index",
    "remark",
    "remarks",
    "note",
    "notes",
    "问题",
)
_NOTES = re.compile(
    r"必填|选填|可选|可空|非必填|required|optional|是/否|是否|yes/no|y/n|yyyy[-/年.]?mm[-/月.]?dd日?|文本|日期|数字"
)
_UNITS: dict[str, tuple[str, Fraction]] = {
    **dict.fromkeys(("元", "人民币", "人民币元", "yuan", "rmb", "cny"), ("yuan", Fraction(1))),
    "千元": ("yuan", Fraction(1000)),
    "万元": ("yuan", Fraction(10_000)),
    "万元人民币": ("yuan", Fraction(10_000)),
    "百万元": ("yuan", Fraction(1_000_000)),
    "亿元": ("yuan", Fraction(100_000_000)),
    **dict.fromkeys(("人", "名", "位", "persons", "person"), ("person", Fraction(1))),
    "万人": ("person", Fraction(10_000)),
    **dict.fromkeys(("%", "百分比", "百分数", "percent"), ("ratio", Fraction(1, 100))),
    "‰": ("ratio", Fraction(1, 1000)),
    **dict.fromkeys(("月", "个月", "months"), ("month", Fraction(1))),
    **dict.fromkeys(("天", "日", "days"), ("day", Fraction(1))),
    **dict.fromkeys(("年", "years"), ("year", Fraction(1))),
    **dict.fromkeys(("项", "个", "户", "家", "次", "件", "items"), ("item", Fraction(1))),
    **dict.fromkeys(("千瓦", "kw"), ("kilowatt", Fraction(1))),
    "万千瓦": ("kilowatt", Fraction(10_000)),
    "兆瓦": ("kilowatt", Fraction(1000)),
    **dict.fromkeys(("米", "m", "metre", "meters"), ("metre", Fraction(1))),
}
_BRACKET = re.compile(r"^(.+?)\s*[(\[【〔<]([^()\[\]【】〔〕<>]*)[)\]】〕>]\s*$")
_TAIL = re.compile(r"^(.+?)[-_/,，、:：|\s]+(?:单位[:：]?)?\s*([^-_/,，、:：|\s]+)$")
_PERIODS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?P<name>.+)@(?P<year>\d{4})(?:q(?P<quarter>[1-4])|-(?P<month>\d\d))?",
        r"(?P<year>\d{4})年?(?:第?(?P<quarter>[1-4一二三四])季度|q(?P<digit>[1-4]))(?P<name>.*)",
        r"(?P<year>\d{4})(?:年|[-/])(?P<month>1[0-2]|0?[1-9])月?份?(?P<name>\D.*)?",
        r"(?P<year>\d{4})(?:年度?)?(?P<name>\D.*)?",
        r"(?P<name>.*?\D)[-_ ]?(?P<year>\d{4})(?:年度?|q(?P<digit>[1-4]))?",
    )
)
_LAST_YEAR = re.compile(r"^(?:上一?年度?|去年|last year'?s?)(?P<name>.+)$")
_UNSEEN = re.compile(r"[\s_*\u200b-\u200f\ufeff]+")


@dataclass(frozen=True, slots=True)
class Column:
    """What a column is: the name of the prepared column (`-`: left out), its fact, and what its numbers are times."""

    name: str
    fact: Fact | None = None
    scale: Fraction = Fraction(1)
    unit: str = ""


_SKIPPED = Column(LEFT_OUT)


def plain(text: str) -> str:
    """Return a heading without differences of width, case, spaces, underscores and marks."""
    return _UNSEEN.sub("", unicodedata.normalize("NFKC", text)).casefold().rstrip(":")


_NO_FACTS_PLAIN = frozenset(map(plain, _NO_FACTS))
_NAMES_PLAIN = frozenset(map(plain, ("名称", *_ALSO["name"])))


class Headings:
    """The names of the columns of one table."""

    def __init__(self, library: PolicyLibrary, record: str) -> None:
        self.library = library
        self.record = record
        self._index: dict[str, set[str]] = {}
        self._words: list[str] = []
        for name, words in _names(library, record):
            for word in words:
                if word:
                    self._index.setdefault(plain(word), set()).add(name)
                    self._words.append(word)

    def exactly(self, name: str, unit: str = "") -> Column | None:
        """Return the column of a prepared column's name, as a mapping file writes it, with an optional unit."""
        if name == LEFT_OUT:
            return _SKIPPED
        fact = fact_of(self.library, self.record, name)
        if fact is None:
            return None
        if not unit:
            return Column(name, fact)
        made = _in_unit(Column(name, fact), unit)
        return made if isinstance(made, Column) else None

    def find(self, heading: str) -> Column | BadValue | None:
        """Return what a heading names, why it names nothing certain, or None where no word is known."""
        text = unicodedata.normalize("NFKC", heading).strip().rstrip("*:")
        found = self._whole(text) or self._with_notes(text)
        if found is None and plain(text) in _NO_FACTS_PLAIN:
            return _SKIPPED
        if found is None and self.record != SUBJECT and plain(text) in _NAMES_PLAIN:
            return _SKIPPED
        return found

    def read(self, heading: str) -> Column:
        """Return what a heading names; raise BadValue with the reason and the nearest names."""
        found = self.find(heading)
        if found is None:
            text = unicodedata.normalize("NFKC", heading).strip().rstrip("*:")
            hint = nearest(text, dict.fromkeys(self._words)) or "`huiqi facts` lists every name"
            what = f"{heading} is no fact of {self.record}"
            mend = f'{hint}; or leave it out in a mapping file (--mapping): `{heading}: "-"`'
            raise BadValue("unknown-column", what, "", mend)
        if isinstance(found, BadValue):
            raise found
        return found

    def _whole(self, text: str, period: str = "") -> Column | BadValue | None:
        names = self._index.get(plain(text))
        if names is None and (bare := re.sub(r"^是否(?:为|属于|是)?", "", text)) != text:
            names = {each for each in self._index.get(plain(bare), set()) if self._is_truth(each)} or None
        if not names:
            return None
        if len(names) > 1:
            what = f"{text} may be {' or '.join(sorted(names))}"
            return BadValue("ambiguous-column", what, "", "say which in a mapping file (--mapping)")
        name = next(iter(names))
        fact = fact_of(self.library, self.record, name)
        if not period:
            return Column(name, fact)
        length = period_length(period)
        if fact is None or not fact.period or length not in _FINER[fact.period]:
            what = f"{name} is not a fact by {length}"
            return BadValue(
                "no-periods", what, "it has one value on the day", "say what the column is in a mapping file"
            )
        return Column(f"{name}@{period}", fact)

    def _is_truth(self, name: str) -> bool:
        fact = fact_of(self.library, self.record, name)
        return fact is not None and fact.type.kind is Kind.TRUTH

    def _with_notes(self, text: str) -> Column | BadValue | None:
        """Read a heading whose end tells a unit or a period: in brackets, or behind a mark."""
        notes: list[str] = []
        while (match := _BRACKET.match(text)) is not None:
            notes += [each.strip() for each in re.split(r"[,，、;；]", match[2])]
            text = match[1]
            found = self._noted(text, notes)
            if found is not None:
                return found
        found = self._noted(text, notes)
        tail = _TAIL.match(text)
        if found is None and tail is not None and tail[2].casefold() in _UNITS:
            found = self._noted(tail[1], [*notes, tail[2]])
        return found

    def _noted(self, text: str, notes: list[str]) -> Column | BadValue | None:
        name, period = self._period(text)
        unit = ""
        for note in notes:
            word = re.sub(r"^(?:单位[:：]?|unit:?\s*)", "", note).strip().casefold()
            whole, _, per = word.partition("/")
            rest, note_period = _split_period(note)
            if whole in _UNITS and per in ("", "月", "年", "人", "month"):
                unit = whole
            elif note_period and not rest and not period:
                period = note_period
            elif note and not _NOTES.fullmatch(note.casefold()):
                return None
        found = self._whole(name, period)
        return _in_unit(found, unit) if isinstance(found, Column) and unit else found

    def _period(self, text: str) -> tuple[str, str]:
        """Split a heading into its name and its period (empty: none). 上年 is the plain column."""
        if plain(text) in self._index:
            return text, ""
        last = _LAST_YEAR.match(text)
        return (last["name"], "") if last is not None else _split_period(text)


def _split_period(text: str) -> tuple[str, str]:
    """Return what is left beside a period (empty: nothing), and the period."""
    for pattern in _PERIODS:
        match = pattern.fullmatch(text.strip().casefold())
        if match is None:
            continue
        named = match.groupdict()
        name = (named["name"] or "").lstrip("度的 -_").rstrip("-_ ")
        quarter = named.get("quarter") or named.get("digit")
        if quarter:
            return name, f"{named['year']}Q{'一二三四'.find(quarter) + 1 or quarter}"
        if named.get("month"):
            return name, f"{named['year']}-{int(named['month']):02d}"
        return name, named["year"]
    return text, ""


def _in_unit(column: Column, unit: str) -> Column | BadValue:
    base, scale = _UNITS.get(unit.casefold(), ("", Fraction(1)))
    fact = column.fact
    own = None if fact is None else fact.unit
    fits = own is not None and (own.power(base) == 1 if base != "ratio" else not own.powers)
    if not fits:
        what = f"{column.name} cannot be in {unit}"
        why = f"it is {'no number' if own is None else f'in {own}'}"
        return BadValue(
            "column-unit", what, why, "mend the heading, or say what the column is in a mapping file"
        )
    return Column(column.name, fact, scale, "" if scale == 1 else unit)


def fact_of(library: PolicyLibrary, record: str, column: str) -> Fact | None:
    """Return the fact that a prepared column holds; definitions, lists and keys as facts of their own type."""
    name, _, period = column.partition("@")
    fact = library.facts.fact(record, name)
    if fact is not None:
        length = period_length(period) if period else None
        usable = not period or (bool(fact.period) and length is not None and length in _FINER[fact.period])
        return fact if usable else None
    if column == FIRM:
        return Fact(record, FIRM, "企业编号", "firm id", TEXT, "office")
    if record != SUBJECT:
        return library.facts.subject.get(CREDIT_CODE) if column == CREDIT_CODE else None
    if column == KIND_OF_SUBJECT:
        return Fact(
            record,
            column,
            "主体类型",
            "kind of subject",
            Type(Kind.CHOICE, None, tuple(SUBJECTS.items())),
            "office",
        )
    head, _, rest = column.partition(".")
    if (head == "has" and rest in library.facts.by_list) or (head == "list" and rest in library.lists):
        return Fact(record, column, column, column, TRUTH, "office")
    definition = library.definitions.get(column)
    if definition is not None and not definition.per:
        return Fact(record, column, definition.title, definition.english, definition.type, "office")
    return None


def _names(library: PolicyLibrary, record: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    for fact in library.facts.records[record].facts.values():
        question = fact.question.rstrip("？?") if fact.type.kind is Kind.TRUTH else ""
        yield fact.name, (fact.name, fact.label, fact.english, question, *_of(fact.name, record))
    yield FIRM, (FIRM, *_ALSO[FIRM])
    if record != SUBJECT:
        credit_code = library.facts.subject.get(CREDIT_CODE)
        if credit_code is not None:
            yield CREDIT_CODE, (CREDIT_CODE, credit_code.label, credit_code.english, *_ALSO[CREDIT_CODE])
        return
    yield KIND_OF_SUBJECT, _ALSO[KIND_OF_SUBJECT]
    for definition in library.definitions.values():
        if not definition.per:
            yield (
                definition.id,
                (definition.id, definition.title, definition.english, *_ALSO.get(definition.id, ())),
            )
    for each in library.lists.values():
        yield f"list.{each.id}", (f"list.{each.id}", each.id, each.title, each.english)
    for kind in library.facts.by_list.values():
        yield f"has.{kind.list_name}", (f"has.{kind.list_name}",)


def _of(name: str, record: str) -> tuple[str, ...]:
    return _ALSO.get(name, ()) if record == SUBJECT else ()
