"""The text of one small invented issue, parsed and loaded."""

import csv
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.ingest.load import Outcome
from app.ingest.pipeline import parse_file
from tests.support.issues import ROADS, issue_text

DAY = date(2024, 1, 31)

TEXT = issue_text(11, documents=[ROADS])

ID = "fiscal_revenue.330300.2023-11.2023-11"

HEADING = "dataset,id,field,from,to,reason\n"

LoadFile = Callable[..., Outcome]

LoadText = Callable[..., Outcome]

real_text = pytest.mark.skipif(
    not os.environ.get("GAZETTE_TEXT"),
    reason="GAZETTE_TEXT names no text of the bundled issue, which may not be copied",
)


def parse(file: Path, directory: Path | None = None, created: date | None = None, with_text: bool = False) -> Any:
    return parse_file(file, directory, created, DAY, with_text)


def rows(directory: Path, name: str) -> list[dict[str, str]]:
    with (directory / f"{name}.csv").open(encoding="utf-8", newline="") as content:
        return list(csv.DictReader(content))


def cells(outcome: Outcome) -> set[tuple[str, str, str, str]]:
    return {(e["dataset"], e["row_id"], cell["field"], e["cause"]) for e in outcome.log for cell in e["changed"]}
