"""The options by which an operator decides which issue a text is."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.values import parse_date, whole_number

if TYPE_CHECKING:
    from app.parser.structure.issue_identity import IssueDecisions

IssueOption = Annotated[
    str | None,
    typer.Option(
        "--issue", metavar="ID", help="Which issue it is, where the text does not say or says it twice: 2021-05."
    ),
]
SerialOption = Annotated[
    int | None,
    typer.Option(
        "--serial",
        parser=whole_number(1, 999_999),
        metavar="NUMBER",
        help="Its serial number, where the text says it twice.",
    ),
]


PublishedOnOption = Annotated[
    date | None,
    typer.Option(
        "--published-on",
        parser=parse_date,
        metavar="DATE",
        help="Its day of publication, where the text does not say or says it twice.",
    ),
]


def parse_decisions(issue: str | None, serial: int | None, published_on: date | None) -> "IssueDecisions":
    """Return what the options decide."""
    from app.parser.structure.issue_identity import IssueDecisions, parse_issue_id

    number = parse_issue_id(issue) if issue is not None else None
    if issue is not None and number is None:
        raise typer.BadParameter(
            f"'{issue}' is not the id of an issue; write 2021-05, 2021-05_06 for a combined issue, 2021-05-s1 for a "
            "supplement.",
            param_hint="'--issue'",
        )
    return IssueDecisions(number, serial, published_on)
