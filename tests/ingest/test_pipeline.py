"""Texts parsed and loaded: corrected, parsed again, damaged."""

import os
import random
import shutil
from pathlib import Path
from unittest.mock import Mock

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.db.engine import open_engine
from app.errors import StartupError
from app.ingest.extract import NotAnIssueError
from app.ingest.identity import RefusedError
from app.ingest.package_reader import PackageError
from app.ingest.pipeline import load_source, load_transaction, make_ready
from tests.support import packages
from tests.support.issues import FIGURES, ROADS, issue_text
from tests.support.service import NOW, client_for
from tests.support.texts import DAY, ID, TEXT, LoadFile, cells, parse, real_text, rows


@pytest.mark.slow
def test_the_text_of_documents_is_stored_and_kept_by_later_packages(
    issue_file: Path, tmp_path: Path, load_file: LoadFile, empty_url: str
) -> None:
    directory = tmp_path / "package"
    parse(issue_file, directory)
    load_file(directory)
    outcome = load_file(issue_file)
    assert (outcome.added, outcome.changed, outcome.removed, outcome.log) == ({}, {}, {}, [])
    assert set(outcome.relocated) == {"documents", "provisions"}
    with client_for(empty_url) as client:
        body = client.get("/v1/documents/linzhengban-2023-41").json()["body"]
        text = client.get("/v1/provisions/linzhengban-2023-41.art2").json()["text"]
    assert "为养护道路" in body
    assert "30万元" in text
    again = load_file(directory)
    assert (again.changed, again.relocated, again.log) == ({}, {}, [])
    with client_for(empty_url) as client:
        assert client.get("/v1/documents/linzhengban-2023-41").json()["body"] == body


def test_a_corrected_text_yields_exactly_the_changed_cells(issue_file: Path, load_file: LoadFile) -> None:
    load_file(issue_file)
    corrected = TEXT.replace("\t20.10\t", "\t20.70\t").replace("出版日期", "\n\n出版日期")
    issue_file.write_text(corrected, encoding="utf-8")
    outcome = load_file(issue_file)
    assert cells(outcome) == {("observations", ID, "value", "source")}
    assert outcome.changed == {"observations": 1}
    assert [(str(e["at"]), e["kind"]) for e in outcome.log] == [("2024-01-31", "changed")]
    assert load_file(issue_file).log == []


def test_rows_added_or_removed_by_a_corrected_text_have_the_cause_source(issue_file: Path, load_file: LoadFile) -> None:
    load_file(issue_file)
    more = FIGURES | {"二、一般公共预算收入": ("亿元", "9.1", "1.0", "70.2", "2.0")}
    issue_file.write_text(issue_text(11, documents=[ROADS], figures=more), encoding="utf-8")
    key = "general_public_budget_revenue.330300.2023-11.2023-11"
    log = [(e["row_id"], e["kind"], e["cause"]) for e in load_file(issue_file).log if e["dataset"] == "observations"]
    assert log == [(key, "added", "source")]
    issue_file.write_text(TEXT, encoding="utf-8")
    less = load_file(issue_file, accept_loss=True)
    log = [(e["row_id"], e["kind"], e["cause"]) for e in less.log if e["dataset"] == "observations"]
    assert log == [(key, "removed", "source")]


@pytest.mark.slow
def test_other_values_from_the_same_text_have_the_cause_re_extraction(
    issue_file: Path, tmp_path: Path, load_file: LoadFile
) -> None:
    directory = tmp_path / "package"
    parse(issue_file, directory)
    load_file(directory)
    path = directory / "commitments.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("art2.1,", "art2.9,"), encoding="utf-8")
    observations = directory / "observations.csv"
    text = observations.read_text(encoding="utf-8")
    old = rows(directory, "observations")[0]["source.sha256"]
    observations.write_text(text.replace(",2.0,normal", ",3.0,normal").replace(old, "0" * 64), encoding="utf-8")
    outcome = load_file(directory)
    assert {(e["dataset"], e["kind"], e["cause"]) for e in outcome.log} == {
        ("commitments", "added", "re-extraction"),
        ("commitments", "removed", "re-extraction"),
        ("observations", "changed", "re-extraction"),
    }


@pytest.fixture(scope="module")
def directory_of_noise(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("noise")


def survives(directory: Path, text: str, url: str) -> None:
    """Assert that a damaged text is reported with every line accounted for, or refused, and that a load is atomic."""
    path = directory / "damaged.txt"
    path.write_bytes(text.encode("utf-8", "replace"))
    try:
        report = parse(path)
    except NotAnIssueError:
        return
    lines = report["lines"]
    assert lines["read"] + len(lines["unread"]) == lines["nonblank"]
    faults: list[str] = []
    with open_engine(url) as engine:
        try:
            with load_transaction(engine, dry_run=True) as connection:
                load_source(connection, path, NOW, DAY, accept_loss=True)
        except PackageError as error:
            faults = [str(fault) for fault in error.faults]
        except RefusedError:
            return  # it contradicts what the database says of the issue
    assert faults == report["faults"]


ISSUES = [TEXT, issue_text(10, documents=[ROADS], figures=FIGURES | {"#住户": ("亿元", "", "—", "7", "x")})]

DAMAGED = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@pytest.mark.slow
@DAMAGED
@given(st.sampled_from(ISSUES), st.data())
def test_damaged_texts(migrated_sqlite: Path, directory_of_noise: Path, text: str, data: st.DataObject) -> None:
    survives(directory_of_noise, damage(text, data), f"sqlite:///{migrated_sqlite}")


def damage(text: str, data: st.DataObject) -> str:
    """Cut, shuffle, drop columns, break numbers, insert noise."""
    lines = text.split("\n")
    for kind in data.draw(
        st.lists(st.sampled_from(["cut", "shuffle", "column", "figure", "noise", "twice"]), max_size=4)
    ):
        at = data.draw(st.integers(0, max(0, len(lines) - 1)))
        match kind:
            case "cut":
                lines = lines[: at + 1]
            case "shuffle":
                random.Random(at).shuffle(lines)
            case "column":
                lines = ["\t".join(line.split("\t")[: at % 6 or 1]) for line in lines]
            case "figure":
                lines[at] = lines[at].replace("0", "o").replace("1", "一1")
            case "noise":
                lines.insert(at, data.draw(st.text(max_size=60)))
            case "twice":
                lines[at:at] = lines[at : at + 12]
    return "\n".join(lines)


@pytest.mark.slow
@real_text
@DAMAGED
@given(st.data())
def test_damaged_real_text(loaded_sqlite: str, directory_of_noise: Path, data: st.DataObject) -> None:
    text = Path(os.environ.get("GAZETTE_TEXT", "")).read_text(encoding="utf-8")
    survives(directory_of_noise, damage(text, data), loaded_sqlite)


def test_the_origin_is_a_text_whatever_the_name_of_the_file_is(
    issue_file: Path, load_file: LoadFile, empty_url: str
) -> None:
    """A name may have any bytes but two; what is served may not."""
    odd = issue_file.with_name(os.fsdecode(b"\xff\x1b\xe2\x80\xae.txt"))
    issue_file.rename(odd)
    load_file(odd)
    [(origin,)] = packages.fetch(empty_url, "SELECT row_loaded_from FROM issues")
    assert origin == "\ufffd\ufffd\ufffd.txt"


def test_a_database_that_cannot_be_made_ready_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.ingest.pipeline.load_bundled", Mock(side_effect=StartupError("no")))
    with pytest.raises(StartupError, match=r"^no$"):
        make_ready(f"sqlite:///{tmp_path}/new.db", bundled=True)
    assert list(tmp_path.iterdir()) == []


def test_whoever_makes_a_database_last_uses_that_of_the_first(
    tmp_path: Path, migrated_sqlite: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    urls = []

    def load_nothing(engine: sa.Engine) -> None:
        urls.append(engine.url.database)
        if len(urls) == 1:
            shutil.copy(migrated_sqlite, tmp_path / "new.db")

    monkeypatch.setattr("app.ingest.pipeline.load_bundled", load_nothing)
    make_ready(f"sqlite:///{tmp_path}/new.db", bundled=True)
    assert len(urls) == 2
    assert urls[1] == f"{tmp_path}/new.db"
    assert (tmp_path / "new.db").read_bytes() == migrated_sqlite.read_bytes()
