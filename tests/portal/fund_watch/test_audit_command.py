"""`huiqi audit`: the monthly heads leave the site with the events, and are checked where there is no site."""

from own_sites import new_site

FREEZE = """
import json
from watched_funds import WatchedFunds, day
from ledgers import HONGHE, PROVINCE
funds = WatchedFunds()
funds.appropriate(500_000, day("05-10"))
funds.pass_down(PROVINCE, HONGHE, 300_000, day("06-10"))
print(json.dumps(funds.freeze(day("07-01"))))
"""


def test_heads_are_exported_and_verified_offline(tmp_path):
    site = new_site(tmp_path / "site")
    assert site.python(FREEZE) == ["2022-05-31", "2022-06-30"]
    events = tmp_path / "events.jsonl"
    funds = events.with_suffix(".funds.jsonl")
    verify = ("audit", "verify", "--language", "en")
    offline = (*verify, "--events", str(events), "--funds", str(funds))
    exported, whole, sound = site.commands(("audit", "export", "--out", str(events)), verify, offline)
    assert (exported[0], whole[0], sound[0]) == (0, 0, 0), (exported, whole, sound)
    assert len(funds.read_text("utf-8").splitlines()) == 2
    funds.write_text(funds.read_text("utf-8").replace("300000", "300001"), "utf-8")
    assert "fund-head-changed" in site.commands(offline)[0][1]
    alone = site.commands((*verify, "--funds", str(funds)))[0]
    assert alone[0] == 2 and "--events" in alone[2]
