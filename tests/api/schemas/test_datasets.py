"""Responses of every dataset fit their schemas."""

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
