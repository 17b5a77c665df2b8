"""How the site is set up: addresses, clock, folder, keys, policies, calendar. Needs settings, not the database."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from django.conf import settings

from huiqi.findings import BadInput
from huiqi.portal.clock.running import calendar
from huiqi.portal.keys import keys_file
from huiqi.portal.secrets.sealing import LOOKUP
from huiqi.portal.upkeep.demonstration import is_demonstration
from huiqi.portal.upkeep.signs import Sign, error, good, warning
from huiqi.reference.working_days import CalendarTableError

_LOOPBACK = {"localhost", "127.0.0.1", "[::1]", "::1"}
_OTHERS = 0o077
_WHEN_NEXT_YEAR_IS_KNOWN = 12
"""The month by which the notice of the next year's holidays has come."""


def installation_signs(today: date) -> Iterator[Sign]:
    """Look at the installation."""
    beyond = sorted(set(settings.ALLOWED_HOSTS) - _LOOPBACK)
    yield _addresses(beyond)
    yield _clock()
    yield _demonstration(beyond)
    yield _data(settings.DATA)
    yield _keys(keys_file(settings.DATA))
    yield _policies()
    yield _calendar(today)


def _addresses(beyond: list[str]) -> Sign:
    if "*" in beyond:
        return error(
            "addresses",
            ("HUIQI_HOSTS 为 *，任何名称都会应答", "HUIQI_HOSTS is *: the site answers to any name"),
            (
                "写明网站的域名，如 HUIQI_HOSTS=huiqi.example.gov.cn",
                "name the site: HUIQI_HOSTS=name.of.the.site",
            ),
        )
    if beyond and not settings.HTTPS:
        return warning(
            "addresses",
            (
                f"{beyond[0]} 未经 HTTPS，口令会明文传输",
                f"{beyond[0]} without HTTPS: passwords go unencrypted",
            ),
            (
                "在反向代理上启用 HTTPS，并设 HUIQI_HTTPS=1",
                "put a proxy with HTTPS before it, set HUIQI_HTTPS=1",
            ),
        )
    if settings.HTTPS and not beyond:
        return warning(
            "addresses",
            ("已设 HUIQI_HTTPS，但没有域名", "HUIQI_HTTPS is set, but the site has no name"),
            ("在 HUIQI_HOSTS 写明域名", "name the site in HUIQI_HOSTS"),
        )
    if settings.HTTPS and not settings.SECURE_PROXY_SSL_HEADER:
        return warning(
            "addresses",
            ("已设 HUIQI_HTTPS，但没有说明反向代理", "HUIQI_HTTPS is set, but no proxy is named"),
            (
                "HTTPS 由反向代理提供时设 HUIQI_PROXIES=1，否则页面会不停转向",
                "where a proxy speaks HTTPS set HUIQI_PROXIES=1: else pages redirect for ever",
            ),
        )
    shown = "、".join(beyond) or "本机", ", ".join(beyond) or "this machine only"
    return good("addresses", *shown)


def _clock() -> Sign:
    given = os.environ.get("HUIQI_NOW")
    if not given:
        return good("clock", "取自本机时钟", "the machine's own")
    if is_demonstration(settings.DATA):
        return good("clock", f"演示时间固定为 {given}", f"set to {given} for the demonstration")
    return error(
        "clock",
        (f"HUIQI_NOW 把时间固定在 {given}", f"HUIQI_NOW holds the time at {given}"),
        ("去掉 HUIQI_NOW：期限和日志都以它为准", "leave HUIQI_NOW out: deadlines and events go by it"),
    )


def _demonstration(beyond: list[str]) -> Sign:
    if not is_demonstration(settings.DATA):
        return good("demonstration", "不是演示数据", "no demonstration")
    if beyond:
        return error(
            "demonstration",
            (f"演示数据正对外提供：{beyond[0]}", f"a demonstration is served to others: {beyond[0]}"),
            ("正式网站请换用空的数据目录（HUIQI_DATA）", "give the real site an empty folder (HUIQI_DATA)"),
        )
    return good("demonstration", "演示数据，只供本机", "a demonstration, on this machine only")


def _data(data: Path) -> Sign:
    if not os.access(data, os.W_OK):
        return error(
            "data",
            (f"{data} 不可写", f"{data} cannot be written to"),
            ("检查目录的所有者和权限", "check the folder's owner and mode"),
        )
    mode = data.stat().st_mode & 0o777
    if os.name == "posix" and mode & _OTHERS:
        return warning(
            "data",
            (f"{data} 其他用户可进入（{mode:o}）", f"{data} is open to other users ({mode:o})"),
            (f"chmod 700 {data}", f"chmod 700 {data}"),
        )
    return good("data", str(data), str(data))


def _keys(file: Path) -> Sign:
    if not file.exists():
        return good("keys", "首次使用时生成", "made when they are first needed")
    mode = file.stat().st_mode & 0o777
    if os.name == "posix" and mode & _OTHERS:
        return error(
            "keys",
            (f"{file} 其他用户可读（{mode:o}）", f"{file} is open to other users ({mode:o})"),
            (f"chmod 600 {file}，并考虑更换密钥", f"chmod 600 {file}, and think of changing the keys"),
        )
    try:
        keys = json.loads(file.read_text("utf-8"))
        whole = all(bytes.fromhex(value) for value in keys.values()) and LOOKUP in keys and len(keys) > 1
    except (OSError, ValueError, AttributeError, TypeError):
        whole = False
    if not whole:
        return error(
            "keys",
            (f"{file} 不是完整的密钥文件", f"{file} is no whole file of keys"),
            (
                "从另存的副本恢复；没有副本则个人信息无法读取",
                "restore your copy: else personal values are lost",
            ),
        )
    return good("keys", f"{file}，请另存副本", f"{file}; keep a copy elsewhere")


def _policies() -> Sign:
    from huiqi.policies.library import read_library
    from huiqi.policies.shipped import shipped_policies

    folder = Path(settings.POLICIES) if settings.POLICIES else shipped_policies()
    try:
        library, findings = read_library(folder)
    except BadInput as refused:
        library, findings = None, list(refused.findings)
    if library is None or findings:
        return error(
            "policies",
            (f"政策库有{len(findings)}处问题：{findings[0]}", f"{len(findings)} findings: {findings[0]}"),
            (f"运行 huiqi check {folder}", f"run huiqi check {folder}"),
        )
    count = len(library.measures)
    return good("policies", f"{count}项措施", f"{count} measures")


def _calendar(today: date) -> Sign:
    own = settings.DATA / "working_days.csv"
    try:
        years = calendar().years
    except (CalendarTableError, UnicodeDecodeError) as refused:
        return error(
            "calendar",
            (f"工作日历表有误：{refused}", f"the table of working days is wrong: {refused}"),
            (f"改正 {own}", f"mend {own}"),
        )
    wanted = [today.year]
    if today.month >= _WHEN_NEXT_YEAR_IS_KNOWN:
        wanted.append(today.year + 1)
    for year in wanted:
        if year not in years:
            said = (
                f"缺{year}年的放假安排，期限无法计算",
                f"{year} is not loaded: deadlines stay without a day",
            )
            mend = (
                f"按国务院办公厅通知写入 {own}（date,kind,name,notice）",
                f"write the notice's days to {own} (date,kind,name,notice)",
            )
            return error("calendar", said, mend) if year == today.year else warning("calendar", said, mend)
    return good("calendar", f"已有至{max(years)}年", f"known up to {max(years)}")
