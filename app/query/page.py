"""One page of rows as the database gave them: cut to its size, with the cursors to its neighbours. Pure."""

from typing import Any, NamedTuple

from app.db.reader import Rows
from app.model.dataset import Dataset
from app.model.rows import splice
from app.query.params.cursor import Cursor, Key
from app.query.params.dataset_query import Ask


class Page(NamedTuple):
    """One page of rendered rows, with the cursors to its neighbours."""

    rows: list[bytes]
    total: int | None
    revision: str
    following: Cursor | None
    preceding: Cursor | None


def row_json(dataset: Dataset, row: tuple[Any, ...]) -> bytes:
    """A row's rendered form, its computed fields filled in."""
    text: bytes = row[0]
    if dataset.perspective and dataset.perspective.computed:
        text = splice(text, {spec.name: row[1 + n] for n, spec in enumerate(dataset.perspective.computed)})
    return text


def cut(dataset: Dataset, ask: Ask, rows: Rows, total: int | None, revision: str) -> Page:
    """The page from its rows, of which one more was read than is shown, to know whether it goes on."""
    assert ask.limit is not None
    backward = ask.cursor is not None and ask.cursor.backward
    more = len(rows) > ask.limit
    shown = rows[: ask.limit]
    if backward:
        shown = shown[::-1]
    following = (bool(shown) or ask.cursor is not None) if backward else more
    preceding = more if backward else (ask.cursor is not None or ask.offset > 0)
    computed = len(dataset.perspective.computed) if dataset.perspective else 0
    fallback = ask.cursor.key if ask.cursor else None

    def key(row: tuple[Any, ...]) -> Key:
        return tuple(row[1 + computed : 1 + computed + len(ask.sort)])

    first = key(shown[0]) if shown else fallback
    last = key(shown[-1]) if shown else fallback
    return Page(
        rows=[row_json(dataset, row) for row in shown] if computed else [row[0] for row in shown],
        total=total,
        revision=revision,
        following=Cursor(last) if following and last is not None else None,
        preceding=Cursor(first, backward=True) if preceding and first is not None else None,
    )
