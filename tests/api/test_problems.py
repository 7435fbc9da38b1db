"""Problem documents (RFC 9457)."""

import pytest
from starlette.testclient import TestClient

from tests.support.service import client_for


@pytest.mark.parametrize(
    ("path", "instance"),
    [
        ("/v1/none/温州", "/v1/none/%E6%B8%A9%E5%B7%9E"),
        ("/v1/urban-villages/a%3Fb%23c", "/v1/urban-villages/a%3Fb%23c"),
        ("/v1/none/a%3Fb%23c%20d", "/v1/none/a%3Fb%23c%20d"),
        ("//[/nothing", "//%5B/nothing"),
    ],
)
def test_a_problem_names_its_address_as_a_uri(client: TestClient, path: str, instance: str) -> None:
    answer = client.get(f"http://testserver{path}", headers={"Host": "["})
    assert answer.status_code == 404
    assert answer.json()["instance"] == instance


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


@pytest.mark.parametrize(
    ("base", "prefix"),
    [
        ("https://data.example.org/gazette", "/gazette"),
        ("https://data.example.org/open/gazette/", "/open/gazette"),
        ("https://data.example.org/%E5%85%AC%E6%8A%A5", "/%E5%85%AC%E6%8A%A5"),
        ("https://data.example.org", ""),
    ],
)
def test_a_problem_names_its_address_as_it_is_seen_from_outside(loaded_url: str, base: str, prefix: str) -> None:
    with client_for(loaded_url, public_base_url=base) as client:
        for path in (
            "/v1/none",
            "/v1/urban-villages?x=1",
            "/v1/urban-villages/none",
            "/v1/urban-villages.csv?x=1",
            "/v1/documents.atom?x=1",
            "/v1/areas/none.bib",
            "/v1/search",
            "/data.json?x=1",
            "/nothing",
        ):
            answer = client.get(path, headers={"Accept": "*/*"})
            assert answer.json()["instance"] == f"{prefix}{path.partition('?')[0]}"
        assert client.post("/v1/areas").json()["instance"] == f"{prefix}/v1/areas"
        inside = client.get(f"{prefix}/v1/none" if prefix else "/v1/none")
        assert inside.json()["instance"] == f"{prefix}/v1/none", "where the proxy left it"


def test_addresses_in_words_are_those_seen_from_outside(loaded_url: str) -> None:
    with client_for(loaded_url, public_base_url="https://data.example.org/gazette") as client:
        assert "'/gazette/v1/areas'" in client.get("/v1/areas/").json()["detail"]
        assert "/gazette/v1 lists" in client.get("/nothing", headers={"Accept": "application/json"}).json()["detail"]
