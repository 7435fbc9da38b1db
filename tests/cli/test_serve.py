"""The command that serves."""

import os
import re
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
    main(["serve", *words])
    become.assert_called_once()
    assert packages.fetch(f"sqlite:///{tmp_path}/served.db", "SELECT count(*) FROM issues") == [(issues,)]
