"""`huiqi backup` and `huiqi restore`: the whole site in one file, and a site from such a file."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from huiqi.cli.options import json_option, language_option, print_json
from huiqi.findings import BadInput, Finding

if TYPE_CHECKING:
    from huiqi.portal.upkeep.manifest import Manifest


@click.command("backup")
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, help="The file to write; none may be there."
)
@language_option
@json_option
def backup_command(out: Path, as_json: bool, language: str) -> None:
    """Write the database and the uploaded files into one file, at one moment, while the site goes on working.

    The keys are never in it: keep a copy of the keys file in another place, without it personal values are lost.
    """
    from huiqi.cli.site import open_site

    open_site()
    from huiqi.portal.look import clock
    from huiqi.portal.upkeep.backup import back_up

    made = back_up(out, clock.now(), _to_terminal())
    if as_json:
        print_json({"file": str(out), "bytes": made.bytes, **_plain(made.manifest)})
        return
    size = f"{made.bytes / (1 << 20):,.1f} MB"
    click.echo(f"已备份 {out}（{size}）" if language == "zh" else f"backed up {out} ({size})")
    _print(made.manifest, language)
    click.echo(
        "密钥不在备份中，请另行保管" if language == "zh" else "the keys are not in it: keep them elsewhere"
    )


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--into", help="Folder of a SQLite site, or postgresql://… (default: the site of the environment)."
)
@click.option("--replace", is_flag=True, help="Give up what stands there.")
@click.option("--without-keys", is_flag=True, help="The keys are lost: personal values stay closed for good.")
@language_option
@json_option
def restore_command(
    file: Path, into: str | None, replace: bool, without_keys: bool, as_json: bool, language: str
) -> None:
    """Make a site from a backup, on SQLite or PostgreSQL, whichever it came from.

    Everything is checked first; then the site is as the backup says, or as it was. Put the keys in their place before.
    """
    from huiqi.cli.site import open_site

    if not file.is_file():
        # Before a site is opened, which makes its folder.
        what, mend = "there is no such file", "give the file that `huiqi backup` wrote"
        raise BadInput([Finding(str(file), 0, "", "file-unreadable", what, "", mend)])
    _aim(into)
    open_site(migrated=False)
    from huiqi.portal.upkeep.restore import restore

    made = restore(file, replace=replace, without_keys=without_keys, progress=_to_terminal())
    if as_json:
        print_json({"file": str(file), "brought_forward": made.brought_forward, **_plain(made.manifest)})
        return
    click.echo(f"已从备份恢复 {file}" if language == "zh" else f"restored from {file}")
    _print(made.manifest, language)
    click.echo(
        "各表行数与链尾摘要同备份一致；所有用户须重新登录"
        if language == "zh"
        else "all row counts and the chain's head equal the backup's; everybody signs in again"
    )
    if made.brought_forward:
        click.echo("数据库已升级到本版本" if language == "zh" else "the database was brought to this version")


def _aim(into: str | None) -> None:
    if into is None:
        return
    if into.startswith(("postgresql://", "postgres://")):
        os.environ["DATABASE_URL"] = into
        return
    if "://" in into:
        what = f"--into cannot be {into.partition('://')[0]}://…"
        mend = "give a folder, or postgresql://user:password@host:port/name"
        raise BadInput([Finding("", 0, "--into", "database-unknown", what, "", mend)])
    os.environ["HUIQI_DATA"], os.environ["DATABASE_URL"] = into, ""


def _to_terminal() -> Callable[[str, int, int], None] | None:
    if not sys.stderr.isatty():
        return None

    def show(what: str, done: int, total: int) -> None:
        sys.stderr.write(f"\r\033[K{what} {done:,}/{total:,}" + ("\n" if done >= total else ""))
        sys.stderr.flush()

    return show


def _plain(manifest: Manifest) -> dict[str, Any]:
    return {
        "huiqi": manifest.huiqi,
        "made_at": manifest.made_at,
        "database": manifest.database,
        "head": manifest.head.model_dump(),
        "tables": {each.name: each.rows for each in manifest.tables},
        "files": manifest.files,
    }


def _print(manifest: Manifest, language: str) -> None:
    rows = sum(each.rows for each in manifest.tables)
    head = manifest.head
    if language == "zh":
        click.echo(
            f"{len(manifest.tables)}张表{rows:,}行，文件{manifest.files:,}个，数据库{manifest.database}"
        )
        click.echo(f"链尾：第{head.sequence:,}条 {head.digest}")
    else:
        click.echo(
            f"{len(manifest.tables)} tables, {rows:,} rows, {manifest.files:,} files, from {manifest.database}"
        )
        click.echo(f"head: event {head.sequence:,} {head.digest}")
