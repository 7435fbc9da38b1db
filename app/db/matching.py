"""Matching text in filters: LIKE that heeds case, and case folding, the same on both databases.

SQLite's LIKE folds ASCII case, so there GLOB is used; it has no case folding beyond ASCII either, so
a connection gets a function for it, and Postgres, under the "C" collation, a table to translate by.
"""

from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

LAST_CASED = 0x1E943
FOLD = "gazette_fold"
"""The name of the SQLite function."""


@cache
def fold_table() -> dict[int, int]:
    """Simple case folding, one character to one: Unicode's CaseFolding.txt, statuses C and S."""
    table: dict[int, int] = {}
    for code in range(LAST_CASED + 1):
        char = chr(code)
        folded = char.casefold()
        folded = folded if len(folded) == 1 else char.lower()
        if len(folded) == 1 and folded != char:
            table[code] = ord(folded)
    return table


def fold_text(text: str | None) -> str | None:
    """A text with its case folded."""
    if text is None:
        return None
    full = text.casefold()
    # Full folding only ever makes a text longer; where it did not, it is the simple one, and much faster.
    return full if len(full) == len(text) else text.translate(fold_table())


class folded(FunctionElement[str]):
    """A text with its case folded: `folded(column)`."""

    inherit_cache = True
    type = sa.Text()


@compiles(folded, "sqlite")
def _(element: Any, compiler: Any, **kw: Any) -> str:
    return f"{FOLD}({compiler.process(element.clauses, **kw)})"


@compiles(folded, "postgresql")
def _(element: Any, compiler: Any, **kw: Any) -> str:
    table = fold_table()
    upper, lower = "".join(map(chr, table)), "".join(map(chr, table.values()))
    return f"translate({compiler.process(element.clauses, **kw)}, '{upper}', '{lower}')"


class like(FunctionElement[bool]):
    """Whether a text matches a pattern, heeding case: `like(column, like_pattern, glob_pattern)`."""

    inherit_cache = True
    type = sa.Boolean()


@compiles(like, "sqlite")
def _(element: Any, compiler: Any, **kw: Any) -> str:
    column, _, glob = element.clauses
    return f"({compiler.process(column, **kw)} GLOB {compiler.process(glob, **kw)})"


@compiles(like, "postgresql")
def _(element: Any, compiler: Any, **kw: Any) -> str:
    column, pattern, _ = element.clauses
    return f"({compiler.process(column, **kw)} LIKE {compiler.process(pattern, **kw)})"


def patterns(text: str) -> tuple[str, str]:
    r"""A CQL2 pattern (`%` any text, `_` any character, `\` takes the next one literally) as LIKE and as GLOB."""
    like_parts: list[str] = []
    glob_parts: list[str] = []
    chars = iter(text)
    for char in chars:
        if char in "%_":
            like_parts.append(char)
            glob_parts.append("*" if char == "%" else "?")
            continue
        literal = next(chars, "\\") if char == "\\" else char
        like_parts.append(f"\\{literal}" if literal in "%_\\" else literal)
        glob_parts.append(f"[{literal}]" if literal in "*?[" else literal)
    return "".join(like_parts), "".join(glob_parts)
