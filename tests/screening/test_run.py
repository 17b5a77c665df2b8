"""A run over a prepared population: in parts, interrupted and gone on with, the same to the byte."""

import gc
import json
import subprocess
import sys
import time
import weakref
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from huiqi.findings import BadInput
from huiqi.policies.overrides import with_overrides
from huiqi.screening.block_run import BlockRun
from huiqi.screening.cell_sums import CellSums
from huiqi.screening.prepared import PreparedWriter, read_blocks
from huiqi.screening.results import missing_by_measure
from huiqi.screening.run import ScreeningRun, in_processes, in_this_process, screen_prepared
from huiqi.screening.totals import Totals

# It waits where it is to be killed, so that nothing hangs on how fast the machine is.
RUN = """
import datetime, sys, time
from pathlib import Path
from huiqi.policies.library import read_library
from huiqi.policies.shipped import shipped_policies
from huiqi.screening.run import in_this_process, screen_prepared

library, _ = read_library(shipped_policies(), examples=True)

def waiting(subjects, total):
    if subjects >= int(sys.argv[4]):
        time.sleep(60)

screen_prepared(Path(sys.argv[1]), library, datetime.date.fromisoformat(sys.argv[2]), Path(sys.argv[3]),
                engine=in_this_process, progress=waiting)
"""


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.fixture(scope="module")
def run(prepared, tmp_path_factory: pytest.TempPathFactory) -> ScreeningRun:
    """A run that nothing interrupts."""
    folder = tmp_path_factory.mktemp("whole")
    return screen_prepared(prepared.folder, prepared.library, prepared.as_of, folder, engine=in_this_process)


@pytest.fixture(scope="module")
def whole(run: ScreeningRun) -> dict[str, bytes]:
    """What it writes."""
    return files(run.folder)


def kill_after(prepared, working: Path, finished: int) -> None:
    """Start the run in a process of its own and kill it, without a chance to tidy up, when so many parts are done."""
    subjects = str(finished * prepared.part_rows)
    arguments = [sys.executable, "-c", RUN, str(prepared.folder), str(prepared.as_of), str(working), subjects]
    parts = working / "parts"
    with subprocess.Popen(arguments) as process:
        while not (parts.is_dir() and len(list(parts.glob("*.json"))) >= finished):
            assert process.poll() is None, "the run ended before it could be killed"
            time.sleep(0.001)
        process.kill()


@pytest.mark.parametrize("finished", [0, 4])
def test_a_run_that_was_killed_goes_on_and_comes_to_the_same_bytes(prepared, whole, tmp_path, finished):
    parts = tmp_path / "parts"
    kill_after(prepared, tmp_path, finished)
    assert not (tmp_path / "results.parquet").exists()
    done = len(list(parts.glob("*.json")))
    told: list[tuple[int, int]] = []

    screen_prepared(
        prepared.folder, prepared.library, prepared.as_of, tmp_path, progress=lambda *each: told.append(each)
    )

    subjects = prepared.parts * prepared.part_rows
    assert told[0] == (done * prepared.part_rows, subjects)
    assert told[-1] == (subjects, subjects)
    assert len(told) == prepared.parts - done + 1
    assert files(tmp_path) == whole


def test_each_part_tells_its_totals_in_order_also_those_that_an_earlier_attempt_finished(
    prepared, run, tmp_path
):
    kill_after(prepared, tmp_path, 2)
    told: list[tuple[int, Totals]] = []
    screen_prepared(
        prepared.folder, prepared.library, prepared.as_of, tmp_path, each_part=lambda *each: told.append(each)
    )
    assert [number for number, _ in told] == list(range(prepared.parts))
    added = Totals()
    for _, totals in told:
        assert totals.firms == prepared.part_rows
        added.add(totals)
    assert added == run.totals


def test_what_a_killed_run_left_after_its_end_is_taken_for_no_part_of_the_next(prepared, whole, tmp_path):
    parts = tmp_path / "parts"
    parts.mkdir()
    (parts / "000003.json").write_text(json.dumps({"firms": 150}))
    screen_prepared(prepared.folder, prepared.library, prepared.as_of, tmp_path)
    assert files(tmp_path) == whole


@pytest.mark.parametrize("processes", [2, 5])
def test_processes_do_not_change_a_byte(prepared, whole, tmp_path, processes):
    screen_prepared(
        prepared.folder, prepared.library, prepared.as_of, tmp_path, engine=in_processes(processes)
    )
    assert files(tmp_path) == whole


def test_an_unfinished_run_of_other_rules_is_refused_and_kept(prepared, tmp_path):
    parts = tmp_path / "parts"
    kill_after(prepared, tmp_path, 2)
    before = {path.name for path in parts.glob("*.json")}
    other = with_overrides(prepared.library, ["rent-waiver.usual_months=4"])
    with pytest.raises(BadInput, match="unfinished run of other input or other rules"):
        screen_prepared(prepared.folder, other, prepared.as_of, tmp_path)
    assert {path.name for path in parts.glob("*.json")} == before


def test_the_results_hold_what_each_block_gives(prepared, run):
    table = pq.read_table(run.folder / "results.parquet").to_pylist()
    blocks = BlockRun(prepared.library, prepared.as_of)
    expected = {}
    for block in read_blocks(prepared.folder, prepared.library):
        screened = blocks.run(block)
        for each in screened.measures:
            for row in range(block.firms.num_rows):
                if each.verdict[row] < 3:
                    fen = int(each.amount[row]) if each.known[row] else None
                    expected[(block.first + row, each.id)] = fen
    assert {(each["row"], each["measure"]): each["amount_fen"] for each in table} == expected
    assert len(table) == len(expected) > 5_000


def test_the_manifest_counts_rows_and_names_rules_and_inputs_by_digest(prepared, whole):
    manifest = json.loads(whole["manifest.json"])
    assert manifest["counts"]["subjects"] == prepared.parts * prepared.part_rows
    assert manifest["as_of"] == "2022-07-31"
    assert {"firms.parquet", "leases.parquet"} <= manifest["inputs"].keys()
    assert len(manifest["rules"]) == len(prepared.library.measures)


def test_a_population_of_nobody_has_results_without_rows(prepared, tmp_path):
    with PreparedWriter(tmp_path / "nobody", prepared.library, True, "nobody"):
        pass
    run = screen_prepared(tmp_path / "nobody", prepared.library, prepared.as_of, tmp_path / "out")
    assert run.totals.firms == 0
    assert pq.read_metadata(tmp_path / "out" / "results.parquet").num_rows == 0


def test_totals_come_back_from_their_file_as_they_were(run):
    totals = run.totals
    state = json.loads(json.dumps(totals.as_state()))
    assert Totals.of_state(state, CellSums.of_table(totals.cells.as_table())) == totals
    assert totals.certain_fen > 0
    assert sum(totals.subjects.values()) == totals.firms


def test_a_block_that_was_screened_goes_at_once(prepared):
    """Memory stays constant only if no block waits for Python to look for circles."""
    run = BlockRun(prepared.library, prepared.as_of)
    gc.disable()
    try:
        block = next(read_blocks(prepared.folder, prepared.library))
        screened = run.run(block)
        missing_by_measure(run.screener, screened)
        frame = weakref.ref(screened.frame)
        screened.release()
        del screened, block
        assert frame() is None
    finally:
        gc.enable()
