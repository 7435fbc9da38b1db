"""`gazette settings` and `gazette openapi`."""

import json
from pathlib import Path

import pytest

from app.cli.describe import hide_password
from app.cli.main import main
from app.settings import Settings


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """An environment without settings, in an empty working directory."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    return monkeypatch


def test_every_setting_is_printed_with_its_origin(
    environment: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ".env").write_text("DATABASE_URL=postgresql://u:secret@h/d\nMAX_GROUPS=7\n", encoding="utf-8")
    environment.setenv("MAX_GROUPS", "8")
    assert main(["settings"]) == 0
    printed = capsys.readouterr()
    lines = [line.split(maxsplit=2) for line in printed.out.splitlines()]
    assert [line[0].lower() for line in lines] == list(Settings.model_fields)
    assert ["DATABASE_URL", ".env", "postgresql://u:***@h/d"] in lines
    assert ["MAX_GROUPS", "environment", "8"] in lines
    assert ["MAX_FILTERS", "default", "32"] in lines
    assert ["LICENCE_URL", "default"] in lines
    assert "secret" not in printed.out + printed.err


def test_a_misspelt_setting_is_a_warning_of_every_command_that_reads_settings(
    environment: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str], loaded_sqlite: str
) -> None:
    environment.setenv("DATABASE_URL", loaded_sqlite)
    (tmp_path / ".env").write_text("MAX_GRUOPS=7\n", encoding="utf-8")
    place = f"('{tmp_path}/.env')"
    for command in (["settings"], ["settings", "--json"], ["check"], ["migrate"], ["load", "none"]):
        main(command)
        first = capsys.readouterr().err.splitlines()[0]
        assert first == (
            f"gazette: warning: MAX_GRUOPS {place} is not a setting and is ignored. Did you mean MAX_GROUPS?"
        )
    (tmp_path / ".env").unlink()
    assert main(["check"]) == 0
    assert capsys.readouterr().err == ""


def test_settings_as_json(environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    environment.setenv("DATABASE_URL", "postgresql://u:secret@h/d")
    assert main(["settings", "--json"]) == 0
    text = capsys.readouterr().out
    settings = json.loads(text)
    assert [name.lower() for name in settings] == list(Settings.model_fields)
    assert settings["DATABASE_URL"] == {"value": "postgresql://u:***@h/d", "origin": "environment"}
    assert settings["MAX_FILTERS"] == {"value": 32, "origin": "default"}
    assert "secret" not in text


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("sqlite:///gazette.db", "sqlite:///gazette.db"),
        ("sqlite:////srv/a:b@c.db", "sqlite:////srv/a:b@c.db"),
        ("postgresql://h:5432/d", "postgresql://h:5432/d"),
        ("postgresql://u@h/d", "postgresql://u@h/d"),
        ("postgresql://u:secret@h:5432/d", "postgresql://u:***@h:5432/d"),
        ("postgresql://u:se:c@re/t@h/d", "postgresql://u:***@h/d"),
        ("postgresql://:secret@h/d", "postgresql://:***@h/d"),
        ("postgresql://h/d?user=u&password=secret&x=1", "postgresql://h/d?user=u&password=***&x=1"),
        ("postgresql://h/d?sslpassword=secret", "postgresql://h/d?sslpassword=***"),
        ("postgres:/u:secret@h", "postgres:/u:***@h"),
        ("u:secret@h/d", "u:***@h/d"),
        ("postgresql://u@h/d?options=a:b@c", "postgresql://u@h/d?options=a:b@c"),
        ("Postgresql+psycopg://u:sqlite@h/d", "Postgresql+psycopg://u:***@h/d"),
    ],
)
def test_passwords_are_hidden(url: str, shown: str) -> None:
    assert hide_password(url) == shown


def test_openapi_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["openapi"]) == 0
    assert json.loads(capsys.readouterr().out)["openapi"].startswith("3.1")
