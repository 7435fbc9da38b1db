"""Assign an id to each row of a package when rows of another gazette issue already have it. Pure functions.

A package is made from one text and does not know other issues: a plan of June names the section
永中 again and calls it `yongzhong`; the diary of June has one more entry for 31 May and numbers it
`2021-05-31.1`. Both ids may be taken. Then a slug gets `-2`, `-3` …, and a numbered id (one that
ends in `.1`) gets the next free number.

The row that was loaded first keeps the plain id. Ordering by issue would make the ids independent
of the order of loading, but an older issue that is loaded late would then change published ids,
and a published id never changes. Packages are loaded in the order of their issues (the bundled
ones are), so the ids are the same on every machine.

A row that is printed again keeps its id: a document that a later issue prints again, recognised by
its number, else by title and day of signature, and everything that belongs to that document.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from itertools import count
from typing import NamedTuple

COUNTED_ID = re.compile(r"(.+\.)([1-9]\d*)")
SUFFIXED_ID = re.compile(r"(.+)-([2-9]|[1-9]\d+)")


class RowIdentity(NamedTuple):
    """What decides whether two rows with one id are the same row.

    `issue_id` is the issue that printed the row, None for official lists. `owner` is the document that
    the row belongs to, else the issue. Rows of two issues with the same owner are one row printed again.
    """

    issue_id: str | None
    owner: str


def assign_ids(
    rows: Mapping[str, RowIdentity], stored: Mapping[str, RowIdentity], issues: Collection[str]
) -> dict[str, str]:
    """Return the assigned id of each row by its id in the package, in the package's order.

    `stored` holds the identities of stored rows: those with the package's ids, those of the package's
    `issues`, and those with an id that an earlier call returned. A stored row keeps its id, so that a
    second load of the same package changes nothing.
    """

    def is_taken(key: str, row: RowIdentity) -> bool:
        identity = stored.get(key)
        if identity is None or identity.owner == row.owner:
            return False
        return row.issue_id is not None and identity.issue_id not in (None, row.issue_id, *issues)

    collisions = [key for key, row in rows.items() if is_taken(key, row)]
    if not collisions and (not stored or stored.keys() == rows.keys()):
        return {key: key for key in rows}
    base_ids = {key: _base_id(key, rows) for key in rows}
    assigned, last_positions = _keep_existing(rows, base_ids, stored, {base_ids[key] for key in collisions})
    taken = set(assigned.values())
    for key, row in rows.items():
        if key not in assigned:
            base_id, last_position = base_ids[key], last_positions.get((base_ids[key], row.owner), 0)
            assigned[key] = next(
                candidate
                for candidate in _candidate_ids(key, base_id)
                if candidate not in taken
                and not is_taken(candidate, row)
                and _position(candidate, base_id) > last_position
            )
            taken.add(assigned[key])
    return {key: assigned[key] for key in rows}


IdSeries = tuple[str, str]
"""A base id and an owner: the rows that may take ids from each other."""


def _keep_existing(
    rows: Mapping[str, RowIdentity],
    base_ids: Mapping[str, str],
    stored: Mapping[str, RowIdentity],
    collisions: Collection[str],
) -> tuple[dict[str, str], dict[IdSeries, int]]:
    """Return the ids of rows that are stored already, and the last position taken in each series.

    Where a base id collides, or did so in an earlier load, the first row of a series gets the first
    stored id of that series, and so on. Elsewhere a row keeps its own id: its number may be printed.
    """
    series: dict[IdSeries, list[str]] = defaultdict(list)
    assigned = {}
    for key, row in rows.items():
        if row.issue_id is None:
            assigned[key] = key
        else:
            series[base_ids[key], row.owner].append(key)
    stored_series: dict[IdSeries, list[str]] = defaultdict(list)
    for key, identity in stored.items():
        for base_id in _possible_base_ids(key):
            stored_series[base_id, identity.owner].append(key)
    freed = {
        identifier[0]
        for identifier, keys in series.items()
        if stored_series[identifier] and _base_id_freed(identifier[0], rows[keys[0]], stored)
    }
    last_positions = {}
    for (base_id, owner), keys in series.items():
        existing = stored_series[base_id, owner]
        if base_id in collisions or base_id in freed:
            existing.sort(key=lambda key: _position(key, base_id))
            assigned |= zip(keys, existing, strict=False)
            last_positions[base_id, owner] = _position(existing[-1], base_id) if existing else int(base_id in freed)
        else:
            assigned |= {key: key for key in keys if key in existing}
    return assigned, last_positions


def _base_id_freed(base_id: str, row: RowIdentity, stored: Mapping[str, RowIdentity]) -> bool:
    """Tell whether the plain id is free although other ids of its series are stored.

    The numbers inside a document do not count: they start where the document starts them.
    """
    if base_id.endswith("."):
        return f"{base_id}1" not in stored and row.owner == row.issue_id
    return base_id not in stored


def _base_id(key: str, rows: Collection[str]) -> str:
    """Return what the ids of a series start with: `2021-05-31.` of `2021-05-31.2`, `yongzhong` of `yongzhong-2`.

    A hyphen and a number are a suffix only when the plain id is there too: `wenzhengban-2021-28` is a plain id.
    """
    if match := COUNTED_ID.fullmatch(key):
        return match[1]
    match = SUFFIXED_ID.fullmatch(key)
    return match[1] if match and match[1] in rows else key


def _possible_base_ids(key: str) -> set[str]:
    """Return every base id that an id may have."""
    if match := COUNTED_ID.fullmatch(key):
        return {match[1]}
    match = SUFFIXED_ID.fullmatch(key)
    return {key, match[1]} if match else {key}


def _position(key: str, base_id: str) -> int:
    """Return the position of an id in its series; the plain id has 1."""
    return int(key.removeprefix(base_id).removeprefix("-") or 1)


def _candidate_ids(package_id: str, base_id: str) -> Iterator[str]:
    """Yield the ids that a row may get, the preferred one first."""
    yield package_id
    for number in count(1 if base_id.endswith(".") else 2):
        yield f"{base_id}{number}" if base_id.endswith(".") else f"{base_id}-{number}"
