"""SQL expressions that SQLite and Postgres write differently, with the same results to the byte.

Only ASCII letters are lowercased. SQLite's `lower` does so anyway, and Postgres' does under the "C" collation, which
every text column has.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class contains(FunctionElement[bool]):
    """Whether a text contains another, ignoring ASCII case: `contains(column, lowercase_value)`."""

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
    """Whether a text starts with another, ignoring ASCII case: `startswith(column, lowercase_value)`."""

    inherit_cache = True
    type = sa.Boolean()


@compiles(startswith)
def _(element: Any, compiler: Any, **kw: Any) -> str:
    column, value = element.clauses
    start = compiler.process(value, **kw)
    return f"(substr(lower({compiler.process(column, **kw)}), 1, length({start})) = {start})"


class has_member(FunctionElement[bool]):
    """Whether a JSON list has a string, or an object with that string under `key`: `has_member(column, value, key)`.

    A number under `key` is compared as text.
    """

    inherit_cache = True
    type = sa.Boolean()

    def __init__(self, column: sa.ColumnElement[Any], value: sa.ColumnElement[Any], key: str | None) -> None:
        super().__init__(column, value, *(() if key is None else (sa.literal_column(f"'{key}'"),)))


@compiles(has_member, "sqlite")
def _(element: Any, compiler: Any, **kw: Any) -> str:
    column, value, *key = (compiler.process(clause, **kw) for clause in element.clauses)
    member = f"CAST(json_extract(m.value, '$.' || {key[0]}) AS TEXT)" if key else "m.value"
    return f"EXISTS (SELECT 1 FROM json_each({column}) AS m WHERE {member} = {value})"


@compiles(has_member, "postgresql")
def _(element: Any, compiler: Any, **kw: Any) -> str:
    column, value, *key = (compiler.process(clause, **kw) for clause in element.clauses)
    member = f"m.value->>{key[0]}" if key else "m.value#>>'{}'"
    return f"EXISTS (SELECT 1 FROM json_array_elements(({column})::json) AS m WHERE {member} = {value})"


class has_other_member(FunctionElement[bool]):
    """Whether a JSON list has a member that is not among the given ones: `has_other_member(column, values, key)`.

    Members are strings, or objects that are compared by the value under `key`.
    """

    inherit_cache = True
    type = sa.Boolean()

    def __init__(self, column: sa.ColumnElement[Any], values: list[sa.ColumnElement[Any]], key: str | None) -> None:
        super().__init__(column, sa.literal_column("NULL" if key is None else f"'{key}'"), *values)


@compiles(has_other_member, "sqlite")
def _(element: Any, compiler: Any, **kw: Any) -> str:
    column, key, *values = (compiler.process(clause, **kw) for clause in element.clauses)
    member = "m.value" if key == "NULL" else f"CAST(json_extract(m.value, '$.' || {key}) AS TEXT)"
    return f"EXISTS (SELECT 1 FROM json_each({column}) AS m WHERE {member} NOT IN ({', '.join(values)}))"


@compiles(has_other_member, "postgresql")
def _(element: Any, compiler: Any, **kw: Any) -> str:
    column, key, *values = (compiler.process(clause, **kw) for clause in element.clauses)
    member = "m.value#>>'{}'" if key == "NULL" else f"m.value->>{key}"
    subquery = f"SELECT 1 FROM json_array_elements(({column})::json) AS m WHERE {member} NOT IN ({', '.join(values)})"
    return f"EXISTS ({subquery})"


class as_bytes(FunctionElement[bytes]):
    """A text as UTF-8 bytes, so that text that is only passed on need not be decoded and encoded again."""

    inherit_cache = True
    type = sa.LargeBinary()


@compiles(as_bytes, "sqlite")
def _(element: Any, compiler: Any, **kw: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **kw)} AS BLOB)"


@compiles(as_bytes, "postgresql")
def _(element: Any, compiler: Any, **kw: Any) -> str:
    return f"convert_to({compiler.process(element.clauses, **kw)}, 'UTF8')"


def in_array(column: sa.ColumnElement[str], name: str) -> sa.ColumnElement[bool]:
    """Return the condition that a text is in a list, which is bound as one array. Only for Postgres."""
    return column == sa.any_(sa.bindparam(name, type_=postgresql.ARRAY(sa.Text())))
