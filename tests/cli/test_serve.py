"""The command that serves."""

import os
import re
import socket
import subprocess
import sys
from pathlib import Path
from unittest.mock import Mock

import httpx
import pytest

from app.cli.main import main
from tests.support import packages


@pytest.mark.parametrize(
    "arguments", [["--port", "70000"], ["--port", "-1"], ["--port", "http"], ["--workers", "0"], ["--workers", "257"]]
)
def test_impossible_server_options_are_refused(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    assert main(["serve", *arguments]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith(f"gazette: Invalid value for '{arguments[0]}': ")
    assert arguments[1] in line
    assert line.endswith(" See 'gazette serve --help'.")


@pytest.mark.parametrize(
    ("host", "message"),
    [
        ("", "it is empty; write 0.0.0.0 for all addresses."),
        ("nonsense.invalid", "'nonsense.invalid' is not an address of this machine."),
        ("a b", "'a b' is not an address of this machine."),
        ("192.0.2.1", "'192.0.2.1' is not an address of this machine."),  # one for documentation
    ],
)
def test_an_address_of_another_machine_is_refused_before_anything_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], host: str, message: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/new.db")
    assert main(["serve", "--host", host, "--port", "0"]) == 2
    assert capsys.readouterr().err == f"gazette: Invalid value for '--host': {message} See 'gazette serve --help'.\n"
    assert list(tmp_path.iterdir()) == []


def test_a_port_in_use_is_one_line_before_anything_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/new.db")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert main(["serve", "--port", port]) == 2
    said = f"Invalid value for '--port': {port} is in use; choose another. See 'gazette serve --help'."
    assert capsys.readouterr().err == f"gazette: {said}\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_misspelt_setting_is_told_once_for_all_workers(loaded_sqlite: str) -> None:
    environment = {**os.environ, "DATABASE_URL": loaded_sqlite, "MAX_GRUOPS": "7"}
    command = [sys.executable, "-m", "app.cli", "serve", "--port", "0", "--workers", "2"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        lines: list[str] = []
        while sum("Application startup complete" in line for line in lines) < 2:
            lines.append(process.stderr.readline())
        process.terminate()
        lines += process.stderr.readlines()
    said = "gazette: warning: MAX_GRUOPS (environment) is not a setting and is ignored. Did you mean MAX_GROUPS?\n"
    assert [line for line in lines if "GRUOPS" in line] == [said] == lines[:1]


@pytest.mark.slow
def test_serve_loads_and_serves_the_bundled_issue(tmp_path: Path) -> None:
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


@pytest.mark.parametrize(("words", "issues"), [(["--empty"], 0), ([], 1)])
def test_serve_starts_without_the_bundled_issue_if_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], issues: int
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/served.db")
    become = Mock()
    monkeypatch.setattr(os, "execv", become)
    main(["serve", "--port", "0", *words])
    become.assert_called_once()
    assert packages.fetch(f"sqlite:///{tmp_path}/served.db", "SELECT count(*) FROM issues") == [(issues,)]
