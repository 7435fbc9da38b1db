"""The parameters that page, order and cut an answer, read one by one from their text."""

from functools import lru_cache

from app.errors import nearest
from app.model.dataset import SOURCE, Dataset, FieldSpec, Option
from app.model.values import BadValue, clip, read_date, read_integer

DEFAULT_LIMIT = 50
MAX_LIMIT = 1000
Sort = tuple[tuple[str, bool], ...]
SCORE = "score"
"""The sort key that a question with `q` has beside the fields."""


def read_option(option: Option, text: str) -> str:
    """The value of a perspective's option; raises BadValue."""
    return read_choice(text, option.enum) if option.enum else read_date(text)


@lru_cache(maxsize=1024)
def read_sort(dataset: Dataset, text: str, most: int, more: tuple[str, ...] = ()) -> Sort:
    """The sort keys as (field, descending), ended by the id; raises BadValue."""
    sortable = [*(spec.name for spec in dataset.fields if spec.sortable), *more]
    keys: list[tuple[str, bool]] = []
    for word in text.split(",") if text else ():
        name = word.removeprefix("-")
        if name not in sortable:
            raise BadValue(f"'{clip(name)}' is no sort key.{nearest(name, sortable)}", tuple(sortable))
        if name in (key for key, _ in keys):
            raise BadValue(f"names '{name}' twice")
        keys.append((name, word.startswith("-")))
    if not keys:
        raise BadValue("is empty; name at least one field", tuple(sortable))
    if len(keys) > most:
        raise BadValue(f"has {len(keys)} keys; at most {most} are allowed")
    return tuple(keys) if any(name == "id" for name, _ in keys) else (*keys, ("id", False))


def read_limit(text: str, most: int | None) -> int:
    """The number of rows wanted; raises BadValue outside 1…most."""
    number = read_integer(text)
    if number < 1 or (most is not None and number > most):
        raise BadValue(f"must be from 1 to {most}" if most else "must be at least 1")
    return number


def read_page_limit(text: str) -> int:
    """The number of rows of a page; raises BadValue."""
    return read_limit(text, MAX_LIMIT)


def read_offset(text: str) -> int:
    """The number of rows to leave out; raises BadValue below 0."""
    number = read_integer(text)
    if number < 0:
        raise BadValue("must be 0 or more")
    return number


def read_choice(text: str, allowed: tuple[str, ...]) -> str:
    """One of a few words; raises BadValue."""
    if text not in allowed:
        raise BadValue(f"'{clip(text)}' is not allowed.{nearest(text, allowed)}", allowed)
    return text


@lru_cache(maxsize=1024)
def read_fields(dataset: Dataset, text: str, more: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The members wanted, in the order named; dotted names reach into `source` and `printed`. Raises BadValue."""
    inner = [*(f"source.{name}" for name in SOURCE), *(f"printed.{name}" for name in dataset.printed)]
    known = [*dataset.members, *more, *inner]
    words = text.split(",") if text else []
    for word in words:
        if word not in known:
            raise BadValue(f"'{clip(word)}' is no field of {dataset.name}.{nearest(word, known)}", dataset.members)
    if not words:
        raise BadValue("is empty; name at least one field", dataset.members)
    return tuple(dict.fromkeys(words))


def key_types(dataset: Dataset, sort: Sort) -> list[type]:
    """The Python types of the sort keys as the databases hand them out."""
    specs = (dataset.by_name.get(name) for name, _ in sort)
    return [_key_type(spec, name) for spec, (name, _) in zip(specs, sort, strict=True)]


def _key_type(spec: FieldSpec | None, name: str) -> type:
    if spec is None:
        return int if name in ("row_line", SCORE) else str
    return int if spec.kind in ("integer", "number", "boolean") else str
