"""`huiqi keys`: the keys of a site as they are used, rotated, and those from before taken out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from huiqi.cli.options import json_option, language_option, print_json
from huiqi.findings import BadInput, Finding

if TYPE_CHECKING:
    from huiqi.portal.secrets.renewing import Renewed


@click.group("keys")
def keys_command() -> None:
    """The keys that seal personal values 密钥."""


@keys_command.command("show")
@language_option
@json_option
def show_command(as_json: bool, language: str) -> None:
    """Say which keys there are and how many values each has sealed; never the keys themselves."""
    from huiqi.cli.site import open_site

    open_site()
    from django.conf import settings

    from huiqi.portal.keys import encryption_keys, keys_file
    from huiqi.portal.secrets.renewing import keys_in_use
    from huiqi.portal.secrets.sealing import earlier_lookups, newest

    keys, used = encryption_keys(settings.DATA), keys_in_use()
    rows = [
        {"column": column, "key": key, "values": number} for (column, key), number in sorted(used.items())
    ]
    earlier = earlier_lookups(keys)
    numbers = sorted([int(name) for name in keys if name.isdecimal()])
    if as_json:
        print_json(
            {
                "file": str(keys_file(settings.DATA)),
                "newest": newest(keys),
                "sealing_keys": [str(each) for each in numbers],
                "earlier_lookup_keys": earlier,
                "values": rows,
            }
        )
        return
    chinese = language == "zh"
    click.echo(
        f"最新加密密钥：第{newest(keys)}号；保留的旧查找密钥：{len(earlier)}个"
        if chinese
        else f"newest sealing key: {newest(keys)}; lookup keys kept from before: {len(earlier)}"
    )
    for row in rows:
        said = (
            "{column}：第{key}号密钥，{values:,}个值" if chinese else "{column}: key {key}, {values:,} values"
        )
        click.echo(said.format(**row))


@keys_command.command("rotate")
@language_option
@json_option
def rotate_command(as_json: bool, language: str) -> int:
    """Make a new key to seal with and a new key of lookups, and bring every value to them while the site works.

    The keys from before stay in the file until `huiqi keys drop`. Where this is killed, `huiqi keys renew` goes on.
    """
    from huiqi.cli.site import open_site

    open_site()
    from django.conf import settings

    from huiqi.portal.keys import encryption_keys, rotated, write_keys

    write_keys(settings.DATA, rotated(encryption_keys(settings.DATA)))
    return _renew(as_json, language)


@keys_command.command("renew")
@language_option
@json_option
def renew_command(as_json: bool, language: str) -> int:
    """Bring every value to the newest keys: after a rotation that was killed, or after an old backup was restored."""
    from huiqi.cli.site import open_site

    open_site()
    return _renew(as_json, language)


@keys_command.command("drop")
@click.option(
    "--lookup", is_flag=True, help="Also the lookup keys from before: see below what is lost with them."
)
@language_option
@json_option
def drop_command(lookup: bool, as_json: bool, language: str) -> int:
    """Take the sealing keys from before out of the file, once nothing is sealed with them.

    Lookup keys from before stay: by them recovery codes, links to the single sign-on and repeated requests are still
    known, which stand as digests alone. With --lookup they go too: recovery codes made before the rotation are worth
    nothing then, and who did not sign in since by the single sign-on must be linked again. Backups sealed before are
    restored with the copy of the keys file of that time.
    """
    from huiqi.cli.site import open_site

    open_site()
    from django.conf import settings

    from huiqi.portal.applications.files import sealed_files as sealed_attachments
    from huiqi.portal.keys import encryption_keys, keys_file, write_keys
    from huiqi.portal.payments.statement_files import sealed_files
    from huiqi.portal.secrets.renewing import renew
    from huiqi.portal.secrets.sealing import earlier_lookups, newest

    keys = encryption_keys(settings.DATA)
    # What a process wrote with the old keys at the moment of the rotation is brought along first.
    made = renew(keys)
    if made.closed:
        where = ", ".join(f"{column}: {number}" for column, number in sorted(made.closed.items()))
        what, mend = (
            "values that no key opens",
            "find the copy of the keys that sealed them; nothing was taken out",
        )
        raise BadInput([Finding(str(keys_file(settings.DATA)), 0, "", "values-closed", what, where, mend)])
    held = {*sealed_files(), *sealed_attachments()}
    gone = [name for name in keys if name.isdecimal() and name not in {newest(keys), *held}]
    gone += earlier_lookups(keys) if lookup else []
    if gone:
        write_keys(settings.DATA, {name: key for name, key in keys.items() if name not in gone})
    kept = sorted(held - {newest(keys)}, key=int)
    if as_json:
        print_json({"dropped": sorted(gone), "kept_for_files": kept})
    else:
        shown = "、".join(sorted(gone)) or "无" if language == "zh" else ", ".join(sorted(gone)) or "none"
        click.echo(f"已移除的密钥：{shown}" if language == "zh" else f"keys taken out: {shown}")
        if kept:
            said = "、".join(kept)
            click.echo(
                f"回单原件或申请材料仍须用到：{said}"
                if language == "zh"
                else f"kept for files of statements or applications: {said}"
            )
    return 0


def _renew(as_json: bool, language: str) -> int:
    from django.conf import settings

    from huiqi.cli.site import to_terminal
    from huiqi.portal.applications.files import reseal_files as reseal_attachments
    from huiqi.portal.keys import encryption_keys
    from huiqi.portal.payments.statement_files import reseal_files
    from huiqi.portal.secrets.renewing import renew
    from huiqi.portal.secrets.sealing import newest

    keys = encryption_keys(settings.DATA)
    made = renew(keys, to_terminal("values"))
    files, attachments = reseal_files(keys), reseal_attachments(keys)
    if as_json:
        print_json(
            {
                "newest": newest(keys),
                "values": made.looked,
                "renewed": made.changed,
                "followed": made.followed,
                "files": files,
                "attachments": attachments,
                "closed": dict(sorted(made.closed.items())),
            }
        )
    else:
        _tell(made, files, attachments, newest(keys), language)
    return 1 if made.closed else 0


def _tell(made: Renewed, files: int, attachments: int, number: str, language: str) -> None:
    chinese = language == "zh"
    click.echo(
        f"第{number}号密钥：{made.looked:,}个值中更新{made.changed:,}个，"
        f"回单明细{made.followed:,}条，回单原件{files:,}个，申请材料{attachments:,}个"
        if chinese
        else f"key {number}: of {made.looked:,} values {made.changed:,} renewed,"
        f" with {made.followed:,} statement lines, {files:,} statement files and {attachments:,} attachments"
    )
    for column, count in sorted(made.closed.items()):
        click.echo(
            f"{column}：{count:,}个值没有可用的密钥"
            if chinese
            else f"{column}: no key opens {count:,} values"
        )
    click.echo("请另存一份新的密钥文件" if chinese else "keep a copy of the new keys file elsewhere")
