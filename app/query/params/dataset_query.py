"""Parameters in, a checked question out: the one grammar of every dataset."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple, TypeVar

from app.errors import Fault, bad_request, nearest
from app.model.dataset import Dataset, FieldSpec
from app.model.values import BadValue, Stored, clip, read_flag, read_list, read_value
from app.query.cql.filter import Filter, read_filter
from app.query.fulltext.search_expression import FullText, read_fulltext
from app.query.params.controls import (
    DEFAULT_LIMIT,
    MAX_LIMIT,
    SCORE,
    Sort,
    key_types,
    read_choice,
    read_fields,
    read_limit,
    read_offset,
    read_option,
    read_sort,
)
from app.query.params.cursor import BadCursor, Cursor, decode, purpose
from app.query.params.query_string import Pairs
from app.settings import Settings

T = TypeVar("T")
PAGE = ("q", "filter", "sort", "limit", "offset", "cursor", "fields", "count")
FEED = ("q", "filter", "sort", "limit", "cursor")
"""The parameters of a feed: an entry is always whole, and nobody counts them."""
TABLE = ("q", "filter", "sort", "limit", "offset", "fields", "count", "bom", "lang")
"""The parameters of the CSV form: no cursor, for it holds all rows."""
NARROWING = ("q", "filter")
"""The controls that choose rows, as filters do."""
HIGHLIGHTS = "highlights"
"""The member that rows of a page have with `q`."""


class Condition(NamedTuple):
    """One filter: a field, an operator and the values in their stored form."""

    field: str
    op: str
    values: tuple[Stored, ...]


@dataclass(frozen=True, slots=True)
class Ask:
    """A question that passed every check. `limit` None means all rows; `sort` ends in `id`."""

    conditions: tuple[Condition, ...] = ()
    sort: Sort = ()
    limit: int | None = None
    offset: int = 0
    cursor: Cursor | None = None
    filter: Filter | None = None
    fulltext: FullText | None = None
    members: tuple[str, ...] | None = None
    count: bool = True
    options: Mapping[str, str] = field(default_factory=dict)
    bom: bool = False
    lang: str | None = None
    given: Pairs = ()
    made_for: str = ""
    kin: Hashable = field(default=None, compare=False)
    """The same for questions of one shape, where that is known without a look at them; else None."""


def parameter_names(dataset: Dataset, controls: Iterable[str]) -> list[str]:
    """Every parameter that a dataset's collection takes."""
    names = [*controls, *(option.name for option in (dataset.perspective.options if dataset.perspective else ()))]
    for spec in dataset.fields:
        names += [spec.name] * ("eq" in spec.ops)
        names += [f"{spec.name}__{op}" for op in spec.ops]
    return names


def read_ask(
    dataset: Dataset,
    pairs: Pairs,
    controls: tuple[str, ...],
    settings: Settings,
    beside: tuple[str, ...] = (),
    order: Sort = (),
) -> Ask:
    """The question that decoded parameters put to a dataset.

    `controls` are the parameters beside filters and options (`PAGE`, `TABLE`), `beside` those that the
    caller reads itself, `order` the one without `sort` where it is not the dataset's. Raises Problem (400)
    that lists every fault, each with the nearest right name.
    """
    reader = _Reader(dataset, controls, settings, beside, order)
    for name, value in pairs:
        reader.take(name, value)
    return reader.finish(pairs)


class _Reader:
    """Collects faults while it reads one parameter after another."""

    def __init__(
        self, dataset: Dataset, controls: tuple[str, ...], settings: Settings, beside: tuple[str, ...], order: Sort
    ) -> None:
        self.dataset = dataset
        self.order = order
        self.controls = controls
        self.beside = beside
        self.settings = settings
        self.faults: list[Fault] = []
        self.conditions: list[Condition] = []
        self.options: dict[str, str] = {}
        self.values: dict[str, str] = {}

    def take(self, name: str, value: str) -> None:
        try:
            if name in self.controls:
                self.values[name] = value
            elif known := known_filter(self.dataset, name):
                self.conditions.append(read_condition(*known, value, self.settings.max_in_values))
            elif option := self.dataset.option(name):
                self.options[name] = read_option(option, value)
            elif name not in self.beside:
                self._unknown(name)
        except BadValue as error:
            self.faults.append(Fault(clip(name), str(error), error.allowed))

    def _unknown(self, name: str) -> None:
        base, mark, op = name.partition("__")
        spec = self.dataset.by_name.get(base)
        if spec is None:
            known = parameter_names(self.dataset, (*self.controls, *self.beside))
            self.faults.append(Fault(clip(name), f"is an unknown parameter.{nearest(name, known)}"))
        else:
            detail = f"'{clip(op) if mark else 'eq'}' is no operator of {base}.{nearest(op, spec.ops)}"
            allowed = tuple(base if known == "eq" else f"{base}__{known}" for known in spec.ops)
            self.faults.append(Fault(clip(name), detail, allowed))

    def finish(self, pairs: Pairs) -> Ask:
        if len(self.conditions) > self.settings.max_filters:
            self.faults.append(Fault("filters", f"at most {self.settings.max_filters} filters may be given"))
        fulltext = self._try("q", lambda text: read_fulltext(text, self.settings.max_search_alternatives))
        scored = (SCORE,) if "q" in self.values else ()
        lit = (HIGHLIGHTS,) if "q" in self.values and "cursor" in self.controls else ()
        sort = self._try("sort", lambda text: read_sort(self.dataset, text, self.settings.max_sort_keys, scored))
        narrowed = self._try("filter", lambda text: read_filter(self.dataset, text, self.settings))
        limit = self._try("limit", lambda text: read_limit(text, MAX_LIMIT if "cursor" in self.controls else None))
        offset = self._try("offset", read_offset)
        members = self._try("fields", lambda text: read_fields(self.dataset, text, lit))
        count = self._try("count", read_flag)
        bom = self._try("bom", read_flag)
        lang = self._try("lang", lambda text: read_choice(text, ("zh", "en")))
        sort = sort or self.order or (*((name, True) for name in scored), *self.dataset.default_sort)
        made_for = self._purpose(pairs, sort)
        cursor = self._try("cursor", lambda text: decode(text, made_for, key_types(self.dataset, sort)))
        if "cursor" in self.values and "offset" in self.values:
            self.faults.append(Fault("offset", "is not allowed together with 'cursor'; leave one of them out"))
        if self.faults:
            raise bad_request(self.faults)
        if limit is None and "cursor" in self.controls:
            limit = DEFAULT_LIMIT
        return Ask(
            conditions=tuple(self.conditions),
            sort=sort,
            limit=limit,
            offset=offset or 0,
            cursor=cursor,
            filter=narrowed,
            fulltext=fulltext,
            members=members,
            count=count != 0,
            options=self.options,
            bom=bool(bom),
            lang=lang,
            given=pairs,
            made_for=made_for,
        )

    def _try(self, name: str, read: Callable[[str], T]) -> T | None:
        if name not in self.values:
            return None
        try:
            return read(self.values[name])
        except BadValue as error:
            self.faults.append(Fault(name, str(error), error.allowed))
        except BadCursor as error:
            self.faults.append(Fault(name, str(error)))
        return None

    def _purpose(self, pairs: Pairs, sort: Sort) -> str:
        filters = sorted([f"{name}={value}" for name, value in pairs if name in NARROWING or name not in self.controls])
        return purpose(self.dataset.name, repr(sort), *filters)


@lru_cache(maxsize=4096)
def known_filter(dataset: Dataset, name: str) -> tuple[FieldSpec, str] | None:
    """The field and operator that a parameter's name means, if the dataset has them."""
    base, mark, op = name.partition("__")
    spec = dataset.by_name.get(base)
    if spec is None or (op or "eq") not in spec.ops or (mark and not op):
        return None
    return spec, op or "eq"


def read_condition(spec: FieldSpec, op: str, text: str, most: int) -> Condition:
    """One filter with its values in stored form; raises BadValue."""
    if op == "isnull":
        return Condition(spec.name, op, (read_flag(text),))
    if op in ("contains", "startswith"):
        return Condition(spec.name, op, (lower_ascii(text),))
    if op == "in":
        words = read_list(text)
        if len(words) > most:
            raise BadValue(f"holds {len(words)} values; at most {most} are allowed")
        return Condition(spec.name, op, tuple(dict.fromkeys(read_value(spec, word) for word in words)))
    return Condition(spec.name, op, (read_value(spec, text),))


def lower_ascii(text: str) -> str:
    """ASCII letters in lower case, all others as they are: what both databases' `lower` does."""
    return "".join(chr(ord(char) + 32) if "A" <= char <= "Z" else char for char in text)
