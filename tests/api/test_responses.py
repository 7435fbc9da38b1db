"""Headers of responses."""

from starlette.testclient import TestClient


def test_responses_have_a_content_language(client: TestClient) -> None:
    def language(path: str) -> str | None:
        found: str | None = client.get(path).headers.get("content-language")
        return found

    assert language("/v1/urban-villages.csv?lang=zh") == "zh"
    assert language("/v1/urban-villages.xlsx?lang=zh") == "zh"
    assert language("/v1/urban-villages.csv") is None
    assert language("/nothing") == language("/v1/urban-villages?x=1") == "en"
