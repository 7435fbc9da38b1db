"""Settings, read once from the environment and handed down; nothing changes them afterwards."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from zoneinfo import ZoneInfo

TIME_ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator may set; the environment variable has the field's name in capitals."""

    database_url: str = "sqlite:///gazette.db"
    public_base_url: str = ""
    """Put before every link (`https://data.example.org`); empty: links are path-absolute, and formats that need
    absolute identifiers take `http://127.0.0.1:8000`."""
    statement_seconds: int = 10
    """How long a question may take in the database; streams of all rows may take longer."""
    max_url_bytes: int = 8192
    max_filters: int = 32
    max_in_values: int = 200
    max_sort_keys: int = 8
    max_filter_bytes: int = 4096
    max_filter_depth: int = 32
    max_filter_nodes: int = 500
    """Names, values and operators of one `filter`."""
    max_by_fields: int = 4
    max_metrics: int = 16
    max_groups: int = 10_000
    """Groups that `facets` and `aggregate` make before they are sorted and cut."""
    max_search_alternatives: int = 64
    """The most `OR` and `-` of one `q`."""
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
