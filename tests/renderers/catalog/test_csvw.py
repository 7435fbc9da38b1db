"""CSV on the Web validates the CSVs as they are served."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from csvw import CSVW
from starlette.testclient import TestClient

from app.datasets import DATASETS

SUFFIX = ".csv-metadata.json"


@pytest.mark.slow
@pytest.mark.parametrize("name", DATASETS)
def test_csvw_validates_the_csv_and_reads_the_values_of_json(sqlite_client: TestClient, site: Path, name: str) -> None:
    described = CSVW(str(site / "v1" / f"{name}{SUFFIX}"), validate=True)
    assert described.is_valid
    assert not described.warnings
    rows = [json.loads(line) for line in sqlite_client.get(f"/v1/{name}.ndjson").text.splitlines()]
    table = described.t.tables[0]
    for read, row in zip(table.iterdicts(strict=True), rows, strict=True):
        for column, value in read.items():
            assert plain(value) == wanted(row, column), column


def plain(value: Any) -> Any:
    """Return a value that CSVW read, as JSON has it."""
    if isinstance(value, str):
        return value[1:] if value.startswith("'") else value
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, list):
        return [plain(member) for member in value] or None
    return value if value is None or isinstance(value, bool | int | float | dict) else str(value)[:10]


def wanted(row: dict[str, Any], column: str) -> Any:
    """Return a value of a row; a CSV does not distinguish an empty list or text from null."""
    outer, dot, inner = column.partition(".")
    value = (row[outer] or {}).get(inner) if dot else row[outer]
    return None if value in ([], "") else value


def test_the_csv_links_to_its_metadata(sqlite_client: TestClient) -> None:
    path = f"/v1/areas{SUFFIX}"
    wanted_link = f'<{path}>; rel="describedby"; type="application/csvm+json"'
    for query in ("", "?level=city", "?bom=true", "?lang=en"):
        assert sqlite_client.get(f"/v1/areas.csv{query}").headers["link"] == wanted_link
    for other in ("/v1/areas.csv?fields=id", "/v1/areas.csv?lang=zh", "/v1/areas.ndjson"):
        assert "link" not in sqlite_client.get(other).headers
    answer = sqlite_client.get(path)
    assert answer.headers["content-type"] == "application/csvm+json"
    assert answer.json()["tables"][0]["url"] == "areas.csv"
