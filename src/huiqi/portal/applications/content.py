"""What an attached file really is, whatever its name says: a PDF, JPEG or PNG that opens, and nothing else beside it.

A PDF that runs programs, holds other files, is locked, or has anything before or behind it is refused. Of a picture only the picture is
kept: what phones append behind it (and what anybody hides there) is cut off, as are its places and dates in EXIF.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

from huiqi.portal.acts.refusals import Refused
from huiqi.portal.applications.needed import limits
from huiqi.portal.applications.pictures import Broken, plain_jpeg, plain_png

PDF, JPEG, PNG = "pdf", "jpg", "png"
TYPES = {PDF: "application/pdf", JPEG: "image/jpeg", PNG: "image/png"}
ENDINGS = {".pdf": PDF, ".jpg": JPEG, ".jpeg": JPEG, ".png": PNG}
_VERSION = re.compile(rb"%PDF-[12]\.\d")
_SECONDS = 60
_CHILD = "huiqi.portal.applications.opening"
_SAID = {
    "locked": ("PDF文件设有密码", "请去掉密码或重新生成后上传", "attachment-locked"),
    "unreadable": ("文件打不开", "请重新扫描、拍照或用“打印为PDF”生成后上传", "attachment-unreadable"),
    "intricate": ("PDF文件的结构无法核查", "请用“打印为PDF”重新生成后上传", "attachment-unreadable"),
    "pixels": ("图片太大", "请降低分辨率后上传", "attachment-pixels"),
}


@dataclass(frozen=True, slots=True)
class Checked:
    """A file as it may be kept: its kind and its bytes."""

    kind: str
    content: bytes


def checked(ending: str, content: bytes) -> Checked:
    """Return a file as it may be kept. Raises Refused."""
    wanted = ENDINGS.get(ending.lower())
    if wanted is None:
        raise _refused("不能上传这种文件", "请上传PDF、JPG或PNG文件", "attachment-ending")
    if not content.strip():
        raise _refused("文件为空", "请重新扫描或导出后上传", "attachment-empty")
    if _kind(content) != wanted:
        raise _refused(
            "文件内容与文件名后缀不符", "请用原来的软件另存为PDF、JPG或PNG后上传", "attachment-content"
        )
    if wanted == PDF:
        end = content.rfind(b"%%EOF")
        if end < 0 or content[end + 5 :].strip(b"\r\n\t \0"):
            raise _refused(
                "PDF文件后面还有其他内容，或文件不完整", "请用“打印为PDF”重新生成", "attachment-polyglot"
            )
        kept = content
    else:
        try:
            kept = plain_jpeg(content) if wanted == JPEG else plain_png(content)
        except Broken:
            raise _refused(*_SAID["unreadable"]) from None
    _open(wanted, kept)
    return Checked(wanted, kept)


def _kind(content: bytes) -> str | None:
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    return PDF if _VERSION.match(content) else None


def _open(kind: str, content: bytes) -> None:
    """Let a process of its own open the file, as some are made to break their reader. Raises Refused."""
    told = _told(kind, content)
    if told.get("code") in _SAID:
        raise _refused(*_SAID[told["code"]])
    if kind != PDF:
        return
    if not 1 <= told["pages"] <= limits().pages:
        raise _refused(
            f"PDF文件应有1至{limits().pages}页", "请只保留需要的页，或分成几个文件", "attachment-pages"
        )
    if told["active"]:
        raise _refused(
            "PDF文件中有程序、动作或附带文件",
            "请用“打印为PDF”重新生成后上传",
            "attachment-active",
            why="、".join(told["active"]),
        )


def _told(kind: str, content: bytes) -> dict[str, Any]:
    try:
        done = subprocess.run(
            [sys.executable, "-m", _CHILD, kind, str(limits().pixels)],
            input=content,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
        told = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, OSError, ValueError):
        return {"code": "unreadable"}
    return told if isinstance(told, dict) else {"code": "unreadable"}


def _refused(what: str, mend: str, code: str, why: str = "") -> Refused:
    return Refused(what, why=why, mend=mend, code=code, cell="file")
