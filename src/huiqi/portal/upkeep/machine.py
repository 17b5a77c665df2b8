"""What the site stands on: Python, its packages, fonts, the disk. Needs neither settings nor a database."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from huiqi.portal.upkeep.signs import Sign, error, good, warning

_LEAST_PYTHON = (3, 11)
_LEAST_BYTES, _FEW_BYTES = 500 << 20, 2 << 30
_REQUIREMENT = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?\s*(?:>=([0-9.]+))?")
_FONT_FOLDERS = (
    *("/usr/share/fonts", "/usr/local/share/fonts", "/System/Library/Fonts", "/Library/Fonts"),
    *("~/.fonts", "~/.local/share/fonts", "C:/Windows/Fonts"),
)
_CHINESE_FONT = re.compile(
    r"cjk|sourcehan|noto ?(sans|serif) ?sc|wqy|uming|ukai|droidsansfallback|pingfang|heiti|songti|msyh|simsun|simhei",
    re.IGNORECASE,
)


def machine_signs(data: Path) -> Iterator[Sign]:
    """Look at the machine; `data` is the site's folder."""
    yield _python()
    yield _packages()
    yield _fonts()
    yield _disk(data)


def _python() -> Sign:
    found = ".".join(str(part) for part in sys.version_info[:3])
    if sys.version_info < _LEAST_PYTHON:
        return error(
            "python",
            (f"Python {found} 过旧", f"Python {found} is too old"),
            ("请安装 Python 3.11 或更新版本后重新安装惠企", "install Python 3.11 or later, then Huiqi anew"),
        )
    return good("python", f"Python {found}", f"Python {found}")


def _packages() -> Sign:
    wrong = []
    count = 0
    for line in metadata.requires("huiqi") or ():
        if "extra ==" in line:
            continue
        count += 1
        match = _REQUIREMENT.match(line)
        name, least = (match[1], match[2] or "") if match else (line, "")
        try:
            found = metadata.version(name)
        except metadata.PackageNotFoundError:
            wrong.append(name)
            continue
        if least and _numbers(found) < _numbers(least):
            wrong.append(f"{name} {found} < {least}")
    if wrong:
        listed = ", ".join(wrong[:8])
        return error(
            "packages",
            (f"缺少或过旧：{listed}", f"missing or too old: {listed}"),
            ("请按 requirements.lock 重新安装", "install again from requirements.lock"),
        )
    return good("packages", f"{count}个软件包齐备", f"all {count} packages are there")


def _numbers(version: str) -> tuple[int, ...]:
    found = re.match(r"\d+(?:\.\d+)*", version)
    return tuple(int(part) for part in found[0].split(".")) if found else ()


def _fonts() -> Sign:
    for folder in _FONT_FOLDERS:
        root = Path(folder).expanduser()
        if not root.is_dir():
            continue
        for path in root.rglob("*"):
            if path.suffix.lower() in {".ttf", ".ttc", ".otf"} and _CHINESE_FONT.search(path.name):
                return good("fonts", path.name, path.name)
    return warning(
        "fonts",
        ("没有中文字体，图表中的汉字可能错位", "no Chinese font: texts in charts may be out of place"),
        ("安装字体：apt install fonts-noto-cjk", "install one: apt install fonts-noto-cjk"),
    )


def _disk(data: Path) -> Sign:
    place = data
    while not place.exists() and place != place.parent:
        place = place.parent
    usage = shutil.disk_usage(place)
    free = f"{usage.free / (1 << 30):,.1f} GB"
    said = (f"剩余 {free}", f"{free} are free")
    mend = ("请清理磁盘或扩容；备份移到其他机器", "make room; move backups to another machine")
    if usage.free < _LEAST_BYTES:
        return error("disk", said, mend)
    if usage.free < _FEW_BYTES:
        return warning("disk", said, mend)
    return good("disk", *said)
