"""Parse the parameters that page, sort and trim a response."""

import re
from functools import lru_cache

from app.errors import did_you_mean
from app.model.dataset import SOURCE_MEMBERS, Dataset, FieldSpec, ViewOption
from app.model.values import BadValue, clip, parse_date, parse_integer

FILTER_LANGUAGE = "cql2-text"
EXPANSIONS = ("names",)
"""What rows of JSON may have in addition: the names of what they refer to."""
DEFAULT_LIMIT = 50
MAX_LIMIT = 1000
Sort = tuple[tuple[str, bool], ...]
SORT_KEY_WITH_DIRECTION = re.compile(
    r"[ +]?(?P<name>\w+)(?:[ .:+]+(?P<direction>asc|desc|ascending|descending)(?:[ .]nulls(?:first|last))?)?",
    re.IGNORECASE,
)
SCORE_KEY = "score"
"""The sort key that a query with `q` has in addition to the fields."""


def parse_view_option(option: ViewOption, text: str) -> str:
    """Parse the value of an as-of view's option. Raises BadValue."""
    return parse_choice(text, option.enum) if option.enum else parse_date(text)


@lru_cache(maxsize=1024)
def parse_sort(dataset: Dataset, text: str, max_keys: int, extra_keys: tuple[str, ...] = ()) -> Sort:
    """Parse sort keys into (field, descending) pairs; the last one is the id. Raises BadValue."""
    sortable = [*(spec.name for spec in dataset.fields if spec.sortable), *extra_keys]
    keys: list[tuple[str, bool]] = []
    for word in text.split(",") if text else ():
        name = word.removeprefix("-")
        if name not in sortable:
            raise BadValue(f"'{clip(name)}' is not a sort key.{_sort_hint(word, sortable)}", tuple(sortable))
        if name in (key for key, _ in keys):
            raise BadValue(f"names '{name}' twice")
        keys.append((name, word.startswith("-")))
    if not keys:
        raise BadValue("is empty; name at least one field", tuple(sortable))
    if len(keys) > max_keys:
        raise BadValue(f"has {len(keys)} keys; at most {max_keys} are allowed")
    return tuple(keys) if any(name == "id" for name, _ in keys) else (*keys, ("id", False))


def _sort_hint(word: str, sortable: list[str]) -> str:
    """Return how a sort key of another service is written here: `year desc`, `year:desc` and `+year`."""
    if word == SCORE_KEY or word == f"-{SCORE_KEY}":
        return " It is one together with 'q'."
    if word.lower() in ("asc", "desc"):
        return f" A - before a field descends, as in sort=-{sortable[0]}."
    match = SORT_KEY_WITH_DIRECTION.fullmatch(word)
    if match and match["name"] in sortable:
        descends = match["direction"] and not match["direction"].lower().startswith("asc")
        return f" Did you mean '{'-' if descends else ''}{match['name']}'?"
    return did_you_mean(word.removeprefix("-"), sortable)


def parse_limit(text: str, maximum: int | None) -> int:
    """Parse the number of rows to return. Raises BadValue unless it is from 0 to the maximum."""
    number = parse_integer(text)
    if number < 0 or (maximum is not None and number > maximum):
        raise BadValue(f"must be from 0 to {maximum}" if maximum else "must be 0 or more")
    return number


def parse_page_limit(text: str) -> int:
    """Parse the number of rows of a page. Raises BadValue."""
    return parse_limit(text, MAX_LIMIT)


def parse_offset(text: str, maximum: int | None = None) -> int:
    """Parse the number of rows to skip. Raises BadValue unless it is from 0 to the maximum."""
    number = parse_integer(text)
    if number < 0:
        raise BadValue("must be 0 or more")
    if maximum is not None and number > maximum:
        raise BadValue(f"must be from 0 to {maximum}; to go further, follow `links.next`, which has a 'cursor'")
    return number


def parse_filter_language(text: str) -> str:
    """Parse the language of `filter` (OGC API – Features, Part 3). Raises BadValue unless it is the one there is."""
    return parse_choice(text, (FILTER_LANGUAGE,))


def parse_expand(text: str) -> str:
    """Parse what the rows have in addition. Raises BadValue."""
    return parse_choice(text, EXPANSIONS)


def parse_choice(text: str, allowed: tuple[str, ...]) -> str:
    """Return the text if it is one of the allowed values. Raises BadValue otherwise."""
    if text not in allowed:
        raise BadValue(f"'{clip(text)}' is not allowed.{did_you_mean(text, allowed)}", allowed)
    return text


@lru_cache(maxsize=1024)
def parse_fields(dataset: Dataset, text: str, extra_fields: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Parse the names of the fields to return, in the given order; dotted names reach into `source` and `printed`.

    Raises BadValue.
    """
    inner = [*(f"source.{name}" for name in SOURCE_MEMBERS), *(f"printed.{name}" for name in dataset.printed_fields)]
    known = [*dataset.members, *extra_fields, *inner]
    words = text.split(",") if text else []
    for word in words:
        if word not in known:
            raise BadValue(
                f"'{clip(word)}' is not a field of {dataset.name}.{did_you_mean(word, known)}", dataset.members
            )
    if not words:
        raise BadValue("is empty; name at least one field", dataset.members)
    return tuple(dict.fromkeys(words))


def key_types(dataset: Dataset, sort: Sort) -> list[type]:
    """Return the Python types in which the databases return the sort keys."""
    specs = (dataset.fields_by_name.get(name) for name, _ in sort)
    return [_key_type(spec, name) for spec, (name, _) in zip(specs, sort, strict=True)]


def _key_type(spec: FieldSpec | None, name: str) -> type:
    if spec is None:
        return int if name in ("row_line", SCORE_KEY) else str
    return int if spec.kind in ("integer", "number", "boolean") else str
