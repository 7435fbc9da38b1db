"""Reading for answers: compiled statements on the driver, no session, no entities."""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import sqlalchemy as sa

Rows = list[tuple[Any, ...]]
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL text in a driver's own parameter style, with the parameter names in their order."""

    sql: str
    names: tuple[str, ...]
    literals: Mapping[str, Any]

    def arguments(self, values: Values) -> list[Any]:
        """The positional arguments: given values, and the literals that the statement itself holds."""
        return [values[name] if name in values else self.literals[name] for name in self.names]


def compile_statement(select: sa.Select[Any], dialect: sa.Dialect) -> Statement:
    """Compile once; bind often."""
    compiled = select.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
    return Statement(str(compiled), tuple(compiled.positiontup or ()), dict(compiled.params))


class Lookup(Protocol):
    """How a row is found by its id, in either of two ways; compiled when first needed."""

    @property
    def one(self) -> Statement:
        """The row of an `id`."""

    @property
    def several(self) -> Statement:
        """The rows of a list of `ids`, each with its id before the rest."""


class Unavailable(Exception):
    """The database does not answer; the message holds no address and no password."""


class TooExpensive(Unavailable):
    """A statement was ended because it took longer than is allowed."""


class TooLong(Unavailable):
    """A sum of whole numbers left 64 bits."""


class Reader(Protocol):
    """A read-only connection to either database."""

    @property
    def dialect(self) -> sa.Dialect:
        """The dialect that statements are compiled for."""

    @property
    def row_address(self) -> str:
        """The column by which the database finds a row at once, as long as a statement runs."""

    def piece(self, column: "sa.ColumnElement[str]") -> "sa.ColumnElement[Any]":
        """A column of texts as `text` wants it."""

    async def open(self) -> None:
        """Connect; raises Unavailable."""

    async def close(self) -> None:
        """Give every connection back."""

    async def renew(self) -> None:
        """Let short statements see what was committed meanwhile; raises Unavailable."""

    async def fetch(self, statement: Statement, values: Values) -> Rows:
        """All rows of a statement; raises Unavailable."""

    async def find(self, lookup: Lookup, values: Values, key: str) -> tuple[Any, ...] | None:
        """The row of an id; raises Unavailable."""

    def stream(self, statement: Statement, values: Values) -> AsyncGenerator[Rows, None]:
        """The rows of a statement in batches, read under one snapshot; raises Unavailable."""

    def text(self, statement: Statement, values: Values) -> AsyncGenerator[bytes, None]:
        """The texts of a statement's only column, which all end in CR LF, joined to pieces; raises Unavailable."""
