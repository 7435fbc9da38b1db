"""The page that shows the OpenAPI document."""

from starlette.testclient import TestClient


def test_the_docs_page_loads_nothing_from_other_hosts(client: TestClient) -> None:
    page = client.get("/docs").text
    assert "https://" not in page.replace("https://fastapi", "")
    assert client.get("/docs/assets/swagger-ui-bundle.js").status_code == 200
