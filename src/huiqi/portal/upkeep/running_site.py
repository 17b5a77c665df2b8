"""How the site fares: its database, its jobs, its backups, its chain of events, its screenings."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from huiqi.findings import BadInput
from huiqi.portal.upkeep.backup import LAST_BACKUP
from huiqi.portal.upkeep.demonstration import is_demonstration
from huiqi.portal.upkeep.schema import state_of_database
from huiqi.portal.upkeep.signs import Sign, error, good, warning

_LEAST_POSTGRESQL = 140_000
_NEWEST_EVENTS = 1_000
_LATE = timedelta(minutes=15)
_OLD_BACKUP = timedelta(days=2)


def site_signs(now: datetime) -> Iterator[Sign]:
    """Look at the site; where the database cannot be used, nothing behind it is looked at."""
    database = _database()
    yield database
    if database.level == "error":
        return
    for look in (_jobs, _backup, _chain, _screenings):
        try:
            yield look(now)
        except DatabaseError as broken:
            reason = str(broken).splitlines()[0]
            yield error(
                "database",
                (f"数据库出错：{reason}", f"the database fails: {reason}"),
                (
                    "检查数据库日志；必要时从备份恢复",
                    "look at the database's log; restore a backup if need be",
                ),
            )
            return


def _database() -> Sign:
    state = state_of_database()
    if state.away:
        return error(
            "database",
            (f"无法使用：{state.away}", f"cannot be used: {state.away}"),
            ("检查 DATABASE_URL、HUIQI_DATA 和数据库服务", "check DATABASE_URL, HUIQI_DATA and the server"),
        )
    if state.unknown:
        return error(
            "database",
            (f"由更新的版本建立：{state.unknown[0]}", f"made by a later version: {state.unknown[0]}"),
            ("安装更新版本的惠企", "install a later version of Huiqi"),
        )
    if state.missing:
        count = len(state.missing)
        said = (
            ("尚未建立", "not made yet")
            if state.is_new
            else (f"有{count}项未升级", f"{count} changes not applied")
        )
        mend = (
            "运行一次 huiqi serve，或 python -m django migrate",
            "start huiqi serve, or python -m django migrate",
        )
        return error("database", said, mend)
    return _on_sqlite() if connection.vendor == "sqlite" else _on_postgresql()


def _on_sqlite() -> Sign:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")
        mode = cursor.fetchone()[0]
    if mode != "wal":
        return error(
            "database",
            (f"SQLite 的日志方式为 {mode}", f"SQLite keeps its journal as {mode}"),
            ("数据目录须在本机磁盘上，不能是网络盘", "the data folder must lie on a disk of this machine"),
        )
    return good("database", "SQLite，已是本版本", "SQLite, of this version")


def _on_postgresql() -> Sign:
    number = connection.pg_version
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_encoding")
        encoding = cursor.fetchone()[0]
    if number < _LEAST_POSTGRESQL or encoding != "UTF8":
        return error(
            "database",
            (f"PostgreSQL {number // 10_000}，编码 {encoding}", f"PostgreSQL {number // 10_000}, {encoding}"),
            ("须为 PostgreSQL 14 以上、UTF8 编码", "PostgreSQL 14 or later with UTF8 is needed"),
        )
    return good(
        "database",
        f"PostgreSQL {number // 10_000}，已是本版本",
        f"PostgreSQL {number // 10_000}, of this version",
    )


def _jobs(now: datetime) -> Sign:
    from huiqi.portal.jobs.models import FAILED, RUNNING, WAITING, Job
    from huiqi.portal.jobs.running import SILENCE

    start = ("运行 huiqi serve，或 huiqi jobs run --stay", "start huiqi serve, or huiqi jobs run --stay")
    late = Job.objects.filter(state=WAITING, run_after__lt=now - _LATE).order_by("run_after").first()
    if late is not None:
        since = f"{timezone.localtime(late.run_after):%Y-%m-%d %H:%M}"
        said = (
            f"没有执行：{late.purpose} 自{since}起等待",
            f"nobody runs them: {late.purpose} waits since {since}",
        )
        return error("jobs", said, start)
    silent = Job.objects.filter(state=RUNNING, heard_at__lt=timezone.now() - 5 * SILENCE).first()
    if silent is not None:
        return error("jobs", (f"中断：{silent.purpose}", f"cut off: {silent.purpose}"), start)
    failed = Job.objects.filter(state=FAILED, ended_at__gt=now - timedelta(days=7)).order_by("-id")
    if count := failed.count():
        said = (
            f"七日内有{count}项失败，最近：{failed[0].purpose}",
            f"{count} failed in seven days: {failed[0].purpose}",
        )
        return warning(
            "jobs", said, ("在“后台任务”页查看原因并重试", "see why on the page of jobs, and retry")
        )
    daily = Job.objects.filter(kind="publish-head").order_by("-id").first()
    if daily is not None and daily.asked_at < now - timedelta(days=2):
        said = (
            f"每日任务自{daily.asked_at:%Y-%m-%d}起未执行",
            f"no daily jobs since {daily.asked_at:%Y-%m-%d}",
        )
        return warning("jobs", said, start)
    return (
        good("jobs", "按时执行", "run in time")
        if daily
        else good("jobs", "网站尚未运行过", "the site has not run yet")
    )


def _backup(now: datetime) -> Sign:
    from huiqi.portal.acts.models import Event

    mend = (
        "每日运行 huiqi backup --out 文件，并存到其他机器",
        "run huiqi backup --out FILE every day, and keep it on another machine",
    )
    try:
        noted = json.loads((settings.DATA / LAST_BACKUP).read_text("utf-8"))
        at = datetime.fromisoformat(noted["at"])
    except (OSError, ValueError, KeyError, TypeError):
        first = Event.objects.order_by("sequence").first()
        if is_demonstration(settings.DATA):
            return good("backup", "演示数据，不需备份", "a demonstration needs none")
        if first is None or first.at > now - timedelta(days=1):
            return good("backup", "网站新建，尚无备份", "a new site, none yet")
        return warning("backup", ("从未备份", "there is none"), mend)
    shown = f"{timezone.localtime(at):%Y-%m-%d %H:%M}"
    if at < now - _OLD_BACKUP:
        return warning("backup", (f"最近一次在{shown}", f"the last one was made {shown}"), mend)
    return good("backup", f"最近一次在{shown}", f"the last one was made {shown}")


def _chain(now: datetime) -> Sign:
    from huiqi.portal.acts.stored import StoredCheck

    stored = StoredCheck(_NEWEST_EVENTS)
    found = list(stored.findings())
    if found:
        return error(
            "chain",
            (f"{len(found)}处断裂：{found[0].what}", f"{len(found)} breaks: {found[0].what}"),
            (
                "运行 huiqi audit verify；保留现场，与导出和备份比对",
                "run huiqi audit verify; keep all as it is, compare exports",
            ),
        )
    count = stored.check.events
    return good("chain", f"最近{count:,}条完整", f"the newest {count:,} events are whole")


def _screenings(now: datetime) -> Sign:
    from huiqi.portal.catalogue.shelf import library
    from huiqi.portal.screenings.models import Screening

    last = (
        Screening.objects.for_site("the doctor looks at the newest")
        .filter(state="finished")
        .order_by("-id")
        .first()
    )
    if last is None:
        return good("screenings", "尚未筛查", "none yet")
    try:
        rules = {f"{each.id}@{each.region}": each.digest for each in library().measures}
    except BadInput:
        return good("screenings", "政策库有误，未比对", "not compared: the policies are wrong")
    then = last.manifest.get("rules", {})
    changed = sorted(name for name in then.keys() | rules.keys() if then.get(name) != rules.get(name))
    if changed and not last.measures:
        day = f"{timezone.localtime(last.started_at):%Y-%m-%d}"
        said = (
            f"{day}筛查以后，{len(changed)}项措施有变动",
            f"{len(changed)} measures changed since the run of {day}",
        )
        return warning("screenings", said, ("重新筛查", "screen again"))
    return good("screenings", "与现行政策一致", "by the policies of today")
