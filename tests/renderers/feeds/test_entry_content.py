"""The content of an entry."""

from starlette.testclient import TestClient

from tests.support.feeds import valid_json_feed


def test_lists_in_the_content_have_no_bare_booleans(client: TestClient) -> None:
    [item] = valid_json_feed(client.get("/v1/documents.feed.json?id=wenzhengban-2021-28").content)["items"]
    assert "<li>1 断面重点控制范围划分情况</li>" in item["content_html"]
