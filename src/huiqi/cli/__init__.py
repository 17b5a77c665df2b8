"""The command line: `huiqi …`. Commands answer with status 0; 1 only where a check finds something; 2 bad input."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

import click
from click.exceptions import NoArgsIsHelpError

from huiqi import __version__
from huiqi.cli.administrator import administrator_command
from huiqi.cli.align import align_command
from huiqi.cli.assess import assess_command
from huiqi.cli.audit import audit_command
from huiqi.cli.backup import backup_command, restore_command
from huiqi.cli.catalogue import facts_command, measures_command, show_command
from huiqi.cli.check import check_command
from huiqi.cli.demo import demo_command
from huiqi.cli.doctor import doctor_command
from huiqi.cli.documents import documents_command
from huiqi.cli.interview import interview_command
from huiqi.cli.jobs import jobs_command
from huiqi.cli.keys import keys_command
from huiqi.cli.outline import outline_command
from huiqi.cli.population import population_command
from huiqi.cli.screen import screen_command
from huiqi.cli.serve import serve_command
from huiqi.cli.size import size_command
from huiqi.cli.whatif import whatif_command
from huiqi.findings import BadInput, Finding


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="huiqi")
def cli() -> None:
    """Huiqi 惠企: what a firm is owed under the SME-relief policies, how much, why, and by which clause."""


for _command in (
    facts_command,
    measures_command,
    show_command,
    assess_command,
    interview_command,
    size_command,
    screen_command,
    population_command,
    whatif_command,
    check_command,
    outline_command,
    align_command,
    documents_command,
    demo_command,
    serve_command,
    administrator_command,
    audit_command,
    jobs_command,
    doctor_command,
    keys_command,
    backup_command,
    restore_command,
):
    cli.add_command(_command)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command; every error is one line on standard error and status 2."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        status = cli.main(given, prog_name="huiqi", standalone_mode=False)
    except BadInput as error:
        sys.exit(_refused(error, "--json" in given))
    except click.Abort:
        sys.exit(130)
    except NoArgsIsHelpError as error:
        # Nothing was asked for: what may be asked, as --help shows it.
        click.echo(error.format_message())
        sys.exit(0)
    except click.ClickException as error:
        message = error.format_message().replace("\n", " ")
        finding = Finding("", 0, "", "usage", message, "", "see `huiqi --help`")
        sys.exit(_refused(BadInput([finding]), "--json" in given))
    except BrokenPipeError:
        sys.exit(0)
    sys.exit(status if isinstance(status, int) else 0)


def _refused(error: BadInput, as_json: bool) -> int:
    if as_json:
        sys.stdout.write(
            json.dumps({"findings": [each.as_json() for each in error.findings]}, ensure_ascii=False)
        )
        sys.stdout.write("\n")
    sys.stderr.write(f"huiqi: {error}\n")
    return 2
