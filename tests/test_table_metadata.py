"""What describes the CSVs: Frictionless Data Package and CSV on the Web, held against the CSVs as they are served."""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import frictionless
import pytest
from csvw import CSVW
from starlette.testclient import TestClient

from app.datasets import DATASETS
from tests.conftest import client_for

SUFFIX = ".csv-metadata.json"


@pytest.fixture(scope="module")
def client(loaded_sqlite: str) -> Iterator[TestClient]:
    """One database will do: that both serve the same bytes is held by the checksums in `test_facts`."""
    with client_for(loaded_sqlite) as client:
        yield client


@pytest.fixture(scope="module")
def site(client: TestClient, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the service serves, as files under the same paths."""
    directory = tmp_path_factory.mktemp("site")
    (directory / "v1").mkdir()
    paths = [f"/v1/{name}{suffix}" for name in DATASETS for suffix in (".csv", SUFFIX)]
    for path in ("/datapackage.json", *paths):
        (directory / path[1:]).write_bytes(client.get(path).content)
    return directory


def test_frictionless_finds_every_csv_as_described(site: Path) -> None:
    package = frictionless.Package(str(site / "datapackage.json"))
    report = package.validate()
    assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "note"])[:10]
    assert [task.name for task in report.tasks] == list(DATASETS)


def test_frictionless_finds_faults(site: Path, tmp_path: Path) -> None:
    (tmp_path / "v1").mkdir()
    for path in site.rglob("*.*"):
        text = path.read_text(encoding="utf-8")
        if path.name == "urban-villages.csv":
            text = text.replace("demolition", "demolitoin", 1).replace(",330302,", ",999999,", 1)
        (tmp_path / path.relative_to(site)).write_text(text, encoding="utf-8", newline="")
    report = frictionless.Package(str(tmp_path / "datapackage.json")).validate()
    kinds = {(task.name, error.type) for task in report.tasks for error in task.errors}
    assert ("urban-villages", "constraint-error") in kinds
    assert ("urban-villages", "foreign-key") in kinds
    assert ("urban-villages", "hash-count") in kinds


def test_the_package_tells_keys_enumerations_and_units(site: Path) -> None:
    package = json.loads((site / "datapackage.json").read_text(encoding="utf-8"))
    observations = next(entry for entry in package["resources"] if entry["name"] == "observations")
    schema = observations["schema"]
    fields = {field["name"]: field for field in schema["fields"]}
    assert list(fields) == list(DATASETS["observations"].flat_columns)
    assert schema["primaryKey"] == ["id"]
    assert {"fields": ["area_id"], "reference": {"resource": "areas", "fields": ["id"]}} in schema["foreignKeys"]
    assert fields["value_yoy"]["unit"] == "%"
    assert fields["period"]["type"] == "yearmonth"
    assert fields["value_status"]["constraints"] == {"required": True, "enum": ["normal", "missing"]}
    assert [known["value"] for known in fields["value_status"]["categories"]] == ["normal", "missing"]
    assert fields["source.lines"] | {"type": "list", "delimiter": ";", "itemType": "integer"} == fields["source.lines"]
    assert observations["path"] == "v1/observations.csv"


def test_under_a_public_base_paths_are_whole(loaded_sqlite: str) -> None:
    with client_for(loaded_sqlite, public_base_url="https://data.example.org") as client:
        resource = client.get("/datapackage.json").json()["resources"][0]
        assert resource["path"] == "https://data.example.org/v1/issues.csv"
        table = client.get(f"/v1/provisions{SUFFIX}").json()["tables"][0]
        assert table["url"] == "https://data.example.org/v1/provisions.csv"
        assert table["tableSchema"]["foreignKeys"][0]["reference"]["resource"].startswith("https://data.example.org/")
        link = client.get("/v1/issues.csv").headers["link"]
        assert link.startswith(f"<https://data.example.org/v1/issues{SUFFIX}>")


@pytest.mark.parametrize("name", DATASETS)
def test_csvw_finds_the_csv_as_described_and_reads_what_json_says(client: TestClient, site: Path, name: str) -> None:
    described = CSVW(str(site / "v1" / f"{name}{SUFFIX}"), validate=True)
    assert described.is_valid
    assert not described.warnings
    rows = [json.loads(line) for line in client.get(f"/v1/{name}.ndjson").text.splitlines()]
    table = described.t.tables[0]
    for read, row in zip(table.iterdicts(strict=True), rows, strict=True):
        for column, value in read.items():
            assert plain(value) == wanted(row, column), column


def plain(value: Any) -> Any:
    """A value that CSVW read, as JSON has it."""
    if isinstance(value, str):
        return value[1:] if value.startswith("'") else value
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, list):
        return [plain(member) for member in value] or None
    return value if value is None or isinstance(value, bool | int | float | dict) else str(value)[:10]


def wanted(row: dict[str, Any], column: str) -> Any:
    """A value in a row; a CSV cannot tell an empty list or text from null."""
    outer, dot, inner = column.partition(".")
    value = (row[outer] or {}).get(inner) if dot else row[outer]
    return None if value in ([], "") else value


def test_the_csv_links_to_its_metadata(client: TestClient) -> None:
    path = f"/v1/areas{SUFFIX}"
    wanted_link = f'<{path}>; rel="describedby"; type="application/csvm+json"'
    for query in ("", "?level=city", "?bom=true", "?lang=en"):
        assert client.get(f"/v1/areas.csv{query}").headers["link"] == wanted_link
    for other in ("/v1/areas.csv?fields=id", "/v1/areas.csv?lang=zh", "/v1/areas.ndjson"):
        assert "link" not in client.get(other).headers
    answer = client.get(path)
    assert answer.headers["content-type"] == "application/csvm+json"
    assert answer.json()["tables"][0]["url"] == "areas.csv"
