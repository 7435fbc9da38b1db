"""Toneless pinyin of names, so that search finds them by sound and by initials."""

from collections.abc import Iterator

from pypinyin import Style, lazy_pinyin

from app.query.fulltext.tokens import CHINESE

MAX_PART_SYLLABLES = 8
"""Syllables of the longest part of a name that is indexed; the whole name always is."""
MAX_NAME_SYLLABLES = 100
"""A longer run of Chinese characters is no name of a place or person, and has no readings."""
SURNAMES = {
    "仇": "qiu", "任": "ren", "冼": "xian", "区": "ou", "华": "hua", "单": "shan", "员": "yun", "尉": "yu",
    "曾": "zeng", "朴": "piao", "查": "zha", "盖": "ge", "缪": "miao", "翟": "zhai", "解": "xie", "覃": "qin",
}  # fmt: skip
"""Characters with another reading as a surname (Tongyong Guifan Hanzi Zidian)."""


def readings(name: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the Chinese parts of a name with one syllable a character; twice where the surname has its own reading."""
    for part in CHINESE.findall(name):
        if len(part) > MAX_NAME_SYLLABLES:
            continue
        syllables = lazy_pinyin(part, style=Style.NORMAL)
        if len(syllables) != len(part):  # characters without a reading are grouped
            syllables = [syllable for char in part for syllable in lazy_pinyin(char, style=Style.NORMAL)]
        yield part, syllables
        surname = SURNAMES.get(part[0], syllables[0])
        if surname != syllables[0]:
            yield part, [surname, *syllables[1:]]


def spellings(syllables: list[str]) -> Iterator[str]:
    """Yield the ways to type the parts of a name: `ouhai`, `ouhaiqu`, `haiqu`, `oh`, `ohq`, `hq`."""
    number = len(syllables)
    for start in range(number):
        for end in range(start + 2, number + 1):
            if end - start <= MAX_PART_SYLLABLES or end - start == number:
                part = syllables[start:end]
                yield "".join(part)
                yield "".join(syllable[0] for syllable in part)
