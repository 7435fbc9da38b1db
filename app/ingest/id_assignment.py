"""Which id a row gets when rows of another gazette issue bear the id that its package gives it. Pure.

A package is made from one text, which knows nothing of other issues: a plan of June names the
section 永中 again and calls it `yongzhong`, the diary of June has one more entry for 31 May and
counts it `2021-05-31.1`. Both ids may be taken. Then a slug gets `-2`, `-3` …, and what is counted
(an id that ends in `.1`) gets the next free number.

Who was loaded first keeps the plain id. By the issues' own order the ids would be the same
whatever the order of loading, but an older issue that is loaded late would change ids that are
published, which never change. Packages are loaded in the order of their issues (the bundled ones
are), and so the ids are the same on every machine.

What is the same thing is no second bearer: a document that a later issue prints again, told by its
number, else by title and day of signature, and everything that belongs to that document.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from itertools import count
from typing import NamedTuple

COUNTED = re.compile(r"(.+\.)([1-9]\d*)")
SECOND = re.compile(r"(.+)-([2-9]|[1-9]\d+)")


class Bearer(NamedTuple):
    """Who bears an id: the issue that printed the row (null for official lists), and what the row belongs to.

    Rows of two issues that belong to the same thing, a document, are the same row printed again.
    """

    issue: str | None
    thing: str


def settle(rows: Mapping[str, Bearer], held: Mapping[str, Bearer], issues: Collection[str]) -> dict[str, str]:
    """The id of each row by the id that it wants, in the package's order.

    `held` has what the database holds: of the wanted ids, of those of the package's `issues`, and
    of any other that an earlier answer named. A row that is held keeps the id that it has, which
    makes a second load of the same package change nothing.
    """

    def foreign(key: str, row: Bearer) -> bool:
        bearer = held.get(key)
        if bearer is None or bearer.thing == row.thing:
            return False
        return row.issue is not None and bearer.issue not in (None, row.issue, *issues)

    collided = [key for key, row in rows.items() if foreign(key, row)]
    if not collided and (not held or held.keys() == rows.keys()):
        return {key: key for key in rows}
    stems = {key: _stem(key, rows) for key in rows}
    given, last = _kept(rows, stems, held, {stems[key] for key in collided})
    taken = set(given.values())
    for key, row in rows.items():
        if key not in given:
            stem, after = stems[key], last.get((stems[key], row.thing), 0)
            given[key] = next(
                each
                for each in _candidates(key, stem)
                if each not in taken and not foreign(each, row) and _place(each, stem) > after
            )
            taken.add(given[key])
    return {key: given[key] for key in rows}


Chain = tuple[str, str]
"""A stem and a thing: the rows that may change ids with each other."""


def _kept(
    rows: Mapping[str, Bearer], stems: Mapping[str, str], held: Mapping[str, Bearer], collided: Collection[str]
) -> tuple[dict[str, str], dict[Chain, int]]:
    """The ids of rows that are held already, and the places in chains behind which new rows come.

    Where a stem collides, or did so before, the first row of a chain has its first id that is held,
    and so on. Elsewhere an id is its row's own: a number may be the printed one.
    """
    chains: dict[Chain, list[str]] = defaultdict(list)
    given = {}
    for key, row in rows.items():
        if row.issue is None:
            given[key] = key
        else:
            chains[stems[key], row.thing].append(key)
    own: dict[Chain, list[str]] = defaultdict(list)
    for key, bearer in held.items():
        for stem in _stems(key):
            own[stem, bearer.thing].append(key)
    gone = {chain[0] for chain, keys in chains.items() if own[chain] and _is_gone(chain[0], rows[keys[0]], held)}
    last = {}
    for (stem, thing), keys in chains.items():
        kept = own[stem, thing]
        if stem in collided or stem in gone:
            kept.sort(key=lambda key: _place(key, stem))
            given |= zip(keys, kept, strict=False)
            last[stem, thing] = _place(kept[-1], stem) if kept else int(stem in gone)
        else:
            given |= {key: key for key in keys if key in kept}
    return given, last


def _is_gone(stem: str, row: Bearer, held: Mapping[str, Bearer]) -> bool:
    """Whether the row that had a stem's plain id is gone, when others of the stem are held.

    Counts of a document's own begin where they are printed to begin.
    """
    if stem.endswith("."):
        return f"{stem}1" not in held and row.thing == row.issue
    return stem not in held


def _stem(key: str, rows: Collection[str]) -> str:
    """What the ids of a row's namesakes begin with: `2021-05-31.` of `2021-05-31.2`, `yongzhong` of `yongzhong-2`.

    A hyphen and a number mark a second bearer only beside a first: `wenzhengban-2021-28` is a name.
    """
    if match := COUNTED.fullmatch(key):
        return match[1]
    match = SECOND.fullmatch(key)
    return match[1] if match and match[1] in rows else key


def _stems(key: str) -> set[str]:
    """Every stem that an id may be of."""
    if match := COUNTED.fullmatch(key):
        return {match[1]}
    match = SECOND.fullmatch(key)
    return {key, match[1]} if match else {key}


def _place(key: str, stem: str) -> int:
    """Where an id stands among those of its stem, the plain one first."""
    return int(key.removeprefix(stem).removeprefix("-") or 1)


def _candidates(wanted: str, stem: str) -> Iterator[str]:
    """The ids that a row may get, the best first."""
    yield wanted
    for number in count(1 if stem.endswith(".") else 2):
        yield f"{stem}{number}" if stem.endswith(".") else f"{stem}-{number}"
