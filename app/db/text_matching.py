"""Match text in filters: case-sensitive LIKE and case folding, the same on both databases.

SQLite's LIKE ignores ASCII case, so GLOB is used there. Neither database folds case beyond ASCII: SQLite connections
get a function for it, and Postgres (under the "C" collation) a translation table.
"""

from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

LAST_CASED_CODE_POINT = 0x1E943
FOLD_FUNCTION = "gazette_fold"
"""The name of the SQLite function that folds case."""


@cache
def casefold_table() -> dict[str, str]:
    """Return the full case folding of each character (Unicode's CaseFolding.txt, statuses C and F)."""
    chars = map(chr, range(LAST_CASED_CODE_POINT + 1))
    return {char: char.casefold() for char in chars if char.casefold() != char}


def casefold(text: str | None) -> str | None:
    """Return a text with its case folded, by Unicode's full case folding as CQL2 requires (Straße equals STRASSE)."""
    return None if text is None else text.casefold()


class casefolded(FunctionElement[str]):
    """A text with its case folded: `casefolded(column)`."""

    inherit_cache = True
    type = sa.Text()


@compiles(casefolded, "sqlite")
def _(element: Any, compiler: Any, **kw: Any) -> str:
    return f"{FOLD_FUNCTION}({compiler.process(element.clauses, **kw)})"


@compiles(casefolded, "postgresql")
def _(element: Any, compiler: Any, **kw: Any) -> str:
    text = compiler.process(element.clauses, **kw)
    single = {char: to for char, to in casefold_table().items() if len(to) == 1}
    longer = {char: to for char, to in casefold_table().items() if len(to) > 1}
    translated = f"translate({text}, '{''.join(single)}', '{''.join(single.values())}')"
    replaced = translated
    for char, to in longer.items():
        replaced = f"replace({replaced}, '{char}', '{to}')"
    # Hardly any text has one of the hundred characters that become two; all others are spared the replacements.
    return f"CASE WHEN {text} ~ '[{''.join(longer)}]' THEN {replaced} ELSE {translated} END"


class like(FunctionElement[bool]):
    """Whether a text matches a case-sensitive pattern: `like(column, like_pattern, glob_pattern)`."""

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


def like_patterns(text: str) -> tuple[str, str]:
    r"""Return a CQL2 pattern (`%` any text, `_` any character, `\` escapes the next one) as LIKE and as GLOB."""
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
