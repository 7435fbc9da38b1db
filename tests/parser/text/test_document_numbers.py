"""Document numbers."""

import pytest

from app.parser.text.document_numbers import build_document_id, mentioned_number, normalise_number, registration_number


@pytest.mark.parametrize(
    "printed", ["临政办〔2023〕41号", "临政办[2023] 41 号", "临政办（２０２３）41号", "临政办【2023】第41号"]
)
def test_numbers_in_any_brackets_name_one_document(printed: str) -> None:
    assert build_document_id(printed, "", None) == "linzhengban-2023-41"
    assert normalise_number(printed) == "临政办〔2023〕41号"


def test_an_order_is_named_after_its_issuer() -> None:
    assert build_document_id("第12号", "", "临江市人民政府") == "linjiangshirenminzhengfuling-12"


def test_a_number_in_running_text_loses_the_words_before_it() -> None:
    assert mentioned_number("应具备临政办发〔2018〕6号") == "临政办发〔2018〕6号"


def test_registration_numbers_have_no_spaces() -> None:
    assert registration_number("LJCC00 － 2023 － 0009") == "LJCC00-2023-0009"
