"""The commands, as a user calls them."""

import json
import re
import subprocess
import sys
from pathlib import Path
from unittest.mock import Mock

import pytest

from app.cli.main import main
from app.settings import Settings
from tests.support.commands import refused, run


@pytest.mark.slow
def test_missing_migrations_are_reported(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/none.db"
    for arguments in (["check"], ["export", str(tmp_path / "x")], ["serve", "--no-migrate", "--port", "0"]):
        assert "lacks migrations" in refused(run(url, *arguments))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("nonsense", "not a database URL"),
        ("mysql://h/d", "SQLite and Postgres"),
        ("sqlite://", "names no file"),
        ("sqlite:////nonexistent/dir/g.db", "the database '/nonexistent/dir/g.db' cannot be used: unable to open"),
        ("postgresql://u:secret@127.0.0.1:1/x", "the database 'x' at 127.0.0.1 cannot be used: "),
        ("postgresql://u:secret@host.invalid/x", "host.invalid"),
    ],
)
def test_a_bad_database_url_is_one_line(url: str, words: str) -> None:
    line = refused(run(url, "check"))
    assert words in line
    assert "secret" not in line


@pytest.mark.slow
def test_a_bad_password_is_one_line(postgres_server: str) -> None:
    wrong = re.sub(r"//postgres:[^@]*@", "//postgres:wrong@", postgres_server)
    assert "password" in refused(run(wrong, "check"))


@pytest.mark.slow
def test_a_missing_source_is_one_line(loaded_sqlite: str) -> None:
    assert "there is no" in refused(run(loaded_sqlite, "load", "/nonexistent"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "Missing command. See 'gazette --help'."),
        (["laod"], "No such command 'laod'. Did you mean 'load'? See 'gazette --help'."),
        (["load"], "Missing argument 'DIR|FILE|URL...'. See 'gazette load --help'."),
        (["check", "b"], "Got unexpected extra argument(s) (b). See 'gazette check --help'."),
        (["check", "--xyz"], "No such option: --xyz. See 'gazette check --help'."),
        (["parse", "x", "--created", "2021"], "'2021' is not a date; write YYYY-MM-DD. See 'gazette parse --help'."),
    ],
)
def test_a_usage_error_is_one_line(capsys: pytest.CaptureFixture[str], arguments: list[str], message: str) -> None:
    assert main(arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    [line] = printed.err.splitlines()
    assert line.startswith("gazette: ")
    assert line.endswith(message)


def test_an_invalid_setting_is_one_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("MAX_GROUPS", "many")
    for command in (["check"], ["load", "."], ["openapi"], ["settings"]):
        assert main(command) == 2
        [line] = capsys.readouterr().err.splitlines()
        assert line.startswith("gazette: MAX_GROUPS must be a whole number above 0")


def test_an_interrupted_command_ends_with_130(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Settings, "with_origins", Mock(side_effect=KeyboardInterrupt))
    assert main(["settings"]) == 130
    assert capsys.readouterr().err == "gazette: interrupted\n"


@pytest.mark.slow
def test_a_reader_that_stops_reading_sees_no_traceback() -> None:
    command = [sys.executable, "-m", "app.cli", "openapi"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == "gazette: the output was closed before it was complete\n"
    assert process.returncode == 2


def test_a_full_disk_is_one_line() -> None:
    command = [sys.executable, "-m", "app.cli", "settings"]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "gazette: No space left on device\n")


@pytest.mark.slow
def test_every_json_output_ends_in_a_newline(
    tmp_path: Path, issue_file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/gazette.db")
    text = str(issue_file)
    outputs = []
    for code, *arguments in (
        (0, "settings", "--json"),
        (0, "openapi"),
        (0, "parse", text, "--json"),
        (0, "load", text, "--dry-run", "--json"),
        (0, "load", text, "--json"),
        (2, "load", text, text, "--json"),
        (0, "parse", text, "-o", str(tmp_path / "package"), "--json"),
    ):
        assert main(arguments) == code, arguments
        outputs.append(capsys.readouterr().out)
    assert main(["export", str(tmp_path / "archive")]) == 0
    files = sorted(tmp_path.rglob("*.json"))
    assert {path.name for path in files} == {"datapackage.json", "report.json"}
    for output in (*outputs, *(path.read_text(encoding="utf-8") for path in files)):
        assert output.endswith("\n")
        assert not output.endswith("\n\n")
        json.loads(output)


@pytest.mark.slow
def test_the_server_process_imports_neither_typer_nor_rich() -> None:
    code = (
        "import sys, app.http.server, app.main; app.main.create_app(); "
        "print([name for name in ('typer', 'rich', 'app.cli', 'alembic', 'pypinyin', 'opencc') if name in sys.modules])"
    )
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert printed.stdout == "[]\n"
