"""`gazette parse`: make a reviewable data package from a gazette's text."""

import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from app.cli.decisions import IssueOption, PublishedOnOption, SerialOption, parse_decisions
from app.cli.errors import CommandFailed, error_lines
from app.cli.help import examples
from app.cli.interrupts import raise_on_interrupt
from app.cli.values import parse_date, parse_path


def parse(
    file: Annotated[
        Path, typer.Argument(parser=parse_path, metavar="FILE", help="Text of one issue: UTF-8, UTF-16 or GB18030.")
    ],
    directory: Annotated[
        Path | None, typer.Option("-o", parser=parse_path, metavar="DIR", help="Write package and report into DIR.")
    ] = None,
    with_text: Annotated[
        bool, typer.Option("--with-text", help="Include the gazette's sentences in the package.")
    ] = False,
    created: Annotated[
        date | None,
        typer.Option(
            "--created",
            parser=parse_date,
            metavar="DATE",
            help="Day of the package, YYYY-MM-DD. Default: that of an identical package in DIR, else today.",
        ),
    ] = None,
    issue: IssueOption = None,
    serial: SerialOption = None,
    published_on: PublishedOnOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Make a data package and a report from a gazette's text.

    The package is CSV files for a person to review and for 'gazette load'. Without -o only the report is printed.
    """
    from app.cli.console import report_lines
    from app.ingest.extract import NotAnIssueError
    from app.ingest.parse_report import JSON_FILE, MARKDOWN_FILE, report_files
    from app.ingest.pipeline import parse_file
    from app.settings import current_day

    decisions = parse_decisions(issue, serial, published_on)
    try:
        with raise_on_interrupt():  # so that no half-written file stays
            report = parse_file(file, directory, created, current_day(), with_text, decisions)
    except NotAnIssueError as error:
        raise CommandFailed(list(error_lines(error, str(file))), code=2) from None
    if as_json or directory is None:
        sys.stdout.write(report_files(report)[JSON_FILE if as_json else MARKDOWN_FILE])
    else:
        typer.echo("\n".join(report_lines(report, str(directory))))


EXAMPLES = examples(
    "gazette parse 2021-06.txt",
    "gazette parse 2021-06.txt -o seed/2021-06",
    "gazette parse 2021-06.txt -o seed/2021-06 --with-text --created 2021-07-01",
)
