"""A small policy folder with one sound measure and one sound definition, for tests to break one thing at a time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from huiqi.findings import Finding
from huiqi.policies.check import CheckReport, check_library

FACTS = """
record: subject
label: 企业
facts:
  - {name: region, label: 地区, type: region, known_by: firm}
  - {name: employees, label: 职工人数, type: person, known_by: firm}
  - {name: founded, label: 成立日期, type: date, known_by: firm}
  - {name: sound, label: 经营正常, type: yes_no, known_by: office}
  - {name: revenue, label: 营业收入, type: yuan, period: year, known_by: tax}
  - {name: owner, label: 所有制, type: choice, known_by: firm, choices: {private: 民营, foreign: 外资, public: 国有}}
"""
LEASES = """
record: lease
list: leases
label: 租约
facts:
  - {name: monthly_rent, label: 月租金, type: yuan/month, known_by: firm}
  - {name: months_leased, label: 租期, type: month, known_by: firm}
"""
LIST = """
id: hard-hit-2031
title: 受灾县名单
of: region
"""
DOCUMENT = """
id: town-1
title: 某市帮扶企业办法
issuer: 某市人民政府
date: 2031-03-01
region: 530000
"""
TEXT = """某市人民政府关于帮扶企业的办法

一、减负
（一）减免房租。职工不足50人的企业，2031年内按月租金的50%补助3个月，每户最高不超过2万元。经营正常的企业优先，经营正常的企业从速。
（二）送服务。

某市人民政府
2031年3月1日
"""
MEASURE = """id: rent-help
title: 房租补助
kind: pay
sources:
  - {document: town-1, clause: 一/（一）, words: 职工不足50人的企业}
subject: [enterprise]
per: lease
region: 530000
in_force: {from: 2031-03-01, to: 2032-01-01}
when:
  - {if: employees < 50, words: 职工不足50人的企业}
parameters:
  rate: {value: 50%, words: 按月租金的50%补助}
  months: {value: 3, unit: month, words: 的50%补助3个月}
amount: monthly_rent * rate * min(months_leased, months)
amount_is: paid
cap:
  - {amount: 20_000, per: [firm], words: 每户最高不超过2万元}
delivery: on_application
agencies: [{name: 市财政局, role: lead}]
examples:
  base: {as_of: 2031-12-31, region: 530102, employees: 49, leases: [{monthly_rent: 1000, months_leased: 12}]}
  cases:
    - {name: 三个月, verdict: eligible, amount: 1500.00, because: 1000 * 50% * 3 = 1500}
    - {name: 首日, with: {as_of: 2031-03-01}, verdict: eligible, amount: 1500.00, because: 1000 * 50% * 3 = 1500}
    - {name: 前一日, with: {as_of: 2031-02-28}, verdict: not_in_force}
    - {name: 次年, with: {as_of: 2032-01-01}, verdict: not_in_force}
    - {name: 两个月, with: {lease: {months_leased: 2}}, verdict: eligible, amount: 1000.00, because: 1000 * 50% * 2 = 1000}
    - {name: 五十人, with: {employees: 50}, verdict: ineligible}
    - {name: 到顶, with: {lease: {monthly_rent: 40000}}, verdict: eligible, amount: 20000.00, because: "min(40000 * 50% * 3, 20000) = 20000"}
    - {name: 不知人数, without: [employees], verdict: undetermined, missing: [employees]}
    - {name: 不知租金, without: [lease.monthly_rent], verdict: eligible, needs: [lease.monthly_rent]}
"""
DEFINITION = """id: young
title: 新设企业
sources:
  - {document: town-1, clause: 一/（一）, words: 2031年内按月租金}
cases:
  - {value: new, title: 新设, if: founded >= '2031-01-01'}
  - {value: old, title: 老}
interpretation: []
examples:
  base: {as_of: 2031-12-31, founded: 2031-01-01}
  cases:
    - {name: 当日, value: new}
    - {name: 前一日, with: {founded: 2030-12-31}, value: old}
    - {name: 后一日, with: {founded: 2031-01-02}, value: new}
    - {name: 不知, without: [founded], value: unknown, missing: [founded]}
"""


@dataclass
class PolicyFolder:
    """Files under `root`; `check` returns the report."""

    root: Path
    texts: Path

    def write(self, name: str, text: str) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def check(
        self, documents: bool = False, mutation: bool = False, only: Sequence[Path] | None = None
    ) -> CheckReport:
        return check_library(self.root, only, self.texts if documents else None, mutation)


def changed(text: str, *changes: tuple[str, str]) -> str:
    """Return the text with each old passage, which must stand there once, made new."""
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


@pytest.fixture
def folder(tmp_path: Path) -> PolicyFolder:
    made = PolicyFolder(tmp_path / "policies", tmp_path / "texts")
    made.write("facts/subject.yaml", FACTS)
    made.write("facts/lease.yaml", LEASES)
    made.write("lists/hard-hit-2031.yaml", LIST)
    made.write("town-1/document.yaml", DOCUMENT)
    made.write("town-1/rent-help.yaml", MEASURE)
    made.texts.mkdir()
    (made.texts / "town-1.txt").write_text(TEXT, encoding="utf-8")
    return made


@pytest.fixture
def found(folder: PolicyFolder) -> Callable[..., list[Finding]]:
    """Check the folder with its measure changed; return the errors."""

    def errors(*changes: tuple[str, str], **options: bool) -> list[Finding]:
        folder.write("town-1/rent-help.yaml", changed(MEASURE, *changes))
        return list(folder.check(**options).errors)

    return errors


@pytest.fixture
def told(folder: PolicyFolder) -> Callable[..., list[Finding]]:
    """Check the folder with its measure changed; return the information that concerns the measure."""

    def information(*changes: tuple[str, str]) -> list[Finding]:
        folder.write("town-1/rent-help.yaml", changed(MEASURE, *changes))
        return [each for each in folder.check().information if each.code != "unread-fact"]

    return information


@pytest.fixture
def measure_text() -> str:
    return MEASURE


@pytest.fixture
def definition_text() -> str:
    return DEFINITION
