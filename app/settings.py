"""Settings, read once from the environment and handed down; nothing changes them afterwards."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from zoneinfo import ZoneInfo

TIME_ZONE = ZoneInfo("Asia/Shanghai")
LICENCE = "None is claimed: official documents are outside copyright (Copyright Law of the PRC, Article 5)."
"""What is said of licences unless an operator says otherwise."""


def limit(default: int, about: str) -> int:
    """A bound on what one request may cost, with what is bounded, as openapi.md shows it."""
    bound: int = field(default=default, metadata={"about": about})
    return bound


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator may set; the environment variable has the field's name in capitals."""

    database_url: str = "sqlite:///gazette.db"
    public_base_url: str = ""
    """Put before every link (`https://data.example.org`); empty: links are path-absolute, and formats that need
    absolute identifiers take `http://127.0.0.1:8000`."""
    statement_seconds: int = limit(10, "seconds that a question may take in the database; streams may take longer")
    max_url_bytes: int = limit(8192, "bytes of path and query")
    max_parameters: int = limit(100, "parameters of one request")
    max_filters: int = limit(32, "filters of the form `field=value`, `field__op=value`")
    max_in_values: int = limit(200, "values of one list of `in`, `IN`, `A_CONTAINS` and its like")
    max_sort_keys: int = limit(8, "keys of `sort`")
    max_filter_bytes: int = limit(4096, "bytes of `filter`")
    max_filter_depth: int = limit(32, "nested brackets and negations of `filter`")
    max_filter_nodes: int = limit(500, "names, values and operators of `filter`")
    max_by_fields: int = limit(4, "fields of `by`")
    max_metrics: int = limit(16, "figures of `metric`")
    max_groups: int = limit(10_000, "groups that `facets` and `aggregate` make before they are sorted and cut")
    max_search_alternatives: int = limit(64, "alternatives and exclusions of `q`")
    max_series_points: int = limit(5000, "rows of one `series`")
    max_statistics_rows: int = limit(10_000, "rows, of four figures each, of one SDMX or JSON-stat answer")
    max_result_bytes: int = limit(16_777_216, "bytes of one JSON answer; exports are streamed and have no such bound")
    catalogue_title: str = "Wenzhou Municipal Government Gazette as open data"
    catalogue_title_zh: str = "温州市人民政府公报开放数据"
    licence: str = LICENCE
    """What is said of licences wherever that is asked."""
    licence_zh: str = "未声明任何许可：官方文件不受著作权法保护（《中华人民共和国著作权法》第五条）。"
    licence_url: str = ""
    """The address of a licence, where one is given."""
    answer_cache_bytes: int = 33_554_432
    """Room for answers kept in memory, each worker."""
    export_cache_bytes: int = 268_435_456
    """Room for XLSX and Parquet files once made, each worker; they stand in the temporary directory."""

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """Settings from environment variables; raises ValueError naming a variable that is no number."""
        given: dict[str, str | int] = {}
        for spec in fields(cls):
            value = environ.get(spec.name.upper())
            if value is None or value == "":
                continue
            if spec.type is int:
                if not value.isascii() or not value.isdigit() or int(value) < 1:
                    raise ValueError(f"{spec.name.upper()} must be a whole number above 0")
                given[spec.name] = int(value)
            else:
                given[spec.name] = value
        given["public_base_url"] = str(given.get("public_base_url", "")).rstrip("/")
        return cls(**given)  # type: ignore[arg-type]  # each value was read by its field's type


def today() -> date:
    """The current day where the gazette is published."""
    return datetime.now(TIME_ZONE).date()
