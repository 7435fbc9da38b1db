"""Expressions that SQLite and Postgres spell differently; both spellings mean the same, to the byte.

ASCII letters are folded, no others: SQLite's `lower` does that by itself, Postgres' under the "C"
collation that every text column has.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class contains(FunctionElement[bool]):
    """Whether a text holds another, literally, folding ASCII case: `contains(column, lowered)`."""

    inherit_cache = True
    type = sa.Boolean()


@compiles(contains, "sqlite")
def _(element: Any, compiler: Any, **kw: Any) -> str:
    column, value = element.clauses
    return f"(instr(lower({compiler.process(column, **kw)}), {compiler.process(value, **kw)}) > 0)"


@compiles(contains, "postgresql")
def _(element: Any, compiler: Any, **kw: Any) -> str:
    column, value = element.clauses
    return f"(strpos(lower({compiler.process(column, **kw)}), {compiler.process(value, **kw)}) > 0)"


class startswith(FunctionElement[bool]):
    """Whether a text begins with another, literally, folding ASCII case: `startswith(column, lowered)`."""

    inherit_cache = True
    type = sa.Boolean()


@compiles(startswith)
def _(element: Any, compiler: Any, **kw: Any) -> str:
    column, value = element.clauses
    start = compiler.process(value, **kw)
    return f"(substr(lower({compiler.process(column, **kw)}), 1, length({start})) = {start})"


class has(FunctionElement[bool]):
    """Whether a JSON list holds a string, or an object whose first field is it: `has(column, value, key)`.

    A first field that is a number is compared as it is written.
    """

    inherit_cache = True
    type = sa.Boolean()

    def __init__(self, column: sa.ColumnElement[Any], value: sa.ColumnElement[Any], key: str | None) -> None:
        super().__init__(column, value, *(() if key is None else (sa.literal_column(f"'{key}'"),)))


@compiles(has, "sqlite")
def _(element: Any, compiler: Any, **kw: Any) -> str:
    column, value, *key = (compiler.process(clause, **kw) for clause in element.clauses)
    member = f"CAST(json_extract(m.value, '$.' || {key[0]}) AS TEXT)" if key else "m.value"
    return f"EXISTS (SELECT 1 FROM json_each({column}) AS m WHERE {member} = {value})"


@compiles(has, "postgresql")
def _(element: Any, compiler: Any, **kw: Any) -> str:
    column, value, *key = (compiler.process(clause, **kw) for clause in element.clauses)
    member = f"m.value->>{key[0]}" if key else "m.value#>>'{}'"
    return f"EXISTS (SELECT 1 FROM json_array_elements(({column})::json) AS m WHERE {member} = {value})"


class beyond(FunctionElement[bool]):
    """Whether a JSON list holds a string, or an object whose first field is one, beyond the given ones.

    `beyond(column, values, key)`.
    """

    inherit_cache = True
    type = sa.Boolean()

    def __init__(self, column: sa.ColumnElement[Any], values: list[sa.ColumnElement[Any]], key: str | None) -> None:
        super().__init__(column, sa.literal_column("NULL" if key is None else f"'{key}'"), *values)


@compiles(beyond, "sqlite")
def _(element: Any, compiler: Any, **kw: Any) -> str:
    column, key, *values = (compiler.process(clause, **kw) for clause in element.clauses)
    member = "m.value" if key == "NULL" else f"CAST(json_extract(m.value, '$.' || {key}) AS TEXT)"
    return f"EXISTS (SELECT 1 FROM json_each({column}) AS m WHERE {member} NOT IN ({', '.join(values)}))"


@compiles(beyond, "postgresql")
def _(element: Any, compiler: Any, **kw: Any) -> str:
    column, key, *values = (compiler.process(clause, **kw) for clause in element.clauses)
    member = "m.value#>>'{}'" if key == "NULL" else f"m.value->>{key}"
    listed = f"SELECT 1 FROM json_array_elements(({column})::json) AS m WHERE {member} NOT IN ({', '.join(values)})"
    return f"EXISTS ({listed})"


class as_bytes(FunctionElement[bytes]):
    """A text as its UTF-8 bytes: what is only passed on need not be decoded and encoded again."""

    inherit_cache = True
    type = sa.LargeBinary()


@compiles(as_bytes, "sqlite")
def _(element: Any, compiler: Any, **kw: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **kw)} AS BLOB)"


@compiles(as_bytes, "postgresql")
def _(element: Any, compiler: Any, **kw: Any) -> str:
    return f"convert_to({compiler.process(element.clauses, **kw)}, 'UTF8')"


def in_array(column: sa.ColumnElement[str], name: str) -> sa.ColumnElement[bool]:
    """Whether a text is one of a list that is bound whole, whatever its length. Only for Postgres."""
    return column == sa.any_(sa.bindparam(name, type_=postgresql.ARRAY(sa.Text())))
