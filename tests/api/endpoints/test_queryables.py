"""The queryables of a dataset."""

import jsonschema
import pytest
from starlette.testclient import TestClient

from app.datasets import DATASETS


@pytest.mark.slow
@pytest.mark.parametrize("dataset", list(DATASETS))
def test_queryables_are_a_schema_of_the_fields(client: TestClient, dataset: str) -> None:
    answer = client.get(f"/v1/{dataset}/queryables")
    assert answer.headers["content-type"] == "application/schema+json"
    schema = answer.json()
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == f"/v1/{dataset}/queryables"
    assert schema["type"] == "object"
    assert schema["additionalProperties"] is False
    assert list(schema["properties"]) == [spec.name for spec in DATASETS[dataset].fields if spec.operators]
    assert "status_on" not in schema["properties"]
    for name, found in schema["properties"].items():
        assert found["title"]
        assert client.get(f"/v1/{dataset}", params={"filter": f"{name} IS NULL"}).status_code == 200, name
