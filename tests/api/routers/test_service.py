"""Health, readiness and the description of the service."""

import pytest
from starlette.testclient import TestClient


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/version", "/openapi.json", "/docs"])
def test_addresses_without_parameters_refuse_all_parameters(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 200
    for query, parameter in (
        ("x=1", "x"),
        ("x", "x"),
        ("a=1&b=2", "a"),
        ("%24limit=1", "$limit"),
        ("%E6%B0%B4=1", "水"),
    ):
        refused = client.get(f"{path}?{query}")
        assert refused.status_code == 400
        [fault] = refused.json()["errors"]
        assert (fault["parameter"], fault["detail"]) == (parameter, "is an unknown parameter.")
    assert "not valid UTF-8" in client.get(f"{path}?%ff").json()["errors"][0]["detail"]


def test_health_and_readiness(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json()["status"] == "ok"
