"""A deprecated field is announced in the OpenAPI document, in openapi.md and in the headers of responses."""

from dataclasses import replace
from datetime import date

import pytest
from starlette.testclient import TestClient

from app.api.endpoints.collection import get_collection
from app.api.openapi.reference.page import write_dataset
from app.api.schemas import datasets, parameters
from app.datasets import DATASETS
from app.model.dataset import Dataset, Deprecation

GOING = Deprecation(date(2022, 1, 1), date(2023, 1, 1), "`name_zh`")


@pytest.fixture
def areas() -> Dataset:
    """Return the dataset of areas with a deprecated field."""
    made = replace(DATASETS["areas"])
    fields = (
        replace(spec, info=replace(spec.info, deprecated=GOING)) if spec.name == "name_en" else spec
        for spec in DATASETS["areas"].fields
    )
    vars(made)["fields"] = tuple(fields)
    return made


def test_responses_announce_a_deprecation(client: TestClient, areas: Dataset) -> None:
    assert client.portal is not None
    answer = client.portal.call(get_collection, client.app.app.context, areas, b"limit=1")  # type: ignore[attr-defined, call-arg]
    assert answer.headers["Deprecation"] == "@1640995200"
    assert answer.headers["Sunset"] == "Sun, 01 Jan 2023 00:00:00 GMT"
    assert b'"name_en"' in answer.body


def test_the_openapi_document_and_openapi_md_announce_a_deprecation(areas: Dataset) -> None:
    properties = datasets.row_schema(areas)["properties"]
    assert [name for name, schema in properties.items() if "deprecated" in schema] == ["name_en"]
    told = "Deprecated since 2022-01-01. It works until at least 2023-01-01. Use `name_zh` instead."
    assert told in properties["name_en"]["description"]
    equalities = [each["name"] for each in parameters.equality_parameters(areas) if each.get("deprecated")]
    assert equalities == ["name_en"]
    for schema in (parameters.filters_schema(areas), parameters.operators_schema(areas)):
        names = {name for name, member in schema["properties"].items() if member.get("deprecated")}
        assert names == {name for name in schema["properties"] if name.partition("__")[0] == "name_en"}
    assert told in write_dataset(areas)


def test_only_declared_fields_are_deprecated(client: TestClient) -> None:
    for name, dataset in DATASETS.items():
        answer = client.head(f"/v1/{name}?limit=1")
        assert ("deprecation" in answer.headers) == bool(dataset.deprecation_headers), name
