"""The command that loads."""

import http.server
import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import Mock

import pytest

from app.cli.main import main
from tests.support import packages
from tests.support.bundled import BUNDLED
from tests.support.commands import refused, run
from tests.support.issues import ROADS, issue_text
from tests.support.texts import ID, TEXT, LoadFile


@pytest.fixture
def new_url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Make a file that is not there the database of the commands."""
    url = f"sqlite:///{tmp_path}/data/new.db"
    (tmp_path / "data").mkdir()
    monkeypatch.setenv("DATABASE_URL", url)
    return url


@pytest.fixture
def texts(tmp_path: Path) -> dict[int, str]:
    """Return the paths of three issues by their numbers."""
    paths = {}
    for month in (9, 10, 11):
        path = tmp_path / f"2023-{month:02d}.txt"
        path.write_text(issue_text(month, documents=[ROADS] if month == 11 else ()), encoding="utf-8")
        paths[month] = str(path)
    return paths


def issues(url: str) -> list[str]:
    return [key for (key,) in packages.fetch(url, "SELECT id FROM issues ORDER BY id")]


def test_the_bundled_package_loads_again_without_a_change(
    writable_url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", writable_url)
    assert main(["load", str(BUNDLED)]) == 0
    assert capsys.readouterr().out == "nothing changed\n"


def test_new_failures_are_told(
    empty_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", empty_url)
    content = packages.tables()
    content["checks"] = [{"id": "c", "subject": "s", "rule": "issues", "declared": "9", **packages.SOURCE}]
    assert main(["load", str(packages.write(tmp_path, content))]) == 0
    assert "check failed: s: declared 9, counted 1" in capsys.readouterr().out


def test_a_refused_package_names_every_fault(
    empty_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", empty_url)
    content = packages.tables()
    content["observations"][0] |= {"value": "x", "period": "y"}
    assert main(["load", str(packages.write(tmp_path, content))]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].startswith(f"gazette: {tmp_path}/observations.csv, row 2, column ")
    assert lines[-1] == "gazette: refused, 2 fault(s); nothing was loaded"


def test_a_dry_run_shows_the_change_and_writes_nothing(
    issue_file: Path,
    load_file: LoadFile,
    empty_url: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    load_file(issue_file)
    before = packages.dump(empty_url), packages.fetch(empty_url, "SELECT * FROM data_state")
    issue_file.write_text(TEXT.replace("20.10", "20.70"), encoding="utf-8")
    monkeypatch.setenv("DATABASE_URL", empty_url)
    assert main(["load", str(issue_file), "--dry-run"]) == 0
    told = capsys.readouterr()
    assert f"~ observations {ID} (source)\n    value: 20.10 → 20.70\n" in told.out
    assert told.out.endswith("dry run: nothing was written\n")
    assert told.err == ""
    assert main(["load", str(issue_file), "--dry-run", "--json"]) == 0
    outcome = json.loads(capsys.readouterr().out)
    assert outcome["changed"] == {"observations": 1}
    assert outcome["changes"][0]["changed"] == [{"field": "value", "from": 20.1, "to": 20.7}]
    assert (packages.dump(empty_url), packages.fetch(empty_url, "SELECT * FROM data_state")) == before


def test_a_loss_is_shown_refused_and_accepted(
    issue_file: Path,
    load_file: LoadFile,
    empty_url: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    load_file(issue_file)
    monkeypatch.setenv("DATABASE_URL", empty_url)
    issue_file.write_text(TEXT.replace("\t", " "), encoding="utf-8")
    lost = "observations of 2023-11 loses all 1 rows"
    assert main(["load", str(issue_file)]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err == (
        f"gazette: {lost}\ngazette: refused, because the database would lose this; --accept-loss loads it "
        "nevertheless; nothing was loaded\n"
    )
    assert main(["load", str(issue_file), "--dry-run", "--json"]) == 2
    outcome = json.loads(capsys.readouterr().out)
    assert outcome["refused"] is True
    assert outcome["lost"]["rows"] == [{"issue_id": "2023-11", "dataset": "observations", "rows": 1, "removed": 1}]
    assert main(["load", str(issue_file), "--dry-run", "--accept-loss"]) == 0
    assert f"loss: {lost}" in capsys.readouterr().out
    assert main(["load", str(issue_file), "--accept-loss"]) == 0
    assert packages.fetch(empty_url, "SELECT id FROM observations") == []


def test_a_database_is_made_and_holds_the_source_alone(new_url: str, texts: dict[int, str]) -> None:
    assert main(["load", texts[11]]) == 0
    assert issues(new_url) == ["2023-11"]
    assert main(["load", texts[10]]) == 0
    assert issues(new_url) == ["2023-10", "2023-11"]


@pytest.mark.usefixtures("new_url")
@pytest.mark.parametrize("words", [[], ["--dry-run"], ["--published-on", "2023-12-21"]])
def test_a_refused_or_dry_command_leaves_no_file(tmp_path: Path, texts: dict[int, str], words: list[str]) -> None:
    path = Path(texts[11])
    if "--dry-run" not in words:
        broken = packages.tables()
        broken["observations"][0]["indicator_id"] = "nothing"
        path = packages.write(tmp_path / "package", broken)
    assert main(["load", str(path), *words]) == (0 if "--dry-run" in words else 2)
    assert list((tmp_path / "data").iterdir()) == []


def test_several_sources_are_loaded_in_the_order_of_their_publication(
    new_url: str, texts: dict[int, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["load", texts[11], texts[9], texts[10], "--json"]) == 0
    outcomes = json.loads(capsys.readouterr().out)
    assert [each["source"] for each in outcomes] == ["2023-09.txt", "2023-10.txt", "2023-11.txt"]
    assert issues(new_url) == ["2023-09", "2023-10", "2023-11"]


@pytest.mark.usefixtures("new_url")
def test_all_sources_are_read_before_one_is_loaded(
    tmp_path: Path, texts: dict[int, str], capsys: pytest.CaptureFixture[str]
) -> None:
    Path(texts[11]).write_text("no issue", encoding="utf-8")
    assert main(["load", *texts.values()]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith(f"gazette: {texts[11]} is refused: ")
    assert line.endswith("; nothing was loaded")
    assert list((tmp_path / "data").iterdir()) == []
    assert main(["load", texts[9], texts[9]]) == 2
    assert "2023-09.txt and 2023-09.txt are both the issue 2023-09" in capsys.readouterr().err


def test_a_failure_stops_and_names_what_is_loaded(
    new_url: str, texts: dict[int, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["load", texts[10]]) == 0
    Path(texts[10]).write_text(issue_text(10, serial=99), encoding="utf-8")
    capsys.readouterr()
    assert main(["load", *texts.values()]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith(f"gazette: {texts[10]} is refused: the serial number of 2023-10 is 80")
    assert line.endswith("; loaded: 2023-09.txt; not loaded: 2023-10.txt, 2023-11.txt")
    assert issues(new_url) == ["2023-09", "2023-10"]


def test_what_was_loaded_into_a_new_database_stays(
    new_url: str, texts: dict[int, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = packages.tables()
    broken["issues"][0] |= {"id": "2023-12", "year": "2023", "number": "12", "published_on": "2024-01-20"}
    broken["observations"][0]["indicator_id"] = "nothing"
    assert main(["load", texts[9], str(packages.write(tmp_path / "package", broken))]) == 2
    assert capsys.readouterr().err.endswith("; loaded: 2023-09.txt; not loaded: package\n")
    assert issues(new_url) == ["2023-09"]


def test_the_operator_decides_which_issue_a_text_is(
    new_url: str, texts: dict[int, str], capsys: pytest.CaptureFixture[str]
) -> None:
    Path(texts[11]).write_text(TEXT + "\n第 10 期 (总第80期)\n", encoding="utf-8")
    assert main(["load", texts[11]]) == 2
    told = capsys.readouterr().err
    assert "decide with --issue;" in told
    assert "decide with --serial; nothing was loaded" in told
    assert main(["load", texts[11], "--issue", "2023-11", "--serial", "81"]) == 0
    assert issues(new_url) == ["2023-11"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["a", "--issue", "May"], "'May' is not the id of an issue"),
        (["a", "b", "--serial", "3"], "are about one source"),
        (["a", "--published-on", "May"], "'May' is not a date"),
    ],
)
def test_a_decision_that_cannot_be_is_refused(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["load", *words]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert said in line


def test_a_checkpoint_that_fails_leaves_the_data_loaded(
    new_url: str, texts: dict[int, str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.db.engine.checkpoint_wal", Mock(side_effect=sqlite3.OperationalError("disk I/O error")))
    assert main(["load", texts[11]]) == 0
    told = capsys.readouterr()
    [line] = told.err.splitlines()
    assert line.startswith("gazette: the data is loaded, but SQLite's log stays beside the file")
    assert "issues: 1 added" in told.out
    assert issues(new_url) == ["2023-11"]


def test_output_that_nobody_reads_does_not_make_a_load_fail(new_url: str, texts: dict[int, str]) -> None:
    command = [sys.executable, "-m", "app.cli", "load", texts[11]]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        told = process.stderr.read()
    assert (process.returncode, told) == (
        0,
        "gazette: the output could not be written: Broken pipe; loaded: 2023-11.txt\n",
    )
    assert issues(new_url) == ["2023-11"]


@pytest.fixture
def heeded_signals() -> Iterator[None]:
    """Heed the signals that a shell's background or `nohup` ignores, whatever the tests were started by."""
    before = {number: signal.signal(number, signal.SIG_DFL) for number in (signal.SIGTERM, signal.SIGHUP)}
    before[signal.SIGINT] = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("new_url", "heeded_signals")
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupted_load_says_what_is_loaded(
    sent: signal.Signals,
    texts: dict[int, str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def interrupt(*_: object) -> None:
        os.kill(os.getpid(), sent)

    monkeypatch.setattr("app.ingest.load.publish_revision", interrupt)
    assert main(["load", texts[11]]) == 130
    assert capsys.readouterr().err == "gazette: interrupted; nothing was loaded\n"
    assert list((tmp_path / "data").iterdir()) == []


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """Serve a directory on a free port and return its address."""
    (tmp_path / "www").mkdir()

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments: object) -> None:
            super().__init__(*arguments, directory=str(tmp_path / "www"))  # type: ignore[arg-type]

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_an_address_is_a_source(new_url: str, server: str, tmp_path: Path) -> None:
    (tmp_path / "www" / "2023-11.txt").write_text(TEXT, encoding="utf-8")
    address = f"{server.replace('//', '//user:word@')}/2023-11.txt?v=1&token=abc"
    assert main(["load", address]) == 0
    [(origin, day)] = packages.fetch(new_url, "SELECT row_loaded_from, row_loaded_on FROM issues")
    assert origin == f"{server}/2023-11.txt?v=1"
    assert len(day) == len("2023-11-30")


def test_an_address_that_gives_no_text_is_refused(new_url: str, server: str, tmp_path: Path) -> None:
    (tmp_path / "www" / "2023-11.txt").write_text(TEXT, encoding="utf-8")
    assert "answers 404" in refused(run(new_url, "load", f"{server}/none.txt"))
    assert "no gazette issue" in refused(run(new_url, "load", f"{server}/"))
    assert list((tmp_path / "data").iterdir()) == []


KILLED = """
import importlib, os, signal, sys
from app.cli.main import main
module, _, function = sys.argv[1].rpartition(".")
setattr(importlib.import_module(module), function, lambda *_: os.kill(os.getpid(), signal.SIGKILL))
main(["load", sys.argv[2]])
"""
"""Loads a source, and is killed when it calls a function."""
MOMENTS = ("app.ingest.load.merge", "app.ingest.load.recount_after_load", "app.ingest.load.publish_revision")


def killed(url: str, moment: str, source: str) -> None:
    """Load a source into a database in a process that is killed at a moment."""
    environment = {**os.environ, "DATABASE_URL": url}
    done = subprocess.run([sys.executable, "-c", KILLED, moment, source], env=environment, check=False)
    assert done.returncode == -signal.SIGKILL


@pytest.mark.slow
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_killed_load_changes_nothing(
    empty_url: str, texts: dict[int, str], moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", empty_url)
    assert packages.command(empty_url, "load", texts[9]) == 0
    before = packages.dump(empty_url), packages.fetch(empty_url, "SELECT * FROM data_state")
    killed(empty_url, moment, texts[10])
    assert (packages.dump(empty_url), packages.fetch(empty_url, "SELECT * FROM data_state")) == before
    assert main(["load", texts[10]]) == 0
    assert issues(empty_url) == ["2023-09", "2023-10"]


@pytest.mark.parametrize("moment", ["app.ingest.load.publish_revision", "app.db.engine.checkpoint_wal"])
def test_what_a_killed_first_load_left_is_removed_by_the_next(
    new_url: str, texts: dict[int, str], tmp_path: Path, moment: str
) -> None:
    killed(new_url, moment, texts[9])
    assert not (tmp_path / "data" / "new.db").exists()
    assert main(["load", texts[9]]) == 0
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["new.db"]
    assert issues(new_url) == ["2023-09"]
