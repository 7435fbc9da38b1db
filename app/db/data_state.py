"""The table with a single row that describes the data in the database, and the statistics stored in it."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Annotated, Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.model.column_types import LongText, String


class DataState(SQLModel, table=True):
    """The state of the data.

    `revision` is a digest of all rows, the same on every machine; `loaded_at` is the time of its last change
    (ISO 8601, UTC). `totals` is a JSON object with the number of rows that each dataset shows by default. `facts` is
    a JSON object with the `DatasetStats` of each dataset, or null if they were not yet recorded at the last load.
    """

    __tablename__ = "data_state"

    id: Annotated[str, Field(sa_type=String, primary_key=True)] = "current"
    revision: Annotated[str, Field(sa_type=String)]
    loaded_at: Annotated[str, Field(sa_type=String)]
    totals: Annotated[str, Field(sa_type=LongText)]
    facts: Annotated[str | None, Field(sa_type=LongText)] = None


REVISION_COLUMN = sa.select(DataState.__table__.c.revision).scalar_subquery()  # type: ignore[attr-defined]  # SQLModel sets it
"""The revision as an extra column of a statement, so that its rows say to which data they belong."""
EMPTY_STATE = DataState(revision="0" * 32, loaded_at="1970-01-01T00:00:00+00:00", totals="{}")
"""The state of a database without data."""


@dataclass(frozen=True, slots=True)
class FileStats:
    """Length in bytes and SHA-256 (hexadecimal) of a file that is served without parameters."""

    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class DatasetStats:
    """Statistics of a dataset for the catalogue, the same on every machine that loaded the same packages.

    `issued` and `modified` are the days of the packages with the dataset's first rows and its last change, `covers`
    is the first and last day, month or year that its rows are about (ISO 8601, None if unknown). `files` has the
    formats whose bytes depend only on the data. `compiled_by` names who made the figures, where the print says so.
    """

    issued: str | None = None
    modified: str | None = None
    covers: tuple[str, str] | None = None
    files: Mapping[str, FileStats] = field(default_factory=dict)
    compiled_by: tuple[str, ...] = ()


def dump_stats(stats: Mapping[str, DatasetStats]) -> str:
    """Return the stored form of the statistics of all datasets."""
    return json.dumps({name: asdict(dataset_stats) for name, dataset_stats in stats.items()})


def load_stats(text: str | None) -> dict[str, DatasetStats]:
    """Parse the stored statistics of all datasets."""
    stored: dict[str, dict[str, Any]] = json.loads(text) if text else {}
    return {
        name: DatasetStats(
            each["issued"],
            each["modified"],
            tuple(each["covers"]) if each["covers"] else None,
            {form: FileStats(**known) for form, known in each["files"].items()},
            tuple(each.get("compiled_by", ())),
        )
        for name, each in stored.items()
    }
