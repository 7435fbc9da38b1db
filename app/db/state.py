"""The one row that tells which data the database holds."""

from typing import Annotated

from sqlmodel import Field, SQLModel

from app.columns import Prose, String


class DataState(SQLModel, table=True):
    """`revision` is a digest of all rows, the same on every machine; `loaded_at` when it last changed (ISO 8601, UTC).

    `totals` is a JSON object of the number of rows that each dataset shows by default.
    """

    __tablename__ = "data_state"

    id: Annotated[str, Field(sa_type=String, primary_key=True)] = "current"
    revision: Annotated[str, Field(sa_type=String)]
    loaded_at: Annotated[str, Field(sa_type=String)]
    totals: Annotated[str, Field(sa_type=Prose)]


EMPTY = DataState(revision="0" * 32, loaded_at="1970-01-01T00:00:00+00:00", totals="{}")
"""The state of a database into which nothing was loaded yet."""
