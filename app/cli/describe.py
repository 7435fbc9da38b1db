"""Commands that describe the program: settings, openapi. And how every command reads its settings."""

import re
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.errors import print_error
from app.cli.help import examples

if TYPE_CHECKING:
    from app.settings import Settings

PASSWORD = re.compile(r"^(?!sqlite)((?>(?:[a-z0-9+]+:/+)?)[^:/@]*):.*@", re.IGNORECASE)
"""From the colon after the user's name to the last `@`, because a password may contain either sign."""
PASSWORD_PARAMETER = re.compile(r"([?&][a-z_]*password=)[^&#]*", re.IGNORECASE)


def read_settings() -> "Settings":
    """Return the settings of the environment and of `.env`. Prints a line about each that is probably misspelt."""
    from app.settings import Settings, setting_warnings

    settings = Settings.from_environment()
    for warning in setting_warnings():
        print_error(f"warning: {warning}")
    return settings


def show_settings(
    as_json: Annotated[bool, typer.Option("--json", help="Print the settings as JSON.")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print the table of the README instead.")] = False,
) -> None:
    """Print every setting with its origin and its value.

    The origin is 'environment', '.env' (a file in the working directory) or 'default'; the environment
    overrides the file. A password in DATABASE_URL is not shown.
    """
    import json

    from app.settings import Settings, operator_settings

    if markdown:
        typer.echo("| setting | default | meaning |\n|---|---|---|")
        for name, default, description in operator_settings():
            typer.echo(f"| `{name}` | {f'`{default}`' if default else 'empty'} | {description} |")
        return
    settings = read_settings()
    origins = Settings.with_origins()[1]
    values = {name: getattr(settings, name) for name in Settings.model_fields}
    values["database_url"] = hide_password(values["database_url"])
    if as_json:
        rows = {name.upper(): {"value": value, "origin": origins[name]} for name, value in values.items()}
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    width = max(map(len, values))
    for name, value in values.items():
        typer.echo(f"{name.upper():{width}}  {origins[name]:11}  {value}".rstrip())


def hide_password(url: str) -> str:
    """Return a database address with `***` in place of its passwords. The address need not be valid."""
    return PASSWORD_PARAMETER.sub(r"\1***", PASSWORD.sub(r"\1:***@", url))


SETTINGS_EXAMPLES = examples("gazette settings", "MAX_GROUPS=500 gazette settings --json")


def openapi(
    markdown: Annotated[bool, typer.Option("--markdown", help="Print openapi.md instead.")] = False,
) -> None:
    """Print the OpenAPI document, or the page generated from it."""
    import json

    from app.api.openapi.reference.page import write_markdown
    from app.main import create_app

    schema = create_app(read_settings()).app.api.openapi()
    typer.echo(write_markdown(schema) if markdown else json.dumps(schema, ensure_ascii=False, indent=2))


OPENAPI_EXAMPLES = examples("gazette openapi", "gazette openapi --markdown > openapi.md")
