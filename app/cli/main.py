"""The `gazette` command: its subcommands, its exit codes and its error messages.

Exit codes: 0 done, 1 a check failed, 2 refused or impossible, 130 interrupted.

Every invocation imports this package, and a shell calls it to complete a word. So the command modules
import what they need inside the commands.
"""

import os
import sys
from collections.abc import Iterator, Sequence
from typing import Annotated

import typer

from app import __version__
from app.cli import database, describe, parse, serve
from app.cli.help import examples
from app.errors import StartupError

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
cli.command(epilog=database.LOAD_EXAMPLES)(database.load)
cli.command(epilog=database.CHECK_EXAMPLES)(database.check)
cli.command(epilog=database.EXPORT_EXAMPLES)(database.export)
cli.command("settings", epilog=describe.SETTINGS_EXAMPLES)(describe.show_settings)
cli.command(epilog=describe.OPENAPI_EXAMPLES)(describe.openapi)


def _print_version(requested: bool) -> None:
    if requested:
        typer.echo(f"gazette {__version__}")
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
        code = 130
    except SystemExit as error:
        # Typer exits with 1 when nobody reads the output any more, but 1 means that a check failed.
        code = 2 if error.code == 1 else error.code
    except BrokenPipeError:
        # The same, noticed only by the flush above. Without /dev/null, Python would complain when it exits.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 2
    except Exception as error:
        messages = list(_error_messages(error))
        if not messages:
            raise
        for message in messages:
            typer.echo(f"gazette: {message}", err=True)
        code = 2
    return int(code or 0)


def _error_messages(error: Exception) -> Iterator[str]:
    """Yield what the user is told of an error; nothing for one that nobody expected."""
    if isinstance(error, typer.TyperException):
        context = getattr(error, "ctx", None)
        command = context.command_path if context else "gazette"
        message = error.format_message()
        yield f"{message}{'' if message.endswith(('.', '?')) else '.'} See '{command} --help'."
        return
    if isinstance(error, (StartupError, ValueError)):
        yield str(error)
        return
    from app.ingest.extract import NotAnIssueError
    from app.ingest.package_reader import PackageError

    if isinstance(error, NotAnIssueError):
        yield str(error)
    elif isinstance(error, PackageError):
        yield from map(str, error.faults)
        yield f"refused, {len(error.faults)} fault(s); nothing was loaded"


if __name__ == "__main__":
    sys.exit(main())
