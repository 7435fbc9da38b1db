"""Responses of every dataset fit their schemas."""

from typing import Any

import jsonschema
import pytest
from starlette.testclient import TestClient

from app.datasets import DATASETS


@pytest.mark.slow
@pytest.mark.parametrize("dataset", list(DATASETS))
def test_responses_fit_the_openapi_document(client: TestClient, dataset: str) -> None:
    document = client.get("/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    page = client.get(f"/v1/{dataset}?limit=1000").json()
    schema = {
        "$ref": f"#/components/schemas/{DATASETS[dataset].model.__name__}Page",
        "components": document["components"],
    }
    jsonschema.validate(page, schema)
    jsonschema.validate(client.get(f"/v1/{dataset}?fields=id,source.page_from&count=false").json(), schema)
    for row in page["data"][:3]:
        assert client.get(f"/v1/{dataset}/{row['id']}").json() == row
    described = client.get(f"/v1/{dataset}/schema").json()
    assert [field["name"] for field in described["fields"]] == list(page["data"][0])


def test_the_bounds_of_lists_are_declared_as_they_are_enforced(client: TestClient) -> None:
    document = client.get("/openapi.json").json()

    def schema(path: str, name: str) -> dict[str, Any]:
        shared = document["components"]["parameters"]
        given = document["paths"][path]["get"]["parameters"]
        listed = [shared[each["$ref"].rpartition("/")[2]] if "$ref" in each else each for each in given]
        return next(each["schema"] for each in listed if each["name"] == name)

    page, item, aggregate = "/v1/documents", "/v1/documents/{id}", "/v1/documents/aggregate"
    assert "highlights" in schema(page, "fields")["items"]["enum"]
    assert "highlights" not in schema(item, "fields")["items"]["enum"]
    key = client.get(f"{page}?limit=1").json()["data"][0]["id"]
    assert client.get(f"{page}/{key}?fields=highlights").status_code == 400
    for path, name in ((page, "sort"), (aggregate, "by"), (aggregate, "metric"), (aggregate, "sort")):
        declared = schema(path, name)
        values = declared["items"]["enum"]
        required = "&by=section" if name == "sort" and path == aggregate else ""
        assert declared["uniqueItems"]
        assert client.get(f"{path}?{name}={values[0]},{values[0]}{required}").status_code == 400
        too_many = ",".join(dict.fromkeys(value.removeprefix("-") for value in values))
        assert declared["maxItems"] < too_many.count(",") + 1 or name == "metric"
        if declared["maxItems"] < too_many.count(",") + 1:
            assert client.get(f"{path}?{name}={too_many}{required}").status_code == 400
    assert "uniqueItems" not in schema(page, "fields")
    assert client.get(f"{page}?fields=id,id").status_code == 200
