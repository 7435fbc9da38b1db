"""Help pages: readable at 80 columns, and every example in them is a command that exists."""

import os
import re
import shlex
import subprocess
import sys

import pytest
import typer.main
from typer.core import TyperGroup

from app.cli.main import cli, main

COMMANDS = ("serve", "parse", "load", "migrate", "check", "export", "settings", "openapi")
PAGES = ((), *((name,) for name in COMMANDS))


def group() -> TyperGroup:
    command = typer.main.get_command(cli)
    assert isinstance(command, TyperGroup)
    return command


def help_page(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str], option: str = "--help") -> str:
    assert main([*arguments, option]) == 0
    return capsys.readouterr().out


def test_every_command_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert tuple(group().commands) == COMMANDS
    page = help_page((), capsys)
    for name in COMMANDS:
        assert re.search(rf"^  {name} +[A-Z].*[^.]\.$", page, re.MULTILINE), name


@pytest.mark.parametrize("arguments", PAGES)
def test_help_is_readable(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    page = help_page(arguments, capsys)
    assert page.startswith(f"Usage: {' '.join(('gazette', *arguments))} ")
    assert max(map(len, page.splitlines())) <= 80
    assert not re.search(r"[`\x1b]|\*\*|\.\.\.$", page.partition("\n")[2])
    assert help_page(arguments, capsys, "-h") == page


@pytest.mark.parametrize("arguments", PAGES)
def test_examples_are_commands(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    _, heading, lines = help_page(arguments, capsys).partition("\n  Examples:\n")
    assert heading
    for line in lines.splitlines():
        words = [word for word in shlex.split(line.partition(" > ")[0]) if not re.match(r"[A-Z_]+=", word)]
        assert words[0] == "gazette"
        assert words[1] == arguments[0] if arguments else words[1] in COMMANDS
        # Parses options and arguments, and refuses those that do not exist; runs nothing.
        group().commands[words[1]].make_context(words[1], words[2:])


@pytest.mark.slow
def test_no_color_has_no_escape_sequences(tmp_path: os.PathLike[str]) -> None:
    environment = {**os.environ, "NO_COLOR": "1", "FORCE_COLOR": "1", "TERM": "xterm-256color"}
    for arguments in (("--help",), ("load",), ("load", os.fspath(tmp_path))):
        command = [sys.executable, "-m", "app.cli", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
        assert "\x1b" not in done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("arguments", [("--version",), *((*page, "--help") for page in PAGES)])
def test_help_imports_little_more_than_typer(arguments: tuple[str, ...]) -> None:
    """A number of modules stands for the time, which depends on the machine."""
    code = (
        "import sys, typer; before = set(sys.modules); from app.cli.__main__ import main; "
        f"sys.argv = {['gazette', *arguments]!r}; code = main(); new = set(sys.modules) - before; "
        "sys.stdout = open('/dev/null', 'w'); sys.stderr.write(' '.join(sorted(new))); sys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    imported = done.stderr.split()
    assert "app.cli.main" in imported
    assert len([name for name in imported if name.partition(".")[0] != "app"]) <= 10
    assert {name for name in imported if name.startswith("app.") and not name.startswith("app.cli")} == {
        "app.errors",
        "app.version",
    }


def test_the_settings_import_neither_server_nor_database() -> None:
    code = "import sys; from app.cli.main import main; main(['settings']); sys.stderr.write(' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"asyncio", "sqlalchemy", "fastapi", "uvicorn", "rich", "httpx", "pyarrow", "app.datasets", "app.db"}
    assert heavy & set(done.stderr.split()) == set()


@pytest.mark.slow
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_completes_commands_and_options(shell: str) -> None:
    def complete(line: str) -> str:
        words = {"COMP_WORDS": line, "COMP_CWORD": str(len(line.split()) - 1), "_TYPER_COMPLETE_ARGS": line}
        environment = {**os.environ, **words, "_GAZETTE_COMPLETE": f"complete_{shell}"}
        environment["_TYPER_COMPLETE_FISH_ACTION"] = "get-args"
        command = [sys.executable, "-m", "app.cli"]
        return subprocess.run(command, capture_output=True, text=True, env=environment, check=True).stdout

    assert "settings" in complete("gazette se")
    assert "load" not in complete("gazette se")
    assert "--dry-run" in complete("gazette load --d")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_completion_script_is_printed(shell: str) -> None:
    code = (
        "import shellingham, sys; from app.cli.main import main; "
        f"shellingham.detect_shell = lambda *_: ('{shell}', ''); sys.exit(main(['--show-completion']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "_GAZETTE_COMPLETE" in done.stdout
