"""The API catalogue (RFC 9727)."""

from starlette.testclient import TestClient


def test_the_api_catalogue(client: TestClient) -> None:
    """RFC 9727: a linkset, with the profile and a link to itself, also for HEAD."""
    answer = client.get("/.well-known/api-catalog")
    assert answer.headers["content-type"].startswith('application/linkset+json; profile="https://www.rfc-editor.org')
    own, service = answer.json()["linkset"]
    assert own["anchor"] == "/.well-known/api-catalog"
    assert {"href": "/v1"} in own["item"]
    assert service["anchor"] == "/v1"
    assert service["service-desc"] == [{"href": "/openapi.json", "type": "application/json"}]
    assert client.head("/.well-known/api-catalog").headers["link"] == '</.well-known/api-catalog>; rel="api-catalog"'
