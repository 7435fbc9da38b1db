"""`read_ask` with a memory: most of what a question means is decided by its parameters' names.

Applications ask the same question again and again with other values. What does not depend on those
values (sort keys, members, checks of names and numbers) is read once for each *shape*, by `read_ask`
itself, and kept as a template; a later question of the shape only has its values read. Whatever does
not fit its template goes the whole way and gets its problem there: nothing is refused here.
"""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from app.model.dataset import Dataset
from app.model.values import BadValue, Stored, value_reader
from app.query.params.controls import key_types, read_offset, read_page_limit
from app.query.params.cursor import BadCursor, decode, purpose
from app.query.params.dataset_query import PAGE, Ask, Condition, known_filter, lower_ascii, read_ask
from app.query.params.query_string import Pairs
from app.settings import Settings

MOST_TEMPLATES = 1000
ONE_VALUE = ("eq", "ne", "gt", "gte", "lt", "lte", "has", "contains", "startswith")
FOLDED = ("contains", "startswith")
VARYING = ("limit", "offset", "cursor")
"""Controls whose values are no part of a shape."""
NEVER = ("q", "filter")
"""Controls whose values are questions of their own: such a question leaves no template."""


@dataclass(frozen=True, slots=True)
class Part:
    """One condition: what reads its value at a place of the query string, or what it always is."""

    at: int
    condition: Condition
    read: Callable[[str], Stored] | None

    def fill(self, pairs: Pairs) -> Condition:
        """The condition of these values; raises BadValue."""
        if self.read is None:
            return self.condition
        return Condition(self.condition.field, self.condition.op, (self.read(pairs[self.at][1]),))


@dataclass(frozen=True, slots=True)
class Template:
    """A question of a shape, and where the values of another one stand."""

    ask: Ask
    parts: tuple[Part, ...]
    purpose: tuple[str, str]
    """What a cursor is made for, but for the filters."""
    choosing: tuple[int, ...]
    """Where the parameters stand that choose rows, in the order in which a cursor's purpose names them."""
    key_types: tuple[type, ...]
    limit: int | None
    offset: int | None
    cursor: int | None
    kin: int

    def fill(self, pairs: Pairs) -> Ask:
        """The question of these values; raises BadValue or BadCursor for one that does not fit."""
        ask, cursor = self.ask, None
        made_for = purpose(*self.purpose, *["=".join(pairs[at]) for at in self.choosing])
        if self.cursor is not None:
            cursor = decode(pairs[self.cursor][1], made_for, self.key_types)
        return Ask(
            conditions=tuple([part.fill(pairs) for part in self.parts]),
            sort=ask.sort,
            limit=ask.limit if self.limit is None else read_page_limit(pairs[self.limit][1]),
            offset=0 if self.offset is None else read_offset(pairs[self.offset][1]),
            cursor=cursor,
            members=ask.members,
            count=ask.count,
            options=ask.options,
            given=pairs,
            made_for=made_for,
            kin=self.kin if cursor is None else (self.kin, cursor.backward, *[part is None for part in cursor.key]),
        )


class Memo:
    """The templates of one process."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._templates: dict[tuple[str, ...], Template] = {}
        self._number = itertools.count(1)

    def read_page(self, dataset: Dataset, pairs: Pairs) -> Ask:
        """The question for a page, just as `read_ask` reads it; raises Problem (400)."""
        shape = shape_of(dataset, pairs)
        template = self._templates.get(shape)
        if template is not None:
            try:
                return template.fill(pairs)
            except (BadValue, BadCursor):
                return read_ask(dataset, pairs, PAGE, self.settings)  # which tells what is wrong
        ask = read_ask(dataset, pairs, PAGE, self.settings)
        if not any(name in NEVER for name, _ in pairs):
            if len(self._templates) >= MOST_TEMPLATES:
                self._templates.clear()
            self._templates[shape] = template_of(dataset, ask, next(self._number))
        return ask


def shape_of(dataset: Dataset, pairs: Pairs) -> tuple[str, ...]:
    """The parameters' names; those whose values decide more than one bound value have them beside."""
    shape = [dataset.name]
    for name, value in pairs:
        shape.append(name)
        if not is_bound(dataset, name):
            shape.append(value)
    return tuple(shape)


@lru_cache(maxsize=4096)
def is_bound(dataset: Dataset, name: str) -> bool:
    """Whether a parameter's value is only bound to the statement."""
    known = None if name in PAGE else known_filter(dataset, name)
    return name in VARYING or (known is not None and known[1] in ONE_VALUE)


def template_of(dataset: Dataset, ask: Ask, number: int) -> Template:
    """The template that a question leaves behind, with a number of its own."""
    names = [name for name, _ in ask.given]
    choosing = sorted((name for name in names if name not in PAGE), key=lambda name: f"{name}=")
    filters = [at for at, name in enumerate(names) if name not in PAGE and known_filter(dataset, name)]
    places = {name: names.index(name) for name in VARYING if name in names}
    return Template(
        ask=ask,
        parts=tuple(_part(dataset, names[at], at, one) for at, one in zip(filters, ask.conditions, strict=True)),
        purpose=(dataset.name, repr(ask.sort)),
        choosing=tuple(names.index(name) for name in choosing),
        key_types=tuple(key_types(dataset, ask.sort)),
        limit=places.get("limit"),
        offset=places.get("offset"),
        cursor=places.get("cursor"),
        kin=number,
    )


def _part(dataset: Dataset, name: str, at: int, condition: Condition) -> Part:
    if not is_bound(dataset, name):
        return Part(at, condition, None)
    spec = dataset.by_name[condition.field]
    return Part(at, condition, lower_ascii if condition.op in FOLDED else value_reader(spec))
