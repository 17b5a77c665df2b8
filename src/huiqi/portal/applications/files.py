"""Attached files as they are kept: each sealed with the site's key, under the digest of its content.

`HUIQI_DATA/attachments/<digest>.sealed`: outside the web root, under no name of the user's, and of no use without the keys. Backups
take the folder along, as every folder of the data folder.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.core.signing import BadSignature, Signer

from huiqi.findings import one_line
from huiqi.portal.acts.actors import Actor
from huiqi.portal.acts.refusals import Refused
from huiqi.portal.applications.content import checked
from huiqi.portal.applications.needed import limits
from huiqi.portal.payments.payees import keys
from huiqi.portal.secrets.sealing import CannotOpen, key_of, newest, seal, unseal

_DIGEST = re.compile("[0-9a-f]{64}")
_UNSAFE = re.compile(r'[\x00-\x1f<>:"/\\|?*\u202a-\u202e\u2066-\u2069]')
FORGOTTEN_AFTER = 24 * 3600
"""Seconds after which a file that no application names is taken away."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that was kept: its digest, kind, bytes and the user's name for it."""

    digest: str
    kind: str
    size: int
    name: str


def keep(name: str, pieces: Iterable[bytes], actor: Actor) -> str:
    """Check a file by its content, seal and keep it; return the ticket by which this actor, and nobody else, attaches it.

    Raises Refused.
    """
    content = bytearray()
    for piece in pieces:
        content += piece
        if len(content) > limits().file:
            raise too_large()
    plain = plain_name(name)
    made = checked(PurePosixPath(plain).suffix, bytes(content))
    digest = hashlib.sha256(made.content).hexdigest()
    path = _file(digest)
    if path.exists():
        # Used again: it is not forgotten before it is attached.
        os.utime(path)
    else:
        _write(path, seal(base64.b64encode(made.content).decode(), _place(digest), keys()))
    said = {"digest": digest, "kind": made.kind, "size": len(made.content), "name": plain, "by": actor.id}
    return _signer().sign_object(said)


def plain_name(name: str) -> str:
    """Return a file's name without folders and without what no name should hold."""
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = one_line(_UNSAFE.sub("", last), 1_000).strip(" .")
    if len(plain) <= 80:
        return plain or "file"
    stem, dot, ending = plain.rpartition(".")
    return f"{stem[: 79 - len(ending)]}{dot}{ending}" if dot and len(ending) < 10 else plain[:80]


def too_large() -> Refused:
    """The refusal of a file that is too large."""
    return Refused(
        f"文件超过{limits().file >> 20}MB",
        mend="请降低分辨率，或分成几个文件",
        code="file-too-large",
        cell="file",
    )


def redeemed(ticket: str, actor: Actor) -> Kept:
    """Return the file of a ticket. Raises Refused for another's, or a made-up one."""
    try:
        said = _signer().unsign_object(ticket)
    except (BadSignature, ValueError):
        said = {}
    if not said or said.get("by") != actor.id or not _file(said["digest"]).is_file():
        raise Refused("没有找到上传的文件", mend="请重新上传", code="no-upload", cell="file")
    return Kept(said["digest"], said["kind"], said["size"], said["name"])


def content_of(digest: str) -> bytes:
    """Return a kept file in clear. Raises Refused where it is lost, or no key opens it."""
    try:
        content = base64.b64decode(unseal(_file(digest).read_text("ascii"), _place(digest), keys()))
    except FileNotFoundError:
        raise Refused(
            "材料文件已不在数据目录中", why=digest, mend="请从备份恢复，或请企业重新上传", code="file-lost"
        ) from None
    except CannotOpen:
        raise Refused("材料文件无法解密", why=digest, mend="请检查密钥文件", code="file-sealed") from None
    if hashlib.sha256(content).hexdigest() != digest:
        raise Refused("材料文件已被改动", why=digest, mend="请从备份恢复", code="file-changed")
    return content


def forget_unnamed(named: Iterable[str], now: float | None = None) -> int:
    """Take away the files that no application names and that were not touched for a day; how many."""
    wanted, gone = set(named), 0
    before = (time.time() if now is None else now) - FORGOTTEN_AFTER
    for path in _kept():
        if path.stem not in wanted and path.stat().st_mtime < before:
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def old_files() -> list[str]:
    """Return the digests of the files that were not touched for a day, to be asked whether any application names them."""
    before = time.time() - FORGOTTEN_AFTER
    return [path.stem for path in _kept() if path.stat().st_mtime < before]


def sealed_files() -> list[str]:
    """Return the numbers of the keys that the kept files are sealed with."""
    return [key_of(path.read_text("ascii")) for path in _kept()]


def reseal_files(by: Mapping[str, str]) -> int:
    """Seal the kept files with the newest key; those that no key opens stay as they are. Return how many were changed."""
    changed = 0
    for path in _kept():
        sealed = path.read_text("ascii")
        if key_of(sealed) == newest(by):
            continue
        try:
            content = unseal(sealed, _place(path.stem), by)
        except CannotOpen:
            continue
        _write(path, seal(content, _place(path.stem), by))
        changed += 1
    return changed


def _kept() -> Iterator[Path]:
    return (path for path in sorted(_house().glob("*.sealed")) if _DIGEST.fullmatch(path.stem))


def _write(path: Path, sealed: str) -> None:
    # A name of its own: two may send the same file at one moment.
    part = path.with_name(f".{path.stem}.{os.getpid()}.{time.monotonic_ns()}")
    part.write_text(sealed, "ascii")
    part.chmod(0o600)
    part.replace(path)


def _file(digest: str) -> Path:
    if not _DIGEST.fullmatch(digest):
        raise Refused("没有找到上传的文件", mend="请重新上传", code="no-upload", cell="file")
    return _house() / f"{digest}.sealed"


def _place(digest: str) -> str:
    return f"applications_attachment.file#{digest}"


def _house() -> Path:
    house: Path = settings.DATA / "attachments"
    house.mkdir(parents=True, exist_ok=True, mode=0o700)
    return house


def _signer() -> Signer:
    return Signer(salt="huiqi.portal.applications.attachment")
