"""Links in responses."""

from starlette.testclient import TestClient

from tests.support.service import client_for


def test_links_stand_under_the_public_base_and_never_the_host(loaded_sqlite: str) -> None:
    with client_for(loaded_sqlite, public_base_url="https://data.example.org") as client:
        links = client.get("/v1/urban-villages?limit=1", headers={"Host": "evil.example"}).json()["links"]
    assert all(link.startswith("https://data.example.org/v1/") for link in links.values() if link)


def test_links_and_meta_of_a_page(client: TestClient) -> None:
    answer = client.get("/v1/urban-villages?limit=10&offset=20&district=龙湾区")
    page = answer.json()
    assert page["meta"] | {"revision": ""} == {
        "dataset": "urban-villages", "total": 53, "limit": 10, "offset": 20, "revision": "",
    }  # fmt: skip
    assert page["links"]["first"] == "/v1/urban-villages?limit=10&district=%E9%BE%99%E6%B9%BE%E5%8C%BA"
    assert page["links"]["csv"] == "/v1/urban-villages.csv?district=%E9%BE%99%E6%B9%BE%E5%8C%BA"
    second = client.get(page["links"]["next"]).json()
    assert second["meta"]["offset"] is None
    assert second["meta"]["total"] == 53
    assert f'<{page["links"]["next"]}>; rel="next"' in answer.headers["link"]
    assert client.get("/v1/urban-villages?limit=1000").json()["links"]["next"] is None
    assert client.get("/v1/urban-villages").json()["links"]["prev"] is None
