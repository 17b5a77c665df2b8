"""Roster files as they were handed in: each in a folder named after its digest, never under a name of the user's.

`HUIQI_DATA/rosters/<digest>/roster.<ending>` is the file; `<digest>/<number of the roster>/` holds what was made of it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.core.signing import BadSignature, Signer

from huiqi.findings import one_line
from huiqi.portal.acts.actors import Actor
from huiqi.portal.acts.refusals import Refused
from huiqi.screening.roster.problems import problem
from huiqi.screening.roster.sources import sniffed
from huiqi.screening.roster.tables import Unreadable

MOST_BYTES = 200 << 20
ENDINGS = (".csv", ".xlsx", ".xlsm", ".xls", ".et", ".ods", ".parquet", ".tsv", ".txt")
_STEM = "roster"


def keep(name: str, pieces: Iterable[bytes], actor: Actor) -> str:
    """Keep a file and return the ticket with which this actor, and nobody else, hands it in.

    Raises Refused: another ending, content that is no table or lies about its kind, too many bytes.
    """
    ending = Path(name).suffix.lower()
    if ending not in ENDINGS:
        raise Refused("不能读取这种文件", mend="请另存为.xlsx或CSV后上传", code="roster-ending", cell="file")
    house = _house()
    descriptor, part_name = tempfile.mkstemp(prefix=".incoming-", suffix=ending, dir=house)
    part = Path(part_name)
    try:
        digest = hashlib.sha256()
        size = 0
        with os.fdopen(descriptor, "wb") as file:
            for piece in pieces:
                size += len(piece)
                if size > MOST_BYTES:
                    raise too_large()
                digest.update(piece)
                file.write(piece)
        try:
            sniffed(part)
        except Unreadable as error:
            mend = "请核对所选的文件，或另存为.xlsx或CSV后上传"
            raise Refused(problem(error.code), mend=mend, code=error.code, cell="file") from None
        folder = house / digest.hexdigest()
        folder.mkdir(exist_ok=True)
        part.replace(folder / f"{_STEM}{ending}")
    finally:
        part.unlink(missing_ok=True)
    return _signer().sign_object(
        {
            "digest": digest.hexdigest(),
            "ending": ending,
            "by": actor.id,
            "name": one_line(Path(name).name, 200),
        }
    )


def too_large() -> Refused:
    """The refusal of a file beyond MOST_BYTES."""
    return Refused(
        f"文件超过{MOST_BYTES >> 20}MB",
        mend="请分成几个文件，或只保留名册一张表",
        code="file-too-large",
        cell="file",
    )


def redeemed(ticket: str, actor: Actor) -> tuple[str, str]:
    """Return the digest and the user's file name of a ticket. Raises Refused for another's ticket or a made-up one."""
    try:
        said = _signer().unsign_object(ticket)
    except (BadSignature, ValueError):
        said = {}
    if said.get("by") != actor.id or not (folder_of(said["digest"]) / f"{_STEM}{said['ending']}").is_file():
        raise Refused("没有找到上传的文件", mend="请重新上传", code="no-upload", cell="file")
    return said["digest"], said["name"]


def folder_of(digest: str) -> Path:
    """Return the folder of a file."""
    return _house() / digest


def file_of(digest: str) -> Path:
    """Return the file. Raises Refused where it is not there any more."""
    found = sorted(folder_of(digest).glob(f"{_STEM}.*"))
    if not found:
        raise Refused(
            "名册文件已不在数据目录中", why=digest, mend="请从备份恢复，或重新上传", code="file-lost"
        )
    return found[0]


def work_folder(digest: str, roster: int) -> Path:
    """Return the folder of what was made of a roster: its rows as read, and the sheet that is given back."""
    return folder_of(digest) / str(roster)


def forget(digest: str, roster: int, is_last: bool) -> None:
    """Delete what was made of a roster, and the file too where no other roster needs it."""
    shutil.rmtree(folder_of(digest) if is_last else work_folder(digest, roster), ignore_errors=True)


def _house() -> Path:
    house: Path = settings.DATA / "rosters"
    house.mkdir(parents=True, exist_ok=True, mode=0o700)
    return house


def _signer() -> Signer:
    return Signer(salt="huiqi.portal.firms.roster")
