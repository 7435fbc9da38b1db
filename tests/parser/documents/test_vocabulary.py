"""Every comparator word of the vocabulary is tested by its own example."""

import pytest

from app.parser.documents import vocabulary
from app.parser.documents.quantities import find_quantities
from app.parser.documents.vocabulary import ComparatorWord

TABLES = (
    vocabulary.FIGURE_PREFIXES,
    vocabulary.FIGURE_SUFFIXES,
    vocabulary.AGE_PREFIXES,
    vocabulary.AGE_SUFFIXES,
    vocabulary.PERIOD_PREFIXES,
    vocabulary.PERIOD_SUFFIXES,
)


@pytest.mark.parametrize("word", [word for table in TABLES for word in table], ids=lambda word: word.example)
def test_a_comparator_word_is_read_as_its_table_says(word: ComparatorWord) -> None:
    assert word.word in word.example
    assert [quantity.comparator for quantity in find_quantities(word.example)] == [word.comparator or "eq"]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table[0].word)
def test_a_word_stands_before_its_own_beginning(table: tuple[ComparatorWord, ...]) -> None:
    words = [word.word for word in table]
    assert not [(a, b) for index, a in enumerate(words) for b in words[index + 1 :] if b.startswith(a)]
