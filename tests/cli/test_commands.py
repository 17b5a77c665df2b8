"""The command line as a user and as a program meets it: answers, errors in one line, exit status."""

import json
from pathlib import Path

import pytest

from huiqi.cli import main

SHOP = """
self_employed:
  name: 云岭小吃店（虚构）
  region: 532503
  industry: H6210
  leases: [{landlord: government, monthly_rent: 3000, months_leased: 12}]
  lists: {risk-county-2022: no}
"""


def run(capsys, *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    out = capsys.readouterr()
    return int(ended.value.code or 0), out.out, out.err


@pytest.fixture
def shop(tmp_path: Path) -> str:
    case = tmp_path / "shop.yaml"
    case.write_text(SHOP, encoding="utf-8")
    return str(case)


def test_a_shop_in_state_premises_is_owed_three_months_rent(capsys, shop):
    status, out, _ = run(
        capsys, "assess", shop, "--as-of", "2022-07-31", "--measure", "rent-waiver", "--json"
    )
    answer = json.loads(out)
    assert status == 0
    assert answer["region"] == "532503"
    (rent,) = answer["measures"]
    assert (rent["verdict"], rent["amount"], rent["amount_is"]) == ("eligible", "9000.00", "saved")
    assert answer["total_certain"] == "9000.00"
    assert {reason["result"] for reason in rent["reasons"]} == {"pass"}
    assert all(reason["document"] and reason["clause"] and reason["words"] for reason in rent["reasons"])


def test_without_measure_only_measures_in_force_and_here_are_listed(capsys, shop):
    _, out, _ = run(capsys, "assess", shop, "--as-of", "2022-07-31", "--json")
    answer = json.loads(out)
    verdicts = {each["verdict"] for each in answer["measures"]}
    assert verdicts <= {"eligible", "likely", "undetermined", "ineligible"}
    keys = {
        "as_of",
        "region",
        "measures",
        "total_certain",
        "total_if_declared",
        "total_deferred",
        "excluded",
        "bundle",
    }
    assert keys <= answer.keys()


def test_people_read_a_page_with_wide_characters_aligned(capsys, shop):
    status, out, _ = run(capsys, "assess", shop, "--as-of", "2022-07-31")
    assert status == 0
    assert "确定可享" in out
    assert "蒙自市" in out
    import unicodedata

    widths = {
        sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in line)
        for line in out.splitlines()
        if line.startswith(("┏", "│", "┃"))
    }
    assert len(widths) == 1


def test_the_page_speaks_english_too(capsys, shop):
    _, out, _ = run(capsys, "assess", shop, "--as-of", "2022-07-31", "--language", "en")
    assert "certain" in out
    assert "yuan" in out


@pytest.mark.parametrize(
    ("change", "code", "line"),
    [
        ("monthly_rent: 3000", "unknown-fact", 6),
        ("landlord: government", "unknown-choice", 6),
        ("region: 532503", "unknown-region", 4),
        ("industry: H6210", "unknown-industry", 5),
    ],
)
def test_bad_input_is_one_line_with_its_place_and_status_2(capsys, tmp_path, change, code, line):
    bad = {
        "unknown-fact": "montly_rent: 3000",
        "unknown-choice": "landlord: goverment",
        "unknown-region": "region: 539999",
        "unknown-industry": "industry: X99",
    }[code]
    case = tmp_path / "bad.yaml"
    case.write_text(SHOP.replace(change, bad), encoding="utf-8")
    status, out, err = run(capsys, "assess", str(case), "--as-of", "2022-07-31", "--json")
    (finding,) = json.loads(out)["findings"]
    assert status == 2
    assert (finding["code"], finding["line"]) == (code, line)
    assert finding.keys() == {"code", "file", "line", "cell", "what", "why", "mend"}
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("assess", "nowhere.yaml", "--as-of", "2022-07-31"), "file-unreadable"),
        (("assess", "x.yaml", "--as-of", "31.7.2022"), "not-a-date"),
        (("assess", "x.yaml"), "usage"),
        (("asess", "x.yaml"), "usage"),
        (("size", "--industry", "Z1"), "bad-option"),
        (("size", "--industry", "C26", "--employees", "many"), "bad-option"),
        (("size", "--industry", "C26", "--revenue", "1.234"), "bad-option"),
        (("measures", "--region", "99"), "unknown-region"),
        (("facts", "--record", "nothing"), "unknown-record"),
        (("show", "rent-waver"), "unknown-measure"),
    ],
)
def test_a_typo_gets_one_clear_line(capsys, arguments, code):
    status, _, err = run(capsys, *arguments)
    assert status == 2
    assert err.startswith("huiqi: ")
    assert err.rstrip("\n").endswith(f"[{code}]")
    assert err.count("\n") == 1


def test_every_fact_of_the_contract_is_listed(capsys):
    _, out, _ = run(capsys, "facts", "--json")
    facts = {(row["record"], row["name"]): row for row in json.loads(out)["facts"]}
    for key in (
        ("subject", "employees"),
        ("subject", "revenue"),
        ("lease", "monthly_rent"),
        ("loan", "drawn"),
    ):
        assert facts[key]["label"]
        assert facts[key]["known_by"]
    assert facts[("subject", "size")]["type"] == "computed"
    assert facts[("subject", "leases")]["type"] == "records"
    assert facts[("list", "risk-county-2022")]["type"] == "yes_no"


def test_measures_follow_region_and_day(capsys):
    _, out, _ = run(capsys, "measures", "--region", "5325", "--as-of", "2022-08-01", "--json")
    honghe = {each["id"]: each for each in json.loads(out)["measures"]}
    _, out, _ = run(capsys, "measures", "--region", "1402", "--as-of", "2022-08-01", "--json")
    datong = {each["id"] for each in json.loads(out)["measures"]}
    assert honghe["guesthouse-award"]["region"] == "532500"
    assert "guesthouse-award" not in datong
    assert "rent-waiver" in honghe


@pytest.mark.parametrize(
    ("options", "size"),
    [
        (("--industry", "H6210", "--employees", "8"), "micro"),
        (("--industry", "C26", "--employees", "300", "--revenue", "20000000"), "medium"),
        (("--industry", "26", "--employees", "299", "--revenue", "20000000"), "small"),
        (("--industry", "K7010", "--revenue", "2000000000", "--assets", "100000000"), "large"),
        (("--industry", "C26", "--employees", "400"), "undetermined"),
        (("--industry", "J66"), "not_covered"),
        (("--industry", "H6210", "--self-employed"), "self_employed"),
    ],
)
def test_size_classes(capsys, options, size):
    status, out, _ = run(capsys, "size", *options, "--json")
    assert status == 0
    assert json.loads(out)["class"] == size
    assert run(capsys, "size", *options)[0] == 0


@pytest.mark.parametrize("group", [[], ["audit"], ["documents"], ["jobs"]])
def test_a_command_without_more_says_what_may_follow(capsys, group):
    status, out, err = run(capsys, *group)
    assert (status, err) == (0, "")
    assert out.startswith("Usage: huiqi")
    assert "Commands:" in out


def test_a_backup_that_is_not_there_makes_no_site(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    status, _, err = run(capsys, "restore", "no-such.backup")
    assert status == 2
    assert "file-unreadable" in err and err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
