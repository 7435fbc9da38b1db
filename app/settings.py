"""Settings: read from the environment and `.env`, validated once and passed on; nothing changes them afterwards."""

import ipaddress
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError
from pydantic_core import PydanticCustomError
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from app.errors import StartupError

TIME_ZONE = ZoneInfo("Asia/Shanghai")
LICENCE = "None is claimed: official documents are outside copyright (Copyright Law of the PRC, Article 5)."
"""The licence statement unless an operator sets another."""
ENV_FILE = Path(".env")
"""Read from the working directory. The environment overrides it."""
MAX_QUOTED_LENGTH = 40


class Origin(StrEnum):
    """Where the value of a setting comes from."""

    default = "default"
    environment = "environment"
    env_file = ".env"


def _parse_whole_number(value: Any) -> int:
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value)
    if not isinstance(value, int) or value < 1:
        raise PydanticCustomError("whole_number", "must be a whole number above 0")
    return value


def _check_networks(text: str) -> str:
    for word in filter(None, map(str.strip, text.split(","))):
        try:
            ipaddress.ip_network(word, strict=False)
        except ValueError:
            raise PydanticCustomError("networks", "must be a list of addresses and networks") from None
    return text


WholeNumber = Annotated[int, BeforeValidator(_parse_whole_number)]
"""A whole number above 0. In the environment it is written in ASCII digits, without sign or separators."""
Networks = Annotated[str, AfterValidator(_check_networks)]
"""A comma-separated list of addresses and networks."""
BaseUrl = Annotated[str, AfterValidator(lambda url: url.rstrip("/"))]


def limit(default: int, description: str) -> Any:
    """Declare a bound on what one request may cost. `description` says what is bounded, as openapi.md shows it."""
    return Field(default=default, description=description, json_schema_extra={"request_limit": True})


class Settings(BaseSettings):
    """What an operator may set. The environment variable has the field's name in capitals.

    `Settings(...)` takes its arguments and the defaults alone; `Settings.from_environment()` reads the
    environment and `.env`.
    """

    model_config = SettingsConfigDict(frozen=True, extra="forbid", env_ignore_empty=True, env_file_encoding="utf-8")

    database_url: str = Field(
        default="sqlite:///gazette.db",
        description="the database: sqlite:///FILE or postgresql://user:password@host/name",
        repr=False,  # it may contain a password
    )
    public_base_url: BaseUrl = Field(
        default="",
        description="put before every link (`https://data.example.org`); empty: links are path-absolute, and formats "
        "that need absolute identifiers take `http://127.0.0.1:8000`",
    )
    statement_seconds: WholeNumber = limit(
        10, "seconds that a question may take in the database, with the wait for its turn; exports may take longer"
    )
    export_turn_seconds: WholeNumber = limit(10, "seconds that an export waits for its turn")
    export_stall_seconds: WholeNumber = limit(30, "seconds that an export waits for its next rows from the database")
    max_offset: WholeNumber = limit(
        10_000,
        "rows that `offset` of a JSON page may skip; `cursor` has no such bound, nor has the `offset` of an export",
    )
    max_url_bytes: WholeNumber = limit(8192, "bytes of path and query")
    max_parameters: WholeNumber = limit(100, "parameters of one request")
    max_filters: WholeNumber = limit(32, "filters of the form `field=value`, `field__op=value`")
    max_in_values: WholeNumber = limit(200, "values of one list of `in`, `IN`, `A_CONTAINS` and its like")
    max_sort_keys: WholeNumber = limit(8, "keys of `sort`")
    max_filter_bytes: WholeNumber = limit(4096, "bytes of `filter`")
    max_filter_depth: WholeNumber = limit(32, "nested brackets and negations of `filter`")
    max_filter_nodes: WholeNumber = limit(500, "names, values and operators of `filter`")
    max_by_fields: WholeNumber = limit(4, "fields of `by`")
    max_metrics: WholeNumber = limit(16, "figures of `metric`")
    max_groups: WholeNumber = limit(10_000, "groups that `facets` and `aggregate` make before they are sorted and cut")
    max_search_alternatives: WholeNumber = limit(64, "alternatives and exclusions of `q`")
    max_series_points: WholeNumber = limit(5000, "rows of one `series`")
    max_statistics_rows: WholeNumber = limit(10_000, "rows, of four figures each, of one SDMX or JSON-stat answer")
    max_result_bytes: WholeNumber = limit(
        16_777_216, "bytes of one JSON answer; exports are streamed and have no such bound"
    )
    max_head_bytes: WholeNumber = limit(65_536, "bytes of the address and headers of a request (414, 431)")
    max_headers: WholeNumber = limit(100, "headers of a request (431)")
    max_body_bytes: WholeNumber = limit(65_536, "bytes of a request's body, which no address takes (413)")
    head_seconds: WholeNumber = limit(10, "seconds for the head of a request to arrive, or to stay silent (408)")
    body_seconds: WholeNumber = limit(10, "seconds for the body of a request to arrive (408)")
    send_seconds: WholeNumber = limit(
        30, "seconds in which a client must take some of a response; then the connection is dropped"
    )
    max_connections: WholeNumber = limit(
        1000, "connections of all clients to a worker (503); fewer where the process may open fewer files"
    )
    max_connections_per_client: WholeNumber = limit(256, "connections of one client address to a worker (503)")
    max_slow_requests: WholeNumber = limit(
        32, "exports, feeds and other responses that take a while, of all clients, at once in a worker (503)"
    )
    max_slow_requests_per_client: WholeNumber = limit(8, "of these, those of one client address (503)")
    trusted_proxies: Networks = Field(
        default="",
        description="addresses and networks of proxies, separated by commas, whose `X-Forwarded-For` is believed",
    )
    shutdown_seconds: WholeNumber = Field(
        default=10, description="seconds that responses may take to end after SIGTERM, SIGINT or SIGHUP"
    )
    download_seconds: WholeNumber = Field(
        default=60, description="seconds in which `gazette load` must have fetched a text from an address"
    )
    max_download_bytes: WholeNumber = Field(
        default=16_777_216, description="bytes of a text that `gazette load` fetches from an address"
    )
    catalogue_title: str = Field(
        default="Wenzhou Municipal Government Gazette as open data", description="title of the catalogue in English"
    )
    catalogue_title_zh: str = Field(
        default="温州市人民政府公报开放数据", description="title of the catalogue in Chinese"
    )
    licence: str = Field(default=LICENCE, description="licence statement in English")
    licence_zh: str = Field(
        default="未声明任何许可：官方文件不受著作权法保护（《中华人民共和国著作权法》第五条）。",
        description="licence statement in Chinese",
    )
    licence_url: str = Field(default="", description="address of the licence, where there is one")
    answer_cache_bytes: WholeNumber = Field(
        default=33_554_432, description="bytes of responses that each worker keeps in memory"
    )
    export_cache_bytes: WholeNumber = Field(
        default=268_435_456,
        description="bytes of XLSX and Parquet files that each worker keeps in the temporary directory",
    )
    export_cache_files: WholeNumber = Field(
        default=64, description="number of these files; each keeps one file of the process open"
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Leave the environment to `from_environment`, so that tests and examples do not depend on the machine."""
        return (init_settings,)

    @classmethod
    def from_environment(cls, env_file: Path = ENV_FILE) -> Self:
        """Return the settings of the environment and of a `.env` file.

        Raises StartupError, with the name of the variable, when a value is invalid.
        """
        return cls.with_origins(env_file)[0]

    @classmethod
    def with_origins(cls, env_file: Path = ENV_FILE) -> tuple[Self, Mapping[str, Origin]]:
        """Return the settings as `from_environment` does, and where the value of each field comes from."""
        try:
            sources = {
                Origin.env_file: DotEnvSettingsSource(cls, env_file)(),
                Origin.environment: EnvSettingsSource(cls)(),
            }
        except (OSError, UnicodeDecodeError):
            raise StartupError(f"'{env_file}' cannot be read as a UTF-8 file of settings") from None
        values: dict[str, Any] = {}
        origins = dict.fromkeys(cls.model_fields, Origin.default)
        for origin, variables in sources.items():
            for name, value in variables.items():
                if name in origins and value is not None:  # a .env file may have variables of other programs
                    values[name], origins[name] = value, origin
        try:
            return cls(**values), origins
        except ValidationError as error:
            raise StartupError(_describe_errors(error, origins)) from None


def _describe_errors(error: ValidationError, origins: Mapping[str, Origin]) -> str:
    """Return a line that names each invalid variable, what it must be, and where its value comes from."""
    descriptions = []
    for fault in error.errors():
        name = str(fault["loc"][0])
        value = repr(str(fault["input"])[:MAX_QUOTED_LENGTH])
        descriptions.append(f"{name.upper()} {fault['msg']}; it is {value} ({origins[name]})")
    return ". ".join(descriptions)


def request_limits() -> Iterator[tuple[str, int, str]]:
    """Yield environment variable, default and description of every bound on what one request may cost."""
    for name, spec in Settings.model_fields.items():
        if spec.json_schema_extra == {"request_limit": True}:
            yield name.upper(), spec.default, spec.description or ""


def current_day() -> date:
    """Return the current day in the gazette's time zone."""
    return datetime.now(TIME_ZONE).date()
