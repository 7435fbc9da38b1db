"""Full-text search on both databases: the indexed texts, finding candidates, matching and scoring them.

`search_rows` contains the canonical texts of every row (see `app.query.fulltext.tokens`). `search_index` contains
their tokens: an FTS5 table on SQLite, a `tsvector` with a GIN index on Postgres. The index only finds candidates.
Whether a row matches, and how well, is computed from the canonical texts with integers, so that both databases
return the same rows in the same order.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlmodel import Field, SQLModel

from app.model.column_types import Integer, LongText, String
from app.model.dataset import Dataset

INDEX_TABLE = "search_index"
BATCH_SIZE = 500
CREATE_INDEX_SQL = {
    "sqlite": (f"CREATE VIRTUAL TABLE {INDEX_TABLE} USING fts5(tokens, tokenize='ascii', detail=none, columnsize=0)",),
    "postgresql": (
        f"CREATE TABLE {INDEX_TABLE} (rowid BIGINT PRIMARY KEY, tokens tsvector NOT NULL)",
        f"CREATE INDEX ix_{INDEX_TABLE}_tokens ON {INDEX_TABLE} USING gin (tokens)",
    ),
}
"""The statements that create the index, for the migration. Alembic does not compare these tables."""
INSERT_TOKENS_SQL = {
    "sqlite": f"INSERT INTO {INDEX_TABLE} (rowid, tokens) VALUES (:number, :tokens)",
    "postgresql": f"INSERT INTO {INDEX_TABLE} (rowid, tokens) "
    "VALUES (:number, array_to_tsvector(string_to_array(:tokens, ' ')))",
}


class SearchRow(SQLModel, table=True):
    """The canonical texts of one row: the title, and the whole row. `names` are names with their syllables (JSON)."""

    __tablename__ = "search_rows"
    __table_args__ = (sa.Index("ix_search_rows_row", "row_id", "dataset", unique=True),)

    number: Annotated[int, Field(sa_type=Integer, primary_key=True, sa_column_kwargs={"autoincrement": False})]
    dataset: Annotated[str, Field(sa_type=String)]
    row_id: Annotated[str, Field(sa_type=String)]
    title: Annotated[str, Field(sa_type=LongText)]
    text: Annotated[str, Field(sa_type=LongText)]
    title_units: Annotated[int, Field(sa_type=Integer)]
    names: Annotated[str, Field(sa_type=LongText)]


SEARCH_ROWS: sa.Table = SearchRow.__table__  # type: ignore[attr-defined]  # SQLModel sets it on tables
QUERY_PARAMETER = sa.bindparam("q", type_=sa.Text())
CANDIDATES_PARAMETER = sa.bindparam("q_match", type_=sa.Text())


class RawCondition(FunctionElement[bool]):
    """A condition that SQLAlchemy passes to SQLite unchanged; written as `(… IN …) = 1`, it could not use an index."""

    inherit_cache = True
    type = sa.Boolean()

    def self_group(self, against: Any = None) -> Any:  # noqa: ARG002
        """Return the condition itself, without parentheses or a comparison."""
        return self


class in_candidates(RawCondition):
    """Whether a row's number is among the candidates of the index: `in_candidates(number, condition)`."""

    inherit_cache = True


@compiles(in_candidates, "sqlite")
def _(element: Any, compiler: Any, **kw: Any) -> str:
    number, match = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"({number} IN (SELECT rowid FROM {INDEX_TABLE} WHERE {INDEX_TABLE} MATCH {match}))"


@compiles(in_candidates, "postgresql")
def _(element: Any, compiler: Any, **kw: Any) -> str:
    number, match = (compiler.process(clause, **kw) for clause in element.clauses)
    # Tokens contain only letters and digits, so these words can only be operators.
    tsquery = f"replace(replace(replace({match}, ' AND ', ' & '), ' OR ', ' | '), '\"', '''')"
    return f"({number} IN (SELECT rowid FROM {INDEX_TABLE} WHERE tokens @@ CAST({tsquery} AS tsquery)))"


class matches_query(RawCondition):
    """Whether a canonical text matches a search: `matches_query(text, query)`."""

    inherit_cache = True


MATCH_SQL = """EXISTS (SELECT 1 FROM {any} WHERE NOT EXISTS (SELECT 1 FROM {every} WHERE {find}({text}, {t}) = 0)
 AND NOT EXISTS (SELECT 1 FROM {none} WHERE {find}({text}, {t}) > 0))"""


@compiles(matches_query, "sqlite")
def _(element: Any, compiler: Any, **kw: Any) -> str:
    text, query = (compiler.process(clause, **kw) for clause in element.clauses)
    each = "json_each(a.value, '$.{}') AS t".format
    return MATCH_SQL.format(
        any=f"json_each({query}, '$.any') AS a",
        every=each("every"),
        none=each("none"),
        find="instr",
        text=text,
        t="t.value",
    )


@compiles(matches_query, "postgresql")
def _(element: Any, compiler: Any, **kw: Any) -> str:
    text, query = (compiler.process(clause, **kw) for clause in element.clauses)
    each = "jsonb_array_elements_text(a.value->'{}') AS t(value)".format
    return MATCH_SQL.format(
        any=f"jsonb_array_elements(CAST({query} AS jsonb)->'any') AS a(value)",
        every=each("every"),
        none=each("none"),
        find="strpos",
        text=text,
        t="t.value",
    )


class relevance(FunctionElement[int]):
    """The score of a row: `relevance(title, text, title_units, query)`; 0 for a search with exclusions only.

    Each term scores 200 if it is in the title, up to 100 for the share of the title that it makes up, and 200 more if
    it is a whole name or clause of the title. It scores 10 if it is anywhere in the text, and 5 for each occurrence,
    of which at most 20 count. A title therefore weighs more than any body.
    """

    inherit_cache = True
    type = sa.BigInteger()


RELEVANCE_SQL = """(SELECT CAST(coalesce(sum(CASE WHEN {find}({title}, {t}) > 0 THEN 200
 + CASE WHEN {units} >= {title_units} THEN 100 ELSE 100 * {units} / {title_units} END
 + CASE WHEN {find}({title}, '|' || {t} || '|') > 0 THEN 200 ELSE 0 END ELSE 0 END
 + CASE WHEN {find}({text}, {t}) > 0 THEN 10 + 5 * {least}(20,
 (length({text}) - length(replace({text}, {t}, ''))) / length({t})) ELSE 0 END), 0) AS bigint) FROM {terms})"""


@compiles(relevance, "sqlite")
def _(element: Any, compiler: Any, **kw: Any) -> str:
    title, text, title_units, query = (compiler.process(clause, **kw) for clause in element.clauses)
    return RELEVANCE_SQL.format(
        find="instr",
        least="min",
        title=title,
        text=text,
        title_units=title_units,
        t="json_extract(t.value, '$.term')",
        units="json_extract(t.value, '$.units')",
        terms=f"json_each({query}, '$.terms') AS t",
    )


@compiles(relevance, "postgresql")
def _(element: Any, compiler: Any, **kw: Any) -> str:
    title, text, title_units, query = (compiler.process(clause, **kw) for clause in element.clauses)
    return RELEVANCE_SQL.format(
        find="strpos",
        least="least",
        title=title,
        text=text,
        title_units=title_units,
        t="(t.value->>'term')",
        units="CAST(t.value->>'units' AS bigint)",
        terms=f"jsonb_array_elements(CAST({query} AS jsonb)->'terms') AS t(value)",
    )


def score() -> sa.ColumnElement[int]:
    """Return the score of a row of `search_rows` for the search bound as `q`."""
    return relevance(SEARCH_ROWS.c.title, SEARCH_ROWS.c.text, SEARCH_ROWS.c.title_units, QUERY_PARAMETER)


def match_conditions(uses_index: bool) -> Iterator[sa.ColumnElement[bool]]:
    """Yield the conditions on `search_rows` for the search bound as `q`, and as `q_match` if the index is used."""
    if uses_index:
        yield in_candidates(SEARCH_ROWS.c.number, CANDIDATES_PARAMETER)
    yield matches_query(SEARCH_ROWS.c.text, QUERY_PARAMETER)


def dataset_join(dataset: Dataset) -> Iterator[sa.ColumnElement[bool]]:
    """Yield the conditions that join a dataset's rows with `search_rows`."""
    yield SEARCH_ROWS.c.dataset == sa.literal(dataset.name)
    yield SEARCH_ROWS.c.row_id == dataset.table.c.id


def readings_select(number: int) -> sa.Select[Any]:
    """Select the readings of so many rows of one dataset, bound as `dataset`, `id0`, `id1`, …"""
    row_ids = [sa.bindparam(f"id{n}", type_=sa.Text()) for n in range(number)]
    condition = sa.and_(
        SEARCH_ROWS.c.dataset == sa.bindparam("dataset", type_=sa.Text()), SEARCH_ROWS.c.row_id.in_(row_ids)
    )
    return sa.select(SEARCH_ROWS.c.row_id, SEARCH_ROWS.c.names).where(condition)


def dataset_token(dataset: str) -> str:
    """Return the token that every row of a dataset has. A word may be equal to it, so it only finds candidates."""
    return f"dataset{dataset.replace('-', '')}"


def add_rows(connection: sa.Connection, rows: Sequence[dict[str, Any]], tokens: Sequence[Iterable[str]]) -> None:
    """Add canonical texts (the columns of `search_rows` without the number) and their tokens to the index."""
    last = connection.execute(sa.select(sa.func.max(SEARCH_ROWS.c.number))).scalar() or 0
    insert = sa.text(INSERT_TOKENS_SQL[connection.dialect.name])
    numbered = [{"number": number, **row} for number, row in enumerate(rows, start=last + 1)]
    for start in range(0, len(rows), BATCH_SIZE):
        batch = numbered[start : start + BATCH_SIZE]
        connection.execute(sa.insert(SEARCH_ROWS), batch)
        connection.execute(
            insert,
            [
                {"number": row["number"], "tokens": " ".join((*row_tokens, dataset_token(row["dataset"])))}
                for row, row_tokens in zip(batch, tokens[start : start + BATCH_SIZE], strict=True)
            ],
        )


def remove_rows(connection: sa.Connection, dataset: str, row_ids: Sequence[str]) -> None:
    """Remove rows from the index."""
    delete = sa.text(f"DELETE FROM {INDEX_TABLE} WHERE rowid = :number")
    for start in range(0, len(row_ids), BATCH_SIZE):
        condition = sa.and_(
            SEARCH_ROWS.c.dataset == dataset, SEARCH_ROWS.c.row_id.in_(row_ids[start : start + BATCH_SIZE])
        )
        numbers = connection.execute(sa.select(SEARCH_ROWS.c.number).where(condition)).scalars().all()
        if numbers:
            connection.execute(delete, [{"number": number} for number in numbers])
            connection.execute(sa.delete(SEARCH_ROWS).where(condition))
