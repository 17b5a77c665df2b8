"""What a reader of documents refuses, said to officers: by its code, in the language of the visit."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import get_language

from huiqi.findings import Finding
from huiqi.portal.acts.refusals import Refused

_CHINESE: dict[str, tuple[str, str]] = {
    "document-unreadable": ("读不出这份文件", "请另存为DOCX、PDF或纯文本后再试"),
    "document-missing": ("没有找到上传的文件", "请重新上传"),
    "document-empty": ("文件里没有文字", "请上传有正文的文件，或粘贴正文"),
    "document-too-large": ("文件过大", "请按文件拆开，分别上传"),
    "document-damaged": ("文件已损坏", "请用原来的软件打开，重新保存后上传"),
    "document-hostile": ("文件结构异常，可能有害，已拒绝读取", "请不要打开，向提供者索取纯文本"),
    "document-locked": ("文件设有密码", "请取消密码后保存，再上传"),
    "document-scanned": ("这是扫描件或图片，里面没有文字", "请先识别文字（OCR），或向印发机关索取电子文本"),
    "document-format": ("不能读取这种文件", "请另存为DOCX、PDF或纯文本后上传"),
    "document-too-slow": ("读取时间过长，已停止", "请另存为DOCX或纯文本后上传"),
    "document-lies": ("文件内容与扩展名不符", "请核对来源；确认无误后改用正确的扩展名上传"),
    "document-ending": ("不能读取这种文件", "请上传TXT、DOCX、DOC、WPS、PDF或HTML文件"),
}
_OTHER = ("文件没有读成", "请联系系统管理员查看后台任务")


def said_of(refusal: Mapping[str, str]) -> str:
    """Return a kept refusal (`code`, `why`, `mend`, `what`) as one sentence in the language of the visit."""
    if (get_language() or "").startswith("en"):
        parts = (refusal.get("what", ""), refusal.get("why", ""), refusal.get("mend", ""))
        return "; ".join(each for each in parts if each)
    what, mend = _CHINESE.get(refusal.get("code", ""), _OTHER)
    return f"{what}；{mend}"


def kept_refusal(finding: Finding) -> dict[str, str]:
    """Return a reader's finding as a row keeps it; the file's name is left out."""
    return {"code": finding.code, "what": finding.what, "why": finding.why, "mend": finding.mend}


def refused(finding: Finding, cell: str = "file") -> Refused:
    """Return a reader's finding as the refusal of an act, beside the field that it is about."""
    if (get_language() or "").startswith("en"):
        return Refused(finding.what, finding.why, finding.mend, code=finding.code, cell=cell)
    what, mend = _CHINESE.get(finding.code, _OTHER)
    return Refused(what, mend=mend, code=finding.code, cell=cell)
