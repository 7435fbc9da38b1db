"""Loading: one transaction, nothing guessed, nothing lost, every change logged."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from app.db.engine import engine_for, migrate
from app.ingest.package_reader import PackageError
from app.ingest.seed import SEED
from app.model.rows import from_json
from tests import packages
from tests.conftest import client_for
from tests.packages import Tables

BUNDLED = SEED / "2021-05"


def test_the_bundled_package_loads_and_loads_again_without_a_change(writable_url: str) -> None:
    before = packages.dump(writable_url)
    state = packages.fetch(writable_url, "SELECT revision, loaded_at FROM data_state")
    outcome = packages.load(writable_url, BUNDLED)
    assert (outcome.added, outcome.changed, outcome.removed, outcome.log) == ({}, {}, {}, [])
    assert packages.dump(writable_url) == before
    assert packages.fetch(writable_url, "SELECT revision, loaded_at FROM data_state") == state


def test_the_first_load_of_an_issue_is_one_change(empty_url: str, tmp_path: Path) -> None:
    outcome = packages.load(empty_url, packages.write(tmp_path, packages.tables()))
    [entry] = outcome.log
    assert (entry["dataset"], entry["row_id"], entry["kind"], entry["cause"]) == (
        "issues",
        "1999-01",
        "added",
        "source",
    )
    assert str(entry["at"]) == "1999-02-02"


def test_both_databases_have_the_same_revision(loaded_sqlite: str, loaded_postgres: str) -> None:
    statement = "SELECT revision, totals FROM data_state"
    assert packages.fetch(loaded_sqlite, statement) == packages.fetch(loaded_postgres, statement)


def test_a_changed_cell_is_logged_alone(empty_url: str, tmp_path: Path) -> None:
    content = packages.tables()
    packages.load(empty_url, packages.write(tmp_path / "a", content))
    content["observations"][0] |= {"value": "1.60", "printed.value": "1.60", "source.lines": "2;2"}
    outcome = packages.load(empty_url, packages.write(tmp_path / "b", content, "1999-03-01"))
    [entry] = outcome.log
    assert entry["cause"] == "re-extraction"
    assert [(cell["field"], str(cell["from"]), str(cell["to"])) for cell in entry["changed"]] == [
        ("value", "1.50", "1.60")
    ]
    content["observations"][0] |= {"value": "1.70", "printed.value": "1.70", "source.sha256": "11"}
    [entry] = packages.load(empty_url, packages.write(tmp_path / "c", content, "1999-04-01")).log
    assert entry["cause"] == "source"
    with client_for(empty_url) as client:
        changes = client.get("/v1/changes?dataset=observations&sort=at").json()["data"]
    assert [change["at"] for change in changes] == ["1999-03-01", "1999-04-01"]
    assert changes[0]["changed"] == [{"field": "value", "from": 1.5, "to": 1.6}]


def test_an_absent_column_leaves_stored_values_alone(empty_url: str, tmp_path: Path) -> None:
    content = packages.tables()
    packages.load(empty_url, packages.write(tmp_path / "a", content))
    for name in ("value", "printed.value"):
        del content["observations"][0][name]
    outcome = packages.load(empty_url, packages.write(tmp_path / "b", content))
    assert outcome.log == []
    [(text,)] = packages.fetch(empty_url, "SELECT row_json FROM observations")
    assert str(from_json(text)["value"]) == "1.50"


def test_a_row_that_left_the_package_is_removed_and_logged(empty_url: str, tmp_path: Path) -> None:
    content = packages.tables()
    packages.load(empty_url, packages.write(tmp_path / "a", content))
    content["observations"] = [content["observations"][0] | {"id": "other"}]
    outcome = packages.load(empty_url, packages.write(tmp_path / "b", content))
    assert [(entry["row_id"], entry["kind"]) for entry in outcome.log] == [
        ("other", "added"),
        ("eggs.330300.1999-01.1999-01", "removed"),
    ]


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


Break = Callable[[Tables], object]
BROKEN: dict[str, tuple[Break, str, int | None, str | None]] = {
    "type": (lambda t: t["observations"][0].update(value="abc"), "observations.csv", 2, "value"),
    "places": (lambda t: t["observations"][0].update(value="1.1234567"), "observations.csv", 2, "value"),
    "date": (lambda t: t["issues"][0].update(published_on="1999-02-30"), "issues.csv", 2, "published_on"),
    "month": (lambda t: t["observations"][0].update(period="1999-13"), "observations.csv", 2, "period"),
    "enumeration": (lambda t: t["observations"][0].update(value_status="odd"), "observations.csv", 2, "value_status"),
    "duplicate": (lambda t: t["areas"].append(t["areas"][0]), "areas.csv", 3, "id"),
    "dangling": (lambda t: t["observations"][0].update(area_id="1"), "observations.csv", 2, "area_id"),
    "missing": (lambda t: t["issues"][0].update(title=""), "issues.csv", 2, "title"),
    "unknown column": (lambda t: t["issues"][0].update(titel="x"), "issues.csv", 1, "titel"),
    "NUL": (lambda t: t["issues"][0].update(title="a\x00"), "issues.csv", None, None),
}


@pytest.mark.parametrize("name", list(BROKEN))
def test_a_broken_package_is_refused_whole(empty_url: str, tmp_path: Path, name: str) -> None:
    packages.load(empty_url, packages.write(tmp_path / "good", packages.tables()))
    before = packages.dump(empty_url)
    damage, file, row, column = BROKEN[name]
    content = packages.tables()
    content["observations"][0]["value"] = "9.9"
    damage(content)
    with pytest.raises(PackageError) as caught:
        packages.load(empty_url, packages.write(tmp_path / "bad", content))
    assert (file, row, column) in [(f.file, row and f.row, column and f.column) for f in caught.value.faults]
    assert packages.dump(empty_url) == before


def test_every_fault_is_listed(empty_url: str, tmp_path: Path) -> None:
    content = packages.tables()
    content["observations"][0] |= {"value": "x", "period": "y"}
    content["issues"][0]["year"] = "z"
    with pytest.raises(PackageError) as caught:
        packages.load(empty_url, packages.write(tmp_path, content))
    assert {(fault.file, fault.column) for fault in caught.value.faults} == {
        ("observations.csv", "value"),
        ("observations.csv", "period"),
        ("issues.csv", "year"),
    }


@pytest.mark.parametrize("damage", ["latin", "quote", "json", "no file", "outside", "cells"])
def test_a_damaged_file_is_refused(empty_url: str, tmp_path: Path, damage: str) -> None:
    directory = packages.write(tmp_path, packages.tables())
    file, descriptor = directory / "issues.csv", directory / "datapackage.json"
    match damage:
        case "latin":
            file.write_bytes(file.read_bytes() + b"\xff\xfe")
        case "quote":
            file.write_bytes(file.read_bytes() + b'"open')
        case "json":
            descriptor.write_text("{")
        case "no file":
            file.unlink()
        case "outside":
            descriptor.write_text(descriptor.read_text().replace("issues.csv", "../issues.csv"))
        case "cells":
            file.write_bytes(file.read_bytes() + b"1999-02,1\n")
    with pytest.raises(PackageError):
        packages.load(empty_url, directory)
    assert packages.dump(empty_url) == [[]] * 7


def test_a_failing_check_is_published(empty_url: str, tmp_path: Path) -> None:
    content = packages.tables()
    rules = ["indicators", "indicators?name_zh=鸡蛋", "indicators#id = observations#indicator_id", "nonsense?a=b"]
    content["checks"] = [
        {"id": f"1999-01.{n}", "subject": "s", "rule": rule, "declared": "2" if n == 0 else "1", **packages.SOURCE}
        for n, rule in enumerate(rules)
    ]
    packages.load(empty_url, packages.write(tmp_path, content))
    with client_for(empty_url) as client:
        checks = client.get("/v1/checks?sort=id").json()["data"]
    assert [(check["counted"], check["status"]) for check in checks] == [
        (1, "fail"), (1, "pass"), (1, "pass"), (None, "fail"),
    ]  # fmt: skip
    assert checks[0]["detail"] == "declared 2, counted 1"


def test_corrections_lie_on_top_and_are_logged_as_errata(empty_url: str, tmp_path: Path) -> None:
    directory = packages.write(tmp_path, packages.tables())
    (directory / "corrections.csv").write_text(
        "dataset,id,field,from,to,reason\nobservations,eggs.330300.1999-01.1999-01,value,1.50,1.55,misprint\n",
        encoding="utf-8",
    )
    outcome = packages.load(empty_url, directory)
    assert [(entry["dataset"], entry["cause"]) for entry in outcome.log] == [
        ("issues", "source"),
        ("observations", "erratum"),
    ]
    [(text,)] = packages.fetch(empty_url, "SELECT row_json FROM observations")
    row = from_json(text)
    assert (str(row["value"]), row["printed"]["value"], row["notes"]) == ("1.55", "1.50", "Corrected by hand: misprint")
    assert packages.load(empty_url, directory).log == []
    (directory / "corrections.csv").write_text(
        "dataset,id,field,from,to,reason\nobservations,eggs.330300.1999-01.1999-01,value,1.51,1.55,misprint\n"
    )
    with pytest.raises(PackageError):
        packages.load(empty_url, directory)


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
from app.ingest import load
from app.settings import Settings
from app.cli.main import loading
from app.db.engine import engine_for
from tests.conftest import NOW

with engine_for(Settings.from_environment().database_url) as engine:
    sa.event.listen(engine, "after_cursor_execute", lambda *_: print("statement", flush=True))
    with loading(engine) as connection:
        load.load_directory(connection, Path(sys.argv[1]), NOW)
        while True:  # everything is written, nothing committed: wait to be killed
            print("written", flush=True)
"""


def test_migrating_twice_changes_nothing(empty_url: str) -> None:
    with engine_for(empty_url) as engine:
        migrate(engine)
        migrate(engine)
    assert packages.dump(empty_url) == [[]] * 7


def test_a_file_that_the_descriptor_forgets_is_loaded_too(empty_url: str, tmp_path: Path) -> None:
    directory = packages.write(tmp_path, packages.tables())
    descriptor = json.loads((directory / "datapackage.json").read_text(encoding="utf-8"))
    descriptor["resources"] = [r for r in descriptor["resources"] if r["name"] not in ("indicators", "observations")]
    descriptor["resources"].append({"name": "indicators", "path": "indicators.csv"})
    (directory / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    assert packages.load(empty_url, directory).added["observations"] == 1


def test_the_descriptor_names_every_file() -> None:
    descriptor = json.loads((BUNDLED / "datapackage.json").read_text(encoding="utf-8"))
    named = {resource["path"] for resource in descriptor["resources"]}
    assert named == {path.name for path in BUNDLED.glob("*.csv")} - {"corrections.csv"}


def test_a_load_beside_a_server_leaves_no_log(loaded_sqlite: str, tmp_path: Path) -> None:
    database = tmp_path / "served.db"
    shutil.copy(loaded_sqlite.removeprefix("sqlite:///"), database)
    url = f"sqlite:///{database}"
    with client_for(url) as client:
        assert client.get("/v1/issues").json()["meta"]["total"] == 1
        assert packages.command(url, "load", str(packages.write(tmp_path / "more", packages.tables()))) == 0
        assert database.with_name("served.db-wal").stat().st_size == 0
        assert client.get("/readyz").status_code == 200
        assert client.get("/v1/issues").json()["meta"]["total"] == 2
