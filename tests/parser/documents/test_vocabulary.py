"""Every row of the vocabulary is tested by its own example."""

import re

import pytest

from app.parser.documents import vocabulary
from app.parser.documents.quantities import find_quantities
from app.parser.documents.units import UNITS, UnitRow
from app.parser.documents.vocabulary import ComparatorWord, WordRow
from tests.support.sentences import commitments

COMPARATORS = (*vocabulary.FIGURE_PREFIXES, *vocabulary.FIGURE_SUFFIXES)
SETTING_ROWS = (
    *vocabulary.HAN_COUNT_VERBS,
    *vocabulary.RATE_WORDS,
    *vocabulary.PAYMENT_WORDS,
    *vocabulary.DUTY_VERBS,
    *vocabulary.DUTY_VERBS_AFTER,
    *vocabulary.TERM_WORDS,
)
TELLING_ROWS = (
    *vocabulary.BACKGROUND_WORDS_BEFORE,
    *vocabulary.PAST_WORDS,
    *vocabulary.COMPARISON_WORDS,
    *vocabulary.NAMES_AFTER_PERIODS,
)


def of_example(row: object) -> str:
    return str(getattr(row, "example", row))


@pytest.mark.parametrize("word", COMPARATORS, ids=of_example)
def test_a_comparator_word_is_read_as_its_table_says(word: ComparatorWord) -> None:
    assert re.search(word.word, word.example)
    (found,) = find_quantities(word.example)
    assert found.comparator == (word.comparator or "eq")
    assert ("excluded" in (found.note or "")) == word.excluded


@pytest.mark.parametrize("row", UNITS, ids=of_example)
def test_a_unit_is_read_as_its_table_says(row: UnitRow) -> None:
    (found,) = find_quantities(row.example)
    words = "个" if row.words.startswith("大") else row.words
    assert any(re.match(rf"[百千万亿]*(?:{word})", f"{found.unit}以上") for word in words.split())


@pytest.mark.parametrize("row", SETTING_ROWS, ids=of_example)
def test_a_word_that_sets_something_makes_a_commitment(row: WordRow) -> None:
    assert any(re.search(word, row.example) for word in row.words.split())
    assert len(find_quantities(row.example)) == 1


@pytest.mark.parametrize("row", vocabulary.RATE_WORDS, ids=of_example)
def test_a_word_of_rates_makes_a_rate(row: WordRow) -> None:
    assert [found.kind for found in find_quantities(row.example)] == ["rate"]


@pytest.mark.parametrize("row", vocabulary.PAYMENT_WORDS, ids=of_example)
def test_a_word_of_payment_makes_an_amount(row: WordRow) -> None:
    assert [found.kind for found in find_quantities(row.example)] == ["amount"]


@pytest.mark.parametrize("row", TELLING_ROWS, ids=of_example)
def test_a_word_that_tells_makes_none(row: WordRow) -> None:
    assert any(re.search(word, row.example) for word in row.words.split())
    assert find_quantities(row.example) == []


@pytest.mark.parametrize("row", vocabulary.MODAL_WORDS, ids=of_example)
def test_a_word_of_duty_is_needed_in_a_reply(row: WordRow) -> None:
    assert any(re.search(word, row.example) for word in row.words.split())
    assert len(find_quantities(row.example, strict=True)) == 1


def test_without_a_word_of_duty_a_reply_sets_nothing() -> None:
    assert find_quantities("完成改造30个", strict=True) == []


@pytest.mark.parametrize("word", ["力争", "争取", "努力", "力求", "原则上", "拟", "预计", "计划", "鼓励"])
def test_a_word_of_certainty_makes_a_commitment_to_strive(word: str) -> None:
    (found,) = commitments(f"2024年底前{word}完成整治30个。")
    assert found["certainty"] == "strive"
