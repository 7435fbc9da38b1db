"""From a text to a package and into the database: reviewed, corrected, read again, refused."""

import csv
import io
import json
import os
import random
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.cli.console import progress_on
from app.cli.main import loading, main
from app.db.engine import engine_for
from app.ingest.extract import Refused
from app.ingest.load import Outcome
from app.ingest.package_reader import PackageError, read_package
from app.ingest.pipeline import load_source, parse_file
from app.ingest.seed import SEED
from tests import packages
from tests.conftest import NOW, client_for
from tests.issues import FIGURES, ROADS, issue_text

DAY = date(2024, 1, 31)
TEXT = issue_text(11, documents=[ROADS])
ID = "fiscal_revenue.330300.2023-11.2023-11"
HEADING = "dataset,id,field,from,to,reason\n"
real_text = pytest.mark.skipif(
    not os.environ.get("GAZETTE_TEXT"),
    reason="GAZETTE_TEXT names no text of the bundled issue, which may not be copied",
)
Load = Callable[..., Outcome]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "issue.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


@pytest.fixture
def load(empty_url: str) -> Load:
    def load(source: Path, dry_run: bool = False) -> Outcome:
        with engine_for(empty_url) as engine, loading(engine, dry_run) as connection:
            return load_source(connection, source, NOW, DAY)

    return load


def parse(file: Path, directory: Path | None = None, created: date | None = None, with_text: bool = False) -> Any:
    return parse_file(file, directory, created, DAY, with_text)


def rows(directory: Path, name: str) -> list[dict[str, str]]:
    with (directory / f"{name}.csv").open(encoding="utf-8", newline="") as content:
        return list(csv.DictReader(content))


def cells(outcome: Outcome) -> set[tuple[str, str, str, str]]:
    return {(e["dataset"], e["row_id"], cell["field"], e["cause"]) for e in outcome.log for cell in e["changed"]}


@real_text
def test_the_bundled_package_is_what_the_command_makes(tmp_path: Path) -> None:
    bundled = SEED / "2021-05"
    descriptor = json.loads((bundled / "datapackage.json").read_text(encoding="utf-8"))
    created = date.fromisoformat(descriptor["created"][:10])
    parse(Path(os.environ["GAZETTE_TEXT"]), tmp_path, created)
    for path in sorted(bundled.iterdir()):
        if path.name != "corrections.csv":
            assert (tmp_path / path.name).read_bytes() == path.read_bytes(), path.name


def test_the_report_of_the_bundled_issue_accounts_for_every_line() -> None:
    report = json.loads((SEED / "2021-05" / "report.json").read_text(encoding="utf-8"))
    assert report["lines"] == {"nonblank": 666, "read": 666, "unread": []}
    [failing] = [check for check in report["checks"] if check["status"] == "fail"]
    assert failing["detail"] == "only in the first: jiangkoudu"
    assert all(len(value) <= 40 for entry in report["low_confidence"] for value in [entry["printed"]])


def test_package_and_report_are_written(file: Path, tmp_path: Path) -> None:
    directory = tmp_path / "package"
    report = parse(file, directory)
    assert json.loads((directory / "report.json").read_text(encoding="utf-8"))["counts"] == report["counts"]
    assert "22 of 22 non-blank lines read (100 %)" in (directory / "report.md").read_text(encoding="utf-8")
    package = read_package(directory)
    assert (package.created, package.issue_ids) == (DAY, ["2023-11"])
    assert package.digest == report["text"]
    assert "text" not in rows(directory, "provisions")[0]
    parse(file, directory, with_text=True)
    assert rows(directory, "provisions")[1]["text"]


def test_a_package_is_dated_anew_only_when_it_differs(file: Path, tmp_path: Path) -> None:
    directory = tmp_path / "package"
    parse(file, directory, date(2023, 12, 24))
    parse(file, directory)
    assert read_package(directory).created == date(2023, 12, 24)
    file.write_text(TEXT.replace("30万元", "40万元"), encoding="utf-8")
    parse(file, directory)
    assert read_package(directory).created == DAY


def test_corrections_survive_a_second_parse_and_are_errata(file: Path, tmp_path: Path, load: Load) -> None:
    directory = tmp_path / "package"
    parse(file, directory)
    correction = f"observations,{ID},value,20.10,20.70,misprint\n"
    (directory / "corrections.csv").write_text(HEADING + correction, encoding="utf-8")
    parse(file, directory)
    assert (directory / "corrections.csv").read_text(encoding="utf-8") == HEADING + correction
    outcome = load(directory)
    assert cells(outcome) == {("observations", ID, "value", "erratum")}
    assert load(directory).log == []
    shutil.copy(directory / "corrections.csv", tmp_path)
    assert load(file).log == []
    file.write_text(TEXT.replace("20.10", "20.70"), encoding="utf-8")
    assert cells(load(file)) == {
        ("observations", ID, "notes", "source"),
        ("observations", ID, "printed.value", "source"),
    }


def test_a_text_is_loaded_with_its_running_text_which_then_stays(
    file: Path, tmp_path: Path, load: Load, empty_url: str
) -> None:
    directory = tmp_path / "package"
    parse(file, directory)
    load(directory)
    outcome = load(file)
    assert (outcome.added, outcome.changed, outcome.removed, outcome.log) == ({}, {}, {}, [])
    assert set(outcome.moved) == {"documents", "provisions"}
    with client_for(empty_url) as client:
        body = client.get("/v1/documents/linzhengban-2023-41").json()["body"]
        text = client.get("/v1/provisions/linzhengban-2023-41.art2").json()["text"]
    assert "为养护道路" in body
    assert "30万元" in text
    again = load(directory)
    assert (again.changed, again.moved, again.log) == ({}, {}, [])
    with client_for(empty_url) as client:
        assert client.get("/v1/documents/linzhengban-2023-41").json()["body"] == body


def test_a_corrected_text_yields_exactly_the_changed_cells(file: Path, load: Load) -> None:
    load(file)
    corrected = TEXT.replace("\t20.10\t", "\t20.70\t").replace("出版日期", "\n\n出版日期")
    file.write_text(corrected, encoding="utf-8")
    outcome = load(file)
    assert cells(outcome) == {("observations", ID, "value", "source")}
    assert outcome.changed == {"observations": 1}
    assert [(str(e["at"]), e["kind"]) for e in outcome.log] == [("2024-01-31", "changed")]
    assert load(file).log == []


def test_a_row_that_a_corrected_text_brings_or_takes_is_the_sources(file: Path, load: Load) -> None:
    load(file)
    more = FIGURES | {"二、一般公共预算收入": ("亿元", "9.1", "1.0", "70.2", "2.0")}
    file.write_text(issue_text(11, documents=[ROADS], figures=more), encoding="utf-8")
    key = "general_public_budget_revenue.330300.2023-11.2023-11"
    log = [(e["row_id"], e["kind"], e["cause"]) for e in load(file).log if e["dataset"] == "observations"]
    assert log == [(key, "added", "source")]
    file.write_text(TEXT, encoding="utf-8")
    log = [(e["row_id"], e["kind"], e["cause"]) for e in load(file).log if e["dataset"] == "observations"]
    assert log == [(key, "removed", "source")]


def test_the_same_text_read_differently_is_re_extraction(file: Path, tmp_path: Path, load: Load) -> None:
    directory = tmp_path / "package"
    parse(file, directory)
    load(directory)
    path = directory / "commitments.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("art2.1,", "art2.9,"), encoding="utf-8")
    observations = directory / "observations.csv"
    text = observations.read_text(encoding="utf-8")
    old = rows(directory, "observations")[0]["source.sha256"]
    observations.write_text(text.replace(",2.0,normal", ",3.0,normal").replace(old, "0" * 64), encoding="utf-8")
    outcome = load(directory)
    assert {(e["dataset"], e["kind"], e["cause"]) for e in outcome.log} == {
        ("commitments", "added", "re-extraction"),
        ("commitments", "removed", "re-extraction"),
        ("observations", "changed", "re-extraction"),
    }


def test_a_dry_run_shows_the_change_and_writes_nothing(
    file: Path, load: Load, empty_url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    load(file)
    before = packages.dump(empty_url), packages.fetch(empty_url, "SELECT * FROM data_state")
    file.write_text(TEXT.replace("20.10", "20.70"), encoding="utf-8")
    monkeypatch.setenv("DATABASE_URL", empty_url)
    assert main(["load", str(file), "--dry-run"]) == 0
    told = capsys.readouterr()
    assert f"~ observations {ID} (source)\n    value: 20.10 → 20.70\n" in told.out
    assert told.out.endswith("dry run: nothing was written\n")
    assert told.err == ""
    assert main(["load", str(file), "--dry-run", "--json"]) == 0
    outcome = json.loads(capsys.readouterr().out)
    assert outcome["changed"] == {"observations": 1}
    assert outcome["changes"][0]["changed"] == [{"field": "value", "from": 20.1, "to": 20.7}]
    assert (packages.dump(empty_url), packages.fetch(empty_url, "SELECT * FROM data_state")) == before


def test_the_report_is_printed(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["parse", str(file)]) == 0
    assert capsys.readouterr().out.startswith("# Gazette issue 2023-11\n")
    assert main(["parse", str(file), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["issue"], report["encoding"], report["faults"]) == ("2023-11", "utf-8", [])


def test_what_is_new_or_odd_is_reported(file: Path) -> None:
    table = "## 新鲜事物统计\n\n花名\t产地\n梅\t东山\n"
    text = issue_text(11, figures=FIGURES | {"二、港口吞吐量": ("万吨", "8x.1", "3", "9", "4")})
    file.write_text(f"{text}\n业主王小明觉得\n\n{table}", encoding="utf-8")
    report = parse(file)
    lines = report["lines"]
    assert lines["read"] + len(lines["unread"]) == lines["nonblank"]
    assert [(each["id"], each["name_zh"]) for each in report["unknown_indicators"]] == [
        ("gangkoutuntuliang", "港口吞吐量")
    ]
    assert [each["start"] for each in lines["unread"]] == ["…", "## 新鲜事物统计", "花名\t产地", "梅\t东山"]
    assert "8x.1" in [each["printed"] for each in report["low_confidence"]]
    assert "王小明" not in json.dumps(report, ensure_ascii=False)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings(tmp_path: Path, file: Path, encoding: str, capsys: pytest.CaptureFixture[str]) -> None:
    other = tmp_path / "other.txt"
    other.write_bytes(TEXT.replace("\n", "\r\n").encode(encoding))
    wanted, found = parse(file), parse(other)
    assert found["encoding"] == encoding.removesuffix("-sig").removesuffix("-le").removesuffix("-be")
    assert found | {"encoding": ""} == wanted | {"encoding": ""}
    assert main(["parse", str(other), "-o", str(tmp_path / "p")]) == 0
    assert (found["encoding"] in capsys.readouterr().out) == (found["encoding"] != "utf-8")


BAD = {
    "empty": b"",
    "blank": b"\n \n\t\n",
    "pdf": b"%PDF-1.7\n" + TEXT.encode(),
    "zip": b"PK\x03\x04" + TEXT.encode(),
    "bytes": bytes(range(256)) * 40,
    "nul": TEXT.encode() + b"\x00",
    "latin": "Zeitung für Alle, né à Paris. Ünï".encode("latin-1"),
    "two": (issue_text(11, documents=[ROADS]) + issue_text(12)).encode(),
    "no masthead": TEXT[TEXT.index("## 市府办文件") :].encode(),
    "json": b'{"a": 1}',
}


@pytest.mark.parametrize("name", BAD)
def test_bad_files_are_refused_in_one_line(
    name: str, tmp_path: Path, loaded_sqlite: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, directory = tmp_path / "bad.txt", tmp_path / "package"
    bad.write_bytes(BAD[name])
    (directory).mkdir()
    (directory / "issues.csv").write_text("id\n", encoding="utf-8")
    monkeypatch.setenv("DATABASE_URL", loaded_sqlite)
    before = packages.dump(loaded_sqlite)
    for arguments in (["parse", str(bad), "-o", str(directory)], ["load", str(bad)]):
        assert main(arguments) == 2
        told = capsys.readouterr()
        assert told.out == ""
        [line] = told.err.splitlines()
        assert line.startswith("gazette: bad.txt ")
    assert [path.name for path in directory.iterdir()] == ["issues.csv"]
    assert (directory / "issues.csv").read_text(encoding="utf-8") == "id\n"
    assert packages.dump(loaded_sqlite) == before


def test_two_copies_of_one_issue_are_reported_and_not_loaded(
    file: Path, loaded_sqlite: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text(TEXT + TEXT, encoding="utf-8")
    second = TEXT.count("\n") + TEXT[: TEXT.index("出版日期")].count("\n") + 1
    fault = f"the text: line {second} begins the same issue again; its rows would be loaded twice"
    assert parse(file)["faults"] == [fault]
    monkeypatch.setenv("DATABASE_URL", loaded_sqlite)
    before = packages.dump(loaded_sqlite)
    assert main(["load", str(file)]) == 2
    assert fault in capsys.readouterr().err
    assert packages.dump(loaded_sqlite) == before


def test_a_directory_that_cannot_be_written_is_said(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["parse", str(file), "-o", str(file)]) == 2
    assert "cannot be written" in capsys.readouterr().err
    assert main(["parse", str(file.parent)]) == 2
    assert "cannot be read" in capsys.readouterr().err


@pytest.fixture(scope="module")
def directory_of_noise(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("noise")


def survives(directory: Path, text: str, url: str) -> None:
    """A damaged text is reported on with every line accounted for, or refused; a load is whole or none."""
    path = directory / "damaged.txt"
    path.write_bytes(text.encode("utf-8", "replace"))
    try:
        report = parse(path)
    except Refused:
        return
    lines = report["lines"]
    assert lines["read"] + len(lines["unread"]) == lines["nonblank"]
    faults: list[str] = []
    with engine_for(url) as engine:
        try:
            with loading(engine, dry_run=True) as connection:
                load_source(connection, path, NOW, DAY)
        except PackageError as error:
            faults = [str(fault) for fault in error.faults]
    assert faults == report["faults"]


ISSUES = [TEXT, issue_text(10, documents=[ROADS], figures=FIGURES | {"#住户": ("亿元", "", "—", "7", "x")})]
DAMAGED = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@DAMAGED
@given(st.sampled_from(ISSUES), st.data())
def test_damaged_texts(loaded_sqlite: str, directory_of_noise: Path, text: str, data: st.DataObject) -> None:
    survives(directory_of_noise, damage(text, data), loaded_sqlite)


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


@real_text
@DAMAGED
@given(st.data())
def test_damaged_real_text(loaded_sqlite: str, directory_of_noise: Path, data: st.DataObject) -> None:
    text = Path(os.environ.get("GAZETTE_TEXT", "")).read_text(encoding="utf-8")
    survives(directory_of_noise, damage(text, data), loaded_sqlite)


def test_progress_is_shown_on_a_terminal_and_told_in_lines_elsewhere(
    empty_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    content = packages.tables()
    row = content["observations"][0]
    content["observations"] = [
        row | {"id": f"o{n:05}", "period": f"{1400 + n // 12}-{n % 12 + 1:02}"} for n in range(6000)
    ]
    directory = packages.write(tmp_path / "big", content)
    monkeypatch.setenv("DATABASE_URL", empty_url)
    assert main(["load", str(directory), "--dry-run"]) == 0
    told = capsys.readouterr().err.splitlines()
    assert told[-1] == "observations: 6000 of 6000 rows"
    assert len(told) == 11
    terminal = Terminal()
    with (
        engine_for(empty_url) as engine,
        progress_on(terminal) as progress,
        loading(engine, dry_run=True) as connection,
    ):
        load_source(connection, directory, NOW, DAY, progress)
    assert "observations" in terminal.getvalue()


class Terminal(io.StringIO):
    """A stream that says of itself that a person looks at it."""

    def isatty(self) -> bool:
        return True
