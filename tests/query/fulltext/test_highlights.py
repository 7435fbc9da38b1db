"""Hits in a row."""

import re

from starlette.testclient import TestClient


def test_hits_are_marked_and_all_else_is_escaped(client: TestClient) -> None:
    [row] = client.get("/v1/areas", params={"q": "瓯海"}).json()["data"]
    assert list(row)[-1] == "highlights"
    assert row["highlights"] == [{"field": "name_zh", "text": "<mark>瓯海</mark>区"}]
    [row] = client.get("/v1/areas", params={"q": "ouhai"}).json()["data"]
    assert row["highlights"][0] == {"field": "name_zh", "text": "<mark>瓯海</mark>区"}
    [row] = client.get("/v1/areas", params={"q": "oh", "fields": "name_zh,highlights"}).json()["data"]
    assert row == {"name_zh": "瓯海区", "highlights": [{"field": "name_zh", "text": "<mark>瓯海</mark>区"}]}
    rule = "A re-count names its rule, a query with an ampersand."
    marked = [h for row in client.get("/v1/checks", params={"q": "瓯海"}).json()["data"] for h in row["highlights"]]
    texts = [each["text"] for each in marked if each["field"] == "rule"]
    assert texts, rule
    assert all(not re.search(r"&(?!amp;|lt;|gt;|quot;|#x27;)", text) for text in texts)
    assert "highlights" not in client.get("/v1/areas").json()["data"][0]
