"""The examples of the OpenAPI document equal the responses of the service."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app.api.openapi import document as openapi_document
from app.api.openapi import examples
from app.api.schemas.parameters import SAMPLE_DATASET
from app.datasets import DATASETS
from tests.support import packages
from tests.support.openapi import document, known

SAMPLES = f"/v1/{SAMPLE_DATASET}"


@pytest.mark.parametrize("name", list(DATASETS))
def test_the_example_of_a_row_equals_the_response(client: TestClient, name: str) -> None:
    day = {"on": "2021-06-20"} if name == "documents" else {}
    [told] = document()["components"]["schemas"][DATASETS[name].model.__name__]["examples"]
    answer = client.get(f"/v1/{name}/{told['id']}", params=day).json()
    assert {field: answer[field] for field in told} == told
    assert {field for field, value in answer.items() if field not in told and value is not None} == set()


def test_the_examples_of_groups_equal_the_responses(client: TestClient) -> None:
    key = examples.sample_rows()[SAMPLE_DATASET]["id"]
    for address, response in (("facets", "Facets"), ("aggregate", "Groups")):
        expected = known()[response]["application/json"]["value"]
        by = next(iter(expected["data"] if address == "facets" else expected["data"][0]))
        answer = client.get(f"{SAMPLES}/{address}", params={"id": key, "by": by}).json()
        assert answer["data"] == expected["data"]
        assert answer["meta"] | {"revision": ""} == expected["meta"] | {"revision": ""}


def test_the_examples_of_a_page_equal_the_response(client: TestClient) -> None:
    key = examples.sample_rows()[SAMPLE_DATASET]["id"]
    answer, schemas = client.get(SAMPLES, params={"id": key}).json(), document()["components"]["schemas"]
    assert [answer["meta"] | {"revision": ""}] == [schemas["PageMeta"]["examples"][0] | {"revision": ""}]
    assert [answer["links"]] == schemas["PageLinks"]["examples"]


def test_the_examples_of_tables_equal_the_responses(client: TestClient) -> None:
    key = examples.sample_rows()[SAMPLE_DATASET]["id"]
    for suffix, media_type in ((".csv", "text/csv"), (".ndjson", "application/x-ndjson")):
        assert client.get(f"{SAMPLES}/{key}{suffix}").text == known()["file"][media_type]["value"]


def test_the_example_of_a_series_equals_the_response(client: TestClient) -> None:
    expected = known()["/v1/indicators/{id}/series"]["application/json"]["value"]
    answer = client.get(f"/v1/indicators/{expected['meta']['indicator_id']}/series").json()
    assert answer["data"] == expected["data"]
    assert {**answer["meta"], "revision": ""} == {**expected["meta"], "revision": ""}
    assert answer["links"] == expected["links"]
    tables = known()["/v1/indicators/{id}/series.{format}"]
    for suffix, media_type in ((".csv", "text/csv"), (".ndjson", "application/x-ndjson")):
        table = client.get(f"/v1/indicators/{expected['meta']['indicator_id']}/series{suffix}").text
        assert table == tables[media_type]["value"]


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
    monkeypatch.setattr(openapi_document, "sample_rows", lambda: found)
    schemas = openapi_document.build_components("")["schemas"]
    assert schemas["Area"]["examples"] == [found["areas"]]
    assert "examples" not in schemas["Document"]
