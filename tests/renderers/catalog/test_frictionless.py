"""The Frictionless Data Package validates the CSVs as they are served."""

import json
from pathlib import Path

import frictionless
import pytest

from app.datasets import DATASETS
from tests.support.service import client_for

SUFFIX = ".csv-metadata.json"


@pytest.mark.slow
def test_frictionless_validates_every_csv(site: Path) -> None:
    package = frictionless.Package(str(site / "datapackage.json"))
    report = package.validate()
    assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "note"])[:10]
    assert [task.name for task in report.tasks] == list(DATASETS)


@pytest.mark.slow
def test_frictionless_finds_errors(site: Path, tmp_path: Path) -> None:
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


def test_the_package_has_keys_enumerations_and_units(site: Path) -> None:
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


def test_under_a_public_base_paths_are_absolute(loaded_sqlite: str) -> None:
    with client_for(loaded_sqlite, public_base_url="https://data.example.org") as client:
        resource = client.get("/datapackage.json").json()["resources"][0]
        assert resource["path"] == "https://data.example.org/v1/issues.csv"
        table = client.get(f"/v1/provisions{SUFFIX}").json()["tables"][0]
        assert table["url"] == "https://data.example.org/v1/provisions.csv"
        assert table["tableSchema"]["foreignKeys"][0]["reference"]["resource"].startswith("https://data.example.org/")
        link = client.get("/v1/issues.csv").headers["link"]
        assert link.startswith(f"<https://data.example.org/v1/issues{SUFFIX}>")
