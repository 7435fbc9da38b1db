"""Loading packages: in one transaction, with every change logged."""

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import packages
from tests.support.bundled import BUNDLED
from tests.support.packages import Tables
from tests.support.service import client_for


def test_the_bundled_package_loads_and_loads_again_without_a_change(writable_url: str) -> None:
    before = packages.dump(writable_url)
    state = packages.fetch(writable_url, "SELECT revision, loaded_at FROM data_state")
    outcome = packages.load(writable_url, BUNDLED)
    assert (outcome.added, outcome.changed, outcome.removed, outcome.log) == ({}, {}, {}, [])
    assert packages.dump(writable_url) == before
    assert packages.fetch(writable_url, "SELECT revision, loaded_at FROM data_state") == state


def test_both_databases_have_the_same_revision(loaded_sqlite: str, loaded_postgres: str) -> None:
    statement = "SELECT revision, totals FROM data_state"
    assert packages.fetch(loaded_sqlite, statement) == packages.fetch(loaded_postgres, statement)


def test_a_second_issue_adds_a_vintage(empty_url: str, tmp_path: Path) -> None:
    content = packages.tables()
    packages.load(empty_url, packages.write(tmp_path / "a", content))
    later = {"source.issue_id": "1999-02", "issue_id": "1999-02", "published_on": "1999-03-01"}
    second: Tables = {
        "issues": [content["issues"][0] | later | {"id": "1999-02", "number": "2"}],
        "indicators": content["indicators"],
        "observations": [content["observations"][0] | later | {"id": "eggs.330300.1999-01.1999-02", "value": "1.40"}],
    }
    del second["issues"][0]["issue_id"]
    outcome = packages.load(empty_url, packages.write(tmp_path / "b", second))
    assert [entry["row_id"] for entry in outcome.log] == ["1999-02"]
    with client_for(empty_url) as client:

        def values(query: str) -> list[float]:
            answer = client.get(f"/v1/observations?{query}").json()
            assert answer["meta"]["total"] == len(answer["data"])
            return [row["value"] for row in answer["data"]]

        assert values("") == [1.4]
        assert values("vintages=all") == [1.5, 1.4]
        assert values("as_of=1999-02-28") == [1.5]
        assert values("as_of=1999-02-28&vintages=all") == [1.5]
        assert values("as_of=1999-03-01") == [1.4]
        assert values("as_of=1998-01-01") == []


@pytest.mark.slow
def test_a_killed_load_leaves_the_old_data_complete(writable_url: str, tmp_path: Path) -> None:
    content = packages.tables()
    row = content["observations"][0]
    content["observations"] = [
        row | {"id": f"o{n:05}", "period": f"{1900 + n // 12}-{n % 12 + 1:02}"} for n in range(3000)
    ]
    directory = packages.write(tmp_path / "big", content)
    before = packages.dump(writable_url)
    state = packages.fetch(writable_url, "SELECT * FROM data_state")
    chance = random.Random(7)
    killed = 0
    for _ in range(3):
        process = subprocess.Popen(
            [sys.executable, "-c", KILLED_LOAD, str(directory)],
            env={**os.environ, "DATABASE_URL": writable_url},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        for _ in range(chance.randint(1, 12)):
            process.stdout.readline()
        process.send_signal(signal.SIGKILL)
        killed += process.wait() == -signal.SIGKILL
        process.stdout.close()
        assert packages.dump(writable_url) == before
        assert packages.fetch(writable_url, "SELECT * FROM data_state") == state
    assert killed == 3
    assert packages.load(writable_url, directory).added["observations"] == 3000


KILLED_LOAD = """
import sys, time
from pathlib import Path
import sqlalchemy as sa
from app.settings import Settings
from app.ingest.pipeline import load_source, load_transaction
from app.db.engine import open_engine
from tests.support.service import NOW

with open_engine(Settings.from_environment().database_url) as engine:
    sa.event.listen(engine, "after_cursor_execute", lambda *_: print("statement", flush=True))
    with load_transaction(engine) as connection:
        load_source(connection, Path(sys.argv[1]), NOW, NOW.date())
        while True:  # everything is written, nothing committed: wait to be killed
            print("written", flush=True)
"""
