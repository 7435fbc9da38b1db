"""The interface for reading: compiled statements, run by the driver without sessions or entities."""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import sqlalchemy as sa

Rows = list[tuple[Any, ...]]
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL in a driver's own parameter style, with the parameter names in order."""

    sql: str
    names: tuple[str, ...]
    literals: Mapping[str, Any]

    def arguments(self, values: Values) -> list[Any]:
        """Return the positional arguments: the given values, and the literals of the statement itself."""
        return [values[name] if name in values else self.literals[name] for name in self.names]


def compile_statement(select: sa.Select[Any], dialect: sa.Dialect) -> Statement:
    """Compile a select for a dialect, so that it can be run many times with other values."""
    compiled = select.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
    return Statement(str(compiled), tuple(compiled.positiontup or ()), dict(compiled.params))


@dataclass(frozen=True, slots=True)
class WaitLimits:
    """How many seconds the database may be waited for."""

    statement: float = 10
    """For all rows of a statement, from the question on, with the wait for a turn."""
    turn: float = 10
    """For the turn of a stream."""
    batch: float = 30
    """For the next rows of a stream."""


class Lookup(Protocol):
    """The two statements that find rows by id, compiled when they are first needed."""

    @property
    def by_id(self) -> Statement:
        """Return the statement for the row with an `id`."""

    @property
    def by_ids(self) -> Statement:
        """Return the statement for the rows with a list of `ids`; the id is the first column."""


class DatabaseUnavailable(Exception):
    """The database does not answer. The message contains no address and no password."""


class QueryTimeout(DatabaseUnavailable):
    """A statement was cancelled because it exceeded the time limit."""


class DatabaseReplaced(DatabaseUnavailable):
    """The file of the database is missing, or another has taken its place and is not open yet."""


class DatabaseUnusable(DatabaseUnavailable):
    """The database is damaged, or of another version: waiting does not help."""


class DatabaseBusy(DatabaseUnavailable):
    """So many long statements are running that no other may begin."""


class IntegerOverflow(DatabaseUnavailable):
    """A sum of integers exceeded 64 bits."""


class DatabaseReader(Protocol):
    """Read-only access to a database. All methods raise DatabaseUnavailable when it does not answer."""

    @property
    def dialect(self) -> sa.Dialect:
        """Return the dialect for which statements are compiled."""

    @property
    def row_locator(self) -> str:
        """Return the column by which the database finds a row directly, valid within one statement."""

    @property
    def generation(self) -> int:
        """Return how many times another database has taken the place of the one that was opened."""

    def stream_cast(self, column: "sa.ColumnElement[str]") -> "sa.ColumnElement[Any]":
        """Return a text column in the form that `stream_csv` needs."""

    async def open(self) -> None:
        """Connect to the database."""

    async def close(self) -> None:
        """Close all connections."""

    async def refresh_snapshot(self) -> None:
        """Let short statements see what has been committed in the meantime."""

    async def fetch(self, statement: Statement, values: Values) -> Rows:
        """Return all rows of a statement. Raises QueryTimeout and IntegerOverflow, too."""

    async def lookup(self, lookup: Lookup, values: Values, row_id: str) -> tuple[Any, ...] | None:
        """Return the row with an id, or None."""

    def stream(self, statement: Statement, values: Values) -> AsyncGenerator[Rows, None]:
        """Yield the rows of a statement in batches, all read from one snapshot."""

    def stream_csv(self, statement: Statement, values: Values) -> AsyncGenerator[bytes, None]:
        """Yield the texts of a statement's only column, joined to chunks; every text must end in CR LF."""
