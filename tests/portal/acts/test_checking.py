"""The chain checked far from the site: what was changed, lost, put in or rewritten is one finding each."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiqi.cli import main
from huiqi.findings import BadInput
from huiqi.portal.acts.chain import BEGINNING, event_digest
from huiqi.portal.acts.checking import ChainCheck, ChainEvent, PublishedPoint
from huiqi.portal.acts.exported import event_line, head_line, read_events, read_heads


def made(number, previous, **more):
    content = {
        **dict.fromkeys(("act", "actor", "acting_as", "via", "region", "agency"), "x"),
        **dict.fromkeys(("subject_kind", "subject", "from_state", "to_state"), "y"),
        "sequence": number,
        "at": "2022-08-01T02:00:00.000000+00:00",
        "version": 1,
        "body": {"reason": "理由", "rows": number},
        "previous": previous,
        **more,
    }
    return {**content, "digest": event_digest(previous, content)}


def chain(length, **changed):
    events = []
    for number in range(1, length + 1):
        events.append(made(number, events[-1]["digest"] if events else BEGINNING, **changed))
    return events


def points(events, *numbers):
    return [PublishedPoint(each, events[each - 1]["digest"], f"2022-08-{each:02}") for each in numbers]


def codes(events, heads=()):
    return [each.code for each in ChainCheck(heads).findings(ChainEvent(0, each) for each in events)]


def test_a_whole_chain_holds_with_its_heads():
    events = chain(9)
    check = ChainCheck([PublishedPoint(0, BEGINNING, "2022-07-31"), *points(events, 3, 3, 9)])
    assert list(check.findings(ChainEvent(0, each) for each in events)) == []
    assert (check.events, check.sequence, check.digest) == (9, 9, events[8]["digest"])


@given(st.integers(1, 12), st.data())
def test_whatever_single_thing_is_done_to_a_chain_is_one_finding(length, data):
    events = chain(length)
    heads = points(events, length)
    at = data.draw(st.integers(0, length - 1))
    key = data.draw(st.sampled_from(sorted(set(events[0]) - {"sequence", "previous", "digest"})))
    changed = [*events[:at], {**events[at], key: 7 if key == "version" else {"z": 1}}, *events[at + 1 :]]
    assert codes(changed, heads) == ["chain-event-changed"]
    lost = [*events[:at], *events[at + 1 :]]
    assert codes(lost, heads) == ["chain-event-missing" if at < length - 1 else "chain-cut-off"]
    assert codes([*events[: at + 1], *events[at:]], heads) == ["chain-event-twice"]


def test_a_chain_written_anew_agrees_with_itself_but_not_with_what_was_published():
    events = chain(9)
    forged = events[:4]
    for number in range(5, 10):
        forged.append(made(number, forged[-1]["digest"], actor="user:0"))
    assert codes(forged) == []
    heads = points(events, 2, 4, 6, 8)
    found = list(ChainCheck(heads).findings(ChainEvent(0, each) for each in forged))
    assert [(each.code, each.why) for each in found] == [
        ("chain-rewritten", "the chain was rewritten after event 4")
    ]
    assert "2022-08-06" in found[0].what


def test_events_lost_in_the_middle_are_told_once_even_where_a_head_names_one_of_them():
    events = chain(9)
    assert codes([*events[:3], *events[6:]], points(events, 2, 5, 9)) == ["chain-event-missing"]


def test_the_newest_events_are_checked_from_the_one_before_them():
    events = chain(9)
    check = ChainCheck(points(events, 2, 9), previous=events[5]["digest"], first=7)
    assert list(check.findings(ChainEvent(0, each) for each in events[6:])) == []
    assert check.events == 3


def written(tmp_path, lines, heads=()):
    (tmp_path / "events.jsonl").write_bytes(b"".join(lines))
    (tmp_path / "heads.jsonl").write_bytes(b"".join(map(head_line, heads)))
    return ["--events", str(tmp_path / "events.jsonl"), "--heads", str(tmp_path / "heads.jsonl")]


def verify(arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["audit", "verify", *arguments])
    return ended.value.code, capsys.readouterr()


def test_an_export_is_checked_without_the_site(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "no.such.settings")
    events = chain(5)
    arguments = written(
        tmp_path, map(event_line, events), [*points(events, 5), PublishedPoint(5, events[4]["digest"], "")]
    )
    status, said = verify([*arguments, "--json"], capsys)
    answer = json.loads(said.out)
    assert (status, answer["sound"], answer["events"], answer["heads"]) == (0, True, 5, 2)
    status, said = verify(arguments, capsys)
    assert status == 0
    assert "完整" in said.out


def test_a_break_is_named_by_its_line_and_ends_with_status_1(tmp_path, capsys):
    events = chain(5)
    lines = [event_line(each) for each in events]
    lines[2] = event_line({**events[2], "actor": "user:0"})
    status, said = verify(written(tmp_path, lines), capsys)
    assert status == 1
    assert "events.jsonl:3: event 3 was changed after it was written" in said.out
    status, said = verify([*written(tmp_path, lines), "--json"], capsys)
    answer = json.loads(said.out)
    assert (status, answer["breaks"], answer["findings"][0]["code"]) == (1, 1, "chain-event-changed")


GOOD = event_line(chain(1)[0])


@pytest.mark.parametrize(
    "line",
    [
        b"\n",
        b"[]\n",
        b"\xff\xfe\n",
        b"{" * 100_000 + b"\n",
        GOOD.replace(b'"version":1', b'"version":1.0'),
        GOOD.replace(b'"version":1', b'"version":true'),
        GOOD.replace(b'"version":1', b'"version":NaN'),
        GOOD.replace(b'"version":1', b'"version":' + b"9" * 5000),
        GOOD.replace(b'"sequence":1', b'"sequence":-1'),
        GOOD.replace(b'"via":"x"', b'"via":"x","via":"y"'),
        GOOD.replace(b'"via":"x"', b'"via":"x","more":"y"'),
        GOOD.replace(b',"via":"x"', b""),
        GOOD.replace(b'"via":"x"', b'"via":"\\ud800"'),
        GOOD[:40],
    ],
    ids=range(14),
)
def test_a_line_that_is_no_event_is_a_finding_never_an_error(line, tmp_path):
    path = tmp_path / "events.jsonl"
    path.write_bytes(line)
    with path.open("rb") as file:
        found = list(read_events(path, file))
    assert [each.code for each in found] == ["chain-line-unreadable"]
    assert found[0].line == 1


def test_a_line_beyond_all_measure_is_passed_over(tmp_path, monkeypatch):
    monkeypatch.setattr("huiqi.portal.acts.exported.MOST_BYTES_OF_A_LINE", 600)
    path = tmp_path / "events.jsonl"
    path.write_bytes(b"x" * 5_000 + b"\n" + GOOD)
    with path.open("rb") as file:
        found = list(read_events(path, file))
    assert [getattr(each, "code", "event") for each in found] == ["chain-line-unreadable", "event"]
    assert [each.line for each in found] == [1, 2]


def test_heads_that_cannot_be_read_stop_the_check(tmp_path):
    path = tmp_path / "heads.jsonl"
    path.write_text('{"day": "2022-08-01", "sequence": "1", "digest": "x"}\n', "utf-8")
    with pytest.raises(BadInput) as refused:
        read_heads(path)
    assert (refused.value.findings[0].code, refused.value.findings[0].line) == ("head-unreadable", 1)


def test_a_file_that_is_not_there_is_told(tmp_path, capsys):
    status, said = verify(["--events", str(tmp_path / "none.jsonl")], capsys)
    assert status == 2
    assert "cannot be read" in said.err
