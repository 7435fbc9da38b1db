"""Cells of data packages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.datasets import DATASETS
from app.model.cells import join_list, parse_cell, parse_decimal, parse_source_cell, split_list
from app.model.values import BadValue

VALUE = DATASETS["observations"].fields_by_name["value"]
YEAR = DATASETS["issues"].fields_by_name["year"]
ANNEXES = DATASETS["documents"].fields_by_name["annexes"]
BODY = DATASETS["documents"].fields_by_name["body"]


@pytest.mark.parametrize(
    "text", ["１２", "١٢", "1_000", " 1", "1 ", "1e5", "NaN", "Infinity", "1.", "1.0000000", "1,5", "9" * 14]
)
def test_a_number_has_ascii_digits_and_at_most_six_places(text: str) -> None:
    with pytest.raises(BadValue):
        parse_cell(VALUE, text)


@pytest.mark.parametrize("text", ["１９９９", "1.0", "1_9", "9" * 30, ""])
def test_an_integer_has_ascii_digits(text: str) -> None:
    with pytest.raises(BadValue):
        parse_cell(YEAR, text)


@given(st.decimals(min_value=-9_000_000_000_000, max_value=9_000_000_000_000, places=6))
def test_decimals_keep_their_places(value: object) -> None:
    assert str(parse_decimal(f"{value:f}").as_tuple()) == str(value.as_tuple())  # type: ignore[attr-defined]


@pytest.mark.parametrize("text", ["1", "1;2;3", "2;1", "0;1", "-1;1", "a;b", "1;", "１;２", ";"])
def test_source_lines_are_the_first_and_the_last(text: str) -> None:
    with pytest.raises(BadValue, match=r"first and a last line|whole number"):
        parse_source_cell("lines", text)
    assert parse_source_cell("lines", "1;2") == [1, 2]
    assert parse_source_cell("lines", "") is None


@pytest.mark.parametrize("text", ["00", "0" * 63, "0" * 65, "G" * 64, "A" * 64, "sha256:" + "0" * 64, "０" * 64])
def test_a_digest_is_sha256_in_lower_case(text: str) -> None:
    with pytest.raises(BadValue, match="SHA-256"):
        parse_source_cell("sha256", text)
    assert parse_source_cell("sha256", "0f" * 32) == "0f" * 32


@pytest.mark.parametrize(
    "text",
    [
        '[{"number": 1.5}]',
        '[{"number": true}]',
        '[{"number": 99999999999999999999}]',
        '[{"title": 1}]',
        '[{"title": {"a": 1}}]',
        '[{"held": "yes"}]',
        '[{"titel": "a"}]',
        '[{"title": "a\\u0002"}]',
        '[{"title": "\\ud800"}]',
        '{"title": "a"}',
    ],
)
def test_objects_have_the_declared_members(text: str) -> None:
    with pytest.raises(BadValue):
        parse_cell(ANNEXES, text)


@pytest.mark.parametrize("printed", ["临政办[2023]41号", "临政办（2023）41号", "临政办【２０２３】 41 号"])
def test_a_document_number_is_stored_in_its_usual_form(printed: str) -> None:
    for dataset, name in (("documents", "document_number"), ("relations", "target_number")):
        assert parse_cell(DATASETS[dataset].fields_by_name[name], printed) == "临政办〔2023〕41号"
    contents = DATASETS["issues"].fields_by_name["contents"]
    [entry] = parse_cell(contents, f'[{{"title": "{printed}", "document_number": "{printed}", "page": 2}}]')
    assert entry == {"section": None, "title": printed, "document_number": "临政办〔2023〕41号", "page": 2}
    [entry] = parse_cell(contents, '[{"title": "目录", "page": 2}]')
    assert entry["document_number"] is None
    assert parse_cell(DATASETS["documents"].fields_by_name["title"], printed) == printed


def test_a_missing_member_is_null() -> None:
    assert parse_cell(ANNEXES, '[{"held": true, "title": "名单"}]') == [{"number": None, "title": "名单", "held": True}]


def test_running_text_is_bounded() -> None:
    assert len(parse_cell(BODY, "文" * 1_000_000)) == 1_000_000
    with pytest.raises(BadValue, match="at most 1000000"):
        parse_cell(BODY, "文" * 1_000_001)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1), max_size=5))
def test_a_list_is_read_as_it_was_written(members: list[str]) -> None:
    assert split_list(join_list(members)) == members
