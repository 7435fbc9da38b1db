"""Known failures of checks: `acknowledgements.csv` beside a package's tables, or beside a text.

An acknowledgement is about one failure, which it names in the words of the check's `detail`. A check that fails in
another way is a new failure. The corrections are another file, because an acknowledgement changes no value.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

from app.datasets.checks import CheckStatus
from app.errors import did_you_mean
from app.ingest.package_reader import PackageError, PackageFault
from app.ingest.side_tables import read_side_table
from app.model.rows import Record
from app.model.values import clip

ACKNOWLEDGEMENTS_FILE = "acknowledgements.csv"
COLUMNS = ["id", "failure", "reason", "day"]


class Acknowledgement(NamedTuple):
    """Why the failure of a check is known, since which day (ISO 8601), and which failure it is."""

    failure: str
    reason: str
    day: str

    def dump(self) -> str:
        """Return the stored form."""
        return json.dumps(self._asdict(), ensure_ascii=False)


Acknowledgements = Mapping[str, Acknowledgement]
"""Acknowledgements by the id of the check."""


def parse_acknowledgement(text: str) -> Acknowledgement:
    """Parse the stored form of an acknowledgement."""
    return Acknowledgement(**json.loads(text))


def acknowledge(check: Record, acknowledgement: Acknowledgement | None) -> Record:
    """Return a counted check with `acknowledged` set, if it fails in the way that was acknowledged."""
    known = (
        acknowledgement is not None
        and check["status"] == CheckStatus.failed.value
        and check.get("detail") == acknowledgement.failure
    )
    reason = f"{acknowledgement.reason} ({acknowledgement.day})" if known and acknowledgement else None
    return check | {"acknowledged": reason}


def is_new_failure(check: Record) -> bool:
    """Tell whether a check fails and the failure is not acknowledged."""
    return check["status"] != CheckStatus.passed.value and not check.get("acknowledged")


def read_acknowledgements(directory: Path) -> Acknowledgements | None:
    """Read a directory's acknowledgements; None when it has no such file. Raises PackageError with all faults."""
    rows = read_side_table(directory, ACKNOWLEDGEMENTS_FILE, COLUMNS)
    if rows is None:
        return None
    acknowledgements: dict[str, Acknowledgement] = {}
    faults = []
    for number, cells in rows:
        details = list(_cell_faults(cells, acknowledgements))
        faults += [_fault(number, detail) for detail in details]
        if not details:
            key, failure, reason, day = cells
            acknowledgements[key] = Acknowledgement(failure, reason, day)
    if faults:
        raise PackageError(faults)
    return acknowledgements


def _cell_faults(cells: list[str], known: Collection[str]) -> Iterable[str]:
    if len(cells) != len(COLUMNS):
        yield f"has {len(cells)} cells under {len(COLUMNS)} columns"
        return
    for name, cell in zip(COLUMNS, cells, strict=True):
        if not cell.strip():
            yield f"{name} is empty"
    if cells[0] in known:
        yield f"acknowledges '{clip(cells[0])}' twice"
    try:
        date.fromisoformat(cells[3])
    except ValueError:
        yield f"day is '{clip(cells[3])}', not a date; write YYYY-MM-DD"


def reject_unknown_checks(acknowledgements: Acknowledgements, checks: Collection[str]) -> None:
    """Raise PackageError for acknowledgements of checks that do not exist."""
    faults = [
        _fault(None, f"there is no check '{clip(key)}'.{did_you_mean(key, checks)}")
        for key in acknowledgements
        if key not in checks
    ]
    if faults:
        raise PackageError(faults)


def _fault(row: int | None, detail: str) -> PackageFault:
    return PackageFault(ACKNOWLEDGEMENTS_FILE, row, None, detail)
