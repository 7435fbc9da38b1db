"""Settings are read from the environment and `.env`; each bound is a documented setting and holds at its edge."""

import os
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from starlette.testclient import TestClient

from app.cli.main import main
from app.errors import StartupError
from app.main import create_app
from app.settings import Origin, Settings, operator_settings, request_limits, setting_warnings
from tests.support.service import client_for

VILLAGES = "/v1/urban-villages"

LIMITS = tuple(request_limits())


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep the developer's environment and `.env` file out of the tests."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def test_every_bound_is_a_documented_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(LIMITS) >= 15
    text = (Path(__file__).parent.parent / "openapi.md").read_text(encoding="utf-8")
    for variable, default, description in LIMITS:
        assert f"| `{variable}` | {default} | {description} |" in text
        monkeypatch.setenv(variable, "7")
        assert getattr(Settings.from_environment(), variable.lower()) == 7
        for wrong in ("0", "-1", "x", "1.5", "٣", "1_0", " 7"):
            monkeypatch.setenv(variable, wrong)
            with pytest.raises(StartupError) as error:
                Settings.from_environment()
            assert str(error.value) == f"{variable} must be a whole number above 0; it is {wrong!r} (environment)"
        monkeypatch.delenv(variable)


def test_every_setting_has_a_description() -> None:
    assert all(spec.description for spec in Settings.model_fields.values())


def test_the_constructor_ignores_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MAX_GROUPS", "7")
    (tmp_path / ".env").write_text("MAX_FILTERS=8\n", encoding="utf-8")
    assert (Settings().max_groups, Settings().max_filters) == (10_000, 32)
    assert Settings(max_groups=9).max_groups == 9


def test_the_environment_overrides_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    lines = ("MAX_GROUPS=7", "MAX_FILTERS=8", 'CATALOGUE_TITLE_ZH="温州"', "LICENCE=", "MAX_METRICS", "OTHER_PROGRAM=1")
    (tmp_path / ".env").write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.setenv("MAX_GROUPS", "9")
    monkeypatch.setenv("MAX_FILTERS", "")
    settings, origins = Settings.with_origins()
    assert settings == Settings(max_groups=9, max_filters=8, catalogue_title_zh="温州")
    named = {name: origin for name, origin in origins.items() if origin != Origin.default}
    assert named == {
        "max_groups": Origin.environment,
        "max_filters": Origin.env_file,
        "catalogue_title_zh": Origin.env_file,
    }


def test_a_wrong_value_names_its_origin(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("MAX_GROUPS=many\nMAX_FILTERS=0\n", encoding="utf-8")
    with pytest.raises(StartupError) as error:
        Settings.from_environment()
    assert str(error.value) == (
        f"MAX_FILTERS must be a whole number above 0; it is '0' ('{tmp_path}/.env'). "
        f"MAX_GROUPS must be a whole number above 0; it is 'many' ('{tmp_path}/.env')"
    )


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"LICENCE=\xff\n")
    with pytest.raises(StartupError) as error:
        Settings.from_environment()
    assert str(error.value) == f"'{tmp_path}/.env' cannot be read as a UTF-8 file of settings"


def test_a_byte_order_mark_and_windows_line_ends_are_no_part_of_a_setting(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"\xef\xbb\xbfMAX_GROUPS=7\r\nexport MAX_FILTERS='8'\r\n")
    assert Settings.from_environment() == Settings(max_groups=7, max_filters=8)
    assert list(setting_warnings()) == []


def test_a_directory_of_that_name_is_no_file_of_settings(tmp_path: Path) -> None:
    (tmp_path / ".env").mkdir()
    assert Settings.from_environment() == Settings()
    assert list(setting_warnings()) == []


@pytest.mark.parametrize(
    ("variable", "meant"),
    [
        ("MAX_GROUP", "MAX_GROUPS"),
        ("MAX_GRUOPS", "MAX_GROUPS"),  # two letters swapped count as one
        ("MAX_GRUOPSS", "MAX_GROUPS"),
        ("DATABASE_URI", "DATABASE_URL"),
        ("database_ulr", "DATABASE_URL"),
        ("LICENSE", "LICENCE"),
        ("LICENSE_URL", "LICENCE_URL"),
        ("GAZETTE_DATABASE_URL", "DATABASE_URL"),
        ("GAZETTE_MAX_GROUP", "MAX_GROUPS"),
    ],
)
def test_a_name_close_to_a_setting_is_a_warning(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variable: str, meant: str
) -> None:
    line = "{} ({}) is not a setting and is ignored. Did you mean {}?"
    monkeypatch.setenv(variable, "7")
    assert line.format(variable, "environment", meant) in list(setting_warnings())
    monkeypatch.delenv(variable)
    (tmp_path / ".env").write_text(f"{variable}=7\n", encoding="utf-8")
    assert line.format(variable, f"'{tmp_path}/.env'", meant) in list(setting_warnings())
    assert Settings.from_environment() == Settings()


@pytest.mark.parametrize("variable", ["MAX_GR", "MAX_GRUOOPPS", "DATABASE", "MAXIMUM_GROUPS", "GAZETTE_TEXT", "PATH"])
def test_other_names_of_the_environment_belong_to_other_programs(
    monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, "7")
    assert [line for line in setting_warnings() if line.startswith(variable)] == []


def test_a_file_of_settings_warns_of_names_that_begin_like_ours(tmp_path: Path) -> None:
    lines = ("MAX_ANYTHING=1", "CATALOGUE_NAME=x", "GAZETTE_X=1", "OTHER_PROGRAM=1", "MAXIMUM=1", "max_filters=7")
    (tmp_path / ".env").write_text("\n".join(lines), encoding="utf-8")
    told = [line.split()[0] for line in setting_warnings() if line.endswith("'gazette settings' lists all settings.")]
    assert told == ["CATALOGUE_NAME", "GAZETTE_X", "MAX_ANYTHING"]
    assert Settings.from_environment() == Settings(max_filters=7)


def test_a_line_that_is_no_setting_is_a_warning(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("# a comment\n\nMAX_GROUPS=7\nmax groups: 8\nMAX_FILTERS=9\n", encoding="utf-8")
    assert list(setting_warnings()) == [f"line 4 of '{tmp_path}/.env' is ignored, because it is not NAME=value"]
    assert Settings.from_environment() == Settings(max_groups=7, max_filters=9)


@pytest.mark.slow
@settings(deadline=None, max_examples=40)
@given(st.sampled_from([name.upper() for name in Settings.model_fields]), st.integers(0), st.sampled_from("AZ_9"))
def test_every_slip_of_one_letter_is_noticed(setting: str, place: int, letter: str) -> None:
    at = place % len(setting)
    dropped, replaced = setting[:at] + setting[at + 1 :], setting[:at] + letter + setting[at + 1 :]
    added, swapped = (
        setting[:at] + letter + setting[at:],
        setting[:at] + setting[at + 1 : at + 2] + setting[at : at + 1] + setting[at + 2 :],
    )
    for slip in {dropped, replaced, added, swapped} - {name.upper() for name in Settings.model_fields}:
        with mock.patch.dict(os.environ, {slip: "7"}):
            [told] = [line for line in setting_warnings() if line.startswith(f"{slip} (environment)")]
        assert " Did you mean " in told


@pytest.mark.slow
def test_a_server_of_another_kind_warns_too(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, loaded_sqlite: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", loaded_sqlite)
    monkeypatch.setenv("MAX_GRUOPS", "7")
    create_app()
    assert "MAX_GRUOPS (environment) is not a setting and is ignored. Did you mean MAX_GROUPS?" in caplog.messages
    caplog.clear()
    create_app(Settings(database_url=loaded_sqlite))
    assert caplog.messages == []


def test_the_readme_has_every_other_setting(capsys: pytest.CaptureFixture[str]) -> None:
    documented = {variable for variable, _, _ in (*LIMITS, *operator_settings())}
    assert documented == {name.upper() for name in Settings.model_fields}
    assert main(["settings", "--markdown"]) == 0
    table = capsys.readouterr().out
    assert table.count("\n") == 2 + len(tuple(operator_settings()))
    assert table in (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


def test_a_password_is_not_in_the_representation() -> None:
    assert "secret" not in repr(Settings(database_url="postgresql://u:secret@h/d"))


def test_settings_are_values() -> None:
    settings = Settings(public_base_url="https://data.example.org/")
    assert settings.public_base_url == "https://data.example.org"
    assert settings == Settings(public_base_url="https://data.example.org") != Settings()
    with pytest.raises(ValidationError, match="frozen"):
        settings.max_groups = 7
    with pytest.raises(ValidationError, match="max_group\n"):
        Settings(max_group=7)  # type: ignore[call-arg]  # what is asserted


@pytest.mark.parametrize(
    ("bound", "most", "address", "allowed", "beyond", "parameter"),
    [
        ("max_parameters", 2, "", "limit=1&count=true", "limit=1&count=true&offset=0", "parameters"),
        ("max_filters", 2, "", "number__gt=1&number__lt=9", "number__gt=1&number__lt=9&number__ne=5", "filters"),
        ("max_in_values", 3, "", "number__in=1,2,3", "number__in=1,2,3,4", "number__in"),
        ("max_in_values", 2, "", "filter=number IN (1,2)", "filter=number IN (1,2,3)", "filter"),
        ("max_sort_keys", 2, "", "sort=village,-number", "sort=village,-number,street", "sort"),
        ("max_sort_keys", 1, "/aggregate", "by=plan&sort=plan", "by=plan&sort=plan,-count", "sort"),
        ("max_filter_bytes", 13, "", "filter=village='桥'", "filter=village='桥 '", "filter"),
        ("max_filter_depth", 2, "", "filter=((number=1))", "filter=(((number=1)))", "filter"),
        ("max_filter_nodes", 7, "", "filter=number=1 OR number=2", "filter=NOT number=1 OR number=2", "filter"),
        ("max_by_fields", 2, "/facets", "by=plan,street", "by=plan,street,village", "by"),
        ("max_by_fields", 2, "/aggregate", "by=plan,street", "by=plan,street,village", "by"),
        ("max_metrics", 1, "/aggregate", "metric=count", "metric=count,min:number", "metric"),
        ("max_groups", 78, "/facets", "by=id&plan=demolition", "by=id", "by"),
        ("max_groups", 2, "/aggregate", "by=plan", "by=district", "by"),
        ("max_search_alternatives", 3, "", "q=a OR b OR c", "q=a OR b OR c OR d", "q"),
        ("max_search_alternatives", 3, "", "q=a -b -c", "q=a -b -c -d", "q"),
    ],
)
def test_bounds_hold_at_their_edge(
    loaded_sqlite: str, bound: str, most: int, address: str, allowed: str, beyond: str, parameter: str
) -> None:
    with client_for(loaded_sqlite, **{bound: most}) as client:
        assert client.get(f"{VILLAGES}{address}?{allowed}").status_code == 200
        refused = client.get(f"{VILLAGES}{address}?{beyond}")
    assert refused.status_code == 400
    [fault] = refused.json()["errors"]
    assert fault["parameter"] == parameter
    assert str(most) in fault["detail"]


def test_an_address_is_bounded_in_bytes(loaded_sqlite: str) -> None:
    with client_for(loaded_sqlite, max_url_bytes=60) as client:
        query = "filter=number=1".ljust(60 - len(VILLAGES), "0")
        assert client.get(f"{VILLAGES}?{query}").status_code in (200, 400)
        refused = client.get(f"{VILLAGES}?{query}0")
        assert refused.status_code == 414
        assert refused.headers["content-type"] == "application/problem+json"
        assert client.get("/" + "x" * 59).status_code == 404
        assert client.get("/" + "x" * 60).status_code == 414


@pytest.mark.slow
@pytest.mark.parametrize(
    "path",
    [
        VILLAGES,
        "/v1/events?q=yaogaoyuan",
        "/v1/search?q=城中村",
        f"{VILLAGES}/facets?by=village",
        f"{VILLAGES}/aggregate?by=village",
        "/v1/indicators/cpi/series",
    ],
)
def test_a_result_is_bounded_in_bytes(client: TestClient, loaded_url: str, path: str) -> None:
    whole = client.get(path).content
    with client_for(loaded_url, max_result_bytes=len(whole)) as exact:
        assert exact.get(path).content == whole
    with client_for(loaded_url, max_result_bytes=len(whole) - 1) as less:
        refused = less.get(path)
        assert refused.status_code == 400
        assert str(len(whole) - 1) in refused.json()["detail"]
        assert less.get("/v1/urban-villages.csv").status_code == 200
