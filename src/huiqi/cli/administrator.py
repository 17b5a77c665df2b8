"""`huiqi administrator`: the first administrator of a site, or a new link for one who lost every way in."""

from __future__ import annotations

import click

from huiqi.findings import BadInput


@click.command("administrator")
@click.option("--user-name", required=True, help="User name to sign in with.")
@click.option("--name", required=True, help="The person's name.")
@click.option("--agency", required=True, help="The agency's full name; added where it is not there yet.")
@click.option("--region", required=True, metavar="CODE", help="The agency's region, six digits.")
@click.option("--site", default="http://127.0.0.1:8000", show_default=True, help="Address of the site.")
def administrator_command(user_name: str, name: str, agency: str, region: str, site: str) -> None:
    """Invite a site's administrator 系统管理员 and print the link that opens the account.

    For an administrator who is there already the link is renewed. What is done stands in the events, as done by the
    operator of the machine. The link is printed once, works once, and ends after some days.
    """
    from huiqi.cli.site import open_site

    open_site()
    from django.urls import reverse

    from huiqi.portal.accounts.first import make_administrator
    from huiqi.portal.look import clock

    try:
        user, secret = make_administrator(
            user_name, name, agency, region, now=clock.now(), today=clock.today()
        )
    except BadInput as refused:
        # With all that was found wrong, field by field.
        raise BadInput(refused.findings) from None
    click.echo(f"{user.name}（{user.username}）")
    click.echo(f"{site.rstrip('/')}{reverse('entry', kwargs={'secret': secret})}")
