"""Responses of every dataset fit their schemas."""

import jsonschema
import pytest
from starlette.testclient import TestClient

from app.datasets import DATASETS
from tests.support.openapi import Json, document, flat_parameters, values_of


@pytest.mark.slow
@pytest.mark.parametrize("dataset", list(DATASETS))
def test_responses_fit_the_openapi_document(client: TestClient, dataset: str) -> None:
    described = client.get("/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    page = client.get(f"/v1/{dataset}?limit=1000").json()
    schema = {
        "$ref": f"#/components/schemas/{DATASETS[dataset].model.__name__}Page",
        "components": described["components"],
    }
    jsonschema.validate(page, schema)
    jsonschema.validate(client.get(f"/v1/{dataset}?fields=id,source.page_from&count=false").json(), schema)
    for row in page["data"][:3]:
        assert client.get(f"/v1/{dataset}/{row['id']}").json() == row
    dictionary = client.get(f"/v1/{dataset}/schema").json()
    assert [field["name"] for field in dictionary["fields"]] == list(page["data"][0])


def test_the_bounds_of_lists_are_declared_as_they_are_enforced(client: TestClient) -> None:
    def schema(path: str, name: str) -> Json:
        return flat_parameters(document()["paths"][path]["get"])[name]

    page, item, aggregate = "/v1/documents", "/v1/documents/{id}", "/v1/documents/aggregate"
    members, highlights = schema(page, "fields")["items"]["anyOf"]
    assert highlights == {"type": "string", "const": "highlights"}
    assert schema(item, "fields")["items"] == members
    assert "highlights" not in values_of(members)
    key = client.get(f"{page}?limit=1").json()["data"][0]["id"]
    assert client.get(f"{page}/{key}?fields=highlights").status_code == 400
    columns = values_of(schema(aggregate, "by"))
    for path, name in ((page, "sort"), (aggregate, "by"), (aggregate, "metric"), (aggregate, "sort")):
        declared = schema(path, name)
        values = columns if (path, name) == (aggregate, "sort") else values_of(declared)
        required = "&by=section" if name == "sort" and path == aggregate else ""
        assert declared["uniqueItems"]
        assert client.get(f"{path}?{name}={values[0]},{values[0]}{required}").status_code == 400
        too_many = ",".join(dict.fromkeys(value.removeprefix("-") for value in values))
        assert declared["maxItems"] < too_many.count(",") + 1 or name == "metric"
        if declared["maxItems"] < too_many.count(",") + 1:
            assert client.get(f"{path}?{name}={too_many}{required}").status_code == 400
    assert "uniqueItems" not in schema(page, "fields")
    assert client.get(f"{page}?fields=id,id").status_code == 200


@pytest.mark.parametrize(
    ("path", "name", "bound"),
    [
        ("/v1/areas", "limit", "minimum"),
        ("/v1/areas", "limit", "maximum"),
        ("/v1/areas", "offset", "minimum"),
        ("/v1/areas", "offset", "maximum"),
        ("/v1/areas/facets", "limit", "minimum"),
        ("/v1/areas/facets", "limit", "maximum"),
        ("/v1/areas/aggregate", "limit", "minimum"),
        ("/v1/areas/aggregate", "limit", "maximum"),
        ("/v1/search", "limit", "minimum"),
        ("/v1/search", "limit", "maximum"),
    ],
)
def test_the_bounds_of_numbers_are_declared_as_they_are_enforced(
    client: TestClient, path: str, name: str, bound: str
) -> None:
    edge = flat_parameters(document()["paths"][path]["get"])[name][bound]
    query = {"by": "level"} if path.startswith("/v1/areas/") else {"q": "温州"} if "search" in path else {}
    assert client.get(path, params={**query, name: edge}).status_code == 200
    beyond = edge + 1 if bound == "maximum" else edge - 1
    assert client.get(path, params={**query, name: beyond}).status_code == 400
