"""The one row that tells which data the database holds."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Annotated, Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.model.column_types import Prose, String


class DataState(SQLModel, table=True):
    """`revision` is a digest of all rows, the same on every machine; `loaded_at` when it last changed (ISO 8601, UTC).

    `totals` is a JSON object of the number of rows that each dataset shows by default, `facts` one of
    the `Facts` of each; null in a database that was loaded before they were kept.
    """

    __tablename__ = "data_state"

    id: Annotated[str, Field(sa_type=String, primary_key=True)] = "current"
    revision: Annotated[str, Field(sa_type=String)]
    loaded_at: Annotated[str, Field(sa_type=String)]
    totals: Annotated[str, Field(sa_type=Prose)]
    facts: Annotated[str | None, Field(sa_type=Prose)] = None


REVISION = sa.select(DataState.__table__.c.revision).scalar_subquery()  # type: ignore[attr-defined]  # SQLModel sets it
"""The revision as one more column of a statement, so that rows tell of which data they are."""
EMPTY = DataState(revision="0" * 32, loaded_at="1970-01-01T00:00:00+00:00", totals="{}")
"""The state of a database into which nothing was loaded yet."""


@dataclass(frozen=True, slots=True)
class FileFacts:
    """Length in bytes and SHA-256 (hexadecimal) of a file as it is served without parameters."""

    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What a catalogue says of a dataset's data; the same on every machine that loaded the same packages.

    `issued` and `modified` are the days of the packages that brought its first rows and its last
    change, `covers` the first and last day, month or year that its rows are about: ISO 8601, None
    where it is not known. `files` has the formats whose bytes depend on the data alone.
    """

    issued: str | None = None
    modified: str | None = None
    covers: tuple[str, str] | None = None
    files: Mapping[str, FileFacts] = field(default_factory=dict)


def write_facts(facts: Mapping[str, Facts]) -> str:
    """The stored form."""
    return json.dumps({name: asdict(each) for name, each in facts.items()})


def read_facts(text: str | None) -> dict[str, Facts]:
    """The facts from their stored form."""
    found: dict[str, dict[str, Any]] = json.loads(text) if text else {}
    return {
        name: Facts(
            each["issued"],
            each["modified"],
            tuple(each["covers"]) if each["covers"] else None,
            {form: FileFacts(**known) for form, known in each["files"].items()},
        )
        for name, each in found.items()
    }
