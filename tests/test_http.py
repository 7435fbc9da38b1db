"""HTTP: errors in one shape, validators, CORS, request ids, formats."""

import csv
import io

import jsonschema
import pytest
from starlette.testclient import TestClient

from app.datasets import DATASETS
from tests.conftest import client_for


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/v1/urban-village", 404, "urban-villages"),
        ("/v1/urban-villages/", 404, "slash"),
        ("/v1/urban-villages/none", 404, "none"),
        ("/v1/urban-villages.xml", 404, ".csv"),
        ("/nothing", 404, "/v1"),
        ("/v1/urban-villages/schema?x=1", 400, "x"),
        ("/v1?limit=1", 400, "limit"),
        ("/v1/documents/wenzhengban-2021-28?limit=1", 400, "limit"),
        ("/v1/urban-villages/a%00b", 400, "NUL"),
        ("/v1/urban-villages/%ff", 400, "UTF-8"),
        ("/v1/urban-villages/%f", 400, "percent"),
        ("/v1/urban-villages?village=" + "x" * 9000, 414, "8192"),
    ],
)
def test_problems_have_one_shape(client: TestClient, path: str, status: int, words: str) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert {"type", "title", "status", "detail", "instance"} <= problem.keys()
    assert words in problem["detail"]
    assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_no_address_writes(client: TestClient, method: str) -> None:
    answer = client.request(method, "/v1/urban-villages")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"
    assert answer.json()["status"] == 405


def test_options_and_head(client: TestClient) -> None:
    answer = client.options("/v1/urban-villages")
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"
    for path in ("/v1/urban-villages", "/v1/urban-villages.csv", "/healthz"):
        head, whole = client.head(path), client.get(path)
        assert head.status_code == 200
        assert head.content == b""
        assert head.headers.get("etag") == whole.headers.get("etag")


def test_not_acceptable_names_the_formats(client: TestClient) -> None:
    answer = client.get("/v1/urban-villages", headers={"Accept": "image/png"})
    assert answer.status_code == 406
    assert "text/csv" in answer.json()["detail"]
    assert client.get("/v1/urban-villages", headers={"Accept": "text/csv;q=0, */*"}).json()["data"]


def test_request_ids_are_echoed_when_safe(client: TestClient) -> None:
    assert client.get("/healthz", headers={"X-Request-ID": "abc-1"}).headers["x-request-id"] == "abc-1"
    for unsafe in ("a b", "<script>", "x" * 200):
        assert client.get("/healthz", headers={"X-Request-ID": unsafe}).headers["x-request-id"] != unsafe


def test_validators_follow_question_and_data(client: TestClient) -> None:
    first = client.get("/v1/urban-villages?limit=2")
    assert first.headers["etag"] == client.get("/v1/urban-villages?limit=2").headers["etag"]
    assert first.headers["etag"] != client.get("/v1/urban-villages?limit=3").headers["etag"]
    assert "last-modified" in first.headers
    assert first.headers["cache-control"].startswith("public, max-age=")
    assert "Accept" in first.headers["vary"]


def test_links_stand_under_the_public_base_and_never_the_host(loaded_sqlite: str) -> None:
    with client_for(loaded_sqlite, public_base_url="https://data.example.org") as client:
        links = client.get("/v1/urban-villages?limit=1", headers={"Host": "evil.example"}).json()["links"]
    assert all(link.startswith("https://data.example.org/v1/") for link in links.values() if link)


def test_health_and_readiness(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json()["status"] == "ok"


def test_docs_need_no_other_host(client: TestClient) -> None:
    page = client.get("/docs").text
    assert "https://" not in page.replace("https://fastapi", "")
    assert client.get("/docs/assets/swagger-ui-bundle.js").status_code == 200


@pytest.mark.parametrize("dataset", list(DATASETS))
def test_answers_fit_the_openapi_document(client: TestClient, dataset: str) -> None:
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


@pytest.mark.parametrize("dataset", list(DATASETS))
def test_csv_holds_what_json_holds(client: TestClient, dataset: str) -> None:
    answer = client.get(f"/v1/{dataset}.csv")
    assert answer.headers["content-type"].startswith("text/csv; charset=utf-8")
    rows = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    data = client.get(f"/v1/{dataset}?limit=1000").json()["data"]
    assert [row["id"] for row in rows] == [row["id"] for row in data]
    assert [row["source.sha256"] for row in rows] == [row["source"]["sha256"] or "" for row in data]
    assert answer.text == client.get(f"/v1/{dataset}", headers={"Accept": "text/csv"}).text
    for row, cells in zip(data, rows, strict=True):
        for name, value in row.items():
            if isinstance(value, str) and not value.startswith(("=", "+", "-", "@")):
                assert cells[name] == value


def test_csv_for_a_spreadsheet(client: TestClient) -> None:
    text = client.get("/v1/observations.csv?bom=true&lang=zh&fields=period,value,value_status,printed.value").text
    assert text.startswith("﻿月份,当月,当月状态,原文.当月\r\n2021-05,")
    assert "2021-05,102.0,正常,102.0\r\n" in text
    assert ",,缺失,—\r\n" in text
    assert client.get("/v1/observations.csv?cursor=x").status_code == 400
    assert client.get("/v1/urban-villages.csv?limit=5000&offset=100").text.count("\r\n") == 3


def test_a_document_answers_to_its_number(client: TestClient) -> None:
    answer = client.get("/v1/documents/温政办〔2021〕28号")
    assert answer.status_code == 200
    assert answer.headers["content-location"] == "/v1/documents/wenzhengban-2021-28"
    assert answer.json() == client.get("/v1/documents/wenzhengban-2021-28").json()


@pytest.mark.parametrize("key", ["a%00b", "%FF", "%E4%BD", "%zz", "%"])
def test_a_broken_path_is_named(client: TestClient, key: str) -> None:
    answer = client.get(f"/v1/documents/{key}")
    assert answer.status_code == 400
    assert [fault["parameter"] for fault in answer.json()["errors"]] == ["path"]


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/openapi.json", "/docs", "/", "/v1", "/v1/areas.csv"])
def test_every_200_has_validators(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["last-modified"].endswith("GMT")
    again = client.get(path, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
