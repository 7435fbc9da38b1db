"""Document numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.parser.text.document_numbers import (
    CLOSING_BRACKETS,
    OPENING_BRACKETS,
    build_document_id,
    find_typed_numbers,
    mentioned_number,
    normalise_number,
    registration_number,
    usual_characters,
    usual_form,
)


@pytest.mark.parametrize(
    "printed", ["临政办〔2023〕41号", "临政办[2023] 41 号", "临政办（２０２３）41号", "临政办【2023】第41号"]
)
def test_numbers_in_any_brackets_name_one_document(printed: str) -> None:
    assert build_document_id(printed, "", None) == "linzhengban-2023-41"
    assert normalise_number(printed) == "临政办〔2023〕41号"
    assert usual_form(printed) == "临政办〔2023〕41号"


def test_an_order_is_named_after_its_issuer() -> None:
    assert build_document_id("第12号", "", "临江市人民政府") == "linjiangshirenminzhengfuling-12"


def test_a_number_in_running_text_loses_the_words_before_it() -> None:
    assert mentioned_number("应具备临政办发〔2018〕6号") == "临政办发〔2018〕6号"


def test_registration_numbers_have_no_spaces() -> None:
    assert registration_number("LJCC00 － 2023 － 0009") == "LJCC00-2023-0009"


BLANKS = st.sampled_from(["", " ", "\u3000", "  ", "\u00a0", "\u200b"])


@given(
    st.sampled_from(list(zip(OPENING_BRACKETS, CLOSING_BRACKETS, strict=True))),
    st.integers(1900, 2099),
    st.integers(1, 9999),
    st.lists(BLANKS, min_size=8, max_size=8),
    st.booleans(),
    st.sampled_from(["号", "號", ""]),
)
def test_a_number_is_the_same_in_any_bracket_and_width(
    brackets: tuple[str, str], year: int, serial: int, blanks: list[str], wide: bool, end: str
) -> None:
    figures = [str(year), str(serial)]
    if wide:
        figures = [figure.translate({ord("0") + n: chr(0xFF10 + n) for n in range(10)}) for figure in figures]
    parts = ["临政办发", brackets[0], figures[0], brackets[1], "第", figures[1], end, ""]
    typed = "".join(blank + part for blank, part in zip(blanks, parts, strict=True))
    assert usual_form(typed) == f"临政办发〔{year}〕{serial}号"


@pytest.mark.parametrize(
    ("typed", "usual"),
    [
        ("临政办2023 41号", "临政办〔2023〕41号"),
        ("临政办202341号", "临政办〔2023〕41号"),
        ("临政办202341", "临政办202341"),
        ("临政办〔2023〕041号", "临政办〔2023〕41号"),
        ("临江市人民政府令 第 １６ 号", "临江市人民政府令第16号"),
        ("第 147 号", "第147号"),
        ("ljcc00－2023—0009", "LJCC00-2023-0009"),
        ("临政办〔2023〕41号和42号", "临政办〔2023〕41号和42号"),
        ("市政府 文件", "市政府 文件"),
        ("〔2023〕", "〔2023〕"),
        ("", ""),
    ],
)
def test_only_a_whole_number_gets_the_usual_form(typed: str, usual: str) -> None:
    assert usual_form(typed) == usual
    assert usual_form(usual) == usual


def test_a_part_of_a_number_gets_the_usual_characters() -> None:
    assert usual_characters("政办（ ２０２３") == "政办〔2023"
    assert usual_characters("2023] 4") == "2023〕4"


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("临政办[2023]41号", ["临政办〔2023〕41号"]),
        ("老街 临政办 ( 2023 ) 41 号 改造", ["临政办〔2023〕41号"]),
        ("-临政办（2023）41", ["-临政办〔2023〕41号"]),
        ("临政办【2023】41号，临政发【2023】8号", ["临政办〔2023〕41号", "临政发〔2023〕8号"]),
        ("改造 [2023] 41号", ["〔2023〕41号"]),
        ("改造 2023 41号", []),
        ("关于临政办[2023]41号的通知", []),
        ("a[2023]41号", []),
    ],
)
def test_numbers_are_found_among_words(words: str, numbers: list[str]) -> None:
    assert [number for _, _, number in find_typed_numbers(words)] == numbers
