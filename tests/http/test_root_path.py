"""The application below a prefix that the server knows (ASGI's `root_path`)."""

import pytest
from starlette.testclient import TestClient

from app.http.root_path import STRIPPED_ROOT_PATH, strip_root_path
from tests.support.service import client_for


@pytest.mark.parametrize(
    ("root_path", "path", "found"),
    [
        ("", "/v1/areas", "/v1/areas"),
        ("/gazette", "/gazette/v1/areas", "/v1/areas"),
        ("/gazette", "/v1/areas", "/v1/areas"),
        ("/gazette", "/gazettes/v1", "/gazettes/v1"),
        ("/gazette", "/gazette", "/gazette"),
        ("/a/b", "/a/b/", "/"),
    ],
)
def test_the_prefix_is_taken_off(root_path: str, path: str, found: str) -> None:
    scope = {"type": "http", "root_path": root_path, "path": path, "raw_path": path.encode()}
    stripped = strip_root_path(scope)
    assert (stripped["path"], stripped["raw_path"], stripped["root_path"]) == (found, found.encode(), "")
    assert stripped.get(STRIPPED_ROOT_PATH, "") == root_path


def test_a_server_need_not_give_the_raw_path() -> None:
    scope = {"type": "http", "root_path": "/g", "path": "/g/v1", "raw_path": None}
    assert strip_root_path(scope)["raw_path"] is None


@pytest.mark.parametrize("path", ["/v1/areas?limit=1", "/v1/areas.csv", "/docs", "/openapi.json", "/", "/healthz"])
def test_every_address_answers_below_the_prefix(loaded_sqlite: str, path: str) -> None:
    with client_for(loaded_sqlite) as client:
        below = TestClient(client.app, root_path="/gazette")
        answer = below.get(f"/gazette{path}", headers={"Accept": "*/*"})
        assert answer.status_code == 200
        if path != "/openapi.json":
            assert answer.content == client.get(path, headers={"Accept": "*/*"}).content
        assert below.get("/gazette/v1/nothing").status_code == 404
