"""The commands, as a user calls them."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from app.cli.main import main
from app.ingest.seed import SEED
from tests import packages


def run(url: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run a command in a process of its own."""
    environment = {**os.environ, "DATABASE_URL": url}
    command = [sys.executable, "-m", "app.cli", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


def refused(done: "subprocess.CompletedProcess[str]") -> str:
    """The one line of a command that was refused."""
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    [line] = done.stderr.splitlines()
    return line


def test_load_and_check(
    writable_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", writable_url)
    assert main(["load", str(SEED / "2021-05")]) == 0
    assert "nothing changed" in capsys.readouterr().out
    content = packages.tables()
    content["checks"] = [{"id": "c", "subject": "s", "rule": "issues", "declared": "9", **packages.SOURCE}]
    assert main(["load", str(packages.write(tmp_path, content))]) == 0
    assert "check failed: s: declared 9, counted 2" in capsys.readouterr().out
    assert main(["check"]) == 1
    assert "fail  s  declared 9, counted 2" in capsys.readouterr().out


def test_a_refused_package_names_every_fault(
    empty_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", empty_url)
    content = packages.tables()
    content["observations"][0] |= {"value": "x", "period": "y"}
    assert main(["load", str(packages.write(tmp_path, content))]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].startswith("gazette: observations.csv, row 2, column ")
    assert lines[-1] == "gazette: refused, 2 fault(s); nothing was loaded"


def test_missing_migrations_are_said(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/none.db"
    for arguments in (["check"], ["load", str(SEED / "2021-05")], ["serve", "--no-migrate"]):
        assert "lacks migrations" in refused(run(url, *arguments))


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("nonsense", "no database address"),
        ("mysql://h/d", "SQLite and Postgres"),
        ("sqlite://", "names no file"),
        ("sqlite:////nonexistent/dir/g.db", "unable to open"),
        ("postgresql://u:secret@127.0.0.1:1/x", "refused"),
        ("postgresql://u:secret@host.invalid/x", "host.invalid"),
    ],
)
def test_a_bad_database_url_is_one_line(url: str, words: str) -> None:
    line = refused(run(url, "check"))
    assert words in line
    assert "secret" not in line


def test_a_bad_password_is_one_line(postgres_server: str) -> None:
    wrong = re.sub(r"//postgres:[^@]*@", "//postgres:wrong@", postgres_server)
    assert "password" in refused(run(wrong, "check"))


def test_a_missing_source_is_one_line(loaded_sqlite: str) -> None:
    assert "there is no" in refused(run(loaded_sqlite, "load", "/nonexistent"))


@pytest.mark.parametrize(
    "arguments", [["--port", "70000"], ["--port", "-1"], ["--port", "http"], ["--workers", "0"], ["--workers", "257"]]
)
def test_a_server_that_cannot_be_is_refused(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["serve", *arguments])
    assert ended.value.code == 2
    assert f"argument {arguments[0]}: '{arguments[1]}' is no whole number from" in capsys.readouterr().err


def test_serve_answers_with_the_bundled_issue(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "app.cli", "serve", "--port", "0", "--workers", "2"]
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path}/served.db"}
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        try:
            address = next(
                found[0] for line in process.stderr if (found := re.search(r"http://127\.0\.0\.1:\d+", line))
            )
            # The address is said before the first worker listens: a refused connection is tried again.
            with httpx.Client(transport=httpx.HTTPTransport(retries=8)) as client:
                answer = client.get(f"{address}/v1/urban-villages?limit=1", timeout=30)
            assert answer.json()["meta"]["total"] == 102
        finally:
            process.terminate()
            process.stderr.read()


def test_openapi_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["openapi"]) == 0
    assert json.loads(capsys.readouterr().out)["openapi"].startswith("3.1")
