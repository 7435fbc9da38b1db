"""Small data packages for tests, made from rows."""

import csv
import json
import multiprocessing
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from app.cli.main import main
from app.db.engine import open_engine
from app.ingest.load import Outcome
from app.ingest.pipeline import load_source, load_transaction
from tests.support.service import NOW

SOURCE = {"source.issue_id": "1999-01", "source.lines": "1;1", "source.sha256": "00" * 32}
ISSUE = {"id": "1999-01", "year": "1999", "number": "1", "published_on": "1999-02-01", "title": "公报", **SOURCE}
INDICATOR = {"id": "eggs", "name_zh": "鸡蛋", "position": "1", **SOURCE}
OBSERVATION = {
    "id": "eggs.330300.1999-01.1999-01",
    "indicator_id": "eggs",
    "area_id": "330300",
    "period": "1999-01",
    "value": "1.50",
    "value_status": "normal",
    "value_yoy_status": "missing",
    "cumulative_status": "missing",
    "cumulative_yoy_status": "missing",
    "issue_id": "1999-01",
    "published_on": "1999-02-01",
    **SOURCE,
    "printed.value": "1.50",
}
Tables = dict[str, list[dict[str, str]]]


def tables() -> Tables:
    """Return the tables of a small issue."""
    return {
        "issues": [dict(ISSUE)],
        "areas": [{"id": "330300", "name_zh": "温州市", "level": "city"}],
        "indicators": [dict(INDICATOR)],
        "observations": [dict(OBSERVATION)],
    }


def write(directory: Path, content: Tables, created: str = "1999-02-02") -> Path:
    """Write tables as a package and return its directory."""
    directory.mkdir(parents=True, exist_ok=True)
    for name, rows in content.items():
        columns = list(dict.fromkeys(column for row in rows for column in row))
        with (directory / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    resources = [{"name": name, "path": f"{name}.csv"} for name in content]
    descriptor = {"created": created, "resources": resources}
    (directory / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    return directory


def load(url: str, directory: Path, accept_loss: bool = False) -> Outcome:
    """Load a package into a database, in another process, as loads are: see `app.db.sqlite`."""
    return elsewhere().submit(_load, url, directory, NOW.date(), accept_loss).result()


def load_text(url: str, path: Path, day: date, text: str, accept_loss: bool = False) -> Outcome:
    """Load the text of an issue into a database, written to a file first; `day` is that of the package."""
    path.write_text(text, encoding="utf-8")
    return elsewhere().submit(_load, url, path, day, accept_loss).result()


def command(url: str, *words: str) -> int:
    """Return the exit code of a command on a database, run in another process."""
    return elsewhere().submit(_command, url, words).result()


@cache
def elsewhere() -> ProcessPoolExecutor:
    """Return an executor with one other process, started on first use."""
    return ProcessPoolExecutor(1, multiprocessing.get_context("spawn"))


def _load(url: str, source: Path, day: date, accept_loss: bool) -> Outcome:
    with open_engine(url) as engine, load_transaction(engine) as connection:
        return load_source(connection, source, NOW, day, accept_loss=accept_loss)


def _command(url: str, words: Sequence[str]) -> int:
    os.environ["DATABASE_URL"] = url
    return main(words)


def fetch(url: str, statement: str) -> list[Any]:
    """Return the rows of a statement."""
    with open_engine(url) as engine, engine.connect() as connection:
        return list(connection.execute(sa.text(statement)).all())


def execute(url: str, statement: str, **values: Any) -> None:
    """Change a database behind the back of the service."""
    with open_engine(url) as engine, engine.begin() as connection:
        connection.execute(sa.text(statement), values)


def dump(url: str) -> list[Any]:
    """Return the rows of the main tables, to compare before and after."""
    return [
        fetch(url, f"SELECT id, row_json FROM {table} ORDER BY id")
        for table in ("issues", "areas", "indicators", "observations", "documents", "checks", "changes")
    ]
