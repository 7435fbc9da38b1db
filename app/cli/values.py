"""Parsers of options and arguments. Each raises BadParameter with a message that says what to write instead."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import typer

DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
WHOLE_NUMBER = re.compile(r"[0-9]{1,18}")


def parse_date(text: str) -> date:
    """Parse a date: YYYY-MM-DD and nothing else."""
    try:
        if DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise typer.BadParameter(f"'{text}' is not a date; write YYYY-MM-DD.")


def whole_number(least: int, most: int) -> Callable[[str | int], int]:
    """Return a parser of whole numbers between two bounds, both included. A default is a number already."""

    def parse_number(text: str | int) -> int:
        if WHOLE_NUMBER.fullmatch(str(text)) and least <= int(text) <= most:
            return int(text)
        raise typer.BadParameter(f"'{text}' is not a whole number from {least} to {most}.")

    return parse_number


def parse_path(text: str) -> Path:
    """Parse the path of a file or directory. An empty one would mean the working directory."""
    return Path(parse_name(text))


def parse_name(text: str) -> str:
    """Parse the name of a source, which may be an address: anything that is not empty."""
    if not text.strip():
        raise typer.BadParameter("it is empty; write the name of a file or directory.")
    return text
