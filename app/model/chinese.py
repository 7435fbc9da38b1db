"""Traditional characters in what users type, as the simplified ones that the gazette prints."""

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
        return "".join(map(_simplify_character, text))
    return text


@lru_cache(maxsize=4096)
def _simplify_character(character: str) -> str:
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
