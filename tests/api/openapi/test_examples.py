"""The examples of the OpenAPI document equal the responses of the service."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app.api.openapi import document as openapi_document
from app.api.openapi import examples
from app.datasets import DATASETS
from tests.support import packages
from tests.support.openapi import known


@pytest.mark.parametrize("name", list(DATASETS))
def test_examples_equal_the_responses(client: TestClient, name: str) -> None:
    row = examples.sample_rows()[name]
    day = {"on": "2021-06-20"} if name == "documents" else {}
    found = {path: forms for path, forms in known().items() if path.startswith(f"/v1/{name}")}
    path, one = f"/v1/{name}", {"id": row["id"], **day}
    told = found[f"{path}/{{id}}"]["application/json"]["value"]
    answer = client.get(f"{path}/{row['id']}", params=day).json()
    assert {field: answer[field] for field in told} == told
    assert {field for field, value in answer.items() if field not in told and value is not None} == set()
    for address in (path, f"{path}/facets", f"{path}/aggregate"):
        expected = found[address]["application/json"]["value"]
        by = {"by": next(iter(expected["data"]))} if address.endswith("/facets") else {}
        by |= {"by": next(iter(expected["data"][0]))} if address.endswith("/aggregate") else {}
        answer = client.get(address, params={**one, **by}).json()
        if address == path:
            assert expected["data"] == [told]
        else:
            assert answer["data"] == expected["data"]
        meta = {key: value for key, value in answer["meta"].items() if key != "revision"}
        assert meta == {key: value for key, value in expected["meta"].items() if key != "revision"}
    assert list(client.get(path, params=one).json()["links"]) == list(found[path]["application/json"]["value"]["links"])
    for suffix, media_type in ((".csv", "text/csv"), (".ndjson", "application/x-ndjson")):
        text = found[f"{path}{suffix}"][media_type]["value"]
        assert client.get(f"{path}/{row['id']}{suffix}", params=day).text == text


def test_the_example_of_a_series_equals_the_response(client: TestClient) -> None:
    expected = known()["/v1/indicators/{id}/series"]["application/json"]["value"]
    answer = client.get(f"/v1/indicators/{expected['meta']['indicator_id']}/series").json()
    assert answer["data"] == expected["data"]
    assert {**answer["meta"], "revision": ""} == {**expected["meta"], "revision": ""}


def test_a_dataset_without_rows_in_the_first_bundled_issue_needs_no_example_of_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    bare = packages.tables()
    packages.write(tmp_path / "1999-01", {"issues": bare["issues"], "areas": bare["areas"]})
    packages.write(tmp_path / "1999-02", bare)
    monkeypatch.setattr(examples, "SEED_DIRECTORY", tmp_path)
    found = examples.sample_rows.__wrapped__()
    assert list(found) == ["issues", "indicators", "observations", "areas", "changes"]
    assert found["indicators"]["id"] == "eggs"
    monkeypatch.setattr(openapi_document, "sample_rows", lambda: {"issues": found["issues"]})
    operation = {"parameters": [{"name": "id", "in": "path"}]}
    openapi_document._add_id_example("/v1/documents/{id}", operation)
    assert operation == {"parameters": [{"name": "id", "in": "path"}]}
