"""What `huiqi doctor` finds: one sign a check, in both languages, with how to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "warning", "error"]


@dataclass(frozen=True, slots=True)
class Words:
    """A text in both languages."""

    zh: str
    en: str

    def in_language(self, language: str) -> str:
        """The text in zh or en."""
        return self.en if language == "en" else self.zh


@dataclass(frozen=True, slots=True)
class Sign:
    """What one check came to. `check` is its stable name; `mend` is None where nothing is to be mended."""

    check: str
    level: Level
    said: Words
    mend: Words | None = None


def good(check: str, zh: str, en: str) -> Sign:
    """As it should be."""
    return Sign(check, "ok", Words(zh, en))


def warning(check: str, said: tuple[str, str], mend: tuple[str, str]) -> Sign:
    """Works, but should be looked after."""
    return Sign(check, "warning", Words(*said), Words(*mend))


def error(check: str, said: tuple[str, str], mend: tuple[str, str]) -> Sign:
    """Does not work, or is not safe."""
    return Sign(check, "error", Words(*said), Words(*mend))


TITLES = {
    "python": Words("Python", "Python"),
    "packages": Words("软件包", "packages"),
    "fonts": Words("中文字体", "Chinese fonts"),
    "settings": Words("运行设置", "settings"),
    "addresses": Words("访问地址", "addresses"),
    "clock": Words("系统时间", "clock"),
    "demonstration": Words("演示数据", "demonstration"),
    "data": Words("数据目录", "data folder"),
    "disk": Words("磁盘空间", "disk"),
    "keys": Words("密钥", "keys"),
    "policies": Words("政策库", "policies"),
    "calendar": Words("工作日历", "working days"),
    "database": Words("数据库", "database"),
    "jobs": Words("后台任务", "jobs"),
    "backup": Words("备份", "backup"),
    "chain": Words("事件链", "chain of events"),
    "screenings": Words("筛查", "screenings"),
}
"""What each check looks at."""
