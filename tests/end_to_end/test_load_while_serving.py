"""Loads into a database from which the service is serving."""

import shutil
import time
from pathlib import Path
from typing import Any

import pytest

from app.http.gateway import GatewayMiddleware
from tests.support import packages
from tests.support.service import client_for


def test_a_load_in_another_process_is_seen_within_a_second(writable_url: str, tmp_path: Path) -> None:
    with client_for(writable_url) as client:
        first = client.get("/v1/issues")
        assert first.json()["meta"]["total"] == 1
        packages.load(writable_url, packages.write(tmp_path, packages.tables()))
        deadline = time.monotonic() + 1.0
        while (answer := client.get("/v1/issues")).json()["meta"]["total"] == 1:
            assert time.monotonic() < deadline
        assert answer.headers["etag"] != first.headers["etag"]
        assert answer.json()["meta"]["revision"] != first.json()["meta"]["revision"]
        assert client.get("/v1/issues", headers={"If-None-Match": first.headers["etag"]}).status_code == 200
        assert len(client.get("/v1/issues/1999-01").json()) > 3


INTERRUPTED = [
    "/v1/issues?count=true",
    "/v1/issues?year={year}",
    "/v1/issues?year={year}&offset=1",
    "/v1/issues?year__gt=1900&limit=1",
    "/v1/search?q=公报&dataset=issues",
    "/v1/search?q=公报&dataset=issues&offset=50",
    "/v1/issues/facets?by=year,number",
    "/v1/issues/facets?by=year&year={year}",
    "/v1/issues/aggregate?by=year&year={year}",
    "/v1/issues.csv?year={year}",
    "/v1/issues.xlsx?year={year}",
]


@pytest.mark.slow
def test_a_load_during_a_response_does_not_mix_two_revisions(writable_url: str, tmp_path: Path) -> None:
    """The load happens after the first statement of a response, which must be of one revision only."""

    with client_for(writable_url) as client, client_for(writable_url) as other:
        front, undisturbed = client.app, other.app
        assert isinstance(front, GatewayMiddleware)
        assert isinstance(undisturbed, GatewayMiddleware)

        def fresh(path: str) -> tuple[bytes, str]:
            assert other.portal is not None
            other.portal.call(undisturbed.app.context.repository.refresh)
            answer = other.get(path)
            return answer.content, answer.headers["etag"]

        reader: Any = front.app.context.repository.reader
        fetch = reader.fetch
        for year, template in enumerate(INTERRUPTED, 1901):
            path = template.format(year=year)
            issue = packages.ISSUE | {"id": f"{year}-01", "year": str(year), "source.issue_id": f"{year}-01"}
            waiting = [packages.write(tmp_path / str(year), {"issues": [issue]})]

            async def interrupted(statement: Any, values: Any, waiting: list[Path] = waiting) -> Any:
                rows = await fetch(statement, values)
                if waiting:
                    packages.load(writable_url, waiting.pop())
                return rows

            before = fresh(path)
            assert client.portal is not None
            client.portal.call(
                front.app.context.repository.refresh
            )  # else it may still read the snapshot of the load before
            reader.fetch = interrupted
            answer = client.get(path)
            reader.fetch = fetch
            assert waiting == []
            assert answer.status_code == 200
            assert before != fresh(path)
            assert (answer.content, answer.headers["etag"]) in (before, fresh(path)), path


def test_a_load_beside_a_server_leaves_an_empty_write_ahead_log(loaded_sqlite: str, tmp_path: Path) -> None:
    database = tmp_path / "served.db"
    shutil.copy(loaded_sqlite.removeprefix("sqlite:///"), database)
    url = f"sqlite:///{database}"
    with client_for(url) as client:
        assert client.get("/v1/issues").json()["meta"]["total"] == 1
        assert packages.command(url, "load", str(packages.write(tmp_path / "more", packages.tables()))) == 0
        assert database.with_name("served.db-wal").stat().st_size == 0
        assert client.get("/readyz").status_code == 200
        assert client.get("/v1/issues").json()["meta"]["total"] == 2
