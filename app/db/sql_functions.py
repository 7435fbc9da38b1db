"""SQL expressions that SQLite and Postgres write differently, with the same results to the byte.

Only ASCII letters are lowercased. SQLite's `lower` does so anyway, and Postgres' does under the "C" collation, which
every text column has.
"""

from collections.abc import Sequence
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
    """Whether a JSON list has a string, or an object with it under one of some keys: `has_member(column, value, keys)`.

    A number under a key is compared as text.
    """

    inherit_cache = True
    type = sa.Boolean()

    def __init__(self, column: sa.ColumnElement[Any], value: sa.ColumnElement[Any], keys: Sequence[str]) -> None:
        super().__init__(column, value, *map(_quoted, keys))


@compiles(has_member, "sqlite")
def _(element: Any, compiler: Any, **kw: Any) -> str:
    column, value, *keys = (compiler.process(clause, **kw) for clause in element.clauses)
    members = [f"CAST(json_extract(m.value, '$.' || {key}) AS TEXT)" for key in keys] or ["m.value"]
    is_member = " OR ".join(f"{member} = {value}" for member in members)
    return f"EXISTS (SELECT 1 FROM json_each({column}) AS m WHERE {is_member})"


@compiles(has_member, "postgresql")
def _(element: Any, compiler: Any, **kw: Any) -> str:
    column, value, *keys = (compiler.process(clause, **kw) for clause in element.clauses)
    members = [f"m.value->>{key}" for key in keys] or ["m.value#>>'{}'"]
    is_member = " OR ".join(f"{member} = {value}" for member in members)
    return f"EXISTS (SELECT 1 FROM json_array_elements(({column})::json) AS m WHERE {is_member})"


class has_null_member(FunctionElement[bool]):
    """Whether a JSON list of objects has one without a value under a key: `has_null_member(column, key)`."""

    inherit_cache = True
    type = sa.Boolean()

    def __init__(self, column: sa.ColumnElement[Any], key: str) -> None:
        super().__init__(column, _quoted(key))


@compiles(has_null_member, "sqlite")
def _(element: Any, compiler: Any, **kw: Any) -> str:
    column, key = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"EXISTS (SELECT 1 FROM json_each({column}) AS m WHERE json_extract(m.value, '$.' || {key}) IS NULL)"


@compiles(has_null_member, "postgresql")
def _(element: Any, compiler: Any, **kw: Any) -> str:
    column, key = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"EXISTS (SELECT 1 FROM json_array_elements(({column})::json) AS m WHERE m.value->>{key} IS NULL)"


class has_other_member(FunctionElement[bool]):
    """Whether a JSON list has a member that is not among the given ones: `has_other_member(column, values, keys)`.

    Members are strings, or objects that are compared by the values under some keys, of which one suffices.
    """

    inherit_cache = True
    type = sa.Boolean()

    def __init__(
        self, column: sa.ColumnElement[Any], values: Sequence[sa.ColumnElement[Any]], keys: Sequence[str]
    ) -> None:
        super().__init__(column, sa.literal_column(str(len(keys))), *map(_quoted, keys), *values)


def _quoted(key: str) -> sa.ColumnElement[str]:
    return sa.literal_column(f"'{key}'")


def _is_other(members: Sequence[str], values: Sequence[str]) -> str:
    """Return the condition that a member is not among the values. Only the first one is unknown where it is null."""
    first, *others = [f"{member} NOT IN ({', '.join(values)})" for member in members]
    return " AND ".join((first, *(f"({other}) IS NOT FALSE" for other in others)))


@compiles(has_other_member, "sqlite")
def _(element: Any, compiler: Any, **kw: Any) -> str:
    column, number, *rest = (compiler.process(clause, **kw) for clause in element.clauses)
    keys, values = rest[: int(number)], rest[int(number) :]
    members = [f"CAST(json_extract(m.value, '$.' || {key}) AS TEXT)" for key in keys] or ["m.value"]
    return f"EXISTS (SELECT 1 FROM json_each({column}) AS m WHERE {_is_other(members, values)})"


@compiles(has_other_member, "postgresql")
def _(element: Any, compiler: Any, **kw: Any) -> str:
    column, number, *rest = (compiler.process(clause, **kw) for clause in element.clauses)
    keys, values = rest[: int(number)], rest[int(number) :]
    members = [f"m.value->>{key}" for key in keys] or ["m.value#>>'{}'"]
    return f"EXISTS (SELECT 1 FROM json_array_elements(({column})::json) AS m WHERE {_is_other(members, values)})"


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
