"""Every representation of the catalogue for one small dataset, compared with reviewed files."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from app.datasets import DATASETS
from app.db.data_state import DatasetStats, FileStats
from app.renderers.catalog import csvw, dcat, project_open_data, rdf, schemaorg
from app.renderers.catalog.catalogue import Catalogue, DatasetEntry, Imprint, Licence
from app.renderers.catalog.chinese import chinese_catalogue
from app.renderers.catalog.frictionless import data_package

GOLDEN = Path(__file__).parents[2] / "support" / "golden"

FILES = {"csv": FileStats(1200, "0a" * 32), "ndjson": FileStats(2400, "0b" * 32)}

EVENTS = DatasetEntry(DATASETS["events"], DatasetStats("2021-07-01", "2021-08-01", ("2021-05-06", "2021-06-30"), FILES))

IMPRINT = Imprint("临江市人民政府", "临江市政府公报中心", "0577-12345678", "office@example.org", "一号路1号", "325000")

LICENCE = Licence("未声明。", "None is claimed.")

CATALOGUE = Catalogue("https://data.example.org", "公报数据", "Gazette", LICENCE, IMPRINT, "00ff", (EVENTS,))


def pretty(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def turtle() -> str:
    return rdf.to_turtle(dcat.build_graph(CATALOGUE, CATALOGUE.entries)).decode()


FORMS: Mapping[str, Callable[[], str]] = {
    "catalog.ttl": turtle,
    "catalog.zh.json": lambda: pretty(chinese_catalogue(CATALOGUE)),
    "data.json": lambda: pretty(project_open_data.data_json(CATALOGUE)),
    "events.jsonld": lambda: pretty(schemaorg.schema_dataset(CATALOGUE, EVENTS)),
    "datapackage.json": lambda: pretty(data_package(CATALOGUE)),
    "events.csv-metadata.json": lambda: pretty(csvw.table_group(CATALOGUE, EVENTS)),
}


@pytest.mark.parametrize("name", FORMS)
def test_a_representation_equals_the_reviewed_file(name: str) -> None:
    assert FORMS[name]() == (GOLDEN / name).read_text(encoding="utf-8")
