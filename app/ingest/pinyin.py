"""Pinyin of names, toneless, so that they are found by their sound and by their initials."""

from collections.abc import Iterator

from pypinyin import Style, lazy_pinyin

from app.query.fulltext.tokens import CHINESE

LONGEST = 8
"""The longest part of a name that is found by itself, in syllables; the whole name always is."""
SURNAMES = {
    "仇": "qiu", "任": "ren", "冼": "xian", "区": "ou", "华": "hua", "单": "shan", "员": "yun", "尉": "yu",
    "曾": "zeng", "朴": "piao", "查": "zha", "盖": "ge", "缪": "miao", "翟": "zhai", "解": "xie", "覃": "qin",
}  # fmt: skip
"""Characters that are read differently at the head of a person's name (Tongyong Guifan Hanzi Zidian)."""


def readings(name: str) -> Iterator[tuple[str, list[str]]]:
    """The Chinese parts of a name, each with one syllable a character; twice where a surname is read its own way."""
    for part in CHINESE.findall(name):
        syllables = lazy_pinyin(part, style=Style.NORMAL)
        if len(syllables) != len(part):  # what has no reading is left together
            syllables = [syllable for char in part for syllable in lazy_pinyin(char, style=Style.NORMAL)]
        yield part, syllables
        own = SURNAMES.get(part[0], syllables[0])
        if own != syllables[0]:
            yield part, [own, *syllables[1:]]


def spellings(syllables: list[str]) -> Iterator[str]:
    """How the parts of a name are typed: `ouhai`, `ouhaiqu`, `haiqu`, `oh`, `ohq`, `hq`."""
    number = len(syllables)
    for start in range(number):
        for end in range(start + 2, number + 1):
            if end - start <= LONGEST or end - start == number:
                part = syllables[start:end]
                yield "".join(part)
                yield "".join(syllable[0] for syllable in part)
