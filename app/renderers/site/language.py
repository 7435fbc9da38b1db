"""The two languages of the pages. A text stands in both, side by side, where it is used: `text("行", "rows")`."""

from collections.abc import Callable
from typing import Literal, NamedTuple

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
DEFAULT_LANGUAGE: Language = "zh"
HTML_LANGUAGE_TAGS: dict[Language, str] = {"zh": "zh-Hans", "en": "en"}
"""The values of the `lang` attribute (BCP 47)."""
Translate = Callable[[str, str], str]
"""Takes a text in Chinese and in English, and returns the one of the page's language."""


class Text(NamedTuple):
    """A text in both languages."""

    zh: str
    en: str

    def in_language(self, language: Language) -> str:
        """Return the text in a language."""
        return self.zh if language == "zh" else self.en


def translator(language: Language) -> Translate:
    """Return the function that chooses between a Chinese and an English text."""
    return choose_chinese if language == "zh" else choose_english


def choose_chinese(zh: str, en: str) -> str:  # noqa: ARG001
    """Return the Chinese text."""
    return zh


def choose_english(zh: str, en: str) -> str:  # noqa: ARG001
    """Return the English text."""
    return en
