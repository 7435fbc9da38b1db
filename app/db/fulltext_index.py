"""Full text on both databases: where the texts stand, how candidates are found, how they are judged.

`search_rows` holds the canonical texts of every row (see `app.query.tokens`) on both databases.
Beside it `search_index` holds their tokens: an FTS5 table on SQLite, a `tsvector` with a GIN index
on Postgres. It only finds candidates; whether a row matches, and how well, is worked out from the
canonical texts in whole numbers, so that both databases give the same rows in the same order.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlmodel import Field, SQLModel

from app.model.column_types import Integer, Prose, String
from app.model.dataset import Dataset

INDEX = "search_index"
CHUNK = 500
CREATE = {
    "sqlite": (f"CREATE VIRTUAL TABLE {INDEX} USING fts5(tokens, tokenize='ascii', detail=none, columnsize=0)",),
    "postgresql": (
        f"CREATE TABLE {INDEX} (rowid BIGINT PRIMARY KEY, tokens tsvector NOT NULL)",
        f"CREATE INDEX ix_{INDEX}_tokens ON {INDEX} USING gin (tokens)",
    ),
}
"""How the index is made, for the migration; Alembic does not compare it."""
INSERT = {
    "sqlite": f"INSERT INTO {INDEX} (rowid, tokens) VALUES (:number, :tokens)",
    "postgresql": f"INSERT INTO {INDEX} (rowid, tokens) "
    "VALUES (:number, array_to_tsvector(string_to_array(:tokens, ' ')))",
}


class SearchRow(SQLModel, table=True):
    """The canonical texts of one row: its title, and all of it; `names` are names with their syllables (JSON)."""

    __tablename__ = "search_rows"
    __table_args__ = (sa.Index("ix_search_rows_row", "row_id", "dataset", unique=True),)

    number: Annotated[int, Field(sa_type=Integer, primary_key=True, sa_column_kwargs={"autoincrement": False})]
    dataset: Annotated[str, Field(sa_type=String)]
    row_id: Annotated[str, Field(sa_type=String)]
    title: Annotated[str, Field(sa_type=Prose)]
    text: Annotated[str, Field(sa_type=Prose)]
    title_units: Annotated[int, Field(sa_type=Integer)]
    names: Annotated[str, Field(sa_type=Prose)]


ROWS: sa.Table = SearchRow.__table__  # type: ignore[attr-defined]  # SQLModel sets it on tables
QUESTION = sa.bindparam("q", type_=sa.Text())
MATCH = sa.bindparam("q_match", type_=sa.Text())


class Clause(FunctionElement[bool]):
    """A condition that SQLite gets as it is written: `(… IN …) = 1`, as SQLAlchemy puts it, no index serves."""

    inherit_cache = True
    type = sa.Boolean()

    def self_group(self, against: Any = None) -> Any:  # noqa: ARG002
        """No brackets, no comparison."""
        return self


class in_index(Clause):
    """Whether a row's number is among the index's candidates: `in_index(number, condition)`."""

    inherit_cache = True


@compiles(in_index, "sqlite")
def _(element: Any, compiler: Any, **kw: Any) -> str:
    number, match = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"({number} IN (SELECT rowid FROM {INDEX} WHERE {INDEX} MATCH {match}))"


@compiles(in_index, "postgresql")
def _(element: Any, compiler: Any, **kw: Any) -> str:
    number, match = (compiler.process(clause, **kw) for clause in element.clauses)
    # A token holds letters and digits only, so that these words are nothing but operators.
    query = f"replace(replace(replace({match}, ' AND ', ' & '), ' OR ', ' | '), '\"', '''')"
    return f"({number} IN (SELECT rowid FROM {INDEX} WHERE tokens @@ CAST({query} AS tsquery)))"


class answers(Clause):
    """Whether a canonical text answers a question: `answers(text, question)`."""

    inherit_cache = True


ANSWERS = """EXISTS (SELECT 1 FROM {any} WHERE NOT EXISTS (SELECT 1 FROM {every} WHERE {find}({text}, {t}) = 0)
 AND NOT EXISTS (SELECT 1 FROM {none} WHERE {find}({text}, {t}) > 0))"""


@compiles(answers, "sqlite")
def _(element: Any, compiler: Any, **kw: Any) -> str:
    text, question = (compiler.process(clause, **kw) for clause in element.clauses)
    each = "json_each(a.value, '$.{}') AS t".format
    return ANSWERS.format(
        any=f"json_each({question}, '$.any') AS a",
        every=each("every"),
        none=each("none"),
        find="instr",
        text=text,
        t="t.value",
    )


@compiles(answers, "postgresql")
def _(element: Any, compiler: Any, **kw: Any) -> str:
    text, question = (compiler.process(clause, **kw) for clause in element.clauses)
    each = "jsonb_array_elements_text(a.value->'{}') AS t(value)".format
    return ANSWERS.format(
        any=f"jsonb_array_elements(CAST({question} AS jsonb)->'any') AS a(value)",
        every=each("every"),
        none=each("none"),
        find="strpos",
        text=text,
        t="t.value",
    )


class relevance(FunctionElement[int]):
    """How well a row answers: `relevance(title, text, title_units, question)`, 0 for exclusions alone.

    For each term: 200 in the title, up to 100 for the part of the title that it makes up, 200 more
    when it is a whole name or a clause of the title; 10 anywhere, and 5 for each occurrence, 20 at
    most. So a title weighs more than any body.
    """

    inherit_cache = True
    type = sa.BigInteger()


RELEVANCE = """(SELECT CAST(coalesce(sum(CASE WHEN {find}({title}, {t}) > 0 THEN 200
 + CASE WHEN {units} >= {title_units} THEN 100 ELSE 100 * {units} / {title_units} END
 + CASE WHEN {find}({title}, '|' || {t} || '|') > 0 THEN 200 ELSE 0 END ELSE 0 END
 + CASE WHEN {find}({text}, {t}) > 0 THEN 10 + 5 * {least}(20,
 (length({text}) - length(replace({text}, {t}, ''))) / length({t})) ELSE 0 END), 0) AS bigint) FROM {terms})"""


@compiles(relevance, "sqlite")
def _(element: Any, compiler: Any, **kw: Any) -> str:
    title, text, title_units, question = (compiler.process(clause, **kw) for clause in element.clauses)
    return RELEVANCE.format(
        find="instr",
        least="min",
        title=title,
        text=text,
        title_units=title_units,
        t="json_extract(t.value, '$.term')",
        units="json_extract(t.value, '$.units')",
        terms=f"json_each({question}, '$.terms') AS t",
    )


@compiles(relevance, "postgresql")
def _(element: Any, compiler: Any, **kw: Any) -> str:
    title, text, title_units, question = (compiler.process(clause, **kw) for clause in element.clauses)
    return RELEVANCE.format(
        find="strpos",
        least="least",
        title=title,
        text=text,
        title_units=title_units,
        t="(t.value->>'term')",
        units="CAST(t.value->>'units' AS bigint)",
        terms=f"jsonb_array_elements(CAST({question} AS jsonb)->'terms') AS t(value)",
    )


def score() -> sa.ColumnElement[int]:
    """How well the row of `search_rows` answers the question bound as `q`."""
    return relevance(ROWS.c.title, ROWS.c.text, ROWS.c.title_units, QUESTION)


def found(indexed: bool) -> Iterator[sa.ColumnElement[bool]]:
    """The conditions on `search_rows` of the question bound as `q`, and as `q_match` where the index helps."""
    if indexed:
        yield in_index(ROWS.c.number, MATCH)
    yield answers(ROWS.c.text, QUESTION)


def of_dataset(dataset: Dataset) -> Iterator[sa.ColumnElement[bool]]:
    """What joins a dataset's rows with `search_rows`."""
    yield ROWS.c.dataset == sa.literal(dataset.name)
    yield ROWS.c.row_id == dataset.table.c.id


def names_select(number: int) -> sa.Select[Any]:
    """The names of that many rows of one dataset, bound as `dataset`, `id0`, `id1`, …"""
    wanted = [sa.bindparam(f"id{n}", type_=sa.Text()) for n in range(number)]
    own = sa.and_(ROWS.c.dataset == sa.bindparam("dataset", type_=sa.Text()), ROWS.c.row_id.in_(wanted))
    return sa.select(ROWS.c.row_id, ROWS.c.names).where(own)


def mark(dataset: str) -> str:
    """The token that every row of a dataset has; a word may be the same, so it finds candidates only."""
    return f"dataset{dataset.replace('-', '')}"


def add(connection: sa.Connection, rows: Sequence[dict[str, Any]], tokens: Sequence[Iterable[str]]) -> None:
    """Put canonical texts (columns of `search_rows` but the number) and their tokens into the index."""
    last = connection.execute(sa.select(sa.func.max(ROWS.c.number))).scalar() or 0
    insert = sa.text(INSERT[connection.dialect.name])
    numbered = [{"number": number, **row} for number, row in enumerate(rows, start=last + 1)]
    for start in range(0, len(rows), CHUNK):
        part = numbered[start : start + CHUNK]
        connection.execute(sa.insert(ROWS), part)
        connection.execute(
            insert,
            [
                {"number": row["number"], "tokens": " ".join((*own, mark(row["dataset"])))}
                for row, own in zip(part, tokens[start : start + CHUNK], strict=True)
            ],
        )


def remove(connection: sa.Connection, dataset: str, row_ids: Sequence[str]) -> None:
    """Take rows out of the index."""
    delete = sa.text(f"DELETE FROM {INDEX} WHERE rowid = :number")
    for start in range(0, len(row_ids), CHUNK):
        own = sa.and_(ROWS.c.dataset == dataset, ROWS.c.row_id.in_(row_ids[start : start + CHUNK]))
        numbers = connection.execute(sa.select(ROWS.c.number).where(own)).scalars().all()
        if numbers:
            connection.execute(delete, [{"number": number} for number in numbers])
            connection.execute(sa.delete(ROWS).where(own))
