"""Commands on machines that lack what most have: time zones, a locale, a home, a directory to write into, colours."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.bundled import BUNDLED

BARE = {
    "PATH": os.defpath,
    "PYTHONTZPATH": "/nonexistent",
    "LC_ALL": "POSIX",
    "LANG": "C",
    "PYTHONUTF8": "0",
    "PYTHONCOERCECLOCALE": "0",
    "NO_COLOR": "1",
    "TERM": "dumb",
}
"""No home, no time zones, and a locale of ASCII."""
NO_TIME_ZONES = {**os.environ, "PYTHONTZPATH": "/nonexistent"}
UNWRITABLE = "/proc"
"""A working directory that nobody can write into, root included."""


def run(
    environment: dict[str, str], *arguments: str, directory: str = UNWRITABLE
) -> "subprocess.CompletedProcess[bytes]":
    """Run a command with these variables alone."""
    command = [sys.executable, "-m", "app.cli", *arguments]
    root = str(Path(__file__).parents[2])
    variables = {**environment, "PYTHONPATH": root}
    return subprocess.run(command, capture_output=True, env=variables, cwd=directory, check=False)


@pytest.mark.slow
@pytest.mark.parametrize("environment", [BARE, NO_TIME_ZONES], ids=["bare", "no time zones"])
def test_every_command_works(environment: dict[str, str], tmp_path: Path) -> None:
    variables = {**environment, "DATABASE_URL": f"sqlite:///{tmp_path}/gazette.db"}
    for arguments in (
        ("--version",),
        ("--help",),
        ("migrate",),
        ("load", str(BUNDLED)),
        ("check",),
        ("settings",),
        ("settings", "--json"),
        ("export", str(tmp_path / "archive")),
        ("openapi",),
    ):
        done = run(variables, *arguments)
        assert (done.returncode, done.stderr) == (0, b""), arguments
        assert b"\x1b" not in done.stdout
        assert done.stdout.decode("utf-8").endswith("\n") or arguments == ("migrate",)


@pytest.mark.slow
def test_a_text_is_parsed_without_time_zones_and_locale(tmp_path: Path, issue_file: Path) -> None:
    done = run(BARE, "parse", str(issue_file), "-o", str(tmp_path / "package"), "--json")
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["issue"]


@pytest.mark.slow
def test_a_directory_that_cannot_be_written_is_one_line() -> None:
    for arguments in (("migrate",), ("load", str(BUNDLED)), ("serve", "--port", "0")):
        done = run(BARE, *arguments)
        assert done.returncode == 2
        last = done.stderr.decode("utf-8").splitlines()[-1]
        assert last.startswith("gazette: ")
        assert f"'{UNWRITABLE}" in last
        assert b"Traceback" not in done.stderr
