"""Everything that is served is documented: addresses, parameters, enumerations."""

import json
import re
from collections.abc import Iterator
from itertools import chain

import jsonschema
import pytest
from starlette.testclient import TestClient

from app.api.endpoints.exports import export_parameters
from app.api.routers.endpoint_router import EndpointRouter
from app.datasets import DATASETS
from app.main import create_app
from app.model.dataset import Choice, Dataset
from app.query.params.dataset_query import FEED_PARAMS, PAGE_PARAMS, ROW_FILTER_PARAMS, TABLE_PARAMS, parameter_names
from app.query.params.grouping import AGGREGATE_PARAMS, FACETS_PARAMS
from app.renderers.representations import TABLE_FORMATS
from app.settings import Settings
from tests.support.openapi import document, flat_parameters, parameters, resolved, values_of

BUILT_INS = {"Array", "Date", "Error", "Function", "Map", "Number", "Object", "Promise", "Record", "Set", "String"}
"""Names that a generated TypeScript module must not take for its own types."""


def served() -> Iterator[str]:
    """Yield the paths of the API's routes."""
    routers: list[EndpointRouter] = create_app(Settings()).app.api.state.routers
    for path in (route.path for router in routers for route in router.endpoint_routes):
        if path.startswith("/v1") or (path.startswith("/sdmx") and not path.endswith("/")):
            yield path


def documented() -> Iterator[str]:
    """Yield the paths of the document, those that stand for several written out."""
    for path, methods in document()["paths"].items():
        paths = [path]
        for parameter in parameters(methods["get"]):
            name = f"{{{parameter['name']}}}"
            if parameter["in"] == "path" and parameter["name"] in ("dataset", "format"):
                paths = [each.replace(name, value) for each in paths for value in values_of(parameter["schema"])]
        yield from paths


def test_every_address_is_documented() -> None:
    found = list(documented())
    assert len(set(found)) == len(found)
    assert {path for path in found if path.startswith(("/v1", "/sdmx"))} == set(served())
    assert {"/", "/catalog", "/healthz", "/readyz", "/robots.txt", "/data.json"} <= set(found)


def expected_parameters(dataset: Dataset, controls: tuple[str, ...]) -> set[str]:
    """Return the parameters that an address takes; `field__eq` is another way to write `field`."""
    return {name for name in parameter_names(dataset, controls) if not name.endswith("__eq")}


@pytest.mark.parametrize("name", list(DATASETS))
def test_every_parameter_of_a_dataset_is_documented(name: str) -> None:
    dataset, path = DATASETS[name], f"/v1/{name}"
    controls = {
        path: PAGE_PARAMS,
        f"{path}.{{format}}": TABLE_PARAMS,
        f"{path}.atom": FEED_PARAMS,
        f"{path}.feed.json": FEED_PARAMS,
        f"{path}/facets": (*FACETS_PARAMS, *ROW_FILTER_PARAMS),
        f"{path}/aggregate": (*AGGREGATE_PARAMS, *ROW_FILTER_PARAMS),
    }
    for address, names in controls.items():
        told = flat_parameters(document()["paths"][address]["get"])
        assert set(told) == expected_parameters(dataset, names), address


def test_an_address_for_all_table_formats_has_the_parameters_of_each() -> None:
    assert set(TABLE_PARAMS) == set(chain.from_iterable(map(export_parameters, TABLE_FORMATS.values())))


@pytest.mark.parametrize("name", list(DATASETS))
def test_every_parameter_that_is_documented_is_taken(client: TestClient, name: str) -> None:
    """Each is sent with a value that fits its schema, and is refused as no unknown one would be."""
    told = flat_parameters(document()["paths"][f"/v1/{name}"]["get"])
    for parameter, schema in told.items():
        sent = sample_value(schema)
        jsonschema.validate(sent, {**schema, "components": document()["components"]})
        text = ",".join(sent) if isinstance(sent, list) else json.dumps(sent).strip('"')
        answer = client.get(f"/v1/{name}", params={"limit": "1", parameter: text})
        if parameter != "cursor":  # comes from a page
            assert answer.status_code == 200, (parameter, text, answer.text)


def sample_value(schema: dict[str, object]) -> object:
    """Return a value that fits the schema of a parameter."""
    found = resolved(schema)
    if "enum" in found:
        return found["enum"][0]
    if found["type"] == "array":
        items = resolved(found["items"].get("anyOf", [found["items"]])[0])
        return [items["enum"][0]]
    samples = {"integer": 1, "number": 1.5, "boolean": True}
    formats = {"date": "2021-05-18"}
    if "pattern" in found:
        return next(text for text in ("1", "2021-05", "2021-05-18", *codes()) if re.search(found["pattern"], text))
    return samples.get(found["type"], formats.get(found.get("format", ""), "id IS NULL"))


def codes() -> list[str]:
    return [choice.value for choices in enumerations().values() for choice in choices]


def enumerations() -> dict[str, type[Choice]]:
    fields = chain.from_iterable(dataset.fields for dataset in DATASETS.values())
    return {spec.info.enum.__name__: spec.info.enum for spec in fields if spec.info.enum}


@pytest.mark.parametrize("name", list(enumerations()))
def test_an_enumeration_lists_codes_and_says_their_labels(name: str) -> None:
    choices, schema = enumerations()[name], document()["components"]["schemas"][name]
    assert schema["enum"] == [choice.value for choice in choices]
    for choice in choices:
        assert f"`{choice.value}` {choice.label_zh} · {choice.label_en}" in schema["description"]


def test_labels_are_taken_all_the_same(client: TestClient) -> None:
    for name, dataset in DATASETS.items():
        for spec in dataset.fields:
            for choice in list(spec.info.enum or ())[:2]:
                by_code, by_label = (
                    client.get(f"/v1/{name}", params={spec.name: value, "limit": "1"}).json()["meta"]["total"]
                    for value in (choice.value, choice.label_zh)
                )
                assert by_code == by_label, (name, spec.name)


def test_no_schema_has_names_that_its_index_signature_excludes() -> None:
    """TypeScript refuses an index signature beside a property of another type (TS2411)."""

    def walk(value: object) -> Iterator[dict[str, object]]:
        if isinstance(value, dict):
            yield value
            yield from chain.from_iterable(map(walk, value.values()))
        elif isinstance(value, list):
            yield from chain.from_iterable(map(walk, value))

    for schema in walk(document()["components"]["schemas"]):
        extra, properties = schema.get("additionalProperties"), schema.get("properties")
        if isinstance(extra, dict) and isinstance(properties, dict):
            assert all(member == extra for member in properties.values()), schema


def test_no_schema_is_named_like_a_built_in_type() -> None:
    assert not BUILT_INS & set(document()["components"]["schemas"])


def test_decimals_say_so() -> None:
    schemas = document()["components"]["schemas"]
    value = schemas["Observation"]["properties"]["value"]
    assert (value["type"], value["format"]) == (["number", "null"], "decimal")
    assert schemas["ObservationOperators"]["properties"]["value__gte"]["format"] == "decimal"
