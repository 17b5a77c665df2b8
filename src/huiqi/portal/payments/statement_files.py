"""Statements as they were handed in: each sealed with the site's key, in a file named after its digest.

`HUIQI_DATA/statements/<digest>.sealed` stays as evidence. To be read it is opened in a folder of its own that only the
site may enter, and which is removed afterwards: by the next attempt where a worker was killed.
"""

from __future__ import annotations

import base64
import hashlib
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.signing import BadSignature, Signer

from huiqi.findings import one_line
from huiqi.portal.acts.actors import Actor
from huiqi.portal.acts.refusals import Refused
from huiqi.portal.payments.payees import keys
from huiqi.portal.secrets.sealing import CannotOpen, key_of, newest, seal, unseal

MOST_BYTES = 30 << 20
FORMS = {".csv": "csv", ".txt": "csv", ".xlsx": "xlsx", ".sta": "mt940", ".mt940": "mt940", ".940": "mt940"}
"""How the file is read, by the ending of its name."""


def keep(name: str, pieces: Iterable[bytes], actor: Actor) -> str:
    """Seal a file and keep it; return the ticket by which this actor, and nobody else, hands it in. Raises Refused."""
    form = FORMS.get(Path(name).suffix.lower())
    if form is None:
        raise Refused(
            "不能读取这种文件",
            mend="请上传CSV、XLSX或MT940（.sta）文件",
            code="statement-ending",
            cell="file",
        )
    content = bytearray()
    for piece in pieces:
        content += piece
        if len(content) > MOST_BYTES:
            raise too_large()
    if not content.strip():
        raise Refused("文件为空", mend="请重新导出", code="empty-file", cell="file")
    digest = hashlib.sha256(content).hexdigest()
    path = _file(digest)
    if not path.exists():
        part = path.with_suffix(".part")
        part.write_text(seal(base64.b64encode(content).decode(), _place(digest), keys()), "ascii")
        part.replace(path)
    made = {"digest": digest, "form": form, "by": actor.id, "name": one_line(Path(name).name, 200)}
    return _signer().sign_object(made)


def too_large() -> Refused:
    """The refusal of a file beyond MOST_BYTES."""
    return Refused(
        f"文件超过{MOST_BYTES >> 20}MB", mend="请按日期分成几个文件", code="file-too-large", cell="file"
    )


def redeemed(ticket: str, actor: Actor) -> tuple[str, str, str]:
    """Return digest, form and the user's file name of a ticket. Raises Refused for another's, or a made-up one."""
    try:
        said = _signer().unsign_object(ticket)
    except (BadSignature, ValueError):
        said = {}
    if said.get("by") != actor.id or not _file(said["digest"]).is_file():
        raise Refused("没有找到上传的文件", mend="请重新上传", code="no-upload", cell="file")
    return said["digest"], said["form"], said["name"]


@contextmanager
def opened(digest: str, form: str, number: int) -> Iterator[Path]:
    """Give the file in clear for as long as it is read, as statement `number`'s own. Raises Refused."""
    folder = _house() / f".reading-{number}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    try:
        yield _in_clear(digest, folder / f"statement.{'sta' if form == 'mt940' else form}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sealed_files() -> list[str]:
    """Return the numbers of the keys that the kept files are sealed with."""
    return [key_of(path.read_text("ascii")) for path in sorted(_house().glob("*.sealed"))]


def reseal_files(by: Mapping[str, str]) -> int:
    """Seal the kept files with the newest key; those that no key opens stay as they are. Return how many were changed."""
    changed = 0
    for path in sorted(_house().glob("*.sealed")):
        sealed = path.read_text("ascii")
        if key_of(sealed) == newest(by):
            continue
        try:
            content = unseal(sealed, _place(path.stem), by)
        except CannotOpen:
            continue
        part = path.with_suffix(".part")
        part.write_text(seal(content, _place(path.stem), by), "ascii")
        part.replace(path)
        changed += 1
    return changed


def _in_clear(digest: str, path: Path) -> Path:
    try:
        sealed = _file(digest).read_text("ascii")
        path.write_bytes(base64.b64decode(unseal(sealed, _place(digest), keys())))
    except FileNotFoundError:
        raise Refused(
            "回单文件已不在数据目录中", why=digest, mend="请从备份恢复，或重新上传", code="file-lost"
        ) from None
    except CannotOpen:
        raise Refused("回单文件无法解密", why=digest, mend="请检查密钥文件", code="file-sealed") from None
    return path


def _file(digest: str) -> Path:
    return _house() / f"{digest}.sealed"


def _place(digest: str) -> str:
    return f"payments_bankstatement.file#{digest}"


def _house() -> Path:
    house: Path = settings.DATA / "statements"
    house.mkdir(parents=True, exist_ok=True, mode=0o700)
    return house


def _signer() -> Signer:
    return Signer(salt="huiqi.portal.payments.statement")
