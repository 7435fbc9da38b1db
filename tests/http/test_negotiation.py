"""Media types, negotiated as RFC 9110 says."""

import pytest
from starlette.testclient import TestClient


@pytest.mark.parametrize("address", ["/v1", "/v1/search?q=x", *(f"/v1/urban-villages/{word}" for word in
                                     ("schema", "facets?by=plan", "aggregate", "queryables"))])  # fmt: skip
def test_json_only_addresses_refuse_other_media_types(client: TestClient, address: str) -> None:
    for accept in ("application/json", "application/*;q=0.1", "*/*", "text/csv, */*;q=0.1", ""):
        assert client.get(address, headers={"Accept": accept}).status_code == 200, accept
    for accept in ("text/csv", "image/png", "application/json;q=0", "nonsense", "ÿ"):
        refused = client.get(address, headers={"Accept": accept.encode("latin-1")})
        assert refused.status_code == 406, accept
        assert "application/json" in refused.json()["detail"]
        assert "accept" in refused.headers["vary"].lower()


def test_not_acceptable_names_the_formats(client: TestClient) -> None:
    answer = client.get("/v1/urban-villages", headers={"Accept": "image/png"})
    assert answer.status_code == 406
    assert "text/csv" in answer.json()["detail"]
    assert client.get("/v1/urban-villages", headers={"Accept": "text/csv;q=0, */*"}).json()["data"]
