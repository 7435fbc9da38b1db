"""Settings: read from the environment and `.env`, validated once and passed on; nothing changes them afterwards."""

import io
import ipaddress
import os
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo

from dotenv import dotenv_values
from dotenv.parser import parse_stream
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError

from app.errors import StartupError

TIME_ZONE = ZoneInfo("Asia/Shanghai")
LICENCE = "None is claimed: official documents are outside copyright (Copyright Law of the PRC, Article 5)."
"""The licence statement unless an operator sets another."""
ENV_FILE = Path(".env")
"""Read from the working directory. The environment overrides it."""
MAX_QUOTED_LENGTH = 40
MAX_MISSPELT_LETTERS = 2
"""The letters by which a variable may differ from a setting and is still taken for a misspelt one."""
PROGRAM_PREFIX = "GAZETTE_"
"""No setting begins with it, but people try."""


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


class Settings(BaseModel):
    """What an operator may set. The environment variable has the field's name in capitals.

    `Settings(...)` takes its arguments and the defaults alone; `Settings.from_environment()` reads the
    environment and `.env`. An empty variable is one that is not set.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

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
        30,
        "seconds in which a client must take some of a response; then the connection is dropped. A quarter of it while "
        "four connections of a worker or more do not keep up",
    )
    max_connections: WholeNumber = limit(
        1000, "connections of all clients to a worker (503); fewer where the process may open fewer files"
    )
    max_connections_per_client: WholeNumber = limit(256, "connections of one client address to a worker (503)")
    max_unsent_bytes: WholeNumber = limit(
        67_108_864,
        "bytes of responses that wait in a worker for clients to read them; beyond it connections of the client that "
        "makes most wait are dropped",
    )
    max_slow_requests: WholeNumber = limit(
        32,
        "exports and other responses that take more than a moment to make or to send, of all clients, at once in a "
        "worker (503)",
    )
    max_slow_requests_per_client: WholeNumber = limit(4, "of these, those of one client address (503)")
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
        description="bytes of export files that each worker keeps in the temporary directory: XLSX, Parquet, and CSV "
        "and NDJSON of which ranges are asked for",
    )
    export_cache_files: WholeNumber = Field(
        default=64, description="number of these files; each keeps one file of the process open"
    )

    @classmethod
    def from_environment(cls, env_file: Path = ENV_FILE) -> Self:
        """Return the settings of the environment and of a `.env` file.

        Raises StartupError, with the name of the variable, when a value is invalid.
        """
        return cls.with_origins(env_file)[0]

    @classmethod
    def with_origins(cls, env_file: Path = ENV_FILE) -> tuple[Self, Mapping[str, Origin]]:
        """Return the settings as `from_environment` does, and where the value of each field comes from."""
        values: dict[str, Any] = {}
        origins = dict.fromkeys(cls.model_fields, Origin.default)
        for origin, variables in ((Origin.env_file, _read_env_file(env_file)), (Origin.environment, os.environ)):
            for variable, value in variables.items():
                name = variable.lower()
                if name in origins and value:  # both may have variables of other programs
                    values[name], origins[name] = value, origin
        try:
            return cls(**values), origins
        except ValidationError as error:
            raise StartupError(_describe_errors(error, origins, env_file)) from None


def _read_text(env_file: Path) -> str:
    """Return the text of a `.env` file; of one that is not there, and of a directory, nothing."""
    try:
        return env_file.read_text(encoding="utf-8-sig") if env_file.exists() and not env_file.is_dir() else ""
    except (OSError, UnicodeDecodeError):
        raise StartupError(f"'{env_file.absolute()}' cannot be read as a UTF-8 file of settings") from None


def _read_env_file(env_file: Path) -> Mapping[str, str | None]:
    """Return the variables of a `.env` file. Raises StartupError when it is not text."""
    lines = (line.original.string for line in parse_stream(io.StringIO(_read_text(env_file))) if not line.error)
    return dotenv_values(stream=io.StringIO("".join(lines)))


def _describe_errors(error: ValidationError, origins: Mapping[str, Origin], env_file: Path) -> str:
    """Return a line that names each invalid variable, what it must be, and where its value comes from."""
    descriptions = []
    for fault in error.errors():
        name = str(fault["loc"][0])
        value = repr(str(fault["input"])[:MAX_QUOTED_LENGTH])
        descriptions.append(f"{name.upper()} {fault['msg']}; it is {value} ({_place(origins[name], env_file)})")
    return ". ".join(descriptions)


def _place(origin: Origin, env_file: Path) -> str:
    """Return what an operator is told of an origin: the file, where it is one."""
    return f"'{env_file.absolute()}'" if origin == Origin.env_file else str(origin)


def setting_warnings(env_file: Path = ENV_FILE) -> Iterator[str]:
    """Yield a line about each variable that looks like a misspelt setting, and each line of `.env` that is none.

    In the environment only names close to a setting count, because the rest belongs to other programs. In `.env` a
    name that begins like our settings counts, too.
    """
    place = _place(Origin.env_file, env_file)
    for line in parse_stream(io.StringIO(_read_text(env_file))):
        if line.error:
            yield f"line {line.original.line} of {place} is ignored, because it is not NAME=value"
    prefixes = (PROGRAM_PREFIX, *sorted({f"{name.partition('_')[0].upper()}_" for name in Settings.model_fields}))
    for origin, variables in ((Origin.env_file, _read_env_file(env_file)), (Origin.environment, os.environ)):
        for variable in sorted(variables):
            name = variable.upper()
            if name.lower() in Settings.model_fields:
                continue
            where = _place(origin, env_file)
            if meant := _meant_setting(name):
                yield f"{variable} ({where}) is not a setting and is ignored. Did you mean {meant}?"
            elif origin == Origin.env_file and name.startswith(prefixes):
                yield f"{variable} ({where}) is not a setting and is ignored. 'gazette settings' lists all settings."


def _meant_setting(variable: str) -> str | None:
    """Return the setting that is closest to a name in capitals, None when none is close."""
    name = variable.removeprefix(PROGRAM_PREFIX)
    distances = {setting.upper(): _letters_between(name, setting.upper()) for setting in Settings.model_fields}
    closest = min(distances, key=distances.__getitem__)
    return closest if distances[closest] <= MAX_MISSPELT_LETTERS else None


def _letters_between(one: str, other: str) -> int:
    """Return how many letters must be added, dropped, replaced or swapped with the next to turn one into the other.

    Any number above `MAX_MISSPELT_LETTERS` means that it is more than these.
    """
    # Most names differ in their lengths or letters alone. A replaced letter is two that only one of them has.
    if abs(len(one) - len(other)) > MAX_MISSPELT_LETTERS or len({*one} ^ {*other}) > 2 * MAX_MISSPELT_LETTERS:
        return MAX_MISSPELT_LETTERS + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        current = [row]
        for column, wanted in enumerate(other, 1):
            cost = min(last[column] + 1, current[-1] + 1, last[column - 1] + (letter != wanted))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == wanted:
                cost = min(cost, before[column - 2] + 1)
            current.append(cost)
        before, last = last, current
    return last[-1]


def request_limits() -> Iterator[tuple[str, int, str]]:
    """Yield environment variable, default and description of every bound on what one request may cost."""
    for name, spec in Settings.model_fields.items():
        if spec.json_schema_extra == {"request_limit": True}:
            yield name.upper(), spec.default, spec.description or ""


def operator_settings() -> Iterator[tuple[str, str, str]]:
    """Yield environment variable, default and description of every other setting."""
    for name, spec in Settings.model_fields.items():
        if spec.json_schema_extra != {"request_limit": True}:
            yield name.upper(), str(spec.default), spec.description or ""


def current_day() -> date:
    """Return the current day in the gazette's time zone."""
    return datetime.now(TIME_ZONE).date()
