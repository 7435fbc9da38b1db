"""Standard streams that are closed, or of which the locale says that they are ASCII."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = (sys.executable, "-m", "app.cli")
ASCII = {"LC_ALL": "POSIX", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": ""}


def closed(streams: str, *arguments: str, url: str) -> "subprocess.CompletedProcess[bytes]":
    """Run a command in a shell that closes some streams before it starts."""
    environment = {**os.environ, "DATABASE_URL": url}
    return subprocess.run(
        ["sh", "-c", f'exec "$@" {streams}', "sh", *COMMAND, *arguments],
        capture_output=True,
        env=environment,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.parametrize("arguments", [("settings",), ("--help",), ("--version",), ("check",)])
def test_what_cannot_be_printed_is_one_line_and_exit_code_2(loaded_sqlite: str, arguments: tuple[str, ...]) -> None:
    done = closed(">&-", *arguments, url=loaded_sqlite)
    assert (done.returncode, done.stderr) == (2, b"gazette: the output was closed before it was complete\n")
    assert closed(">&- 2>&-", *arguments, url=loaded_sqlite).returncode == 2


@pytest.mark.slow
def test_a_command_that_prints_nothing_needs_no_streams(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/new.db"
    assert closed("<&- >&- 2>&-", "migrate", url=url).returncode == 0
    # No message has been written into the database, which got the number of no stream.
    done = closed("2>&-", "check", url=url)
    assert (done.returncode, done.stdout) == (0, b"0 of 0 checks pass\n")


@pytest.mark.slow
def test_output_is_utf_8_whatever_the_locale_says() -> None:
    expected = subprocess.run([*COMMAND, "settings"], capture_output=True, check=True).stdout
    assert "温州" in expected.decode("utf-8")
    done = subprocess.run([*COMMAND, "settings"], capture_output=True, env={**os.environ, **ASCII}, check=True)
    assert done.stdout == expected


@pytest.mark.slow
def test_a_name_that_is_no_text_is_printed_escaped(tmp_path: Path) -> None:
    command = [*map(os.fsencode, COMMAND), b"parse", os.fsencode(tmp_path) + b"/\xff.txt"]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == 2
    assert done.stderr.decode("utf-8") == f"gazette: {tmp_path}/\\udcff.txt cannot be read: No such file or directory\n"
