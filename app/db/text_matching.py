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
def fold_table() -> dict[str, str]:
    """Full case folding, character by character: Unicode's CaseFolding.txt, statuses C and F."""
    chars = map(chr, range(LAST_CASED + 1))
    return {char: char.casefold() for char in chars if char.casefold() != char}


def fold_text(text: str | None) -> str | None:
    """A text with its case folded (Unicode's full case folding, as CQL2 has it: Straße is STRASSE)."""
    return None if text is None else text.casefold()


class folded(FunctionElement[str]):
    """A text with its case folded: `folded(column)`."""

    inherit_cache = True
    type = sa.Text()


@compiles(folded, "sqlite")
def _(element: Any, compiler: Any, **kw: Any) -> str:
    return f"{FOLD}({compiler.process(element.clauses, **kw)})"


@compiles(folded, "postgresql")
def _(element: Any, compiler: Any, **kw: Any) -> str:
    text = compiler.process(element.clauses, **kw)
    single = {char: to for char, to in fold_table().items() if len(to) == 1}
    longer = {char: to for char, to in fold_table().items() if len(to) > 1}
    folded = f"translate({text}, '{''.join(single)}', '{''.join(single.values())}')"
    whole = folded
    for char, to in longer.items():
        whole = f"replace({whole}, '{char}', '{to}')"
    # Hardly any text holds one of the hundred characters that become two: the others are spared as many passes.
    return f"CASE WHEN {text} ~ '[{''.join(longer)}]' THEN {whole} ELSE {folded} END"


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
