"""Traditional characters in what users type, as the simplified ones that the gazette prints.

The gazette prints a few traditional ones, too, mostly in names of places (横浹). What is typed is therefore looked for
in both spellings.
"""

from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opencc import OpenCC


def simplify(text: str) -> str:
    """Return a text with its traditional characters simplified: 龍灣區 becomes 龙湾区.

    Only characters outside GB 2312, the basic set of simplified Chinese, are converted, each by itself and by the
    table of OpenCC. Whatever is printed in simplified characters therefore stays as it is, 乾隆 and 著作 among them.
    """
    if text.isascii():
        return text
    try:
        text.encode("gb2312")
    except UnicodeEncodeError:
        return "".join(map(simplify_character, text))
    return text


def spellings(text: str) -> tuple[str, ...]:
    """Return a text as it was typed and, if that differs, in simplified characters."""
    simplified = simplify(text)
    return (text,) if simplified == text else (text, simplified)


@lru_cache(maxsize=4096)
def simplify_character(character: str) -> str:
    """Return a character as `simplify` has it."""
    if character < "\u3400":  # no ideograph, but perhaps outside GB 2312
        return character
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        simplified: str = _converter().convert(character)
        return simplified
    return character


@cache
def _converter() -> "OpenCC":
    """Return OpenCC's converter. It is loaded when it is first needed, for it takes some megabytes."""
    from opencc import OpenCC

    return OpenCC("t2s")
