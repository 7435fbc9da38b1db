"""Settings are read from the environment and `.env`; each bound is a documented setting and holds at its edge."""

from pathlib import Path

import pytest
from pydantic import ValidationError
from starlette.testclient import TestClient

from app.errors import StartupError
from app.settings import Origin, Settings, request_limits
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
        "MAX_FILTERS must be a whole number above 0; it is '0' (.env). "
        "MAX_GROUPS must be a whole number above 0; it is 'many' (.env)"
    )


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"LICENCE=\xff\n")
    with pytest.raises(StartupError, match=r"'\.env' cannot be read"):
        Settings.from_environment()


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
