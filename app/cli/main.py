"""The `gazette` command: its subcommands, its exit codes and its error messages.

Exit codes: 0 done, 1 a check failed, 2 refused or impossible, 130 interrupted.

Every invocation imports this package, and a shell calls it to complete a word. So the command modules
import what they need inside the commands.
"""

import errno
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from app.cli import database, describe, load, parse, serve
from app.cli.errors import CommandFailed, discard_output, error_lines, print_error
from app.cli.help import examples
from app.cli.interrupts import INTERRUPTED
from app.version import VERSION

cli = typer.Typer(
    name="gazette",
    help="A city's government gazette as open data.\n\nSettings are read from the environment and from '.env'; "
    "see 'gazette settings'. Each command describes itself: 'gazette load --help'.",
    epilog=examples("gazette serve", "gazette load seed/2021-05", "gazette check"),
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
)
cli.command(epilog=serve.EXAMPLES)(serve.serve)
cli.command(epilog=parse.EXAMPLES)(parse.parse)
cli.command(epilog=load.EXAMPLES)(load.load)
cli.command(epilog=database.MIGRATE_EXAMPLES)(database.migrate)
cli.command(epilog=database.CHECK_EXAMPLES)(database.check)
cli.command(epilog=database.EXPORT_EXAMPLES)(database.export)
cli.command("settings", epilog=describe.SETTINGS_EXAMPLES)(describe.show_settings)
cli.command(epilog=describe.OPENAPI_EXAMPLES)(describe.openapi)


def _print_version(requested: bool) -> None:
    if requested:
        typer.echo(f"gazette {VERSION}")
        raise typer.Exit


@cli.callback()
def _global_options(
    version: Annotated[  # its callback prints it
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None: ...


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; errors are printed to stderr, one a line."""
    try:
        code = cli(arguments, prog_name="gazette", standalone_mode=False)
        sys.stdout.flush()
    except KeyboardInterrupt:
        code = INTERRUPTED
    except CommandFailed as error:
        for message in error.lines:
            print_error(message)
        return error.code
    except SystemExit as error:
        # Typer exits with 1 when nobody reads the output any more, but 1 means that a check failed.
        code = _end_output() if error.code == 1 else error.code
    except BrokenPipeError:  # the same, noticed only by the flush above
        code = _end_output()
    except Exception as error:
        code = _explain(error)
    if code == INTERRUPTED:
        print_error("interrupted")
    return int(code or 0)


def _explain(error: Exception) -> int:
    if isinstance(error, OSError):
        if error.errno == errno.EBADF and not error.filename:
            return _end_output()  # stdout was closed before the command began
        discard_output()  # it may be the output that cannot be written
    for message in error_lines(error):
        print_error(message)
    return 2


def _end_output() -> int:
    discard_output()
    print_error("the output was closed before it was complete")
    return 2


if __name__ == "__main__":
    sys.exit(main())
